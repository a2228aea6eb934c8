"""The prover: search over the abstract machine, made finer only where it has to be.

Begin with nothing tracked and look for the shortest history that breaks the requirement. Find none,
and it is proved: the abstract machine can do all that the rules can. Find one, and it is told to
the kernel with real events and dates. If the kernel accepts it and the monitor calls it broken, it
is a counterexample. If not, what stood in its way is tracked from then on, and the search begins
again. There are finitely many steps and periods, so this ends.

Reference: Clarke, Grumberg, Jha, Lu and Veith, "Counterexample-guided abstraction refinement" (CAV
2000). Breadth first, so a counterexample is the shortest in events that the abstract machine has.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable, Sequence

import attrs

from cpplan import Procedure
from cpplan.requirements import Requirement, Template
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.abstraction import Machine, Move, Node, Tracked
from cpplan_sim.proving.replay import replay
from cpplan_sim.proving.shapes import TooManyShapesError

MOST_STATES = 300_000
"""Abstract states visited in one search before it is given up as undecided."""

MOST_REFINEMENTS = 200
"""Rounds. Each tracks something more, so a procedure with fewer steps can't need as many."""


class Proof(enum.StrEnum):
    """What became of a search."""

    PROVED = "proved"
    BROKEN = "broken"
    UNDECIDED = "undecided"


class SearchTooLargeError(RuntimeError):
    """A search visited more states than it may."""


@attrs.frozen
class Proven:
    """What the prover found of a requirement.

    Attributes:
        requirement: which.
        proof: proved, broken, or undecided where the abstraction could not be made fine enough.
        history: the shortest history that breaks it, as the kernel took it; else empty.
        states: how many abstract states the last search visited.
        tracked: the steps and periods tracked in it.
        refinements: how often it had to be made finer.
        exercise: the shortest history that puts it to the test, if one was found.
        why: for undecided, what stood in the way.
    """

    requirement: Requirement
    proof: Proof
    history: tuple[Moment, ...]
    states: int
    tracked: Tracked
    refinements: int
    exercise: tuple[Moment, ...] = ()
    why: str = ""


@attrs.frozen
class Found:
    """What a search came to: a history that the kernel takes, or none."""

    history: tuple[Moment, ...]
    reachable: bool
    states: int
    tracked: Tracked
    refinements: int
    why: str = ""


def prove(procedure: Procedure, requirement: Requirement) -> Proven:
    """Prove a requirement of a procedure, or find the shortest history that breaks it.

    Args:
        procedure: whose rules.
        requirement: what no path may skip.
    """
    if requirement.template is Template.SUCCESSION:
        return _both(procedure, requirement)
    try:
        machine = Machine(procedure, requirement)
    except TooManyShapesError as error:
        return Proven(requirement, Proof.UNDECIDED, (), 0, Tracked(), 0, why=str(error))
    found = _search(machine, lambda move: move.broken, breaks=True)
    tested = _search(machine, lambda move: move.exercised, breaks=False)
    if not found.reachable:
        proof = Proof.PROVED
    else:
        proof = Proof.BROKEN if found.history else Proof.UNDECIDED
    return Proven(
        requirement=requirement,
        proof=proof,
        history=found.history,
        states=found.states,
        tracked=found.tracked,
        refinements=found.refinements,
        exercise=tested.history,
        why=found.why,
    )


def _both(procedure: Procedure, requirement: Requirement) -> Proven:
    """Prove a succession as the precedence and the response that it is."""
    halves = [
        prove(procedure, attrs.evolve(requirement, template=template))
        for template in (Template.PRECEDENCE, Template.RESPONSE)
    ]
    worst = next((half for half in halves if half.proof is not Proof.PROVED), halves[1])
    states = sum(half.states for half in halves)
    return attrs.evolve(worst, requirement=requirement, states=states)


def witness(procedure: Procedure, goal: Callable[[Move], bool]) -> Found:
    """Return the shortest history to a move that is wanted, or that no history reaches it."""
    return _search(Machine(procedure, None), goal, breaks=False)


def _search(machine: Machine, goal: Callable[[Move], bool], *, breaks: bool) -> Found:
    tracked, why, states = Tracked(), "", 0
    refinements = 0
    for refinements in range(MOST_REFINEMENTS):
        try:
            path, states = _shortest(machine, goal, tracked)
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


def _shortest(
    machine: Machine, goal: Callable[[Move], bool], tracked: Tracked
) -> tuple[Sequence[Move] | None, int]:
    """Return the shortest path to a move that is wanted, breadth first, and the states visited."""
    start = machine.start()
    came_by: dict[Node, tuple[Node, Move] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for move in machine.moves(node, tracked):
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
