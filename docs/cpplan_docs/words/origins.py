"""Origins in words: whose statement of a pack something is, and why, where the pack says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from cpplan import Procedure
from cpplan.drafts import NOTING
from cpplan.values import Origin
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import plain

WHOSE: Mapping[Origin, str] = {
    Origin.OWN: "The source's own",
    Origin.INHERITED: "Taken over from another source",
    Origin.CHOICE: "Our choice",
}
"""Whose a statement is."""


class Sourced(Protocol):
    """A statement of a pack: a rule, a duty, a requirement or a figure."""

    @property
    def cites(self) -> tuple[str, ...]:
        """The clauses that it stands on."""

    @property
    def origin(self) -> Origin:
        """Whose it is."""

    @property
    def why(self) -> str:
        """Why it is as it is."""


class Stated(Sourced, Protocol):
    """One that is about a topic."""

    @property
    def topic(self) -> str:
        """What it is about."""


T = TypeVar("T", bound=Stated)


def stands_on(one: Sourced, path: str) -> str:
    """Return whose a statement is and the clauses that it stands on, as a part of a list."""
    cited = linking.clauses(one.cites, path)
    return f"{WHOSE[one.origin]}: {cited}" if cited else WHOSE[one.origin]


def remark(one: Sourced) -> str:
    """Return why a statement is as it is, in the pack's words; empty if it says nothing."""
    return plain(one.why)


def by_topic(procedure: Procedure, stated: Iterable[T]) -> Iterator[tuple[str, list[T]]]:
    """Yield topics in the order of the lifecycle, each with the statements on it.

    What is only noted is about no part of it, and comes last.
    """
    ordered = sorted(procedure.topics, key=lambda topic: topic == NOTING)
    found: dict[str, list[T]] = {topic: [] for topic in ordered}
    for one in stated:
        found.setdefault(one.topic, []).append(one)
    return ((topic, ones) for topic, ones in found.items() if ones)
