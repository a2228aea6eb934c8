"""Events and plans that several tests start from, under the standards procedure."""

from __future__ import annotations

import datetime as dt

from cpplan import Accepted, Plan, Role, load
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    EscalationRaised,
    Event,
    HarmCategory,
    InitialConferenceDecided,
    InitialConferenceOpened,
    LeadSocialWorker,
    Member,
    MemberCategory,
    PlanContent,
    PlanPutIntoEffect,
    ReviewConferenceOpened,
    ThresholdBasis,
    Trigger,
    VisitLocation,
    VisitMade,
)

STANDARDS = load("standards")
START = dt.date(2026, 1, 5)
"""The day of the initial conference, a Monday."""


def day(number: int) -> dt.date:
    """Return the day so many days after the initial conference."""
    return START + dt.timedelta(days=number)


def opened(on: dt.date = START) -> InitialConferenceOpened:
    """Return the opening of the initial conference."""
    return InitialConferenceOpened(on=on)


def decided(on: dt.date = START, **changed: object) -> InitialConferenceDecided:
    """Return a decision that holds all that the standards ask for."""
    fields: dict[str, object] = {
        "plan_made": True,
        "threshold_basis": ThresholdBasis.LIKELY,
        "consensus_reached": True,
        "plan": PlanContent(
            concerns="Left alone at night.",
            harm_categories=(HarmCategory.NEGLECT,),
            outcomes=("Somebody is there at night.",),
            contingency="Stay with the aunt.",
        ),
        "lead_social_worker": LeadSocialWorker(name="J. Doe"),
        "core_group_members": (
            Member(category=MemberCategory.INVOLVED_PROFESSIONALS),
            Member(category=MemberCategory.PARENTS_AND_FAMILY),
        ),
        "date_of_birth": dt.date(2020, 2, 29),
        "first_core_group_date": day(7),
        "first_review_date": day(90),
    }
    return InitialConferenceDecided(on=on, **(fields | changed))  # type: ignore[arg-type]


def visit(on: dt.date, *, seen: bool = True, **changed: object) -> VisitMade:
    """Return a visit at home by children's social care."""
    fields: dict[str, object] = {"location": VisitLocation.HOME, "child_seen": seen}
    return VisitMade(on=on, **(fields | changed))  # type: ignore[arg-type]


def raised(trigger: Trigger, on: dt.date) -> EscalationRaised:
    """Return a difficulty raised."""
    return EscalationRaised(on=on, trigger=trigger)


def taken(plan: Plan, *events: Event) -> Plan:
    """Return the plan with events that all have to be accepted."""
    for event in events:
        decision = plan.record(event)
        assert isinstance(decision, Accepted), (event, decision)
        plan = decision.plan
    return plan


def outline() -> Plan:
    """Return a plan just outlined, on the day of the initial conference."""
    return taken(Plan(STANDARDS), opened(), decided())


def detailed() -> Plan:
    """Return a detailed plan, a week on."""
    return taken(outline(), CoreGroupHeld(on=day(7)), DetailedPlanAgreed(on=day(7)))


def active() -> Plan:
    """Return a plan in effect, eight days on."""
    return taken(detailed(), PlanPutIntoEffect(on=day(8)))


def in_review(plan: Plan, on: dt.date) -> Plan:
    """Return the plan with its review conference sitting."""
    return taken(plan, ReviewConferenceOpened(on=on, convened_by=Role.CONFERENCE_CHAIR))
