"""Promises of the kernel's functions: what is asked of plans agrees with what recording does.

Each yields what does not hold, for one plan or several. Nothing here chooses what is tried.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from cpplan import Accepted, Decision, Plan, Refused
from cpplan.codec import dumps, loads
from cpplan.events import Event, VisitMade
from cpplan.households import Household, HouseholdAccepted, HouseholdRefused
from cpplan.obligations import Obligation, Status
from cpplan_sim.exploring.differences import Difference, Oracle

OWED = (Status.DUE, Status.OVERDUE, Status.UNDECIDABLE)


def of_recording(plan: Plan, event: Event) -> Iterator[Difference]:
    """Yield where recording an event disagrees with what was said beforehand and says after."""
    options = {option.rule.id for option in plan.allowed(event.on)}
    decision = plan.record(event)
    if isinstance(decision, Refused):
        if not decision.reasons:
            yield _broken("record", f"{event.kind} is refused without a reason")
        return
    if decision.rule.id not in options:
        yield _broken("allowed", f"{decision.rule.id} was not among what is allowed")
    if decision.before is not plan:
        yield _broken("record", "the plan before is not the one that was asked")
    yield from _of_duties(plan, decision)


def _of_duties(plan: Plan, decision: Accepted) -> Iterator[Difference]:
    """Yield where what was settled before an event is not so after it."""
    last = len(plan.history)
    after = decision.plan.obligations
    settled = [one for one in plan.obligations if one.closed_by is not None]
    kept = [one for one in after if one.closed_by is not None and one.closed_by < last]
    if settled != kept:
        yield _broken("obligations", "what was met or ended before the event is not as it was")
    if [one for one in after if one.opened_by == last] != list(decision.opened):
        yield _broken("opened", "what the event opened is not what the plan says that it did")
    if [one for one in after if one.closed_by == last] != list(decision.closed):
        yield _broken("closed", "what the event closed is not what the plan says that it did")


def of_asking(plan: Plan, on: dt.date) -> Iterator[Difference]:
    """Yield where what is due on a day is not what is owed, or not soonest first."""
    due = plan.due(on)
    waiting = (o for o in plan.obligations if o.closed_on is None or o.closed_on > on)
    owed = [one for one in waiting if one.status(on) in OWED]
    if sorted(map(_named, owed)) != sorted(_named(one) for one, _ in due):
        yield _broken("due", f"what is due on {on} is not what is owed then")
    if any(status is not one.status(on) for one, status in due):
        yield _broken("due", f"a status on {on} is not the obligation's own")
    days = [one.due_on or dt.date.max for one, _ in due]
    if days != sorted(days):
        yield _broken("due", f"what is due on {on} is not told soonest first")
    if plan.last_day is not None and on < plan.last_day and plan.allowed(on):
        yield _broken("allowed", f"something is allowed on {on}, before {plan.last_day}")
    if plan.state not in plan.explain():
        yield _broken("explain", f"the state {plan.state} is not told")


def of_keeping(plan: Plan) -> Iterator[Difference]:
    """Yield where a plan that is written and read again is not equal to it."""
    again = loads(dumps(plan), plan.procedure)
    if again != plan or hash(again) != hash(plan):
        yield _broken("loads", "a plan that is written and read again is not equal")
    if again.obligations != plan.obligations:
        yield _broken("loads", "a plan that is written and read again owes something else")


def of_together(plans: Mapping[str, Plan], event_for: Mapping[str, Event]) -> Iterator[Difference]:
    """Yield where recording for a household is not recording for each child, or for none."""
    household = Household(plans)
    together = household.record(event_for)
    yield from _agreeing(plans, event_for, together)


def of_visit(plans: Mapping[str, Plan], visit: VisitMade, seen: str) -> Iterator[Difference]:
    """Yield where a visit met a duty to see a child who was not seen."""
    together = Household(plans).visit(visit, [seen])
    if isinstance(together, HouseholdAccepted):
        for child, decision in together.decisions.items():
            told = decision.plan.history[-1].event
            if child != seen and getattr(told, "child_seen", False):
                yield _broken("visit", "a child who was not seen is recorded as seen")


def _agreeing(
    plans: Mapping[str, Plan],
    event_for: Mapping[str, Event],
    together: HouseholdAccepted | HouseholdRefused,
) -> Iterator[Difference]:
    alone: dict[str, Decision] = {c: plans[c].record(event) for c, event in event_for.items()}
    refused = {child: one for child, one in alone.items() if isinstance(one, Refused)}
    if isinstance(together, HouseholdRefused):
        if dict(together.decisions) != refused:
            yield _broken("household", "the refusals together are not those of each alone")
        return
    if refused:
        yield _broken("household", f"recorded together, and refused alone for {list(refused)}")
    for child, plan in together.household.plans.items():
        one = alone.get(child)
        expected = one.plan if isinstance(one, Accepted) else plans[child]
        if plan != expected:
            yield _broken("household", "a plan in the household is not what it is alone")


def _named(one: Obligation) -> tuple[str, int, str]:
    return (one.duty.id, one.opened_by, str(one.due_on))


def _broken(function: str, says: str) -> Difference:
    return Difference(Oracle.API, function, says)
