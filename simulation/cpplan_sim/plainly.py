"""Plainly: the same history with its events as they usually are, but for what matters to it.

What the prover and the makers of events fill in at random says nothing, and hides what matters. So
a history is moved to the days that what is usual fits, and each field is put back to the usual, or
left out where nothing is usual, as long as every event still takes the same rule and the same steps
are left standing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cpplan import Accepted, Plan, Procedure
from cpplan.codec import KIND, InvalidEventError, event_from_dict, event_to_dict
from cpplan.events import Event
from cpplan_sim.monitors import Moment
from cpplan_sim.scenarios import iso
from cpplan_sim.scenarios import usual as usual_of
from cpplan_sim.taking import FIRST_DAY, moments_of
from cpplan_sim.writing import dated

Keeps = Callable[[Sequence[Moment]], bool]
"""Whether a history still shows what it is told for."""


def plainly(
    procedure: Procedure, moments: Sequence[Moment], keeps: Keeps | None = None
) -> tuple[Moment, ...]:
    """Return a history told as plainly as it can be.

    Args:
        procedure: under which all of it is accepted.
        moments: the history; one of which an event is refused is returned as it is.
        keeps: what it must go on to show, beyond its rules and steps.
    """
    original = _recorded(procedure, [moment.event for moment in moments])
    if original is None:
        return tuple(moments)
    plan = _moved(original, keeps) or original
    for number in range(len(moments)):
        plan = _plainer(plan, number, keeps)
    return moments_of(plan)


def _moved(plan: Plan, keeps: Keeps | None) -> Plan | None:
    """Return the plan on the days of most told cases, each on its day of the week, if it can be."""
    if not plan.history:
        return None
    weeks = (FIRST_DAY - plan.events[0].on).days // 7 + 1
    by = dt.timedelta(weeks=weeks)
    moved = [event_from_dict(iso(_later(dated(event_to_dict(e), e), by))) for e in plan.events]
    tried = _recorded(plan.procedure, moved)
    return tried if tried is not None and _same(tried, plan, keeps) else None


def _later(value: Any, by: dt.timedelta) -> Any:
    """Return plain data with every date in it moved by as much."""
    if isinstance(value, dt.date):
        return value + by
    if isinstance(value, dict):
        return {key: _later(item, by) for key, item in value.items()}
    return [_later(item, by) for item in value] if isinstance(value, list) else value


def _plainer(plan: Plan, number: int, keeps: Keeps | None) -> Plan:
    """Return the plan with one event told more plainly: whole if possible, else field by field."""
    event = plan.events[number]
    usual: Mapping[str, Any] = iso(usual_of(event.kind))
    whole = {KIND: event.kind, "on": event.on.isoformat()}
    tried = _with(plan, number, {**usual, **whole}, keeps)
    if tried is not None:
        return tried
    for name in dict.fromkeys([*event_to_dict(event), *usual]):
        if name not in whole:
            others = event_to_dict(plan.events[number])
            others.pop(name, None)
            put_back = {name: usual[name]} if name in usual else {}
            plan = _with(plan, number, {**others, **put_back}, keeps) or plan
    return plan


def _with(plan: Plan, number: int, data: Mapping[str, Any], keeps: Keeps | None) -> Plan | None:
    """Return the plan with one event said otherwise, if nothing that matters is changed by it."""
    events = list(plan.events)
    try:
        events[number] = event_from_dict(data)
    except InvalidEventError:
        return None
    if events[number] == plan.events[number]:
        return plan
    tried = _recorded(plan.procedure, events)
    return tried if tried is not None and _same(tried, plan, keeps) else None


def _recorded(procedure: Procedure, events: Sequence[Event]) -> Plan | None:
    """Return the plan that a history gives, if the kernel takes all of it."""
    plan = Plan(procedure)
    for event in events:
        decision = plan.record(event)
        if not isinstance(decision, Accepted):
            return None
        plan = decision.plan
    return plan


def _same(one: Plan, other: Plan, keeps: Keeps | None) -> bool:
    """Return whether two histories take the same edges, leave the same steps and show the same."""
    edges = [entry.edge.number for entry in one.history]
    return (
        edges == [entry.edge.number for entry in other.history]
        and one.steps.keys() == other.steps.keys()
        and one.counts == other.counts
        and (keeps is None or keeps(moments_of(one)))
    )
