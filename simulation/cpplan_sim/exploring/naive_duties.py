"""What is owed, read off a history one duty at a time: a second answer to what falls due when.

Written from what :mod:`cpplan.duties` says that a duty is, and from the register's readings (M9: a
recurring duty is counted from the last time it was met). It must not use
:mod:`cpplan.obligations`, whose answers are held against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from cpplan import Procedure
from cpplan.duties import Duty, Limit
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.states import is_ended
from cpplan_sim.exploring.naive_dates import NaiveDates

MET, MET_LATE, MISSED, LAPSED, UNKNOWN = "met", "met-late", "missed", "lapsed", "undecidable"


@attrs.frozen
class Happened:
    """An event that was recorded.

    Attributes:
        number: its place in the history, counted from 0.
        event: what happened.
        takes: the steps that its rule takes.
        state: the state after it.
    """

    number: int
    event: Event
    takes: frozenset[str]
    state: str


@attrs.define
class Owed:
    """One thing owed: since when, by when, and what became of it."""

    anchor: dt.date | None
    due: dt.date | None
    opened_by: int
    opened_on: dt.date
    missed_chances: int = 0
    closed_by: int | None = None
    closed_on: dt.date | None = None
    outcome: str = ""

    def facts(self) -> tuple[object, ...]:
        """Return all that can be compared."""
        return (
            self.anchor,
            self.due,
            self.opened_by,
            self.opened_on,
            self.closed_by,
            self.closed_on,
            self.outcome,
        )


@attrs.define
class NaiveDuty:
    """What one duty has come to on one plan.

    Attributes:
        duty: which.
        dates: counts its days.
        owed: everything that was owed of it, in order of opening.
    """

    duty: Duty
    dates: NaiveDates
    owed: list[Owed] = attrs.field(factory=list)
    _agreed: int | None = None
    _in_advance: bool = False

    def read(self, it: Happened) -> None:
        """Take one more event of the history."""
        met = _fits(self.duty.met_by, it) is not None
        if met:
            self._meet(it)
        elif _fits(self.duty.due_at, it) is not None:
            self._pass_a_chance(it)
        if _fits(self.duty.until, it) is not None:
            self._let_go(it, it.event.on)
        self._agree(it)
        self._begin(it)
        if is_ended(it.state) and not self.duty.outlives_plan:
            self._let_go(it, it.event.in_effect_on)

    def waiting(self) -> list[Owed]:
        """Return what is neither done nor over, oldest first."""
        return [one for one in self.owed if not one.outcome]

    def status(self, one: Owed, on: dt.date) -> str:
        """Return where something owed stands at the end of a day."""
        if on < one.opened_on:
            return "not-started"
        if one.closed_on is not None and on >= one.closed_on:
            return one.outcome
        if self._unknown(one):
            return UNKNOWN
        return "overdue" if one.due is not None and one.due < on else "due"

    def _unknown(self, one: Owed) -> bool:
        """Whether nobody can say by when: no anchor, or a figure that nobody has chosen."""
        unchosen = self.duty.value is not None and self.duty.value.amount is None
        return one.anchor is None or (unchosen and one.due is None)

    def _meet(self, it: Happened) -> None:
        one = self._meant(it.event)
        if one is None:
            self._in_advance = self._in_advance or self.duty.earlier_counts
            return
        self._close(one, it, it.event.on, in_time=MET, late=MET_LATE)
        if self.duty.recurs:
            self._open(it, it.event.on)

    def _meant(self, event: Event) -> Owed | None:
        """Return what an event is for: the one whose day it names, else the oldest."""
        waiting = self.waiting()
        named = getattr(event, self.duty.for_field) if self.duty.for_field else None
        if named is not None:
            waiting = [one for one in waiting if one.anchor == named]
        return waiting[0] if waiting else None

    def _pass_a_chance(self, it: Happened) -> None:
        """Count an event by which it should have been done; at the last one it is missed."""
        figure = self.duty.value.amount if self.duty.value is not None else None
        allowed = figure if self.duty.limit is Limit.EVERY_EVENTS and figure else 1
        for one in self.waiting():
            one.missed_chances += 1
            if one.missed_chances >= allowed:
                one.closed_by, one.closed_on, one.outcome = it.number, it.event.on, MISSED
                if self.duty.recurs:
                    self._open(it, it.event.on)

    def _let_go(self, it: Happened, on: dt.date) -> None:
        """End what is owed; what the same event had just begun again was never owed."""
        for one in self.waiting():
            if self.duty.recurs and one.opened_by == it.number:
                self.owed.remove(one)
            else:
                self._close(one, it, on, in_time=LAPSED, late=MISSED)

    def _close(self, one: Owed, it: Happened, on: dt.date, *, in_time: str, late: str) -> None:
        was_late = one.due is not None and one.due < on
        outcome = UNKNOWN if self._unknown(one) else late if was_late else in_time
        one.closed_by, one.closed_on, one.outcome = it.number, on, outcome

    def _agree(self, it: Happened) -> None:
        """Take a figure agreed for this plan: it moves what is open, but not what is late."""
        for agreed in self.duty.agreed:
            figure = getattr(it.event, agreed.field) if agreed.event == it.event.kind else None
            if figure is None:
                continue
            self._agreed = figure
            for one in self.waiting():
                late = one.due is not None and one.due < it.event.on
                if one.anchor is not None and not late:
                    due = self._due(one.anchor)
                    one.due = due if due is None or due > it.event.on else it.event.on

    def _begin(self, it: Happened) -> None:
        opening = _fits(self.duty.opens, it)
        field = opening.on_field if opening is not None else ""
        anchor = getattr(it.event, field or "on") if opening is not None else None
        if anchor is None:
            if _fits(self.duty.expected, it) is not None and not self.waiting():
                self._open(it, None)
            return
        self.owed = [one for one in self.owed if one.outcome or one.anchor is not None]
        if not (self.duty.recurs and self.waiting()):
            self._open(it, anchor)

    def _open(self, it: Happened, anchor: dt.date | None) -> None:
        due = None if anchor is None else self._due(anchor)
        one = Owed(anchor, due, it.number, it.event.on)
        if self._in_advance:
            self._in_advance = False
            one.closed_by, one.closed_on, one.outcome = it.number, it.event.on, MET
        self.owed.append(one)

    def _due(self, anchor: dt.date) -> dt.date | None:
        """Return the last day; none where the duty is counted in events, or in nothing."""
        if self.duty.limit not in (Limit.WITHIN, Limit.EVERY, Limit.BEFORE):
            return None
        assert self.duty.value is not None, "these limits have a figure"
        number = self.duty.value.amount if self._agreed is None else self._agreed
        if number is None:
            return None
        back = self.duty.limit is Limit.BEFORE
        return self.dates.after(anchor, self.duty.value, -number if back else number)


class NaiveLedger:
    """What is owed on one plan, of every duty of its procedure."""

    def __init__(self, procedure: Procedure, dates: NaiveDates) -> None:
        """Begin with nothing owed."""
        self.duties = {name: NaiveDuty(duty, dates) for name, duty in procedure.duties.items()}

    def read(self, it: Happened) -> None:
        """Take one more event of the history."""
        for one in self.duties.values():
            one.read(it)


def _fits(matches: Iterable[Match], it: Happened) -> Match | None:
    """Return the first of some matches that an event fits, with the step that it takes."""
    for match in matches:
        if match.matches(it.event) and (not match.takes or match.takes in it.takes):
            return match
    return None
