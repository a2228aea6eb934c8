"""What can stand when a duty is first opened, and what can be reached from there.

Holds three fixpoints over the rules: before the opening, after it, and after it on the very same
day. They only ever allow too much: that a step can be cleared is ignored, but for what the opening
itself clears, and so is that most steps may be in the way. So whatever must lie between, must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import cached_property

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN


@attrs.frozen
class Reached:
    """States and steps that can stand, and edges that can be taken."""

    states: frozenset[str]
    steps: frozenset[str]
    edges: frozenset[int]


def reached(
    edges: Iterable[Edge],
    states: Iterable[str],
    steps: Iterable[str],
    possible: Callable[[Edge, Set[str]], bool] = lambda _edge, _steps: True,
) -> Reached:
    """Return the least that is closed under taking edges, clearing nothing.

    Args:
        edges: the edges that there are.
        states: where to begin.
        steps: what stands at the beginning.
        possible: whether an edge can be taken when some steps can stand.
    """
    here, standing, taken = set(states), set(steps), set[int]()
    left = list(edges)
    while True:
        able = [e for e in left if e.source in here and asked_for(e, standing)]
        able = [edge for edge in able if possible(edge, standing)]
        if not able:
            return Reached(frozenset(here), frozenset(standing), frozenset(taken))
        for edge in able:
            here.add(edge.target)
            standing |= {step.step for step in edge.sets}
            taken.add(edge.number)
        left = [edge for edge in left if edge.number not in taken]


def asked_for(edge: Edge, standing: Set[str]) -> bool:
    """Return whether the steps that an edge asks for can all stand."""
    return (
        edge.given <= standing
        and (not edge.given_any or not edge.given_any.isdisjoint(standing))
        and all(_met(need, standing) for need in edge.rule.needs)
    )


def _met(need: Need, standing: Set[str]) -> bool:
    if isinstance(need, (StepNeed, EarliestNeed, LatestFieldNeed)):
        return need.step in standing
    return not isinstance(need, AnyNeed) or any(_met(one, standing) for one in need.needs)


def barred(edge: Edge) -> frozenset[str]:
    """Return the steps that must not stand for an edge to be taken."""
    asked = (need.step for need in edge.rule.needs if isinstance(need, NoStepNeed))
    return edge.given_none | frozenset(asked)


# Without slots: a cached property needs a dict.
@attrs.frozen(eq=False, slots=False)
class Opened:
    """A plan in which an edge has just opened duties that were never opened before.

    Attributes:
        procedure: whose rules.
        edge: the edge that opens them.
        openers: the edges that can't be taken without opening one of them.
        fields: the date fields of the opening event that are known to be given.
    """

    procedure: Procedure
    edge: Edge
    openers: frozenset[int]
    fields: frozenset[str]

    @cached_property
    def _counted(self) -> frozenset[str]:
        return frozenset(tally.reaches for tally in self.procedure.tallies)

    @cached_property
    def before(self) -> Reached:
        """What can be reached before the opening."""
        edges = [edge for edge in self.procedure.edges if edge.number not in self.openers]
        return reached(edges, {BEFORE_PLAN}, self._counted)

    @cached_property
    def can_happen(self) -> bool:
        """Whether the opening can be reached for a first time, as far as steps and states tell."""
        before = self.before
        return self.edge.source in before.states and asked_for(self.edge, before.steps)

    @cached_property
    def set_now(self) -> frozenset[str]:
        """The steps that the opening sets on its own day."""
        return frozenset(step.step for step in self.edge.sets if not step.on_field)

    def dated_by(self, step: str) -> str:
        """Return the given field of the opening that dates a step; empty if none does."""
        found = (one.on_field for one in self.edge.sets if one.step == step)
        return next((field for field in found if field in self.fields), "")

    @cached_property
    def _old(self) -> frozenset[str]:
        """The steps that can have been taken at any time before, and still stand."""
        dated = {one.step for one in self.edge.sets if one.on_field in self.fields}
        return self.before.steps - self.edge.clears - self.set_now - dated

    @cached_property
    def _standing(self) -> frozenset[str]:
        return self._old | {step.step for step in self.edge.sets}

    @cached_property
    def for_good(self) -> frozenset[str]:
        """The steps that the opening surely sets and that nothing can clear."""
        dated = {one.step for one in self.edge.sets if one.on_field in self.fields}
        cleared = {step for edge in self.procedure.edges for step in edge.clears}
        return (self.set_now | dated) - cleared

    @cached_property
    def _edges(self) -> tuple[Edge, ...]:
        return tuple(e for e in self.procedure.edges if barred(e).isdisjoint(self.for_good))

    @cached_property
    def after(self) -> Reached:
        """What can be reached from the opening on, at any time."""
        return reached(self._edges, {self.edge.target}, self._standing)

    @cached_property
    def later_edges(self) -> tuple[Edge, ...]:
        """The edges that can be taken from the opening on."""
        return tuple(edge for edge in self._edges if edge.number in self.after.edges)

    @cached_property
    def at_once(self) -> Reached:
        """What can be reached from the opening on without waiting for any period."""
        return reached(
            self._edges,
            {self.edge.target},
            self._standing,
            lambda edge, standing: all(
                self._needs_no_wait(need, standing) for need in edge.rule.needs
            ),
        )

    def _needs_no_wait(self, need: Need, standing: Set[str]) -> bool:
        if isinstance(need, EarliestNeed):
            return self.long_ago(need.step, standing)
        if isinstance(need, AnyNeed):
            return any(
                _met(one, standing) and self._needs_no_wait(one, standing) for one in need.needs
            )
        return True

    def long_ago(self, step: str, standing: Set[str]) -> bool:
        """Return whether a step may be dated as long ago as one likes.

        It may if it can have stood before, or if a field dates it that is not known to be given:
        one of the opening, or of an edge that can be taken once these steps stand.
        """
        if step in self._old:
            return True
        later = [edge for edge in self.later_edges if asked_for(edge, standing)]
        fields = {one.on_field for edge in later for one in edge.sets if one.step == step}
        now = {one.on_field for one in self.edge.sets if one.step == step} - self.fields
        return any((*fields, *now))
