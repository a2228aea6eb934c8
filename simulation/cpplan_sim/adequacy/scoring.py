"""Scoring: what becomes of each mutant of a procedure, and the share that is noticed.

A mutant that is proved equivalent is no gap and does not count. One that nothing notices and that
is not proved equivalent survives: a gap in the requirements, told with the clause that should have
noticed it. So is one of which equivalence can't be decided; the two are told apart.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence

import attrs

from cpplan import Procedure
from cpplan_sim.adequacy.equivalence import Compared, Sameness, compare
from cpplan_sim.adequacy.killing import How, Kill, Killer
from cpplan_sim.adequacy.mutants import Mutant, Operator, mutants_of
from cpplan_sim.scenarios import Scenario

Progress = Callable[[int, int], None]
"""Told how many mutants are judged, of how many."""


def _silent(done: int, of: int, /) -> None:
    """Tell nobody."""


class Fate(enum.StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVES = "survives"
    UNDECIDED = "undecided"


@attrs.frozen
class Judged:
    """A mutant with what became of it.

    Attributes:
        mutant: which.
        fate: what became of it.
        kill: what notices it, if anything does.
        compared: how it was found to stand to its procedure, if that was asked.
    """

    mutant: Mutant
    fate: Fate
    kill: Kill | None = None
    compared: Compared | None = None


@attrs.frozen
class Row:
    """The figures of one operator, or of all.

    Attributes:
        operator: which; ``None`` for all.
        judged: its mutants.
    """

    operator: Operator | None
    judged: tuple[Judged, ...]

    def count(self, fate: Fate) -> int:
        """Return how many came to a fate."""
        return sum(one.fate is fate for one in self.judged)

    def killed_by(self, how: How) -> int:
        """Return how many were noticed in one way."""
        return sum(one.kill is not None and one.kill.how is how for one in self.judged)

    @property
    def score(self) -> float | None:
        """The share of those not equivalent that was killed; ``None`` if there are none."""
        counted = len(self.judged) - self.count(Fate.EQUIVALENT)
        return self.count(Fate.KILLED) / counted if counted else None


@attrs.frozen
class Adequacy:
    """What became of the mutants of one procedure.

    Attributes:
        procedure: which.
        judged: each mutant.
        failing: what does not hold of the procedure itself, so that it could tell nothing.
    """

    procedure: Procedure
    judged: tuple[Judged, ...]
    failing: tuple[str, ...] = ()

    @property
    def survivors(self) -> tuple[Judged, ...]:
        """The mutants that nothing notices and that are not proved equivalent."""
        gaps = (Fate.SURVIVES, Fate.UNDECIDED)
        return tuple(one for one in self.judged if one.fate in gaps)

    @property
    def passed(self) -> bool:
        """Whether there were mutants, each is noticed or equivalent, and the procedure holds."""
        return bool(self.judged) and not self.survivors and not self.failing

    @property
    def rows(self) -> tuple[Row, ...]:
        """The figures of each operator that had a mutant, and of all at the end."""
        found = [
            Row(operator, tuple(one for one in self.judged if one.mutant.operator is operator))
            for operator in Operator
        ]
        return (*(row for row in found if row.judged), Row(None, self.judged))


def adequacy_of(
    procedure: Procedure,
    told: Iterable[Scenario] = (),
    *,
    mutants: Sequence[Mutant] | None = None,
    progress: Progress = _silent,
) -> Adequacy:
    """Return what becomes of the mutants of a procedure.

    Args:
        procedure: the procedure.
        told: cases that say what must be possible.
        mutants: those to judge; all by default.
        progress: told of each mutant judged.
    """
    killer = Killer(procedure, told)
    wanted = mutants_of(procedure) if mutants is None else mutants
    judged = []
    for done, mutant in enumerate(wanted, start=1):
        judged.append(judge(mutant, killer))
        progress(done, len(wanted))
    failing = tuple(
        one.requirement.id if hasattr(one, "requirement") else one.possibility.id
        for one in killer.failing
    )
    return Adequacy(procedure, tuple(judged), failing)


def judge(mutant: Mutant, killer: Killer) -> Judged:
    """Return what becomes of one mutant: likely requirements first, then equivalence, then all."""
    kill = killer.likely(mutant)
    if kill is not None:
        return Judged(mutant, Fate.KILLED, kill)
    compared = compare(mutant, killer.prover)
    if compared.sameness is Sameness.EQUIVALENT:
        return Judged(mutant, Fate.EQUIVALENT, compared=compared)
    kill = killer.rest(mutant)
    if kill is not None:
        return Judged(mutant, Fate.KILLED, kill, compared)
    different = compared.sameness is Sameness.DIFFERENT
    return Judged(mutant, Fate.SURVIVES if different else Fate.UNDECIDED, compared=compared)
