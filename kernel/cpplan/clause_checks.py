"""The form of the clause register: its words, and what each key of an entry may hold.

A check returns what is wrong and the way out. Nothing here reads a file or knows a clause: see
:mod:`cpplan.clause_register`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cpplan.reading import Document, KeyPath, Place, Problem, nearest

SOURCES = ("london", "jersey", "standards", "lead-social-worker", "luton")
"""The sources by the names users see, in the order of the register."""
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


class Mention(NamedTuple):
    """A clause that a text or parameter of the register refers to, and where."""

    clause_id: str
    place: Place


# What each key may hold. A check returns what is wrong and the way out, or None.

_Fault = tuple[str, str] | None
_Check = Callable[[object], _Fault]
_MENTION = re.compile(rf"(?<![\w/-])(?:{'|'.join(SOURCES)})/\w(?:[\w.-]*\w)?")


def listed(value: object) -> list[Any]:
    """Return a list as it is, and anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def _text(value: object) -> _Fault:
    return None if isinstance(value, str) and value.strip() else ("is not text", "write a word")


def _names(value: object) -> _Fault:
    good = value != [] and not any(map(_text, listed(value)))
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
        if not all(isinstance(part, str | int) for part in listed(item)):
            return f"has {key!r} that is neither text, whole number, true, false nor a list", ""
    for key in REFERENCE_PARAMETERS:
        for part in listed(value.get(key, [])):
            if not _MENTION.fullmatch(str(part)):
                return f"has {key!r} with {part!r}, not a clause id", "write source/number"
    unit = value.get("unit", "unstated")
    return None if unit in UNITS else (f"has the unit {unit!r}", nearest(unit, UNITS))


SOURCE_KEYS: Mapping[str, _Check] = {
    "name": _text,
    "title": _text,
    "edition": _text,
    "published": _text,
    "publisher": _text,
    "jurisdiction": _text,
    "note": _text,
}
CLAUSE_KEYS: Mapping[str, _Check] = {
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


def faults(
    document: Document, where: KeyPath, value: object, checks: Mapping[str, _Check]
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


def misfits(
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


def mentions_in(document: Document, entries: Mapping[int, Mapping[str, Any]]) -> Iterator[Mention]:
    """Yield every clause that a text or a parameter refers to."""
    for index, entry in entries.items():
        texts: list[tuple[tuple[str, ...], Any]] = [
            ((key,), entry.get(key)) for key in ("rule", "why", "notes")
        ]
        texts += [(("parameters", key), value) for key, value in entry["parameters"].items()]
        for where, value in texts:
            for clause_id in _MENTION.findall(" ".join(map(str, listed(value)))):
                yield Mention(clause_id, document.place("clauses", index, *where))


def unknown(mention: Mention, ids: Iterable[str]) -> Problem:
    """Return the problem of a mention that meets no clause, with the nearest id."""
    message = f"there is no clause {mention.clause_id!r}"
    return Problem(mention.place, message, nearest(mention.clause_id, ids))
