"""Histories that an exported machine is held against: told cases, event by event, in the kernel.

At each place where a told case stands, every kind of event is tried too, as usual as can be: most
are refused there, so that a machine which lets too much through is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import attrs

from cpplan import PROCEDURES, Accepted, Plan, Procedure
from cpplan.codec import InvalidEventError, event_from_dict
from cpplan.events import KINDS, Event
from cpplan_sim.running import loaded
from cpplan_sim.scenarios import Scenario, iso, read_all, shipped, usual


@attrs.frozen
class Tried:
    """An event at one place of a history, and what the kernel says of it.

    Attributes:
        event: the event.
        plan: the plan before it.
        after: the plan after it; the same if it is refused.
        rule: the rule that lets it through, or nothing.
    """

    event: Event
    plan: Plan
    after: Plan
    rule: str | None


@attrs.frozen
class History:
    """A told case up to its end, and what is tried beside it.

    Attributes:
        title: what the case is called.
        procedure: what it is under.
        told: its events.
        probes: for each of them, what is tried before it and left again.
    """

    title: str
    procedure: Procedure
    told: tuple[Tried, ...]
    probes: tuple[tuple[Tried, ...], ...]


@cache
def histories(name: str) -> tuple[History, ...]:
    """Return the told cases that are under one shipped procedure as it is."""
    cases = [
        one
        for one in read_all(shipped(name))
        if one.procedure == name and not one.fill and not one.values
    ]
    seen: set[tuple[str, frozenset[str]]] = set()
    return tuple(_history(one, seen) for one in cases)


def all_histories() -> tuple[History, ...]:
    """Return the told cases of all shipped procedures."""
    return tuple(one for name in PROCEDURES for one in histories(name))


def telling(found: tuple[History, ...], most: int) -> tuple[History, ...]:
    """Return the few that show the most: rules taken or refusals, each from a state."""
    left, kept = list(found), list[History]()
    shown: set[tuple[str | None, str]] = set()
    while left and len(kept) < most:
        best = max(left, key=lambda one: len(_shows(one) - shown))
        kept.append(best)
        left.remove(best)
        shown |= _shows(best)
    return tuple(kept)


def _shows(one: History) -> set[tuple[str | None, str]]:
    return {(tried.rule, tried.plan.state) for tried in one.told}


def replayed(title: str, plan: Plan) -> History:
    """Return a plan's own history up to its end, with nothing tried beside it."""
    begun, told = Plan(plan.procedure), list[Tried]()
    for entry in plan.history:
        if not begun.ended:
            told.append(_tried(begun, entry.event))
            begun = told[-1].after
    return History(title, plan.procedure, tuple(told), ((),) * len(told))


def _history(case: Scenario, seen: set[tuple[str, frozenset[str]]]) -> History:
    """Return a case, without what comes after its end or before the day of what it follows."""
    procedure = loaded(case.procedure)
    plan, told, probes = Plan(procedure), [], []
    for step in case.steps:
        if plan.ended:
            break
        if plan.last_day is not None and step.event.on < plan.last_day:
            continue
        place = plan.state, frozenset(plan.steps)
        probes.append(() if place in seen else tuple(_probes(plan, step.event)))
        seen.add(place)
        told.append(_tried(plan, step.event))
        plan = told[-1].after
    return History(case.title, procedure, tuple(told), tuple(probes))


def _probes(plan: Plan, following: Event) -> Iterator[Tried]:
    for kind in KINDS:
        try:
            event = event_from_dict(iso({**usual(kind), "event": kind, "on": following.on}))
        except InvalidEventError:
            continue
        yield _tried(plan, event)


def _tried(plan: Plan, event: Event) -> Tried:
    decision = plan.record(event)
    if isinstance(decision, Accepted):
        return Tried(event, plan, decision.plan, decision.rule.id)
    return Tried(event, plan, plan, None)
