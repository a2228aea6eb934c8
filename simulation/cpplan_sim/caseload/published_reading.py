"""Reading published tables: from the files of a folder to rows, every mistake with its place."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path

from cpplan.reading import Document, InvalidFileError, KeyPath, Place, Problem, nearest
from cpplan_sim.caseload.published import (
    ENGLAND,
    FIGURES,
    REFUSED,
    ROUNDED_TO,
    SYMBOLS,
    TABLES,
    Key,
    Published,
    Row,
    require_table,
)
from cpplan_sim.scenarios import scenario_root


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
