"""Judging in the abstract: what is remembered of a requirement, and when a move breaks it.

The same templates as :mod:`cpplan_sim.monitors`, over moves in place of moments and without dates.
The two are written apart and held against each other by brute force in the tests.
"""

from __future__ import annotations

import attrs

from cpplan.needs import AnyNeed, LatestFieldNeed
from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge
from cpplan.values import Value

Period = tuple[str, str]
"""A step, and the figure counted from it."""


@attrs.frozen
class Memory:
    """What is remembered of a requirement: whether its sides were seen, and since when.

    Attributes:
        first: whether a first side counts now.
        then: whether a later side was seen.
        run: whether the requirement's period has run since the first side that counts.
        no_later: tracked periods of the same length that began no earlier than it.
        newer: steps, of those that limit a date, taken since the latest first side.
    """

    first: bool = False
    then: bool = False
    run: bool = False
    no_later: frozenset[Period] = frozenset()
    newer: frozenset[str] = frozenset()


def remembered(
    one: Requirement,
    memory: Memory,
    fresh: frozenset[Period],
    already: frozenset[Period],
    *,
    first: bool,
    then: bool,
) -> Memory:
    """Return what is remembered after a move that showed the sides it did."""
    keeps = memory.first and not (one.template is Template.ALTERNATE_PRECEDENCE and then)
    answered = one.template in (Template.RESPONSE, Template.SUCCESSION) and then
    counts = first or (keeps and not (one.template is Template.RESPONSE and answered))
    length = one.after or one.not_before
    same = frozenset(p for p in fresh if length is not None and p[1] == length.id)
    if not counts:
        return Memory(then=memory.then or then)
    if keeps:
        run = memory.run or bool(first and already & same)
        return Memory(True, memory.then or then, run, (memory.no_later - fresh) | same)
    return Memory(True, memory.then or then, bool(already & same), same)


def limits(edge: Edge, requirement: Requirement | None) -> tuple[frozenset[str], ...]:
    """Return what limits, no longer, the very date that a requirement limits.

    Each entry holds the steps from which one need counts; of several alternatives any may be the
    one that holds, so all of them have to be known.
    """
    then = requirement.then if requirement else None
    if requirement is None or requirement.within is None or then is None or then.match is None:
        return ()
    if edge.rule.match.event != then.match.event:
        return ()
    if any(one.match and one.match.on_field for one in requirement.first.alternatives):
        return ()  # a first side dated by a field may lie before the step
    found = []
    for need in edge.rule.needs:
        several = need.needs if isinstance(need, AnyNeed) else (need,)
        dated = [one for one in several if isinstance(one, LatestFieldNeed)]
        if len(dated) == len(several) and all(
            one.path == then.match.on_field and _no_longer(one.value, requirement.within)
            for one in dated
        ):
            found.append(frozenset(one.step for one in dated))
    return tuple(found)


def _no_longer(one: Value, other: Value) -> bool:
    """Return whether a figure is no longer than another in the same unit; others can't be told."""
    if one.amount is None or other.amount is None:
        return False
    return one.in_force == other.in_force and one.amount <= other.amount


def seen(shown: tuple[Atom, ...], edge: Edge) -> bool:
    """Return whether an event that shows these atoms' events also shows their states."""
    moved = edge.source != edge.target
    return any(
        (not one.enters or (moved and edge.target in one.enters))
        and (not one.leaves or (moved and edge.source in one.leaves))
        for one in shown
    )


def tries(side: Atom, edge: Edge) -> bool:
    """Return whether an edge is one by which what must never be could be tried."""
    moved = edge.source != edge.target
    return any(
        edge.rule.match.event == one.match.event
        if one.match is not None
        else moved and edge.target in one.enters
        for one in side.alternatives
    )


def judge(
    one: Requirement, memory: Memory, *, first: bool, then: bool, ends: bool, tried: bool
) -> tuple[tuple[bool, ...], bool]:
    """Return whether a move breaks the requirement, or may, and whether it tests it."""
    maybe = (False, True) if one.within is not None else (False,)
    untimed = one.after is None and one.not_before is None
    right = memory.first and (untimed or memory.run)
    match one.template:
        case Template.ABSENCE:
            return (first,), first or tried
        case Template.EXISTENCE:
            return (ends and not (memory.first or first),), ends
        case Template.PRECEDENCE | Template.ALTERNATE_PRECEDENCE:
            return ((True,) if then and not right else maybe if then else (False,)), then
        case Template.RESPONSE:
            waiting = memory.first and not then
            return ((True,) if waiting and ends else maybe if memory.first else (False,)), first
        case Template.SUCCESSION:
            wrong = (then and not right) or (memory.first and not then and ends)
            return ((True,) if wrong else maybe if then or memory.first else (False,)), first
        case Template.NOT_SUCCESSION:
            return ((then and right,) if untimed else (False, then and memory.first)), first
        case Template.NOT_CO_EXISTENCE:
            both = (memory.first or first) and (memory.then or then)
            return (both,), first or then
