"""What a search tracks of a plan, beside its state: some steps, some periods."""

from __future__ import annotations

import attrs

from cpplan_sim.proving.judging import Period


@attrs.frozen
class Tracked:
    """What a search keeps of a plan beside its state.

    Attributes:
        steps: whether each of these stands.
        periods: whether each of these has run; its step is among the steps.
    """

    steps: frozenset[str] = frozenset()
    periods: frozenset[Period] = frozenset()

    def __or__(self, other: Tracked) -> Tracked:
        """Return both together."""
        return Tracked(self.steps | other.steps, self.periods | other.periods)

    def first_not_in(self, known: Tracked) -> Tracked:
        """Return one thing that ``known`` lacks, with its step if it is a period; else nothing.

        One at a time: what else stood in the way may no longer do so, and each doubles the search.
        """
        for period in sorted(self.periods - known.periods):
            return Tracked(frozenset({period.step}), frozenset({period}))
        for step in sorted(self.steps - known.steps):
            return Tracked(frozenset({step}))
        return Tracked()

    def __bool__(self) -> bool:
        """Whether anything is tracked."""
        return bool(self.steps or self.periods)

    def __len__(self) -> int:
        """How many things are tracked."""
        return len(self.steps) + len(self.periods)
