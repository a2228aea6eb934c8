"""Duties and figures made up on the tiny procedure, to plant contradictions in it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from cpplan import Accepted, Plan, Procedure, load
from cpplan.clauses import Strength
from cpplan.duties import Duty, Limit
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    InitialConferenceDecided,
    InitialConferenceOpened,
    PlanContent,
)
from cpplan.matching import Match
from cpplan.needs import EarliestNeed, Need
from cpplan.values import Origin, Value
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.findings import Consistency, Contradiction
from cpplan_sim.running import loaded

PACK = Path(__file__).parents[1] / "data" / "packs" / "tiny"

TINY = load(PACK)

ONE_DAY = dt.timedelta(days=1)


def figure(amount: int, unit: str = "calendar-days") -> Value:
    return Value("made-up", amount, unit, "", "made up", Origin.CHOICE, ())


DECIDED = TINY.duties["visit"].opens[0]
"""The conference decides on a plan."""


def duty(name: str, opens: str | Match, met: str, value: Value | None = None, **more: Any) -> Duty:
    """Return a duty: to be met within a figure, or by the event that ``due_at`` names."""
    made = Duty(
        id=name,
        says=f"Made up: {name}.",
        topic="noting",
        strength=Strength.MUST,
        owed_by=(),
        limit=Limit.WITHIN if value else Limit.BEFORE_EVENT,
        value=value,
        opens=(Match(opens) if isinstance(opens, str) else opens,),
        met_by=(Match(met),),
        cites=("standards/3b",),
    )
    return attrs.evolve(made, **more)


def owing(procedure: Procedure, *duties: Duty) -> Procedure:
    """Return the procedure with these duties in place of its own."""
    return attrs.evolve(procedure, duties={one.id: one for one in duties})


def waiting(
    rule: str, step: str, period: Value, *, day_after: bool = False, procedure: Procedure = TINY
) -> Procedure:
    """Return the procedure with a rule that waits for a period to run since a step."""
    need = EarliestNeed(
        code="made-up",
        says="Made up.",
        cites=("standards/12i",),
        step=step,
        value=period,
        day_after=day_after,
        calendar=procedure.calendar,
    )
    return needing(rule, need, procedure=procedure)


def needing(rule: str, need: Need, *, procedure: Procedure = TINY) -> Procedure:
    old = procedure.rules[rule]
    new = attrs.evolve(old, needs=(*old.needs, need))
    return attrs.evolve(procedure, rules={**procedure.rules, rule: new})


def effect_within(amount: int, unit: str) -> Procedure:
    """Return the tiny procedure, whose plan waits five working days, with a limit on that."""
    limit = figure(amount, unit)
    return owing(TINY, duty("effect", "detailed-plan-agreed", "plan-put-into-effect", limit))


def only(found: Consistency) -> Contradiction:
    assert not found.undecided
    (one,) = found.contradictions
    return one


def cited(one: Contradiction) -> set[str]:
    return {clause for way in one.ways for bound in way for clause in bound.cites}


def detailed(procedure: Procedure, on: dt.date) -> Plan:
    return told(
        procedure,
        InitialConferenceOpened(on=on),
        InitialConferenceDecided(on=on, plan_made=True, plan=PlanContent(concerns="left alone")),
        CoreGroupHeld(on=on),
        DetailedPlanAgreed(on=on),
    )


def told(procedure: Procedure, *events: Event) -> Plan:
    plan = Plan(procedure)
    for event in events:
        decision = plan.record(event)
        assert isinstance(decision, Accepted), decision
        plan = decision.plan
    return plan


@cache
def examined(name: str) -> Consistency:
    return examine(loaded(name))
