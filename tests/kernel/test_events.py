"""What no event can say: dates that can't be, figures that are none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cpplan.codec import InvalidEventError, event_from_dict
from cpplan.events import (
    ChildBorn,
    ChildDied,
    ChildLeftJurisdiction,
    CoreGroupHeld,
    DateOfBirthRecorded,
    InitialConferenceDecided,
    ReviewDateChanged,
    VisitIntervalChanged,
)

DAY = dt.date(2026, 1, 5)
NEXT = dt.date(2026, 1, 6)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (ChildDied, {"date_of_death": NEXT}),
        (ChildLeftJurisdiction, {"left_on": NEXT}),
        (ChildBorn, {"date_of_birth": NEXT}),
        (DateOfBirthRecorded, {"date_of_birth": NEXT}),
        (InitialConferenceDecided, {"plan_made": True, "date_of_birth": NEXT}),
    ],
)
def test_what_lies_in_the_past_can_not_lie_after_its_event(
    kind: Any, fields: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="after the event of 2026-01-05"):
        kind(on=DAY, **fields)
    day = {name: DAY if value == NEXT else value for name, value in fields.items()}
    assert kind(on=DAY, **day).on == DAY


def test_a_review_is_not_moved_into_the_past() -> None:
    with pytest.raises(ValueError, match="before the event of 2026-01-06"):
        ReviewDateChanged(on=NEXT, new_date=DAY, earlier=True)
    assert ReviewDateChanged(on=DAY, new_date=DAY, earlier=True).new_date == DAY


def test_an_unborn_child_has_no_date_of_birth() -> None:
    with pytest.raises(ValueError, match="no date_of_birth"):
        InitialConferenceDecided(on=DAY, plan_made=True, child_unborn=True, date_of_birth=DAY)


@pytest.mark.parametrize("interval", [0, -5, 2**53, 10**20, 1.5, True, "5"])
def test_an_interval_is_a_whole_number_from_one_that_any_json_keeps(interval: Any) -> None:
    with pytest.raises(
        ValueError, match=r"visit_interval is .*, not a whole number from 1 to 9007"
    ):
        CoreGroupHeld(on=DAY, visit_interval=interval)
    with pytest.raises(ValueError, match="visit_interval"):
        VisitIntervalChanged(on=DAY, visit_interval=interval, decided_by="core-group")  # type: ignore[arg-type]


@pytest.mark.parametrize("on", ["2026-01-05", dt.datetime(2026, 1, 5), None])
def test_the_day_of_an_event_is_a_date_and_nothing_else(on: Any) -> None:
    with pytest.raises(ValueError, match="not a date"):
        ChildDied(on=on)


def test_data_that_no_event_can_say_is_told_as_a_problem() -> None:
    data = {"event": "child-died", "on": "2026-01-05", "date_of_death": "2026-01-06"}
    with pytest.raises(InvalidEventError, match="after the event of 2026-01-05"):
        event_from_dict(data)


def test_a_death_and_a_departure_take_effect_on_their_own_day() -> None:
    assert ChildDied(on=NEXT, date_of_death=DAY).in_effect_on == DAY
    assert ChildLeftJurisdiction(on=NEXT, left_on=DAY).in_effect_on == DAY
    assert CoreGroupHeld(on=NEXT).in_effect_on == NEXT
