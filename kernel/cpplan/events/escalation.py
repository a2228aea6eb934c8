"""Difficulties with a plan: raised, reported, acted on, resolved.

Disagreements between professionals stand in disputes.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import LABEL, Event, maybe, several, text
from cpplan.events.parts import DifficultyType, Trigger
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class EscalationRaised(Event):
    """Something happened that escalates the plan."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    what: str = text("what happened")
    agency: Role | None = maybe("which agency raised it")


@attrs.frozen(kw_only=True)
class DifficultyReported(Event):
    """A difficulty was reported."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    difficulty: DifficultyType | None = maybe("the type of the difficulty")
    told: tuple[Role, ...] = several("who was told")


@attrs.frozen(kw_only=True)
class ActionTaken(Event):
    """Action was taken on a difficulty."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    action: str = text("the action taken")


@attrs.frozen(kw_only=True)
class ActionPlanAgreed(Event):
    """A plan of action on a difficulty was agreed."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    action_plan: str = text("the plan of action")
    agreed_by: tuple[Role, ...] = several("who agreed the plan of action")
    review_conference_considered: bool | None = maybe("whether a review conference was considered")
    review_conference_reason: str = text("the reason for or against a review conference")
    strategy_considered: bool | None = maybe("whether a strategy discussion was considered")
    legal_action_considered: bool | None = maybe("whether legal action was considered")
    article_42_considered: bool | None = maybe("whether an Article 42 enquiry was considered")
    early_review_considered: bool | None = maybe("whether an early review was considered")


@attrs.frozen(kw_only=True)
class CoreGroupReconsideredPlan(Event):
    """The core group considered the plan again because of a difficulty."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    outcome: str = text("what came of it")


@attrs.frozen(kw_only=True)
class StrategyDiscussionHeld(Event):
    """A strategy discussion was held."""

    trigger: Trigger | None = maybe("the trigger")
    police_entry_considered: bool | None = maybe("whether entry by the police was considered")
    s47_considered: bool | None = maybe("whether a section 47 enquiry was considered")
    legal_action_considered: bool | None = maybe("whether legal action was considered")
    early_review_considered: bool | None = maybe("whether an early review was considered")


@attrs.frozen(kw_only=True)
class SafetyConsultationHeld(Event):
    """Others were consulted on an immediate concern for the child's safety."""

    consulted: tuple[Role, ...] = several("who was consulted")
    legal_action_considered: bool | None = maybe("whether legal action was considered")
    police_entry_considered: bool | None = maybe("whether entry by the police was considered")
    s47_considered: bool | None = maybe("whether a section 47 enquiry was considered")
    early_review_considered: bool | None = maybe("whether an early review was considered")


@attrs.frozen(kw_only=True)
class ContactDelegated(Event):
    """Contact with the child was delegated to another agency."""

    agency: Role = attrs.field(metadata={LABEL: "which agency makes the contact"})
    qualified: bool | None = maybe("whether the delegate is qualified")
    experienced: bool | None = maybe("whether the delegate is experienced")
    core_group_agency: bool | None = maybe("whether the agency belongs to the core group")
    authorised_by: tuple[Role, ...] = several("who authorised the delegation")
    decision_record: str = text("the record of the decision")


@attrs.frozen(kw_only=True)
class ReviewConferenceCalled(Event):
    """A review conference was called early."""

    trigger: Trigger | None = maybe("the trigger")
    reason: str = text("the reason for the call")
    authorised_by: tuple[Role, ...] = several("who authorised the call")
    decision_record: str = text("the record of the decision")
    requested_by: Role | None = maybe("who asked for the review")


@attrs.frozen(kw_only=True)
class EarlyReviewConsidered(Event):
    """It was considered whether to hold an early review."""

    reason: str = text("the reason for the conclusion")
    outcome_review_called: bool | None = maybe("whether a review was called")
    recommended: bool | None = maybe("whether an early review was recommended")
    requested_by: Role | None = maybe("who asked for the review")
    core_group_consulted: bool | None = maybe("whether the core group was consulted")
    chair_consulted: bool | None = maybe("whether the chair was consulted")


@attrs.frozen(kw_only=True)
class LegalPlanningConsidered(Event):
    """It was considered whether to hold a legal planning meeting."""

    reason: str = text("the reason for the conclusion")
    required: bool | None = maybe("whether a legal planning meeting is required")
    arranged_for: dt.date | None = maybe("the day the legal planning meeting is arranged for")


@attrs.frozen(kw_only=True)
class CoreGroupMeetingConsidered(Event):
    """It was considered whether to hold a core group."""

    reason: str = text("the reason for the conclusion")


@attrs.frozen(kw_only=True)
class EscalationResolved(Event):
    """A difficulty was resolved."""

    trigger: Trigger = attrs.field(metadata={LABEL: "the trigger"})
    outcome: str = text("what came of it")
    authorised_by: tuple[Role, ...] = several("who authorised the resolution")
