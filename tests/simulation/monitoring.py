"""What tests of monitors tell: moments of a history, and a requirement to hold them against."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from cpplan.calendars import load_calendar
from cpplan.events import (
    ChairLetterSent,
    CoreGroupHeld,
    Event,
    PlanEndedByLetter,
    VisitMade,
)
from cpplan.events.parts import VisitLocation
from cpplan.matching import Match
from cpplan.requirements import Atom, Requirement, Template
from cpplan.values import Origin, Value
from cpplan_sim.monitors import Moment, Verdict, judge

HELD, BROKEN, IDLE = Verdict.HELD, Verdict.BROKEN, Verdict.NOT_EXERCISED
ENGLAND = load_calendar("england-and-wales")

START = dt.date(2026, 1, 5)  # a Monday

VISIT = Atom(Match("visit-made"))

GROUP = Atom(Match("core-group-held"))


def on_day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def visit(day: int) -> Event:
    return VisitMade(on=on_day(day), location=VisitLocation.HOME)


def group(day: int) -> Event:
    return CoreGroupHeld(on=on_day(day))


def noise(day: int) -> Event:
    return ChairLetterSent(on=on_day(day))


def recorded(event: Event, before: str = "active", after: str = "") -> Moment:
    return Moment(event, True, before, after or before)


def refused(event: Event, state: str = "active") -> Moment:
    return Moment(event, False, state, state)


def ending(day: int) -> Moment:
    return recorded(PlanEndedByLetter(on=on_day(day)), "active", "ended.letter")


def period(amount: int, unit: str = "calendar-days") -> Value:
    return Value("period", amount, unit, "", "a period", Origin.CHOICE, ())


def required(
    template: Template,
    first: Atom,
    then: Atom | None = None,
    *,
    until: Any = None,
    after: Value | None = None,
    not_before: Value | None = None,
    within: Value | None = None,
    covers: Any = None,
) -> Finder:
    made = Requirement(
        id="it",
        says="It.",
        topic="visits",
        template=template,
        first=first,
        then=then,
        until=until,
        after=after,
        not_before=not_before,
        within=within,
        covers=covers,
    )
    return Finder(made)


@attrs.frozen
class Finder:
    """A requirement to be held against histories."""

    requirement: Requirement

    def __call__(self, *moments: Moment) -> tuple[Verdict, int | None]:
        (found,) = judge([self.requirement], moments, ENGLAND)
        return found.verdict, found.broken_at
