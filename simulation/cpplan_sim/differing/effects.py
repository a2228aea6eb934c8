"""Effects: all that is found of two procedures side by side."""

from __future__ import annotations

import attrs

from cpplan import Procedure
from cpplan_sim.differing.dueness import Due, due_apart
from cpplan_sim.differing.pairing import pair
from cpplan_sim.differing.parting import Fate, Partings, partings
from cpplan_sim.differing.pathfinding import Pathfinder
from cpplan_sim.differing.statements import Difference, differences


@attrs.frozen
class Effects:
    """What differs between two procedures, and what comes of it.

    Attributes:
        one, other: the two.
        differences: the statements that are not the same in both.
        one_allows: what the first allows and the second refuses.
        other_allows: the other way round.
        due: the duties that both have and fix otherwise.
    """

    one: Procedure
    other: Procedure
    differences: tuple[Difference, ...]
    one_allows: Partings
    other_allows: Partings
    due: tuple[Due, ...]

    @property
    def undecided(self) -> bool:
        """Whether of anything that was looked for it is not known whether it is there."""
        missed = (*self.one_allows.missed, *self.other_allows.missed)
        return any(one.fate is Fate.UNDECIDED for one in missed)


def effects(one: Procedure, other: Procedure) -> Effects:
    """Return what differs between two procedures, and the shortest histories that show it."""
    finder = Pathfinder(pair(one, other))
    return Effects(
        one,
        other,
        differences(one, other),
        partings(finder),
        partings(Pathfinder(pair(other, one))),
        due_apart(one, other, finder),
    )
