"""Living a plan: day by day, what is due is done on its last day, and what opens a duty happens.

A greedy search. What it finds is lawful and is shown by the kernel; that it finds no history for a
duty proves nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator, Sequence

import attrs

from cpplan import Plan, Procedure
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.rules import Edge
from cpplan.states import RETURNING, REVIEW
from cpplan_docs.last_days.judging import at_last, harm, has_last_moment
from cpplan_docs.last_days.making import Maker, fits, only_agreed
from cpplan_docs.last_days.meeting import happened, meeting
from cpplan_docs.last_days.now import LAST, Now
from cpplan_docs.last_days.opening import ARRANGED, opened, opening, reaching
from cpplan_sim.proving.prover import witness
from cpplan_sim.taking import FIRST_DAY

ONE_DAY = dt.timedelta(days=1)

PATIENCE = dt.timedelta(days=60)
"""How long a plan goes on with nothing new, when no duty still to be shown has a day to come."""

AGAIN = dt.timedelta(days=7)
"""How long it is before what could not be brought about is tried again."""


@attrs.frozen
class Lived:
    """A plan that was lived, and the duties that it shows met at the last moment."""

    plan: Plan
    shown: frozenset[str]


def lives(procedure: Procedure) -> Iterator[Lived]:
    """Yield plans that together show as many duties as were found met at the last moment.

    The first keeps to the procedure's own figures. Each that follows is lived for a duty that none
    before it shows.
    """
    dated = [duty.id for duty in procedure.duties.values() if has_last_moment(duty)]
    own = [name for name in dated if not only_agreed(procedure.duties[name])]
    first = _Life(procedure, own or dated).lived()
    if first.shown:
        yield first
    shown = set(first.shown)
    for name in dated:
        if name not in shown:
            left = [name, *(other for other in dated if other not in shown and other != name)]
            lived = _Life(procedure, left, _way_to(procedure, procedure.duties[name])).lived()
            if name in lived.shown:
                shown |= lived.shown
                yield lived


def _way_to(procedure: Procedure, duty: Duty) -> tuple[Edge, ...]:
    """Return the rules of a shortest history that opens a duty."""
    found = witness(procedure, lambda edge: any(fits(edge, match) for match in duty.opens))
    plan = Plan.rebuild(procedure, [moment.event for moment in found.history])
    return tuple(entry.edge for entry in plan.history)


class _Life:
    """One plan, lived for some duties.

    With a way to go, it is lived for the first of them: it goes that way, and stops once that is
    shown.
    """

    def __init__(
        self, procedure: Procedure, wanted: Sequence[str], way: Sequence[Edge] = ()
    ) -> None:
        self.wanted = tuple(wanted)
        self.maker = Maker(procedure, frozenset(wanted))
        self.plan = Plan(procedure)
        self.on = FIRST_DAY
        self.way = deque(way)
        self.only = wanted[0] if way else None
        self.arranged: list[tuple[dt.date, str]] = []
        self.stuck_on = dt.date.min
        self.new_on = FIRST_DAY

    def lived(self) -> Lived:
        while self.on <= LAST and not self.plan.ended and self._goes_on():
            self._do_what_is_due()
            if self.plan.procedure.calendar.is_working_day(self.on):
                self._let_something_happen()
                self._do_what_is_due()
            self.on += ONE_DAY
        return Lived(self.plan, self._shown())

    def _now(self) -> Now:
        shown = self._shown()
        left = tuple(name for name in self.wanted if name not in shown)
        return Now(self.maker, self.plan, self.on, left)

    def _shown(self) -> frozenset[str]:
        return frozenset(one.duty.id for one in self.plan.obligations if at_last(self.plan, one))

    def _goes_on(self) -> bool:
        now = self._now()
        if not now.left or (self.only is not None and self.only not in now.left):
            return False
        waits = any(one.duty.id in now.left and now.to_come(one) for one in now.open)
        return waits or self.on - self.new_on < PATIENCE

    def _take(self, plan: Plan) -> None:
        for entry in plan.history[len(self.plan.history) :]:
            self._arrange(entry.event)
        self.plan = plan

    def _arrange(self, event: Event) -> None:
        """Remember the day that an event fixes for another."""
        kind = ARRANGED.get(event.kind)
        day = getattr(event, "scheduled_for", None) or getattr(event, "new_date", None)
        if kind is not None and day is not None:
            self.arranged.append((day, kind))

    def _do_what_is_due(self) -> None:
        done: Plan | None = self.plan
        while done is not None:
            self._take(done)
            now = self._now()
            met = filter(None, (meeting(now, one) for one in now.due))
            done = next(met, None) or self._as_arranged(now) or self._decided(now)

    def _as_arranged(self, now: Now) -> Plan | None:
        """Return the plan after what was arranged for today, if it has not happened yet."""
        for day, kind in [one for one in self.arranged if one[0] <= self.on]:
            self.arranged.remove((day, kind))
            if all(e.on != self.on or e.kind != kind for e in self.plan.events):
                found = now.least(happened(now, Match(kind), {}))
                if found is not None:
                    return found
        return None

    def _decided(self, now: Now) -> Plan | None:
        """Return the plan after what a review that sits decides: that it goes on."""
        if self.plan.state != REVIEW or self.way:
            return None
        edges = self.plan.procedure.edges_from(REVIEW)
        on = [edge for edge in edges if edge.target in RETURNING[REVIEW]]
        made = (self.maker.after(self.plan, edge, self.on, {}) for edge in on)
        return now.least(plan for plan in made if plan is not None)

    def _let_something_happen(self) -> None:
        if self.way:
            self._go_on_the_way()
        elif self.on >= self.stuck_on + AGAIN:
            now = self._now()
            found = opening(now) or reaching(now)
            if found is None:
                self.stuck_on = self.on
            else:
                self.new_on = self.on
                self._take(found)

    def _go_on_the_way(self) -> None:
        """Follow the way to what opens a duty, until the state changes or it leads no further."""
        state = self.plan.state
        while self.way and self.plan.state == state:
            plan = self._on_the_way(self.way.popleft())
            if plan is None:
                self.way.clear()
            else:
                self._take(plan)

    def _on_the_way(self, edge: Edge) -> Plan | None:
        now = self._now()
        if not self.way:
            duty = self.plan.procedure.duties[self.wanted[0]]
            opening_it = next(opened(now, self.plan, duty), None)
            if opening_it is not None:
                return opening_it
        plan = self.maker.after(self.plan, edge, self.on, {})
        return None if plan is not None and harm(self.plan, plan, ()).failed else plan
