"""Sides: what a DECLARE constraint speaks of, one activity with a condition on its attributes.

An activity is a kind of event, or a state left or entered. A log has, for each event that moves a
plan, ``leaves`` and ``enters`` with their states before it, and ``left`` and ``entered`` after it,
all on its day. A later side takes those before, a first side those after: so no event is ever its
own other side, which is what a requirement means.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.requirements import Atom
from cpplan_sim.exporting.conditions import Conditions
from cpplan_sim.exporting.saying import words

ENTERS, LEAVES = "enters", "leaves"
"""The attributes that hold the states that an event enters and leaves, if it moves a plan."""

BEFORE = {ENTERS: "enters", LEAVES: "leaves"}
AFTER = {ENTERS: "entered", LEAVES: "left"}
"""The first words of the activities before and after an event."""


class InexpressibleError(ValueError):
    """A requirement can't be written in DECLARE as its readers understand it; says why."""


@attrs.frozen
class Test:
    """An attribute is a value."""

    attribute: str
    value: str


@attrs.frozen
class AllOf:
    """Every one of several."""

    parts: tuple[Condition, ...]


@attrs.frozen
class OneOf:
    """One of several."""

    parts: tuple[Condition, ...]


Condition = Test | AllOf | OneOf


@attrs.frozen
class Side:
    """One side of a constraint.

    Attributes:
        activity: what it speaks of, in words.
        condition: what must hold of its attributes, if anything.
    """

    activity: str
    condition: Condition | None = None

    def text(self, letter: str) -> str:
        """Return the condition as a constraint has it, on the event that a letter stands for."""
        return "" if self.condition is None else _text(self.condition, letter)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that the condition reads."""
        return () if self.condition is None else tuple(_attributes(self.condition))


class Sides:
    """Makes the sides of requirements."""

    def __init__(self, conditions: Conditions) -> None:
        """Take where the attributes that stand for tests on fields are kept."""
        self._conditions = conditions

    def first(self, atom: Atom) -> tuple[Side, ...]:
        """Return the alternatives of a first or only side."""
        return self._of(atom, AFTER)

    def later(self, atom: Atom) -> tuple[Side, ...]:
        """Return the alternatives of a later side."""
        return self._of(atom, BEFORE)

    def _of(self, atom: Atom, verbs: dict[str, str]) -> tuple[Side, ...]:
        """Return one side for each activity, with all conditions on it of which one is enough."""
        found: dict[str, list[Condition | None]] = {}
        for one in atom.alternatives:
            for side in self._of_one(one, verbs):
                found.setdefault(side.activity, []).append(side.condition)
        return tuple(Side(activity, _any(several)) for activity, several in found.items())

    def _of_one(self, atom: Atom, verbs: dict[str, str]) -> Iterator[Side]:
        if atom.match is not None:
            parts = [*self._matching(atom.match), *_moved(ENTERS, atom.enters)]
            yield Side(words(atom.match.event), _all([*parts, *_moved(LEAVES, atom.leaves)]))
        elif atom.enters:
            condition = _all([*_moved(LEAVES, atom.leaves)])
            yield from (Side(f"{verbs[ENTERS]} {_state(s)}", condition) for s in atom.enters)
        else:
            yield from (Side(f"{verbs[LEAVES]} {_state(s)}") for s in atom.leaves)

    def _matching(self, match: Match) -> Iterator[Condition]:
        yield from (_yes(self._conditions.among(*one).name) for one in match.when)
        yield from (self._tested(test) for test in match.where)
        if match.on_field:
            yield _yes(self._conditions.recorded(match.on_field).name)

    def _tested(self, test: FieldTest | AnyTest) -> Condition:
        if isinstance(test, AnyTest):
            return OneOf(tuple(self._tested(one) for one in test.tests))
        return _yes(self._conditions.field(test).name)


def _state(name: str) -> str:
    """Return a state in an activity, which can hold neither a hyphen nor a stop."""
    return name.replace("-", " ").replace(".", " ")


def activity(verb: str, state: str) -> str:
    """Return the activity of a state that is entered or left."""
    return f"{verb} {_state(state)}"


def _yes(attribute: str) -> Test:
    return Test(attribute, "yes")


def _moved(attribute: str, states: tuple[str, ...]) -> Iterator[Condition]:
    if states:
        yield OneOf(tuple(Test(attribute, state) for state in states))


def _all(parts: list[Condition]) -> Condition | None:
    return AllOf(tuple(parts)) if parts else None


def _any(several: list[Condition | None]) -> Condition | None:
    """Return that one of several conditions holds: no condition at all if one of them is none."""
    given = [one for one in several if one is not None]
    return OneOf(tuple(given)) if len(given) == len(several) else None


def _text(condition: Condition, letter: str) -> str:
    match condition:
        case Test():
            return f"{letter}.{condition.attribute} is {condition.value}"
        case AllOf() | OneOf():
            if len(condition.parts) == 1:
                return _text(condition.parts[0], letter)
            sign = " and " if isinstance(condition, AllOf) else " or "
            return f"({sign.join(_text(part, letter) for part in condition.parts)})"


def _attributes(condition: Condition) -> Iterator[str]:
    match condition:
        case Test():
            yield condition.attribute
        case AllOf() | OneOf():
            for part in condition.parts:
                yield from _attributes(part)
