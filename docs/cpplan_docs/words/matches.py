"""Matches in words: which event counts, what it has to say, and what values are called.

Reads matches and tests alone; links to events and steps.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Any

from cpplan import Procedure
from cpplan.events import KINDS
from cpplan.fields import label
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan_docs import addresses
from cpplan_docs.words.markdown import link, plain
from cpplan_docs.words.wording import spaced


def matches(procedure: Procedure, found: Iterable[Match], path: str) -> list[str]:
    """Return events that count, each in words, for the page at ``path``."""
    return [match(procedure, one, path) for one in found]


def match(procedure: Procedure, one: Match, path: str) -> str:
    """Return an event that counts, with what it has to say."""
    told = link(plain(spaced(one.event)), addresses.event(one.event), path)
    said = [*_said(one), *_taken(procedure, one, path)]
    return told + (f" ({'; '.join(said)})" if said else "")


def _said(one: Match) -> Iterator[str]:
    for path, allowed in one.when:
        yield f"{field(one.event, path)}: {listed(allowed, 'or')}"
    for test in one.where:
        yield tested(one.event, test)
    if one.on_field:
        yield f"counted from {field(one.event, one.on_field)}"


def _taken(procedure: Procedure, one: Match, path: str) -> Iterator[str]:
    if one.takes:
        yield f"by which it comes to stand that {step(procedure, one.takes, path)}"


def step(procedure: Procedure, name: str, path: str) -> str:
    """Return what a step means, as a link to where it is told."""
    words = procedure.steps.get(name, spaced(name))
    return link(plain(words), addresses.step(procedure.name, name), path)


def field(event: str, path: str) -> str:
    """Return the words for a field of a kind of event."""
    return plain(label(KINDS[event], path))


def tested(event: str, test: FieldTest | AnyTest) -> str:
    """Return a test on a field as what has to be so."""
    if isinstance(test, AnyTest):
        return ", or ".join(tested(event, one) for one in test.tests)
    return f"{field(event, test.path)}: {_wanted(test)}"


def _wanted(test: FieldTest) -> str:
    operand = test.operand
    if test.operator == "given":
        return "recorded" if operand else "not recorded"
    if test.operator == "in":
        return listed(operand, "or")
    told = listed(operand if isinstance(operand, (list, tuple)) else [operand], "and")
    return f"{_BEFORE.get(test.operator, '')} {told}".strip()


_BEFORE = {
    "is-not": "not",
    "includes": "among them",
    "at-most": "at most",
    "at-least": "at least",
}
"""What stands before the operand of a test, by its operator."""


def value(one: Any) -> str:
    """Return a value of a field in words."""
    if isinstance(one, bool):
        return "yes" if one else "no"
    return plain(spaced(str(one.value if isinstance(one, enum.Enum) else one)))


def listed(values: Iterable[Any], last: str) -> str:
    """Return values in words, with ``and`` or ``or`` before the last."""
    *others, end = [value(one) for one in values]
    return f"{', '.join(others)} {last} {end}" if others else end
