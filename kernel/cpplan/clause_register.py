"""The clause register: the files of the sources, read and checked when a clause is first needed.

What a clause is stands in :mod:`cpplan.clauses`, and what may stand in a file in
:mod:`cpplan.clause_checks`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cpplan.clause_checks import (
    CLAUSE_KEYS,
    SOURCE_KEYS,
    SOURCES,
    Enforcement,
    Mention,
    Strength,
    faults,
    listed,
    mentions_in,
    misfits,
    unknown,
)
from cpplan.clauses import Clause, Source
from cpplan.reading import Document, InvalidFileError, Problem, nearest, read_yaml

FOLDER = Path(__file__).parent / "register"


class UnknownSourceError(LookupError):
    """There is no source of that name."""


def load_source(name: str, folder: Path = FOLDER) -> Source:
    """Return one source, read once in the life of the process.

    Reading takes about 7 ms a clause, so a program should load only what it cites. References to
    clauses of other sources are left to :func:`check_register`.

    Args:
        name: one of :data:`SOURCES`.
        folder: where ``<name>.yaml`` lies; the register shipped by default.

    Returns:
        The source with all of its clauses.

    Raises:
        UnknownSourceError: there is no such source.
        InvalidFileError: the file breaks the register's form; all of its problems are given.

    Example:
        >>> from cpplan.clause_register import load_source
        >>> role = load_source("lead-social-worker")
        >>> clause = role.clauses["lead-social-worker/para-23b"]
        >>> clause.parameters["every"], clause.parameters["unit"]
        (10, 'working-days')
    """
    if name not in SOURCES:
        raise UnknownSourceError(f"there is no source {name!r}; {nearest(name, SOURCES)}")
    return _read(folder / f"{name}.yaml")[0]


def load_register(folder: Path = FOLDER, names: Iterable[str] = SOURCES) -> Mapping[str, Clause]:
    """Return all clauses of the sources by id.

    Nothing is read yet. Asking whether there is a clause reads the ids of its source; looking it
    up reads that source; counting or listing the clauses reads every source, which takes seconds.
    A file is therefore checked when it is first needed, and may raise what :func:`load_source`
    raises then.

    Args:
        folder: where the sources lie; the register shipped by default.
        names: the sources wanted; all of them by default.
    """
    return _Register(folder, tuple(names))


def check_register(folder: Path = FOLDER) -> None:
    """Read every source and check that all of their references meet a clause.

    Args:
        folder: where the sources lie; the register shipped by default.

    Raises:
        InvalidFileError: with the problems of all files together.
    """
    read: dict[str, tuple[Source, tuple[Mention, ...]]] = {}
    problems: list[Problem] = []
    for name in SOURCES:
        try:
            read[name] = _read(folder / f"{name}.yaml")
        except InvalidFileError as error:
            problems.extend(error.problems)
    ids = {name: source.clauses.keys() for name, (source, _) in read.items()}
    problems.extend(
        unknown(mention, ids[name])
        for _, mentions in read.values()
        for mention in mentions
        if (name := mention.clause_id.partition("/")[0]) in ids
        if mention.clause_id not in ids[name]
    )
    if problems:
        raise InvalidFileError(problems)


class _Register(Mapping[str, Clause]):
    """Clauses by id; a source is read when a clause of it is first looked up."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder = folder
        self._names = names

    def __getitem__(self, clause_id: str) -> Clause:
        name = clause_id.partition("/")[0]
        if name not in self._names:
            raise KeyError(clause_id)
        return load_source(name, self._folder).clauses[clause_id]

    def __contains__(self, clause_id: object) -> bool:
        """Return whether there is such a clause; the file is read only if its ids don't show it."""
        name = str(clause_id).partition("/")[0]
        if name not in self._names:
            return False
        if clause_id in _ids_shown(self._folder / f"{name}.yaml"):
            return True
        return clause_id in load_source(name, self._folder).clauses

    def __iter__(self) -> Iterator[str]:
        for name in self._names:
            yield from load_source(name, self._folder).clauses

    def __len__(self) -> int:
        return sum(len(load_source(name, self._folder).clauses) for name in self._names)


@functools.cache
def _ids_shown(path: Path) -> frozenset[str]:
    """Return the ids that stand on lines of their own, as in every file of the register shipped."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return frozenset(re.findall(r"^ *- id: (\S+)$", text, re.MULTILINE))


@functools.cache
def _read(path: Path) -> tuple[Source, tuple[Mention, ...]]:
    """Read one file: the source, and every clause that its clauses mention."""
    document = read_yaml(path)
    head, entries = _halves(document)
    problems = list(faults(document, ("source",), head, SOURCE_KEYS))
    if not problems and head["name"] != path.stem:
        problems.append(document.problem(("source", "name"), f"name is not {path.stem!r}"))
    sound = _sound(document, entries, problems)
    problems.extend(misfits(document, path.stem, sound))
    mentions = tuple(mentions_in(document, sound))
    ids = {str(entry.get("id")) for entry in entries if isinstance(entry, dict)}
    problems.extend(
        unknown(mention, ids)
        for mention in mentions
        if mention.clause_id.startswith(f"{path.stem}/") and mention.clause_id not in ids
    )
    if problems:
        raise InvalidFileError(problems)
    clauses = {entry["id"]: _clause(entry) for entry in sound.values()}
    return Source(**{"published": None, "publisher": None, **head}, clauses=clauses), mentions


def _halves(document: Document) -> tuple[Any, list[Any]]:
    """Return what a file says of its source, and its entries."""
    data = document.data
    keys = data.keys() if isinstance(data, dict) else set()
    if keys != {"source", "clauses"} or not isinstance(data["clauses"], list):
        hint = "write source: {...} and clauses: [...]"
        raise InvalidFileError([document.problem((), "is not a source with its clauses", hint)])
    return data["source"], data["clauses"]


def _sound(
    document: Document, entries: list[Any], problems: list[Problem]
) -> dict[int, dict[str, Any]]:
    """Return the entries without a fault by their place in the file, and note the faults."""
    sound = {}
    for index, entry in enumerate(entries):
        found = list(faults(document, ("clauses", index), entry, CLAUSE_KEYS))
        problems.extend(found)
        if not found:
            sound[index] = entry
    return sound


def _clause(entry: Mapping[str, Any]) -> Clause:
    source, _, number = entry["id"].partition("/")
    return Clause(
        id=entry["id"],
        source=source,
        number=number,
        strength=Strength(entry["strength"]),
        wording=entry.get("wording", ""),
        kind=entry["kind"],
        topic=entry["topic"],
        applies_in=tuple(entry["applies_in"]),
        rule=entry["rule"],
        parameters=entry["parameters"],
        enforcement=Enforcement(entry["enforce"]),
        why=entry.get("why", ""),
        notes=entry.get("notes", ""),
        lines=tuple(entry["lines"]),
        locator=entry["locator"],
        actor=tuple(listed(entry.get("actor", []))),
        authorised_by=tuple(listed(entry.get("authorised_by", []))),
    )
