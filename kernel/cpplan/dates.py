"""Arithmetic on months, years and birthdays. It must not know holidays: see ``calendars``."""

from __future__ import annotations

import calendar
import datetime as dt


def add_months(day: dt.date, n: int) -> dt.date:
    """Return the same day number ``n`` months later, or the month's last day if there is none.

    Source: reading M8 in the clause register; the golden vectors of ``tests/data/dates`` round
    down in the same way. Adding one month twice may differ from adding two months once.

    Args:
        day: the anchor.
        n: months; negative counts back.

    Raises:
        OverflowError: the result is outside the years 1 to 9999.

    Example:
        >>> add_months(dt.date(2026, 11, 30), 3)
        datetime.date(2027, 2, 28)
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(f"{day} and {n} months is outside the years {dt.MINYEAR}-{dt.MAXYEAR}")
    last = calendar.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, min(day.day, last))


def add_years(day: dt.date, n: int) -> dt.date:
    """Return the same day ``n`` years later: 29 February becomes 28 February in a common year.

    Source: reading M8, a year being 12 months. For an age use :func:`birthday`, which differs.

    Args:
        day: the anchor.
        n: years; negative counts back.

    Raises:
        OverflowError: the result is outside the years 1 to 9999.

    Example:
        >>> add_years(dt.date(2024, 2, 29), 1)
        datetime.date(2025, 2, 28)
    """
    return add_months(day, 12 * n)


def birthday(born: dt.date, age: int) -> dt.date:
    """Return the day on which a person born on ``born`` reaches ``age``.

    Born on 29 February: 1 March in a common year. No source says so; it is this project's
    decision (clause register, note on p002/11g). It keeps a child a child for one day more.

    Args:
        born: the date of birth.
        age: whole years.

    Raises:
        OverflowError: the result is outside the years 1 to 9999.

    Example:
        >>> birthday(dt.date(2008, 2, 29), 18)
        datetime.date(2026, 3, 1)
    """
    reached = add_years(born, age)
    return reached if reached.day == born.day else reached + dt.timedelta(days=1)
