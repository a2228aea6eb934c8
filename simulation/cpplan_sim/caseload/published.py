"""Published figures: the Department for Education's tables, read as what a caseload should match.

Holds which figure is read from which column, the reader, and how a duration is counted into the
published bands. It must not hold a figure itself, nor know a profile or a simulated case. Every
target is a share or a ratio, so that it doesn't matter how large a caseload is.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

import attrs

from cpplan.dates import add_months
from cpplan.reading import nearest

ENGLAND = "England"
ROUNDED_TO = 10
"""Plans. What national and regional counts are rounded to; local ones are not, nor read here."""

BANDS = (
    "3 months or less",
    "more than 3 months, up to 6",
    "more than 6 months, less than 1 year",
    "1 year, less than 2",
    "2 years or more",
)
"""The published bands of durations, in the order that :func:`band_of` counts them."""

SYMBOLS: Mapping[str, str] = {
    "c": "suppressed: 1 to 5, or it would give away another figure",
    "z": "not applicable",
    ":": "not available",
    "x": "not available",
    "u": "not available",
}

TABLES: Mapping[str, str] = {
    "D1": "Child Protection Plans",
    "D2": "Child Protection Plans by Initial and Latest Category of Abuse",
    "D3": "Child Protection Plans which are a second or subsequent plan",
    "D5": "Child Protection Plans by length of time",
    "D6": "Child Protection Plans reviewed within timescales",
    "D7": "Child Protection Plans ending by length of time",
}
"""The tables that targets come from, with what their column ``category`` holds."""

REFUSED: Mapping[str, tuple[str, str]] = {
    "D8": (
        "Child Protection Plans ending during the first six months of the year",
        "its '3 months or less' exceeds D7's for a whole year, so it is no duration of plans",
    )
}
"""Tables that look usable and are not: what their ``category`` holds, and why they are refused."""


@attrs.frozen
class Figure:
    """How a target is read: one column divided by another, in one row of one table.

    Attributes:
        id: its name, the same in every year and place.
        says: what it is, for a reader.
        table: the table, as ``D7``.
        part, whole: the columns.
    """

    id: str
    says: str
    table: str
    part: str
    whole: str

    @property
    def share(self) -> bool:
        """Whether the part is some of the whole; of table D1 it is not."""
        return self.table != "D1"


_DURATIONS = {
    "to-3-months": "3_months_or_less",
    "3-to-6-months": "more_than_3_months_6_months",
    "6-to-12-months": "more_than_6_months_less_than_1_year",
    "1-to-2-years": "1_year_less_than_2_years",
    "2-years-on": "2_years_or_more",
}
_CATEGORIES = {
    "neglect": "Neglect_Initial",
    "physical": "Physical_Initial",
    "sexual": "Sexual_Initial",
    "emotional": "Emotional_Initial",
    "several": "Multiple_Initial",
}

# In the order in which they are shown. A plan of several categories is counted in no other.
FIGURES: tuple[Figure, ...] = (
    Figure("ended", "plans ended per plan started", "D1", "CPP_end", "CPP_start"),
    Figure("open", "plans open at 31 March per plan started", "D1", "CPP_At31", "CPP_start"),
    *(
        Figure(f"ended-{name}", f"ended plans: {band}", "D7", column, "CPP_End")
        for band, (name, column) in zip(BANDS, _DURATIONS.items(), strict=True)
    ),
    *(
        Figure(f"open-{name}", f"open plans: {band}", "D5", column, "CPP_At31")
        for band, (name, column) in zip(BANDS, _DURATIONS.items(), strict=True)
    ),
    Figure(
        "second-or-later", "started plans: second or later", "D3", "CPP_subsequent", "CPP_start"
    ),
    *(
        Figure(
            f"category-{name}", f"started plans, first category: {name}", "D2", column, "CPP_start"
        )
        for name, column in _CATEGORIES.items()
    ),
    Figure(
        "reviewed-in-time",
        "plans open 3 months or more: reviewed within timescales",
        "D6",
        "Reviewed_within_timescales",
        "CPP_At31_3Months",
    ),
)


class RefusedTableError(ValueError):
    """A table that nothing may be calibrated on, or that isn't known."""


class NotPublishedError(LookupError):
    """The tables hold no figures of that year and place."""


@attrs.frozen
class Target:
    """A published figure that a caseload should match.

    Attributes:
        id: its name, the same in every year and place.
        says: what it is.
        table: the table it comes from.
        year: the reporting year, which ends on its 31 March.
        place: ``England``, or a region.
        value: the share or ratio.
        rounding: how far the value may be from the exact one, as the counts were rounded.
        origin: the file, line and columns.
    """

    id: str
    says: str
    table: str
    year: int
    place: str
    value: float
    rounding: float
    origin: str


@attrs.frozen
class Untold:
    """A figure that is not published, and so no target; ``why`` says what hides it."""

    id: str
    says: str
    table: str
    year: int
    place: str
    why: str
    origin: str


@attrs.frozen
class Row:
    """One row of a table: where it stands, its counts, and the symbols that stand for others."""

    file: str
    line: int
    counts: Mapping[str, int]
    symbols: Mapping[str, str]


Key = tuple[int, str]


@attrs.frozen
class Published:
    """The tables that were read: by name of the table, then by year and place."""

    rows: Mapping[str, Mapping[Key, Row]]

    @property
    def known(self) -> tuple[Key, ...]:
        """The years and places of which any table has a row, sorted."""
        return tuple(sorted({key for table in self.rows.values() for key in table}))

    def targets(self, year: int, place: str = ENGLAND) -> tuple[Target, ...]:
        """Return what a caseload of a year and place should match.

        Args:
            year: the reporting year: 2024 is the one from 1 April 2023 to 31 March 2024.
            place: ``England``, or a region as the tables name it.

        Raises:
            NotPublishedError: no table has a row of them.
        """
        return tuple(one for one in self._told(year, place) if isinstance(one, Target))

    def untold(self, year: int, place: str = ENGLAND) -> tuple[Untold, ...]:
        """Return the figures of a year and place that can't be targets, as none was published.

        Raises:
            NotPublishedError: no table has a row of them.
        """
        return tuple(one for one in self._told(year, place) if isinstance(one, Untold))

    def _told(self, year: int, place: str) -> list[Target | Untold]:
        if (year, place) not in self.known:
            years = ", ".join(str(of) for of, where in self.known if where == place)
            hint = f"there are: {years}" if years else nearest(place, (at for _, at in self.known))
            raise NotPublishedError(f"no published figures of {place} {year} ({hint})")
        return [
            _target(figure, year, place, self.rows[figure.table].get((year, place)))
            for figure in FIGURES
            if figure.table in self.rows
        ]


def _target(figure: Figure, year: int, place: str, row: Row | None) -> Target | Untold:
    named = (figure.id, figure.says, figure.table, year, place)
    if row is None:
        return Untold(*named, "the table has no row of it", figure.table)
    origin = f"{Path(row.file).name}:{row.line}, {figure.part} / {figure.whole}"
    for column in (figure.part, figure.whole):
        if column in row.symbols:
            symbol = row.symbols[column]
            return Untold(*named, f"{symbol}: {SYMBOLS[symbol]}", origin)
    part, whole = row.counts[figure.part], row.counts[figure.whole]
    if whole < ROUNDED_TO:
        return Untold(*named, "there is nothing to divide by", origin)
    value, half = part / whole, ROUNDED_TO / 2
    return Target(*named, value, (part + half) / (whole - half) - value, origin)


def require_table(name: str) -> None:
    """Refuse a table that nothing may be calibrated on, or that isn't known.

    Raises:
        RefusedTableError: says why.
    """
    if name in REFUSED:
        raise RefusedTableError(f"table {name} must not be calibrated on: {REFUSED[name][1]}")
    if name not in TABLES:
        raise RefusedTableError(f"unknown table {name!r} ({nearest(name, TABLES)})")


def band_of(started: dt.date, ended: dt.date) -> int:
    """Return into which of :data:`BANDS` a plan falls: 0 for the shortest, 4 for the longest.

    For a plan still open, ``ended`` is the 31 March on which it is counted. Months are counted as
    everywhere here (:func:`cpplan.dates.add_months`): from 10 January, 3 months is up to and with
    10 April; a year begins on the next 10 January.

    The source says only that a duration runs from the start date to the end date. It doesn't say
    whether a month is a calendar month or so many days, whether the first day counts, nor what
    becomes of 31 January plus 1 month. Its D5 and D6 call the same edge "more than 3 months" and
    "3 months or more": their counts agree in 2024, and differ by up to 450 plans in 2019 to 2023.

    Args:
        started: the first day of the plan.
        ended: its last day, or the day on which it is counted.

    Raises:
        ValueError: ``ended`` is before ``started``.

    Example:
        >>> band_of(dt.date(2024, 1, 10), dt.date(2024, 4, 10))
        0
    """
    if ended < started:
        raise ValueError(f"a plan can't end on {ended}, before it starts on {started}")
    day = dt.timedelta(days=1)
    # The first day of each band after the first: "up to 6 months" has its last day, a year hasn't.
    first_days = (
        add_months(started, 3) + day,
        add_months(started, 6) + day,
        add_months(started, 12),
        add_months(started, 24),
    )
    return bisect_right(first_days, ended)
