"""Reaching: for each rule from each state a shortest history that takes it, or that none does.

A rule that no history takes is dead, and so is a state that none enters: both are told, and so is
what could not be decided. Whether what is reached can be left again is asked in
:mod:`cpplan_sim.traps`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import cached_property

import attrs

from cpplan import Procedure
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, ORIGIN
from cpplan_sim.finding import Finder
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.searching import Found


class Fate(enum.StrEnum):
    """What becomes of a rule or a state over all histories."""

    LIVE = "live"
    DEAD = "dead"
    UNDECIDED = "undecided"


@attrs.frozen
class Reached:
    """What was found of one edge.

    Attributes:
        edge: a rule, from one of its states.
        fate: whether a history takes it.
        witness: the shortest history found that does, as the kernel took it; else empty.
        shortest: whether there is shown to be no shorter one.
        found: the search, with its figures.
    """

    edge: Edge
    fate: Fate
    witness: tuple[Moment, ...]
    shortest: bool
    found: Found


# Without slots, so that what is worked out can be kept.
@attrs.frozen(slots=False)
class Reach:
    """What can be reached in a procedure.

    Attributes:
        procedure: which.
        edges: what was found of each edge, in the order of the procedure.
    """

    procedure: Procedure
    edges: tuple[Reached, ...]

    def of_rule(self, rule: str) -> Reached:
        """Return the best that was found of a rule, over the states that it applies in."""
        return _best(one for one in self.edges if one.edge.rule.id == rule)

    def of_state(self, state: str) -> Reached | None:
        """Return the best that was found of entering a state; ``None`` if nothing leads there.

        The state before any plan is entered by nothing: every history begins in it.
        """
        found = [one for one in self.edges if enters(one.edge) == state]
        return _best(found) if found else None

    @cached_property
    def live(self) -> frozenset[int]:
        """The numbers of the edges that some history takes."""
        return frozenset(one.edge.number for one in self.edges if one.fate is Fate.LIVE)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states that some history is in, in lifecycle order."""
        entered = {enters(one.edge) for one in self.edges if one.fate is Fate.LIVE}
        return tuple(s for s in self.procedure.states if s in entered or s == BEFORE_PLAN)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The states that no rule leads to, but back there.

        Shared rules name them, and this procedure says nothing of how a plan would come there.
        """
        led_to = {enters(one.edge) for one in self.edges if one.edge.rule.target != ORIGIN}
        return tuple(s for s in self.procedure.states if s not in led_to and s != BEFORE_PLAN)

    @cached_property
    def dead_states(self) -> tuple[str, ...]:
        """The states that rules lead to and no history enters."""
        dead = (s for s in self.procedure.states if self._fate_of(s) is Fate.DEAD)
        return tuple(state for state in dead if state not in self.unused)

    @cached_property
    def dead_rules(self) -> tuple[str, ...]:
        """The rules that no history takes from any state."""
        ids = dict.fromkeys(one.edge.rule.id for one in self.edges)
        return tuple(name for name in ids if self.of_rule(name).fate is Fate.DEAD)

    @cached_property
    def dead_edges(self) -> tuple[Edge, ...]:
        """The rules that are live, each from a live state from which no history takes it."""
        return tuple(
            one.edge
            for one in self.edges
            if one.fate is Fate.DEAD
            and one.edge.source in self.states
            and one.edge.target not in self.unused
            and one.edge.rule.id not in self.dead_rules
        )

    @cached_property
    def undecided(self) -> tuple[Reached, ...]:
        """The edges of which it is not known whether a history takes them."""
        return tuple(one for one in self.edges if one.fate is Fate.UNDECIDED)

    @property
    def whole(self) -> bool:
        """Whether every rule and every state that a rule leads to is live, and all is decided."""
        return not (self.dead_rules or self.dead_states or self.undecided)

    def _fate_of(self, state: str) -> Fate | None:
        found = self.of_state(state)
        return found.fate if found else None


def reach(procedure: Procedure) -> Reach:
    """Search for the shortest history to each edge of a procedure."""
    finder = Finder(procedure)
    return Reach(procedure, tuple(_reached(finder, edge) for edge in procedure.edges))


def enters(edge: Edge) -> str:
    """Return the state that an edge enters from another; nothing if it stays."""
    return edge.target if edge.target != edge.source else ""


def _reached(finder: Finder, edge: Edge) -> Reached:
    found = finder.shortest(lambda one: _like(one, edge))
    if found.history:
        return Reached(edge, Fate.LIVE, found.history, not found.why, found)
    if not found.reachable:
        return Reached(edge, Fate.DEAD, (), True, found)
    return Reached(edge, Fate.UNDECIDED, (), False, found)


def _like(one: Edge, other: Edge) -> bool:
    return (one.rule.id, one.source, one.target) == (other.rule.id, other.source, other.target)


def _best(found: Iterable[Reached]) -> Reached:
    """Return the one with the shortest witness; failing that, one undecided before one dead.

    A witness is not shown to be the shortest where an edge that is undecided might have a shorter.
    """
    several = list(found)
    live = [one for one in several if one.fate is Fate.LIVE]
    open_ = [one for one in several if one.fate is Fate.UNDECIDED]
    if not live:
        return (open_ or several)[0]
    best = min(live, key=lambda one: (len(one.witness), not one.shortest))
    unsure = open_ or any(not one.shortest for one in live)
    return attrs.evolve(best, shortest=best.shortest and not unsure) if unsure else best
