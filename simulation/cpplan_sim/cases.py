"""Synthetic cases: seeded random histories through the kernel, with illegal attempts mixed in.

A case heads for one ending and wanders on the way. Events are made to satisfy the rules so that
cases get far; the illegal ones leave out what a rule asks, come too early or in the wrong state.
Whether any of it was right is not judged here but by the monitors, which know nothing of this.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator

import attrs

from cpplan import Accepted, Plan, Procedure
from cpplan.events import Event
from cpplan.matching import AnyTest, FieldTest
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.refusals import unmet_beforehand
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan.states import ESCALATED, REVIEW, is_ended
from cpplan_sim.fabricating import ABSENT, GIVEN, fabricate
from cpplan_sim.monitors import Moment

LONGEST = 70
"""Attempts in a case. Longer ones show nothing new and cost more."""

ILLEGAL = 0.25
"""Share of attempts that are meant to be refused."""

SINGLE_MINDED = 0.8
"""Share of cases that keep off the steps that would close the way to their aim."""

FIRST_DAY = dt.date(2012, 1, 2)
LAST_DAY = dt.date(2028, 12, 29)
"""Cases begin between these days, well inside the calendars."""


@attrs.frozen
class Case:
    """One synthetic case.

    Attributes:
        seed: makes the same case again.
        plan: the plan at the end.
        moments: everything attempted, in order.
        refusals: how often each code was given.
    """

    seed: int
    plan: Plan
    moments: tuple[Moment, ...]
    refusals: Counter[str]

    @property
    def accepted(self) -> int:
        """How many attempts were recorded."""
        return sum(moment.recorded for moment in self.moments)

    @property
    def refused(self) -> int:
        """How many attempts were refused."""
        return len(self.moments) - self.accepted


def synthetic_case(procedure: Procedure, seed: int) -> Case:
    """Return one synthetic case, the same for the same procedure and seed."""
    return _Walk(procedure, seed).case()


def synthetic_cases(procedure: Procedure, count: int, seed: int = 0) -> Iterator[Case]:
    """Return ``count`` synthetic cases, with seeds counted up from ``seed``."""
    return (synthetic_case(procedure, seed + number) for number in range(count))


class _Walk:
    """One case in the making."""

    def __init__(self, procedure: Procedure, seed: int) -> None:
        self.procedure = procedure
        self.rng = random.Random(seed)
        self.seed = seed
        self.plan = Plan(procedure)
        self.moments: list[Moment] = []
        self.refusals: Counter[str] = Counter()
        self.on = FIRST_DAY + dt.timedelta(days=self.rng.randrange((LAST_DAY - FIRST_DAY).days))
        topics = sorted({rule.topic for rule in procedure.rules.values()})
        self.aim = self.rng.choice([t for t in topics if t.startswith("ending.")] or topics)
        self.roles = (Role.CHILDRENS_SOCIAL_CARE, *self.rng.sample(list(Role), 3))
        self.leaning = {name: self.rng.expovariate(1.0) for name in procedure.rules}
        self.shunned = self._shunned() if self.rng.random() < SINGLE_MINDED else frozenset()

    def case(self) -> Case:
        for _ in range(LONGEST):
            if is_ended(self.plan.state) and self.rng.random() < 0.5:
                break
            self.on += dt.timedelta(days=self._days())
            illegal = self.rng.random() < ILLEGAL
            event = self._illegal() if illegal else self._legal()
            if event is not None:
                self._attempt(event)
        return Case(self.seed, self.plan, tuple(self.moments), self.refusals)

    def _shunned(self) -> frozenset[str]:
        """Return the steps and states to keep off on the way to what the case aims at."""
        rules = [rule for rule in self.procedure.rules.values() if rule.topic == self.aim]
        barred = {n.step for rule in rules for n in rule.needs if isinstance(n, NoStepNeed)}
        ways_out = [rule for rule in rules if is_ended(rule.target)]
        detours = {s for s in (ESCALATED, REVIEW) if not any(s in r.sources for r in ways_out)}
        return frozenset(barred | detours) if ways_out else frozenset(barred)

    def _days(self) -> int:
        """Return how long until the next attempt: often none, mostly days, at times weeks."""
        if self.plan.state in ("before-plan", "review"):
            return self.rng.choice((0, 0, 0, 1, 3))
        return self.rng.choice((0, 0, 1, 1, 2, 3, 5, 7, 10, 16, 30))

    def _attempt(self, event: Event) -> None:
        before = self.plan.state
        decision = self.plan.record(event)
        if isinstance(decision, Accepted):
            self.plan = decision.plan
        else:
            self.refusals.update(decision.codes)
        recorded = isinstance(decision, Accepted)
        self.moments.append(Moment(event, recorded, before, self.plan.state))

    def _legal(self) -> Event | None:
        """Return an event for which steps and dates are ready, made to hold what it must."""
        ready = [
            edge
            for edge in self.procedure.edges_from(self.plan.state)
            if unmet_beforehand(edge, self.plan, self.on) is not None
        ]
        if not ready:
            return None
        weights = [self._weight(edge) for edge in ready]
        return self._make(self.rng.choices(ready, weights)[0])

    def _weight(self, edge: Edge) -> float:
        """Prefer what leads on and what the case aims at; end early only if that is the aim."""
        weight = self.leaning[edge.rule.id] * self._news(edge)
        entered = edge.target if edge.target != edge.source else ""
        if entered in self.shunned or any(step.step in self.shunned for step in edge.sets):
            return weight * 0.02
        if edge.rule.topic == self.aim:
            return weight * 12
        if is_ended(edge.target):
            return weight * 0.02
        if edge.rule.topic == "noting":
            return weight * 0.4
        if edge.target == edge.source:
            return weight
        return weight * (40 if edge.source == REVIEW else 4)

    def _news(self, edge: Edge) -> float:
        """Prefer what is new: closing what is open, taking a step for the first time."""
        standing = self.plan.steps.keys()
        if not edge.clears.isdisjoint(standing):
            return 5
        if edge.sets and all(step.step in standing for step in edge.sets):
            return 0.3
        return 2 if edge.sets else 1

    def _illegal(self) -> Event:
        """Return an event that leaves out a need, or one that belongs somewhere else."""
        edges = self.procedure.edges
        here = [edge for edge in self.procedure.edges_from(self.plan.state) if edge.rule.needs]
        if here and self.rng.random() < 0.6:
            edge = self.rng.choice(here)
            return self._make(edge, without=self.rng.choice(edge.rule.needs))
        return self._make(self.rng.choice(edges))

    def _make(self, edge: Edge, without: Need | None = None) -> Event:
        wanted: dict[str, object] = {"by": self.rng.choice(list(Role))}
        for need in edge.rule.needs:
            if need is not without:
                _add(wanted, self._satisfying(need))
        if without is not None:
            wanted.update(self._spoilt(without))
        for path, values in edge.rule.match.when:
            wanted[path] = self.rng.choice(values)
        for step_set in edge.rule.sets:
            if step_set.on_field:
                wanted.setdefault(step_set.on_field, self._birthday())
        return fabricate(edge.rule.match.event, self.on, wanted, self.rng, self.roles)

    def _birthday(self) -> dt.date:
        """Return a date of birth: near eighteen where the case aims at that, else of any child."""
        if self.aim == "ending.age-18" or self.rng.random() < 0.1:
            return self.on - dt.timedelta(days=round(18 * 365.25) - self.rng.randrange(200))
        return self.on - dt.timedelta(days=self.rng.randrange(17 * 365))

    def _satisfying(self, need: Need) -> dict[str, object]:
        if isinstance(need, RoleNeed):
            return {"by": self.rng.choice(need.roles)}
        if isinstance(need, FieldNeed):
            return self._passing(need.test)
        if isinstance(need, LatestFieldNeed):
            return {need.path: self._in_time(need)}
        if isinstance(need, CoversNeed):
            return {need.path: self._earlier(need)}
        if isinstance(need, AnyNeed):
            possible = [one for one in need.needs if not isinstance(one, _SETTLED)]
            return self._satisfying(self.rng.choice(possible)) if possible else {}
        return {}

    def _passing(self, test: FieldTest | AnyTest) -> dict[str, object]:
        if isinstance(test, AnyTest):
            return self._passing(self.rng.choice(test.tests))
        operand = test.operand
        if test.operator == "given":
            return {test.path: GIVEN if operand else ABSENT}
        if test.operator == "in":
            return {test.path: self.rng.choice(operand)}
        if test.operator == "is-not":
            return {test.path: ABSENT}
        if test.operator == "at-most":
            return {test.path: max(1, operand - self.rng.randrange(4))}
        if test.operator == "at-least":
            return {test.path: operand + self.rng.randrange(4)}
        return {test.path: operand}

    def _spoilt(self, need: Need) -> dict[str, object]:
        """Return fields that leave the need unmet, as far as fields decide it."""
        if isinstance(need, RoleNeed):
            return {"by": self.rng.choice([role for role in Role if role not in need.roles])}
        if isinstance(need, FieldNeed) and isinstance(need.test, FieldTest):
            return self._failing(need.test)
        if isinstance(need, (LatestFieldNeed, CoversNeed)):
            return (
                {need.path: self.on + dt.timedelta(days=400)}
                if isinstance(need, LatestFieldNeed)
                else {}
            )
        if isinstance(need, AnyNeed):
            spoilt: dict[str, object] = {}
            for one in need.needs:
                spoilt.update(self._spoilt(one))
            return spoilt
        return {}

    def _failing(self, test: FieldTest) -> dict[str, object]:
        if test.operator == "is" and isinstance(test.operand, bool):
            return {test.path: self.rng.choice((not test.operand, ABSENT))}
        if test.operator == "is-not":
            return {test.path: test.operand}
        if test.operator == "at-most":
            return {test.path: test.operand + self.rng.randint(1, 9)}
        if test.operator == "at-least":
            return {test.path: max(0, test.operand - self.rng.randint(1, 9))}
        if test.operator == "includes":
            return {test.path: list(test.operand)[1:]} if self._even() else self._without(test)
        if test.operator == "given" and not test.operand:
            return {test.path: GIVEN}
        if test.operator in ("is", "in") and self._even():
            return {test.path: GIVEN}
        return self._without(test)

    def _without(self, test: FieldTest) -> dict[str, object]:
        """Leave out the field, or the whole list that it is read from."""
        path = test.path.partition("[]")[0] if self._even() else test.path
        return {path: ABSENT}

    def _even(self) -> bool:
        return self.rng.random() < 0.5

    def _in_time(self, need: LatestFieldNeed) -> dt.date:
        anchor = self.plan.steps.get(need.step)
        if anchor is None:
            return self.on
        last = need.value.after(anchor, need.calendar)
        return max(self.on, last - dt.timedelta(days=self.rng.randrange(30)))

    def _earlier(self, need: CoversNeed) -> object:
        for entry in reversed(self.plan.history):
            if entry.event.kind == need.event:
                return list(need.read_earlier(entry.event))
        return GIVEN


def _add(wanted: dict[str, object], more: dict[str, object]) -> None:
    """Add what another need wants; two that want a list to include something both get it."""
    for path, value in more.items():
        known = wanted.get(path)
        both = isinstance(known, (list, tuple)) and isinstance(value, (list, tuple))
        wanted[path] = [*known, *value] if both else value  # type: ignore[misc]  # both are


_SETTLED = (StepNeed, NoStepNeed, EarliestNeed)
