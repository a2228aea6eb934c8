"""Traps: whether every plan can still be ended by a review, whatever its history.

Shown, if from every spot that a history can stand on an ending by review can be reached by moves
that are possible after each history that stands there. Trapped, if a history was found, and taken
by the kernel, after which no ending by review may follow any more: the shortest such is told. What
is neither is undecided. The steps that tell histories apart are tracked only as they are needed.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from cpplan import Plan, Procedure
from cpplan.rules import Edge
from cpplan.states import GROUPS
from cpplan_sim.monitors import Moment
from cpplan_sim.reaching import Reach
from cpplan_sim.standing import START, Ground, Spot, path_to
from cpplan_sim.taking import moments_of, retold, ways_on

BY_REVIEW = "ended.rcpc"
TOPIC = "ending.rcpc"

MOST_SPOTS = 100_000
"""Spots visited in one search before it is given up as undecided."""

MOST_REFINEMENTS = 60


class Leaving(enum.StrEnum):
    """Whether every plan can still be ended by a review."""

    SHOWN = "shown"
    TRAPPED = "trapped"
    SILENT = "silent"
    UNDECIDED = "undecided"


@attrs.frozen
class Continuation:
    """How a plan in one state goes on to its ending by review, as the kernel took it.

    Attributes:
        state: the state it goes on from.
        history: all of it, from before there was a plan.
        further: how many of its events, the last ones, lead from the state to the ending.
        shortest: whether no shorter way on from there is possible.
    """

    state: str
    history: tuple[Moment, ...]
    further: int
    shortest: bool


@attrs.frozen
class Leave:
    """What was found.

    Attributes:
        leaving: shown, trapped, silent or undecided.
        continuations: for each live state that can be reached, a way on to the ending.
        trap: the shortest history found after which there is no way on; else empty.
        furthest: events that are enough from wherever a plan stands; 0 if that is not shown.
        spots: how many spots the last search visited.
        tracked: the steps tracked in it.
        refinements: how often more had to be tracked.
        why: for trapped, silent and undecided, the reason in words.
    """

    leaving: Leaving
    continuations: Mapping[str, Continuation] = attrs.field(factory=dict)
    trap: tuple[Moment, ...] = ()
    furthest: int = 0
    spots: int = 0
    tracked: frozenset[str] = frozenset()
    refinements: int = 0
    why: str = ""


def leave(reached: Reach) -> Leave:
    """Find out whether every plan of a procedure can still be ended by a review.

    Args:
        reached: what can be reached in the procedure.
    """
    procedure = reached.procedure
    if TOPIC in procedure.silent and TOPIC not in procedure.filled:
        return Leave(Leaving.SILENT, why=procedure.silent[TOPIC])
    return _Search(reached).result()


@attrs.frozen
class _Explored:
    """The spots of one ground, in the order of their distance from the start.

    Attributes:
        came_by: each spot with the spot and the edge by which it was come to.
        may, must: how far from the ending a spot is: at least so many moves, at most so many.
    """

    came_by: dict[Spot, tuple[Spot, Edge] | None]
    may: Mapping[Spot, int]
    must: Mapping[Spot, int]


@attrs.frozen
class _Blocked:
    """What keeps a path from being taken: steps that are not tracked, or in words what else."""

    steps: frozenset[str]
    why: str


class _Search:
    def __init__(self, reached: Reach) -> None:
        self.reached = reached
        self.procedure: Procedure = reached.procedure
        self.refinements = 0

    def result(self) -> Leave:
        ground = Ground(self.procedure)
        for self.refinements in range(MOST_REFINEMENTS):
            explored = _explored(ground)
            if explored is None:
                why = f"gave up after {MOST_SPOTS:,} spots with {len(ground.tracked)} steps tracked"
                return self._told(ground, None, Leaving.UNDECIDED, why=why)
            found = self._judged(ground, explored)
            if isinstance(found, Leave):
                return found
            ground = ground.tracking(found)
        return self._told(ground, None, Leaving.UNDECIDED, why="too many refinements")

    def _judged(self, ground: Ground, explored: _Explored) -> Leave | frozenset[str]:
        """Return what was found on this ground, or steps to be tracked to find more."""
        why = ""
        for spot in explored.came_by:
            if spot.state not in GROUPS["on-plan"] or spot in explored.must:
                continue
            if why and spot in explored.may:
                continue  # it is undecided already; only a trap would still tell more
            plan = _taken(self.procedure, ground, path_to(explored.came_by, spot))
            if isinstance(plan, Plan) and spot not in explored.may:
                return self._trapped(ground, explored, plan)
            missing = _missing(ground, spot)
            for blocked in (plan, missing) if isinstance(plan, _Blocked) else (missing,):
                if blocked.steps:
                    return blocked.steps
            why = why or f"in {spot.state}: {missing.why}"
        leaving = Leaving.UNDECIDED if why else Leaving.SHOWN
        return self._told(ground, explored, leaving, why=why)

    def _trapped(self, ground: Ground, explored: _Explored, plan: Plan) -> Leave:
        led_to = any(edge.target == BY_REVIEW for edge in self.procedure.edges)
        why = f"no ending by review can follow in {plan.state}"
        why = why if led_to else f"no rule leads to {BY_REVIEW}"
        found = self._told(ground, explored, Leaving.TRAPPED, why=why)
        return attrs.evolve(found, trap=moments_of(plan))

    def _told(
        self, ground: Ground, explored: _Explored | None, leaving: Leaving, *, why: str = ""
    ) -> Leave:
        sure = explored is not None and leaving is Leaving.SHOWN
        far = explored.must if explored is not None and sure else {}
        return Leave(
            leaving=leaving,
            continuations=dict(self._continuations(ground, explored)) if explored else {},
            furthest=max((far[s] for s in far if s.state in GROUPS["on-plan"]), default=0),
            spots=len(explored.came_by) if explored else MOST_SPOTS,
            tracked=ground.tracked,
            refinements=self.refinements,
            why=why,
        )

    def _continuations(
        self, ground: Ground, explored: _Explored
    ) -> Iterator[tuple[str, Continuation]]:
        """Yield a way on from each state, after the shortest history to it."""
        for state in self.reached.states:
            one = self.reached.of_state(state)
            if one is None or state not in GROUPS["on-plan"]:
                continue
            plan = retold(self.procedure, one.witness)
            spot = ground.spot_of(plan)
            after = _led(ground, explored, plan)
            if after is not None:
                further = len(after.history) - len(plan.history)
                shortest = further == explored.may.get(spot)
                yield state, Continuation(state, moments_of(after), further, shortest)


def _explored(ground: Ground) -> _Explored | None:
    """Visit every spot, and measure from each how far the ending is; ``None`` if too many."""
    came_by: dict[Spot, tuple[Spot, Edge] | None] = {START: None}
    may: dict[Spot, list[Spot]] = {}
    waiting = deque([START])
    while waiting:
        spot = waiting.popleft()
        for edge, after in ground.may(spot):
            may.setdefault(after, []).append(spot)
            if after not in came_by:
                came_by[after] = (spot, edge)
                waiting.append(after)
        if len(came_by) > MOST_SPOTS:
            return None
    must: dict[Spot, list[Spot]] = {}
    for spot in came_by:
        for _, after in ground.must(spot):
            must.setdefault(after, []).append(spot)
    ends = [spot for spot in came_by if spot.state == BY_REVIEW]
    return _Explored(came_by, _distances(ends, may), _distances(ends, must))


def _distances(ends: Iterable[Spot], back: Mapping[Spot, Sequence[Spot]]) -> Mapping[Spot, int]:
    """Return how many moves each spot is from the nearest of some, by moves told backwards."""
    found = dict.fromkeys(ends, 0)
    waiting = deque(found)
    while waiting:
        spot = waiting.popleft()
        for before in back.get(spot, ()):
            if before not in found:
                found[before] = found[spot] + 1
                waiting.append(before)
    return found


def _taken(
    procedure: Procedure, ground: Ground, path: Sequence[tuple[Edge, Spot]]
) -> Plan | _Blocked:
    """Return the plan that a path leads to in the kernel, or what keeps it from being taken."""
    plans = [Plan(procedure)]
    for edge, spot in path:
        further = (one for plan in plans for one in ways_on(plan, edge))
        plans = [one for one in further if ground.spot_of(one) == spot]
        if not plans:
            told = f"no event was found that {edge.rule.id} takes from {edge.source}"
            return _Blocked(ground.asked(edge), told)
    return plans[0]


def _missing(ground: Ground, spot: Spot) -> _Blocked:
    """Return what would have to be known for a way on from a spot to be sure.

    Looks for the shortest way on of moves that are sure or would be if more steps were tracked, and
    gives the steps of the first that is not sure.
    """
    came_by: dict[Spot, tuple[Spot, Edge] | None] = {spot: None}
    waiting, hopeless = deque([spot]), dict[str, None]()
    while waiting:
        here = waiting.popleft()
        sure = set(ground.must(here))
        for edge, after in ground.may(here):
            if (edge, after) not in sure and not ground.asked(edge):
                hopeless.setdefault(edge.rule.id)
            elif after.state == BY_REVIEW:
                return _Blocked(
                    _first_unsure(ground, [*path_to(came_by, here), (edge, after)], spot), ""
                )
            elif after not in came_by:
                came_by[after] = (here, edge)
                waiting.append(after)
    rules = ", ".join(hopeless) or "no rule"
    return _Blocked(frozenset(), f"it turns on days, counts or earlier words (of {rules})")


def _first_unsure(ground: Ground, path: Sequence[tuple[Edge, Spot]], spot: Spot) -> frozenset[str]:
    for edge, after in path:
        if (edge, after) not in set(ground.must(spot)):
            return ground.asked(edge)
        spot = after
    raise AssertionError("a way on of which every move is sure")


def _led(ground: Ground, explored: _Explored, plan: Plan) -> Plan | None:
    """Return a plan after it was led to the ending by the shortest of the sure ways."""
    spot = ground.spot_of(plan)
    while explored.must.get(spot):
        nearer = [
            edge
            for edge, after in ground.must(spot)
            if explored.must.get(after) == explored.must[spot] - 1
        ]
        further = (
            one
            for edge in nearer
            for one in ways_on(plan, edge)
            if explored.must.get(ground.spot_of(one)) == explored.must[spot] - 1
        )
        after = next(further, None)
        if after is None:
            return None
        plan, spot = after, ground.spot_of(after)
    return plan if plan.state == BY_REVIEW else None
