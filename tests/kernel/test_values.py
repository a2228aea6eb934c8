"""Figures: what they say, and when a period ends."""

from __future__ import annotations

import datetime as dt

import pytest

from cpplan.calendars import load_calendar
from cpplan.values import UNITS, Origin, Value

CALENDAR = load_calendar("england-and-wales")
MONDAY = dt.date(2026, 1, 5)


def value(amount: int | None, unit: str, read_as: str = "") -> Value:
    """Return a figure."""
    return Value("limit", amount, unit, read_as, "a limit", Origin.OWN, ())


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        (10, "working-days", "10 working days"),
        (1, "working-days", "1 working day"),
        (4, "calendar-weeks", "4 calendar weeks"),
        (3, "count", "3"),
        (10, "days-unspecified", "10 days"),
        (18, "years-of-age", "18 years of age"),
        (None, "months", "not chosen"),
    ],
)
def test_a_figure_is_told_with_the_unit_of_its_source(
    amount: int | None, unit: str, told: str
) -> None:
    assert str(value(amount, unit)) == told


def test_a_unit_left_open_is_counted_as_it_is_read() -> None:
    bare = value(10, "days-unspecified", "working-days")
    assert bare.in_force == "working-days"
    assert bare.after(MONDAY, CALENDAR) == dt.date(2026, 1, 19)
    assert value(10, "calendar-days").after(MONDAY, CALENDAR) == dt.date(2026, 1, 15)


def test_another_number_can_be_counted_in_the_same_unit() -> None:
    assert value(2, "calendar-weeks").after(MONDAY, CALENDAR, 3) == dt.date(2026, 1, 26)
    assert value(None, "calendar-weeks").after(MONDAY, CALENDAR, 1) == dt.date(2026, 1, 12)


def test_an_age_is_reached_on_a_birthday() -> None:
    born = dt.date(2008, 2, 29)
    assert value(18, "years-of-age").after(born, CALENDAR) == dt.date(2026, 3, 1)
    assert value(18, "years").after(born, CALENDAR) == dt.date(2026, 2, 28)


def test_a_setting_that_nobody_has_chosen_can_not_be_counted() -> None:
    with pytest.raises(ValueError, match="the setting 'limit' has not been chosen"):
        value(None, "months").after(MONDAY, CALENDAR)


def test_no_date_can_be_counted_in_visits() -> None:
    with pytest.raises(ValueError, match="no date can be counted in visits: 'limit'"):
        value(2, "visits").after(MONDAY, CALENDAR)


def test_the_units_are_those_of_the_calendar_and_five_more() -> None:
    assert UNITS[-4:] == ("visits", "years-of-age", "days-unspecified", "count")
