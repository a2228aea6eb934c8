"""Judging: which obligations of a plan were met at the last moment, too soon, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from cpplan import Plan
from cpplan.duties import Duty, Limit
from cpplan.obligations import Obligation, Status
from cpplan.plans import Entry

FAILED = (Status.MISSED, Status.MET_LATE)

Key = tuple[str, int, dt.date | None]
"""What tells one obligation of a plan from another: duty, event that opened it, anchor."""


def key(one: Obligation) -> Key:
    """Return what tells an obligation from others of its plan."""
    return one.duty.id, one.opened_by, one.anchor


def has_last_moment(duty: Duty) -> bool:
    """Return whether a duty says by when, with a figure that is known or can be agreed."""
    if duty.due_at or duty.value is None:
        return bool(duty.due_at)
    return duty.value.amount is not None or bool(duty.agreed)


def at_last(plan: Plan, one: Obligation) -> bool:
    """Return whether an obligation was met in time, and could not have been met later."""
    if one.outcome is not Status.MET:
        return False
    if one.due_on is not None:
        return one.closed_on == one.due_on
    return bool(one.duty.due_at) and _just_before(plan, one)


def _just_before(plan: Plan, one: Obligation) -> bool:
    """Return whether what had to be done before an event was done at it, or earlier that day."""
    assert one.closed_by is not None, "it is met"
    reached = [
        number
        for number in range(one.opened_by + 1, len(plan.history))
        if _reaches(one.duty, plan.history[number])
    ]
    allowed = (
        one.duty.value.amount if one.duty.limit is Limit.EVERY_EVENTS and one.duty.value else 1
    )
    last = (allowed or 1) - 1
    if len(reached) <= last:
        return False
    there = reached[last]
    return one.closed_by <= there and plan.history[there].event.on == one.closed_on


def _reaches(duty: Duty, entry: Entry) -> bool:
    return any(match.matches(entry.event) for match in duty.due_at)


@attrs.frozen(order=True)
class Harm:
    """What an event does to the obligations it should have left alone, the worst first.

    Attributes:
        failed: obligations missed or met late.
        lost: obligations met too soon or ended, of duties not shown yet.
        soon: obligations met too soon, of duties that were shown.
        gained: obligations met at the last moment, as less than nothing.
        opened: obligations opened, beside those that only begin again.
    """

    failed: int
    lost: int
    soon: int
    gained: int
    opened: int

    @property
    def none(self) -> bool:
        """Whether it does no harm."""
        return not (self.failed or self.lost or self.soon)


def harm(before: Plan, after: Plan, wanted: Sequence[str]) -> Harm:
    """Return what the events between two plans did.

    Args:
        before: the plan before.
        after: the plan after.
        wanted: the duties that are still to be shown.
    """
    failed = lost = soon = gained = 0
    for one in closed_since(before, after):
        if one.outcome in FAILED:
            failed += 1
        elif at_last(after, one):
            gained += 1
        elif one.outcome in (Status.MET, Status.LAPSED) and has_last_moment(one.duty):
            lost += one.duty.id in wanted
            soon += one.duty.id not in wanted and one.outcome is Status.MET
    return Harm(failed, lost, soon, -gained, _opened(before, after))


def _opened(before: Plan, after: Plan) -> int:
    began = [one for one in after.obligations if one.opened_by >= len(before.history)]
    again = {one.duty.id for one in closed_since(before, after) if one.duty.recurs}
    return sum(one.duty.id not in again for one in began)


def closed_since(before: Plan, after: Plan) -> Iterator[Obligation]:
    """Yield the obligations that were met or ended since an earlier plan."""
    return (
        one
        for one in after.obligations
        if one.closed_by is not None and one.closed_by >= len(before.history)
    )
