"""A ledger: what was recorded for one plan, in order of recording, and the plan it amounts to.

Nothing is ever taken out of a ledger. A value: recording gives a new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from cpplan.calendars import CalendarRangeError
from cpplan.comparing import compared
from cpplan.consequences import Consequences
from cpplan.decisions import Reason, Refused
from cpplan.editions import UnknownEditionError
from cpplan.entries import Happened, LedgerEntry, Migrated, Withdrawn
from cpplan.entry_checks import (
    ID_TAKEN,
    OTHER_EDITION,
    check_entries,
    misplaced,
    mistimed,
    place_of,
)
from cpplan.ledger_decisions import LedgerAccepted, LedgerRefused, unaccepted, unreckoned
from cpplan.plans import HistoryError, Plan
from cpplan.replaying import Turn, edition_named, replay
from cpplan.standing import what_stands
from cpplan.writing_entries import EntryWriter

if TYPE_CHECKING:
    from cpplan.events import Event
    from cpplan.procedures import Procedure


@attrs.frozen(eq=False)
class Ledger(EntryWriter):
    """What was recorded for one plan.

    Two ledgers are equal if they began under the same edition and hold the same entries.

    Attributes:
        opening: the edition that the plan began under.
        editions: every edition that the ledger knows, by digest.
        entries: what was recorded, in order of recording.
    """

    opening: Procedure = attrs.field(repr=lambda procedure: procedure.name)
    editions: Mapping[str, Procedure] = attrs.field(repr=False)
    entries: tuple[LedgerEntry, ...] = attrs.field(default=(), repr=lambda of: f"{len(of)} entries")
    _plan: Plan | None = attrs.field(default=None, repr=False, kw_only=True)
    _turns: tuple[Turn, ...] | None = attrs.field(init=False, default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return whether the other began under the same edition and holds the same entries."""
        if not isinstance(other, Ledger):
            return NotImplemented
        return self.opening.digest == other.opening.digest and self.entries == other.entries

    def __hash__(self) -> int:
        """Return a hash that equal ledgers share."""
        return hash((self.opening.digest, self.entries))

    @classmethod
    def opened(cls, procedure: Procedure) -> Ledger:
        """Return a ledger in which nothing is recorded, for a plan under a procedure.

        Example:
            >>> from cpplan import load
            >>> from cpplan.events import InitialConferenceOpened
            >>> ledger = Ledger.opened(load("standards"))
            >>> monday, thursday = dt.date(2026, 3, 2), dt.date(2026, 3, 5)
            >>> opened = InitialConferenceOpened(on=monday)
            >>> entry = ledger.happened(opened, id="a1", recorded_on=thursday)
            >>> after = ledger.record(entry).ledger
            >>> after.plan.last_day == monday, after.as_known_on(monday) == ledger
            (True, True)
        """
        return cls(procedure, MappingProxyType({procedure.digest: procedure}))

    @classmethod
    def of(cls, entries: Iterable[LedgerEntry], editions: Iterable[Procedure]) -> Ledger:
        """Return the ledger that holds entries already recorded. They are not judged again.

        Args:
            entries: at least one, in order of recording. The first names the edition that the
                plan began under; for none, use :meth:`opened`.
            editions: every edition that the plan has been under; others do no harm.

        Raises:
            InvalidLedgerError: the entries can't be those of one ledger in order of recording.
            UnknownEditionError: an edition is missing.
        """
        recorded = tuple(entries)
        known = {one.digest: one for one in editions}
        check_entries(recorded)
        first = recorded[0]
        if first.digest not in known:
            raise UnknownEditionError(first.procedure, first.digest, known)
        for entry in recorded:
            if isinstance(entry, Migrated):
                edition_named(entry, known)
        return cls(known[first.digest], MappingProxyType(known), recorded)

    def knowing(self, *procedures: Procedure) -> Ledger:
        """Return the ledger with other editions that a plan may come to."""
        editions = {**self.editions, **{one.digest: one for one in procedures}}
        return Ledger(self.opening, MappingProxyType(editions), self.entries, plan=self._plan)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What stands in the ledger, in the order of days, with what is to be said against it."""
        if self._turns is None:
            found = replay(self.opening, what_stands(self.entries), self.editions)
            object.__setattr__(self, "_turns", found)
            return found
        return self._turns

    @property
    def unlawful(self) -> tuple[Turn, ...]:
        """What stands in the ledger and would be refused if it were recorded now."""
        return tuple(turn for turn in self.turns if turn.reasons)

    @property
    def turns_told(self) -> tuple[Turn, ...]:
        """The turns; none if a day in the ledger keeps them from being reckoned.

        Then what takes that day out opens everything that is owed, and is told so.
        """
        try:
            return self.turns
        except (CalendarRangeError, OverflowError):
            return ()

    @property
    def plan(self) -> Plan:
        """The plan that all of the entries amount to, whatever day they are about.

        No ledger takes what is still to come; one that was recorded elsewhere may hold a change of
        edition of a later day. What is in force on a day is told by :meth:`plan_on`.
        """
        if self._plan is None:
            found = self._rebuilt()
            object.__setattr__(self, "_plan", found)
            return found
        return self._plan

    def _rebuilt(self) -> Plan:
        """Return the plan, without judging anything where nothing was ever corrected."""
        if all(isinstance(entry, Happened) for entry in self.entries):
            try:
                return Plan.rebuild(self.opening, _in_order(self.entries))
            except HistoryError:  # something stands aside
                pass
        return _after(self.opening, self.turns)

    def plan_on(self, day: dt.date) -> Plan:
        """Return the plan at the end of a day, by all that is known now.

        What was known then is another question: ask :meth:`as_known_on` first.
        """
        return _after(self.opening, [turn for turn in self.turns if turn.on <= day])

    def edition_on(self, day: dt.date) -> Procedure:
        """Return the edition that is in force on a day for this plan."""
        # Read no further than the change that led to it: what comes later may be beyond reckoning,
        # and has to be withdrawn all the same.
        until = [one for one in what_stands(self.entries) if one.on <= day]
        while until and not isinstance(until[-1].entry, Migrated):
            until.pop()
        return _after(self.opening, replay(self.opening, until, self.editions)).procedure

    def edition_of(self, entry: str) -> Procedure:
        """Return the edition that is in force on the day that an entry is about."""
        found = self._known(entry)
        while isinstance(found, Withdrawn):
            found = self._known(found.of)
        day = None if found is None else found.effective
        return self.opening if day is None else self.edition_on(day)

    def as_known_on(self, day: dt.date) -> Ledger:
        """Return the ledger as it stood at the end of a day, whatever was put right later."""
        known = tuple(entry for entry in self.entries if entry.recorded_on <= day)
        return Ledger(self.opening, self.editions, known)

    def preview(self, entry: LedgerEntry) -> Consequences:
        """Return what an entry would change of what is there, without judging the entry itself.

        Raises:
            UnknownEditionError: it leads to an edition that this ledger does not know.
            CalendarRangeError, OverflowError: with it, what is due can't be reckoned.
        """
        place = place_of(entry, self.entries)
        if self._known(entry.id) is not None:
            return compared(place, self.turns_told, self.turns_told)
        return compared(place, self.turns_told, self.with_entry(entry).turns, by=entry.id)

    def record(
        self, entry: LedgerEntry, *, accepting: Consequences | str | None = None
    ) -> LedgerAccepted | LedgerRefused:
        """Judge an entry, and give the ledger with it if it is accepted.

        An event that comes last is judged as the plan judges it. Anything else may change what was
        decided, owed or reached: it is accepted only with these consequences in hand.

        Args:
            entry: what is recorded; best made by the methods above.
            accepting: the consequences that the caller accepts, or their digest.

        Returns:
            The ledger with the entry; or every reason against it, with the consequences where
            they are all that is left to accept.

        Raises:
            UnknownEditionError: it leads to an edition that this ledger does not know.
        """
        known = self._known(entry.id)
        if known is not None:
            return self._again(known, entry)
        wrong = misplaced(entry, self.entries)
        late = mistimed(entry, self.entries)
        if wrong:
            return LedgerRefused((*late, *wrong))
        formal = late
        # What is due is reckoned before anything is kept: whoever asks later must be able to.
        try:
            formal = (*late, *self._other_edition(entry))
            if isinstance(entry, Happened) and self._comes_last(entry):
                return self._appended(entry, formal)
            return self._inserted(entry, formal, accepting)
        except (CalendarRangeError, OverflowError) as error:
            return LedgerRefused((*formal, unreckoned(error)))

    def _known(self, name: str) -> LedgerEntry | None:
        return next((one for one in self.entries if one.id == name), None)

    def with_entry(self, entry: LedgerEntry) -> Ledger:
        """Return the ledger with an entry that nothing has judged: to look at, not to keep."""
        return Ledger(self.opening, self.editions, (*self.entries, entry))

    def _again(self, known: LedgerEntry, entry: LedgerEntry) -> LedgerAccepted | LedgerRefused:
        if known == entry:
            return LedgerAccepted(self, entry, self, repeated=True)
        says = f"The id {entry.id!r} was given to an entry with other content."
        return LedgerRefused((Reason(ID_TAKEN, says),))

    def _comes_last(self, entry: Happened) -> bool:
        on = entry.event.on
        if entry.before:
            return False
        if all(day is None or day <= on for day in (one.effective for one in self.entries)):
            return True
        # A later day may be of what is withdrawn or replaced: that takes longer to find out.
        return all(one.on <= on for one in what_stands(self.entries))

    def _appended(
        self, entry: Happened, formal: tuple[Reason, ...]
    ) -> LedgerAccepted | LedgerRefused:
        decision = self.plan.record(entry.event)
        if isinstance(decision, Refused):
            return LedgerRefused((*formal, *decision.reasons))
        _reckon(decision.plan)
        if formal:
            return LedgerRefused(formal)
        entries = (*self.entries, entry)
        after = Ledger(self.opening, self.editions, entries, plan=decision.plan)
        return LedgerAccepted(after, entry, self)

    def _inserted(
        self,
        entry: LedgerEntry,
        formal: tuple[Reason, ...],
        accepting: Consequences | str | None,
    ) -> LedgerAccepted | LedgerRefused:
        after = self.with_entry(entry)
        against = next((t.reasons for t in after.turns if t.standing.entry.id == entry.id), ())
        _reckon(_after(self.opening, after.turns))
        if formal or against:
            return LedgerRefused((*formal, *against))
        accepted = LedgerAccepted(after, entry, self)
        reasons = unaccepted(accepted.consequences, accepting)
        return LedgerRefused(reasons, accepted.consequences) if reasons else accepted

    def _other_edition(self, entry: LedgerEntry) -> tuple[Reason, ...]:
        """Return that an entry names another edition than the one in force on its day."""
        edition = self.edition_for(entry)
        if (entry.procedure, entry.digest) == (edition.name, edition.digest):
            return ()
        says = (
            f"It was recorded under {entry.procedure} ({entry.digest:.12}); on that day the plan is"
            f" under {edition.name} ({edition.digest:.12})."
        )
        return (Reason(OTHER_EDITION, says),)


def _in_order(entries: Sequence[LedgerEntry]) -> list[Event]:
    standing = (one.entry for one in what_stands(entries))
    return [entry.event for entry in standing if not isinstance(entry, Migrated)]


def _reckon(plan: Plan) -> None:
    """Work out what is owed, which raises where a day is beyond the calendar."""
    _ = plan.obligations


def _after(opening: Procedure, turns: Sequence[Turn]) -> Plan:
    return turns[-1].after if turns else Plan(opening)
