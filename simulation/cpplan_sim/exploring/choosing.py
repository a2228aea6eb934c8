"""Choosing one event: by a manner, a number, and what is preferred.

A manner says what sort of attempt it is: one that should be recorded, one that lacks something, one
that comes too early, out of order or where it does not belong, or one that brings a duty nearer to
a status that is seldom seen. Most manners fall back on the first where they find nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import attrs

from cpplan import Plan
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.obligations import Obligation, Status
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.exploring.days import FIRST_DAY, LAST_DAY
from cpplan_sim.exploring.making import Making, on_another_day
from cpplan_sim.exploring.naive_dates import ONE_DAY
from cpplan_sim.exploring.steering import Goal, Steering, weighed
from cpplan_sim.exploring.table import Table, ends

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Choice:
    """The choice of one event.

    Attributes:
        plan: the plan as it stands.
        on: the day, unless something has to be waited for.
        number: from 0 up to 1: which of what is possible.
        ending: whether it may end the plan.
        goal: the duty and status that its history makes for.
        table: what states and steps allow.
        steering: what to prefer.
        rng: decides what nothing asks for.
        roles: whom to choose from where nobody is wanted.
    """

    plan: Plan
    on: dt.date
    number: float
    ending: bool
    goal: Goal | None
    table: Table
    steering: Steering
    rng: random.Random
    roles: Sequence[Role]

    def legal(self) -> Event | None:
        """Return an event for which steps and days are ready, made to say what it must."""
        ready = self._ready(self.on)
        if not ready:
            return None
        weights = [self.steering.of_edge(one, self.plan.steps, ending=self.ending) for one in ready]
        return self._made().legal(weighed(ready, weights, self.number))

    def lacking(self) -> Event | None:
        """Return an event with a need unmet: by its fields, or by coming where and when it does."""
        routed = self.table.enabled(self.plan).routed
        pairs = [(edge, need) for edge in routed for need in edge.rule.needs]
        if not pairs:
            return self.legal()
        weights = [self.steering.codes[need.code] for _, need in pairs]
        return self._made().lacking(*weighed(pairs, weights, self.number))

    def elsewhere(self) -> Event | None:
        """Return an event of any rule, whatever state that is for."""
        edges = self.table.procedure.edges if self.ending else self.table.going_on
        return self._made().legal(_at(edges, self.number))

    def anything(self) -> Event | None:
        """Return an event of any kind, for which there may be no rule."""
        kinds = self.table.kinds if self.ending else self.table.kinds_going_on
        return self._made().anything(_at(kinds, self.number))

    def out_of_order(self) -> Event | None:
        """Return an event that could be recorded today, on a day before."""
        event = self.legal()
        back = ONE_DAY * self.rng.randint(1, 40)
        return on_another_day(event, max(FIRST_DAY, self.on - back)) if event else None

    def at_the_earliest(self) -> Event | None:
        """Return an event on the first day on which its period has run, or on the day before."""
        waiting = [
            (edge, day)
            for edge, day in self.table.enabled(self.plan).first_days(self.plan)
            if self.on < day <= LAST_DAY and (self.ending or not ends(edge))
        ]
        if not waiting:
            return self.legal()
        edge, day = _at(waiting, self.number)
        return self._made(day - ONE_DAY * self.rng.randrange(2)).legal(edge)

    def for_a_duty(self) -> Event | None:
        """Return an event that brings a duty nearer to a status: the history's goal, or any."""
        if self.goal is None:
            return self.legal()
        duty, status = self.goal if self.number < 0.5 else self.steering.goal(2 * self.number - 1)
        waiting = [
            one for one in self.plan.obligations if one.duty.id == duty.id and one.outcome is None
        ]
        if waiting:
            found = self._towards(duty, status, waiting[0])
        else:
            found = self._fitting((*duty.opens, *duty.expected), self.on)
        return found or self.legal()

    def _towards(self, duty: Duty, status: Status, one: Obligation) -> Event | None:
        """Return what brings an open obligation to a status, once time has passed as that asks."""
        over = (*duty.due_at, *duty.until)
        if status in (Status.MISSED, Status.LAPSED) or (over and self.rng.random() < 0.2):
            on = self._waited(one, late=status is Status.MISSED)
            return self._fitting(over, on) if over else self._end(on)
        on = self._waited(one, late=status in (Status.MET_LATE, Status.OVERDUE))
        named = {duty.for_field: one.anchor} if duty.for_field and one.anchor else {}
        return self._fitting(duty.met_by, on, named)

    def _waited(self, one: Obligation, *, late: bool) -> dt.date:
        """Return the last day of what is owed, or the day after, if it is still to come."""
        if one.due_on is None:
            return self.on
        return min(max(self.on, one.due_on + ONE_DAY * late), LAST_DAY)

    def _end(self, on: dt.date) -> Event | None:
        """Return an event that ends the plan, if one can and may."""
        last = [edge for edge in self._ready(on) if ends(edge)] if self.ending else []
        return self._made(on).legal(self.rng.choice(last)) if last else None

    def _fitting(
        self, matches: Sequence[Match], on: dt.date, more: Mapping[str, object] | None = None
    ) -> Event | None:
        """Return an event that fits a match, by a rule that lets it through if there is one."""
        if not matches:
            return None
        match = self.rng.choice(matches)
        fitting = [
            edge
            for edge in self._ready(on)
            if edge.rule.match.event == match.event and (self.ending or not ends(edge))
        ]
        return self._made(on).legal(self.rng.choice(fitting), match, more) if fitting else None

    def _ready(self, on: dt.date) -> list[Edge]:
        return self.table.enabled(self.plan).ready(self.plan, on)

    def _made(self, on: dt.date | None = None) -> Making:
        unsaid = _left_out(self.goal)
        return Making(self.plan, on or self.on, self.rng, self.roles, unsaid)


Manner = Callable[[Choice], Event | None]

MANNERS: tuple[Manner, ...] = (
    *[Choice.legal] * 9,
    *[Choice.for_a_duty] * 5,
    *[Choice.lacking] * 3,
    Choice.elsewhere,
    Choice.out_of_order,
    Choice.at_the_earliest,
    Choice.anything,
)
"""The manners, each as often as it is to be had."""


def _left_out(goal: Goal | None) -> frozenset[tuple[str, str]]:
    """Return the fields that a history leaves out, so that a duty's day can't be known."""
    if goal is None or goal[1] is not Status.UNDECIDABLE:
        return frozenset()
    duty = goal[0]
    dating = [(one.event, one.on_field) for one in duty.opens if one.on_field]
    return frozenset([*((one.event, one.field) for one in duty.agreed), *dating])


def _at(items: Sequence[T], number: float) -> T:
    return items[int(number * len(items))]
