"""What can be said against an entry before anything is replayed: what it names, and its days."""

from __future__ import annotations

from collections.abc import Sequence

from cpplan.decisions import Reason
from cpplan.entries import Happened, LedgerEntry, Migrated, Replaced, Withdrawn
from cpplan.standing import what_stands, withdrawn

ID_TAKEN = "id-taken"
UNKNOWN_ENTRY = "unknown-entry"
ALREADY_WITHDRAWN = "already-withdrawn"
ALREADY_REPLACED = "already-replaced"
NOT_AN_EVENT = "not-an-event"
NOT_OF_THAT_DAY = "not-of-that-day"
RECORDED_BEFORE_LATEST = "recorded-before-latest"
RECORDED_BEFORE_IT_HAPPENED = "recorded-before-it-happened"
OTHER_EDITION = "other-edition"
OUTSIDE_CALENDAR = "outside-calendar"
CONSEQUENCES_NOT_ACCEPTED = "consequences-not-accepted"
CONSEQUENCES_CHANGED = "consequences-changed"
"""Codes of the reasons against an entry that come from the ledger; no clause gives them."""


class InvalidLedgerError(ValueError):
    """Entries can't be those of one ledger in order of recording.

    Attributes:
        number: which entry, counted from 0.
    """

    def __init__(self, number: int, message: str) -> None:
        """Keep the entry's number and say what is wrong with it."""
        self.number = number
        super().__init__(f"entry {number + 1}: {message}")


def check_entries(entries: Sequence[LedgerEntry]) -> None:
    """Check that entries can be those of one ledger, without replaying them.

    Raises:
        InvalidLedgerError: there are none, an id comes twice, an entry names a later one or none,
            or was recorded on a day before the one that it follows.
    """
    if not entries:
        raise InvalidLedgerError(0, "there is none; open an empty ledger for a procedure instead")
    seen: set[str] = set()
    latest = entries[0].recorded_on
    for number, entry in enumerate(entries):
        if entry.id in seen:
            raise InvalidLedgerError(number, f"the id {entry.id!r} was given to an earlier entry")
        named = named_by(entry)
        if named and named not in seen:
            raise InvalidLedgerError(number, f"it names {named!r}, which is no earlier entry")
        if entry.recorded_on < latest:
            raise InvalidLedgerError(number, f"recorded on {entry.recorded_on}, before {latest}")
        seen.add(entry.id)
        latest = entry.recorded_on


def named_by(entry: LedgerEntry) -> str:
    """Return the earlier entry that an entry names; empty if it names none."""
    if isinstance(entry, Happened):
        return entry.before
    return "" if isinstance(entry, Migrated) else entry.of


def place_of(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> str:
    """Return the entry that first told of what an entry is about."""
    recorded = {one.id: one for one in entries}
    while isinstance(entry, (Withdrawn, Replaced)) and entry.of in recorded:
        entry = recorded[entry.of]
    return entry.id


def misplaced(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> tuple[Reason, ...]:
    """Return what is wrong with the earlier entry that an entry names, so that it has no place."""
    named = named_by(entry)
    if not named:
        return ()
    target = next((one for one in entries if one.id == named), None)
    if target is None:
        return (Reason(UNKNOWN_ENTRY, f"There is no entry {named!r} in this ledger."),)
    if isinstance(entry, Happened):
        return _no_event(target, (Happened,), "come before") or _other_day(entry, target, entries)
    if isinstance(entry, Replaced):
        return _no_event(target, (Happened, Replaced), "replace") or _settled(entry, entries)
    # A migration names no entry.
    return _settled(entry, entries) if isinstance(entry, Withdrawn) else ()


def _no_event(target: LedgerEntry, kinds: tuple[type, ...], doing: str) -> tuple[Reason, ...]:
    if isinstance(target, kinds):
        return ()
    says = f"The entry {target.id!r} is {target.kind}, and no event that another could {doing}."
    return (Reason(NOT_AN_EVENT, says),)


def _other_day(
    entry: Happened, target: LedgerEntry, entries: Sequence[LedgerEntry]
) -> tuple[Reason, ...]:
    """Return that an event can't come before one of another day merely by saying so."""
    days = {one.place: one.on for one in what_stands(entries)}
    day = days.get(target.id, target.effective)
    if day == entry.event.on:
        return ()
    says = f"The event is of {entry.event.on}, and that of {target.id!r} is of {day}."
    return (Reason(NOT_OF_THAT_DAY, says),)


def _settled(entry: Withdrawn | Replaced, entries: Sequence[LedgerEntry]) -> tuple[Reason, ...]:
    """Return why what an entry says, or brings back, would not stand."""
    if isinstance(entry, Replaced):
        return _speaks_no_more(entry.of, entries)
    by = _withdrawal(entry.of, entries)
    if by is not None:
        return (_withdrawn_by(entry.of, by),)
    back = _brought_back(entry, entries)
    return _settled(back, entries) if isinstance(back, (Withdrawn, Replaced)) else ()


def _brought_back(entry: Withdrawn, entries: Sequence[LedgerEntry]) -> LedgerEntry | None:
    """Return what stands again once an entry is withdrawn; ``None`` if it withdrew nothing."""
    recorded = {one.id: one for one in entries}
    target = recorded[entry.of]
    return recorded[target.of] if isinstance(target, Withdrawn) else None


def _speaks_no_more(of: str, entries: Sequence[LedgerEntry]) -> tuple[Reason, ...]:
    """Return why nothing can be said in place of an entry, which says nothing itself any more."""
    standing = {one.place: one.entry.id for one in what_stands(entries)}
    if of in standing.values():
        return ()
    recorded = {one.id: one for one in entries}
    name = of
    while name:
        by = _withdrawal(name, entries)
        if by is not None:
            return (_withdrawn_by(name, by, "; withdraw that first"),)
        name = "" if isinstance(recorded[name], Happened) else named_by(recorded[name])
    speaks = standing[place_of(recorded[of], entries)]
    says = f"The entry {of!r} is replaced already: replace or withdraw {speaks!r}."
    return (Reason(ALREADY_REPLACED, says),)


def _withdrawal(of: str, entries: Sequence[LedgerEntry]) -> Withdrawn | None:
    """Return the withdrawal of an entry that is not itself withdrawn."""
    gone = withdrawn(entries)
    those = (one for one in entries if isinstance(one, Withdrawn) and one.of == of)
    return next((one for one in those if one.id not in gone), None)


def _withdrawn_by(of: str, by: Withdrawn, way_out: str = "") -> Reason:
    says = f"The entry {of!r} is withdrawn already, by {by.id!r}{way_out}."
    return Reason(ALREADY_WITHDRAWN, says)


def mistimed(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> tuple[Reason, ...]:
    """Return what is wrong with the day on which an entry is said to be recorded."""
    reasons = []
    on, about = entry.recorded_on, entry.effective
    if entries and on < entries[-1].recorded_on:
        says = f"{on} is before the latest recording, which is of {entries[-1].recorded_on}."
        reasons.append(Reason(RECORDED_BEFORE_LATEST, says))
    if about is not None and about > on:
        what = (
            "The other edition is in force from"
            if isinstance(entry, Migrated)
            else "The event is of"
        )
        says = f"{what} {about}, after {on}, on which it is said to be recorded."
        reasons.append(Reason(RECORDED_BEFORE_IT_HAPPENED, says))
    return tuple(reasons)
