"""What the timeline of a told case shows: its events, its states, and the duties that it is about.

A plan owes dozens of duties at a time. The picture shows those that the case itself asks about; the
list below it tells all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from cpplan import Accepted, Plan, Refused
from cpplan.obligations import Obligation, Status
from cpplan.states import BEFORE_PLAN
from cpplan_docs import addresses
from cpplan_docs.cases.places import Places
from cpplan_docs.pictures.moments import Band, Kind, Mark
from cpplan_docs.words.wording import counted, day, spaced
from cpplan_sim.running import Outcome, Run

_LATE = (Status.MET_LATE, Status.MISSED)


def moments(run: Run, places: Places) -> list[Mark | Band]:
    """Return what the timeline of a case shows."""
    marks = [*_events(run, places), *_due_days(run, places)]
    until = max(mark.date for mark in marks)
    return [*_bands(run, places, until), *marks]


def description(run: Run) -> str:
    """Return in words what the timeline shows."""
    days = [outcome.step.event.on for outcome in run.outcomes]
    refused = sum(isinstance(outcome.decision, Refused) for outcome in run.outcomes)
    told = f"{refused} of them refused" if refused else "all of them accepted"
    return (
        f"{counted(len(days), 'event')} from {day(min(days))} to {day(max(days))}, {told}."
        f" At the end the plan is in {run.plan.state}."
    )


def asked(run: Run) -> frozenset[str]:
    """Return the duties that a case says something of."""
    expected = [outcome.step.expect for outcome in run.outcomes]
    named = [d for one in expected for d in (*one.opens, *one.meets, *one.meets_late, *one.misses)]
    return frozenset([*named, *(duty for one in run.scenario.due for duty in one.duties)])


def _events(run: Run, places: Places) -> Iterator[Mark]:
    shown = asked(run)
    for outcome in run.outcomes:
        yield _event(outcome, places)
        if isinstance(outcome.decision, Accepted):
            for one in outcome.decision.closed:
                if one.duty.id in shown:
                    yield _closed(one, outcome.step.event.on, places)


def _event(outcome: Outcome, places: Places) -> Mark:
    event = outcome.step.event
    told = addresses.event(event.kind).seen_from_site(places.path)
    if isinstance(outcome.decision, Refused):
        codes = ", ".join(map(spaced, outcome.decision.codes))
        return Mark(event.on, spaced(event.kind), Kind.REFUSED, told, codes)
    return Mark(event.on, spaced(event.kind), Kind.RECORDED, told)


def _closed(one: Obligation, on: dt.date, places: Places) -> Mark:
    note = f"due {day(one.due_on)}" if one.due_on else ""
    assert one.outcome is not None, "a closed obligation has an outcome"
    return _mark(one, on, Kind[one.outcome.name], places, note)


def _due_days(run: Run, places: Places) -> Iterator[Mark]:
    """Yield the last day of what was not done by then, or is still to be done."""
    shown = asked(run)
    for one in run.plan.obligations:
        waited = one.outcome is None or one.outcome in _LATE
        if one.duty.id in shown and one.due_on and waited:
            yield _mark(one, one.due_on, Kind.DUE, places)


def _mark(one: Obligation, on: dt.date, kind: Kind, places: Places, note: str = "") -> Mark:
    told = places.duty_told(one.duty).seen_from_site(places.path)
    return Mark(on, spaced(one.duty.id), kind, told, note)


def _bands(run: Run, places: Places, until: dt.date) -> Iterator[Band]:
    """Yield the states with the days from which and to which the plan was in them."""
    since, state = run.outcomes[0].step.event.on, BEFORE_PLAN
    for on, after in _changes(run.plan):
        yield _band(since, on, state, places)
        since, state = on, after
    yield _band(since, max(since, until), state, places)


def _changes(plan: Plan) -> Iterable[tuple[dt.date, str]]:
    return ((one.event.on, one.state) for one in plan.history if one.state != one.edge.source)


def _band(first: dt.date, last: dt.date, state: str, places: Places) -> Band:
    return Band(first, last, state, places.state(state).seen_from_site(places.path))
