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
from cpplan.requirements import Atom, Requirement, Template
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
        first_on: the day of the side that has to come first; the earliest that counts.
        seen_first, seen_then: whether each side was seen.
        pending_since: the day of a first side that still waits for its other side.
        exercised: whether the history could have broken the requirement.
        broken_at: the number of the moment that broke it, counted from 0.
    """

    first_on: dt.date | None = None
    seen_first: bool = False
    seen_then: bool = False
    pending_since: dt.date | None = None
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


class Monitor:
    """The automaton of one requirement."""

    def __init__(self, requirement: Requirement, calendar: Calendar) -> None:
        """Watch for one requirement; the calendar is for its times."""
        self.requirement = requirement
        self.calendar = calendar
        self._step: _Step = _STEPS[requirement.template]

    def judge(self, moments: Sequence[Moment]) -> Finding:
        """Return the verdict on a whole history."""
        memory = Memory()
        for number, moment in enumerate(moments):
            memory = self.step(memory, number, moment)
            if memory.broken_at is not None:
                return Finding(self.requirement, Verdict.BROKEN, memory.broken_at)
        verdict = Verdict.HELD if memory.exercised else Verdict.NOT_EXERCISED
        return Finding(self.requirement, verdict)

    def step(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """Return what is remembered after one more moment."""
        if not moment.recorded:
            return self._attempted(memory, moment)
        memory = self._step(self, memory, number, moment)
        if is_ended(moment.after) and not is_ended(moment.before):
            memory = self._ended(memory, number)
        return memory

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

    def _ended(self, memory: Memory, number: int) -> Memory:
        template = self.requirement.template
        if template is Template.EXISTENCE:
            missing = None if memory.seen_first else number
            return attrs.evolve(memory, exercised=True, broken_at=missing)
        if template in _RESPONDING and memory.pending_since is not None:
            return attrs.evolve(memory, broken_at=number)
        return memory

    def existence(self, memory: Memory, _: int, moment: Moment) -> Memory:
        """The first side occurs in every history that ends."""
        if self.seen(self.requirement.first, moment) is not None:
            return attrs.evolve(memory, seen_first=True)
        return memory

    def absence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The first side never occurs."""
        first = self.requirement.first
        if self.seen(first, moment) is not None:
            return attrs.evolve(memory, exercised=True, broken_at=number)
        entered = any(
            moment.after in one.enters and moment.after != moment.before
            for one in first.alternatives
        )
        return attrs.evolve(memory, exercised=memory.exercised or entered)

    def precedence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The later side occurs only after the first, and not before its time."""
        then = self.seen(self.requirement.then, moment)
        if then is not None:
            wrong = None if self._in_time(memory.first_on, then) else number
            memory = attrs.evolve(memory, exercised=True, broken_at=wrong)
        first = self.seen(self.requirement.first, moment)
        if first is not None:
            earliest = first if memory.first_on is None else min(first, memory.first_on)
            memory = attrs.evolve(memory, first_on=earliest)
        return memory

    def alternate_precedence(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """As precedence, with a first side of its own for each later side."""
        after = self.precedence(memory, number, moment)
        if self.seen(self.requirement.then, moment) is not None:
            fresh = self.seen(self.requirement.first, moment)
            return attrs.evolve(after, first_on=fresh)
        return after

    def response(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """The first side is followed by the later one, within its time."""
        if memory.pending_since is not None:
            then = self.seen(self.requirement.then, moment)
            within = self.requirement.within
            if within is not None:
                last = within.after(memory.pending_since, self.calendar)
                if moment.event.on > last:
                    return attrs.evolve(memory, broken_at=number)
            if then is not None:
                memory = attrs.evolve(memory, pending_since=None)
        first = self.seen(self.requirement.first, moment)
        if first is not None:
            since = memory.pending_since or first
            memory = attrs.evolve(memory, pending_since=since, exercised=True)
        return memory

    def succession(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """Precedence and response together."""
        before = self.precedence(memory, number, moment)
        return before if before.broken_at is not None else self.response(before, number, moment)

    def not_succession(self, memory: Memory, number: int, moment: Moment) -> Memory:
        """After the first side the later one never occurs."""
        if memory.seen_first and self.seen(self.requirement.then, moment) is not None:
            return attrs.evolve(memory, broken_at=number)
        if self.seen(self.requirement.first, moment) is not None:
            return attrs.evolve(memory, seen_first=True, exercised=True)
        return memory

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

    def _in_time(self, first: dt.date | None, then: dt.date) -> bool:
        if first is None:
            return False
        one = self.requirement
        if one.after is not None and then <= one.after.after(first, self.calendar):
            return False
        if one.not_before is not None and then < one.not_before.after(first, self.calendar):
            return False
        return one.within is None or then <= one.within.after(first, self.calendar)


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

_RESPONDING = (Template.RESPONSE, Template.SUCCESSION)

_STEPS: dict[Template, _Step] = {
    Template.EXISTENCE: Monitor.existence,
    Template.ABSENCE: Monitor.absence,
    Template.PRECEDENCE: Monitor.precedence,
    Template.ALTERNATE_PRECEDENCE: Monitor.alternate_precedence,
    Template.RESPONSE: Monitor.response,
    Template.SUCCESSION: Monitor.succession,
    Template.NOT_SUCCESSION: Monitor.not_succession,
    Template.NOT_CO_EXISTENCE: Monitor.not_co_existence,
}
