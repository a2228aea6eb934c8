"""Reckoning: why a last day is that day, counted again from the day that the time began.

Tells weekends and public holidays by name, so that a reader can count along.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cpplan import Plan
from cpplan.calendars import Calendar, Unit
from cpplan.duties import Limit
from cpplan.obligations import Obligation
from cpplan.values import Value
from cpplan_docs.words.wording import counted, day, spaced

ONE_DAY = dt.timedelta(days=1)


def reason(plan: Plan, one: Obligation) -> str:
    """Return why the last day of an obligation that was met is that day."""
    if one.due_on is None or one.anchor is None or one.duty.value is None:
        return _before(plan, one)
    counted = _counted(plan, one, one.duty.value)
    notes = list(_notes(plan.procedure.calendar, one, one.duty.value))
    return f"{counted}; {'; '.join(notes)}" if notes else counted


def _before(plan: Plan, one: Obligation) -> str:
    """Return the event at which it had to have been done, which came on the same day."""
    assert one.closed_by is not None, "it is met"
    later = (e.event for e in plan.history[one.closed_by :] if e.event.on == one.closed_on)
    reached = (event for event in later if any(m.matches(event) for m in one.duty.due_at))
    event = next(reached, None)
    if event is None:
        return "no day is stated"
    told = spaced(event.kind)
    if one.duty.limit is Limit.EVERY_EVENTS:
        return f"once in {one.duty.value}, and this is the last of them: {told}"
    return f"to be done at the latest by this, on the same day: {told}"


def _counted(plan: Plan, one: Obligation, value: Value) -> str:
    amount = _amount(plan, one, value)
    side = "before" if one.duty.limit is Limit.BEFORE else "after"
    assert one.anchor is not None, "it has a last day"
    since = day(one.anchor)
    if amount is None:
        return f"as was agreed for the plan, counted from {since}"
    agreed = ", as agreed for the plan," if amount != value.amount else ""
    if amount == 0:
        whole = value.in_force == Unit.WORKING_DAYS.value and one.due_on != one.anchor
        return f"the first working day from {since}" if whole else f"{since} itself"
    if value.in_force == "years-of-age":
        return f"the birthday of a child born on {since}"
    unit = spaced(value.in_force)
    unit = unit.removesuffix("s") if amount == 1 else unit
    return f"{amount} {unit}{agreed} {side} {since}"


def _amount(plan: Plan, one: Obligation, value: Value) -> int | None:
    """Return the figure that was in force: the duty's own, or the latest that was agreed."""
    assert one.anchor is not None, "it has a last day"
    sign = -1 if one.duty.limit is Limit.BEFORE else 1
    figures = [value.amount, *_agreed(plan, one)]
    for figure in figures:
        if figure is None:
            continue
        if value.after(one.anchor, plan.procedure.calendar, sign * figure) == one.due_on:
            return figure
    return None


def _agreed(plan: Plan, one: Obligation) -> Iterator[int]:
    for event in reversed(plan.events):
        for agreed in one.duty.agreed:
            figure = getattr(event, agreed.field) if agreed.event == event.kind else None
            if figure is not None:
                yield figure


def _notes(calendar: Calendar, one: Obligation, value: Value) -> Iterator[str]:
    assert one.anchor is not None, "it has a last day"
    assert one.due_on is not None, "it has a last day"
    first, last = sorted((one.anchor, one.due_on))
    names = {holiday.day: holiday.name for holiday in calendar.holidays}
    if value.in_force == Unit.WORKING_DAYS.value:
        free = [first + n * ONE_DAY for n in range(1, (last - first).days)]
        if weekend := sum(on.weekday() >= 5 for on in free):
            yield f"{counted(weekend, 'day')} of weekends not counted"
        for on in free:
            if on in names and on.weekday() < 5:
                yield f"{day(on)} not counted: {names[on]}"
    elif one.due_on in names:
        yield f"that day is a public holiday, {names[one.due_on]}, and the last day all the same"
    elif not calendar.is_working_day(one.due_on):
        yield "that day is on a weekend, and the last day all the same"
