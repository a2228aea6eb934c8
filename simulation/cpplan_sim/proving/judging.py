"""Judging in the abstract: what is remembered of a requirement, and when a move breaks it.

The same templates as :mod:`cpplan_sim.monitors`, over moves in place of moments and without dates.
The two are written apart and held against each other by brute force in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from cpplan.needs import AnyNeed, CoversNeed, EarliestNeed, LatestFieldNeed
from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge
from cpplan.values import Value


@attrs.frozen(order=True)
class Period:
    """A length of time that a rule counts from a step.

    Attributes:
        step: the step.
        amount, unit: how long it is.
        day_after: whether the event has to come after its last day, or may come on it.
    """

    step: str
    amount: int
    unit: str
    day_after: bool

    def __str__(self) -> str:
        """Return the length and what it is counted from."""
        return f"{self.amount} {self.unit} from {self.step}"

    def covers(self, one: Requirement) -> bool:
        """Return whether, once this has run, a requirement's period begun no later has run too."""
        other = one.after or one.not_before
        if other is None or other.amount is None or other.in_force != self.unit:
            return False
        as_strict = self.day_after or one.after is None
        return self.amount > other.amount or (self.amount == other.amount and as_strict)


def period_of(need: EarliestNeed) -> Period:
    """Return the period that a need counts."""
    value = need.value
    assert value.amount is not None, "a pack in which a rule needs an unchosen figure does not load"
    return Period(need.step, value.amount, value.in_force, need.day_after)


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
    fresh: Mapping[Period, str],
    already: frozenset[Period],
    *,
    shown: tuple[Atom, ...],
    then: bool,
) -> Memory:
    """Return what is remembered after a move.

    Args:
        one: the requirement.
        memory: what was remembered before.
        fresh: the tracked periods that begin with the move, with the field that dates each.
        already: those of them that have run at once, dated long ago.
        shown: the alternatives of the first side that the move shows.
        then: whether it shows the later side, and that counts as an answer.
    """
    seen_then = memory.then or then
    resets = then and one.template in (Template.ALTERNATE_PRECEDENCE, Template.RESPONSE)
    keeps = memory.first and not resets
    if not shown and not keeps:
        return Memory(then=seen_then)
    same = frozenset(
        period
        for period, field in fresh.items()
        if period.covers(one) and _no_earlier(one, field, shown)
    )
    at_once = bool(shown) and bool(already & same)
    if keeps:
        no_later = (memory.no_later - frozenset(fresh)) | same
        return Memory(True, seen_then, memory.run or at_once, no_later)
    return Memory(True, seen_then, at_once, same)


def _no_earlier(one: Requirement, field: str, shown: tuple[Atom, ...]) -> bool:
    """Return whether a step dated by a field can't begin before the first side that counts.

    It can't if this very event shows the first side and the same field dates both, nor if neither
    is dated by a field, since then each begins on the day of its event.
    """
    dating = [_dating(atom) for atom in one.first.alternatives]
    return (not field and not any(dating)) or (
        bool(shown) and all(_dating(atom) == field for atom in shown)
    )


def _dating(atom: Atom) -> str:
    return atom.match.on_field if atom.match is not None else ""


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


def covered(edge: Edge, requirement: Requirement) -> bool:
    """Return whether a rule itself asks for the very list that a requirement wants held in full.

    The rule looks at the latest event of a kind, so the first side has to be any event of it.
    """
    covers = requirement.covers
    match = requirement.first.match
    if covers is None or match is None or match.when or match.where:
        return False
    return any(
        (need.path, need.event, need.field) == (covers.field, match.event, covers.of)
        for need in edge.rule.needs
        if isinstance(need, CoversNeed)
    )


def _no_longer(one: Value, other: Value) -> bool:
    """Return whether a figure is no longer than another in the same unit; others can't be told."""
    if one.amount is None or other.amount is None:
        return False
    return one.in_force == other.in_force and one.amount <= other.amount


def seen(shown: tuple[Atom, ...], edge: Edge) -> tuple[Atom, ...]:
    """Return those of the atoms, whose events are shown, whose states an edge shows too."""
    moved = edge.source != edge.target
    return tuple(
        one
        for one in shown
        if (not one.enters or (moved and edge.target in one.enters))
        and (not one.leaves or (moved and edge.source in one.leaves))
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
    maybe = (False, True) if one.within is not None or one.covers is not None else (False,)
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
            return _response(memory, maybe, then=then, ends=ends, untimed=untimed), first
        case Template.NOT_SUCCESSION:
            return ((then and right,) if untimed else (False, then and memory.first)), first
        case Template.NOT_CO_EXISTENCE:
            both = (memory.first or first) and (memory.then or then)
            return (both,), first or then
        case Template.NOT_UNTIL:
            return (then and memory.first,), first
        case Template.SUCCESSION:
            raise ValueError("a succession is a precedence and a response: prove the two")


def _response(
    memory: Memory, maybe: tuple[bool, ...], *, then: bool, ends: bool, untimed: bool
) -> tuple[bool, ...]:
    if not memory.first:
        return (False,)
    if ends and not then:
        return (True,)
    # A later side that comes too early is no answer, though it end the plan.
    return (False, True) if then and ends and not untimed else maybe
