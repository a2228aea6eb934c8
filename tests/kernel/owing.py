"""One duty, some events, and what is owed after them."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from cpplan.calendars import load_calendar
from cpplan.clauses import Strength
from cpplan.duties import Duty, DutyIndex, Limit
from cpplan.events import (
    CoreGroupHeld,
    Event,
    NotesCirculated,
    VisitMade,
)
from cpplan.events.parts import VisitLocation
from cpplan.matching import Match
from cpplan.obligations import Obligation, Reckoning
from cpplan.plans import Entry
from cpplan.rules import Edge
from cpplan.values import Origin, Value
from tests.kernel.histories import STANDARDS, day

CALENDAR = load_calendar("england-and-wales")
EDGE = STANDARDS.edges_from("active")[0]
HELD, NOTES = "core-group-held", "notes-circulated"


def value(amount: int | None, unit: str) -> Value:
    """Return a figure."""
    return Value("figure", amount, unit, "", "a figure", Origin.CHOICE, ())


def duty(limit: Limit = Limit.WITHIN, figure: Value | None = None, **changed: object) -> Duty:
    """Return a duty opened by a core group and met by its notes."""
    parts: dict[str, object] = {
        "id": "notes",
        "says": "The notes are circulated.",
        "topic": "circulation",
        "strength": Strength.MUST,
        "owed_by": (),
        "limit": limit,
        "value": figure,
        "opens": (Match(HELD),),
        "met_by": (Match(NOTES),),
    }
    return Duty(**(parts | changed))  # type: ignore[arg-type]


def read(one: Duty, *events: Event, ended: bool = False) -> tuple[Obligation, ...]:
    """Return what is owed after some events; if asked, the last of them ended the plan."""
    states = ["active"] * len(events)
    if ended:
        states[-1] = "ended.death"
    entries = [Entry(e, edge_to(state)) for e, state in zip(events, states, strict=True)]
    return Reckoning(DutyIndex.of([one]), CALENDAR).read(entries)


def edge_to(state: str) -> Edge:
    """Return some edge to a state."""
    return attrs.evolve(EDGE, target=state)


def outcomes(found: Sequence[Obligation]) -> list[str | None]:
    """Return the outcome of each."""
    return [one.outcome and one.outcome.value for one in found]


def held(number: int, **fields: object) -> CoreGroupHeld:
    """Return a core group, so many days on."""
    return CoreGroupHeld(on=day(number), **fields)  # type: ignore[arg-type]


def notes(number: int, meeting: int | None = None) -> NotesCirculated:
    """Return notes circulated, of one meeting or of whichever."""
    return NotesCirculated(on=day(number), meeting_on=None if meeting is None else day(meeting))


def visited(number: int, **fields: object) -> VisitMade:
    """Return a visit, so many days on."""
    return VisitMade(on=day(number), location=VisitLocation.HOME, **fields)  # type: ignore[arg-type]


WEEK = value(1, "calendar-weeks")
FORTNIGHT = value(2, "calendar-weeks")

BORN = (Match("child-born"),)
