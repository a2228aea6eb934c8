"""Wording: days, counts and names of the code as words, the same on every page that uses them."""

from __future__ import annotations

import datetime as dt

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Written out: what the standard library gives depends on the reader's settings.


def day(on: dt.date) -> str:
    """Return a day in words, as ``Monday 5 January 2026``."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def spaced(slug: str) -> str:
    """Return the words of a name: ``core-group-held`` is ``core group held``."""
    return slug.replace("-", " ")


def titled(slug: str) -> str:
    """Return the same with a capital, for a heading or the beginning of a line."""
    words = spaced(slug)
    return words[:1].upper() + words[1:]


def counted(number: int, what: str) -> str:
    """Return how many there are of something, as ``1 clause`` or ``2 clauses``."""
    return f"{number} {what}{'s' * (number != 1)}"
