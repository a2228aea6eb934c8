"""Entries for a ledger, with the edition filled in that is in force on the day they are about."""

from __future__ import annotations

import abc
import datetime as dt
from typing import TYPE_CHECKING

from cpplan.entries import Happened, LedgerEntry, Migrated, Replaced, Withdrawn

if TYPE_CHECKING:
    from cpplan.events import Event
    from cpplan.procedures import Procedure


class EntryWriter(abc.ABC):
    """Writes entries; the ledger that it is for says under which edition each falls."""

    __slots__ = ()

    @abc.abstractmethod
    def edition_on(self, day: dt.date) -> Procedure:
        """Return the edition that is in force on a day for this plan."""

    @abc.abstractmethod
    def edition_of(self, entry: str) -> Procedure:
        """Return the edition that is in force on the day that an entry is about."""

    def edition_for(self, entry: LedgerEntry) -> Procedure:
        """Return the edition that an entry has to name, whatever it names and whether it is new."""
        if isinstance(entry, Withdrawn):
            return self.edition_of(entry.of)
        return self.edition_on(entry.effective)

    def happened(
        self, event: Event, *, id: str, recorded_on: dt.date, before: str = ""
    ) -> Happened:
        """Return the entry for an event.

        Args:
            event: what happened.
            id: the caller's name for the entry: the same again is not recorded twice.
            recorded_on: the day on which it is recorded.
            before: the entry whose event of the same day it came before; empty for the last.
        """
        edition = self.edition_on(event.on)
        return Happened(
            id=id,
            recorded_on=recorded_on,
            procedure=edition.name,
            digest=edition.digest,
            event=event,
            before=before,
        )

    def withdrawn(self, of: str, *, why: str, id: str, recorded_on: dt.date) -> Withdrawn:
        """Return the entry that says that another was a mistake.

        Args:
            of: that entry: an event, a replacement, a withdrawal or a change of edition.
            why: the reason, for whoever reads the record later.
            id: the caller's name for the entry.
            recorded_on: the day on which it is recorded.
        """
        edition = self.edition_of(of)
        return Withdrawn(
            id=id,
            recorded_on=recorded_on,
            procedure=edition.name,
            digest=edition.digest,
            of=of,
            why=why,
        )

    def replaced(
        self, of: str, event: Event, *, why: str, id: str, recorded_on: dt.date
    ) -> Replaced:
        """Return the entry that says that another was a mistake, and what was so instead.

        Args:
            of: that entry: an event, or the latest replacement of one.
            event: what happened.
            why: the reason, for whoever reads the record later.
            id: the caller's name for the entry.
            recorded_on: the day on which it is recorded.
        """
        edition = self.edition_on(event.on)
        return Replaced(
            id=id,
            recorded_on=recorded_on,
            procedure=edition.name,
            digest=edition.digest,
            of=of,
            event=event,
            why=why,
        )

    def migrated(self, to: Procedure, on: dt.date, *, id: str, recorded_on: dt.date) -> Migrated:
        """Return the entry that puts the plan under another edition.

        Args:
            to: that edition.
            on: the first day under it.
            id: the caller's name for the entry.
            recorded_on: the day on which it is recorded.
        """
        edition = self.edition_on(on)
        return Migrated(
            id=id,
            recorded_on=recorded_on,
            procedure=edition.name,
            digest=edition.digest,
            on=on,
            to_procedure=to.name,
            to_digest=to.digest,
        )
