"""Days worth trying: when a history begins, and how long it is till the next event.

Month ends, leap days, and the days before long holidays: where counts of days go wrong.
"""

from __future__ import annotations

import datetime as dt

FIRST_DAY = dt.date(2009, 1, 2)
LAST_DAY = dt.date(2033, 12, 30)
"""Histories lie between these days, well inside the calendars: what falls due does too."""

_LATEST_START = dt.date(2029, 12, 31)

_AWKWARD = (
    dt.date(2011, 4, 21),
    dt.date(2012, 2, 29),
    dt.date(2012, 5, 31),
    dt.date(2016, 2, 29),
    dt.date(2019, 12, 24),
    dt.date(2020, 2, 29),
    dt.date(2022, 5, 31),
    dt.date(2023, 12, 29),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 29),
    dt.date(2025, 4, 17),
    dt.date(2026, 8, 31),
    dt.date(2026, 12, 18),
    dt.date(2028, 2, 29),
)
"""Leap days, month ends, and the eves of Easter, of jubilees and of Christmas."""

_STEPS = (0, 0, 0, 1, 0, 1, 2, 3, 5, 7, 1, 10, 14, 0, 28, 45)
_HURRIED = (0, 0, 0, 1, 0, 3)


def start(number: int) -> dt.date:
    """Return the first day of a history, by a number of two bytes; one in four is awkward."""
    if number % 4 == 3:
        return _AWKWARD[number // 4 % len(_AWKWARD)]
    return FIRST_DAY + dt.timedelta(days=number % (_LATEST_START - FIRST_DAY).days)


def coming(on: dt.date, number: int, *, hurried: bool) -> dt.date:
    """Return the day of the next attempt, by a number of one byte.

    Args:
        on: the day of the one before.
        number: 0 is the same day; most others are some days on; a few are awkward days.
        hurried: whether a conference is sitting, so that little time passes.
    """
    if hurried:
        return on + dt.timedelta(days=_HURRIED[number % len(_HURRIED)])
    if number >= 0xF8:
        return _awkward_after(on, number)
    if number >= 0xF0:
        return _month_end(on)
    return on + dt.timedelta(days=_STEPS[number % len(_STEPS)])


def _month_end(on: dt.date) -> dt.date:
    following = (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)


def _awkward_after(on: dt.date, number: int) -> dt.date:
    """Return the eve of Christmas, or the next awkward day within two years, if there is one."""
    eve = dt.date(on.year, 12, 24)
    soon = [day for day in _AWKWARD if on <= day < on + dt.timedelta(days=730)]
    return soon[0] if soon and number % 2 else max(eve, on)
