"""Walks: seeded random histories through the kernel, for tests of what must hold of any history.

Illegal attempts are mixed in. A case heads for one ending and wanders on the way. Events are made
to satisfy the rules so that cases get far; the illegal ones leave out what a rule asks, come too
early or in the wrong state.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator

from cpplan import Accepted, Plan, Procedure
from cpplan.drafts import NOTING
from cpplan.events import Event
from cpplan.needs import Need, NoStepNeed, StepNeed
from cpplan.refusals import unmet_beforehand
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, ESCALATED, REVIEW, is_ended
from cpplan_sim.fabricating import ABSENT, fabricate
from cpplan_sim.monitors import Moment
from cpplan_sim.trials import Case
from cpplan_sim.wanting import Wanting

LONGEST = 70
"""Attempts in a case. Longer ones show nothing new and cost more."""

ILLEGAL = 0.25
"""Share of attempts that are meant to be refused."""

BIRTH_UNKNOWN = 0.15
"""Share of events that leave out a date of birth where one could be given."""

SINGLE_MINDED = 0.8
"""Share of cases that keep off the steps that would close the way to their aim."""

FIRST_DAY = dt.date(2012, 1, 2)
LAST_DAY = dt.date(2028, 12, 29)
"""Cases begin between these days, well inside the calendars."""


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
        needs = [need for rule in rules for need in rule.needs]
        barred = {need.step for need in needs if isinstance(need, NoStepNeed)}
        barred -= {need.step for need in needs if isinstance(need, StepNeed)}
        ways_out = [rule for rule in rules if is_ended(rule.target)]
        detours = {s for s in (ESCALATED, REVIEW) if not any(s in r.sources for r in ways_out)}
        return frozenset(barred | detours) if ways_out else frozenset(barred)

    def _days(self) -> int:
        """Return how long until the next attempt: often none, mostly days, at times weeks."""
        if self.plan.state in (BEFORE_PLAN, REVIEW):
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
        if edge.rule.topic == NOTING:
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
        wanting = Wanting(self.plan, self.on, self.rng)
        wanted = {"by": self.rng.choice(list(Role)), **wanting.fields(edge.rule.needs, without)}
        for path, values in edge.rule.match.when:
            wanted[path] = self.rng.choice(values)
        for step_set in edge.rule.sets:
            if step_set.on_field:
                unknown = self.rng.random() < BIRTH_UNKNOWN
                wanted.setdefault(step_set.on_field, ABSENT if unknown else self._birthday())
        return fabricate(edge.rule.match.event, self.on, wanted, self.rng, self.roles)

    def _birthday(self) -> dt.date:
        """Return a date of birth: near eighteen where the case aims at that, else of any child."""
        if self.aim == "ending.age-18" or self.rng.random() < 0.1:
            return self.on - dt.timedelta(days=round(18 * 365.25) - self.rng.randrange(200))
        return self.on - dt.timedelta(days=self.rng.randrange(17 * 365))
