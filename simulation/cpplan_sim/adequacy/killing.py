"""Killing: which statement of the procedure notices that a mutant is not it.

A requirement kills a mutant by being broken: the kernel accepts a history under the mutant, and the
monitor calls it broken. Where something can no longer be done, no history can break a requirement.
Then what must stay possible kills it, or a requirement that nothing puts to the test any more, or a
told case that no longer goes as told. Which of these it was is kept apart.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import attrs

from cpplan import Procedure
from cpplan.requirements import Atom, Requirement
from cpplan_sim.adequacy.mutants import MAY_TAKE_AWAY, TAKES_AWAY, Mutant
from cpplan_sim.monitors import Moment
from cpplan_sim.possibility import Shower, Shown, Way, fitting, takes
from cpplan_sim.proving.prover import Proof, Proven, Prover
from cpplan_sim.running import run
from cpplan_sim.scenarios import Scenario


class How(enum.StrEnum):
    """In which way a mutant is noticed, the strongest first."""

    REQUIREMENT = "requirement broken"
    POSSIBLE = "no longer possible"
    UNEXERCISED = "no longer put to the test"
    TOLD = "told case fails"


@attrs.frozen
class Kill:
    """What notices a mutant.

    Attributes:
        how: in which way.
        by: the requirement's name, or the file of the told case.
        history: for a requirement that is broken, the shortest history that breaks it.
        told: what can no longer be done, or how the case differs; empty for a requirement.
    """

    how: How
    by: str
    history: tuple[Moment, ...] = ()
    told: str = ""


class Killer:
    """Kills the mutants of one procedure. What holds of the procedure itself is found once."""

    def __init__(self, procedure: Procedure, told: Iterable[Scenario]) -> None:
        """Prove the procedure's requirements, and run its told cases.

        Args:
            procedure: the whole procedure.
            told: cases that say what must be possible: only those are asked that run under the
                plain procedure and go there as told.
        """
        self.procedure = procedure
        self.prover = Prover(procedure)
        self.proofs = {name: self.prover.prove(one) for name, one in procedure.requirements.items()}
        shower = Shower(procedure, self.prover)
        self.shown = {name: shower.show(one) for name, one in procedure.possible.items()}
        plain = [case for case in told if not case.fill and not case.values]
        self.told = [case for case in plain if run(case, procedure).passed]

    @property
    def failing(self) -> tuple[Proven | Shown, ...]:
        """What does not hold of the whole procedure itself, so that it can tell nothing."""
        proofs = [one for one in self.proofs.values() if one.proof is not Proof.PROVED]
        shown = [one for one in self.shown.values() if one.proof is not Proof.PROVED]
        return (*proofs, *shown)

    def likely(self, mutant: Mutant) -> Kill | None:
        """Return what kills a mutant, of the statements that are nearest to it."""
        near = [one for one in self._ordered(mutant) if nearness(one, mutant)]
        return self._broken(mutant, near) or self._impossible(mutant, near=True)

    def rest(self, mutant: Mutant) -> Kill | None:
        """Return what kills a mutant, of all else that could."""
        far = [one for one in self._ordered(mutant) if not nearness(one, mutant)]
        return (
            self._broken(mutant, far)
            or self._impossible(mutant, near=False)
            or self._unexercised(mutant)
            or self._told(mutant)
        )

    def _ordered(self, mutant: Mutant) -> list[Requirement]:
        """Return the requirements that hold of the procedure, those likely to be broken first."""
        holding = [one.requirement for one in self.proofs.values() if one.proof is Proof.PROVED]
        return sorted(holding, key=lambda one: -nearness(one, mutant))

    def _broken(self, mutant: Mutant, requirements: Sequence[Requirement]) -> Kill | None:
        """Return the first requirement that is broken under the mutant."""
        if mutant.operator in TAKES_AWAY:
            return None  # it has no history that the procedure does not have
        prover = Prover(mutant.broken, self.prover)
        for one in requirements:
            proven = prover.prove(one)
            if proven.proof is Proof.BROKEN:
                return Kill(How.REQUIREMENT, one.id, proven.history)
        return None

    def _impossible(self, mutant: Mutant, *, near: bool) -> Kill | None:
        """Return what has to be possible and no longer is, of the mutant's own event or another."""
        if mutant.operator not in MAY_TAKE_AWAY:
            return None
        ways = self._ways(mutant, near=near)
        for name, way in ways:
            if not any(fitting(mutant.broken, one, way.state) for one in way.atom.alternatives):
                return Kill(How.POSSIBLE, name, told=str(way))
        shower = Shower(mutant.broken, self.prover)
        for name, way in ways:
            if takes(mutant.broken, way):
                continue
            now = shower.way(way.atom, way.state)
            if now.proof is Proof.BROKEN:
                return Kill(How.POSSIBLE, name, told=str(now))
        return None

    def _ways(self, mutant: Mutant, *, near: bool) -> list[tuple[str, Way]]:
        """Return what was shown to be possible, in the state that the mutant is about first."""
        event = mutant.rule.match.event
        ways = [
            (name, way)
            for name, shown in self.shown.items()
            for way in shown.ways
            if way.proof is Proof.PROVED and (event in _events(way.atom)) is near
        ]
        return sorted(ways, key=lambda one: one[1].state != mutant.source)

    def _unexercised(self, mutant: Mutant) -> Kill | None:
        """Return a requirement that nothing can put to the test any more."""
        if mutant.operator not in MAY_TAKE_AWAY:
            return None
        prover = Prover(mutant.broken, self.prover)
        for before in self.proofs.values():
            now = prover.prove(before.requirement) if before.exercise else before
            if before.exercise and now.proof is Proof.PROVED and not now.exercise:
                return Kill(How.UNEXERCISED, before.requirement.id)
        return None

    def _told(self, mutant: Mutant) -> Kill | None:
        """Return a told case that does not go as told any more."""
        for case in self.told if mutant.operator in MAY_TAKE_AWAY else ():
            now = run(case, mutant.broken)
            if not now.passed:
                failures = [*now.failures, *(f for one in now.outcomes for f in one.failures)]
                return Kill(How.TOLD, case.file, told=failures[0])
        return None


def _events(atom: Atom) -> set[str]:
    return {one.match.event for one in atom.alternatives if one.match is not None}


def nearness(one: Requirement, mutant: Mutant) -> int:
    """Return how much a requirement speaks of what a mutant's rule does: none at all is 0."""
    rule = mutant.rule
    sides = [atom.match.event == rule.match.event for atom in one.atoms if atom.match is not None]
    states = {state for atom in one.atoms for state in (*atom.enters, *atom.leaves)}
    clauses = set(one.cites) & {*mutant.cites, *rule.cites}
    return 4 * any(sides) + 2 * (rule.target in states) + len(clauses) + (one.topic == rule.topic)
