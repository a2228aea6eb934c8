"""The plan itself: agreed in detail, put into effect, signed, explained, changed.

The meetings that decide these stand in conferences.py, core_groups.py and reviews.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import LABEL, Event, maybe, several, some, text
from cpplan.events.parts import DecidingBody, Member, PlanContent, Signature, WrittenAgreement
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class DetailedPlanAgreed(Event):
    """The core group agreed the detailed plan."""

    plan: PlanContent | None = maybe("the detailed plan")
    members: tuple[Member, ...] = several("the core group's membership")
    written_agreement: WrittenAgreement | None = maybe("the written agreement")
    visit_interval: int | None = some(
        "the visit interval, in the unit of the procedure's visit duty"
    )
    visit_interval_authorised_by: tuple[Role, ...] = several("who authorised the visit interval")
    at_core_group: bool | None = maybe("whether the plan was agreed at a core group")


@attrs.frozen(kw_only=True)
class PlanPutIntoEffect(Event):
    """The detailed plan began to be carried out."""


@attrs.frozen(kw_only=True)
class AgreementSigned(Event):
    """Parties signed the written agreement, or refused."""

    signatures: tuple[Signature, ...] = several("who signed")
    all_signed: bool | None = maybe("whether every party signed")
    meeting_on: dt.date | None = maybe("the day of the meeting that made the agreement")


@attrs.frozen(kw_only=True)
class SignatoriesGivenCopies(Event):
    """Those who signed the agreement were given copies."""


@attrs.frozen(kw_only=True)
class AgreementExplainedToChild(Event):
    """The agreement was explained to the child."""


@attrs.frozen(kw_only=True)
class ChildGivenCopy(Event):
    """The child was given a copy of the plan."""

    language: str = text("the language of the copy")


@attrs.frozen(kw_only=True)
class ParentsGivenPlan(Event):
    """The parents were given the plan in writing."""


@attrs.frozen(kw_only=True)
class ParentKnownToAdultServices(Event):
    """A parent was found to be known to adult services."""


@attrs.frozen(kw_only=True)
class AgreementFiledOnAdultRecord(Event):
    """The agreement was filed on the adult's record."""


@attrs.frozen(kw_only=True)
class ParentsTold(Event):
    """The parents were told what the plan means for them."""

    concerns: bool | None = maybe("whether the parents were told the concerns")
    changes_needed: bool | None = maybe("whether the parents were told what needs to change")
    contingency: bool | None = maybe("whether the parents were told the contingency plan")
    outcomes: bool | None = maybe("whether the parents were told the outcomes")
    expectations: bool | None = maybe("whether the parents were told what is expected of them")
    evidence_use: bool | None = maybe(
        "whether the parents were told that the plan may be used as evidence in court"
    )
    right_to_complain: bool | None = maybe(
        "whether the parents were told of their right to complain"
    )
    reasons_for_departure: str = text("the reason for not following the parents' preference")
    preference_not_accepted: bool | None = maybe(
        "whether a preference of the parents was not accepted"
    )


@attrs.frozen(kw_only=True)
class ParentsUnderstandingChecked(Event):
    """It was checked that the parents understand the plan."""

    evidence: bool | None = maybe("whether the parents understand the evidence")
    changes_needed: bool | None = maybe("whether the parents understand what needs to change")
    expectations: bool | None = maybe("whether the parents understand what is expected of them")


@attrs.frozen(kw_only=True)
class CommitmentUndeliverable(Event):
    """Someone reported that a commitment can't be kept."""

    commitment: str = text("the commitment")


@attrs.frozen(kw_only=True)
class CommitmentRenegotiated(Event):
    """A commitment was agreed anew."""

    commitment: str = text("the commitment")


@attrs.frozen(kw_only=True)
class PlanChanged(Event):
    """The plan was changed."""

    decided_by: DecidingBody = attrs.field(metadata={LABEL: "which meeting decided the change"})
    changes: str = text("what was changed")
    reason: str = text("the reason for the change")
    authorised_by: tuple[Role, ...] = several("who authorised the change")


@attrs.frozen(kw_only=True)
class InterpreterProvided(Event):
    """An interpreter was provided."""

    language: str = text("the interpreter's language")
