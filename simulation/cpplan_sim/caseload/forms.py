"""The forms of file that rows are written in: CSV, Parquet and, for events, XES.

Holds how rows become bytes, part by part, so that memory doesn't grow with the rows; none of the
bytes depends on how rows were cut into chunks. What must not be here: names and places of files,
which :mod:`cpplan_sim.caseload.exporting` opens and moves.

XES is the XML of event logs that process mining reads (XES 1.0, IEEE 1849). Each case is a trace.
The extensions used are concept, time and lifecycle; an attribute of our own has no prefix, which is
how XES marks one of no extension. XES has no day without a time, so the time is midnight UTC and
only the day counts; events of one day are told apart by their order.
"""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Protocol, TypeVar
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt

from cpplan_sim.caseload.rows import NO_NAME, Coded, Column, EventRows, Kind, Rows, missing

PART = 8_192
"""Rows turned to text at a time: a few megabytes."""

GROUP = 131_072
"""Rows of a row group in Parquet, however they come."""

R_contra = TypeVar("R_contra", bound=Rows, contravariant=True)


class UnwritableError(ValueError):
    """A name holds a character that a form of file can't."""


class Form(Protocol[R_contra]):
    """A form of file, being written."""

    def add(self, rows: R_contra) -> None:
        """Write some rows."""

    def finish(self) -> None:
        """Write what makes the file whole."""

    def abandon(self) -> None:
        """Let go of what would still be written; the file is thrown away."""


class Csv:
    """CSV in UTF-8, lines ended by a line feed; a cell is quoted where it must be."""

    def __init__(self, file: BinaryIO, kind: type[Rows]) -> None:
        """Write the names of the columns."""
        self.file = file
        self.columns = kind.columns()
        self._write(",".join(column.name for column in self.columns) + "\n")

    def add(self, rows: Rows) -> None:
        """Write some rows."""
        for part in rows.parts(PART):
            cells = [_cells(column, getattr(part, column.name)) for column in self.columns]
            lines = map(",".join, zip(*cells, strict=True))
            self._write("\n".join(lines) + "\n")

    def finish(self) -> None:
        """Do nothing: every line is whole."""

    def abandon(self) -> None:
        """Do nothing: nothing is held back."""

    def _write(self, text: str) -> None:
        self.file.write(text.encode())


def _cells(column: Column, values: Any) -> list[str]:
    if column.kind is Kind.NAME:
        return _looked_up(map(_quoted_cell, values.names), values.codes)
    if column.kind is Kind.FLAG:
        return ["true" if value else "false" for value in values.tolist()]
    texts = _days(values) if column.kind is Kind.DAY else [str(value) for value in values.tolist()]
    for row in np.flatnonzero(missing(column, values)) if column.maybe else ():
        texts[row] = ""
    return texts


def _days(values: npt.NDArray[np.int32]) -> list[str]:
    """Return ISO dates; each day is written once, since many rows share it."""
    days, places = np.unique(values, return_inverse=True)
    return _looked_up(np.datetime_as_string(days.astype("datetime64[D]")).tolist(), places)


def _looked_up(texts: Iterable[str], codes: npt.NDArray[np.integer[Any]]) -> list[str]:
    """Return the text of each row by its code, empty where there is none."""
    assert NO_NAME == -1, "the last text stands where there is no name"
    table: npt.NDArray[np.object_] = np.array([*texts, ""], dtype=object)
    found: list[str] = table[codes].tolist()
    return found


def _quoted_cell(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if re.search('[,"\r\n]', name) else name


class Parquet:
    """Parquet: days as dates, names as text, empty cells as null."""

    def __init__(self, file: BinaryIO, kind: type[Rows]) -> None:
        """Write the head."""
        # An extra, so imported only when it is asked for.
        self.arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
        self.columns = kind.columns()
        self.schema = self.arrow.schema(
            [
                self.arrow.field(one.name, self._type(one), nullable=one.maybe)
                for one in self.columns
            ]
        )
        self.writer = parquet.ParquetWriter(file, self.schema, compression="zstd")
        self.held = self.schema.empty_table()

    def add(self, rows: Rows) -> None:
        """Write as many whole row groups as there are, and hold the rest."""
        for part in rows.parts(GROUP):
            found = [self._array(one, getattr(part, one.name)) for one in self.columns]
            table = self.arrow.Table.from_arrays(found, schema=self.schema)
            self.held = self.arrow.concat_tables([self.held, table])
            if len(self.held) >= GROUP:
                self._write(self.held.slice(0, GROUP))
                self.held = self.held.slice(GROUP)

    def finish(self) -> None:
        """Write the rest, and the foot."""
        if len(self.held):
            self._write(self.held)
        self.writer.close()

    def abandon(self) -> None:
        """Close the writer now, since it would write its foot later, to a closed file."""
        with contextlib.suppress(OSError):
            self.writer.close()
        self.writer.is_open = False

    def _write(self, table: Any) -> None:
        # Where pages end would depend on the pieces otherwise.
        self.writer.write_table(table.combine_chunks())

    def _type(self, column: Column) -> Any:
        match column.kind:
            case Kind.NAME:
                return self.arrow.string()
            case Kind.DAY:
                return self.arrow.date32()
            case _:
                return self.arrow.from_numpy_dtype(column.dtype)

    def _array(self, column: Column, values: Any) -> Any:
        empty = missing(column, values) if column.maybe else None
        if column.kind is Kind.NAME:
            names = self.arrow.array(values.names, self.arrow.string())
            codes = self.arrow.array(values.codes, mask=empty)
            return self.arrow.DictionaryArray.from_arrays(codes, names).dictionary_decode()
        return self.arrow.array(values, mask=empty).view(self._type(column))


RECORDED, ABORTED = "complete", "ate_abort"
"""Transitions of the standard lifecycle: an activity completed, and one that was broken off."""

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" \
uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
    <string key="concept:name" value="UNKNOWN"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="UNKNOWN"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name lifecycle:transition"/>
  <string key="lifecycle:model" value="standard"/>
"""
FOOT = "</log>\n"

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can hold, escaped or not."""


class Xes:
    """Writes events to a file as XES; a case that goes on in the next rows stays one trace."""

    def __init__(self, file: BinaryIO, *, refused: bool) -> None:
        """Write the head.

        Args:
            file: where to.
            refused: write the attempts that were refused too.
        """
        self.file = file
        self.refused = refused
        self.case: int | None = None
        self._write(HEAD)

    def add(self, rows: EventRows) -> None:
        """Write some events.

        Raises:
            UnwritableError: a name holds a character that XML can't.
        """
        for part in rows.parts(PART):
            self._write("".join(self._texts(part)))

    def finish(self) -> None:
        """Write the end."""
        self._write(("  </trace>\n" if self.case is not None else "") + FOOT)

    def abandon(self) -> None:
        """Do nothing: what was written is thrown away with the file."""

    def _texts(self, rows: EventRows) -> Iterator[str]:
        """Yield the traces as they open, and the events; a case of refusals alone is a trace."""
        kept = np.ones(len(rows), np.bool_) if self.refused else rows.accepted
        for case, wanted, event in zip(
            rows.case.tolist(), kept.tolist(), _events(rows), strict=True
        ):
            if case != self.case:
                yield from self._opened(case)
            if wanted:
                yield event

    def _opened(self, case: int) -> Iterator[str]:
        if self.case is not None:
            yield "  </trace>\n"
        self.case = case
        yield f'  <trace>\n    <string key="concept:name" value="{case}"/>\n'

    def _write(self, text: str) -> None:
        self.file.write(text.encode())


def _events(rows: EventRows) -> Iterator[str]:
    transitions = Coded(np.where(rows.accepted, 0, 1).astype(np.int32), (RECORDED, ABORTED))
    columns = (
        _attributes("concept:name", rows.event),
        (
            f'      <date key="time:timestamp" value="{day}T00:00:00+00:00"/>\n'
            for day in _days(rows.on)
        ),
        _attributes("lifecycle:transition", transitions),
        (f'      <int key="number" value="{one}"/>\n' for one in rows.number.tolist()),
        _attributes("state_before", rows.state_before),
        _attributes("state_after", rows.state_after),
        _attributes("rule", rows.rule),
        _attributes("refusals", rows.refusals),
    )
    for attributes in zip(*columns, strict=True):
        yield f"    <event>\n{''.join(attributes)}    </event>\n"


def _attributes(key: str, column: Coded) -> list[str]:
    """Return the attribute of each row, empty where the column is; each name is escaped once."""
    texts = (f'      <string key="{key}" value={_quoted_value(name)}/>\n' for name in column.names)
    return _looked_up(texts, column.codes)


def _quoted_value(name: str) -> str:
    found = _UNWRITABLE.search(name)
    if found:
        character = found.group()
        raise UnwritableError(
            f"{name!r} holds {character!r}, which XML can't: rename it, or write .csv or .parquet"
        )
    return quoteattr(name)
