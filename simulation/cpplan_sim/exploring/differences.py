"""Differences: that two answers to the same question are not the same."""

from __future__ import annotations

import enum

import attrs

from cpplan_sim.monitors import Moment


class Oracle(enum.StrEnum):
    """What the kernel was held against."""

    REQUIREMENT = "requirement"
    """What no path may skip, judged by a monitor."""
    STOCK = "stock machine"
    DATES = "naive dates"
    REBUILDING = "rebuilding"
    """The plan that its history alone gives."""
    JSON = "JSON"
    WHY_NOT = "why-not"
    CRASH = "crash"
    """The kernel raised: a rule that crashed has not been passed."""
    API = "API"
    """A promise of the kernel's functions, such as that an old plan stays as it was."""


@attrs.frozen
class Difference:
    """Two answers that differ.

    Attributes:
        oracle: what the kernel was held against.
        subject: the requirement, the duty or the kind of event that it is about.
        says: the two answers, in a sentence.
        cites: the clauses of the subject, where it has any.
    """

    oracle: Oracle
    subject: str
    says: str
    cites: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it is about. Two histories that differ in the same thing are told once."""
        return (self.oracle.value, self.subject)


class DifferenceError(AssertionError):
    """Raised where two answers differ, with the history up to there.

    Attributes:
        difference: the two answers.
        moments: what was attempted, the last of it being what showed the difference.
    """

    def __init__(self, difference: Difference, moments: tuple[Moment, ...]) -> None:
        """Keep both, and say what differs."""
        self.difference = difference
        self.moments = moments
        super().__init__(f"{difference.oracle}: {difference.subject}: {difference.says}")
