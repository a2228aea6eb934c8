"""Holding what a plan owes against the count of days: each obligation, and its status on days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from cpplan import Procedure
from cpplan.obligations import Obligation
from cpplan.plans import Entry
from cpplan_sim.exploring.differences import Difference, Oracle
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.naive_dates import ONE_DAY, NaiveDates
from cpplan_sim.exploring.naive_duties import Happened, NaiveDuty, NaiveLedger

Facts = tuple[object, ...]


class Owing:
    """What is owed on one plan, counted one day at a time beside the kernel."""

    def __init__(self, procedure: Procedure, dates: NaiveDates, exercise: Exercise) -> None:
        """Begin with nothing owed; the statuses that are compared are counted as exercised."""
        self._ledger = NaiveLedger(procedure, dates)
        self._exercise = exercise
        self._settled: dict[str, set[Facts]] = {}

    def read(self, number: int, entry: Entry) -> None:
        """Take one more event of the history, with the step that its rule takes."""
        self._ledger.read(happened(number, entry))

    def apart(self, obligations: Sequence[Obligation], on: dt.date) -> Iterator[Difference]:
        """Yield where what the kernel has is not what is counted, at the end of a day."""
        kept: dict[str, list[Obligation]] = {}
        for one in obligations:
            kept.setdefault(one.duty.id, []).append(one)
        for name, counted in self._ledger.duties.items():
            if counted.owed or name in kept:
                yield from self._of_duty(counted, kept.get(name, []), on)

    def _of_duty(
        self, counted: NaiveDuty, ours: Sequence[Obligation], on: dt.date
    ) -> Iterator[Difference]:
        duty = counted.duty
        theirs = [one.facts() for one in counted.owed]
        given = [_facts(one) for one in ours]
        if theirs != given:
            yield Difference(Oracle.DATES, duty.id, "; ".join(_apart(given, theirs)), duty.cites)
            return
        known = self._settled.setdefault(duty.id, set())
        for one, other, facts in zip(ours, counted.owed, given, strict=True):
            # What has not changed since was asked about all of its days already.
            days = {on} if facts in known else days_of(one, on)
            known.add(facts)
            for day in days:
                status = one.status(day)
                self._exercise.status(duty.id, status)
                if status != counted.status(other, day):
                    says = f"on {day} it is {status}, and counted {counted.status(other, day)}"
                    yield Difference(Oracle.DATES, duty.id, says, duty.cites)


def happened(number: int, entry: Entry) -> Happened:
    """Return an event of a history as the count reads it."""
    takes = frozenset(step.step for step in entry.rule.sets)
    return Happened(number, entry.event, takes, entry.state)


def days_of(one: Obligation, on: dt.date) -> set[dt.date]:
    """Return the days on which a status can change, and the day after each."""
    days = {one.opened_on - ONE_DAY, one.opened_on, on}
    for day in (one.due_on, one.closed_on):
        if day is not None:
            days |= {day, day + ONE_DAY}
    return days


def _facts(one: Obligation) -> Facts:
    """Return all of an obligation that can be compared."""
    return (
        one.anchor,
        one.due_on,
        one.opened_by,
        one.opened_on,
        one.closed_by,
        one.closed_on,
        one.outcome.value if one.outcome is not None else "",
    )


def _apart(given: Sequence[Facts], counted: Sequence[Facts]) -> Iterator[str]:
    for place in range(max(len(given), len(counted))):
        ours = _words(given[place]) if place < len(given) else "nothing"
        theirs = _words(counted[place]) if place < len(counted) else "nothing"
        if ours != theirs:
            yield f"the kernel has {ours}, counted one day at a time it is {theirs}"


def _words(facts: Facts) -> str:
    anchor, due, number, opened, _, closed, outcome = facts
    ended = f", {outcome} on {closed}" if outcome else ""
    return (
        f"one opened on {opened} by event {int(str(number)) + 1}, counted from"
        f" {anchor or 'no day'}, due on {due or 'no day'}{ended}"
    )
