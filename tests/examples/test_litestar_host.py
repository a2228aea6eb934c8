"""The Litestar host: the service stands behind the host's own authentication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from cpplan import Ledger, load
from cpplan.events import InitialConferenceOpened
from cpplan.store import Store
from tests.examples.hosting import Host, free_port, hosting

ENTRIES = "/cpplan/v1/plans/{}/entries"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder, port = tmp_path_factory.mktemp("litestar_host"), free_port()
    words = ("plans.db", str(port))
    with hosting("litestar_host.py", *words, port=port, folder=folder) as found:
        yield found


@pytest.fixture(scope="module")
def sessions(host: Host) -> dict[str, str]:
    """The session of each person, as the host prints them."""
    lines = host.said.read_text(encoding="utf-8").splitlines()[:2]
    return dict(line.split(": ") for line in lines)


def opening(expected: int = 0) -> dict[str, object]:
    event = {"event": "initial-conference-opened", "on": "2026-01-05"}
    entry = {"entry": "happened", "id": "e1", "event": event}
    return {"expected": expected, "procedure": "lead-social-worker", "entry": entry}


def deciding(**more: object) -> dict[str, object]:
    event = {"event": "initial-conference-decided", "on": "2026-01-05", "plan_made": True, **more}
    return {"expected": 1, "entry": {"entry": "happened", "id": "e2", "event": event}}


@pytest.mark.parametrize("path", ["/due?on=2026-03-01", "/cpplan/v1/plans", "/cpplan/health"])
@pytest.mark.parametrize("session", ["", "guessed"])
def test_nobody_is_answered_who_has_not_signed_in(host: Host, path: str, session: str) -> None:
    status, answer = host.ask("GET", path, x_session=session)
    assert (status, answer["detail"]) == (401, "sign in first")


def test_the_service_lets_each_do_what_the_host_says(host: Host, sessions: dict[str, str]) -> None:
    path, reader, recorder = ENTRIES.format("allowed"), sessions["reader"], sessions["recorder"]
    status, answer = host.ask("POST", path, opening(), x_session=reader)
    assert (status, answer["code"]) == (403, "not-permitted")
    assert host.ask("POST", path, opening(), x_session=recorder)[0] == 201
    status, answer = host.ask("GET", "/cpplan/v1/plans/allowed", x_session=reader)
    assert (status, answer["state"]) == (200, "before-plan")


def test_the_description_says_where_the_service_is_mounted(
    host: Host, sessions: dict[str, str]
) -> None:
    status, answer = host.ask("GET", "/cpplan/openapi.json", x_session=sessions["reader"])
    assert (status, answer["servers"]) == (200, [{"url": "/cpplan"}])


def test_a_refusal_comes_through_with_every_reason(host: Host, sessions: dict[str, str]) -> None:
    path, recorder = ENTRIES.format("refused"), sessions["recorder"]
    host.ask("POST", path, opening(), x_session=recorder)
    status, answer = host.ask("POST", path, deciding(), x_session=recorder)
    assert (status, answer["code"], len(answer["reasons"])) == (409, "refused", 3)
    assert {tuple(one["cites"]) for one in answer["reasons"]} == {("lead-social-worker/para-17a",)}
    plan = host.ask("GET", "/cpplan/v1/plans/refused", x_session=recorder)[1]
    assert plan["version"] == 1


def test_a_route_of_the_hosts_own_reads_the_same_store(
    host: Host, sessions: dict[str, str]
) -> None:
    path, recorder = ENTRIES.format("owing"), sessions["recorder"]
    host.ask("POST", path, opening(), x_session=recorder)
    worker = {"name": "worker A", "qualified": True}
    whole = deciding(by="conference-chair", lead_social_worker=worker)
    assert host.ask("POST", path, whole, x_session=recorder)[0] == 201
    status, due = host.ask("GET", "/due?on=2026-03-01", x_session=sessions["reader"])
    assert status == 200
    assert "visit overdue" in due["owing"]


def test_a_plan_that_can_not_be_read_is_in_the_due_list_as_not_known(
    host: Host, sessions: dict[str, str]
) -> None:
    ledger = Ledger.opened(load("jersey"))
    opened = InitialConferenceOpened(on=dt.date(2026, 1, 5))
    entry = ledger.happened(opened, id="e1", recorded_on=opened.on)
    store = Store.open(host.said.parent / "plans.db")
    store.append("moved-here", [entry], expected=0)
    store.close()
    status, due = host.ask("GET", "/due?on=2026-03-01", x_session=sessions["reader"])
    assert status == 200
    (told,) = due["moved-here"]
    assert told.startswith("not known: ")


def test_what_it_logs_names_no_plan(host: Host, sessions: dict[str, str]) -> None:
    host.ask("GET", "/cpplan/v1/plans/secret-name", x_session=sessions["reader"])
    # It is logged once the answer is out.
    assert host.says("GET /v1/plans/{plan} 404")
    assert not host.says("secret-name", patience=0)
