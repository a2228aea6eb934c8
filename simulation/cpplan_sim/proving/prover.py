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
from cpplan.rules import Edge
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.abstraction import Machine, Move, Node
from cpplan_sim.proving.choices import TooManyShapesError
from cpplan_sim.proving.letters import Alphabet
from cpplan_sim.proving.replay import replay
from cpplan_sim.proving.tracking import Tracked

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


class Prover:
    """Proves the requirements of one procedure; what they share is worked out once."""

    def __init__(self, procedure: Procedure, like: Prover | None = None) -> None:
        """Take a procedure.

        Args:
            procedure: whose rules.
            like: the prover of another, whose rules are in part the same objects.
        """
        self.procedure = procedure
        self.alphabet: Alphabet = Alphabet(procedure, like.alphabet if like else None)

    def prove(self, requirement: Requirement) -> Proven:
        """Prove a requirement, or find the shortest history that breaks it."""
        if requirement.template is Template.SUCCESSION:
            return self._both(requirement)
        try:
            machine = Machine(self.alphabet, requirement)
        except TooManyShapesError as error:
            return Proven(requirement, Proof.UNDECIDED, (), 0, Tracked(), 0, why=str(error))
        found = _search(machine, _breaks, breaks=True)
        tested = _search(machine, _exercises, breaks=False)
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

    def _both(self, requirement: Requirement) -> Proven:
        """Prove a succession as the precedence and the response that it is."""
        halves = [
            self.prove(attrs.evolve(requirement, template=template))
            for template in (Template.PRECEDENCE, Template.RESPONSE)
        ]
        worst = next((half for half in halves if half.proof is not Proof.PROVED), halves[1])
        states = sum(half.states for half in halves)
        return attrs.evolve(worst, requirement=requirement, states=states)

    def witness(self, goal: Callable[[Edge], bool]) -> Found:
        """Return the shortest history that takes an edge that is wanted, or that none does."""
        wanted = frozenset(edge.number for edge in self.procedure.edges if goal(edge))
        if not wanted:
            return Found((), reachable=False, states=0, tracked=Tracked(), refinements=0)
        machine = Machine(self.alphabet, None, wanted)
        return _search(machine, lambda move: move.edge.number in wanted, breaks=False)


def prove(procedure: Procedure, requirement: Requirement) -> Proven:
    """Prove a requirement of a procedure, or find the shortest history that breaks it.

    For several requirements of one procedure, :class:`Prover` is quicker.
    """
    return Prover(procedure).prove(requirement)


def witness(procedure: Procedure, goal: Callable[[Edge], bool]) -> Found:
    """Return the shortest history that takes an edge that is wanted, or that none does.

    For several goals of one procedure, :class:`Prover` is quicker.
    """
    return Prover(procedure).witness(goal)


def _breaks(move: Move) -> bool:
    return move.broken


def _exercises(move: Move) -> bool:
    return move.exercised


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
