"""Showing: a contradiction is only told once the kernel has opened its duties together.

Holds the search for a history: the shortest that takes the edge, with the opening moved to the day
on which the dates clash. The due dates are then the kernel's own.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import attrs

from cpplan import Accepted, Plan, Procedure, event_from_dict, event_to_dict
from cpplan.calendars import CalendarRangeError
from cpplan.events import Event
from cpplan_sim.consistency.cells import SOMETHING
from cpplan_sim.consistency.openings import Opening
from cpplan_sim.fabricating import ABSENT, GIVEN, fabricate
from cpplan_sim.proving.prover import witness
from cpplan_sim.wanting import Wanting

EARLIER = (0, 1, 2, 3, 4, 7, 14, 30, 90, 400)
"""Days by which what came before the opening is moved back further, till the kernel takes it."""


@attrs.frozen
class Shown:
    """A history that opens duties.

    Attributes:
        history: the events, of which the last opens them; empty if none was found.
        due: each duty that it opened with its due date.
        why: why none was found.
        possible: whether there may be one; false where the rules are known to allow none.
    """

    history: tuple[Event, ...]
    due: tuple[tuple[str, dt.date | None], ...]
    why: str = ""
    possible: bool = True


def show(procedure: Procedure, opening: Opening, duties: frozenset[str], on: dt.date) -> Shown:
    """Return a history in which an opening on a day opens some duties, as the kernel has it."""
    number = opening.edge.number
    found = witness(procedure, lambda edge: edge.number == number)
    if not found.history:
        why = f"no history was found that takes the rule {opening.edge.rule.id} {found.why}"
        return Shown((), (), why.strip(), possible=found.reachable)
    *before, last = [moment.event for moment in found.history]
    why = "the kernel refused it"
    for earlier in EARLIER:
        back = dt.timedelta(days=earlier)
        try:
            told = _told(procedure, [_moved(one, on - last.on - back) for one in before])
            shown = None if told is None else _opened(told, opening, duties, on)
        except CalendarRangeError as error:
            why = str(error)  # too near an end of the table to be told there
            continue
        if shown is None:
            continue
        if not shown.why:
            return shown
        why = shown.why
    return Shown((), (), why)


def _told(procedure: Procedure, events: list[Event]) -> Plan | None:
    plan = Plan(procedure)
    for event in events:
        decision = plan.record(event)
        if not isinstance(decision, Accepted):
            return None
        plan = decision.plan
    return plan


def _opened(plan: Plan, opening: Opening, duties: frozenset[str], on: dt.date) -> Shown:
    edge, rng = opening.edge, random.Random(1)
    wanted = Wanting(plan, on, rng).fields(edge.rule.needs)
    for path, values in edge.rule.match.when:
        wanted[path] = values[0]
    wanted.update({path: _value(value) for path, value in opening.cell.items()})
    event = fabricate(edge.rule.match.event, on, wanted, rng)
    decision = plan.record(event)
    if not isinstance(decision, Accepted):
        return Shown((), (), f"the opening was refused: {', '.join(decision.codes)}")
    opened = {one.duty.id: one.due_on for one in decision.opened}
    missing = duties - opened.keys()
    if missing:
        return Shown((), (), f"not opened together: {', '.join(sorted(missing))}")
    due = tuple((name, day) for name, day in opened.items() if name in duties)
    return Shown(decision.plan.events, due)


def _value(value: Any) -> object:
    if value is None or value == []:
        return ABSENT
    if isinstance(value, list):
        return [one for one in value if one != SOMETHING] or GIVEN
    return GIVEN if value == SOMETHING else value


def _moved(event: Event, by: dt.timedelta) -> Event:
    """Return an event with every date in it moved."""
    return event_from_dict(_with_dates_moved(event_to_dict(event), by))


def _with_dates_moved(data: Any, by: dt.timedelta) -> Any:
    if isinstance(data, dict):
        return {key: _with_dates_moved(value, by) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_dates_moved(value, by) for value in data]
    try:
        return (dt.date.fromisoformat(data) + by).isoformat()
    except (TypeError, ValueError):
        return data
