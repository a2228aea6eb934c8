"""Covering: few histories that together take every edge that can be taken.

Begins each history with the witness that takes most of what is left, and goes on from there to
whatever else is near. Every event is taken by the kernel, so what is covered is covered. How few
the histories are is not claimed to be the least: that is a travelling-salesman problem.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from cpplan import Plan
from cpplan.rules import Edge
from cpplan.states import is_ended
from cpplan_sim.reaching import Reach
from cpplan_sim.taking import Standing, retold, way_on, ways_on

LONGEST = 60
"""Events after which a history is not gone on with: a longer file is not read by anybody."""

LOOKED_AT = 120
"""Plans looked at for a way on to something not covered yet, before a new history is begun."""


def suite(reached: Reach) -> tuple[Plan, ...]:
    """Return plans whose histories together take every live edge of a procedure.

    Args:
        reached: what can be reached in it.
    """
    return _Suite(reached).plans()


def covered(plans: Iterable[Plan]) -> frozenset[int]:
    """Return the numbers of the edges that histories take."""
    return frozenset(entry.edge.number for plan in plans for entry in plan.history)


class _Suite:
    def __init__(self, reached: Reach) -> None:
        self.reached = reached
        self.left = set(reached.live)

    def plans(self) -> tuple[Plan, ...]:
        procedure = self.reached.procedure
        waiting = {
            one.edge.number: retold(procedure, one.witness)
            for one in self.reached.edges
            if one.witness
        }
        found = []
        while self.left:
            waiting = {number: plan for number, plan in waiting.items() if number in self.left}
            plan = max(waiting.values(), key=self._worth)
            self._strike(plan)
            found.append(self._gone_on(plan))
        return tuple(found)

    def _worth(self, plan: Plan) -> tuple[int, int]:
        return len(covered([plan]) & self.left), -len(plan.history)

    def _strike(self, plan: Plan) -> None:
        self.left -= covered([plan])

    def _gone_on(self, plan: Plan) -> Plan:
        while len(plan.history) < LONGEST:
            further = self._here(plan) or self._near(plan)
            if further is None:
                break
            plan = further
            self._strike(plan)
        return plan

    def _here(self, plan: Plan) -> Plan | None:
        """Return the plan after one more event that takes an edge that is left, if there is one."""
        for edge in self._wanted(plan):
            further = way_on(plan, edge)
            if further is not None:
                return further
        return None

    def _wanted(self, plan: Plan) -> list[Edge]:
        """Return the edges left that leave a plan's state: what changes least first."""
        edges = [e for e in self.reached.procedure.edges_from(plan.state) if e.number in self.left]
        return sorted(edges, key=_change)

    def _near(self, plan: Plan) -> Plan | None:
        """Return the plan after the fewest events that take an edge that is left, if near."""
        seen = {Standing.of(plan)}
        waiting = deque([plan])
        looked_at = 0
        while waiting and looked_at < LOOKED_AT:
            here = waiting.popleft()
            looked_at += 1
            if here is not plan:
                found = self._here(here)
                if found is not None:
                    return found
            for further in _steps_on(here):
                standing = Standing.of(further)
                if standing not in seen:
                    seen.add(standing)
                    waiting.append(further)
        return None


def _steps_on(plan: Plan) -> Iterator[Plan]:
    """Yield the plans after one more event that changes how a plan stands and does not end it."""
    counted = {tally.counts.event for tally in plan.procedure.tallies}
    for edge in sorted(plan.procedure.edges_from(plan.state), key=_change):
        changes = edge.sets or edge.clears or edge.rule.match.event in counted
        if (changes or edge.target != edge.source) and not is_ended(edge.target):
            yield from ways_on(plan, edge)


def _change(edge: Edge) -> tuple[bool, bool, int, int]:
    """Return how much an edge changes, to begin with what closes the fewest ways on."""
    stays = edge.target == edge.source
    return is_ended(edge.target), not stays, len(edge.sets) + len(edge.clears), edge.number
