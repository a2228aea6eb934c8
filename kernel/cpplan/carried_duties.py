"""What is owed when a plan is put under another edition: what is kept, re-dated, ended, begun.

The past stays as the former edition judged it. What is open goes on under the other edition's
figures, counted from the same day, and never falls due before that edition took over: nobody can
be late by a rule that was not in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from cpplan.obligations import Status

if TYPE_CHECKING:
    from cpplan.obligations import Obligation

_OTHERWISE = {
    Status.MET: Status.MET_LATE,
    Status.MET_LATE: Status.MET,
    Status.LAPSED: Status.MISSED,
    Status.MISSED: Status.LAPSED,
}
"""What an outcome is once the day on which it was due makes it late, or no longer late."""


def carried_over(
    former: Sequence[Obligation], found: Sequence[Obligation], events: int, on: dt.date
) -> tuple[Obligation, ...]:
    """Return everything that was ever owed on a plan that came to another edition.

    Args:
        former: what was owed under the edition that the plan left.
        found: what the edition that it came to makes of the whole history.
        events: how many events there were when it came.
        on: its first day under the edition that it came to.
    """
    waiting = [one for one in former if one.closed_on is None]
    kept = [one for one in former if one.closed_on is not None]
    still = [one for one in found if _still_open(one, events)]
    for one, before in _pairs(still, waiting):
        if before is not None:
            kept.append(_redated(one, before, on))
        elif one.duty.recurs or one.due_on is None or one.due_on >= on:
            kept.append(_begun(one, on))
    kept += [_ended(one, on) for one in waiting]
    kept += [one for one in found if one.opened_by >= events]
    return tuple(sorted(kept, key=lambda one: one.opened_by))


def _still_open(one: Obligation, events: int) -> bool:
    return one.opened_by < events and (one.closed_by is None or one.closed_by >= events)


def _pairs(
    still: list[Obligation], waiting: list[Obligation]
) -> Iterator[tuple[Obligation, Obligation | None]]:
    """Yield what is open with what it was before, and take that out of ``waiting``."""
    for one in still:
        same = [other for other in waiting if other.duty.id == one.duty.id]
        before = next((other for other in same if other.anchor == one.anchor), None)
        if before is None and one.duty.recurs and same:
            before = same[0]
        if before is not None:
            waiting.remove(before)
        yield one, before


def _redated(one: Obligation, before: Obligation, on: dt.date) -> Obligation:
    """Return what goes on, due as the other edition says; what is overdue already stays so."""
    opened = attrs.evolve(one, opened_by=before.opened_by, opened_on=before.opened_on)
    if one.due_on is None:
        return opened
    if before.due_on is not None and before.due_on < on:
        return _due_on(opened, before.due_on)
    return _due_on(opened, max(one.due_on, on))


def _begun(one: Obligation, on: dt.date) -> Obligation:
    """Return what the former edition did not ask for, as owed from the first day under this one."""
    begun = attrs.evolve(one, opened_on=on)
    return begun if one.due_on is None else _due_on(begun, max(one.due_on, on))


def _due_on(one: Obligation, due: dt.date) -> Obligation:
    """Return it with another day, and its outcome judged by that."""
    if one.outcome is not None and _late(one, one.due_on) != _late(one, due):
        return attrs.evolve(one, due_on=due, outcome=_OTHERWISE[one.outcome])
    return attrs.evolve(one, due_on=due)


def _late(one: Obligation, due: dt.date | None) -> bool:
    return one.closed_on is not None and due is not None and one.closed_on > due


def _ended(one: Obligation, on: dt.date) -> Obligation:
    """Return what the other edition no longer asks for, ended on its first day."""
    overdue = one.due_on is not None and one.due_on < on
    late = Status.MISSED if overdue else Status.LAPSED
    return attrs.evolve(one, closed_on=on, outcome=Status.UNDECIDABLE if one.undecidable else late)
