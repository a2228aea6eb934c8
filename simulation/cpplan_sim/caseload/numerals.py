"""Numerals: how figures, intervals and days are written in sentences and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cpplan_sim.caseload.intervals import Estimate


def percent(share: float) -> str:
    """Return a share as a percentage; all and none only if it is all or none.

    Example:
        >>> percent(0.8472), percent(0.99999), percent(1)
        ('84.7%', 'over 99.9%', '100%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.0005:
        return "under 0.1%"
    return "over 99.9%" if share >= 0.9995 else f"{share:.1%}"


def percents(share: Estimate | None) -> str:
    """Return a share with its interval; ``none decided`` if there is none."""
    if share is None:
        return "none decided"
    return f"{percent(share.value)} ({percent(share.low)} to {percent(share.high)})"


def number(value: float) -> str:
    """Return a number with as many digits as tell something.

    Example:
        >>> number(1234.5), number(3.14159), number(0.01234), number(-0.0)
        ('1,234', '3.14', '0.012', '0')
    """
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    if size >= 1:
        return f"{value:.2f}"
    return f"{value:#.2g}" if size >= 1e-4 else f"{value:.0e}"


def numbers(value: Estimate | None) -> str:
    """Return a mean with its interval; ``too few`` if there is none."""
    if value is None:
        return "too few"
    return f"{number(value.value)} ({number(value.low)} to {number(value.high)})"


def points(by: Estimate) -> str:
    """Return a difference of shares in percentage points, signed, with its interval."""
    value, low, high = map(_point, (by.value, by.low, by.high))
    return f"{value} points ({low} to {high})"


def _point(share: float) -> str:
    told = f"{100 * share:+.1f}"
    return told[1:] if told in ("+0.0", "-0.0") else told


def day(on: dt.date) -> str:
    """Return a date in words."""
    return f"{on.day} {on:%B %Y}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Return items as a list in a sentence."""
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end
