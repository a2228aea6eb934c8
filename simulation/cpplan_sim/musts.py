"""Musts: what every history to a state has in it, read off the rules at once.

A rule that needs a step can only follow what every way of taking that step follows; a state only
what every rule that leads there follows. Intersecting over all rules until nothing changes gives
what each state can't do without. What it gives is so; what it doesn't give may be so all the same,
since what a rule forbids and the order of things are not looked at. :mod:`cpplan_sim.endings`
searches for what this leaves open.

References: Kildall, "A unified approach to global program optimization" (POPL 1973), for the
fixpoint; Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm" (2001), as ``networkx``
has it, for the states. A round is linear in rules times needs; in practice a few rounds do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import and_, or_

from cpplan import Procedure
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    LatestFieldNeed,
    Need,
    StepNeed,
)
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN
from cpplan_sim.forgoing import Sort, Thing, surely_taken

STANDS = (StepNeed, EarliestNeed, LatestFieldNeed)
"""Needs that a step must stand for."""


class Musts:
    """What every history to a state has in it.

    Attributes:
        procedure: whose.
    """

    def __init__(self, procedure: Procedure) -> None:
        """Work out all states at once."""
        self.procedure = procedure
        things = {
            *(Thing(Sort.STEP, one.step) for e in procedure.edges for one in e.sets),
            *(Thing(Sort.EVENT, edge.rule.match.event) for edge in procedure.edges),
            *(Thing(Sort.RULE, edge.rule.id) for edge in procedure.edges),
        }
        self._bits = {thing: 1 << number for number, thing in enumerate(sorted(things))}
        # One bit more than there are things: only what no history comes to has it.
        self._all = (1 << len(things) + 1) - 1
        self._tallied = {tally.reaches: tally.counts.event for tally in procedure.tallies}
        self._brought = {edge.number: self._brings(edge) for edge in procedure.edges}
        self._states = {**dict.fromkeys(procedure.states, self._all), BEFORE_PLAN: 0}
        self._steps = {t.name: self._all for t in things if t.sort is Sort.STEP}
        while self._tightened():
            pass

    def of_state(self, state: str) -> frozenset[Thing] | None:
        """Return what every history to a state has in it; ``None`` if none can be there."""
        return self._things(self._states[state])

    def of_edge(self, edge: Edge) -> frozenset[Thing] | None:
        """Return what every history that takes an edge has in it; ``None`` if none can take it."""
        before = self._before(edge)
        return self._things(before if before == self._all else before | self._brought[edge.number])

    def _things(self, bits: int) -> frozenset[Thing] | None:
        if bits == self._all:
            return None
        return frozenset(thing for thing, bit in self._bits.items() if bit & bits)

    def _tightened(self) -> bool:
        """Go over all rules once; return whether anything became less."""
        less = False
        for edge in self.procedure.edges:
            before = self._before(edge)
            if before == self._all:
                continue
            had = before | self._brought[edge.number]
            if edge.target != edge.source:
                less |= self._narrow(self._states, edge.target, had)
            for one in edge.sets:
                taken = had | self._bit(Sort.STEP, one.step)
                less |= self._narrow(self._steps, one.step, taken)
        return less

    @staticmethod
    def _narrow(known: dict[str, int], name: str, bits: int) -> bool:
        less = known[name] & bits
        changed = less != known[name]
        known[name] = less
        return changed

    def _before(self, edge: Edge) -> int:
        """Return what every history has in it that comes to take an edge, as far as is known."""
        asked = [self._standing(step) for step in edge.given]
        asked += [self._asked(need) for need in edge.rule.needs]
        if edge.given_any:
            asked.append(reduce(and_, map(self._standing, edge.given_any)))
        return reduce(or_, asked, self._states[edge.source])

    def _asked(self, need: Need) -> int:
        if isinstance(need, STANDS):
            return self._standing(need.step)
        if isinstance(need, AnyNeed):
            return reduce(and_, map(self._asked, need.needs))
        if isinstance(need, CoversNeed):
            return self._bit(Sort.EVENT, need.event)
        return 0

    def _standing(self, step: str) -> int:
        """Return what has been if a step stands; of a count that is reached, the event counted."""
        if step in self._tallied and step not in self._steps:
            return self._bit(Sort.EVENT, self._tallied[step])
        return self._steps.get(step, self._all)

    def _bit(self, sort: Sort, name: str) -> int:
        return self._bits.get(Thing(sort, name), self._all)

    def _brings(self, edge: Edge) -> int:
        brought = [self._bit(Sort.STEP, step) for step in surely_taken(edge)]
        brought.append(self._bit(Sort.EVENT, edge.rule.match.event))
        return reduce(or_, brought, self._bit(Sort.RULE, edge.rule.id))


def states_passed(procedure: Procedure) -> Mapping[str, tuple[str, ...]]:
    """Return for each state the states that every way to it passes, itself last, in their order.

    Read off the lifecycle alone: a state is missing if no way of rules leads to it.
    """
    import networkx as nx  # noqa: PLC0415  # slow to import, and only wanted here

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(BEFORE_PLAN)
    graph.add_edges_from((e.source, e.target) for e in procedure.edges if e.source != e.target)
    nearest = nx.immediate_dominators(graph, BEFORE_PLAN)
    return {state: tuple(_back(nearest, state))[::-1] for state in (BEFORE_PLAN, *nearest)}


def _back(nearest: Mapping[str, str | None], state: str) -> Iterator[str]:
    """Yield a state and what dominates it, nearest first; the first of all has none but itself."""
    before: str | None = None
    here: str | None = state
    while here is not None and here != before:
        yield here
        before, here = here, nearest.get(here)
