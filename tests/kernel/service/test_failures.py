from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, text

from cpplan import load
from cpplan.service import impatient
from cpplan.store import FullError, MissingError, RetryableError, Store
from tests.kernel.histories import opened
from tests.kernel.service.asgi import Service, happened

SECRET = "the-secret-of-a-case"


@pytest.mark.parametrize(
    ("error", "status", "code", "again"),
    [
        (RetryableError(SECRET), 503, "store-busy", "1"),
        (FullError(SECRET), 503, "store-unavailable", "30"),
        (MissingError(SECRET), 503, "store-unavailable", "30"),
        (exc.ResourceClosedError(SECRET), 503, "store-unavailable", "30"),
        (exc.OperationalError(SECRET, {}, Exception(SECRET)), 503, "store-unavailable", "30"),
        (RuntimeError(SECRET), 500, "internal", None),
        (OverflowError(SECRET), 500, "internal", None),
    ],
)
def test_what_a_database_or_the_program_raises_is_told_without_what_it_says(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    code: str,
    again: str | None,
) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(service.store, "history", failing)
    monkeypatch.setattr(service.store, "append_all", failing)
    for answer in (
        service.get("/v1/plans/p1"),
        service.record("p1", happened("e1", opened()), 0, procedure="standards"),
    ):
        assert (answer.status, answer.data["code"]) == (status, code)
        assert answer.headers.get("retry-after") == again
        assert answer.headers["content-type"] == "application/problem+json"
        assert SECRET not in answer.body.decode()
        assert "Traceback" not in answer.body.decode()
    assert SECRET not in caplog.text
    assert (type(error).__name__ in caplog.text) == (code != "store-busy")


def test_a_database_that_another_holds_is_busy_and_then_answers(tmp_path: Path) -> None:
    file = tmp_path / "plans.db"
    Store.create(file).close()
    service = Service.over(impatient(Store.open(file), seconds=0))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    entry = happened("e1", opened())
    answer = service.record("p1", entry, 0, procedure="standards")
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert service.get("/health").status == 200
    other.execute("ROLLBACK")
    other.close()
    assert service.record("p1", entry, 0, procedure="standards").status == 201


def test_a_database_without_a_store_is_no_healthy_one(tmp_path: Path) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    service = Service.over(Store.open(file))
    for path in ("/health", "/v1/plans", "/v1/plans/p1"):
        answer = service.get(path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "30"), path


@pytest.mark.parametrize("seconds", [3])
def test_an_impatient_database_gives_up_in_time(tmp_path: Path, seconds: int) -> None:
    Store.create(tmp_path / "plans.db").close()
    store = impatient(Store.open(tmp_path / "plans.db"), seconds)
    with store.engine.connect() as conn:
        assert conn.execute(text("PRAGMA busy_timeout")).scalar() == seconds * 1000


def test_a_plan_whose_edition_is_not_served_is_not_readable(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.tell("p1", opened())
    other = Service.over(service.store, load("jersey"))
    answer = other.get("/v1/plans/p1")
    assert (answer.status, answer.data["code"]) == (500, "history-unreadable")
    assert "UnknownEditionError at " in caplog.text
    assert other.get("/v1/plans").status == 200


def test_a_client_that_names_no_valid_host_is_refused(service: Service) -> None:
    answer = service.ask("GET", "/health", headers={"host": "a b/c"})
    assert (answer.status, answer.data["problems"]) == (400, ["Invalid host header"])
