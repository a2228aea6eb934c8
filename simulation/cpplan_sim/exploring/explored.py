"""What the exploration of a procedure came to. How it is told is in ``telling``."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from cpplan import Procedure
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.shrinking import Shrunk
from cpplan_sim.exploring.things import Thing


@attrs.frozen
class Explored:
    """What the exploration of one procedure found.

    Attributes:
        procedure: which.
        seed: makes the same histories again.
        exercise: what was exercised, and how often.
        counts: everything that there is to exercise, with how often it was.
        differences: where the kernel and what it is held against differ, each with its history.
        excused: what was never exercised and can't be, with the reason.
        wrongly_excused: what was exercised though a reason was found why it can't be.
        unseen: what was never exercised, and nobody can say why.
        stopped: whether the search stopped early, because there were differences enough; then
            nothing is said of what was not exercised by then.
    """

    procedure: Procedure
    seed: int
    exercise: Exercise
    counts: Mapping[Thing, int]
    differences: tuple[Shrunk, ...]
    excused: Mapping[Thing, str]
    wrongly_excused: tuple[Thing, ...]
    unseen: tuple[Thing, ...]
    stopped: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing differed, and all was exercised that can be, and nothing else."""
        return not (self.differences or self.unseen or self.wrongly_excused)
