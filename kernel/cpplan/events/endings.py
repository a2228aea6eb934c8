"""The endings of a plan and the acts that lead to them.

They are by letter, by move, by becoming looked after, at 18, by death, and by leaving the
jurisdiction. The ending by a review's decision stands in reviews.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import LABEL, Event, maybe, past, several, text
from cpplan.events.parts import AuditDocument, CircumstanceCheck
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class ArrangementsInPlaceNotified(Event):
    """The chair was told that the arrangements for an ending by letter are in place."""


@attrs.frozen(kw_only=True)
class ChairConsultedSocialWorker(Event):
    """The chair consulted the social worker about ending the plan by letter."""


@attrs.frozen(kw_only=True)
class ChairSatisfied(Event):
    """The chair was satisfied that the circumstances agreed for a letter are in place."""

    checks: tuple[CircumstanceCheck, ...] = several("which circumstance was checked")


@attrs.frozen(kw_only=True)
class ChairLetterSent(Event):
    """The chair's letter was sent to the agencies and the family."""


@attrs.frozen(kw_only=True)
class AgencyObjected(Event):
    """An agency objected to the ending by letter."""

    agency: Role = attrs.field(metadata={LABEL: "which agency objected"})
    reason: str = text("the reason for the objection")


@attrs.frozen(kw_only=True)
class AuditCopySent(Event):
    """A copy was sent for the audit of endings by letter."""

    document: AuditDocument = attrs.field(metadata={LABEL: "which document was copied"})
    by_email: bool | None = maybe("whether the copy went by email")
    to: tuple[Role, ...] = several("who received the copy")


@attrs.frozen(kw_only=True)
class PlanEndedByLetter(Event):
    """The plan ended because the letter's notice ran out without objection."""


@attrs.frozen(kw_only=True)
class MoveNotified(Event):
    """The child's move to another authority was notified."""

    permanent: bool | None = maybe("whether the move is permanent")
    child_and_family: bool | None = maybe("whether both child and family moved")
    receiving_authority: str = text("the receiving authority")


@attrs.frozen(kw_only=True)
class ReceivingAuthorityNotified(Event):
    """The receiving authority was told of the move."""


@attrs.frozen(kw_only=True)
class ReceivingConferenceHeld(Event):
    """The receiving authority held its conference."""

    authority: str = text("the authority that held the conference")


@attrs.frozen(kw_only=True)
class PlanEndedByMove(Event):
    """The plan ended because the receiving authority took over."""


@attrs.frozen(kw_only=True)
class ChildBecameLookedAfter(Event):
    """The child became looked after."""

    dual_status_reason: str = text("the reason for a plan beside being looked after")


@attrs.frozen(kw_only=True)
class ChildNoLongerLookedAfter(Event):
    """The child stopped being looked after."""


@attrs.frozen(kw_only=True)
class LookedAfterFileReviewed(Event):
    """The looked-after child's file was reviewed."""


@attrs.frozen(kw_only=True)
class LookedAfterDiscussed(Event):
    """Ending the looked-after child's plan was discussed."""

    discussed_with: Role | None = maybe("who it was discussed with")


@attrs.frozen(kw_only=True)
class LookedAfterEndingDecided(Event):
    """It was decided to end the looked-after child's plan."""

    iro_agrees: bool | None = maybe("whether the independent reviewing officer agrees")
    team_manager_agrees: bool | None = maybe("whether the team manager agrees")
    reasons: str = text("the reason for the decision")


@attrs.frozen(kw_only=True)
class PlanEndedByLookedAfterLetter(Event):
    """The plan ended by a letter because the child is looked after."""


@attrs.frozen(kw_only=True)
class BirthdayReviewPlanned(Event):
    """A review was planned around the child's 18th birthday."""

    planned_on: dt.date = attrs.field(metadata={LABEL: "the day the review is planned for"})


@attrs.frozen(kw_only=True)
class PlanEndedAt18(Event):
    """The plan ended because the child reached 18."""


@attrs.frozen(kw_only=True)
class ChildDied(Event):
    """The child died."""

    date_of_death: dt.date | None = past("the date of death")

    @property
    def in_effect_on(self) -> dt.date:
        """The date of death: what fell due after it was owed to nobody (standards/11i)."""
        return self.date_of_death or self.on


@attrs.frozen(kw_only=True)
class ChildLeftJurisdiction(Event):
    """The child left the jurisdiction."""

    permanent: bool | None = maybe("whether the departure is permanent")
    evidence: str = text("the evidence of the departure")
    left_on: dt.date | None = past("the day the child left")

    @property
    def in_effect_on(self) -> dt.date:
        """The day the child left: what fell due after it could not be done here."""
        return self.left_on or self.on
