"""The plans and events that are measured, under the procedure ``standards``."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterable

import cpplan
from cpplan.events import (
    ArrangementsInPlaceNotified,
    ChairConsultedSocialWorker,
    ChairLetterSent,
    ChairSatisfied,
    CircumstanceCheck,
    CommunicationRecorded,
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    InitialConferenceDecided,
    InitialConferenceOpened,
    LeadSocialWorker,
    LetterRouteAgreed,
    Member,
    MemberCategory,
    NotesCirculated,
    PlanContent,
    PlanEndedByLetter,
    PlanPutIntoEffect,
    VisitLocation,
    VisitMade,
)
from cpplan.events.parts import HarmCategory, ThresholdBasis

CHAIR = cpplan.Role.CONFERENCE_CHAIR
START = dt.date(2026, 1, 5)
CIRCUMSTANCE = "the father has moved out"


@functools.cache
def procedure() -> cpplan.Procedure:
    """Return the procedure that all cases are under."""
    return cpplan.load("standards")


def day(number: int) -> dt.date:
    """Return a day, counted from the initial conference."""
    return START + dt.timedelta(days=number)


def visit(on: dt.date) -> VisitMade:
    """Return a visit at home by the lead social worker."""
    return VisitMade(on=on, location=VisitLocation.HOME, child_seen=True)


def letter_ending(on: dt.date, by: cpplan.Role | None = CHAIR) -> PlanEndedByLetter:
    """Return an ending by the chair's letter, for which the procedure has seven needs."""
    return PlanEndedByLetter(on=on, by=by)


def conference() -> list[Event]:
    """Return the events of an initial conference that outlines a plan which a letter may end."""
    return [
        InitialConferenceOpened(on=START),
        LetterRouteAgreed(
            on=START,
            by=CHAIR,
            unanimous=True,
            in_conference_record=True,
            circumstances=(CIRCUMSTANCE,),
        ),
        InitialConferenceDecided(
            on=START,
            plan_made=True,
            consensus_reached=True,
            threshold_basis=ThresholdBasis.LIKELY,
            date_of_birth=dt.date(2016, 5, 1),
            lead_social_worker=LeadSocialWorker(name="A. Worker"),
            core_group_members=(
                Member(category=MemberCategory.INVOLVED_PROFESSIONALS),
                Member(category=MemberCategory.PARENTS_AND_FAMILY),
            ),
            plan=PlanContent(
                concerns="left alone at night",
                harm_categories=(HarmCategory.NEGLECT,),
                outcomes=("never left alone",),
                contingency="legal planning",
            ),
            first_review_date=day(84),
            first_core_group_date=day(10),
        ),
    ]


def _letter() -> list[Event]:
    return [
        ArrangementsInPlaceNotified(on=day(15), by=cpplan.Role.LEAD_SOCIAL_WORKER),
        ChairConsultedSocialWorker(on=day(16), by=CHAIR),
        ChairSatisfied(
            on=day(16),
            by=CHAIR,
            checks=(CircumstanceCheck(circumstance=CIRCUMSTANCE, in_place=True),),
        ),
        ChairLetterSent(on=day(17), by=CHAIR),
    ]


def working(length: int) -> list[Event]:
    """Return a history of a plan in effect: visits, core groups with their notes, calls."""
    events = [
        *conference(),
        CoreGroupHeld(on=day(10)),
        DetailedPlanAgreed(on=day(10)),
        PlanPutIntoEffect(on=day(11)),
    ]
    kinds: list[Callable[[dt.date], Event]] = [
        visit,
        lambda on: CommunicationRecorded(on=on),
        visit,
        lambda on: CoreGroupHeld(on=on),
        lambda on: NotesCirculated(on=on),
    ]
    for number, kind in enumerate(itertools.cycle(kinds)):
        if len(events) == length:
            break
        events.append(kind(day(14 + 7 * number)))
    return events


def recorded(events: Iterable[Event]) -> cpplan.Plan:
    """Return the plan after a history, which the procedure must accept."""
    plan = cpplan.Plan(procedure())
    for event in events:
        decision = plan.record(event)
        if isinstance(decision, cpplan.Refused):
            raise ValueError(f"the benchmark's history is not accepted: {event}: {decision}")
        plan = decision.plan
    return plan


def working_plan(length: int) -> cpplan.Plan:
    """Return a plan in effect with so many events."""
    return recorded(working(length))


def letter_plan() -> cpplan.Plan:
    """Return a plan in outline that a letter, sent on day 17 with 14 days' notice, may end."""
    return recorded([*conference(), *_letter()])
