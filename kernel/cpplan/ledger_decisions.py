"""What a ledger answers when an entry is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cpplan.consequences import Consequences, compared
from cpplan.entry_checks import place_of

if TYPE_CHECKING:
    from cpplan.decisions import Reason
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

    accepted = True

    @property
    def consequences(self) -> Consequences:
        """What the entry has changed."""
        place = place_of(self.entry, self.before.entries)
        return compared(place, self.before.turns, self.ledger.turns)


@attrs.frozen
class LedgerRefused:
    """The entry is not recorded, and the ledger is as it was.

    Attributes:
        reasons: everything against it.
        consequences: what it would change, where accepting that is all that is left to do.
    """

    reasons: tuple[Reason, ...]
    consequences: Consequences | None = None

    accepted = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)
