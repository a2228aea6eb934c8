"""The initial conference: the enquiry visits and reports before it, its opening and its decision.

Later conferences stand in reviews.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import LABEL, Event, maybe, past, several, some, text
from cpplan.events.parts import (
    ConferenceKind,
    LeadSocialWorker,
    Member,
    PlanContent,
    ThresholdBasis,
)
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class InitialConferenceArranged(Event):
    """A date was set for the initial conference."""

    scheduled_for: dt.date = attrs.field(metadata={LABEL: "the day the conference is arranged for"})


@attrs.frozen(kw_only=True)
class ConferenceReportShared(Event):
    """A report was shared before a conference."""

    conference: ConferenceKind = attrs.field(metadata={LABEL: "which conference the report is for"})
    recipients: tuple[Role, ...] = several("who received the report")
    analysis: str = text("the report's analysis")
    chronology: str = text("the report's chronology")
    developmental_needs: str = text("what the report says on developmental needs")
    parenting_capacity: str = text("what the report says on parenting capacity")
    views: str = text("what the family's view is in the report")
    s47_analysis: str = text("the analysis of the section 47 enquiry")
    approved_by: Role | None = maybe("who approved the report")


@attrs.frozen(kw_only=True)
class EnquiryVisitMade(Event):
    """The child was visited during a section 47 enquiry."""

    child_seen: bool | None = maybe("whether the child was seen")


@attrs.frozen(kw_only=True)
class InitialConferenceOpened(Event):
    """The initial conference began."""

    pre_birth: bool | None = maybe("whether the conference is a pre-birth conference")
    attendees: tuple[Role, ...] = several("who attended")


@attrs.frozen(kw_only=True)
class LetterRouteAgreed(Event):
    """The conference agreed that the plan may end by a letter of the chair."""

    unanimous: bool | None = maybe("whether the agreement was unanimous")
    circumstances: tuple[str, ...] = several(
        "which circumstance must be in place before the letter"
    )
    in_conference_record: bool | None = maybe("whether the agreement is in the conference record")
    flagged_in_monitoring: bool | None = maybe("whether the agreement is flagged in monitoring")


@attrs.frozen(kw_only=True)
class InitialConferenceDecided(Event):
    """The initial conference decided whether to make a plan, and outlined it."""

    plan_made: bool = attrs.field(metadata={LABEL: "whether a plan was made"})
    threshold_basis: ThresholdBasis | None = maybe("the limb of the threshold that is met")
    threshold_evidence: str = text("the evidence for the threshold")
    consensus_reached: bool | None = maybe("whether the conference reached consensus")
    decision_by: Role | None = maybe("who decided")
    decision_reasons: str = text("the reason for the decision")
    child_unborn: bool | None = maybe("whether the child is unborn")
    date_of_birth: dt.date | None = past("the child's date of birth")
    lead_social_worker: LeadSocialWorker | None = maybe("the lead social worker")
    first_line_manager: str = text("the first line manager")
    core_group_members: tuple[Member, ...] = several("the core group's membership")
    plan: PlanContent | None = maybe("the outline plan")
    first_core_group_date: dt.date | None = maybe("the date of the first core group")
    core_group_interval: int | None = some("the number of weeks between core groups")
    first_review_date: dt.date | None = maybe("the date of the first review")
    visit_interval: int | None = some(
        "the visit interval, in the unit of the procedure's visit duty"
    )
    visit_interval_reason: str = text("the reason for the visit interval")
    lead_worker_role_explained: bool | None = maybe(
        "whether the lead social worker's role was explained"
    )
    attendees: tuple[Role, ...] = several("who attended")

    def __attrs_post_init__(self) -> None:
        """Refuse a date of birth for a child who is not born yet.

        Raises:
            ValueError: both are given.
        """
        if self.child_unborn and self.date_of_birth is not None:
            raise ValueError("child_unborn is true, so there can be no date_of_birth")
