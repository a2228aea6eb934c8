"""Core group meetings: moved, held, written up, circulated.

The agreement that comes of them stands in plans.py.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.events.base import LABEL, Event, maybe, several, some, text
from cpplan.events.parts import Disagreement
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class CoreGroupRescheduled(Event):
    """A core group was moved to another day."""

    new_date: dt.date = attrs.field(metadata={LABEL: "the new date"})
    reason: str = text("the reason for the move")


@attrs.frozen(kw_only=True)
class MeetingChangeConfirmed(Event):
    """The move of a meeting was confirmed to its members."""

    in_writing: bool | None = maybe("whether the confirmation was in writing")


@attrs.frozen(kw_only=True)
class CoreGroupHeld(Event):
    """A core group met."""

    attendees: tuple[Role, ...] = several("who attended")
    chair: Role | None = maybe("who chaired")
    convened_by: Role | None = maybe("who convened the meeting")
    complex_case: bool | None = maybe("whether the case is complex")
    record_keeper: Role | None = maybe("who keeps the record")
    next_dates: tuple[dt.date, ...] = several("the date of a later core group")
    interval_shortened_reason: str = text("the reason for a shorter interval between core groups")
    plan_on_agenda: bool | None = maybe("whether the plan was on the agenda")
    progress_reviewed: bool | None = maybe("whether progress was reviewed")
    actions_on_timescale: bool | None = maybe("whether actions are on time")
    changes_considered: bool | None = maybe("whether changes to the plan were considered")
    risk_analysis: str = text("the analysis of risk")
    action_points: tuple[str, ...] = several("what action was agreed")
    decisions: tuple[str, ...] = several("what was decided")
    future_actions: tuple[str, ...] = several("what is to be done next")
    disagreements: tuple[Disagreement, ...] = several("any disagreement")
    evidence_of_change: bool | None = maybe("whether there is evidence of change")
    contingency: str = text("the contingency plan")
    lead_worker_role_explained: bool | None = maybe(
        "whether the lead social worker's role was explained"
    )
    visit_interval: int | None = some(
        "the visit interval, in the unit of the procedure's visit duty"
    )
    visit_interval_reason: str = text("the reason for the visit interval")
    visit_interval_authorised_by: tuple[Role, ...] = several("who authorised the visit interval")
    contact_frequency: str = text("how often other professionals see the child")


@attrs.frozen(kw_only=True)
class CoreGroupRecorded(Event):
    """The record of a core group was made."""

    meeting_on: dt.date | None = maybe("the day of the meeting")
    record: str = text("the record's text")
    record_keeper: Role | None = maybe("who kept the record")


@attrs.frozen(kw_only=True)
class NotesCirculated(Event):
    """The notes of a core group, and the written agreement, were sent to its members."""

    meeting_on: dt.date | None = maybe("the day of the meeting")
    agreement_included: bool | None = maybe("whether the written agreement was included")
    recipients: tuple[Role, ...] = several("who received the notes")
