"""Finding the shortest history that takes one of several edges, or that none does.

The prover counts no failed visits: it lets the count be reached at any time, and replay then puts
in the visits that make it so. So a history of its can be longer than another that it did not look
for. Here both are looked for, with the counts and without, and the shorter is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import attrs

from cpplan import Procedure
from cpplan.rules import Edge
from cpplan_sim.proving.prover import Prover
from cpplan_sim.proving.searching import Found

Goal = Callable[[Edge], bool]
"""Whether an edge is one that is wanted: told by its rule and states, never by its number."""


class Finder:
    """Finds shortest histories of one procedure."""

    def __init__(self, procedure: Procedure, like: Finder | None = None) -> None:
        """Take a procedure.

        Args:
            procedure: whose histories.
            like: the finder of another, whose rules are in part the same objects.
        """
        self.procedure = procedure
        self._prover: Prover = Prover(procedure, like._prover if like else None)
        self._counted = {tally.counts.event for tally in procedure.tallies}
        self._reached = {tally.reaches for tally in procedure.tallies}

    def shortest(self, goal: Goal) -> Found:
        """Return the shortest history that takes an edge that is wanted, or that none does.

        Where a history comes with a reason why another search was left undecided, it is one, but
        a shorter may be possible.
        """
        found = self._prover.witness(goal)
        counts = any(moment.event.kind in self._counted for moment in found.history)
        if not found.reachable or (found.history and not counts) or not self._counted:
            return found
        other = self._uncounted.witness(goal)
        if not other.history or (found.history and len(found.history) <= len(other.history)):
            return found
        return other if found.history else attrs.evolve(other, why=found.why)

    @cached_property
    def _uncounted(self) -> Prover:
        """The prover of the same procedure without what turns on a count: fewer histories."""
        rules = {
            name: rule
            for name, rule in self.procedure.rules.items()
            if self._reached.isdisjoint(rule.given)
        }
        return Prover(attrs.evolve(self.procedure, rules=rules), self._prover)
