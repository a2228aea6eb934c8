"""Published figures: the Department for Education's tables, read as what a caseload should match.

Holds which figure is read from which column, the reader, and how a duration is counted into the
published bands. It must not hold a figure itself, nor know a profile or a simulated case. Every
target is a share or a ratio, so that it doesn't matter how large a caseload is.
"""

from __future__ import annotations

import csv
import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path

import attrs

from cpplan.dates import add_months
from cpplan.reading import Document, InvalidFileError, KeyPath, Place, Problem, nearest
from cpplan_sim.scenarios import scenario_root

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


def published_root() -> Path:
    """Return the folder of the figures shipped, in a wheel or in a checkout."""
    return scenario_root() / "published" / "england"


def read_published(folder: Path | None = None, tables: Iterable[str] = tuple(TABLES)) -> Published:
    """Read published tables: one file of each, whose name begins as ``d7_``.

    The department's own files can be read as they are; local authorities are passed over.

    Args:
        folder: where the files are; by default the figures shipped.
        tables: which tables.

    Raises:
        RefusedTableError: a table is D8, or isn't known.
        InvalidFileError: with every mistake in the files, each with its place.
    """
    root = folder or published_root()
    rows: dict[str, Mapping[Key, Row]] = {}
    problems: list[Problem] = []
    for name in tables:
        require_table(name)
        try:
            rows[name] = _Reading(name, _file_of(name, root)).rows()
        except InvalidFileError as error:
            problems += error.problems
    if problems:
        raise InvalidFileError(problems)
    return Published(rows)


def _file_of(name: str, folder: Path) -> Path:
    found = sorted(folder.glob(f"{name.lower()}_*.csv"))
    if len(found) != 1:
        message = f"holds {len(found)} files of table {name}, not one"
        hint = f"its name begins with {name.lower()}_ and ends with .csv"
        raise InvalidFileError([Problem(Place(str(folder)), message, hint)])
    return found[0]


class _Reading:
    """Reads the file of one table, noting every mistake with its place."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.document = _document(path)
        self.problems: list[Problem] = []
        self.figures = [figure for figure in FIGURES if figure.table == name]
        self.columns = list(dict.fromkeys(c for f in self.figures for c in (f.whole, f.part)))

    def rows(self) -> Mapping[Key, Row]:
        """Return the national and regional rows.

        Raises:
            InvalidFileError: with every mistake.
        """
        found: dict[Key, Row] = {}
        if self._complete():
            for number, fields in enumerate(self.document.data):
                if fields["geographic_level"] in ("National", "Regional"):
                    national = fields["geographic_level"] == "National"
                    place = ENGLAND if national else fields["region_name"]
                    key = (self._count(number, "time_period"), place)
                    if key in found:
                        self._note(number, "time_period", f"{place} {key[0]} stands here twice")
                    found[key] = self._row(number)
        if self.problems:
            raise InvalidFileError(self.problems)
        return found

    def _complete(self) -> bool:
        if not self.document.data:
            self.problems.append(self.document.problem((), "holds no row", "take the table again"))
            return False
        head = self.document.data[0]
        needed = ("time_period", "geographic_level", "region_name", "category", *self.columns)
        for column in needed:
            if column not in head:
                message = f"table {self.name} needs the column {column!r}"
                self.problems.append(self.document.problem((), message, nearest(column, head)))
        return not self.problems

    def _row(self, number: int) -> Row:
        fields = self.document.data[number]
        if fields["category"] != TABLES[self.name]:
            refused = {held: f"is {name}'s: {why}" for name, (held, why) in REFUSED.items()}
            other = f"is another table's, {fields['category']!r}"
            message = refused.get(fields["category"], other)
            self._note(number, "category", message, f"{self.name} has {TABLES[self.name]!r}")
        symbols = {c: fields[c] for c in self.columns if fields[c] in SYMBOLS}
        counts = {c: self._count(number, c) for c in self.columns if c not in symbols}
        for one in self.figures:
            part, whole = counts.get(one.part, 0), counts.get(one.whole)
            if one.share and whole is not None and part > whole + ROUNDED_TO:
                self._note(number, one.part, f"{part} is more than {one.whole}, {whole}")
        place = self.document.place(number)
        return Row(place.file, place.line, counts, symbols)

    def _count(self, number: int, column: str) -> int:
        text = self.document.data[number][column]
        if text.isascii() and text.isdigit():
            return int(text)
        hint = "a whole number" + ("" if column == "time_period" else f", or {' '.join(SYMBOLS)}")
        self._note(number, column, f"{text!r} is no count", hint)
        return 0

    def _note(self, number: int, column: str, message: str, hint: str = "") -> None:
        message = f"{column}: {message}"
        hint = hint or "compare it with the published table"
        self.problems.append(self.document.problem((number, column), message, hint))


def _document(path: Path) -> Document:
    """Read a CSV file to one dict for each row, with the line and column of each value."""
    data: list[dict[str, str]] = []
    places: dict[KeyPath, tuple[int, int]] = {}
    line = 0
    try:
        lines = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        heading = next(lines, [])
        for fields in lines:
            line = lines.line_num
            if len(fields) != len(heading):
                raise ValueError(f"{len(fields)} values under {len(heading)} headings")
            places[len(data),] = (line, 1)
            starts = accumulate((len(field) + 1 for field in fields), initial=1)
            for name, start in zip(heading, starts, strict=False):
                places[len(data), name] = (line, start)
            data.append(dict(zip(heading, fields, strict=True)))
    except (OSError, csv.Error, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        problem = Problem(
            Place(str(path), line, 1), f"can't be read as a table: {why}", "save it as CSV"
        )
        raise InvalidFileError([problem]) from error
    return Document(str(path), data, places)


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
