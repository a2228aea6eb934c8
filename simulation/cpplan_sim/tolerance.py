"""Tolerance: the fewest guards that must fail together before a plan can end unlawfully.

A guard is one need of one rule. An ending is unlawful if the step into it breaks a requirement. One
guard that is enough alone is a single point of failure. Where it takes more, they are found as the
smallest set that hits whatever has to be hit: a set of failed guards that still lets nothing
through is made as large as it can be, and what is enough must hold a guard from outside it.

Reference: Davies and Bacchus, "Solving MAXSAT by solving a sequence of simpler SAT instances"
(CP 2011), for implicit hitting sets.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import attrs

from cpplan import Procedure
from cpplan.needs import Need
from cpplan.requirements import Requirement
from cpplan.rules import OTHERS_OPEN, Edge
from cpplan.states import is_ended
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.choices import TooManyShapesError
from cpplan_sim.proving.prover import Prover
from cpplan_sim.proving.searching import Found

MOST_GUARDS = 3
"""Sets of more guards than these are not looked for: the answer is then at least one more."""

Progress = Callable[[int, int], None]


@attrs.frozen
class Guard:
    """One need of one rule, counted from 0; of both halves of a rule that its pack states once."""

    rule: str
    number: int
    need: Need = attrs.field(repr=False, eq=False)

    @property
    def code(self) -> str:
        """The code it refuses with."""
        return self.need.code


@attrs.frozen
class Cut:
    """Guards that are enough together, with what becomes possible.

    Attributes:
        guards: which.
        requirement: what is broken then.
        history: the shortest history that ends the plan so, as a kernel without them takes it.
    """

    guards: tuple[Guard, ...]
    requirement: Requirement
    history: tuple[Moment, ...]


@attrs.frozen
class Held:
    """How well an ending is held to one requirement.

    Attributes:
        requirement: the requirement.
        at_least: how many guards have to fail before the ending can break it.
        cuts: every single guard that is enough; else one smallest set; none if none was found.
        undecided: what could not be decided, in words.
    """

    requirement: Requirement
    at_least: int
    cuts: tuple[Cut, ...]
    undecided: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether as few as ``at_least`` are enough."""
        return bool(self.cuts) and not self.undecided


@attrs.frozen
class Tolerance:
    """How much has to fail before a plan can end in one way unlawfully.

    Attributes:
        ending: the state.
        held: each requirement that ending so could break, were no guard to hold.
    """

    ending: str
    held: tuple[Held, ...]

    @property
    def weakest(self) -> tuple[Held, ...]:
        """The requirements that the fewest guards hold it to."""
        least = min((one.at_least for one in self.held), default=0)
        return tuple(one for one in self.held if one.at_least == least)


def guards_of(procedure: Procedure) -> tuple[Guard, ...]:
    """Return every guard of a procedure."""
    return tuple(
        Guard(rule.id, number, need)
        for rule in procedure.rules.values()
        if not rule.id.endswith(OTHERS_OPEN)
        for number, need in enumerate(rule.needs)
    )


def without(procedure: Procedure, guards: Iterable[Guard]) -> Procedure:
    """Return the procedure with those guards failed."""
    failed = set(guards)
    rules = dict(procedure.rules)
    for name in {guard.rule for guard in failed}:
        for half in (name, name + OTHERS_OPEN):
            if half in rules:
                needs = enumerate(rules[half].needs)
                kept = tuple(need for n, need in needs if Guard(name, n, need) not in failed)
                rules[half] = attrs.evolve(rules[half], needs=kept)
    return attrs.evolve(procedure, rules=rules)


def tolerances(procedure: Procedure, progress: Progress | None = None) -> tuple[Tolerance, ...]:
    """Return how much each ending of a procedure tolerates.

    Args:
        procedure: whose endings.
        progress: told how many guards have been tried, of how many.
    """
    return _Search(procedure).tolerances(progress)


class _Search:
    """Tries out which guards are enough."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.guards = guards_of(procedure)
        self.whole = Prover(procedure)
        for one in procedure.requirements.values():
            self.whole.prove(one)
        self.undecided: dict[tuple[str, str], list[str]] = {}

    def tolerances(self, progress: Progress | None) -> tuple[Tolerance, ...]:
        bare = Prover(without(self.procedure, self.guards))
        endings = [state for state in self.procedure.states if is_ended(state)]
        about = [
            (ending, one)
            for ending in endings
            for one in self.procedure.requirements.values()
            if self._breach(bare, one, ending) is not None
        ]
        alone: dict[tuple[str, str], list[Cut]] = {(end, one.id): [] for end, one in about}
        for done, guard in enumerate(self.guards, start=1):
            prover = self._without((guard,))
            for ending, one in about:
                alone[ending, one.id] += self._cut(prover, (guard,), one, ending)
            if progress is not None:
                progress(done, len(self.guards))
        return tuple(
            Tolerance(
                ending,
                tuple(
                    self._held(one, ending, alone[ending, one.id])
                    for end, one in about
                    if end == ending
                ),
            )
            for ending in endings
        )

    def _held(self, one: Requirement, ending: str, alone: Sequence[Cut]) -> Held:
        cuts, least = (alone, 1) if alone else self._smallest(one, ending)
        undecided = self.undecided.get((ending, one.id), ())
        return Held(one, least, tuple(cuts), tuple(undecided))

    def _smallest(self, one: Requirement, ending: str) -> tuple[Sequence[Cut], int]:
        """Return a smallest set of guards that is enough, or none and how many it takes at least.

        No single guard is enough: so much is known.
        """
        to_hit: list[frozenset[Guard]] = []
        while True:
            candidate = _hitting(to_hit, MOST_GUARDS)
            if candidate is None:
                return (), MOST_GUARDS + 1
            cuts = self._cut(self._without(candidate), candidate, one, ending)
            if cuts:
                return cuts, len(candidate)
            to_hit.append(frozenset(self.guards) - self._grown(candidate, one, ending))

    def _grown(self, guards: frozenset[Guard], one: Requirement, ending: str) -> frozenset[Guard]:
        """Return a largest set with those guards that still lets nothing through.

        By halves: nearly all can be added, and what is let through without some guards is let
        through without more. So a half that can be added as a whole is never taken apart.
        """
        rest = tuple(guard for guard in self.guards if guard not in guards)
        return self._with_more(guards, rest, one, ending)

    def _with_more(
        self, guards: frozenset[Guard], some: tuple[Guard, ...], one: Requirement, ending: str
    ) -> frozenset[Guard]:
        if not some:
            return guards
        more = guards.union(some)
        if self._breach(self._without(more), one, ending) is None:
            return more
        if len(some) == 1:
            return guards
        half = len(some) // 2
        for part in (some[:half], some[half:]):
            guards = self._with_more(guards, part, one, ending)
        return guards

    def _cut(
        self, prover: Prover, guards: Iterable[Guard], one: Requirement, ending: str
    ) -> list[Cut]:
        found = self._breach(prover, one, ending)
        if found is None or not found.history:
            return []
        in_order = sorted(guards, key=lambda guard: (guard.rule, guard.number))
        return [Cut(tuple(in_order), one, found.history)]

    def _breach(self, prover: Prover, one: Requirement, ending: str) -> Found | None:
        """Return what there is of a history that breaks a requirement with an ending."""
        try:
            found = prover.breach(one, partial(_enters, ending))
        except TooManyShapesError as error:
            self._note(one, ending, str(error))
            return None
        if found.reachable and not found.history:
            self._note(one, ending, found.why)
        return found if found.reachable else None

    def _note(self, one: Requirement, ending: str, why: str) -> None:
        told = self.undecided.setdefault((ending, one.id), [])
        if why not in told:
            told.append(why)

    def _without(self, guards: Iterable[Guard]) -> Prover:
        return Prover(without(self.procedure, guards), self.whole)


def _enters(ending: str, edge: Edge) -> bool:
    return edge.target == ending and edge.source != ending


def _hitting(sets: Sequence[frozenset[Guard]], most: int) -> frozenset[Guard] | None:
    """Return a smallest set that has something of each, if it has no more than so many."""
    every = sorted(frozenset().union(*sets), key=lambda guard: (guard.rule, guard.number))
    for size in range(most + 1):
        for chosen in itertools.combinations(every, size):
            if all(not one.isdisjoint(chosen) for one in sets):
                return frozenset(chosen)
    return None
