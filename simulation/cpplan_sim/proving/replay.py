"""Replay: an abstract path told to the kernel with real events and dates, or what blocks it.

The abstract machine does more than the rules allow. Replay finds out: each move becomes an event
of its shape, on the first day on which its periods have run, and is recorded in the kernel.
"""

from __future__ import annotations

import datetime as dt
import enum
import random
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from cpplan import Accepted, Plan
from cpplan.events import KINDS, Event
from cpplan.fields import field_type
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.fabricating import ABSENT, GIVEN, fabricate
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.proving.abstraction import Machine, Move
from cpplan_sim.proving.choices import MISSING, OTHER
from cpplan_sim.proving.effects import Effect
from cpplan_sim.proving.judging import period_of
from cpplan_sim.proving.tracking import Tracked
from cpplan_sim.wanting import Wanting

FIRST_DAY = dt.date(2012, 1, 3)
"""A replay begins on this day: an ordinary Tuesday, with years of calendar after it."""

_CHILDHOOD = dt.timedelta(days=8 * 365)
_NEARLY_GROWN = dt.timedelta(days=18 * 366)
_AGENCIES = (Role.CHILDRENS_SOCIAL_CARE, Role.HEALTH, Role.SCHOOL, Role.POLICE)


@attrs.frozen
class Told:
    """What came of telling a path to the kernel.

    Attributes:
        succeeded: whether the kernel took it all, and the monitor agrees that it breaks.
        moments: what was recorded.
        blocked_by: what has to be tracked to see that the path is none.
        why: what stood in the way, in words.
    """

    succeeded: bool
    moments: tuple[Moment, ...]
    blocked_by: Tracked = attrs.field(factory=Tracked)
    why: str = ""


def replay(machine: Machine, path: Sequence[Move], *, breaks: bool) -> Told:
    """Tell a path to the kernel.

    Args:
        machine: whose path it is.
        path: the moves, first to last.
        breaks: whether the path is to break the machine's requirement.
    """
    return _walked(machine, path) or _Replay(machine).told(path, breaks=breaks)


def _walked(machine: Machine, path: Sequence[Move]) -> Told | None:
    """Take a path with every step looked at and no time; return what blocks it, if steps do.

    It finds most of what the kernel would, at a hundredth of the cost.
    """
    steps = 0
    for move in path:
        effect = move.letter.effect
        wrong = _unmet(effect, steps)
        if wrong:
            names = frozenset(name for name, bit in machine.alphabet.steps.items() if bit & wrong)
            return Told(False, (), Tracked(names), f"{move.edge.rule.id}: {', '.join(names)}")
        steps = (steps & ~effect.clears) | effect.sets
    return None


def _unmet(effect: Effect, steps: int) -> int:
    """Return the steps by which a move is not possible, as bits."""
    wrong = (effect.asked & ~steps) | (effect.barred & steps)
    if effect.some and not effect.some & steps:
        wrong |= effect.some
    for group in effect.wishes:
        # Whether a period has run is for the kernel to say.
        if not any(wish.met(steps, wish.run) for wish in group):
            for wish in group:
                wrong |= wish.stands | wish.absent
    return wrong


class _Replay:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.plan = Plan(machine.procedure)
        self.moments: list[Moment] = []
        self.on = FIRST_DAY
        self.rng = random.Random(1)

    def told(self, path: Sequence[Move], *, breaks: bool) -> Told:
        for number, move in enumerate(path):
            last = number == len(path) - 1
            self._until_reached(move.edge)
            self.on = self._day(move, late=last and breaks)
            blocked = self._record(move.edge, self._event(move, breaks=last and breaks))
            if blocked is not None:
                return blocked
        if breaks and not self._broken():
            why = "the monitor does not call it broken"
            return Told(False, tuple(self.moments), _counted_on(path), why)
        return Told(True, tuple(self.moments))

    def _broken(self) -> bool:
        required = self.machine.requirement
        assert required is not None, "only a requirement can be broken"
        monitor = Monitor(required, self.machine.procedure.calendar)
        return monitor.judge(self.moments).verdict is Verdict.BROKEN

    def _record(self, edge: Edge, event: Event) -> Told | None:
        """Record an event; return what blocked it if the kernel did not take that edge."""
        decision = self.plan.record(event)
        if isinstance(decision, Accepted) and decision.plan.history[-1].edge.number == edge.number:
            before, self.plan = self.plan.state, decision.plan
            self.moments.append(Moment(event, True, before, self.plan.state))
            return None
        found = _routing(edge, self.plan)
        for need in edge.rule.needs:
            if not need.holds(event, self.plan):
                found |= _stakes(need)
        found = attrs.evolve(found, steps=found.steps - self.machine.alphabet.tallied)
        codes = "another rule" if isinstance(decision, Accepted) else ", ".join(decision.codes)
        why = f"{event.kind} by {edge.rule.id} from {edge.source}: {codes}"
        return Told(False, tuple(self.moments), found, why)

    def _day(self, move: Move, *, late: bool) -> dt.date:
        """Return the first day on which all that has to have run by then has run."""
        days = [self.on]
        for need in _earliest_needs(move.edge.rule.needs):
            earliest = need.earliest(self.plan)
            if earliest is not None:
                days.append(earliest)
        for period in self.machine.alphabet.named_periods(move.waited):
            earliest = self.machine.alphabet.counted[period].earliest(self.plan)
            if earliest is not None:
                days.append(earliest)
        required = self.machine.requirement
        if late and required is not None and required.within is not None:
            after = required.within.after(self.on, self.machine.procedure.calendar)
            days.append(after + dt.timedelta(days=1))
        return max(days)

    def _event(self, move: Move, *, breaks: bool) -> Event:
        edge, kind = move.edge, move.edge.rule.match.event
        wanted = Wanting(self.plan, self.on, self.rng).fields(edge.rule.needs)
        for path, values in edge.rule.match.when:
            wanted[path] = values[0]
        for path, value in move.shape.values:
            wanted.pop(f"{path}[]", None)  # the list itself is said
            wanted[path] = _wanted(kind, path, value)
        for dated in (step for step in edge.sets if step.on_field):
            if not move.letter.effect.sets & self.machine.alphabet.steps[dated.step]:
                wanted[dated.on_field] = ABSENT
            elif wanted.get(dated.on_field) in (None, GIVEN):
                wanted[dated.on_field] = self._dated(move, dated.step)
        required = self.machine.requirement
        if breaks and required is not None and required.covers is not None:
            wanted[required.covers.field] = ["something else"]
        self._agency(edge, wanted)
        return fabricate(kind, self.on, wanted, self.rng, _AGENCIES)

    def _dated(self, move: Move, step: str) -> object:
        """Return the day that dates a step: long ago if its period has run at once."""
        long_ago = any(
            one.step == step for one in self.machine.alphabet.named_periods(move.after.run)
        )
        return self.on - (_NEARLY_GROWN if long_ago else _CHILDHOOD)

    def _agency(self, edge: Edge, wanted: dict[str, object]) -> None:
        """Choose whose count an event changes: the one that has reached, or one that has not."""
        for tally in self.machine.procedure.tallies:
            if edge.rule.match.event == tally.counts.event:
                counts = {
                    role: self.plan.counts.get((tally.id, str(role)), 0) for role in _AGENCIES
                }
                most = tally.reaches in edge.given
                chosen = max if most else min
                wanted[tally.per] = chosen(_AGENCIES, key=lambda role: counts[role])

    def _until_reached(self, edge: Edge) -> None:
        """Let a tally be completed by the next event, if the edge is for that."""
        for tally in self.machine.procedure.tallies:
            if tally.reaches not in edge.given:
                continue
            key = (tally.id, str(_AGENCIES[0]))
            while self.plan.counts.get(key, 0) < tally.at - 1:
                wanted = {tally.per: _AGENCIES[0]}
                event = fabricate(tally.counts.event, self.on, wanted, self.rng)
                decision = self.plan.record(event)
                if not isinstance(decision, Accepted):
                    return
                self.moments.append(Moment(event, True, self.plan.state, decision.plan.state))
                self.plan = decision.plan


def _routing(edge: Edge, plan: Plan) -> Tracked:
    """Return the steps by which another rule than this edge's is the one for the event."""
    missing = edge.given - plan.steps.keys()
    standing = edge.given_none & plan.steps.keys()
    some = edge.given_any if edge.given_any and edge.given_any.isdisjoint(plan.steps) else set()
    tallied = {tally.reaches for tally in plan.procedure.tallies}
    return Tracked(frozenset((missing | standing | some) - tallied))


def _counted_on(path: Sequence[Move]) -> Tracked:
    """Return the periods that rules on a path count: one of them may keep the requirement."""
    found = Tracked()
    for move in path:
        for need in _earliest_needs(move.edge.rule.needs):
            found |= _stakes(need)
    return found


def _stakes(need: Need) -> Tracked:
    """Return what has to be tracked to see whether a need is met."""
    if isinstance(need, StepNeed | NoStepNeed | LatestFieldNeed):
        return Tracked(frozenset({need.step}))
    if isinstance(need, EarliestNeed):
        return Tracked(frozenset({need.step}), frozenset({period_of(need)}))
    found = Tracked()
    for inner in need.needs if isinstance(need, AnyNeed) else ():
        found |= _stakes(inner)
    return found


def _earliest_needs(needs: Sequence[Need]) -> Iterator[EarliestNeed]:
    for need in needs:
        if isinstance(need, EarliestNeed):
            yield need


def _wanted(kind: str, path: str, value: Any) -> object:
    """Return what to ask for at a path, so that the event is of its shape."""
    if value is MISSING or value in ([], ()):
        return ABSENT
    if isinstance(value, str) and value == OTHER:
        return GIVEN
    if isinstance(value, (list, tuple)):
        return [_item(kind, path, value, item) for item in value]
    return value


def _item(kind: str, path: str, value: Sequence[Any], item: Any) -> object:
    if item is MISSING:
        return ABSENT
    return _other(kind, path, value) if isinstance(item, str) and item == OTHER else item


def _other(kind: str, path: str, value: Sequence[Any]) -> object:
    """Return an item that is none of those in a list."""
    found = field_type(KINDS[kind], path)
    inner = getattr(found, "__args__", (found,))[0]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return next(member for member in inner if member not in value)
    return FIRST_DAY if inner is dt.date else "something else"
