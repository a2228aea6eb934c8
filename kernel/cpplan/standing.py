"""What stands in a ledger: which event each entry comes to in the end, and in which order.

An entry that took place opens a place, and the place stays where it is whatever is said of it
later. Nothing is judged here: whether an event is lawful is not known to this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from cpplan.entries import Happened, LedgerEntry, Migrated, Replaced, Withdrawn

Speaking = Happened | Replaced | Migrated
"""The entries that say that something is so, and on which day."""


@attrs.frozen
class Standing:
    """One thing that the ledger, as it is now, says was so.

    Attributes:
        place: the entry that first said so.
        entry: the entry that says what was so now: that one, or what replaced it.
    """

    place: str
    entry: Speaking

    @property
    def on(self) -> dt.date:
        """The day that it is about."""
        return self.entry.effective


def what_stands(entries: Sequence[LedgerEntry]) -> tuple[Standing, ...]:
    """Return what the entries amount to, in the order of days.

    A change of edition comes before the events of its day. Events of one day are in the order in
    which they were first recorded, but for those that say which they came before.
    """
    gone = withdrawn(entries)
    replaced = (entry for entry in entries if isinstance(entry, Replaced) and entry.id not in gone)
    instead = {entry.of: entry for entry in replaced}
    line = (opening for opening in _line(entries) if opening.id not in gone)
    found = [Standing(opening.id, _speaking(opening, instead)) for opening in line]
    return tuple(sorted(found, key=_day))


def withdrawn(entries: Sequence[LedgerEntry]) -> frozenset[str]:
    """Return the entries that are withdrawn, by a withdrawal that is not itself withdrawn."""
    gone: set[str] = set()
    for entry in reversed(entries):
        if isinstance(entry, Withdrawn) and entry.id not in gone:
            gone.add(entry.of)
    return frozenset(gone)


def _line(entries: Sequence[LedgerEntry]) -> list[Happened | Migrated]:
    """Return what opened a place, in order of recording, or where it says that it goes."""
    line: list[Happened | Migrated] = []
    for entry in entries:
        if isinstance(entry, (Happened, Migrated)):
            line.insert(_where(entry, line), entry)
    return line


def _where(entry: Happened | Migrated, line: Sequence[Happened | Migrated]) -> int:
    if isinstance(entry, Happened) and entry.before:
        return next((at for at, other in enumerate(line) if other.id == entry.before), len(line))
    return len(line)


def _speaking(opening: Happened | Migrated, instead: Mapping[str, Replaced]) -> Speaking:
    speaking: Speaking = opening
    while speaking.id in instead:
        speaking = instead[speaking.id]
    return speaking


def _day(standing: Standing) -> tuple[dt.date, bool]:
    return (standing.on, not isinstance(standing.entry, Migrated))
