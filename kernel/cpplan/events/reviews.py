"""The review conference: arranged, moved, opened, decided.

Early reviews are called in escalation.py; endings stand in endings.py.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from cpplan.events.base import LABEL, Event, maybe, several, some, text
from cpplan.events.parts import ConferenceKind
from cpplan.roles import Role


def _not_before_the_event(event: Any, _: Any, value: dt.date) -> None:
    if value < event.on:
        raise ValueError(f"new_date is {value}, before the event of {event.on}")


@attrs.frozen(kw_only=True)
class ReviewConferenceArranged(Event):
    """A date was set for the review conference."""

    scheduled_for: dt.date = attrs.field(metadata={LABEL: "the day the review is arranged for"})


@attrs.frozen(kw_only=True)
class InvitationListUpdated(Event):
    """The invitation list of a conference was updated."""

    conference: ConferenceKind | None = maybe("which conference the list is for")


@attrs.frozen(kw_only=True)
class ReviewDateChanged(Event):
    """The date of the review was changed."""

    new_date: dt.date = attrs.field(
        validator=_not_before_the_event, metadata={LABEL: "the new date"}
    )
    reason: str = text("the reason for the change")
    earlier: bool = attrs.field(metadata={LABEL: "whether the new date is earlier"})
    chair_agreed: bool | None = maybe("whether the chair agreed")
    authorised_by: tuple[Role, ...] = several("who authorised the change")
    requested_by: Role | None = maybe("who asked for the change")
    core_group_consulted: bool | None = maybe("whether the core group was consulted")
    chair_consulted: bool | None = maybe("whether the chair was consulted")


@attrs.frozen(kw_only=True)
class ReviewConferenceOpened(Event):
    """The review conference began."""

    at_birthday: bool | None = maybe("whether it is the review planned for the 18th birthday")
    convened_by: Role | None = maybe("who convened the conference")
    attendees: tuple[Role, ...] = several("who attended")


@attrs.frozen(kw_only=True)
class ReviewConferenceDecided(Event):
    """The review conference decided whether the plan goes on."""

    plan_continues: bool = attrs.field(metadata={LABEL: "whether the plan goes on"})
    no_longer_significant_harm: bool | None = maybe(
        "whether the child is no longer at risk of significant harm"
    )
    reasons: str = text("the reason for the decision")
    consensus_reached: bool | None = maybe("whether the conference reached consensus")
    decision_by: Role | None = maybe("who decided")
    plan_changed: bool | None = maybe("whether the plan was changed")
    changes: str = text("what was changed")
    core_group_recommendation: str = text("what the core group recommended")
    recommended_outcomes: tuple[str, ...] = several("which outcome the core group recommended")
    progress_reviewed: bool | None = maybe("whether progress was reviewed")
    changes_considered: bool | None = maybe("whether changes to the plan were considered")
    plan_on_agenda: bool | None = maybe("whether the plan was on the agenda")
    next_review_date: dt.date | None = maybe("the date of the next review")
    core_group_next_dates: tuple[dt.date, ...] = several("the date of a later core group")
    visit_interval: int | None = some(
        "the visit interval, in the unit of the procedure's visit duty"
    )
    visit_interval_reason: str = text("the reason for the visit interval")
