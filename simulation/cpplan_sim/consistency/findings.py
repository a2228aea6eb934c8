"""What an examination found: values, and the same as plain data for machines.

Holds no judgement of its own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from cpplan import Procedure
from cpplan.clauses import Strength
from cpplan.codec import event_to_dict
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan_sim.consistency.judging import Certainty, Squeezed
from cpplan_sim.consistency.networks import Bound, Side


@attrs.frozen
class Contradiction:
    """Duties that can't be met in time, alone or together, after one opening.

    Attributes:
        certainty: from no start date, or only from some.
        duties: the duties whose due dates stand in it.
        opening: the kind of event that opens them.
        states: the states in which it does.
        first: whether it holds when they are opened for a first time, or each time they go on.
        ways: for each way that the rules leave, the bounds that can't be kept together; of the
            same set of clauses only one is kept.
        on: a start date from which they can't be met.
        squeezed: what the dates are then, for the first way.
        failing, tried: from how many start dates of how many; 0 of 0 where the worst cases of the
            units settle it for all.
        history: events that the kernel took, of which the last opens the duties on ``on``.
        due: the due dates that the kernel then gave.
    """

    certainty: Certainty
    duties: tuple[Duty, ...]
    opening: str
    states: tuple[str, ...]
    first: bool
    ways: tuple[tuple[Bound, ...], ...]
    on: dt.date | None
    squeezed: Squeezed | None
    failing: int
    tried: int
    history: tuple[Event, ...] = ()
    due: tuple[tuple[str, dt.date | None], ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it is one duty that can't be met, given the earliest dates of its steps."""
        return len(self.duties) == 1

    @property
    def optional(self) -> bool:
        """Whether one of the duties is a mere permission, which nobody has to take up."""
        return any(duty.strength is Strength.MAY for duty in self.duties)


@attrs.frozen
class Margin:
    """A duty, and how much of its time is left when all that has to come first is done at once.

    Attributes:
        duty: which.
        openings: the kinds of event that open it, as far as it was examined.
        waits: the bounds that put off what meets it; empty if it can be met on the same day.
        days: the fewest days between the first day on which it can be met and its due date, over
            all start dates; negative if it can't be met in time from one. ``None`` where it is
            counted from a day that people choose and nothing puts it off.
        on: the day it is counted from in that case; ``None`` if the worst case of the unit tells.
    """

    duty: Duty
    openings: tuple[str, ...]
    waits: tuple[Bound, ...]
    days: int | None
    on: dt.date | None


@attrs.frozen
class Counts:
    """How much was examined.

    Attributes:
        duties: the duties of the procedure.
        dated: those with a due date that can be counted.
        unstated: those whose source gives no time, or only an event or a number of them.
        unchosen: those whose figure somebody has to choose first.
        openings: the openings looked at: an edge, and the duties that one event opens by it.
        networks: the networks judged.
        limits: due dates in them, each duty counted once for each opening.
        waits: periods in them that put something off, counted likewise.
        orders: orders of events in them, counted likewise.
        pairs: pairs of duties held against each other in one network, one at least with a date.
        by_date: networks that the worst cases left open, tried from each start date.
        dates: start dates in the calendar's table.
    """

    duties: int
    dated: int
    unstated: int
    unchosen: int
    openings: int = 0
    networks: int = 0
    limits: int = 0
    waits: int = 0
    orders: int = 0
    pairs: int = 0
    by_date: int = 0
    dates: int = 0


@attrs.frozen
class Consistency:
    """What the examination of one procedure found.

    Attributes:
        procedure: which.
        contradictions: what can't be met together, or at all.
        margins: each dated duty that was examined.
        undecided: what could not be told, in sentences.
        counts: how much was examined.
    """

    procedure: Procedure
    contradictions: tuple[Contradiction, ...]
    margins: tuple[Margin, ...]
    undecided: tuple[str, ...]
    counts: Counts

    @property
    def passed(self) -> bool:
        """Whether something was examined, all of it was decided, and nothing contradicts.

        What a mere permission stands in is told and does not fail.
        """
        binding = any(not one.optional for one in self.contradictions)
        return bool(self.counts.limits) and not binding and not self.undecided

    @property
    def never_in_time(self) -> tuple[Contradiction, ...]:
        """The duties that can't be met in time given the earliest dates of what they need."""
        return tuple(one for one in self.contradictions if one.alone)

    def __str__(self) -> str:
        """Return the whole in a line."""
        counts = self.counts
        told = (
            f"{self.procedure.name}: {counts.dated} dated duties of {counts.duties},"
            f" {counts.pairs} pairs, {counts.dates} start dates of"
            f" {self.procedure.calendar.jurisdiction}"
        )
        if not counts.limits:
            return f"{told}: nothing was examined"
        together = len(self.contradictions) - len(self.never_in_time)
        return (
            f"{told}: {together} contradictions, {len(self.never_in_time)} never in time,"
            f" {len(self.undecided)} undecided"
        )


def as_data(found: Consistency) -> dict[str, Any]:
    """Return what was found as plain data, for machines."""
    procedure = found.procedure
    return {
        "procedure": procedure.name,
        "edition": procedure.edition,
        "digest": procedure.digest,
        "filled": dict(procedure.filled),
        "calendar": {
            "jurisdiction": procedure.calendar.jurisdiction,
            "first": procedure.calendar.first.isoformat(),
            "last": procedure.calendar.last.isoformat(),
        },
        "passed": found.passed,
        "examined": attrs.asdict(found.counts),
        "contradictions": [_contradiction(procedure, one) for one in found.contradictions],
        "margins": [_margin(procedure, one) for one in found.margins],
        "undecided": list(found.undecided),
    }


def _contradiction(procedure: Procedure, one: Contradiction) -> dict[str, Any]:
    return {
        "certainty": one.certainty.value,
        "alone": one.alone,
        "optional": one.optional,
        "duties": [{"duty": d.id, "strength": d.strength.value} for d in one.duties],
        "opening": one.opening,
        "states": list(one.states),
        "first": one.first,
        "ways": [[_bound(procedure, bound) for bound in way] for way in one.ways],
        "on": _day(one.on),
        "earliest": _day(one.squeezed.earliest) if one.squeezed else None,
        "latest": _day(one.squeezed.latest) if one.squeezed else None,
        "start-dates": {"failing": one.failing, "tried": one.tried},
        "history": [event_to_dict(event) for event in one.history],
        "due": {name: _day(day) for name, day in one.due},
    }


def _margin(procedure: Procedure, one: Margin) -> dict[str, Any]:
    return {
        "duty": one.duty.id,
        "strength": one.duty.strength.value,
        "openings": list(one.openings),
        "waits": [_bound(procedure, bound) for bound in one.waits],
        "days": one.days,
        "on": _day(one.on),
    }


def _bound(procedure: Procedure, bound: Bound) -> dict[str, Any]:
    return {
        "says": bound.says,
        "side": bound.side.value,
        "at-least-days": bound.shortest,
        "at-most-days": bound.longest,
        "duty": bound.duty,
        "rule": bound.rule,
        "cites": [
            {"clause": name, "strength": strength_of(procedure, name)} for name in bound.cites
        ],
    }


def strength_of(procedure: Procedure, clause: str) -> str:
    """Return how far a clause binds; empty for one that is not in the procedure's sources."""
    found = procedure.clauses.get(clause)
    return "" if found is None else found.strength.value


def sums(way: tuple[Bound, ...]) -> tuple[int, int]:
    """Return the most days that the limits of a conflict allow, and the fewest that it needs.

    Each length is taken at its best in the table, so the needed may still be fewer: then it is
    only the days of one start date that clash.
    """
    allowed = sum(bound.longest for bound in way if bound.side is Side.AT_MOST)
    needed = sum(bound.shortest for bound in way if bound.side is Side.AT_LEAST)
    return allowed, needed


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
