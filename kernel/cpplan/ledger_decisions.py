"""What a ledger answers when an entry is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import attrs

from cpplan.comparing import compared
from cpplan.consequences import Consequences
from cpplan.decisions import Reason
from cpplan.entry_checks import (
    CONSEQUENCES_CHANGED,
    CONSEQUENCES_NOT_ACCEPTED,
    OUTSIDE_CALENDAR,
    place_of,
)

if TYPE_CHECKING:
    from cpplan.entries import LedgerEntry
    from cpplan.ledgers import Ledger


@attrs.frozen
class LedgerAccepted:
    """The entry is recorded.

    Attributes:
        ledger: the ledger as it is now.
        entry: the entry.
        before: the ledger as it was.
        repeated: whether the very same entry was there already, so that nothing is new.
    """

    ledger: Ledger
    entry: LedgerEntry
    before: Ledger = attrs.field(repr=False)
    repeated: bool = False

    accepted: ClassVar[Literal[True]] = True

    @property
    def consequences(self) -> Consequences:
        """What the entry has changed."""
        place = place_of(self.entry, self.before.entries)
        return compared(place, self.before.turns_told, self.ledger.turns, by=self.entry.id)


@attrs.frozen
class LedgerRefused:
    """The entry is not recorded, and the ledger is as it was.

    Attributes:
        reasons: everything against it.
        consequences: what it would change, where accepting that is all that is left to do.
    """

    reasons: tuple[Reason, ...]
    consequences: Consequences | None = None

    accepted: ClassVar[Literal[False]] = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)


def unaccepted(
    consequences: Consequences, accepting: Consequences | str | None
) -> tuple[Reason, ...]:
    """Return why consequences are not accepted, if they need to be."""
    if not consequences.needs_accepting or accepting in (consequences, consequences.digest):
        return ()
    if accepting is None:
        says = "It changes what is recorded already: look at what, and accept that."
        return (Reason(CONSEQUENCES_NOT_ACCEPTED, says),)
    says = "It changes something else than what was accepted: look at it again."
    return (Reason(CONSEQUENCES_CHANGED, says),)


def unreckoned(error: Exception) -> Reason:
    """Return that with an entry nobody could reckon what is due, now or ever after."""
    return Reason(OUTSIDE_CALENDAR, f"With it, what is due can't be reckoned: {error}.")
