"""Cases and events written out as they come: CSV, Parquet and, for events, XES.

Holds what all forms share: a file is written under another name beside its own, and gets its own
when it is whole. What a column means is in :mod:`cpplan_sim.caseload.rows`, how rows become bytes
in :mod:`cpplan_sim.caseload.forms`. Memory is bounded by a chunk, never by the cases.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic, Self, TypeVar

from cpplan.reading import InvalidFileError, Place, Problem
from cpplan_sim.caseload.forms import Csv, Form, Parquet, UnwritableError, Xes
from cpplan_sim.caseload.rows import CaseRows, Chunk, EventRows, Rows

CSV, PARQUET, XES = ".csv", ".parquet", ".xes"

ENDINGS: dict[type[Rows], tuple[str, ...]] = {
    CaseRows: (CSV, PARQUET),
    EventRows: (CSV, PARQUET, XES),
}
"""The endings that a name can have, by what the file holds."""

R = TypeVar("R", bound=Rows)


class ExportError(Exception):
    """A file couldn't be written whole; nothing of it is left. The message names the file."""


class Exports:
    """Files of cases, of events, or of both, filled in one pass over the chunks.

    As a context manager it is closed at the end, and discarded if there is an exception.
    """

    def __init__(
        self,
        cases: Path | None = None,
        events: Path | None = None,
        *,
        overwrite: bool = False,
        refused: bool = False,
    ) -> None:
        """Open the files under other names.

        Args:
            cases: the file of cases, if wanted: ``.csv`` or ``.parquet``.
            events: the file of events, if wanted: ``.csv``, ``.parquet`` or ``.xes``.
            overwrite: replace files that are there already.
            refused: write refused attempts to XES too; the tables always have them.

        Raises:
            InvalidFileError: with everything that speaks against these names.
        """
        wanted = [(path, kind) for path, kind in ((cases, CaseRows), (events, EventRows)) if path]
        problems = [one for each in wanted for one in _problems(*each, overwrite=overwrite)]
        if cases and events and cases.resolve() == events.resolve():
            problems.append(Problem(Place(str(cases)), "is named twice", "use one for each"))
        if problems:
            raise InvalidFileError(problems)
        self._overwrite = overwrite
        self._open = True
        self._cases: _Target[CaseRows] | None = None
        self._events: _Target[EventRows] | None = None
        try:
            if cases:
                self._cases = _Target(cases, _table(cases, CaseRows))
            if events:
                xes = partial(Xes, refused=refused)
                made = xes if _ending(events) == XES else _table(events, EventRows)
                self._events = _Target(events, made)
        except BaseException:
            self.discard()
            raise

    def add(self, chunk: Chunk) -> None:
        """Write the rows of a chunk.

        Raises:
            ExportError: a file can't be written; all are discarded then.
        """
        if not self._open:
            raise ExportError("the files are closed: nothing can be added")
        try:
            if self._cases:
                self._cases.add(chunk.cases)
            if self._events:
                self._events.add(chunk.events)
        except BaseException:
            self.discard()
            raise

    def close(self) -> None:
        """Make the files whole and give them their names, once all of them are whole.

        Raises:
            ExportError: a file can't be written or moved; all that are not moved are discarded.
        """
        if not self._open:
            return
        try:
            for target in self._targets():
                target.finish()
            for target in self._targets():
                target.move(overwrite=self._overwrite)
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove what was written and has not got its name yet."""
        self._open = False
        for target in self._targets():
            target.discard()

    def _targets(self) -> list[_Target[Any]]:
        return [target for target in (self._cases, self._events) if target is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self.discard()


def write_cases(chunks: Iterable[Chunk], path: Path, *, overwrite: bool = False) -> None:
    """Write the cases of chunks to a file, its form by the ending of its name.

    Args:
        chunks: what an engine gives; read once.
        path: the file: ``.csv`` or ``.parquet``.
        overwrite: replace a file that is there already.

    Raises:
        InvalidFileError: the file can't have this name.
        ExportError: it can't be written.
    """
    with Exports(cases=path, overwrite=overwrite) as exports:
        for chunk in chunks:
            exports.add(chunk)


def write_events(
    chunks: Iterable[Chunk], path: Path, *, overwrite: bool = False, refused: bool = False
) -> None:
    """Write the events of chunks to a file, its form by the ending of its name.

    Args:
        chunks: what an engine gives; read once.
        path: the file: ``.csv``, ``.parquet`` or ``.xes``.
        overwrite: replace a file that is there already.
        refused: write refused attempts to XES too; the tables always have them.

    Raises:
        InvalidFileError: the file can't have this name.
        ExportError: it can't be written.
    """
    with Exports(events=path, overwrite=overwrite, refused=refused) as exports:
        for chunk in chunks:
            exports.add(chunk)


def _problems(path: Path, kind: type[Rows], *, overwrite: bool) -> Iterator[Problem]:
    place, ending, forms = Place(str(path)), _ending(path), ENDINGS[kind]
    if ending not in forms:
        message = f"{kind.THING} can't be written as {ending or 'a name without an ending'}"
        yield Problem(place, message, f"let the name end in {', '.join(forms)}")
    elif ending == PARQUET and importlib.util.find_spec("pyarrow") is None:
        yield Problem(place, "Parquet needs pyarrow", "pip install 'cpplan[parquet]', or use .csv")
    if path.is_dir():
        yield Problem(place, "is a folder", "name a file in it")
    elif path.exists() and not overwrite:
        yield Problem(place, "is there already", "name another, or ask to overwrite it")


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _table(path: Path, kind: type[Rows]) -> Callable[[BinaryIO], Form[Rows]]:
    return partial(Parquet if _ending(path) == PARQUET else Csv, kind=kind)


class _Target(Generic[R]):
    """One file: written under another name beside its own, then moved."""

    def __init__(self, path: Path, form: Callable[[BinaryIO], Form[R]]) -> None:
        self.path = path
        self.part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            self.file: BinaryIO = self.part.open("xb")
        except OSError as error:
            message = f"can't be written: {error.strerror or error}"
            hint = "name a file in a folder that is there and can be written to"
            raise InvalidFileError([Problem(Place(str(path)), message, hint)]) from error
        try:
            with self._named():
                self.form = form(self.file)
        except BaseException:
            self._remove()
            raise

    def add(self, rows: R) -> None:
        with self._named():
            self.form.add(rows)

    def finish(self) -> None:
        with self._named():
            self.form.finish()
            self.file.flush()
            # A disk may only now say that it is full.
            os.fsync(self.file.fileno())
            self.file.close()

    def move(self, *, overwrite: bool) -> None:
        if self.path.exists() and not overwrite:
            raise ExportError(f"{self.path}: has come to be there in the meantime; name another")
        with self._named():
            self.part.replace(self.path)

    def discard(self) -> None:
        if not self.file.closed:
            self.form.abandon()
        self._remove()

    def _remove(self) -> None:
        # Closing writes what is held back; what a full disk can't take is thrown away in any case.
        with contextlib.suppress(OSError):
            self.file.close()
        self.part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except UnwritableError as error:
            raise ExportError(f"{self.path}: {error}") from error
        except OSError as error:
            why = error.strerror or error
            raise ExportError(
                f"{self.path}: can't be written: {why} (free space, or name a file elsewhere)"
            ) from error
