"""Watching one history: each attempt is judged by the kernel and by everything it is held against.

It knows nothing of how the attempts are chosen, so a told case, a proof's witness and a shrunk
failure are judged by the same code as a history that was made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import attrs

from cpplan import Accepted, Decision, Plan, Procedure, Refused
from cpplan.codec import dumps, loads
from cpplan.events import Event
from cpplan.refusals import (
    BEFORE_LAST_EVENT,
    NO_RULE_FOR_THESE_FIELDS,
    NOT_IN_THIS_STATE,
    PLAN_ENDED,
    PROCEDURE_SILENT,
)
from cpplan_sim.exploring.differences import Difference, DifferenceError, Oracle
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.naive_dates import NaiveDates
from cpplan_sim.exploring.owing import Owing
from cpplan_sim.exploring.stock import Stock, StockPlan
from cpplan_sim.monitors import Memory, Moment, Monitor

T = TypeVar("T")

OURS = frozenset(
    {BEFORE_LAST_EVENT, PLAN_ENDED, PROCEDURE_SILENT, NOT_IN_THIS_STATE, NO_RULE_FOR_THESE_FIELDS}
)
"""Codes that no need gives: what the machinery itself says."""

GOES_ON = (Oracle.REQUIREMENT, Oracle.DATES)
"""Differences after which the rest of a history can still be judged."""

WHOLE = 24
EVERY = 4
"""A history is held against all that it rebuilds and owes after each of its first events, then
after one in so many, and at its end: each time costs as much as the history is long."""


class Oracles:
    """All that the kernel is held against under one procedure, made once."""

    def __init__(self, procedure: Procedure) -> None:
        """Build the stock machine and the monitors."""
        self.procedure = procedure
        self.dates = NaiveDates.of(procedure.calendar)
        self.stock = Stock(procedure, self.dates)
        required = procedure.requirements.values()
        self.monitors = tuple(Monitor(one, procedure.calendar) for one in required)


class Watch:
    """One history under watch.

    Attributes:
        plan: the plan so far, as the kernel gives it.
        moments: what was attempted so far.
        exercise: what was exercised so far.
    """

    def __init__(
        self,
        oracles: Oracles,
        ignored: Iterable[tuple[str, str]] = (),
        all_but: tuple[str, str] | None = None,
    ) -> None:
        """Begin with nothing recorded.

        Args:
            oracles: what the kernel is held against.
            ignored: the keys of differences that are known, and not to be raised again as long as
                the history can go on after them.
            all_but: the only key that is raised, if one is given, with the same reserve.
        """
        self.oracles = oracles
        self.plan = Plan(oracles.procedure)
        self.moments: list[Moment] = []
        self.exercise = Exercise()
        self._ignored = frozenset(ignored)
        self._all_but = all_but
        self._stock = StockPlan()
        self._owing = Owing(oracles.procedure, oracles.dates, self.exercise)
        self._memories = [Memory() for _ in oracles.monitors]

    def attempt(self, event: Event) -> bool:
        """Attempt to record an event, and return whether it was recorded.

        Raises:
            DifferenceError: something answers otherwise than the kernel.
        """
        decision = self._decision(event)
        self._tell(self._by_stock(event, decision))
        if isinstance(decision, Refused):
            self.exercise.codes(decision.codes)
            self._tell(self._by_monitors())
            return False
        self.plan = decision.plan
        self.exercise.rule(decision.rule.id)
        self._tell(self._by_monitors())
        number = len(self.plan.history) - 1
        self._owing.read(number, self.plan.history[-1])
        if number < WHOLE or number % EVERY == 0:
            self._look_back()
        return True

    def finish(self) -> None:
        """Judge the history as a whole, its last event included.

        Raises:
            DifferenceError: something answers otherwise than the kernel.
        """
        if self.plan.history:
            self._look_back()
            event = self.plan.history[-1].event
            procedure = self.oracles.procedure
            again = self._answered(event, lambda: loads(dumps(self.plan), procedure))
            if (again, *_facts(again)) != (self.plan, *_facts(self.plan)):
                says = f"the plan is read again with {_otherwise(again, self.plan)}"
                self._tell([Difference(Oracle.JSON, "plan", says)])
        self.exercise.histories += 1
        self.exercise.longest = max(self.exercise.longest, len(self.plan.history))

    def _tell(self, found: Iterable[Difference]) -> None:
        for difference in found:
            if not (difference.oracle in GOES_ON and self._is_ignored(difference)):
                raise DifferenceError(difference, tuple(self.moments))

    def _is_ignored(self, difference: Difference) -> bool:
        if self._all_but is not None:
            return difference.key != self._all_but
        return difference.key in self._ignored

    def _decision(self, event: Event) -> Decision:
        """Return the kernel's answer, once it is clear that it is asked twice with one answer."""
        before, state = _facts(self.plan), self.plan.state
        self.moments.append(Moment(event, False, state, state))
        why_not = self._answered(event, lambda: self.plan.why_not(event))
        decision = self._answered(event, lambda: self.plan.record(event))
        if why_not != (decision if isinstance(decision, Refused) else None):
            theirs = _answer(why_not) if why_not is not None else "nothing"
            says = f"why_not gives {theirs}, record gives {_answer(decision)}"
            self._tell([Difference(Oracle.WHY_NOT, event.kind, says)])
        if _facts(self.plan) != before:
            says = "the plan changed in place when an event was recorded"
            self._tell([Difference(Oracle.API, event.kind, says)])
        after = decision.plan.state if isinstance(decision, Accepted) else state
        self.moments[-1] = Moment(event, decision.accepted, state, after)
        return decision

    def _by_stock(self, event: Event, decision: Decision) -> Iterator[Difference]:
        stock, plan = self.oracles.stock, self._stock
        unmet = stock.unmet(plan, event)
        taken = stock.record(plan, event)
        if taken != decision.accepted:
            theirs = f"yes by {plan.rule.id}" if plan.rule is not None else f"no for {unmet}"
            says = f"the kernel answers {_answer(decision)}, stock {theirs}"
            yield Difference(Oracle.STOCK, event.kind, says)
        elif isinstance(decision, Refused):
            yield from self._by_codes(event, decision, unmet)
        elif plan.rule is not decision.rule or _otherwise(plan, decision.plan):
            rule = "nothing" if plan.rule is None else plan.rule.id
            apart = _otherwise(plan, decision.plan)
            says = f"the kernel takes {decision.rule.id}, stock {rule} and comes to {apart}"
            yield Difference(Oracle.STOCK, event.kind, says)

    def _by_codes(
        self, event: Event, refused: Refused, unmet: list[str] | None
    ) -> Iterator[Difference]:
        """Hold the reasons given against what an event lacks: each of it, and nothing more."""
        given = [code for code in refused.codes if code not in OURS]
        if given != (unmet or []):
            says = f"the kernel gives {given}, and unmet are {unmet}"
            yield Difference(Oracle.STOCK, event.kind, says)
        last = self.plan.last_day
        early = last is not None and event.on < last
        own = [code for code in refused.codes if code in OURS]
        if (BEFORE_LAST_EVENT in own) != early or (len(own) > early) != (unmet is None):
            says = f"the kernel gives {own}, on a plan whose last day is {last}"
            yield Difference(Oracle.STOCK, event.kind, says)

    def _by_monitors(self) -> Iterator[Difference]:
        number, moment = len(self.moments) - 1, self.moments[-1]
        for place, monitor in enumerate(self.oracles.monitors):
            memory = monitor.step(self._memories[place], number, moment)
            self._memories[place] = memory
            if memory.broken_at is not None:
                one = monitor.requirement
                self._memories[place] = attrs.evolve(memory, broken_at=None)
                yield Difference(Oracle.REQUIREMENT, one.id, one.says, one.cites)

    def _look_back(self) -> None:
        """Hold the plan against its whole history: what that rebuilds, and what it owes."""
        self._tell(self._by_rebuilding())
        event = self.plan.history[-1].event
        obligations = self._answered(event, lambda: self.plan.obligations)
        self._tell(self._owing.apart(obligations, event.on))

    def _answered(self, event: Event, ask: Callable[[], T]) -> T:
        """Return what the kernel answers; whatever it raises is told, with the latest event."""
        try:
            return ask()
        except Exception as error:
            says = f"{type(error).__name__}: {error}"
            crash = Difference(Oracle.CRASH, event.kind, says)
            raise DifferenceError(crash, tuple(self.moments)) from error

    def _by_rebuilding(self) -> Iterator[Difference]:
        event, procedure = self.plan.history[-1].event, self.oracles.procedure
        again = self._answered(event, lambda: Plan.rebuild(procedure, self.plan.events))
        if (again, *_facts(again)) != (self.plan, *_facts(self.plan)):
            says = f"the history gives a plan with {_otherwise(again, self.plan)}"
            yield Difference(Oracle.REBUILDING, event.kind, says)


def _facts(plan: Plan) -> tuple[object, ...]:
    return (plan.state, dict(plan.steps), plan.history, dict(plan.counts))


def _otherwise(one: Plan | StockPlan, other: Plan) -> str:
    """Return in what one plan differs from another: its state, and the steps that do."""
    apart = {name for name, _ in one.steps.items() ^ other.steps.items()}
    steps = [f"{name} {one.steps.get(name, 'not taken')}" for name in sorted(apart)]
    state = [f"the state {one.state}"] if one.state != other.state else []
    return ", ".join([*state, *steps])


def _answer(decision: Decision) -> str:
    if isinstance(decision, Accepted):
        return f"yes by {decision.rule.id}"
    return f"no for {', '.join(decision.codes)}"
