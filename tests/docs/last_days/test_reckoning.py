"""Why a last day is that day: in the words of the unit, with the days that do not count."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan import Plan
from cpplan.calendars import Unit
from cpplan.duties import Limit
from cpplan.obligations import Obligation
from cpplan_docs.last_days.reckoning import reason
from cpplan_sim.running import loaded

BEFORE_EASTER = dt.date(2026, 4, 1)


def told(amount: int, unit: Unit, anchor: dt.date, limit: Limit = Limit.WITHIN) -> str:
    procedure = loaded("luton")
    plain = procedure.duties["first-core-group"]
    assert plain.value is not None
    value = attrs.evolve(plain.value, amount=amount, unit=unit.value, read_as="")
    duty = attrs.evolve(plain, value=value, limit=limit)
    sign = -1 if limit is Limit.BEFORE else 1
    due = value.after(anchor, procedure.calendar, sign * amount)
    one = Obligation(duty=duty, anchor=anchor, due_on=due, opened_by=0, opened_on=anchor)
    return reason(Plan(procedure), one)


def test_public_holidays_and_weekends_within_working_days_are_named() -> None:
    says = told(3, Unit.WORKING_DAYS, BEFORE_EASTER)
    assert says.startswith("3 working days after Wednesday 1 April 2026")
    assert "2 days of weekends not counted" in says
    assert "Friday 3 April 2026 not counted: Good Friday" in says


def test_a_calendar_unit_may_end_on_a_public_holiday() -> None:
    says = told(5, Unit.CALENDAR_DAYS, BEFORE_EASTER)
    assert "public holiday, Easter Monday, and the last day all the same" in says


def test_a_calendar_unit_may_end_on_a_weekend() -> None:
    assert "on a weekend" in told(3, Unit.CALENDAR_DAYS, BEFORE_EASTER)


def test_one_of_a_unit_is_told_in_the_singular() -> None:
    assert (
        told(1, Unit.CALENDAR_WEEKS, BEFORE_EASTER)
        == "1 calendar week after Wednesday 1 April 2026"
    )


def test_no_time_at_all_is_the_day_itself_or_the_next_working_day() -> None:
    assert told(0, Unit.WORKING_DAYS, BEFORE_EASTER) == "Wednesday 1 April 2026 itself"
    sunday = dt.date(2026, 3, 1)
    assert told(0, Unit.WORKING_DAYS, sunday) == "the first working day from Sunday 1 March 2026"


def test_what_is_due_before_a_day_is_counted_back() -> None:
    assert "2 working days before" in told(2, Unit.WORKING_DAYS, BEFORE_EASTER, Limit.BEFORE)
