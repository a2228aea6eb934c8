"""What somebody who may write and not read learns: what came of the own entry, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpplan.service import Caller
from tests.kernel.histories import STANDARDS, day, opened, visit
from tests.kernel.ledgering import WELL
from tests.kernel.service.asgi import Service, happened, withdrawn


@pytest.fixture
def begun(service: Service) -> Service:
    """A service for whoever may do everything, with a plan that goes well."""
    service.tell("p1", *WELL)
    return service


@pytest.fixture
def writing(begun: Service) -> Service:
    """The same plans, for whoever may only write."""
    return Service.over(begun.store, guard=lambda _: Caller("writer", ["write"]))


def words(answer: Any) -> set[str]:
    """Return the keys and texts of an answer, however deep."""
    if isinstance(answer, dict):
        return set(answer).union(*map(words, answer.values()))
    if isinstance(answer, list):
        return set().union(*map(words, answer))
    return {str(answer)}


def test_what_was_recorded_is_answered_without_what_it_amounts_to(
    begun: Service, writing: Service
) -> None:
    entry = happened("v", visit(day(20)))
    told = writing.record("p1", entry, len(WELL))
    assert told.status == 201
    again = begun.record("p1", entry, len(WELL)).data
    assert {**again, "repeated": False} == {
        **told.data,
        "state": again["state"],
        "consequences": again["consequences"],
    }
    assert set(told.data) <= {"plan", "version", "hash", "entry", "repeated", "omissions"}
    assert set(writing.record("p1", entry, len(WELL)).data) == set(told.data)


def test_on_another_version_the_version_alone_is_told(writing: Service) -> None:
    answer = writing.record("p1", happened("v", visit(day(20))), 0)
    assert (answer.status, answer.codes) == (409, ["version-conflict"])
    assert answer.data["plans"] == [{"plan": "p1", "version": len(WELL)}]
    assert writing.store.head("p1").hash not in answer.body.decode()


def test_a_refusal_holds_nothing_of_later_entries_and_what_reads_is_told_all(
    begun: Service, writing: Service
) -> None:
    entry = withdrawn("w", "e2")
    told, all_of_it = (one.record("p1", entry, len(WELL)) for one in (writing, begun))
    assert told.codes == all_of_it.codes == ["consequences-not-accepted"]
    assert told.data["plans"] == [{"plan": "p1", "version": len(WELL)}]
    later = {"e3", WELL[2].kind, str(WELL[2].on), "active", "accept", "consequences"}
    assert later & words(told.data) == set()
    assert later <= words(all_of_it.data)


def test_what_a_reader_accepted_a_writer_may_record(begun: Service, writing: Service) -> None:
    entry = withdrawn("w", "e2")
    accept = begun.record("p1", entry, len(WELL)).data["plans"][0]["accept"]
    assert writing.record("p1", entry, len(WELL), accepting=accept).status == 201


def test_for_several_plans_too_no_more_is_told(writing: Service) -> None:
    entries = [
        {"plan": "p1", "entry": withdrawn("w", "e2"), "expected": len(WELL)},
        {"plan": "p2", "entry": happened("o", opened()), "expected": 0},
    ]
    entries[1]["procedure"] = STANDARDS.name
    refused = writing.ask("POST", "/v1/entries", {"entries": entries})
    assert refused.status == 409
    assert refused.data["plans"] == [
        {"plan": "p1", "version": len(WELL)},
        {"plan": "p2", "version": 0},
    ]
    stored = writing.ask("POST", "/v1/entries", {"entries": entries[1:]})
    assert stored.status == 201
    assert {"state", "consequences"} & words(json.loads(stored.body)) == set()
