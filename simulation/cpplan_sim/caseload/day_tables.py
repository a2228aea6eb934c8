"""Days as numbers, and every deadline worked out beforehand by the kernel's own arithmetic.

A day is a number counted from a base. For each figure of a procedure a table says, for each day,
the last day of the period that begins there. Nothing is counted again here: the tables are asked of
:meth:`cpplan.values.Value.after` and :mod:`cpplan.calendars`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import attrs

from cpplan.calendars import Calendar, CalendarRangeError
from cpplan.dates import add_months, birthday
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

OLDEST = 19
"""Years before the first case that days are counted from, so that a birthday is a number too."""
AFTERWARDS = 3
"""Years after the last day that deadlines may fall in."""

DAYS_BEFORE = 120
"""Days before the first case from which a period can be counted: a day that an event gives."""

MONTHS = ((Y_PLUS_3, 3), (Y_PLUS_6, 6), (Y_PLUS_12, 12), (Y_PLUS_24, 24))


@attrs.frozen
class Span:
    """The days of a run.

    Attributes:
        opens: the first day on which a case begins.
        closes: the last day that is looked at.
    """

    opens: dt.date
    closes: dt.date

    @property
    def base(self) -> dt.date:
        """The day numbered 0."""
        return dt.date(self.opens.year - OLDEST, 1, 1)

    @property
    def days(self) -> int:
        """How many days are numbered."""
        return (dt.date(self.closes.year + AFTERWARDS, 12, 31) - self.base).days + 1

    def number(self, day: dt.date) -> int:
        """Return the number of a day."""
        return (day - self.base).days

    def month(self, day: dt.date) -> int:
        """Return the number of the month that a day is in."""
        return (day.year - self.base.year) * 12 + day.month - 1

    def day(self, number: int) -> dt.date:
        """Return the day of a number."""
        return self.base + dt.timedelta(days=int(number))


@lru_cache(maxsize=8)
def calendar_table(span: Span, calendar: Calendar) -> tuple[int, ...]:
    """Return a row for each day: whether it is a working day, the nearest ones, month, bands.

    Days that the calendar doesn't cover have no working day.
    """
    rows = [[NONE] * Y_WIDTH for _ in range(span.days)]
    for number, row in enumerate(rows):
        day = span.day(number)
        row[Y_MONTH] = span.month(day)
        for column, months in MONTHS:
            row[column] = span.number(add_months(day, months))
        if calendar.first <= day <= calendar.last:
            row[Y_WORKING] = int(calendar.is_working_day(day))
    _fill(rows, range(span.days - 1, -1, -1), Y_NEXT)
    _fill(rows, range(span.days), Y_BEFORE)
    return tuple(value for row in rows for value in row)


def _fill(rows: list[list[int]], order: range, column: int) -> None:
    near = NONE
    for number in order:
        if rows[number][Y_WORKING] == 1:
            near = number
        rows[number][column] = near


@lru_cache(maxsize=512)
def period_table(span: Span, value: Value, amount: int, calendar: Calendar) -> tuple[int, ...]:
    """Return, for each day, the last day of a period that is counted from it.

    ``NONE`` where the calendar does not reach. Only a period in years is counted from days long
    before the first case: it may be an age.

    Returns:
        The first day that is worked out, the day after the last, and then a day for each.
    """
    aged = value.in_force in ("years-of-age", "years")
    first = 0 if aged else max(0, span.number(span.opens) - DAYS_BEFORE)
    days = range(first, span.days)
    return (first, span.days, *(_last(span, value, amount, calendar, day) for day in days))


def _last(span: Span, value: Value, amount: int, calendar: Calendar, number: int) -> int:
    try:
        return span.number(value.after(span.day(number), calendar, amount))
    except CalendarRangeError:
        return NONE


@lru_cache(maxsize=8)
def age_table(span: Span, years: int) -> tuple[int, ...]:
    """Return, for each day, the birthday of somebody born on it; told as a period is."""
    days = (span.number(birthday(span.day(number), years)) for number in range(span.days))
    return (0, span.days, *days)
