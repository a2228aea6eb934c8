"""Every table of days says what the kernel's own arithmetic says, up to its edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan import PROCEDURES
from cpplan.calendars import CalendarRangeError
from cpplan.dates import add_months, birthday
from cpplan.duties import Limit
from cpplan.values import Value
from cpplan_sim.caseload.columns import (
    NONE,
    Y_BEFORE,
    Y_MONTH,
    Y_NEXT,
    Y_PLUS_3,
    Y_PLUS_6,
    Y_PLUS_12,
    Y_PLUS_24,
    Y_WIDTH,
    Y_WORKING,
)
from cpplan_sim.caseload.day_tables import (
    DAYS_BEFORE,
    Span,
    age_table,
    calendar_table,
    period_table,
)
from cpplan_sim.running import loaded

SPAN = Span(dt.date(2022, 4, 1), dt.date(2024, 2, 29))
LONG = Span(dt.date(2022, 4, 1), dt.date(2036, 2, 28))
"""Ends long after the last day of any calendar."""

CALENDAR = loaded("standards").calendar


def values(name: str) -> list[Value]:
    """Return the values of a procedure that are periods, one of each length and unit."""
    counted = (Limit.EVERY_EVENTS, Limit.BEFORE_EVENT)
    duties = (duty for duty in loaded(name).duties.values() if duty.limit not in counted)
    known = (duty.value for duty in duties)
    periods = (one for one in known if one is not None and one.amount is not None)
    return list({(one.in_force, one.amount): one for one in periods}.values())


@given(st.integers(0, SPAN.days - 1))
def test_a_day_and_its_number_are_one(number: int) -> None:
    day = SPAN.day(number)
    assert SPAN.number(day) == number
    assert day == SPAN.base + dt.timedelta(days=number)


def test_days_are_counted_from_long_before_the_first_case_to_years_after_the_last_day() -> None:
    assert SPAN.number(dt.date(2003, 1, 1)) == 0
    assert SPAN.days == SPAN.number(dt.date(2027, 12, 31)) + 1
    assert SPAN.month(dt.date(2003, 1, 31)) == 0
    assert SPAN.month(dt.date(2004, 3, 1)) == 14


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_period_ends_on_the_day_that_the_kernel_works_out(name: str) -> None:
    calendar = loaded(name).calendar
    assert values(name)
    for value in values(name):
        amount = value.amount or 0
        first, end, *days = period_table(SPAN, value, amount, calendar)
        assert end == SPAN.days
        assert len(days) == end - first
        for number in range(first, end, 23):
            assert days[number - first] == _last(value, amount, SPAN.day(number), name)


def _last(value: Value, amount: int, day: dt.date, name: str) -> int:
    try:
        return SPAN.number(value.after(day, loaded(name).calendar, amount))
    except CalendarRangeError:
        return NONE


def test_a_period_is_worked_out_from_somewhat_before_the_first_case() -> None:
    value = next(one for one in values("standards") if one.in_force != "years-of-age")
    first, *_ = period_table(SPAN, value, 5, CALENDAR)
    assert first == SPAN.number(SPAN.opens) - DAYS_BEFORE


def test_an_age_is_worked_out_from_the_first_day_of_all() -> None:
    first, end, *days = age_table(SPAN, 18)
    assert (first, end) == (0, SPAN.days)
    for number in (0, 59, 60, SPAN.number(dt.date(2004, 2, 29)), end - 1):
        assert days[number] == SPAN.number(birthday(SPAN.day(number), 18))


def test_a_child_of_leap_day_comes_of_age_as_the_kernel_says() -> None:
    _, _, *days = age_table(SPAN, 17)
    leap = dt.date(2004, 2, 29)
    assert SPAN.day(days[SPAN.number(leap)]) == birthday(leap, 17)


def rows(span: Span) -> list[tuple[int, ...]]:
    table = calendar_table(span, CALENDAR)
    assert len(table) == span.days * Y_WIDTH
    return [table[at : at + Y_WIDTH] for at in range(0, len(table), Y_WIDTH)]


def test_the_calendar_says_of_each_day_what_the_kernel_says() -> None:
    for number, row in enumerate(rows(SPAN)):
        day = SPAN.day(number)
        assert row[Y_MONTH] == SPAN.month(day)
        for column, months in ((Y_PLUS_3, 3), (Y_PLUS_6, 6), (Y_PLUS_12, 12), (Y_PLUS_24, 24)):
            assert row[column] == SPAN.number(add_months(day, months))
        if CALENDAR.first <= day <= CALENDAR.last:
            assert row[Y_WORKING] == int(CALENDAR.is_working_day(day))


def test_the_nearest_working_days_are_working_days_with_none_between() -> None:
    found = rows(SPAN)
    working = {number for number, row in enumerate(found) if row[Y_WORKING] == 1}
    for number in range(SPAN.number(SPAN.opens), SPAN.number(SPAN.closes)):
        after, before = found[number][Y_NEXT], found[number][Y_BEFORE]
        assert {after, before} <= working
        assert working.isdisjoint(range(number, after))
        assert working.isdisjoint(range(before + 1, number + 1))
        assert (after == before == number) is (number in working)


def test_where_the_calendar_ends_no_day_is_known() -> None:
    found = rows(LONG)
    last = LONG.number(CALENDAR.last)
    assert found[last][Y_WORKING] in (0, 1)
    assert found[last + 1][Y_WORKING] == NONE
    assert found[last + 1][Y_NEXT] == NONE
    assert found[-1][Y_BEFORE] <= last


def test_a_period_that_leaves_the_calendar_has_no_last_day() -> None:
    value = next(one for one in values("standards") if "working" in str(one.in_force))
    first, _, *days = period_table(LONG, value, 5, CALENDAR)
    edge = LONG.number(CALENDAR.last) - first
    assert days[edge - 30] > 0
    assert days[edge] == days[-1] == NONE
