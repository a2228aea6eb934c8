"""Monitors: judge a history by what a procedure requires, knowing nothing of its rules.

A monitor is a small automaton for one requirement. It sees moments: what was attempted, whether it
was recorded, and the states before and after. It must not import rules, needs or the engine: a
check derived from what it checks would prove nothing.

Templates: Pesic, Schonenberg and van der Aalst, "DECLARE: Full support for loosely-structured
processes" (EDOC 2007).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Sequence

import attrs

from cpplan.calendars import Calendar
from cpplan.events import Event
from cpplan.requirements import UNTIMED, Atom, Requirement, Template
from cpplan.states import is_ended


class Verdict(enum.StrEnum):
    """What a history says of a requirement."""

    HELD = "held"
    BROKEN = "broken"
    NOT_EXERCISED = "not exercised"


@attrs.frozen
class Moment:
    """One thing attempted in a case.

    Attributes:
        event: what was attempted.
        recorded: whether it was accepted.
        before: the state before.
        after: the state after; the same as before if it was refused.
    """

    event: Event
    recorded: bool
    before: str
    after: str


@attrs.frozen
class Memory:
    """What a monitor remembers of a history.

    Attributes:
        first_days: the days of the first sides that a later side may be counted from.
        seen_first, seen_then: whether each side was seen.
        pending: the days of the first sides that still wait for their other side.
        wanted: the list of the latest first side, where the later one has to hold it.
        exercised: whether the history could have broken the requirement.
        broken_at: the number of the moment that broke it, counted from 0.
    """

    first_days: frozenset[dt.date] = frozenset()
    seen_first: bool = False
    seen_then: bool = False
    pending: frozenset[dt.date] = frozenset()
    wanted: frozenset[object] = frozenset()
    exercised: bool = False
    broken_at: int | None = None


@attrs.frozen
class Finding:
    """A monitor's verdict on one history, and the moment that broke the requirement if one did."""

    requirement: Requirement
    verdict: Verdict
    broken_at: int | None = None


def judge(
    requirements: Iterable[Requirement], moments: Sequence[Moment], calendar: Calendar
) -> tuple[Finding, ...]:
    """Return what a history says of each requirement."""
    return tuple(Monitor(one, calendar).judge(moments) for one in requirements)


class UntimedTemplateError(ValueError):
    """A requirement gives a time to a template that has no two sides in an order."""


class Monitor:
    """The automaton of one requirement.

    One moment is never its own other side: "before" and "after" mean an earlier and a later moment,
    which may be of the same day.
    """

    def __init__(self, requirement: Requirement, calendar: Calendar) -> None:
        """Watch for one requirement; the calendar is for its times.

        Raises:
            UntimedTemplateError: it has a time, and its template can't have one.
        """
        timed = requirement.after or requirement.not_before or requirement.within
        if timed and requirement.template in UNTIMED:
            raise UntimedTemplateError(
                f"{requirement.id}: {requirement.template} has no time between two sides;"
                " take out after, not-before and within"
            )
        self.requirement = requirement
        self.calendar = calendar
        self._step: _Step = _STEPS[requirement.template]
        sides = (requirement.first, requirement.then, requirement.until)
        atoms = [one for side in sides if side is not None for one in side.alternatives]
        self._kinds = frozenset(one.match.event for one in atoms if one.match is not None)
        waits = requirement.template in (Template.RESPONSE, Template.SUCCESSION)
        always = any(not (one.match or one.enters or one.leaves) for one in atoms)
        self._lapses = always or (waits and requirement.within is not None)

    def judge(self, moments: Sequence[Moment]) -> Finding:
        """Return the verdict on a whole history."""
        memory = Memory()
        for number, moment in enumerate(moments):
            if self.is_idle(moment):
                continue
            memory = self.step(memory, number, moment)
            if memory.broken_at is not None:
                return Finding(self.requirement, Verdict.BROKEN, memory.broken_at)
        verdict = Verdict.HELD if memory.exercised else Verdict.NOT_EXERCISED
        return Finding(self.requirement, verdict)

    def is_idle(self, moment: Moment) -> bool:
        """Return whether a moment can't change what is remembered: most of a history can't.

        A moment that enters or leaves no state shows a side only by its event; else it matters
        only to a monitor that waits for a day to pass.
        """
        moved = moment.after != moment.before
        return not (moved or self._lapses or moment.event.kind in self._kinds)

    def step(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """Return what is remembered after one more moment."""
        if not moment.recorded:
            return self._attempted(memory, moment)
        return self._step(self, memory, number, moment)

    def seen(self, atom: Atom | None, moment: Moment) -> dt.date | None:
        """Return the day on which a moment shows an atom; ``None`` if it does not."""
        if atom is None:
            return None
        for one in atom.alternatives:
            day = _shown(one, moment)
            if day is not None:
                return day
        return None

    def _attempted(self, memory: Memory, moment: Moment) -> Memory:
        """Note a refused attempt at what must never be: the requirement was put to the test."""
        forbidden = self.requirement.first
        if self.requirement.template is not Template.ABSENCE or memory.exercised:
            return memory
        tried = any(
            one.match is not None and one.match.matches(moment.event)
            for one in forbidden.alternatives
        )
        return attrs.evolve(memory, exercised=True) if tried else memory

    def existence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The first side occurs in every history that ends, before the end or with it."""
        seen = memory.seen_first or self.seen(self.requirement.first, moment) is not None
        if _ends(moment):
            missing = None if seen else number
            return attrs.evolve(memory, seen_first=seen, exercised=True, broken_at=missing)
        return attrs.evolve(memory, seen_first=seen)

    def absence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The first side never occurs."""
        first = self.requirement.first
        if self.seen(first, moment) is not None:
            return attrs.evolve(memory, exercised=True, broken_at=number)
        entered = any(
            moment.after in one.enters and moment.after != moment.before
            for one in first.alternatives
        )
        return attrs.evolve(memory, exercised=True) if entered else memory

    def precedence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The later side occurs only after a first side, and in time from one of those."""
        then = self.seen(self.requirement.then, moment)
        if then is not None:
            in_time = any(self._in_time(first, then) for first in memory.first_days)
            right = in_time and self._covered(memory, moment)
            memory = attrs.evolve(memory, exercised=True, broken_at=None if right else number)
        first = self._first_day(moment)
        if not first:
            return memory
        covers = self.requirement.covers
        wanted = covers.wanted(moment.event) if covers is not None else frozenset[object]()
        return attrs.evolve(memory, first_days=memory.first_days | first, wanted=wanted)

    def alternate_precedence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """As precedence, with a first side of its own for each later side."""
        after = self.precedence(memory, number, moment)
        if self.seen(self.requirement.then, moment) is not None:
            return attrs.evolve(after, first_days=self._first_day(moment))
        return after

    def response(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The first side is followed by the later one in time, and before the plan has ended.

        One later side answers every first side before it that it is in time for. A first side that
        comes with the end or after it is held to its time alone.
        """
        pending = memory.pending
        then = self.seen(self.requirement.then, moment)
        if then is not None:
            pending = frozenset(first for first in pending if not self._in_time(first, then))
        wrong = (pending and _ends(moment)) or any(
            self._too_late(first, moment.event.on) for first in pending
        )
        first = self._first_day(moment)
        return attrs.evolve(
            memory,
            pending=pending | first,
            exercised=memory.exercised or bool(first),
            broken_at=number if wrong else None,
        )

    def succession(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """Precedence and response together."""
        before = self.precedence(memory, number, moment)
        return before if before.broken_at is not None else self.response(before, number, moment)

    def not_succession(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """After the first side the later one never occurs; with times, not at those times."""
        then = self.seen(self.requirement.then, moment)
        if then is not None and any(self._in_time(first, then) for first in memory.first_days):
            return attrs.evolve(memory, broken_at=number)
        first = self._first_day(moment)
        if not first:
            return memory
        return attrs.evolve(memory, first_days=memory.first_days | first, exercised=True)

    def not_co_existence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The two sides never occur in one history."""
        first = memory.seen_first or self.seen(self.requirement.first, moment) is not None
        then = memory.seen_then or self.seen(self.requirement.then, moment) is not None
        return attrs.evolve(
            memory,
            seen_first=first,
            seen_then=then,
            exercised=first or then,
            broken_at=number if first and then else None,
        )

    def not_until(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """After the first side the later one does not occur until the ban is lifted.

        What lifts the ban does so before its own moment is judged: the event that closes a
        difficulty may also be the one by which the plan goes on.
        """
        lifted = self.seen(self.requirement.until, moment) is not None
        banned = frozenset[dt.date]() if lifted else memory.first_days
        if banned and self.seen(self.requirement.then, moment) is not None:
            return attrs.evolve(memory, broken_at=number)
        first = self._first_day(moment)
        exercised = memory.exercised or bool(first)
        return attrs.evolve(memory, first_days=banned | first, exercised=exercised)

    def _first_day(self, moment: Moment) -> frozenset[dt.date]:
        """Return the day of the first side if a moment shows it, as a set to be joined."""
        first = self.seen(self.requirement.first, moment)
        return frozenset() if first is None else frozenset((first,))

    def _covered(self, memory: Memory, moment: Moment) -> bool:
        """Return whether the later side holds all of the list that it has to."""
        covers = self.requirement.covers
        return covers is None or covers.holds(memory.wanted, moment.event)

    def _in_time(self, first: dt.date, then: dt.date) -> bool:
        """Return whether the later side comes at a right time, counted from one first side."""
        one = self.requirement
        if one.after is not None and then <= one.after.after(first, self.calendar):
            return False
        if one.not_before is not None and then < one.not_before.after(first, self.calendar):
            return False
        return one.within is None or then <= one.within.after(first, self.calendar)

    def _too_late(self, first: dt.date, on: dt.date) -> bool:
        within = self.requirement.within
        return within is not None and on > within.after(first, self.calendar)


def _ends(moment: Moment) -> bool:
    return is_ended(moment.after) and not is_ended(moment.before)


def _shown(atom: Atom, moment: Moment) -> dt.date | None:
    if atom.match is not None and not atom.match.matches(moment.event):
        return None
    moved = moment.after != moment.before
    if atom.enters and not (moved and moment.after in atom.enters):
        return None
    if atom.leaves and not (moved and moment.before in atom.leaves):
        return None
    if atom.match is not None and atom.match.on_field:
        day = getattr(moment.event, atom.match.on_field)
        return day if isinstance(day, dt.date) else None
    return moment.event.on


_Step = Callable[[Monitor, Memory, int, Moment], Memory]

_STEPS: dict[Template, _Step] = {
    Template.EXISTENCE: Monitor.existence,
    Template.ABSENCE: Monitor.absence,
    Template.PRECEDENCE: Monitor.precedence,
    Template.ALTERNATE_PRECEDENCE: Monitor.alternate_precedence,
    Template.RESPONSE: Monitor.response,
    Template.SUCCESSION: Monitor.succession,
    Template.NOT_SUCCESSION: Monitor.not_succession,
    Template.NOT_CO_EXISTENCE: Monitor.not_co_existence,
    Template.NOT_UNTIL: Monitor.not_until,
}
