"""What is recorded for several plans, and what comes in between."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from cpplan.decisions import Reason
from cpplan.store import Conflict, Head
from tests.kernel.histories import START, day, decided, opened, visit
from tests.kernel.ledgering import WELL
from tests.kernel.service.asgi import Service, happened


def both(service: Service, *entries: tuple[str, Any, int]) -> Any:
    body = {
        "entries": [
            {"plan": plan, "entry": entry, "expected": expected, "procedure": "standards"}
            for plan, entry, expected in entries
        ]
    }
    return service.ask("POST", "/v1/entries", body)


def test_one_thing_is_recorded_for_several_plans(service: Service) -> None:
    entry = happened("c1", opened())
    answer = both(service, ("b", entry, 0), ("a", entry, 0))
    assert answer.status == 201
    assert [(r["plan"], r["version"]) for r in answer.data["recorded"]] == [("b", 1), ("a", 1)]
    again = both(service, ("b", entry, 0), ("a", entry, 0))
    assert [one["repeated"] for one in again.data["recorded"]] == [True, True]


def test_if_one_plan_refuses_nothing_is_recorded_for_any(service: Service) -> None:
    entry = happened("c1", opened())
    answer = both(service, ("a", entry, 0), ("b", entry, 1), ("c", happened("c1", visit(START)), 0))
    assert answer.status == 409
    plans = [(reason["plan"], reason["code"]) for reason in answer.data["reasons"]]
    assert ("b", "version-conflict") in plans
    assert {plan for plan, _ in plans} == {"b", "c"}
    assert [one["version"] for one in answer.data["plans"]] == [0, 0, 0]
    assert service.get("/v1/plans").data["plans"] == []


def test_what_was_recorded_for_one_is_not_recorded_again_with_others(service: Service) -> None:
    entry = happened("c1", opened())
    assert both(service, ("a", entry, 0)).status == 201
    answer = both(service, ("a", entry, 0), ("b", entry, 0))
    assert answer.codes == ["recorded-in-part"]
    assert service.store.head("b").version == 0


# ------------------------------------------------------------------------------------- races


def test_the_same_request_for_several_plans_twice_at_once_gets_one_answer(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [("a", happened("c1", opened()), 0), ("b", happened("c1", opened()), 0)]
    history = service.store.history
    quicker: list[Any] = []

    def between(plan: str, **rest: Any) -> Any:
        rows = history(plan, **rest)
        if not quicker:
            monkeypatch.setattr(service.store, "history", history)
            quicker.append(both(service, *asked))
        return rows

    monkeypatch.setattr(service.store, "history", between)
    slower = both(service, *asked)
    assert [answer.status for answer in (*quicker, slower)] == [201, 201], slower.data
    again = {"recorded": [{**one, "repeated": True} for one in quicker[0].data["recorded"]]}
    assert slower.data == again
    assert [service.store.head(plan).version for plan in "ab"] == [1, 1]


def test_whoever_is_slower_is_told_where_the_plan_stands_and_all_that_is_against_it_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service.new(tmp_path, keeps_refused=True)
    service.tell("p1", opened())
    append = service.store.append_all

    def slower(additions: Any, **rest: Any) -> Any:
        monkeypatch.setattr(service.store, "append_all", append)
        quicker = service.record("p1", happened("quick", decided()), 1)
        assert quicker.status == 201
        return append(additions, **rest)

    def at_the_same_time(additions: Any, **rest: Any) -> Any:
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(slower(additions, **rest)))
        thread.start()
        thread.join()
        return found[0]

    monkeypatch.setattr(service.store, "append_all", at_the_same_time)
    answer = service.record("p1", happened("slow", decided()), 1)
    assert (answer.status, answer.data["code"]) == (409, "version-conflict")
    assert answer.data["reasons"][0]["plan"] == "p1"
    assert answer.data["plans"][0]["version"] == 2
    assert len(answer.codes) > 1, "nothing but the version"
    (attempt,) = service.store.refused("p1")
    assert (attempt.draft.entry_id, [one.code for one in attempt.reasons]) == ("slow", answer.codes)
    service.store.close()


def test_whoever_is_overtaken_by_the_same_request_is_answered_as_the_first_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.tell("p1", *WELL)
    stands = len(WELL)
    append, first = service.store.append_all, []
    entry = happened("same", visit(day(60)))

    def overtaken(additions: Any, **rest: Any) -> Any:
        monkeypatch.setattr(service.store, "append_all", append)
        between = service.record("p1", happened("other", visit(day(50))), stands)
        assert between.status == 201
        first.append(service.record("p1", entry, stands + 1))
        return append(additions, **rest)

    monkeypatch.setattr(service.store, "append_all", overtaken)
    second = service.record("p1", entry, stands)
    assert [answer.status for answer in (*first, second)] == [201, 201]
    assert second.data == {**first[0].data, "repeated": True}


def test_a_conflict_over_several_plans_says_of_which_in_its_sentence(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = Reason("version-conflict", "Plan 'a' stands at version 1, not 0.")
    conflict = Conflict((reason,), (Head("a", 1, "x"), Head("b", 0, "")))
    monkeypatch.setattr(service.store, "append_all", lambda _: conflict)
    entry = happened("c1", opened())
    answer = both(service, ("a", entry, 0), ("b", entry, 0))
    assert answer.data["reasons"] == [{"plan": "", "code": "version-conflict", "says": reason.says}]
    assert [one["version"] for one in answer.data["plans"]] == [1, 0]
