"""Dates counted one day at a time, as nobody would who was in a hurry.

A second answer to when something is due, written from the readings of the clause register (M8: the
anchor is not counted; a month ends on the same day number, or on the month's last day; a child born
on 29 February has birthdays on 1 March in common years). It must not use :mod:`cpplan.dates`, nor
the arithmetic of :mod:`cpplan.calendars`: of a calendar it reads the list of holidays alone.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.calendars import Calendar
from cpplan.values import Value

ONE_DAY = dt.timedelta(days=1)

_SATURDAY = 5
_FEBRUARY_29 = (2, 29)
_MARCH_1 = (3, 1)


@attrs.define
class NaiveDates:
    """Counts periods on the holidays of one calendar, and remembers what it has counted.

    Attributes:
        holidays: the days on which nobody works, beside Saturdays and Sundays.
    """

    holidays: frozenset[dt.date]
    _known: dict[tuple[dt.date, int, str], dt.date] = attrs.field(init=False, factory=dict)

    @classmethod
    def of(cls, calendar: Calendar) -> NaiveDates:
        """Count on a calendar's holidays."""
        return cls(frozenset(holiday.day for holiday in calendar.holidays))

    def after(self, anchor: dt.date, value: Value, amount: int | None = None) -> dt.date:
        """Return the last day of a period.

        Args:
            anchor: the day that it is counted from, not counted itself.
            value: the figure, with the unit in which it is counted.
            amount: another number of that unit; negative counts back.

        Raises:
            ValueError: the figure has no number, or no time is counted in its unit.
        """
        number = value.amount if amount is None else amount
        if number is None:
            raise ValueError(f"{value.id} has no number")
        key = (anchor, number, value.read_as or value.unit)
        if key not in self._known:
            self._known[key] = self._counted(*key)
        return self._known[key]

    def _counted(self, anchor: dt.date, number: int, unit: str) -> dt.date:
        if unit == "working-days":
            return self._working_days(anchor, number)
        if unit == "calendar-days":
            return _days(anchor, number)
        if unit == "calendar-weeks":
            return _days(anchor, 7 * number)
        if unit == "months":
            return _months(anchor, number)
        if unit == "years":
            return _months(anchor, 12 * number)
        if unit == "years-of-age":
            return _age(anchor, number)
        raise ValueError(f"no time is counted in {unit}")

    def _works(self, day: dt.date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    def _working_days(self, anchor: dt.date, number: int) -> dt.date:
        """Walk until so many working days were passed; none at all: to one, if it is none."""
        day, left, step = anchor, abs(number), -ONE_DAY if number < 0 else ONE_DAY
        while left > 0:
            day += step
            left -= self._works(day)
        while number == 0 and not self._works(day):
            day += ONE_DAY
        return day


def _days(anchor: dt.date, number: int) -> dt.date:
    day = anchor
    for _ in range(abs(number)):
        day += -ONE_DAY if number < 0 else ONE_DAY
    return day


def _months(anchor: dt.date, number: int) -> dt.date:
    """Walk until so many months have begun, then to the day number, if the month has it."""
    day, left, step = anchor, abs(number), -ONE_DAY if number < 0 else ONE_DAY
    while left > 0:
        month = day.month
        day += step
        left -= day.month != month
    while day.day > anchor.day:
        day -= ONE_DAY
    while day.day < anchor.day and (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


def _age(born: dt.date, age: int) -> dt.date:
    """Walk from birthday to birthday."""
    day, reached = born, 0
    while reached < age:
        day += ONE_DAY
        reached += _is_birthday(born, day)
    return day


def _is_birthday(born: dt.date, day: dt.date) -> bool:
    if (born.month, born.day) == _FEBRUARY_29 and (day.month, day.day) == _MARCH_1:
        return (day - ONE_DAY).day != born.day
    return (day.month, day.day) == (born.month, born.day)
