"""Dueness: one history under two procedures, and the days on which they have one duty due.

For each duty that both have and fix otherwise: the shortest history that opens it in either, on the
first day from which the two come to different days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from cpplan import Procedure
from cpplan.duties import Duty, Limit
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.obligations import Obligation
from cpplan.rules import Edge
from cpplan_sim.differing.pairing import Link
from cpplan_sim.differing.pathfinding import Goal, Pathfinder
from cpplan_sim.differing.substance import substance
from cpplan_sim.monitors import Moment
from cpplan_sim.plainly import plainly
from cpplan_sim.taking import FIRST_DAY, retold

DAYS = 366
"""Days from the first on which a history is begun, if working days, until the two differ."""

FIXING = ("limit", "value", "opens", "expected", "agreed")
"""What of a duty decides when it is owed and due."""


@attrs.frozen
class Due:
    """One duty under two procedures after one history.

    Attributes:
        duty: its name.
        one, other: as each procedure has it.
        events: the shortest history that opens it in either; none if none was found.
        owed_one, owed_other: what is owed after it under each; ``None`` if nothing is.
        why: why no history is told, or that none of those tried gives different days.
    """

    duty: str
    one: Duty
    other: Duty
    events: tuple[Event, ...] = ()
    owed_one: Obligation | None = None
    owed_other: Obligation | None = None
    why: str = ""

    @property
    def apart(self) -> bool:
        """Whether the history shows a difference."""
        return _seen(self.owed_one) != _seen(self.owed_other)


def due_apart(one: Procedure, other: Procedure, finder: Pathfinder) -> tuple[Due, ...]:
    """Return the duties that both have and fix otherwise, each with a history that shows it.

    Args:
        one: a procedure.
        other: another.
        finder: of the pair of the two.
    """
    shared = [name for name in one.duties if name in other.duties]
    return tuple(
        _Showing(one, other, finder, name).due() for name in shared if _unlike(one, other, name)
    )


def _unlike(one: Procedure, other: Procedure, name: str) -> bool:
    ours, theirs = one.duties[name], other.duties[name]
    fixed = [getattr(ours, field) for field in FIXING], [getattr(theirs, f) for f in FIXING]
    by_calendar = one.calendar != other.calendar and _counted(ours) and _counted(theirs)
    return by_calendar or substance(fixed[0]) != substance(fixed[1])


def _counted(duty: Duty) -> bool:
    """Return whether a calendar decides when a duty is due."""
    return duty.value is not None and duty.value.in_force == "working-days"


@attrs.frozen
class _Showing:
    one: Procedure
    other: Procedure
    finder: Pathfinder
    name: str

    def due(self) -> Due:
        ours, theirs = self.one.duties[self.name], self.other.duties[self.name]
        found = Due(self.name, ours, theirs)
        way = self.finder.find(self._opens, self._said)
        if not way.events:
            return attrs.evolve(found, why=way.why or "nothing that both allow opens it")
        first = self._after(way.events)
        if first.apart:
            return self._plainer(first)
        for start in self._starts(first):
            way = self.finder.find(self._opens, self._said, start)
            later = self._after(way.events)
            if later.apart:
                return self._plainer(later)
        return attrs.evolve(self._plainer(first), why=_alike_why(first))

    @property
    def _said(self) -> Sequence[Match]:
        duties = self.one.duties[self.name], self.other.duties[self.name]
        return [match for duty in duties for match in (*duty.opens, *duty.expected)]

    @property
    def _opens(self) -> Goal:
        return lambda link: not link.parting and any(_may_open(m, link) for m in self._said)

    def _after(self, events: tuple[Event, ...]) -> Due:
        """Return what is owed under both when the last of some events has been recorded."""
        owed = self._owed(self.one, events), self._owed(self.other, events)
        ours, theirs = self.one.duties[self.name], self.other.duties[self.name]
        return Due(self.name, ours, theirs, events, owed[0], owed[1])

    def _owed(self, procedure: Procedure, events: Sequence[Event]) -> Obligation | None:
        plan = retold(procedure, [Moment(event, True, "", "") for event in events])
        owed = [one for one in plan.obligations if one.duty.id == self.name and not one.outcome]
        return owed[-1] if owed else None

    def _plainer(self, found: Due) -> Due:
        def still(moments: Sequence[Moment]) -> bool:
            events = tuple(moment.event for moment in moments)
            plan = retold(self.other, moments)
            return plan.events == events and self._after(events).apart == found.apart

        told = plainly(self.one, [Moment(e, True, "", "") for e in found.events], still)
        return self._after(tuple(moment.event for moment in told))

    def _starts(self, found: Due) -> Iterator[dt.date]:
        """Yield working days from which a history might show a difference; three are tried."""
        ours, theirs = found.owed_one, found.owed_other
        if ours is None or theirs is None or ours.anchor is None or theirs.anchor is None:
            return
        tried = 0
        for days in range(1, DAYS):
            by = dt.timedelta(days=days)
            one = _due_on(ours, self.one, by)
            working = self.one.calendar.is_working_day(FIRST_DAY + by)
            if working and tried < 3 and one != _due_on(theirs, self.other, by):
                tried += 1
                yield FIRST_DAY + by


def _alike_why(found: Due) -> str:
    """Return why no difference is told of a duty that is owed alike."""
    owed = [one for one in (found.owed_one, found.owed_other) if one is not None]
    if owed and all(one.due_on is None and not one.undecidable for one in owed):
        return "neither gives it a day"
    return f"no difference found on a working day within {DAYS} days from {FIRST_DAY}"


def _may_open(match: Match, link: Link) -> bool:
    return any(_takes(match, edge) for edge in (link.allowing, link.refusing) if edge)


def _takes(match: Match, edge: Edge) -> bool:
    kind = edge.rule.match.event
    return match.event == kind and (
        not match.takes or any(one.step == match.takes for one in edge.sets)
    )


def _due_on(owed: Obligation, procedure: Procedure, later: dt.timedelta) -> dt.date | None:
    """Return when a duty would be due if all had been so many days later."""
    value = owed.duty.value
    if owed.due_on is None or value is None or value.amount is None or owed.anchor is None:
        return None
    amount = -value.amount if owed.duty.limit is Limit.BEFORE else value.amount
    return value.after(owed.anchor + later, procedure.calendar, amount)


def _seen(owed: Obligation | None) -> object:
    return None if owed is None else (owed.due_on, owed.undecidable)
