"""Guards: when a move can be made, said in steps that a machine keeps and conditions that it asks.

A guard is one of four things, each of which every language with guards can say. What no guard says
is why a move is refused: that is asked of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

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
from cpplan.rules import Edge, Tally
from cpplan_sim.exporting.conditions import Condition, Conditions


@attrs.frozen
class Step:
    """A step stands, or does not.

    Attributes:
        name: the step, as its procedure names it.
        stands: whether it has to stand.
    """

    name: str
    stands: bool = True


@attrs.frozen
class Asked:
    """The host says that a condition holds."""

    condition: Condition


@attrs.frozen
class All:
    """Every one of several guards."""

    parts: tuple[Guard, ...]


@attrs.frozen
class Any:
    """One of several guards."""

    parts: tuple[Guard, ...]


Guard = Step | Asked | All | Any


class Guards:
    """Makes the guards of one procedure's edges."""

    def __init__(self, conditions: Conditions, tallies: tuple[Tally, ...]) -> None:
        """Take where conditions are kept, and the tallies, whose steps a machine can't keep."""
        self._conditions = conditions
        self._tallies = {tally.reaches: tally for tally in tallies}

    def of(self, edge: Edge) -> All:
        """Return when an edge is taken: it is the one that applies, and all it needs holds."""
        applies = [*self._routing(edge), *self._matching(edge)]
        needed = [self.of_need(need) for need in edge.rule.needs]
        return All(tuple(dict.fromkeys([*applies, *needed])))

    def of_need(self, need: Need) -> Guard:
        """Return when a need is met."""
        match need:
            case StepNeed():
                return self._step(need.step)
            case NoStepNeed():
                return self._step(need.step, stands=False)
            case AnyNeed():
                return Any(tuple(self.of_need(one) for one in need.needs))
            case EarliestNeed():
                return All((self._step(need.step), Asked(self._conditions.run(need))))
            case LatestFieldNeed():
                return All((self._step(need.step), Asked(self._conditions.within(need))))
            case FieldNeed():
                return Asked(self._conditions.field(need.test))
            case RoleNeed():
                return Asked(self._conditions.by(need))
            case CoversNeed():
                return Asked(self._conditions.covers(need))
            case _:
                raise TypeError(f"{type(need).__name__} has no guard")

    def _routing(self, edge: Edge) -> Iterator[Guard]:
        yield from (self._step(step) for step in sorted(edge.given))
        yield from (self._step(step, stands=False) for step in sorted(edge.given_none))
        if edge.given_any:
            yield Any(tuple(self._step(step) for step in sorted(edge.given_any)))

    def _matching(self, edge: Edge) -> Iterator[Guard]:
        match = edge.rule.match
        yield from (Asked(self._conditions.among(*one)) for one in match.when)
        yield from (self._of_test(one) for one in match.where)

    def _of_test(self, test: FieldTest | AnyTest) -> Guard:
        if isinstance(test, AnyTest):
            return Any(tuple(self._of_test(one) for one in test.tests))
        return Asked(self._conditions.field(test))

    def _step(self, step: str, *, stands: bool = True) -> Guard:
        if step in self._tallies:
            return Asked(self._conditions.counted(self._tallies[step], reached=stands))
        return Step(step, stands)


def conditions_in(guard: Guard) -> Iterator[Condition]:
    """Yield the conditions that a guard asks, in its order."""
    match guard:
        case Asked():
            yield guard.condition
        case All() | Any():
            for part in guard.parts:
                yield from conditions_in(part)
        case Step():
            pass


def steps_in(guard: Guard) -> Iterator[str]:
    """Yield the steps that a guard asks about, in its order."""
    match guard:
        case Step():
            yield guard.name
        case All() | Any():
            for part in guard.parts:
                yield from steps_in(part)
        case Asked():
            pass
