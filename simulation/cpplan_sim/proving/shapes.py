"""Shapes of events: what an event can say, as far as a rule or a requirement asks.

There are endlessly many events of a kind, and few that differ to a test. For each path that some
test reads, a handful of values stands for all: one on each side of every test. A shape is one
choice of values, with what it leaves for steps and dates to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.requirements import Atom
from cpplan.rules import Rule
from cpplan_sim.proving.choices import MISSING, choices, holds, whole


@attrs.frozen
class Shape:
    """One way an event for an edge can be.

    Attributes:
        values: what it says at each path that a test of the requirement or an alternative reads.
        first, then: whether it shows the event part of either side of the requirement.
        left: what the rule still needs: each entry is a need, or several of which one is enough.
    """

    values: tuple[tuple[str, Any], ...]
    first: tuple[Atom, ...]
    then: tuple[Atom, ...]
    left: tuple[tuple[Need, ...], ...]


def shapes_of(rule: Rule, first: Atom | None, then: Atom | None) -> tuple[Shape, ...]:
    """Return the shapes of the events that a rule's own field tests let through.

    Two shapes that no side of the requirement and nothing left to decide tells apart count as one.

    Raises:
        TooManyShapesError: they are too many to try.
    """
    kind = rule.match.event
    atoms = [one for side in (first, then) if side for one in side.alternatives]
    matches = [one.match for one in atoms if one.match is not None and one.match.event == kind]
    found: dict[Any, Shape] = {}
    for values in choices(rule, matches):
        shape = _shape(rule, values, first, then)
        if shape is not None:
            dating = tuple(values[f] is MISSING for f in dating_fields(rule) if f in values)
            found.setdefault((shape.first, shape.then, shape.left, dating), shape)
    return tuple(found.values())


def dating_fields(rule: Rule) -> list[str]:
    """Return the fields that date a step of a rule."""
    return sorted({step.on_field for step in rule.sets if step.on_field})


def _shape(
    rule: Rule, values: Mapping[str, Any], first: Atom | None, then: Atom | None
) -> Shape | None:
    """Return the shape of one choice of values; ``None`` if the rule's own tests refuse it."""
    left = []
    for need in rule.needs:
        rest = _left(need, values)
        if rest is None:
            return None
        if rest:
            left.append(rest)
    kind = rule.match.event
    return Shape(
        tuple(sorted(values.items(), key=lambda item: item[0])),
        _showing(kind, values, first),
        _showing(kind, values, then),
        tuple(left),
    )


def _left(need: Need, values: Mapping[str, Any]) -> tuple[Need, ...] | None:
    """Return what is left of a need: nothing if the values meet it, ``None`` if they can't."""
    if isinstance(need, AnyNeed):
        rests = [_left(one, values) for one in need.needs]
        if any(rest == () for rest in rests):
            return ()
        open_ones = tuple(one for rest in rests if rest for one in rest)
        return open_ones or None
    if isinstance(need, RoleNeed):
        return () if "by" not in values or values["by"] in need.roles else None
    if isinstance(need, FieldNeed):
        return () if whole(need.test.path) not in values or holds(need.test, values) else None
    return (need,)


def _showing(kind: str, values: Mapping[str, Any], side: Atom | None) -> tuple[Atom, ...]:
    """Return the alternatives of a side whose event part the values show."""
    if side is None:
        return ()
    return tuple(one for one in side.alternatives if _shows(kind, values, one.match))


def _shows(kind: str, values: Mapping[str, Any], match: Match | None) -> bool:
    if match is None:
        return True
    if match.event != kind:
        return False
    if any(values[path] not in allowed for path, allowed in match.when):
        return False
    if match.on_field and values[match.on_field] is MISSING:
        return False
    return all(_passes(test, values) for test in match.where)


def _passes(test: FieldTest | AnyTest, values: Mapping[str, Any]) -> bool:
    if isinstance(test, AnyTest):
        return any(_passes(one, values) for one in test.tests)
    return holds(test, values)
