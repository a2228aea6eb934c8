"""Months, years and birthdays: golden vectors, then laws."""

import csv
import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.dates import add_months, add_years, birthday

VECTORS = Path(__file__).parents[1] / "data" / "dates"
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


def vectors(name: str, result_column: int) -> list[tuple[dt.date, list[int], dt.date]]:
    """Return (day, [years, months, days], expected) of each row of one file."""
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return [
        (
            dt.date.fromisoformat(row[0].strip()),
            [int(number) for number in re.findall(r"-?\d+", row[1])],
            dt.date.fromisoformat(row[result_column].strip()),
        )
        for row in rows
    ]


GOLDEN = vectors("exact_computations.csv", 2) + vectors("ambiguous_computations.csv", 3)


def test_all_golden_vectors_were_read() -> None:
    assert len(GOLDEN) == 19 + 11


@pytest.mark.parametrize(("day", "period", "expected"), GOLDEN)
def test_the_golden_vectors_hold_rounding_down(
    day: dt.date, period: list[int], expected: dt.date
) -> None:
    years, months, days = period
    assert add_months(day, 12 * years + months) + dt.timedelta(days=days) == expected


def test_the_golden_first_and_last_days_of_months_agree() -> None:
    rows = (VECTORS / "first_last_day_of_month.csv").read_text(encoding="utf-8").splitlines()[1:]
    for row in rows:
        day, first, last = map(dt.date.fromisoformat, row.split(";"))
        assert add_months(first, 1) - dt.timedelta(days=1) == last
        assert first <= day <= last


@given(DAYS, st.integers(-1200, 1200))
def test_months_move_the_month_and_only_clamp_the_day(day: dt.date, n: int) -> None:
    moved = add_months(day, n)
    assert (moved.year - day.year) * 12 + moved.month - day.month == n
    assert moved.day == day.day or (moved.day < day.day and (moved + dt.timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 100))
def test_more_months_are_never_earlier(day: dt.date, n: int) -> None:
    assert add_months(day, n) < add_months(day, n + 1)


def test_months_can_be_taken_away() -> None:
    assert add_months(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 1, 15), -1) == dt.date(2025, 12, 15)


def test_a_month_added_twice_may_differ_from_two_months_added_once() -> None:
    start = dt.date(2026, 1, 31)
    assert add_months(add_months(start, 1), 1) == dt.date(2026, 3, 28)
    assert add_months(start, 2) == dt.date(2026, 3, 31)


@pytest.mark.parametrize(("day", "n"), [(dt.date.max, 1), (dt.date.min, -1)])
def test_a_result_outside_the_calendar_is_an_error_that_says_so(day: dt.date, n: int) -> None:
    with pytest.raises(OverflowError, match="outside the years 1-9999"):
        add_months(day, n)


def test_a_year_after_29_february_is_28_february() -> None:
    assert add_years(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert add_years(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)
    assert add_years(dt.date(2025, 2, 28), -1) == dt.date(2024, 2, 28)


def test_a_child_born_on_29_february_is_18_on_1_march() -> None:
    assert birthday(dt.date(2008, 2, 29), 18) == dt.date(2026, 3, 1)


def test_a_child_born_on_29_february_keeps_that_birthday_in_a_leap_year() -> None:
    assert birthday(dt.date(2008, 2, 29), 16) == dt.date(2024, 2, 29)


@given(DAYS, st.integers(0, 120))
def test_a_birthday_keeps_day_and_month_of_every_other_date(born: dt.date, age: int) -> None:
    reached = birthday(born, age)
    assert reached.year == born.year + age
    if (born.month, born.day) != (2, 29):
        assert (reached.month, reached.day) == (born.month, born.day)
