"""Seeing the child: visits made, failed and refused, their interval, and what interrupts them.

What follows a difficulty stands in escalation.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import (
    A_COUNT,
    LABEL,
    PAST,
    Event,
    maybe,
    not_after_the_event,
    several,
    some,
    text,
)
from cpplan.events.parts import DecidingBody, NotAloneReason, VisitLocation
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class VisitMade(Event):
    """The child was visited."""

    location: VisitLocation = attrs.field(metadata={LABEL: "where the visit took place"})
    agency: Role = attrs.field(
        default=Role.CHILDRENS_SOCIAL_CARE, metadata={LABEL: "which agency made the visit"}
    )
    delegated: bool | None = maybe("whether contact had been delegated to the agency")
    child_seen: bool | None = maybe("whether the child was seen")
    seen_alone: bool | None = maybe("whether the child was seen alone")
    not_alone_reason: NotAloneReason | None = maybe("the reason for not seeing the child alone")
    only_with_carers: bool | None = maybe("whether the child was seen only with carers")
    infant: bool | None = maybe("whether the child is an infant")
    infant_awake: bool | None = maybe("whether the infant was awake")
    bedroom_seen: bool | None = maybe("whether the bedroom was seen")
    parents_agree_alone: bool | None = maybe(
        "whether the parents agree to the child being seen alone"
    )
    child_feels_safe: bool | None = maybe("whether the child feels safe")
    observed_with_carers: bool | None = maybe("whether the child was observed with carers")
    plan_explained_to_child: bool | None = maybe("whether the plan was explained to the child")
    child_updated_on_plan: bool | None = maybe("whether the child was updated on the plan")
    child_accepts_plan: bool | None = maybe("whether the child accepts the plan")
    child_spoken_to: bool | None = maybe("whether the child was spoken to")
    home_conditions: str = text("the state of the home")
    hazards: str = text("what hazard there is")
    outside: str = text("the state of the outside of the home")
    household_and_visitors: str = text("who lives in the home or visits it")
    child_wishes_and_feelings: str = text("what the child wishes and feels")
    observations: str = text("what was observed")
    family_circumstances: str = text("the family's circumstances")
    meals: str = text("what the child eats")
    sleeping_arrangements: str = text("where the child sleeps")
    child_presentation: str = text("how the child presented")
    reason_not_spoken: str = text("the reason for not speaking to the child")
    time: str = text("the time of the visit")
    record: str = text("the record's text")
    risk_analysis: str = text("the analysis of risk")
    present: tuple[Role, ...] = several("who was present")
    record_signed_by: Role | None = maybe("who signed the record")


@attrs.frozen(kw_only=True)
class VisitFailed(Event):
    """A visit was tried, and the child was not seen."""

    agency: Role = attrs.field(metadata={LABEL: "which agency's visit failed"})
    reason: str = text("the reason for the failure")


@attrs.frozen(kw_only=True)
class SeeingAloneRefused(Event):
    """The parents refused to let the child be seen alone."""


@attrs.frozen(kw_only=True)
class SeeingAloneRefusalReported(Event):
    """The refusal to let the child be seen alone was reported."""

    told: tuple[Role, ...] = several("who was told")


@attrs.frozen(kw_only=True)
class VisitIntervalChanged(Event):
    """The interval between visits was changed."""

    visit_interval: int = attrs.field(
        validator=A_COUNT,
        metadata={LABEL: "the visit interval, in the unit of the procedure's visit duty"},
    )
    alone_interval: int | None = some(
        "the interval between seeing the child alone, in the unit of the procedure's duty"
    )
    longer: bool | None = maybe("whether an interval is longer than the one before")
    decided_by: DecidingBody = attrs.field(metadata={LABEL: "which meeting decided the change"})
    reason: str = text("the reason for the change")
    authorised_by: tuple[Role, ...] = several("who authorised the change")


@attrs.frozen(kw_only=True)
class LeadWorkerAbsent(Event):
    """The lead social worker is away, or an absence has been arranged."""

    planned: bool | None = maybe("whether the absence is planned")
    starts: dt.date | None = maybe("the first day of the absence")
    until: dt.date | None = maybe("the end of the absence")
    cover_worker: str = text("who covers for the lead social worker")
    messages_checked: bool | None = maybe("whether messages are checked during the absence")


@attrs.frozen(kw_only=True)
class AbsenceNotified(Event):
    """Others were told of the lead social worker's absence."""

    told: tuple[Role, ...] = several("who was told")
    cover_worker: str = text("who covers for the lead social worker")
    contacts_planned: str = text("what contact is planned during the absence")


@attrs.frozen(kw_only=True)
class ChildBorn(Event):
    """A child with a plan made before birth was born."""

    date_of_birth: dt.date = attrs.field(
        validator=not_after_the_event, metadata={LABEL: "the child's date of birth", PAST: True}
    )


@attrs.frozen(kw_only=True)
class DateOfBirthRecorded(Event):
    """A date of birth that the initial conference left out was found and recorded."""

    date_of_birth: dt.date = attrs.field(
        validator=not_after_the_event, metadata={LABEL: "the child's date of birth", PAST: True}
    )


@attrs.frozen(kw_only=True)
class ChildAdmittedToHospital(Event):
    """The child was admitted to hospital."""

    unplanned: bool = attrs.field(metadata={LABEL: "whether the admission was unplanned"})


@attrs.frozen(kw_only=True)
class ReconveningConsidered(Event):
    """It was considered whether to reconvene a conference."""

    strategy_discussion_considered: bool | None = maybe(
        "whether a strategy discussion was considered"
    )
    reason: str = text("the reason for the conclusion")


@attrs.frozen(kw_only=True)
class ChildDischargedFromHospital(Event):
    """The child left hospital."""
