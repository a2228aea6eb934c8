from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from cpplan.service import Caller, Tokens, create_app, line_for
from cpplan.service.door import Door
from cpplan.service.reading_routes import READING
from cpplan.service.recording_routes import RECORDING
from tests.kernel.histories import opened
from tests.kernel.service.asgi import BOTH, Service, asked, happened, opening_changes

TOKEN = "t" * 40


def paths() -> list[str]:
    return sorted({path for route in (*READING, *RECORDING) for path in route.paths})


def test_health_alone_needs_no_caller(tmp_path: Path) -> None:
    service = Service.new(tmp_path, guard=lambda _: None)
    assert service.get("/health").data == {"status": "ok"}
    assert len(paths()) > 10
    for path in [*paths(), "/", "/nothing-here", "/health/"]:
        if path != "/health":
            answer = service.get(path)
            assert (answer.status, answer.data["code"]) == (401, "not-known"), path
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "POST", "DELETE"])
def test_health_is_told_to_a_stranger_and_nothing_else_done(tmp_path: Path, method: str) -> None:
    service = Service.new(tmp_path, guard=lambda _: None)
    assert service.ask(method, "/health").status == 401


@pytest.mark.parametrize(
    "path", ["//v1/plans/p1", "/v1//plans/p1", "/v1/plans//entries", "/v1/plans/p1//", "//health"]
)
def test_an_address_with_an_empty_part_is_none(service: Service, path: str) -> None:
    service.tell("p1", opened())
    service.tell("entries", opened())
    answer = service.get(path)
    assert (answer.status, answer.data["code"]) == (404, "not-found")
    assert answer.headers["cache-control"] == "no-store"


def test_below_a_path_it_is_asked_and_described_there(tmp_path: Path) -> None:
    service = Service.new(tmp_path)
    service.tell("p1", opened())
    for path in ("/cp/v1/plans/p1", "/v1/plans/p1"):  # some servers take the path away, some don't
        assert service.ask("GET", path, below="/cp").data["plan"] == "p1"
    assert service.ask("GET", "/cpx/v1/plans/p1", below="/cp").status == 404
    assert service.ask("GET", "/cp//v1/plans/p1", below="/cp").status == 404
    here, below = (
        service.ask("GET", f"{base}/openapi.json", below=base).data for base in ("", "/cp")
    )
    assert (here["servers"], below["servers"]) == ([{"url": "/"}], [{"url": "/cp"}])
    assert {**below, "servers": here["servers"]} == here
    stranger = Service.over(service.store, guard=lambda _: None)
    assert stranger.ask("GET", "/cp/health", below="/cp").status == 200
    assert stranger.ask("GET", "/cp/v1/plans", below="/cp").status == 401


def test_a_bearer_of_a_token_is_let_in(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.touch(0o600)
    file.write_text(line_for(TOKEN, Caller("reader", ["read"])))
    service = Service.new(tmp_path, guard=Tokens.read(file))
    let_in = {"authorization": f"Bearer {TOKEN}"}
    assert service.ask("GET", "/v1/plans", headers=let_in).status == 200
    assert service.ask("GET", "/v1/plans", query=f"token={TOKEN}").status == 401


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_reader_may_not_write(tmp_path: Path, method: str) -> None:
    service = Service.new(tmp_path, guard=lambda _: Caller("reader", ["read"]))
    path = "/v1/plans/p1/entries" if method == "POST" else "/v1/plans/p1/team"
    answer = service.ask(method, path, {})
    assert (answer.status, answer.data["code"]) == (403, "not-permitted")
    assert service.ask("POST", "/v1/entries", {}).status == 403


def test_a_reader_may_ask_why_not(tmp_path: Path) -> None:
    service = Service.new(tmp_path, guard=lambda _: Caller("reader", ["read"]))
    question = {"entry": happened("e1", opened()), "procedure": "standards"}
    assert service.ask("POST", "/v1/plans/p1/why-not", question).data == {
        "accepted": True,
        "consequences": opening_changes(),
    }


def test_a_writer_may_not_read(tmp_path: Path) -> None:
    service = Service.new(tmp_path, guard=lambda _: Caller("writer", ["write"]))
    assert service.get("/v1/plans").status == 403
    assert service.get("/openapi.json").status == 403
    assert service.tell("p1", opened()).status == 201


def test_every_answer_bears_the_safe_headers_once(service: Service) -> None:
    for answer in (service.get("/health"), service.get("/nothing"), service.get("/openapi.json")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in answer.headers


def test_a_failing_guard_lets_nobody_in_and_tells_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: object) -> Caller:
        raise RuntimeError("the secret of the guard")

    answer = Service.new(tmp_path, guard=failing).get("/v1/plans")
    assert (answer.status, answer.data["code"]) == (500, "internal")
    assert "secret" not in answer.body.decode() + caplog.text
    assert "RuntimeError at test_door.py:" in caplog.text


def test_what_fails_after_the_answer_began_is_not_answered_again() -> None:
    async def failing(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late")

    answer = asyncio.run(asked(Door(failing, lambda _: BOTH), "GET", "/"))
    assert (answer.status, answer.body) == (200, b"")


def test_the_log_names_callers_and_kinds_of_address_and_no_plan(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service.tell("a-childs-number", opened())
    service.get("/v1/plans/a-childs-number", "known_on=1999-01-01")
    service.get("/nowhere/a-childs-number")
    assert [
        record.getMessage() for record in caplog.records if record.name == "cpplan.service"
    ] == [
        "a-system POST /v1/plans/{plan}/entries 201",
        "a-system GET /v1/plans/{plan} 404",
        "a-system GET - 404",
    ]
    assert "childs" not in caplog.text


def test_a_websocket_is_closed_at_once(service: Service) -> None:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read of it")

    asyncio.run(service.app({"type": "websocket", "path": "/"}, receive, send))
    assert said == [{"type": "websocket.close", "code": 1008}]


def test_the_life_of_the_server_is_passed_on(service: Service) -> None:
    told = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    said: list[str] = []

    async def receive() -> Any:
        return told.pop(0)

    async def send(message: Any) -> None:
        said.append(message["type"])

    asyncio.run(service.app({"type": "lifespan"}, receive, send))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_without_a_procedure_there_is_no_service(service: Service) -> None:
    with pytest.raises(ValueError, match="at least one procedure"):
        create_app(service.store, [], lambda _: BOTH, lambda: None)  # type: ignore[arg-type,return-value]
