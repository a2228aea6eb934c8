"""Brute force on the tiny procedure: every history of a small alphabet, up to a length.

Shares nothing with what it is held against but the kernel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from cpplan import Accepted, Plan, Procedure, load
from cpplan.events import (
    ChildBorn,
    ChildDied,
    CoreGroupHeld,
    DetailedPlanAgreed,
    EscalationRaised,
    EscalationResolved,
    Event,
    InitialConferenceDecided,
    InitialConferenceOpened,
    PlanContent,
    PlanPutIntoEffect,
    ReviewConferenceDecided,
    ReviewConferenceOpened,
    StrategyDiscussionHeld,
    Trigger,
)

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")
START = dt.date(2026, 1, 5)
DEPTH_OF_STATES = 6
"""Events in which every state of the tiny procedure is reached, and left again."""

LATER = dt.timedelta(days=9)
"""More than the notice of the tiny procedure, five working days."""


def alphabet(on: dt.date) -> list[Event]:
    """Return events on a day: all that move the tiny procedure, and some that only take steps."""
    outline = PlanContent(concerns="left alone")
    return [
        InitialConferenceOpened(on=on),
        InitialConferenceDecided(on=on, plan_made=True, plan=outline),
        InitialConferenceDecided(on=on, plan_made=True, plan=outline, date_of_birth=on),
        InitialConferenceDecided(on=on, plan_made=False),
        CoreGroupHeld(on=on),
        ChildBorn(on=on, date_of_birth=on),
        StrategyDiscussionHeld(on=on),
        DetailedPlanAgreed(on=on),
        PlanPutIntoEffect(on=on),
        EscalationRaised(on=on, trigger=Trigger.NON_COMPLIANCE),
        EscalationResolved(on=on, trigger=Trigger.NON_COMPLIANCE),
        ReviewConferenceOpened(on=on),
        ReviewConferenceDecided(on=on, plan_continues=True),
        ReviewConferenceDecided(on=on, plan_continues=False),
        ChildDied(on=on),
    ]


def plans(procedure: Procedure, depth: int) -> Iterator[Plan]:
    """Yield the plan after every history of the alphabet up to a length, shortest first.

    Histories that stand alike are gone on with once: what can follow is the same, but for dates.
    """
    waiting = [Plan(procedure)]
    seen = set()
    for _ in range(depth):
        longer = []
        for plan in waiting:
            for after in followers(plan):
                yield after
                alike = (after.state, frozenset(after.steps), taken(after))
                if alike not in seen:
                    seen.add(alike)
                    longer.append(after)
        waiting = longer


def followers(plan: Plan) -> Iterator[Plan]:
    """Yield the plan after each event of the alphabet that it takes, on the same day or later."""
    last = plan.last_day or START
    for on in (last, last + LATER):
        for event in alphabet(on):
            decision = plan.record(event)
            if isinstance(decision, Accepted):
                yield decision.plan


def taken(plan: Plan) -> frozenset[str]:
    """Return everything that a history has had in it: rules, states, and steps, by their names."""
    found: set[str] = set()
    for entry in plan.history:
        found |= {f"rule {entry.rule.id}", f"event {entry.event.kind}", f"state {entry.state}"}
        found |= {f"step {step}" for step in entry.edge.step_days(entry.event, {})}
    return frozenset(found)
