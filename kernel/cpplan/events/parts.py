"""What events are made of: closed choices, and the parts of a plan, a record or a meeting.

Holds values only; what happened to them stands in the events beside this file.
"""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from cpplan.events.base import LABEL, Discreet, maybe, several, text
from cpplan.roles import Role


class ConferenceKind(enum.StrEnum):
    """Which of the two conferences."""

    INITIAL = "initial"
    REVIEW = "review"


class ThresholdBasis(enum.StrEnum):
    """Which limb of the threshold the child meets: harm suffered and likely, or likely only."""

    ACTUAL_AND_LIKELY = "actual-and-likely"
    LIKELY = "likely"


class HarmCategory(enum.StrEnum):
    """The category of harm that a plan is made under."""

    NEGLECT = "neglect"
    PHYSICAL = "physical"
    SEXUAL = "sexual"
    EMOTIONAL = "emotional"


class MemberCategory(enum.StrEnum):
    """In what capacity someone belongs to a core group."""

    LEAD_SOCIAL_WORKER = "lead-social-worker"
    FIRST_LINE_MANAGER = "first-line-manager"
    CHILD = "child"
    PARENTS_AND_FAMILY = "parents-and-family"
    INVOLVED_PROFESSIONALS = "involved-professionals"
    CARERS_IN_DIRECT_CONTACT = "carers-in-direct-contact"


class VisitLocation(enum.StrEnum):
    """Where a child was visited."""

    HOME = "home"
    SCHOOL = "school"
    CONTACT_SESSION = "contact-session"
    OTHER = "other"


class NotAloneReason(enum.StrEnum):
    """Why a child was not seen alone."""

    TOO_YOUNG = "too-young"
    CHILD_DECLINED = "child-declined"
    PARENTS_REFUSED = "parents-refused"
    OTHER = "other"


class SignatureForm(enum.StrEnum):
    """How someone signed."""

    INK = "ink"
    ELECTRONIC_SIGNATURE = "electronic-signature"
    EMAIL = "email"


class Trigger(enum.StrEnum):
    """What escalates a plan."""

    ACCESS_DIFFICULTY = "access-difficulty"
    FAILED_VISITS = "failed-visits"
    IMPLEMENTATION_DIFFICULTY = "implementation-difficulty"
    SAFETY_CONCERN = "safety-concern"
    NON_COMPLIANCE = "non-compliance"
    RISK_CHANGE = "risk-change"


class DifficultyType(enum.StrEnum):
    """What kind of difficulty is reported, where no visit failed."""

    HEALTH_APPOINTMENT_MISSED = "health-appointment-missed"
    SCHOOL_MISSED = "school-missed"
    ADVICE_NOT_FOLLOWED = "advice-not-followed"


class AuditDocument(enum.StrEnum):
    """What is copied for audit when a plan ends by letter."""

    CONFERENCE_RECORD = "conference-record"
    CHAIR_LETTER = "chair-letter"


class DecidingBody(enum.StrEnum):
    """The meeting that decided a change."""

    CORE_GROUP = "core-group"
    CHILD_PROTECTION_CONFERENCE = "child-protection-conference"
    REVIEW_CONFERENCE = "review-conference"


class DisputeSubject(enum.StrEnum):
    """What a dispute is about."""

    PROFESSIONAL_DISAGREEMENT = "professional-disagreement"
    MEMBER_NOT_DELIVERING = "member-not-delivering"


class DisputePolicy(enum.StrEnum):
    """The policy that a dispute is taken to."""

    CONFLICT_RESOLUTION = "conflict-resolution"
    QUALITY_ASSURANCE = "quality-assurance"
    SAFEGUARDING_BOARD = "safeguarding-board"
    ESCALATION_POLICY = "escalation-policy"


@attrs.frozen(kw_only=True)
class LeadSocialWorker(Discreet):
    """The social worker named to lead a plan."""

    name: str = text("the lead social worker's name")
    qualified: bool | None = maybe("whether the lead social worker is qualified")
    experienced: bool | None = maybe("whether the lead social worker is experienced")
    childrens_social_worker: bool | None = maybe(
        "whether the lead social worker is employed by children's social care"
    )
    identified_by: Role | None = maybe("who identified the lead social worker")


@attrs.frozen(kw_only=True)
class Member(Discreet):
    """Someone who belongs to a core group."""

    category: MemberCategory = attrs.field(metadata={LABEL: "the member's category"})
    role: Role | None = maybe("the member's role")
    name: str = text("the member's name")
    see_child_frequency: str = text("how often the member is to see the child")
    duties: str = text("what the member is there to do")


@attrs.frozen(kw_only=True)
class Action(Discreet):
    """Something that a plan says is to be done."""

    what: str = attrs.field(metadata={LABEL: "what is to be done"})
    owner: str = text("who is to do it")
    due: dt.date | None = maybe("when it is to be done by")
    outcome: str = text("what it is to achieve")


@attrs.frozen(kw_only=True)
class Aim(Discreet):
    """Something that a plan is to reach, in the short or the long term."""

    what: str = attrs.field(metadata={LABEL: "the aim"})
    term: str = text("the aim's term, short or long")
    due: dt.date | None = maybe("when the aim is to be reached by")


@attrs.frozen(kw_only=True)
class Disagreement(Discreet):
    """A view that differs from what was agreed, with its reason."""

    view: str = attrs.field(metadata={LABEL: "the differing view"})
    reason: str = text("the reason for the differing view")


@attrs.frozen(kw_only=True)
class Signature(Discreet):
    """One party's signature, or its refusal to sign."""

    signer: Role = attrs.field(metadata={LABEL: "who was to sign"})
    form: SignatureForm | None = maybe("the form of the signature")
    signed: bool | None = maybe("whether the party signed")
    refusal_reason: str = text("the reason for not signing")
    filed_on_child_record: bool | None = maybe(
        "whether the signature is filed on the child's record"
    )


@attrs.frozen(kw_only=True)
class CircumstanceCheck(Discreet):
    """One circumstance that a chair checks, and whether it is in place."""

    circumstance: str = attrs.field(metadata={LABEL: "the circumstance checked"})
    in_place: bool = attrs.field(metadata={LABEL: "whether the circumstance is in place"})


@attrs.frozen(kw_only=True)
class ChangeNeeded(Discreet):
    """A change that the family needs to make."""

    what: str = attrs.field(metadata={LABEL: "the change needed"})
    raised_by: Role | None = maybe("who raised the change needed")


@attrs.frozen(kw_only=True)
class WrittenAgreement(Discreet):
    """The plan as a written agreement of the core group."""

    on_child_file: bool | None = maybe("whether the agreement is on the child's file")
    disagreements: tuple[Disagreement, ...] = several("any disagreement with the agreement")


@attrs.frozen(kw_only=True)
class PlanContent(Discreet):
    """What an outline or a detailed plan says."""

    concerns: str = text("the concern that the plan answers")
    harm_categories: tuple[HarmCategory, ...] = several("the category of harm")
    several_categories_reason: str = text("the reason for more than one category of harm")
    outcomes: tuple[str, ...] = several("what outcome the plan is to reach")
    objectives: tuple[str, ...] = several("what objective the plan sets")
    protection_measures: str = text("what protects the child")
    strengths: str = text("what the family does well")
    changes_needed: tuple[ChangeNeeded, ...] = several("what the family needs to change")
    actions: tuple[Action, ...] = several("what is to be done")
    aims: tuple[Aim, ...] = several("what the plan aims at")
    monitoring: str = text("how the plan is monitored")
    monitoring_lead: Role | None = maybe("who monitors the plan")
    success_measures: str = text("how success is measured")
    contingency: str = text("the contingency plan")
    family_involvement: str = text("how the family is involved")
    support_advice_advocacy: str = text("what support, advice and advocacy there is")
    support_offered: str = text("what support is offered")
    visit_plan: str = text("the plan of visits")
    unannounced_visits: str = text("the plan of unannounced visits")
    assessment_required: str = text("what assessment is still needed")
    specialist_assessments: str = text("what specialist assessment is needed")
    early_review_circumstances: str = text("what calls for an early review")
    child_views: str = text("the child's view")
    child_views_how_obtained: str = text("how the child's view was obtained")
    parent_views: str = text("the parents' view")
    parents_accept_plan: bool | None = maybe("whether the parents accept the plan")
    child_accepts_plan: bool | None = maybe("whether the child accepts the plan")
    needs_and_services: str = text("what the child needs and which services meet it")
    cultural_considerations: str = text("what the family's culture asks for")
    disability_issues: str = text("what a disability asks for")
    roles_and_responsibilities: str = text("who is responsible for what")
    health_development_actions: str = text("what is done for the child's health and development")
    family_support_actions: str = text("what is done to support the family")
    contact_frequency: str = text("how often professionals see the child")
    accessible_formats: str = text("the format in which the family can read the plan")
    child_timescale: str = text("the timescale that suits the child")
    assessment_ref: str = text("the assessment that the plan rests on")
    approved_by: Role | None = maybe("who approved the plan")
