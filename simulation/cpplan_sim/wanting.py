"""What an event has to say: fields that meet what a rule needs, or that leave one need unmet.

For making events, in synthetic cases and in the replay of a proof. Whether an event really meets
its rule is the kernel's to say.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

import attrs

from cpplan import Plan
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
from cpplan.roles import Role
from cpplan_sim.fabricating import ABSENT, GIVEN

Fields = dict[str, object]
"""Field paths with the values wanted at each."""

_SETTLED = (StepNeed, NoStepNeed, EarliestNeed)


@attrs.frozen
class Wanting:
    """Says what to want of an event on a day, for a plan as it stands."""

    plan: Plan
    on: dt.date
    rng: random.Random

    def fields(self, needs: Iterable[Need], without: Need | None = None) -> Fields:
        """Return fields that meet all needs, or all but one."""
        wanted: Fields = {}
        for need in needs:
            if need is not without:
                _add(wanted, self.satisfying(need))
        if without is not None:
            _take(wanted, without, self.spoiling(without))
        return wanted

    def satisfying(self, need: Need) -> Fields:
        """Return fields that meet a need, as far as fields decide it."""
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
            return self.satisfying(self.rng.choice(possible)) if possible else {}
        return {}

    def _passing(self, test: FieldTest | AnyTest) -> Fields:
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

    def spoiling(self, need: Need) -> Fields:
        """Return fields that leave the need unmet, as far as fields decide it."""
        if isinstance(need, RoleNeed):
            return {"by": self.rng.choice([role for role in Role if role not in need.roles])}
        if isinstance(need, FieldNeed) and isinstance(need.test, FieldTest):
            return self._failing(need.test)
        if isinstance(need, LatestFieldNeed):
            return {need.path: self.on + dt.timedelta(days=400)}
        if isinstance(need, CoversNeed):
            earlier = self._earlier(need)
            return {need.path: earlier[:-1] if isinstance(earlier, list) else ABSENT}
        if isinstance(need, AnyNeed):
            spoilt: Fields = {}
            for one in need.needs:
                spoilt.update(self.spoiling(one))
            return spoilt
        return {}

    def _failing(self, test: FieldTest) -> Fields:
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

    def _without(self, test: FieldTest) -> Fields:
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


def _add(wanted: Fields, more: Fields) -> None:
    """Add what another need wants; two that want a list to include something both get it."""
    for path, value in more.items():
        known = wanted.get(path)
        if isinstance(known, (list, tuple)) and isinstance(value, (list, tuple)):
            wanted[path] = [*known, *value]
        else:
            wanted[path] = value


def _take(wanted: Fields, need: Need, spoilt: Fields) -> None:
    """Spoil one need, and leave in a list what other needs want there."""
    test = need.test if isinstance(need, FieldNeed) else None
    known = wanted.get(test.path) if test is not None else None
    if test is not None and test.operator == "includes" and isinstance(known, list):
        wanted[test.path] = [item for item in known if item not in test.operand] or ABSENT
    else:
        wanted.update(spoilt)
