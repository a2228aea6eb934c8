"""Exercise: how often each rule, each refusal code and each status of each duty was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs

from cpplan.obligations import Status


@attrs.define
class Exercise:
    """What histories exercised.

    Attributes:
        histories: how many there were.
        longest: the events recorded in the longest.
        rules: how often each rule let an event through.
        refusals: how often each code was given.
        statuses: how often each duty was found in each status.
        accepted, refused: how many attempts were.
    """

    histories: int = 0
    longest: int = 0
    rules: Counter[str] = attrs.field(factory=Counter)
    refusals: Counter[str] = attrs.field(factory=Counter)
    statuses: Counter[tuple[str, Status]] = attrs.field(factory=Counter)
    accepted: int = 0
    refused: int = 0

    @property
    def attempts(self) -> int:
        """How many events were attempted."""
        return self.accepted + self.refused

    def rule(self, name: str) -> None:
        """Count an event that a rule let through."""
        self.rules[name] += 1
        self.accepted += 1

    def codes(self, codes: Iterable[str]) -> None:
        """Count a refusal."""
        self.refusals.update(set(codes))
        self.refused += 1

    def status(self, duty: str, status: Status) -> None:
        """Count a status that a duty was found in."""
        self.statuses[duty, status] += 1

    def add(self, other: Exercise) -> None:
        """Add what another history exercised."""
        self.histories += other.histories
        self.longest = max(self.longest, other.longest)
        self.rules.update(other.rules)
        self.refusals.update(other.refusals)
        self.statuses.update(other.statuses)
        self.accepted += other.accepted
        self.refused += other.refused
