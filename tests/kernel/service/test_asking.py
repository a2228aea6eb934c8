"""What is asked in the wrong way is refused with every mistake and its place."""

from __future__ import annotations

from typing import Any

import pytest

from cpplan.codec import event_to_dict
from tests.kernel.histories import decided, opened
from tests.kernel.service.asgi import Service, happened

GOOD: dict[str, Any] = {
    "entry": happened("e1", opened()),
    "expected": 0,
    "procedure": "standards",
}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"expected": "0"}, "expected: '0' is not a whole number"),
        ({"expected": True}, "expected: True is not a whole number"),
        ({"expected": -1}, "not a version"),
        ({"expected": 2**31}, "not a version"),
        ({"expcted": 1}, "unknown key 'expcted'"),
        ({"entry": None}, "entry: None is not a mapping"),
        ({"entry": {}}, "the key 'entry' is missing"),
        ({"entry": {**GOOD["entry"], "recorded_on": "2026-01-01"}}, "the service fills in"),
        ({"entry": {**GOOD["entry"], "id": "a child's name"}}, "not 1 to 200 letters"),
        ({"entry": {**GOOD["entry"], "id": "e1\n"}}, "not 1 to 200 letters"),
        ({"entry": {**GOOD["entry"], "event": {"event": "nothing"}}}, "unknown event 'nothing'"),
        ({"entry": {**GOOD["entry"], "event": {"event": "child-died"}}}, "'on' is missing"),
    ],
)
def test_every_mistake_is_told_with_its_place(
    service: Service, changed: dict[str, Any], told: str
) -> None:
    answer = service.ask("POST", "/v1/plans/p1/entries", {**GOOD, **changed})
    status, code = (422, "contradictory") if told == "not a version" else (400, "malformed")
    assert (answer.status, answer.data["code"]) == (status, code)
    assert told in "\n".join(answer.data["problems"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"event": {**event_to_dict(decided()), "child_unborn": True}},
            "there can be no date_of_birth",
        ),
        ({"before": "a\0b"}, "a zero character"),
    ],
)
def test_what_is_in_order_but_cannot_be_so_is_told_apart(
    service: Service, wrong: dict[str, Any], told: str
) -> None:
    body = {**GOOD, "entry": {**GOOD["entry"], **wrong}}
    answer = service.ask("POST", "/v1/plans/p1/entries", body)
    assert (answer.status, answer.data["code"]) == (422, "contradictory")
    assert told in answer.data["problems"][0]


def test_all_mistakes_are_told_at_once(service: Service) -> None:
    entry = {"entry": "withdrawn", "id": 1, "of": 2, "y": 3}
    answer = service.ask("POST", "/v1/plans/p1/entries", {"entry": entry, "expected": "x", "z": 0})
    told = "\n".join(answer.data["problems"])
    for place in ("entry: id", "entry: of", "'why' is missing", "'y'", "expected", "'z'"):
        assert place in told


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([], "0 plans, not 1 to 50"),
        ([{**GOOD, "plan": f"p{n}"} for n in range(51)], "51 plans, not 1 to 50"),
        ([{**GOOD, "plan": "p"}, {**GOOD, "plan": "p"}], "names a plan twice"),
        ([{**GOOD, "plan": "a b"}], "plan is 'a b'"),
    ],
)
def test_several_are_some_and_each_plan_once(
    service: Service, entries: list[Any], told: str
) -> None:
    answer = service.ask("POST", "/v1/entries", {"entries": entries})
    assert answer.status == 422
    assert told in "\n".join(answer.data["problems"])


def test_a_long_team_is_refused(service: Service) -> None:
    answer = service.ask("PUT", "/v1/plans/p1/team", {"team": "x" * 101})
    assert "101 characters; 100 are enough" in answer.data["problems"][0]


def test_no_more_problems_are_told_than_anybody_reads(service: Service) -> None:
    answer = service.ask(
        "POST", "/v1/plans/p1/entries", {**GOOD, **{f"k{n}": 0 for n in range(999)}}
    )
    assert len(answer.data["problems"]) == 100


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data; boundary=x"])
def test_a_body_that_says_it_is_something_else_is_refused(service: Service, kind: str) -> None:
    headers = {"content-type": kind}
    answer = service.ask("POST", "/v1/plans/p1/entries", GOOD, headers=headers)
    assert (answer.status, answer.data["code"]) == (415, "not-json")


def test_a_body_in_words_about_its_letters_is_taken(service: Service) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert service.ask("POST", "/v1/plans/p1/entries", GOOD, headers=headers).status == 201


def test_a_body_that_is_no_json_is_told(service: Service) -> None:
    answer = service.ask("POST", "/v1/plans/p1/entries", b'{"entry"')
    assert answer.data["problems"] == ["no JSON at line 1, column 9: Expecting ':' delimiter"]


def test_no_body_is_told(service: Service) -> None:
    answer = service.ask("POST", "/v1/plans/p1/entries")
    assert (answer.status, answer.data["problems"]) == (400, ["the body is empty"])


@pytest.mark.parametrize("body", [b"x" * 300_000, [b"[" * 100_000] * 3])
def test_a_body_that_is_too_large_is_refused_in_one_part_or_many(
    service: Service, body: Any
) -> None:
    answer = service.ask("POST", "/v1/plans/p1/entries", body)
    assert (answer.status, answer.data["code"]) == (413, "too-large")


def test_a_caller_who_goes_away_leaves_nothing_behind(service: Service) -> None:
    answer = service.ask("POST", "/v1/plans/p1/entries", [])
    assert answer.status == 500
    assert service.store.head("p1").version == 0
