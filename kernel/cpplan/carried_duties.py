"""What is owed when a plan is put under another edition: what is kept, re-dated, ended, begun.

The past stays as the former edition judged it. What was left undone is owed on as long as the
edition in force knows the duty, and owed again if one in between did not know it. Nothing falls due
before the edition took over that says so: nobody can be late by a rule that was not in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from cpplan.obligations import Status

if TYPE_CHECKING:
    from cpplan.duties import Duty
    from cpplan.obligations import Obligation

Due = Callable[["Duty", dt.date], dt.date | None]
"""The last day for a duty counted from a day."""


def carried_over(
    former: Sequence[Obligation],
    found: Sequence[Obligation],
    duties: Mapping[str, Duty],
    due: Due,
    on: dt.date,
) -> tuple[Obligation, ...]:
    """Return everything that was ever owed on a plan that comes to another edition.

    Args:
        former: what was owed under the edition that the plan leaves.
        found: what the edition that it comes to makes of what happened till then.
        duties: those that this edition knows, by id.
        due: their last days by its figures.
        on: its first day.
    """
    kept = [one for one in former if one.closed_on is not None]
    undone, still = _undone(former), [one for one in found if one.closed_on is None]
    pairs = list(_paired(undone, still))
    for before, one in pairs:
        if before.duty.id in duties and (one is not None or not _settled(before, found)):
            read = _read(one, before, duties[before.duty.id], due)
            kept.append(_owed_on(read, before, on))
        elif before.closed_on is None:
            kept.append(_ended(before, on))
    known = [one for _, one in pairs]
    kept += [_from(one, on) for one in still if one not in known and _in_time(one, on)]
    return tuple(sorted(kept, key=lambda one: one.opened_by))


def _undone(former: Sequence[Obligation]) -> list[Obligation]:
    """Return what is open, and what ended with an edition and has not been owed again since."""
    latest = {(one.duty.id, None if one.duty.recurs else one.opened_by): one for one in former}
    return [one for one in latest.values() if one.closed_by is None]


def _paired(
    undone: Sequence[Obligation], still: Sequence[Obligation]
) -> Iterator[tuple[Obligation, Obligation | None]]:
    """Yield each case that was left undone with the same case as the other edition has it open.

    It is the same if it is counted from the same day, or if no other case of the duty is left.
    """
    for duty in dict.fromkeys(one.duty.id for one in undone):
        before = [one for one in undone if one.duty.id == duty]
        after = [one for one in still if one.duty.id == duty]
        for one in list(after):
            same = next((other for other in before if other.anchor == one.anchor), None)
            if same is not None:
                before.remove(same)
                after.remove(one)
                yield same, one
        if len(before) == len(after) == 1:
            yield before.pop(), after.pop()
        yield from ((one, None) for one in before)


def _settled(before: Obligation, found: Sequence[Obligation]) -> bool:
    """Return whether, as the other edition reads it, something that happened met or ended it."""
    return any(
        one.duty.id == before.duty.id
        and (one.anchor == before.anchor or one.opened_by == before.opened_by)
        and one.outcome is not Status.MISSED
        for one in found
    )


def _read(one: Obligation | None, before: Obligation, duty: Duty, due: Due) -> Obligation:
    """Return a case as the other edition has it, counted from the former day if it knows none."""
    if one is not None and one.anchor is not None:
        return one
    day = None if before.anchor is None else due(duty, before.anchor)
    count = 0 if one is None else one.count
    return attrs.evolve(before, duty=duty, due_on=day, closed_on=None, outcome=None, count=count)


def _owed_on(one: Obligation, before: Obligation, on: dt.date) -> Obligation:
    """Return what goes on, or is owed again; what is overdue already stays so."""
    if before.closed_on is not None:
        return _from(attrs.evolve(one, opened_by=before.opened_by), on)
    opened = attrs.evolve(one, opened_by=before.opened_by, opened_on=before.opened_on)
    if before.due_on is not None and before.due_on < on:
        return attrs.evolve(opened, anchor=before.anchor, due_on=before.due_on)
    return _not_before(opened, on)


def _in_time(one: Obligation, on: dt.date) -> bool:
    """Return whether there is time from its first day for what only the other edition asks for."""
    return one.duty.recurs or one.due_on is None or one.due_on >= on


def _from(one: Obligation, on: dt.date) -> Obligation:
    return _not_before(attrs.evolve(one, opened_on=on), on)


def _not_before(one: Obligation, on: dt.date) -> Obligation:
    return one if one.due_on is None else attrs.evolve(one, due_on=max(one.due_on, on))


def _ended(one: Obligation, on: dt.date) -> Obligation:
    """Return what the other edition no longer asks for, ended on its first day."""
    overdue = one.due_on is not None and one.due_on < on
    late = Status.MISSED if overdue else Status.LAPSED
    return attrs.evolve(one, closed_on=on, outcome=Status.UNDECIDABLE if one.undecidable else late)
