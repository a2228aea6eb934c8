"""Refusals: every reason why an event can't be recorded, in sentences, with the clauses."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from cpplan.decisions import Reason
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    LatestFieldNeed,
    NoStepNeed,
    StepNeed,
)
from cpplan.states import STATES, is_ended

if TYPE_CHECKING:
    from cpplan.events import Event
    from cpplan.needs import Facts, Need
    from cpplan.plans import Plan
    from cpplan.rules import Edge

BEFORE_LAST_EVENT = "before-last-event"
PLAN_ENDED = "plan-ended"
PROCEDURE_SILENT = "procedure-silent"
NOT_IN_THIS_STATE = "not-in-this-state"
NO_RULE_FOR_THESE_FIELDS = "no-rule-for-these-fields"
"""Codes of the reasons that no clause gives: they come from the machinery, so are ours."""


def reasons_against(plan: Plan, event: Event, facts: Facts) -> tuple[Reason, ...]:
    """Return every reason against ``event``: the order of dates first, then the rule's needs.

    None at all means that the event would be accepted.
    """
    candidates = plan.procedure.engine.candidates(plan.state, event.kind)
    reasons: list[Reason] = []
    routed = permitted = False
    for edge in candidates:
        if edge.applies(event, facts.steps):
            unmet = edge.unmet(event, facts)
            reasons += unmet
            routed, permitted = True, permitted or not unmet
    if not routed:
        reasons.append(_no_rule(plan, event, bool(candidates)))
    last = plan.last_day
    if last is not None and event.on < last:
        says = f"{event.on} is before the latest event, which is of {last}."
        return (Reason(BEFORE_LAST_EVENT, says), *reasons)
    return () if permitted else tuple(reasons)


def unmet_beforehand(edge: Edge, plan: Plan, on: dt.date) -> tuple[Reason, ...] | None:
    """Return what an event for ``edge`` has still to hold on a day, ``None`` if none could do."""
    steps = plan.steps
    tallied = edge.rule.match.event in plan.procedure.tallied
    if not edge.given - _virtual(plan, tallied) <= steps.keys():
        return None
    if not edge.given_none.isdisjoint(steps) or (
        edge.given_any and edge.given_any.isdisjoint(steps)
    ):
        return None
    asks = []
    for need in edge.rule.needs:
        settled = _settled(need, plan, on)
        if settled is False:
            return None
        if settled is None:
            asks.append(Reason(need.code, need.says, need.cites))
    return tuple(asks)


def _virtual(plan: Plan, tallied: bool) -> frozenset[str]:
    return frozenset(tally.reaches for tally in plan.procedure.tallies) if tallied else frozenset()


def _settled(need: Need, plan: Plan, on: dt.date) -> bool | None:
    """Return whether a need holds whatever the event says; ``None`` if that is up to the event."""
    if isinstance(need, StepNeed):
        return need.step in plan.steps
    if isinstance(need, NoStepNeed):
        return need.step not in plan.steps
    if isinstance(need, EarliestNeed):
        earliest = need.earliest(plan)
        return earliest is not None and on >= earliest
    if isinstance(need, LatestFieldNeed) and need.step not in plan.steps:
        return False
    if isinstance(need, CoversNeed) and not need.wanted(plan):
        return False
    if isinstance(need, AnyNeed):
        settled = [_settled(inner, plan, on) for inner in need.needs]
        if True in settled:
            return True
        return None if None in settled else False
    return None


def _no_rule(plan: Plan, event: Event, in_this_state: bool) -> Reason:
    """Return why no rule is for the event here: ended, silent, another state, other fields."""
    procedure = plan.procedure
    if is_ended(plan.state):
        return Reason(PLAN_ENDED, f"The plan is over: {STATES[plan.state]}.")
    states = procedure.engine.states_for(event.kind)
    if not states:
        return _silent(procedure.name, event.kind, "")
    if not procedure.engine.knows(event):
        return _silent(procedure.name, event.kind, " with these fields")
    if not in_this_state:
        return _elsewhere(event.kind, states, plan.state)
    says = f"No rule is for {event.kind.replace('-', ' ')} with these fields, as the steps stand."
    return Reason(NO_RULE_FOR_THESE_FIELDS, says)


def _silent(name: str, kind: str, how: str) -> Reason:
    says = f"The procedure {name} says nothing of {kind.replace('-', ' ')}{how}."
    return Reason(PROCEDURE_SILENT, says)


@functools.cache
def _elsewhere(kind: str, states: tuple[str, ...], state: str) -> Reason:
    says = f"{_sentence(kind)} belongs to {_listed(states)}; the plan is in {state}."
    return Reason(NOT_IN_THIS_STATE, says)


def _sentence(kind: str) -> str:
    words = kind.replace("-", " ")
    return words[0].upper() + words[1:]


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
