"""Marking: the steps of two procedures under names of their own, but for those that go together.

A step that every event which both allow takes and undoes in both alike stands in both or in none:
it keeps its name. Any other is marked with whose it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from cpplan import Plan
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import Edge, StepSet, Tally

ALLOWING, REFUSING = "allowing: ", "refusing: "
"""What the steps of each procedure are marked with."""


@attrs.frozen
class Marks:
    """Names the steps of one of two procedures.

    Attributes:
        mark: what its own are marked with.
        shared: the steps that go together with the other's.
    """

    mark: str
    shared: frozenset[str]

    def name(self, step: str) -> str:
        """Return the name of a step."""
        return step if step in self.shared else self.mark + step

    def names(self, steps: Iterable[str]) -> frozenset[str]:
        """Return the names of steps."""
        return frozenset(map(self.name, steps))

    def sets(self, sets: Iterable[StepSet]) -> tuple[StepSet, ...]:
        """Return the steps that are taken, by their names."""
        return tuple(attrs.evolve(one, step=self.name(one.step)) for one in sets)

    def need(self, need: Need) -> Need:
        """Return a need of the steps by their names."""
        if isinstance(need, StepNeed | NoStepNeed | EarliestNeed | LatestFieldNeed):
            return attrs.evolve(need, step=self.name(need.step))
        if isinstance(need, AnyNeed):
            return attrs.evolve(need, needs=tuple(map(self.need, need.needs)))
        return need

    def needs(self, edge: Edge) -> tuple[Need, ...]:
        """Return what an edge needs, and the steps of which one has to stand for it to apply."""
        return (*map(self.need, edge.rule.needs), *self.some(edge))

    def some(self, edge: Edge) -> tuple[Need, ...]:
        """Return the need that one of the steps stands of which an edge asks for one."""
        if not edge.given_any:
            return ()
        ways = tuple(step_need(name, stands=True) for name in sorted(self.names(edge.given_any)))
        return (AnyNeed(code="one-of", says="", cites=(), needs=ways),)

    def tally(self, tally: Tally) -> Tally:
        """Return a tally that reaches a step of its own."""
        return attrs.evolve(tally, id=self.mark + tally.id, reaches=self.name(tally.reaches))

    def days(self, plan: Plan) -> Mapping[str, dt.date]:
        """Return the steps that stand, by their names."""
        return {self.name(step): day for step, day in plan.steps.items()}

    def counts(self, plan: Plan) -> Mapping[tuple[str, str], int]:
        """Return what is counted, by the names of the tallies."""
        return {(self.mark + tally, key): count for (tally, key), count in plan.counts.items()}


def marks(met: Iterable[tuple[Edge, Edge]]) -> tuple[Marks, Marks]:
    """Return how the steps of two procedures are named, from the edges that one event can take."""
    apart = {step for ours, theirs in met for step in _changed(ours) ^ _changed(theirs)}
    unlike = frozenset(step for step, _ in apart)
    named = {step for edges in met for edge in edges for step in _steps_changed(edge)}
    shared = frozenset(named - unlike)
    return Marks(ALLOWING, shared), Marks(REFUSING, shared)


def _changed(edge: Edge) -> set[tuple[str, str]]:
    """Return the steps that an edge takes, with what dates them, and those that it undoes."""
    taken = {(one.step, f"on {one.on_field}") for one in edge.sets}
    return taken | {(step, "undone") for step in edge.clears}


def _steps_changed(edge: Edge) -> set[str]:
    return {step for step, _ in _changed(edge)}


def step_need(name: str, *, stands: bool) -> Need:
    """Return the need that a step stands, or that it does not."""
    kind = StepNeed if stands else NoStepNeed
    return kind(code=name, says="", cites=(), step=name)
