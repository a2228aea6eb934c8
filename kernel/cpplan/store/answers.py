"""Answers: what a store says when it is given something to keep. A conflict is an answer too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar, Literal

import attrs

from cpplan.decisions import Reason
from cpplan.store.rows import (
    FIRST,
    Draft,
    Head,
    InvalidRowError,
    nothing_of,
    require_plan,
    require_text,
)

VERSION_CONFLICT = "version-conflict"
HISTORY_DIFFERS = "history-differs"
RECORDED_IN_PART = "recorded-in-part"
PROCEDURE_NEEDED = "procedure-needed"
"""Codes of the reasons that come from what is stored; no clause gives them."""

HIGHEST = 2**31 - 1
"""The version that a plan can't go past: the largest number of the column, in PostgreSQL."""


def _several(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    return tuple(drafts)


def _drafts(_: Addition, __: object, value: tuple[Draft, ...]) -> None:
    ids = Counter(draft.entry_id for draft in value)
    twice = sorted(one for one, times in ids.items() if times > 1)
    if not ids:
        raise InvalidRowError("an addition needs at least one entry")
    if twice:
        raise InvalidRowError(f"the same id twice in one addition: {', '.join(twice)}")


def _expected(_: Addition, __: object, value: int | Head) -> None:
    version = value.version if isinstance(value, Head) else value
    if type(version) is not int or not 0 <= version < HIGHEST:
        raise InvalidRowError(
            f"expected is {value!r:.60}, not a version such as 0 or 12, or a head"
        )
    if isinstance(value, Head):
        require_text("the hash of the head expected", value.hash)
        if (value.hash == FIRST) != (version == 0):
            raise InvalidRowError(
                f"expected is {value!r:.60}: a head has a hash, and only nothing has none"
            )


@attrs.frozen
class Addition:
    """What is to be added to one plan's history, and where that history is thought to stand.

    Attributes:
        plan: the name of the plan.
        expected: the head that the caller has read, or its version alone; 0 for a plan of which
            nothing is stored.
        drafts: what is to be kept, in this order.
    """

    plan: str = attrs.field(validator=lambda _, __, value: require_plan(value))
    expected: int | Head = attrs.field(validator=_expected)
    drafts: tuple[Draft, ...] = attrs.field(converter=_several, validator=_drafts)

    @property
    def after(self) -> Head | None:
        """The head that the addition comes after, if its hash is known without reading it."""
        if isinstance(self.expected, Head):
            return Head(self.plan, self.expected.version, self.expected.hash)
        return nothing_of(self.plan) if self.expected == 0 else None

    @property
    def version(self) -> int:
        """The version that the addition comes after."""
        return self.expected.version if isinstance(self.expected, Head) else self.expected

    @property
    def ids(self) -> list[str]:
        """The ids of the entries."""
        return [draft.entry_id for draft in self.drafts]


@attrs.frozen
class Appended:
    """Everything is stored, and will be there after a crash.

    Attributes:
        heads: where each plan's history stood after the addition, in the order given.
        already: whether all of it was there before, under the same ids with the same content; the
            heads are then those of that time.
    """

    heads: tuple[Head, ...]
    already: bool = False

    accepted: ClassVar[Literal[True]] = True

    @property
    def head(self) -> Head:
        """The head of the only plan, or of the first."""
        return self.heads[0]


@attrs.frozen
class Conflict:
    """Nothing is stored.

    Attributes:
        reasons: everything that stands against it: ``version-conflict``, ``history-differs``,
            ``id-taken``, ``recorded-in-part``.
        heads: where the history of each plan stands now, in the order given.
    """

    reasons: tuple[Reason, ...]
    heads: tuple[Head, ...]

    accepted: ClassVar[Literal[False]] = False

    @property
    def head(self) -> Head:
        """The head of the only plan, or of the first."""
        return self.heads[0]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)


Answer = Appended | Conflict
