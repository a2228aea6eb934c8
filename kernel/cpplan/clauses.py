"""The clause register: every rule of the five source procedures, paraphrased, with its strength.

Holds what the sources say, one clause to a rule. It must not hold what a pack makes of them: rules,
duties and requirements are stated in packs, which cite clauses by their ids.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import attrs

from cpplan.reading import Document, InvalidFileError, Place, Problem, nearest, read_yaml

SOURCES = ("london", "jersey", "standards", "lead-social-worker", "luton")
FOLDER = Path(__file__).parent / "register"
LOCATOR_WORDS = 5
"""A locator finds a passage; more words than this would begin to copy it."""

KINDS = (
    "transition-guard",
    "ending-route",
    "deadline",
    "recurring-duty",
    "event-consequence",
    "authority",
    "plan-content",
    "membership",
    "record",
    "communication",
    "role",
    "guidance",
)
STATES = ("before-plan", "outline", "detailed", "active", "escalated", "review", "ended")
UNITS = (
    "working-days",
    "calendar-weeks",
    "months",
    "years",
    "visits",
    "per-interval",
    "event",
    "days-unspecified",
    "unstated",
)
REFERENCE_PARAMETERS = ("from", "required_by", "limits")
"""Parameters whose values are clause ids and nothing else."""

Scalar = str | int | bool
Parameter = Scalar | tuple[Scalar, ...]


class Strength(enum.Enum):
    """How far a clause binds, as its source words it."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    FACT = "fact"


class Enforcement(enum.Enum):
    """What the register proposes that a program does with a clause."""

    KERNEL_GUARD = "kernel-guard"
    """Blocks a step."""
    KERNEL_OBLIGATION = "kernel-obligation"
    """Opens a duty that is later met, late or missed."""
    KERNEL_FIELD = "kernel-field"
    """Is a field of an event or of the plan."""
    DOCS_ONLY = "docs-only"
    """Is not checked; the clause says why."""


def _frozen_items(
    parameters: Mapping[str, Any] | Iterable[tuple[str, Any]],
) -> tuple[tuple[str, Parameter], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in dict(parameters).items()
    )


@attrs.frozen
class Clause:
    """One rule of a source, paraphrased in one sentence with its figures kept exact.

    Attributes:
        id: the source's name and the clause's number, as in ``luton/1.2.4a``. Never reused.
        source: the source's name.
        number: the paragraph in the source; a letter is added where one holds several rules.
        strength: how far it binds.
        wording: the source's own verb, where it is not literally the strength; else empty.
        kind: what sort of rule it is, one of :data:`KINDS`.
        topic: what it is about, in a word shared by all sources (``visit.interval``).
        applies_in: the states it concerns.
        rule: the paraphrase.
        enforcement: what a program does with it.
        why: for ``docs-only``, the reason.
        notes: ambiguities and the modellers' decisions, which are not the source's.
        lines: lines of the source text, counted from 1.
        locator: at most five words that find the passage.
        actor: who acts, where the source says.
        authorised_by: who has to agree, where the source says.
    """

    id: str
    source: str
    number: str
    strength: Strength
    wording: str
    kind: str
    topic: str
    applies_in: tuple[str, ...]
    rule: str
    _parameters: tuple[tuple[str, Parameter], ...] = attrs.field(converter=_frozen_items)
    enforcement: Enforcement
    why: str
    notes: str
    lines: tuple[int, ...]
    locator: str
    actor: tuple[str, ...]
    authorised_by: tuple[str, ...]

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The exact values: figures with their own ``unit``, anchors, fields, guarded steps."""
        return MappingProxyType(dict(self._parameters))


def _frozen(clauses: Mapping[str, Clause]) -> Mapping[str, Clause]:
    return MappingProxyType(dict(clauses))


@attrs.frozen
class Source:
    """One published procedure and its clauses.

    Attributes:
        name: what users call it.
        title: as published.
        edition: which text this is.
        published: its date, as far as known: ``2024-11-01``, ``2020-03`` or ``None``.
        publisher: who issued it, or ``None`` if the text does not say.
        jurisdiction: whose law and public holidays it is under.
        note: what a reader has to know before relying on the paraphrase.
        clauses: its clauses by id, in the order of the text.
    """

    name: str
    title: str
    edition: str
    published: str | None
    publisher: str | None
    jurisdiction: str
    note: str
    clauses: Mapping[str, Clause] = attrs.field(converter=_frozen, hash=False, repr=False)


class UnknownSourceError(LookupError):
    """There is no source of that name."""


class _Mention(NamedTuple):
    """A clause that a text or parameter of the register refers to, and where."""

    clause_id: str
    place: Place


def sources() -> tuple[str, ...]:
    """Return the names of the sources, in the order of the register."""
    return SOURCES


def load_source(name: str, folder: Path = FOLDER) -> Source:
    """Return one source, read once in the life of the process.

    Reading takes about 7 ms a clause, so a program should load only what it cites. References to
    clauses of other sources are left to :func:`check_register`.

    Args:
        name: one of :func:`sources`.
        folder: where ``<name>.yaml`` lies; the register shipped by default.

    Returns:
        The source with all of its clauses.

    Raises:
        UnknownSourceError: there is no such source.
        InvalidFileError: the file breaks the register's form; all of its problems are given.

    Example:
        >>> from cpplan.clauses import load_source
        >>> role = load_source("lead-social-worker")
        >>> clause = role.clauses["lead-social-worker/para-23b"]
        >>> clause.parameters["every"], clause.parameters["unit"]
        (10, 'working-days')
    """
    if name not in SOURCES:
        raise UnknownSourceError(f"there is no source {name!r}; {nearest(name, SOURCES)}")
    return _read(folder / f"{name}.yaml")[0]


def load_register(folder: Path = FOLDER) -> Mapping[str, Clause]:
    """Return all clauses of all sources by id.

    Looking a clause up reads its source alone; counting or listing the clauses reads all five,
    which takes seconds. A file is therefore checked when it is first needed, and may raise what
    :func:`load_source` raises then.

    Args:
        folder: where the sources lie; the register shipped by default.
    """
    return _Register(folder)


def check_register(folder: Path = FOLDER) -> None:
    """Read every source and check that all of their references meet a clause.

    Args:
        folder: where the sources lie; the register shipped by default.

    Raises:
        InvalidFileError: with the problems of all files together.
    """
    read: dict[str, tuple[Source, tuple[_Mention, ...]]] = {}
    problems: list[Problem] = []
    for name in SOURCES:
        try:
            read[name] = _read(folder / f"{name}.yaml")
        except InvalidFileError as error:
            problems.extend(error.problems)
    ids = {name: source.clauses.keys() for name, (source, _) in read.items()}
    problems.extend(
        _unknown(mention, ids[name])
        for _, mentions in read.values()
        for mention in mentions
        if (name := mention.clause_id.partition("/")[0]) in ids
        if mention.clause_id not in ids[name]
    )
    if problems:
        raise InvalidFileError(problems)


class _Register(Mapping[str, Clause]):
    """All clauses by id; a source is read when a clause of it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, clause_id: str) -> Clause:
        name = clause_id.partition("/")[0]
        if name not in SOURCES:
            raise KeyError(clause_id)
        return load_source(name, self._folder).clauses[clause_id]

    def __iter__(self) -> Iterator[str]:
        for name in SOURCES:
            yield from load_source(name, self._folder).clauses

    def __len__(self) -> int:
        return sum(len(load_source(name, self._folder).clauses) for name in SOURCES)


# What each key may hold. A check returns what is wrong and the way out, or None.

_Fault = tuple[str, str] | None
_Check = Callable[[object], _Fault]
_MENTION = re.compile(rf"(?<![\w/-])(?:{'|'.join(SOURCES)})/\w(?:[\w.-]*\w)?")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> _Fault:
    return None if isinstance(value, str) and value.strip() else ("is not text", "write a word")


def _names(value: object) -> _Fault:
    good = value != [] and not any(map(_text, _listed(value)))
    return None if good else ("is not a name or a list of names", "")


def _one_of(valid: Iterable[str]) -> _Check:
    names = tuple(valid)
    return lambda value: None if value in names else (f"is {value!r}", nearest(value, names))


def _states(value: object) -> _Fault:
    if not isinstance(value, list):
        return "is not a list", "write [outline, detailed]"
    wrong = [state for state in value if state not in STATES]
    return (f"has {wrong[0]!r}", nearest(wrong[0], STATES)) if wrong else None


def _line_numbers(value: object) -> _Fault:
    good = isinstance(value, list) and all(type(line) is int and line > 0 for line in value)
    return None if good and value else ("is not a list of line numbers", "count from 1")


def _locator(value: object) -> _Fault:
    words = len(value.split()) if isinstance(value, str) else 0
    if words > LOCATOR_WORDS:
        return f"has {words} words, more than {LOCATOR_WORDS}", "the first few will do"
    return _text(value)


def _parameters(value: object) -> _Fault:
    if not isinstance(value, dict):
        return "is not a mapping", "write {} if there are none"
    for key, item in value.items():
        if not all(isinstance(part, str | int) for part in _listed(item)):
            return f"has {key!r} that is neither text, whole number, true, false nor a list", ""
    for key in REFERENCE_PARAMETERS:
        for part in _listed(value.get(key, [])):
            if not _MENTION.fullmatch(str(part)):
                return f"has {key!r} with {part!r}, not a clause id", "write source/number"
    unit = value.get("unit", "unstated")
    return None if unit in UNITS else (f"has the unit {unit!r}", nearest(unit, UNITS))


_SOURCE: Mapping[str, _Check] = {
    "name": _text,
    "title": _text,
    "edition": _text,
    "published": _text,
    "publisher": _text,
    "jurisdiction": _text,
    "note": _text,
}
_CLAUSE: Mapping[str, _Check] = {
    "id": _text,
    "lines": _line_numbers,
    "locator": _locator,
    "topic": _text,
    "strength": _one_of(strength.value for strength in Strength),
    "wording": _text,
    "kind": _one_of(KINDS),
    "applies_in": _states,
    "rule": _text,
    "parameters": _parameters,
    "actor": _names,
    "authorised_by": _names,
    "enforce": _one_of(enforcement.value for enforcement in Enforcement),
    "why": _text,
    "notes": _text,
}
_OPTIONAL = {"published", "publisher", "wording", "actor", "authorised_by", "why", "notes"}


@functools.cache
def _read(path: Path) -> tuple[Source, tuple[_Mention, ...]]:
    """Read one file: the source, and every clause that its clauses mention."""
    document = read_yaml(path)
    data = document.data
    keys = data.keys() if isinstance(data, dict) else set()
    if keys != {"source", "clauses"} or not isinstance(data["clauses"], list):
        hint = "write source: {...} and clauses: [...]"
        raise InvalidFileError([document.problem((), "is not a source with its clauses", hint)])
    head = data["source"]
    problems = list(_faults(document, ("source",), head, _SOURCE))
    if not problems and head["name"] != path.stem:
        problems.append(document.problem(("source", "name"), f"name is not {path.stem!r}"))
    sound: dict[int, dict[str, Any]] = {}
    for index, entry in enumerate(data["clauses"]):
        faults = list(_faults(document, ("clauses", index), entry, _CLAUSE))
        problems.extend(faults)
        if not faults:
            sound[index] = entry
    problems.extend(_misfits(document, path.stem, sound))
    mentions = tuple(_mentions(document, sound))
    ids = {str(entry.get("id")) for entry in data["clauses"] if isinstance(entry, dict)}
    problems.extend(
        _unknown(mention, ids)
        for mention in mentions
        if mention.clause_id.startswith(f"{path.stem}/") and mention.clause_id not in ids
    )
    if problems:
        raise InvalidFileError(problems)
    clauses = {entry["id"]: _clause(entry) for entry in sound.values()}
    return Source(**{"published": None, "publisher": None, **head}, clauses=clauses), mentions


def _faults(
    document: Document, where: tuple[str | int, ...], value: object, checks: Mapping[str, _Check]
) -> Iterator[Problem]:
    """Yield what is wrong with one mapping, taken by itself."""
    if not isinstance(value, dict):
        yield document.problem(where, "is not a mapping of names to values")
        return
    for key in checks.keys() - value.keys() - _OPTIONAL:
        yield document.problem(where, f"has no {key!r}")
    for key, item in value.items():
        if key not in checks:
            yield document.problem((*where, key), f"unknown key {key!r}", nearest(key, checks))
        elif (fault := checks[key](item)) is not None:
            yield document.problem((*where, key), f"{key} {fault[0]}", fault[1])
    if value.get("enforce") == Enforcement.DOCS_ONLY.value and "why" not in value:
        yield document.problem((*where, "enforce"), "docs-only without a reason", "add 'why'")


def _misfits(
    document: Document, name: str, entries: Mapping[int, Mapping[str, Any]]
) -> Iterator[Problem]:
    """Yield ids that don't fit the source or the ids before them."""
    seen: set[str] = set()
    for index, entry in entries.items():
        where, clause_id = ("clauses", index, "id"), entry["id"]
        if not clause_id.startswith(f"{name}/"):
            yield document.problem(where, f"id {clause_id!r} is not of {name}", f"write {name}/...")
        elif clause_id in seen:
            yield document.problem(where, f"id {clause_id!r} is used before", "add a letter")
        seen.add(clause_id)


def _mentions(document: Document, entries: Mapping[int, Mapping[str, Any]]) -> Iterator[_Mention]:
    """Yield every clause that a text or a parameter refers to."""
    for index, entry in entries.items():
        texts: list[tuple[tuple[str, ...], Any]] = [
            ((key,), entry.get(key)) for key in ("rule", "why", "notes")
        ]
        texts += [(("parameters", key), value) for key, value in entry["parameters"].items()]
        for where, value in texts:
            for clause_id in _MENTION.findall(" ".join(map(str, _listed(value)))):
                yield _Mention(clause_id, document.place("clauses", index, *where))


def _unknown(mention: _Mention, ids: Iterable[str]) -> Problem:
    message = f"there is no clause {mention.clause_id!r}"
    return Problem(mention.place, message, nearest(mention.clause_id, ids))


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
        actor=tuple(_listed(entry.get("actor", []))),
        authorised_by=tuple(_listed(entry.get("authorised_by", []))),
    )
