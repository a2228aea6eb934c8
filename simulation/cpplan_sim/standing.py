"""Standing: what a history has done, as far as some steps go, and what can or will follow.

Two relations between states with their tracked steps, one on either side of the rules. What *may*
follow is all that the rules allow and more: what is not tracked is as it would have to be. What
*must* be possible is less: each such move can be made after every history that stands there. Time
may always pass, so a period that has begun can be waited for, and calendars are taken to go on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cpplan import Plan, Procedure
from cpplan.events import Event
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN
from cpplan_sim.fabricating import ABSENT
from cpplan_sim.forgoing import surely_taken
from cpplan_sim.taking import FIRST_DAY, TRIES, datings, event_for
from cpplan_sim.wanting import Fields

_STEP_FIRST = (StepNeed, EarliestNeed, LatestFieldNeed)


class Spot(NamedTuple):
    """A state, and those of the tracked steps that stand in it."""

    state: str
    steps: frozenset[str]


START = Spot(BEFORE_PLAN, frozenset())


class Ground:
    """The spots of a procedure with some steps tracked, and the moves between them."""

    def __init__(self, procedure: Procedure, tracked: frozenset[str] = frozenset()) -> None:
        """Track some steps."""
        self.procedure = procedure
        self.tracked = tracked
        self._nobody = Plan(procedure)
        self._events: dict[int, dict[bool, list[Event]]] = {}
        self.tallied = frozenset(tally.reaches for tally in procedure.tallies)
        self.counted = frozenset(tally.counts.event for tally in procedure.tallies)

    def tracking(self, more: frozenset[str]) -> Ground:
        """Return the same with more steps tracked."""
        finer = Ground(self.procedure, self.tracked | more)
        finer._events = self._events
        return finer

    def spot_of(self, plan: Plan) -> Spot:
        """Return where a plan stands."""
        return Spot(plan.state, self.tracked.intersection(plan.steps))

    def may(self, spot: Spot) -> Iterator[tuple[Edge, Spot]]:
        """Yield every move that some history which stands here can make, and perhaps more."""
        for edge in self.procedure.edges_from(spot.state):
            if self._may_apply(edge, spot.steps) and all(
                self._may_hold(need, spot.steps) for need in edge.rule.needs
            ):
                for after in self._after(edge, spot):
                    yield edge, after

    def must(self, spot: Spot) -> Iterator[tuple[Edge, Spot]]:
        """Yield moves that every history which stands here can make, after some time."""
        for edge in self.procedure.edges_from(spot.state):
            if self._surely_applies(edge, spot.steps):
                for after in self._after(edge, spot):
                    if self._surely_made(edge, spot.steps, after.steps):
                        yield edge, after

    def asked(self, edge: Edge) -> frozenset[str]:
        """Return the steps that an edge turns on and that are not tracked."""
        found = {*edge.given, *edge.given_any, *edge.given_none}
        for need in edge.rule.needs:
            found |= _steps_of(need)
        return frozenset(found) - self.tracked - self.tallied

    def _after(self, edge: Edge, spot: Spot) -> list[Spot]:
        """Return where an edge leads: two spots if a step is taken only where a field dates it."""
        sure = surely_taken(edge)
        chance = frozenset(one.step for one in edge.sets) - sure
        kept = (spot.steps - edge.clears) | (sure & self.tracked)
        spots = [Spot(edge.target, kept), Spot(edge.target, kept | (chance & self.tracked))]
        return list(dict.fromkeys(spots))

    def _may_apply(self, edge: Edge, steps: frozenset[str]) -> bool:
        some = edge.given_any
        return (
            (edge.given - self.tallied) & self.tracked <= steps
            and (edge.given_none - self.tallied).isdisjoint(steps)
            and (not some or not some <= self.tracked or not some.isdisjoint(steps))
        )

    def _may_hold(self, need: Need, steps: frozenset[str]) -> bool:
        if isinstance(need, _STEP_FIRST):
            return need.step not in self.tracked or need.step in steps
        if isinstance(need, NoStepNeed):
            return need.step not in steps
        if isinstance(need, AnyNeed):
            return any(self._may_hold(one, steps) for one in need.needs)
        return True

    def _surely_applies(self, edge: Edge, steps: frozenset[str]) -> bool:
        # Which rule a counted event takes turns on the count, which is not kept here.
        if edge.rule.match.event in self.counted:
            return False
        return (
            edge.given <= steps
            and edge.given_none <= self.tracked
            and edge.given_none.isdisjoint(steps)
            and (not edge.given_any or not edge.given_any.isdisjoint(steps))
        )

    def _surely_made(self, edge: Edge, steps: frozenset[str], after: frozenset[str]) -> bool:
        chance = {one.step for one in edge.sets} - surely_taken(edge)
        ways = self._said(edge)
        known = bool(chance & self.tracked)
        said = ways[bool(chance & after)] if known else [*ways[True], *ways[False]]
        return any(
            all(self._surely_holds(need, steps, event) for need in edge.rule.needs)
            for event in said
        )

    def _surely_holds(self, need: Need, steps: frozenset[str], event: Event) -> bool:
        """Return whether a need is met by an event after every history that stands here."""
        if isinstance(need, StepNeed | EarliestNeed):
            return need.step in steps
        if isinstance(need, NoStepNeed):
            return need.step in self.tracked and need.step not in steps
        if isinstance(need, AnyNeed):
            return any(self._surely_holds(one, steps, event) for one in need.needs)
        if isinstance(need, LatestFieldNeed | CoversNeed):
            return False  # it turns on days and on what was said, which are not kept here
        assert isinstance(need, FieldNeed | RoleNeed), "every kind of need is known"
        return need.holds(event, self._nobody)

    def _said(self, edge: Edge) -> dict[bool, list[Event]]:
        """Return events that an edge is for, by whether they give the fields that date its steps.

        Neither a field nor a role turns on the plan, so what one event shows holds everywhere.
        """
        if edge.number not in self._events:
            ways = datings(edge, FIRST_DAY)
            self._events[edge.number] = {
                True: self._made(edge, ways[0]),
                False: self._made(edge, ways[-1]),
            }
        return self._events[edge.number]

    def _made(self, edge: Edge, said: Fields) -> list[Event]:
        made = (
            event_for(self._nobody, edge, FIRST_DAY, said, random.Random(seed))
            for seed in range(TRIES)
        )
        fields = [one.on_field for one in edge.sets if one.on_field]
        dated = ABSENT not in said.values()
        return [
            event
            for event in made
            if edge.rule.match.holds(event)
            and all((getattr(event, field) is not None) == dated for field in fields)
        ]


def _steps_of(need: Need) -> set[str]:
    if isinstance(need, AnyNeed):
        return {step for one in need.needs for step in _steps_of(one)}
    return {need.step} if isinstance(need, (*_STEP_FIRST, NoStepNeed)) else set()


def path_to(
    came_by: Mapping[Spot, tuple[Spot, Edge] | None], spot: Spot
) -> Sequence[tuple[Edge, Spot]]:
    """Return the moves by which a search came to a spot: each edge, with where it led."""
    moves = []
    step = came_by[spot]
    while step is not None:
        before, edge = step
        moves.append((edge, spot))
        spot, step = before, came_by[before]
    return moves[::-1]
