"""Events and plans as JSON: nothing is lost, and nothing wrong gets in."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given

from cpplan import (
    HistoryError,
    InvalidEventError,
    InvalidPlanError,
    OtherProcedureError,
    Plan,
    dumps,
    event_from_dict,
    event_to_dict,
    load,
    loads,
)
from cpplan.events import KINDS, CoreGroupHeld, Event, StepRecorded, VisitMade
from cpplan.events.parts import VisitLocation
from tests.kernel.histories import STANDARDS, START, active, day, decided, outline, visit
from tests.kernel.strategies import events


@given(events())
def test_an_event_survives_the_way_to_json_and_back(event: Event) -> None:
    data = event_to_dict(event)
    again = json.loads(json.dumps(data))
    assert again == data
    assert event_from_dict(again) == event
    assert type(event_from_dict(again)) is type(event)


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_called_as_the_kind_is(kind: str) -> None:
    assert "event" not in attrs.fields_dict(KINDS[kind])


def test_an_event_reads_as_it_would_be_written_by_hand() -> None:
    event = visit(START, location=VisitLocation.CONTACT_SESSION, time="")
    assert event_to_dict(event) == {
        "event": "visit-made",
        "on": "2026-01-05",
        "location": "contact-session",
        "agency": "childrens-social-care",
        "child_seen": True,
    }


def test_a_field_that_must_be_given_is_written_though_it_is_empty() -> None:
    event = StepRecorded(on=START, step="")
    assert event_from_dict(event_to_dict(event)) == event


def test_null_is_read_as_not_recorded() -> None:
    data = {"event": "visit-made", "on": "2026-01-05", "location": "home", "child_seen": None}
    assert event_from_dict(data) == VisitMade(on=START, location=VisitLocation.HOME)


SOUND = {"event": "visit-made", "on": "2026-01-05", "location": "home"}


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({}, ["the key 'event' is missing"]),
        (3, ["3 is not a mapping of fields to values"]),
        ({"event": ["x"]}, ["event: unknown event ['x'] (one of: "]),
        ({"event": "visit-mad"}, ["event: unknown event 'visit-mad' (did you mean visit-made?)"]),
        ({"event": "child-died"}, ["the key 'on' is missing"]),
        (SOUND | {"child_sen": True}, ["unknown key 'child_sen' (did you mean child_seen?)"]),
        (SOUND | {"child_seen": 1}, ["child_seen: 1 is not true or false"]),
        (SOUND | {"child_seen": "yes"}, ["child_seen: 'yes' is not true or false"]),
        (SOUND | {"on": "20260105"}, ["on: '20260105' is not a date, as 2026-01-31"]),
        (SOUND | {"on": "2026-02-29"}, ["on: '2026-02-29' is not a date, as 2026-01-31"]),
        (SOUND | {"on": 20260105}, ["on: 20260105 is not a date, as 2026-01-31"]),
        (SOUND | {"location": "hom"}, ["location: unknown value 'hom' (did you mean home?)"]),
        (SOUND | {"location": None}, ["location: unknown value None (one of: "]),
        (SOUND | {"present": "police"}, ["present: 'police' is not a list"]),
        (SOUND | {"present": ["polis"]}, ["present[0]: unknown value 'polis' (did you mean "]),
        (SOUND | {"time": 9}, ["time: 9 is not text"]),
        (
            {"event": "detailed-plan-agreed", "on": "2026-01-05", "plan": {"actions": [{}, 3]}},
            [
                "plan.actions[0]: the key 'what' is missing",
                "plan.actions[1]: 3 is not a mapping of keys to values",
            ],
        ),
        (
            {"event": "visit-made", "on": "x", "location": "home", "x": 1},
            ["on: 'x' is not a date", "unknown key 'x' (one of: "],
        ),
    ],
)
def test_every_mistake_in_an_event_is_told(data: Any, problems: list[str]) -> None:
    with pytest.raises(InvalidEventError) as caught:
        event_from_dict(data)
    told = caught.value.problems
    assert len(told) == len(problems)
    assert all(one.startswith(start) or start in one for one, start in zip(told, problems))  # noqa: B905
    assert str(caught.value) == "\n".join(told)


def test_a_plan_survives_the_way_to_json_and_back() -> None:
    plan = active()
    again = loads(dumps(plan), STANDARDS)
    assert again == plan
    assert (again.state, again.steps, again.counts) == (plan.state, plan.steps, plan.counts)
    assert again.obligations == plan.obligations
    assert loads(dumps(Plan(STANDARDS)), STANDARDS) == Plan(STANDARDS)


def test_text_outside_ascii_is_kept_readable() -> None:
    text = dumps(Plan.rebuild(STANDARDS, [*outline().events, CoreGroupHeld(on=day(1), id="ü")]))
    assert "ü" in text


def test_a_plan_of_another_procedure_is_refused_and_both_are_named() -> None:
    other = load("standards", values={"visit-interval": 1})
    with pytest.raises(OtherProcedureError) as caught:
        loads(dumps(active()), other)
    told = str(caught.value)
    assert STANDARDS.digest[:12] in told
    assert other.digest[:12] in told
    assert STANDARDS.edition in told
    laid = loads(dumps(active()), other, check_digest=False)
    assert laid.events == active().events
    assert laid.procedure is other


def test_a_history_that_has_no_place_in_the_procedure_is_refused() -> None:
    jersey = load("jersey")
    data = json.loads(dumps(outline()))
    data["events"].append({"event": "letter-route-agreed", "on": "2026-01-06"})
    with pytest.raises(HistoryError, match="event 3: letter-route-agreed has no rule in outline"):
        loads(json.dumps(data), jersey, check_digest=False)


def test_the_mistakes_of_all_events_of_a_plan_are_told() -> None:
    data = json.loads(dumps(active()))
    data["events"][0]["on"] = "x"
    data["events"][2] = {}
    with pytest.raises(InvalidEventError) as caught:
        loads(json.dumps(data), STANDARDS)
    assert caught.value.problems == (
        "event 1: on: 'x' is not a date, as 2026-01-31",
        "event 3: the key 'event' is missing",
    )


HEAD = {"format": "cpplan-plan/1", "procedure": {}, "events": []}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not the JSON of a plan: "),
        ("[" * 100_000, "not the JSON of a plan: "),
        ('{"events": [], "events": [1]}', "given twice: events"),
        ("[]", "a plan is an object with the keys format, procedure, events"),
        ('{"events": []}', "a plan is an object with the keys format, procedure, events"),
        (json.dumps(HEAD | {"format": 2}), "the format is 2, not 'cpplan-plan/1'"),
        (json.dumps(HEAD | {"procedure": []}), "'procedure' is [], not an object"),
        (json.dumps(HEAD | {"events": {}}), "'events' is {}, not a list"),
    ],
)
def test_text_that_is_no_plan_is_refused(text: str, told: str) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        loads(text, STANDARDS)
    assert told in str(caught.value)


def test_a_decision_read_back_is_the_one_recorded() -> None:
    assert event_from_dict(event_to_dict(decided())) == decided()
