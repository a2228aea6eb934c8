"""Searching: the shortest path of the abstract machine, made finer only where it has to be.

Begin with nothing tracked and look for the shortest path to a move that is wanted. Find none, and
no history does it: the abstract machine can do all that the rules can. Find one, and it is told to
the kernel with real events and dates. What stands in its way there is tracked from then on, and
the search begins again. There are finitely many steps and periods, so this ends.

Reference: Clarke, Grumberg, Jha, Lu and Veith, "Counterexample-guided abstraction refinement" (CAV
2000). Breadth first, so a path is the shortest in events that the abstract machine has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import attrs

from cpplan_sim.monitors import Moment
from cpplan_sim.proving.abstraction import Machine, Move, Node
from cpplan_sim.proving.replay import replay
from cpplan_sim.proving.tracking import Tracked

MOST_STATES = 300_000
"""Abstract states visited in one search before it is given up as undecided."""

MOST_REFINEMENTS = 200
"""Rounds. Each tracks something more, so a procedure with fewer steps can't need as many."""


class SearchTooLargeError(RuntimeError):
    """A search visited more states than it may."""


@attrs.frozen
class Found:
    """What a search came to: a history that the kernel takes, or none.

    Attributes:
        history: the shortest, as the kernel took it; else empty.
        reachable: whether the abstract machine has a path, with all that was tracked.
        states: how many abstract states the last search visited.
        tracked: the steps and periods tracked in it.
        refinements: how often it had to be made finer.
        why: what stood in the way, if there is a path and no history.
    """

    history: tuple[Moment, ...]
    reachable: bool
    states: int
    tracked: Tracked
    refinements: int
    why: str = ""


NOWHERE = Found((), reachable=False, states=0, tracked=Tracked(), refinements=0)
"""No path, without a search."""


def search(machine: Machine, goal: Callable[[Move], bool], *, breaks: bool) -> Found:
    """Return the shortest history to a move that is wanted, or that there is none.

    Args:
        machine: the machine.
        goal: says which moves are wanted.
        breaks: whether the history has to break the machine's requirement.
    """
    tracked, why, states = Tracked(), "", 0
    refinements = 0
    for refinements in range(MOST_REFINEMENTS):
        try:
            path, states = shortest(machine, goal, tracked)
        except SearchTooLargeError as error:
            return Found((), True, MOST_STATES, tracked, refinements, str(error))
        if path is None:
            return Found(
                (), reachable=False, states=states, tracked=tracked, refinements=refinements
            )
        told = replay(machine, path, breaks=breaks)
        if told.succeeded:
            return Found(told.moments, True, states, tracked, refinements)
        finer = tracked | told.blocked_by.first_not_in(tracked)
        if finer == tracked:
            why = told.why
            break
        tracked = finer
    return Found((), True, states, tracked, refinements, why or "too many refinements")


def shortest(
    machine: Machine, goal: Callable[[Move], bool], tracked: Tracked
) -> tuple[Sequence[Move] | None, int]:
    """Return the shortest path to a move that is wanted, breadth first, and the states visited."""
    start, view = machine.start(), machine.view(tracked)
    came_by: dict[Node, tuple[Node, Move] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for move in view.moves(node):
            if goal(move):
                return _path(came_by, node, move), len(came_by)
            if move.after not in came_by:
                came_by[move.after] = (node, move)
                waiting.append(move.after)
        if len(came_by) > MOST_STATES:
            told = f"gave up after {len(came_by):,} states with {len(tracked)} things tracked"
            raise SearchTooLargeError(told)
    return None, len(came_by)


def _path(
    came_by: dict[Node, tuple[Node, Move] | None], node: Node, last: Move
) -> tuple[Move, ...]:
    moves = [last]
    step = came_by[node]
    while step is not None:
        node, move = step
        moves.append(move)
        step = came_by[node]
    return tuple(reversed(moves))
