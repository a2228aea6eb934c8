"""Taking an edge: an event made for one rule from one state, and recorded in the kernel.

Only tries. That an edge is taken is the kernel's word; that none was found to take it proves
nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

import attrs

from cpplan import Accepted, Plan, Procedure
from cpplan.events import Event
from cpplan.needs import AnyNeed, EarliestNeed, Need
from cpplan.refusals import unmet_beforehand
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.fabricating import ABSENT, fabricate
from cpplan_sim.monitors import Moment
from cpplan_sim.wanting import Fields, Wanting

FIRST_DAY = dt.date(2026, 1, 5)
"""A history begins on this day, as most told cases do: what is usual of an event fits it."""

TRIES = 4
"""Events made for one edge, with other choices in each, before it is given up."""

_AGENCIES = (Role.CHILDRENS_SOCIAL_CARE, Role.HEALTH)
_CHILDHOOD = dt.timedelta(days=8 * 365)
_GROWN = dt.timedelta(days=18 * 366)


def ways_on(plan: Plan, edge: Edge) -> Iterator[Plan]:
    """Yield the plans that taking an edge now leads to: one for each way of dating its steps.

    Where the edge has to wait for a period, it is taken on the first day on which it may be.
    """
    on = _day(plan, edge)
    if unmet_beforehand(edge, plan, on) is None:
        return
    for said in datings(edge, on):
        for seed in range(TRIES):
            after = _recorded(plan, edge, event_for(plan, edge, on, said, random.Random(seed)))
            if after is not None:
                yield after
                break


def way_on(plan: Plan, edge: Edge) -> Plan | None:
    """Return the plan that taking an edge now leads to, if an event was found that takes it."""
    return next(ways_on(plan, edge), None)


def moments_of(plan: Plan) -> tuple[Moment, ...]:
    """Return the history of a plan as moments."""
    return tuple(
        Moment(entry.event, True, entry.edge.source, entry.edge.target) for entry in plan.history
    )


def retold(procedure: Procedure, moments: Sequence[Moment]) -> Plan:
    """Return the plan that a history gives when the kernel judges each event of it again.

    What it refuses is left out of the history.
    """
    plan = Plan(procedure)
    for moment in moments:
        decision = plan.record(moment.event)
        plan = decision.plan if isinstance(decision, Accepted) else plan
    return plan


def datings(edge: Edge, on: dt.date) -> list[Fields]:
    """Return what to say of the fields that date steps: a day, one long ago, or, last, nothing."""
    fields = [step.on_field for step in edge.sets if step.on_field]
    if not fields:
        return [{}]
    said = (on - _CHILDHOOD, on - _GROWN, ABSENT)
    return [dict.fromkeys(fields, value) for value in said]


def event_for(plan: Plan, edge: Edge, on: dt.date, said: Fields, rng: random.Random) -> Event:
    """Return an event made to be let through by an edge; whether it is, the kernel says.

    Args:
        plan: as it stands before.
        edge: the edge that is to take it.
        on: the day it happens.
        said: fields with the values that they are to have, whatever else is wanted.
        rng: decides the rest.
    """
    wanted = {**Wanting(plan, on, rng).fields(edge.rule.needs), **said}
    for path, values in edge.rule.match.when:
        wanted[path] = values[0]
    for tally in plan.procedure.tallies:
        if edge.rule.match.event == tally.counts.event:
            counts = {role: plan.counts.get((tally.id, str(role)), 0) for role in _AGENCIES}
            most = tally.reaches in edge.given
            wanted[tally.per] = (max if most else min)(_AGENCIES, key=lambda role: counts[role])
    return fabricate(edge.rule.match.event, on, wanted, rng, _AGENCIES)


def _recorded(plan: Plan, edge: Edge, event: Event) -> Plan | None:
    """Return the plan after an event, if the kernel lets it take an edge."""
    decision = plan.record(event)
    if not isinstance(decision, Accepted):
        return None
    return decision.plan if decision.plan.history[-1].edge.number == edge.number else None


def _day(plan: Plan, edge: Edge) -> dt.date:
    last = plan.last_day or FIRST_DAY
    found = [need.earliest(plan) for need in _counted(edge.rule.needs)]
    return max([last, *(day for day in found if day is not None)])


def _counted(needs: Sequence[Need]) -> Iterator[EarliestNeed]:
    for need in needs:
        if isinstance(need, EarliestNeed):
            yield need
        elif isinstance(need, AnyNeed):
            yield from _counted(need.needs)


@attrs.frozen
class Standing:
    """What decides what a plan can do next, dates apart: plans alike in it count as one.

    Attributes:
        state: the state.
        steps: the steps that stand.
        counts: the tallies, none told higher than it has to be to be reached.
    """

    state: str
    steps: frozenset[str]
    counts: frozenset[tuple[tuple[str, str], int]]

    @classmethod
    def of(cls, plan: Plan) -> Standing:
        """Return how a plan stands."""
        most = {tally.id: tally.at for tally in plan.procedure.tallies}
        counts = {key: min(count, most[key[0]]) for key, count in plan.counts.items()}
        return cls(plan.state, frozenset(plan.steps), frozenset(counts.items()))
