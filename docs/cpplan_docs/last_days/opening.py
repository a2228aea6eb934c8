"""Opening duties: what happens so that a duty is owed, without harm to what is owed already."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from cpplan import Plan
from cpplan.duties import Duty
from cpplan.matching import Match
from cpplan.rules import Edge
from cpplan.states import is_ended
from cpplan_docs.last_days.judging import at_last
from cpplan_docs.last_days.making import fits
from cpplan_docs.last_days.meeting import happened
from cpplan_docs.last_days.now import Now
from cpplan_sim.wanting import Fields

LOOKED_AT = 25
"""Plans looked at for a way on to what opens a duty."""

AHEAD = 10
"""Working days from now on which lies a day that an event fixes, where nothing fixes it better."""

ARRANGED: Mapping[str, str] = {
    "initial-conference-arranged": "initial-conference-opened",
    "review-conference-arranged": "review-conference-opened",
    "core-group-rescheduled": "core-group-held",
}
"""Events that fix a day, with the event that is to happen on it."""

Where = tuple[str, frozenset[str]]
"""A state, with the steps that stand."""


def opening(now: Now) -> Plan | None:
    """Return the plan after the fewest events that open a duty still to be shown, if found."""
    waiting = _waiting(now)
    seen = {_where(now.plan.state, now.plan.steps)}
    plans = deque([now.plan] if waiting else [])
    for _ in range(LOOKED_AT):
        if not plans:
            break
        here = plans.popleft()
        for duty in waiting:
            for plan in opened(now, here, duty):
                return plan
        plans.extend(_further(now, here, seen))
    return None


def _waiting(now: Now) -> list[Duty]:
    """Return the duties still to be opened; one that ends the plan once met waits for the rest."""
    started = {one.duty.id for one in now.plan.obligations if not one.undecidable}
    waiting = [now.procedure.duties[name] for name in now.left if name not in started]
    others = [duty for duty in waiting if not _ends(now, duty)]
    busy = any(one.duty.id in now.left and now.to_come(one) for one in now.open)
    return others if others or busy else waiting


def _ends(now: Now, duty: Duty) -> bool:
    edges = [edge for edge in now.procedure.edges for one in duty.met_by if fits(edge, one)]
    return bool(edges) and all(is_ended(edge.target) for edge in edges)


def opened(now: Now, here: Plan, duty: Duty) -> Iterator[Plan]:
    """Yield plans after an event that opens a duty, with a last day that is still to come."""
    for match in duty.opens:
        for said in _said(now, duty, match):
            for plan in now.maker.taken(here, match, now.on, said):
                if _owed(now, here, plan, duty) and now.harmless(plan):
                    yield plan


def _owed(now: Now, here: Plan, plan: Plan, duty: Duty) -> bool:
    return any(
        one.duty is duty
        and one.opened_by >= len(here.history)
        and not one.undecidable
        and (one.due_on is None or now.to_come(one))
        for one in plan.obligations
    )


def _said(now: Now, duty: Duty, match: Match) -> Iterator[Fields]:
    """Yield what to say of the field that a duty is counted from; nothing is the usual."""
    if match.on_field:
        for day in _together(now, duty, match):
            yield {match.on_field: day}
    yield {}
    if match.on_field:
        for day in _ahead(now, duty):
            yield {match.on_field: day}


def _together(now: Now, duty: Duty, match: Match) -> Iterator[dt.date]:
    """Yield days on which falls due what an event arranges, or what meets the duty meets too."""
    kinds = {ARRANGED.get(match.event, ""), *(one.event for one in duty.met_by)}
    for one in now.open:
        same = any(other.event in kinds for other in one.duty.met_by)
        if same and one.due_on is not None and now.to_come(one):
            yield one.due_on


def _ahead(now: Now, duty: Duty) -> Iterator[dt.date]:
    """Yield a day some time ahead, and one as many years before as the duty counts."""
    ahead = now.procedure.calendar.working_days_after(now.on, AHEAD)
    yield ahead
    if duty.value is not None and duty.value.unit == "years-of-age":
        yield ahead.replace(year=ahead.year - (duty.value.amount or 0))


def _further(now: Now, here: Plan, seen: set[Where]) -> Iterator[Plan]:
    """Yield plans after one more event that changes how a plan stands, and does no harm."""
    counted = {tally.counts.event for tally in now.procedure.tallies}
    for edge in sorted(now.procedure.edges_from(here.state), key=_change):
        steps = (here.steps.keys() - edge.clears) | {one.step for one in edge.sets}
        new = _where(edge.target, steps) not in seen or edge.rule.match.event in counted
        if is_ended(edge.target) or not new:
            continue
        plan = now.maker.after(here, edge, now.on, {})
        if plan is not None and now.harmless(plan):
            seen.add(_where(plan.state, plan.steps))
            yield plan


def _where(state: str, steps: Iterable[str]) -> Where:
    return state, frozenset(steps)


def _change(edge: Edge) -> tuple[bool, int, int]:
    """Return how much an edge changes, to begin with what changes least."""
    return edge.target != edge.source, len(edge.sets) + len(edge.clears), edge.number


def reaching(now: Now) -> Plan | None:
    """Return the plan after an event by which a duty still to be shown has to be done, and is."""
    for one in now.open:
        for match in one.duty.due_at if one.duty.id in now.left else ():
            for plan in happened(now, match, {}):
                shown = (o.duty.id for o in plan.obligations if at_last(plan, o))
                if one.duty.id in shown and now.harmless(plan):
                    return plan
    return None
