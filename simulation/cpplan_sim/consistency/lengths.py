"""Lengths of time as a calendar has them: from each day to the last day of a period.

Holds one period over one calendar, its longest and shortest case there, and its inverse. It must
not know what a period is for. Days are ordinals, as ``datetime.date.toordinal`` counts them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from functools import cache, cached_property
from typing import TYPE_CHECKING

import attrs

from cpplan.calendars import CalendarRangeError, Unit

if TYPE_CHECKING:
    from cpplan.calendars import Calendar
    from cpplan.values import Value

BEYOND = 20
"""Years before and after a calendar's table for which units that need no table are worked out."""


class OutsideTableError(LookupError):
    """A day can't be counted: the calendar's table does not reach it."""


# Without slots: a cached property needs a dict.
@attrs.frozen(eq=False, slots=False)
class Length:
    """A period over a calendar.

    Later days never give earlier ends: a test holds every unit to that over the whole table, and
    the exact search rests on it.

    Attributes:
        says: the period in words.
        starts: the first day for which it is worked out.
        ends: for each day from ``starts``, the last day of the period.
        first, last: the days of the calendar's table, over which the longest and shortest are
            taken.
    """

    says: str
    starts: int
    ends: tuple[int, ...] = attrs.field(repr=False)
    first: int
    last: int

    def after(self, day: int) -> int:
        """Return the last day of the period from ``day``.

        Raises:
            OutsideTableError: it is not worked out for ``day``.
        """
        place = day - self.starts
        if not 0 <= place < len(self.ends):
            raise OutsideTableError(day)
        return self.ends[place]

    def reaching(self, day: int) -> int:
        """Return the first day from which the period lasts until ``day`` or longer.

        Raises:
            OutsideTableError: that day, or the one before it, is not worked out.
        """
        place = bisect_left(self.ends, day)
        if not 0 < place < len(self.ends):
            raise OutsideTableError(day)
        return self.starts + place

    @cached_property
    def _days(self) -> tuple[int, ...]:
        span = range(max(self.first, self.starts), min(self.last + 1, self.starts + len(self.ends)))
        return tuple(self.ends[day - self.starts] - day for day in span)

    @cached_property
    def longest(self) -> int:
        """The most days that it takes from any day of the table; fewest back if it counts back."""
        return max(self._days)

    @cached_property
    def shortest(self) -> int:
        """The fewest days that it takes from any day of the table; most back if it counts back."""
        return min(self._days)


def length_of(
    value: Value, calendar: Calendar, *, back: bool = False, day_after: bool = False
) -> Length:
    """Return a figure as a length over a calendar.

    Args:
        value: the figure; its number has been chosen.
        calendar: decides what a working day is.
        back: whether it is counted back.
        day_after: whether the day after the last one is meant.

    Raises:
        ValueError: the figure has no number.
        OutsideTableError: the table is too short to count it from any day.
    """
    if value.amount is None:
        raise ValueError(f"the setting {value.id!r} has not been chosen")
    return _length(value, calendar, -value.amount if back else value.amount, day_after)


def told(value: Value) -> str:
    """Return a figure in words, with the unit in force where its source leaves that open."""
    if value.unit == value.in_force:
        return str(value)
    return f"{value} (read as {value.in_force.replace('-', ' ')})"


@cache
def _length(value: Value, calendar: Calendar, amount: int, day_after: bool) -> Length:
    first, last = calendar.first, calendar.last
    start, stop = first, last
    if value.in_force != Unit.WORKING_DAYS.value:
        start = first.replace(year=first.year - BEYOND, day=1)
        stop = last.replace(year=last.year + BEYOND, day=28)
    counted: list[int] = []
    starts = start.toordinal()
    for number in range(starts, stop.toordinal() + 1):
        try:
            end = value.after(dt.date.fromordinal(number), calendar, amount)
        except CalendarRangeError:
            if counted:
                break
            starts = number + 1
        else:
            counted.append(end.toordinal() + day_after)
    if not counted or starts > last.toordinal():
        raise OutsideTableError(f"{value} from any day of {calendar.jurisdiction}")
    return Length(
        says=told(value),
        starts=starts,
        ends=tuple(counted),
        first=first.toordinal(),
        last=last.toordinal(),
    )
