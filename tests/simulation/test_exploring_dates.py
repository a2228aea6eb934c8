"""The count of days, one at a time: against vectors from elsewhere, by hand, and the kernel."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.calendars import load_calendar
from cpplan.values import Origin, Value
from cpplan_sim.exploring.naive_dates import NaiveDates

VECTORS = Path(__file__).parent.parent / "data" / "dates"
CALENDAR = load_calendar("england-and-wales")
DATES = NaiveDates.of(CALENDAR)
UNITS = ("working-days", "calendar-days", "calendar-weeks", "months", "years")


def value(amount: int | None, unit: str) -> Value:
    return Value("figure", amount, unit, "", "a figure", Origin.CHOICE, ())


def vectors(name: str, column: int) -> list[tuple[str, str, str]]:
    """Return the rows of a table that are in one unit that a pack can have, going forward."""
    with (VECTORS / name).open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return [(row[0], row[1], row[column]) for row in rows]


def in_one_unit(period: str) -> tuple[int, str] | None:
    years, months, days = map(int, re.findall(r"-?\d+", period))
    if years == months == 0:
        return days, "calendar-days"
    return (12 * years + months, "months") if days == 0 else None


ROWS = [
    row
    for row in vectors("exact_computations.csv", 2) + vectors("ambiguous_computations.csv", 3)
    if in_one_unit(row[1]) is not None
]


def test_there_are_vectors_of_both_sorts() -> None:
    assert len(ROWS) > 20
    assert {unit for _, period, _ in ROWS for _, unit in [in_one_unit(period) or (0, "")]} == {
        "months",
        "calendar-days",
    }


@pytest.mark.parametrize(("start", "period", "expected"), ROWS)
def test_the_count_agrees_with_vectors_from_elsewhere(
    start: str, period: str, expected: str
) -> None:
    found = in_one_unit(period)
    assert found is not None
    counted = DATES.after(dt.date.fromisoformat(start), value(*found))
    assert counted.isoformat() == expected


@pytest.mark.parametrize(
    ("anchor", "amount", "unit", "expected"),
    [
        ("2026-12-18", 10, "working-days", "2027-01-06"),  # over Christmas
        ("2026-01-10", 0, "working-days", "2026-01-12"),  # at once, on a Saturday
        ("2026-01-12", 0, "working-days", "2026-01-12"),
        ("2026-04-09", -5, "working-days", "2026-03-31"),  # back over Easter
        ("2024-02-29", 12, "months", "2025-02-28"),
        ("2023-08-31", 6, "months", "2024-02-29"),
        ("2024-03-31", -1, "months", "2024-02-29"),
        ("2024-03-15", -1, "months", "2024-02-15"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2024-02-29", 18, "years-of-age", "2042-03-01"),
        ("2024-02-29", 20, "years-of-age", "2044-02-29"),
        ("2008-03-01", 18, "years-of-age", "2026-03-01"),
        ("2026-03-28", 4, "calendar-weeks", "2026-04-25"),
    ],
)
def test_the_count_comes_to_the_day_counted_by_hand(
    anchor: str, amount: int, unit: str, expected: str
) -> None:
    counted = DATES.after(dt.date.fromisoformat(anchor), value(amount, unit))
    assert counted.isoformat() == expected


@given(
    st.dates(dt.date(2012, 1, 1), dt.date(2030, 1, 1)),
    st.integers(-40, 40),
    st.sampled_from(UNITS),
)
def test_the_count_agrees_with_the_kernel(anchor: dt.date, amount: int, unit: str) -> None:
    number = amount // 20 if unit == "years" else amount
    figure = value(number, unit)
    assert DATES.after(anchor, figure) == figure.after(anchor, CALENDAR)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2012, 1, 1)))
def test_birthdays_agree_with_the_kernel(born: dt.date) -> None:
    figure = value(18, "years-of-age")
    assert DATES.after(born, figure) == figure.after(born, CALENDAR)


def test_a_unit_left_open_is_read_as_the_pack_reads_it() -> None:
    bare = Value("notice", 10, "days-unspecified", "working-days", "", Origin.OWN, ())
    assert DATES.after(dt.date(2026, 12, 18), bare) == dt.date(2027, 1, 6)


@pytest.mark.parametrize("figure", [value(None, "months"), value(2, "visits")])
def test_what_counts_no_time_is_refused(figure: Value) -> None:
    with pytest.raises(ValueError, match=r"figure has no number|counted in visits"):
        DATES.after(dt.date(2026, 1, 5), figure)
