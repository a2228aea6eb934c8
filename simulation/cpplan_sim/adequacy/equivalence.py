"""Equivalence: whether a mutant gives the same decisions as the procedure, on all histories.

The two are alike until the first event on which they differ, so that event comes at a point that
the whole procedure reaches too. At that point the thing taken out alone makes the difference: the
event meets all else that the rule asks for. Such points are laid as twin edges, and the prover is
asked whether one can be reached. If none can, the two are equivalent. If one can, its history is
recorded under both, and they have to part. If they do not, that is undecided, and never equivalent.

A decision is whether an event is accepted, by which rule, the state it leads to, and what is told
as left out. The reasons of a refusal are not compared: where two needs are unmet and one is gone,
one reason fewer is given.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

import attrs

from cpplan import Accepted, Plan, Procedure
from cpplan.events import Event
from cpplan.needs import Need
from cpplan.rules import Edge
from cpplan_sim.adequacy.clearing import unclearing
from cpplan_sim.adequacy.mutants import TAKES_AWAY, Mutant, Operator
from cpplan_sim.adequacy.routing import detours
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.prover import Prover
from cpplan_sim.twins import failing, is_twin, laid, twin


class Sameness(enum.StrEnum):
    """What is known of a mutant beside its procedure."""

    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@attrs.frozen
class Compared:
    """A mutant held against its procedure.

    Attributes:
        sameness: what is known.
        history: for different, the shortest history on which they part, as far as both take it.
        why: for undecided, what stood in the way.
    """

    sameness: Sameness
    history: tuple[Event, ...] = ()
    why: str = ""


def compare(mutant: Mutant, prover: Prover) -> Compared:
    """Return whether a mutant is equivalent to its procedure, proved, or where they part.

    Args:
        mutant: the mutant.
        prover: the prover of the whole procedure.
    """
    if mutant.operator is Operator.SOURCE:
        return _taken(mutant, prover)
    both = laid(mutant.procedure, _laid_out(mutant), mutant.name)
    return _parted(mutant, Prover(both, prover))


def _taken(mutant: Mutant, prover: Prover) -> Compared:
    """Return whether any history takes the rule from the state that it lost."""

    def lost(edge: Edge) -> bool:
        return edge.source == mutant.source and edge.rule.id in mutant.rules

    found = prover.witness(lost)
    if not found.reachable:
        return Compared(Sameness.EQUIVALENT)
    return _concluded(mutant, found.history, found.why)


def _parted(mutant: Mutant, prover: Prover) -> Compared:
    """Return whether any twin is taken, and whether the two part there."""
    seen: set[int] = set()
    last = Compared(Sameness.EQUIVALENT)
    while True:
        found = prover.witness(lambda edge: is_twin(edge) and edge.number not in seen)
        if not found.reachable:
            return last
        last = _concluded(mutant, found.history, found.why)
        if last.sameness is Sameness.DIFFERENT or not found.history:
            return last
        seen.add(_last_edge(prover.procedure, found.history))


def _last_edge(procedure: Procedure, history: tuple[Moment, ...]) -> int:
    plan = Plan.rebuild(procedure, [moment.event for moment in history])
    return plan.history[-1].edge.number


def _concluded(mutant: Mutant, history: tuple[Moment, ...], why: str) -> Compared:
    events = tuple(moment.event for moment in history)
    if not events:
        return Compared(Sameness.UNDECIDED, why=why)
    if part(mutant.procedure, mutant.broken, events):
        return Compared(Sameness.DIFFERENT, events)
    return Compared(Sameness.UNDECIDED, events, "the same decisions on the history that was found")


def part(one: Procedure, other: Procedure, events: Iterable[Event]) -> bool:
    """Return whether two procedures decide differently on some event of a history."""
    mine, theirs = Plan(one), Plan(other)
    for event in events:
        here, there = mine.record(event), theirs.record(event)
        if isinstance(here, Accepted) and isinstance(there, Accepted):
            if _told(here) != _told(there):
                return True
            mine, theirs = here.plan, there.plan
        elif here.accepted or there.accepted:
            return True
    return False


def _told(decision: Accepted) -> tuple[object, ...]:
    return decision.rule.id, decision.plan.state, decision.omissions


def _laid_out(mutant: Mutant) -> Iterator[Edge]:
    """Yield the edges of the procedure, each with its twins before it."""
    procedure = mutant.procedure
    if mutant.operator is Operator.CLEARING:
        yield from unclearing(procedure, mutant.broken, mutant.step)
        return
    for edge in procedure.edges:
        if edge.rule.id in mutant.rules:
            if mutant.need is None:
                yield from detours(procedure, edge, mutant.step)
            else:
                yield from _twins(mutant, mutant.need, edge)
        yield edge


def _twins(mutant: Mutant, need: Need, edge: Edge) -> Iterator[Edge]:
    """Yield the twin taken where only what was taken out of a need makes a difference."""
    if mutant.operator in TAKES_AWAY:
        # Allowed by the need as it is, and not by what is left of it.
        lost = tuple(one for left in mutant.instead for one in failing(left))
        yield twin(edge, (*edge.rule.needs, *lost))
        return
    kept = tuple(one for one in edge.rule.needs if one != need)
    yield twin(edge, (*kept, *mutant.instead, *failing(need)))
