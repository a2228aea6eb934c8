"""The prover: whether any history of any length breaks a requirement, and the shortest that does.

No path of the abstract machine breaks it: it is proved. A history breaks it that the kernel accepts
and that the monitor calls broken: it is a counterexample. Neither: it is undecided.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

import attrs

from cpplan import Accepted, Plan, Procedure
from cpplan.requirements import Requirement, Template
from cpplan.rules import Edge
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.abstraction import Machine, Move
from cpplan_sim.proving.choices import TooManyShapesError
from cpplan_sim.proving.letters import Alphabet
from cpplan_sim.proving.searching import NOWHERE, Found, search
from cpplan_sim.proving.tracking import Tracked


class Proof(enum.StrEnum):
    """What became of a search."""

    PROVED = "proved"
    BROKEN = "broken"
    UNDECIDED = "undecided"


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


class Prover:
    """Proves the requirements of one procedure; what they share is worked out once."""

    def __init__(self, procedure: Procedure, like: Prover | None = None) -> None:
        """Take a procedure.

        Args:
            procedure: whose rules.
            like: the prover of a procedure that differs little, such as the same before an edit.
                What it proved is not proved again where nothing was added that its proof saw.
        """
        self.procedure = procedure
        self.alphabet: Alphabet = Alphabet(procedure, like.alphabet if like else None)
        self._before: dict[str, _Known] = like._known if like else {}
        self._known: dict[str, _Known] = {}
        self._changed = _changed_states(like.procedure, procedure) if like else frozenset()

    def prove(self, requirement: Requirement) -> Proven:
        """Prove a requirement, or find the shortest history that breaks it."""
        if requirement.template is Template.SUCCESSION:
            return self._both(requirement)
        try:
            machine = Machine(self.alphabet, requirement)
        except TooManyShapesError as error:
            return Proven(requirement, Proof.UNDECIDED, (), 0, Tracked(), 0, why=str(error))
        proven = self._still_proved(machine, requirement) or _proven(machine, requirement)
        self._known[_key(requirement)] = _Known(machine, proven)
        return proven

    def _still_proved(self, machine: Machine, requirement: Requirement) -> Proven | None:
        """Return the proof of before, if there is one that what was changed since can't undo."""
        proven = self._kept(machine, requirement)
        if proven is None or not proven.exercise:
            return proven
        if _accepts(self.procedure, proven.exercise):
            return proven
        tested = search(machine, _exercises, breaks=False)
        return attrs.evolve(proven, exercise=tested.history)

    def _kept(self, machine: Machine, requirement: Requirement) -> Proven | None:
        """Return the proof of before, if it is still one.

        A proof looks at a few steps. Where, as far as those go, nothing can be done now that could
        not be done then, it is still a proof.
        """
        known = self._before.get(_key(requirement))
        if known is None or known.proven.proof is not Proof.PROVED:
            return None
        if known.proven.requirement != requirement:
            return None
        steps, periods = self.alphabet.bits(known.proven.tracked)
        for state in self._changed:
            now = machine.seen(state, steps, periods)
            if not now <= known.machine.seen(state, steps, periods):
                return None
        return known.proven

    def breach(self, requirement: Requirement, at: Callable[[Edge], bool]) -> Found:
        """Return the shortest history that breaks a requirement with a move along a wanted edge.

        Raises:
            TooManyShapesError: an event can differ in more ways than can be tried.
        """
        found = NOWHERE
        for half in _halves(requirement):
            machine = Machine(self.alphabet, half)
            if self._kept(machine, half) is None:
                found = search(machine, lambda move: move.broken and at(move.edge), breaks=True)
            if found.reachable:
                return found
        return found

    def _both(self, requirement: Requirement) -> Proven:
        """Prove a succession as the precedence and the response that it is."""
        halves = [self.prove(half) for half in _halves(requirement)]
        worst = next((half for half in halves if half.proof is not Proof.PROVED), halves[1])
        states = sum(half.states for half in halves)
        return attrs.evolve(worst, requirement=requirement, states=states)

    def witness(self, goal: Callable[[Edge], bool]) -> Found:
        """Return the shortest history that takes an edge that is wanted, or that none does."""
        wanted = frozenset(edge.number for edge in self.procedure.edges if goal(edge))
        if not wanted:
            return NOWHERE
        machine = Machine(self.alphabet, None, wanted)
        return search(machine, lambda move: move.edge.number in wanted, breaks=False)


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


def _halves(requirement: Requirement) -> tuple[Requirement, ...]:
    """Return a requirement, or if it is a succession the two that it is made of."""
    if requirement.template is not Template.SUCCESSION:
        return (requirement,)
    both = Template.PRECEDENCE, Template.RESPONSE
    return tuple(attrs.evolve(requirement, template=template) for template in both)


@attrs.frozen
class _Known:
    """What became of a requirement, and the machine that showed it."""

    machine: Machine
    proven: Proven


def _key(requirement: Requirement) -> str:
    return f"{requirement.id}: {requirement.template}"


def _changed_states(before: Procedure, after: Procedure) -> frozenset[str]:
    """Return the states in which something can be done in one that can't just so in the other."""
    states = frozenset((*before.states, *after.states))
    if before.tallies != after.tallies:
        return states
    kept = {name for name, rule in after.rules.items() if before.rules.get(name) == rule}

    def leaving(procedure: Procedure, state: str) -> set[tuple[str, str, bool]]:
        edges = procedure.edges_from(state)
        return {(edge.rule.id, edge.target, edge.rule.id in kept) for edge in edges}

    return frozenset(
        state
        for state in states
        if leaving(before, state) != leaving(after, state)
        or not all(same for _, _, same in leaving(after, state))
    )


def _accepts(procedure: Procedure, history: tuple[Moment, ...]) -> bool:
    """Return whether a procedure takes a history through the same states."""
    plan = Plan(procedure)
    for moment in history:
        decision = plan.record(moment.event)
        if not isinstance(decision, Accepted) or decision.plan.state != moment.after:
            return False
        plan = decision.plan
    return True


def _proven(machine: Machine, requirement: Requirement) -> Proven:
    """Search for a breach, and for a history that puts the requirement to the test."""
    found = search(machine, _breaks, breaks=True)
    tested = search(machine, _exercises, breaks=False)
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


def _breaks(move: Move) -> bool:
    return move.broken


def _exercises(move: Move) -> bool:
    return move.exercised
