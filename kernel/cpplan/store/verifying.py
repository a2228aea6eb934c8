"""Verifying: a stored history is worked out again, link by link, in one pass.

A chain shows what was altered within it. That rows are missing at its end, or that all of it was
written anew, shows only against heads that were kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from cpplan.store.rows import COLUMNS, FIRST, Head, link_fault

VERSION = COLUMNS.index("version")
Told = Callable[[int, int], None]
"""Is told how many plans are done, of how many."""


@attrs.frozen
class Broken:
    """Where a plan's history is first not what it was.

    Attributes:
        plan: the name of the plan.
        version: the row.
        says: what is wrong with it.
    """

    plan: str
    version: int
    says: str

    def __str__(self) -> str:
        """Return a line with all of it."""
        return f"plan {self.plan!r}, version {self.version}: {self.says}"


@attrs.define
class Verifier:
    """Takes the rows of a whole store, in the order of plan and version, and finds what is broken.

    Attributes:
        kept: the hashes of heads that were kept elsewhere, by plan and version: those of many days
            may be held against at once, and an early one shows what a late one can't.
        rows, plans: how many were seen.
    """

    kept: dict[str, dict[int, set[str]]]
    rows: int = 0
    plans: int = 0
    _plan: str | None = None
    _version: int = 0
    _hash: str = FIRST
    _broken: bool = False

    @classmethod
    def against(cls, heads: Iterable[Head]) -> Verifier:
        """Return a verifier that holds the rows against heads kept elsewhere."""
        kept: dict[str, dict[int, set[str]]] = {}
        for head in heads:
            if head.version:
                kept.setdefault(head.plan, {}).setdefault(head.version, set()).add(head.hash)
        return cls(kept)

    def take(self, row: Sequence[Any]) -> Iterator[Broken]:
        """Take the next row, and give what is broken: a plan's first fault alone."""
        self.rows += 1
        if row[0] != self._plan:
            yield from self.end_of_plan()
            self._plan, self._version, self._hash, self._broken = row[0], 0, FIRST, False
            self.plans += 1
        self._version += 1
        if self._broken:
            return
        fault = self._fault(row) or self._unlike_kept(row)
        if fault:
            self._broken = True
            yield Broken(str(row[0]), self._named(row), fault)
        self._hash = row[-1]

    def end_of_plan(self) -> Iterator[Broken]:
        """Give what is missing at the end of the plan whose rows were taken last."""
        kept = self.kept.pop(self._plan, {}) if self._plan is not None else {}
        if max(kept, default=0) > self._version and not self._broken:
            yield _missing(str(self._plan), max(kept), self._version + 1)

    def end(self) -> Iterator[Broken]:
        """Give what is missing at the end of all: the rest of the last plan, and whole plans."""
        yield from self.end_of_plan()
        yield from (_missing(plan, max(kept), 1) for plan, kept in self.kept.items())

    def _named(self, row: Sequence[Any]) -> int:
        version = row[VERSION]
        return version if type(version) is int else self._version

    def _fault(self, row: Sequence[Any]) -> str:
        for name, value in zip(COLUMNS, row, strict=True):
            if type(value) is not (int if name == "version" else str):
                return f"{name} holds {type(value).__name__}"
        return link_fault(row, self._version, self._hash)

    def _unlike_kept(self, row: Sequence[Any]) -> str:
        unlike = self.kept.get(row[0], {}).get(self._version, set()) - {row[-1]}
        if not unlike:
            return ""
        return f"the head kept elsewhere has another hash: {min(unlike):.16}"


def _missing(plan: str, kept: int, version: int) -> Broken:
    says = f"it is missing: the head kept elsewhere stands at version {kept}"
    return Broken(plan, version, says)
