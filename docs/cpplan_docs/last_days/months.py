"""The calendar of a month as a table of weeks: which days are free, and where a day is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cpplan.calendars import Calendar
from cpplan_docs.addresses import Address
from cpplan_docs.words.markdown import link, table

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

ONE_DAY = dt.timedelta(days=1)


def month(calendar: Calendar, start: dt.date, told: Mapping[dt.date, Address], path: str) -> str:
    """Return a month as a table, one row for each week, in a block of the class ``calendar``.

    Args:
        calendar: knows the public holidays.
        start: the month's first day.
        told: the days that are told, with where.
        path: the page that it stands on.
    """
    first = start - start.weekday() * ONE_DAY
    free = {holiday.day for holiday in calendar.holidays}
    rows = []
    while first < start or first.month == start.month:
        week = [first + n * ONE_DAY for n in range(7)]
        rows.append([_cell(on, start, free, told, path) for on in week])
        first += 7 * ONE_DAY
    return f'<div class="calendar" markdown="1">\n\n{table(WEEKDAYS, rows)}\n\n</div>'


def _cell(
    on: dt.date,
    start: dt.date,
    free: set[dt.date],
    told: Mapping[dt.date, Address],
    path: str,
) -> str:
    if on.month != start.month:
        return " "
    number = link(str(on.day), told[on], path) if on in told else str(on.day)
    return f"{number} free" if on in free else number
