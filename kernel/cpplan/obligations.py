"""Obligations: what is owed on one plan, worked out from its history and nothing else.

A duty is what a procedure says; an obligation is one case of it: opened on a day, due on a day,
met or not. A recurring duty is counted from the last time it was met, not from when that was due,
so that a late one earns no longer gap (register, M9).
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING

import attrs

from cpplan.duties import Duty, DutyIndex, Limit
from cpplan.states import is_ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cpplan.calendars import Calendar
    from cpplan.events import Event
    from cpplan.matching import Match
    from cpplan.plans import Entry


class Status(enum.StrEnum):
    """Where an obligation stands on a day."""

    NOT_STARTED = "not-started"
    """The event that opens it had not happened."""
    DUE = "due"
    MET = "met"
    """Met in time, or no time is stated."""
    MET_LATE = "met-late"
    OVERDUE = "overdue"
    MISSED = "missed"
    LAPSED = "lapsed"
    """Owed no more, and its time had not run out, or the source states none."""
    UNDECIDABLE = "undecidable"
    """Its date can't be known: the record lacks the anchor, or a setting has not been chosen.

    So nobody can tell whether what met it came in time.
    """


@attrs.frozen(kw_only=True)
class Obligation:
    """One case of a duty.

    Attributes:
        duty: the duty.
        anchor: the day its time is counted from; ``None`` where the record lacks it.
        due_on: the last day on which it is met in time; ``None`` where there is no such day.
        opened_by: which event of the history opened it, counted from 0.
        opened_on: the day of that event; the anchor can lie before it or after.
        closed_by: which event met or ended it; ``None`` while it is open, or where it ended with
            the edition that it was owed under.
        closed_on: the day of that; ``None`` while it is open.
        outcome: met, met-late, missed, lapsed or undecidable once closed.
        count: how many of the events by which it has to have been done there were.
    """

    duty: Duty
    anchor: dt.date | None
    due_on: dt.date | None
    opened_by: int
    opened_on: dt.date
    closed_by: int | None = None
    closed_on: dt.date | None = None
    outcome: Status | None = None
    count: int = attrs.field(default=0, eq=False, repr=False)

    @property
    def undecidable(self) -> bool:
        """Whether its date can't be known from the record."""
        return _undecidable(self.duty, self.anchor, self.due_on)

    def is_open(self, on: dt.date) -> bool:
        """Whether it is owed at the end of the day ``on``: opened, and neither met nor ended."""
        return self.opened_on <= on and (self.closed_on is None or self.closed_on > on)

    def status(self, on: dt.date) -> Status:
        """Return its status at the end of the day ``on``."""
        if on < self.opened_on:
            return Status.NOT_STARTED
        if self.outcome is not None and self.closed_on is not None and self.closed_on <= on:
            return self.outcome
        if self.undecidable:
            return Status.UNDECIDABLE
        if self.due_on is not None and on > self.due_on:
            return Status.OVERDUE
        return Status.DUE


def _undecidable(duty: Duty, anchor: dt.date | None, due_on: dt.date | None) -> bool:
    if anchor is None:
        return True
    return due_on is None and duty.value is not None and duty.value.amount is None


@attrs.define(eq=False)
class _Open:
    """An obligation while the history is being read."""

    duty: Duty
    anchor: dt.date | None
    due_on: dt.date | None
    opened_by: int
    opened_on: dt.date
    closed_by: int | None = None
    closed_on: dt.date | None = None
    outcome: Status | None = None
    count: int = 0

    def close(self, number: int, on: dt.date, outcome: Status) -> None:
        self.closed_by, self.closed_on, self.outcome = number, on, outcome

    def meet(self, number: int, on: dt.date) -> None:
        """Close what was done: in time, late, or by a day that nobody knows."""
        self._close(number, on, late=Status.MET_LATE, in_time=Status.MET)

    def end(self, number: int, on: dt.date) -> None:
        """Close what is owed no more: missed if its day had passed, else it fell away."""
        self._close(number, on, late=Status.MISSED, in_time=Status.LAPSED)

    def _close(self, number: int, on: dt.date, *, late: Status, in_time: Status) -> None:
        if _undecidable(self.duty, self.anchor, self.due_on):
            self.close(number, on, Status.UNDECIDABLE)
        else:
            overdue = self.due_on is not None and on > self.due_on
            self.close(number, on, late if overdue else in_time)

    def frozen(self) -> Obligation:
        return Obligation(
            duty=self.duty,
            anchor=self.anchor,
            due_on=self.due_on,
            opened_by=self.opened_by,
            opened_on=self.opened_on,
            closed_by=self.closed_by,
            closed_on=self.closed_on,
            outcome=self.outcome,
            count=self.count,
        )


class Reckoning:
    """Reads a history, in one go or in parts, and keeps what is owed."""

    def __init__(self, duties: DutyIndex, calendar: Calendar) -> None:
        """Begin with nothing owed."""
        self._duties = duties
        self._calendar = calendar
        self._read = 0
        self._all: list[_Open] = []
        self._open: dict[str, list[_Open]] = {}
        self._agreed: dict[str, int] = {}
        self._done_early: set[str] = set()

    def read(self, history: Iterable[Entry]) -> tuple[Obligation, ...]:
        """Return what was opened till now, in order of opening.

        Args:
            history: what follows on what was read before.
        """
        for entry in history:
            self._take(self._read, entry)
            self._read += 1
        return tuple(one.frozen() for one in self._all)

    def go_on_with(self, owed: Iterable[Obligation]) -> None:
        """Go on as if this had been found so far, in place of what was."""
        self._all = [_Open(**attrs.asdict(one, recurse=False)) for one in owed]
        self._open = {}
        for one in self._all:
            if one.closed_on is None:
                self._open.setdefault(one.duty.id, []).append(one)

    def _take(self, number: int, entry: Entry) -> None:
        event = entry.event
        met: set[str] = set()
        for duty in self._duties.touched_by(event.kind):
            if _matching(duty.met_by, entry):
                self._meet(duty, number, event)
                met.add(duty.id)
            self._reach(duty, number, entry, met)
            if _matching(duty.until, entry):
                self._end(duty.id, number, event.on)
            # What an event agrees holds from then on: not for what the event itself has met.
            self._agree(duty, event)
            self._start(duty, number, entry)
        if is_ended(entry.state):
            for duty_id in [d for d, all_ in self._open.items() if not _outlives(all_)]:
                self._end(duty_id, number, event.in_effect_on)

    def _agree(self, duty: Duty, event: Event) -> None:
        for agreed in duty.agreed:
            figure = getattr(event, agreed.field) if agreed.event == event.kind else None
            if figure is not None:
                self._agreed[duty.id] = figure
                for one in self._open.get(duty.id, ()):
                    self._move(one, event.on)

    def _move(self, one: _Open, on: dt.date) -> None:
        """Give an open obligation the day that a new figure gives, unless it is overdue already."""
        if one.anchor is not None and (one.due_on is None or on <= one.due_on):
            due = self.due(one.duty, one.anchor)
            one.due_on = due if due is None else max(due, on)

    def _meet(self, duty: Duty, number: int, event: Event) -> None:
        waiting = self._open.get(duty.id, [])
        one = _chosen(duty, waiting, event)
        if one is None:
            if duty.earlier_counts:
                self._done_early.add(duty.id)
            return
        waiting.remove(one)
        one.meet(number, event.on)
        if duty.recurs:
            self._open_one(duty, number, event.on, event.on)

    def _reach(self, duty: Duty, number: int, entry: Entry, met: set[str]) -> None:
        """Count an event by which the duty has to have been done, and miss it at the last."""
        if duty.id in met or not _matching(duty.due_at, entry):
            return
        event, waiting = entry.event, self._open.get(duty.id, [])
        for one in list(waiting):
            one.count += 1
            if one.count >= _events_allowed(duty):
                waiting.remove(one)
                one.close(number, event.on, Status.MISSED)
                if duty.recurs:
                    self._open_one(duty, number, event.on, event.on)

    def _end(self, duty_id: str, number: int, on: dt.date) -> None:
        for one in self._open.pop(duty_id, []):
            if one.duty.recurs and one.opened_by == number:
                self._all.remove(one)  # the same event met it for the last time
            else:
                one.end(number, on)

    def _start(self, duty: Duty, number: int, entry: Entry) -> None:
        event = entry.event
        match = _matching(duty.opens, entry)
        anchor = None
        if match is not None:
            anchor = getattr(event, match.on_field) if match.on_field else event.on
        if anchor is not None:
            self._anchor(duty, number, event.on, anchor)
        elif _matching(duty.expected, entry) and not self._open.get(duty.id):
            self._open_one(duty, number, event.on, None)

    def _anchor(self, duty: Duty, number: int, on: dt.date, anchor: dt.date) -> None:
        """Open the duty, in place of one whose anchor was not known till now."""
        waiting = self._open.get(duty.id, [])
        for one in [one for one in waiting if one.anchor is None]:
            waiting.remove(one)
            self._all.remove(one)
        if not (duty.recurs and waiting):
            self._open_one(duty, number, on, anchor)

    def _open_one(self, duty: Duty, number: int, on: dt.date, anchor: dt.date | None) -> None:
        due = None if anchor is None else self.due(duty, anchor)
        one = _Open(duty, anchor, due, number, on)
        self._all.append(one)
        if duty.id in self._done_early:
            self._done_early.remove(duty.id)
            one.close(number, on, Status.MET)
        else:
            self._open.setdefault(duty.id, []).append(one)

    def due(self, duty: Duty, anchor: dt.date) -> dt.date | None:
        """Return the last day for a duty counted from a day, by the figures agreed till now."""
        value = duty.value
        amount = self._agreed.get(duty.id)
        if value is None or duty.limit is Limit.EVERY_EVENTS or duty.limit is Limit.BEFORE_EVENT:
            return None
        amount = value.amount if amount is None else amount
        if amount is None:
            return None
        if duty.limit is Limit.BEFORE:
            amount = -amount
        return value.after(anchor, self._calendar, amount)


def _outlives(waiting: Sequence[_Open]) -> bool:
    return any(one.duty.outlives_plan for one in waiting)


def _matching(matches: Sequence[Match], entry: Entry) -> Match | None:
    for match in matches:
        if match.matches(entry.event) and (not match.takes or _takes(entry, match.takes)):
            return match
    return None


def _takes(entry: Entry, step: str) -> bool:
    return any(taken.step == step for taken in entry.edge.sets)


def _chosen(duty: Duty, waiting: Sequence[_Open], event: Event) -> _Open | None:
    """Return the obligation that a meeting event is for: the one it names, else the oldest."""
    if duty.for_field:
        named = getattr(event, duty.for_field)
        if named is not None:
            return next((one for one in waiting if one.anchor == named), None)
    return waiting[0] if waiting else None


def _events_allowed(duty: Duty) -> int:
    if duty.value is None or duty.limit is not Limit.EVERY_EVENTS:
        return 1
    return duty.value.amount or 1
