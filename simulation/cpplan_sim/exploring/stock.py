"""The lifecycle on a stock ``transitions.Machine``, built from the rules of a procedure.

A second answer to what may be recorded and where it leads. It takes the rules as the pack states
them, and works out their edges, their steps, their counts and their origins itself. It must not use
the kernel's engine, edges or plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from transitions import Machine, MachineError

from cpplan import Procedure
from cpplan.events import Event
from cpplan.rules import Rule, Tally
from cpplan.states import BEFORE_PLAN, ORIGIN, RETURNING, SAME, STATES
from cpplan_sim.exploring.naive_dates import NaiveDates
from cpplan_sim.exploring.naive_needs import is_met

Condition = Callable[[Event], bool]


@attrs.define(eq=False)
class StockPlan:
    """A plan as the stock machine moves it: a model with a state of its own.

    Attributes:
        state: where it is; the machine sets it.
        steps: the steps taken, with their days.
        happened: what was recorded.
        rule: the rule that let the latest event through.
        reached: the steps of tallies that the event being judged completes.
    """

    state: str = BEFORE_PLAN
    steps: dict[str, dt.date] = attrs.field(factory=dict)
    happened: list[Event] = attrs.field(factory=list)
    rule: Rule | None = None
    reached: dict[str, dt.date] = attrs.field(factory=dict)

    @property
    def standing(self) -> Mapping[str, dt.date]:
        """The steps that stand while an event is judged."""
        return {**self.steps, **self.reached} if self.reached else self.steps


class Stock:
    """Judges events by the rules of a procedure, on a machine of the stock classes."""

    def __init__(self, procedure: Procedure, dates: NaiveDates) -> None:
        """Build the machine: one transition for each rule and each state that it leaves."""
        self.procedure = procedure
        self.dates = dates
        self.rules: dict[tuple[str, str], list[tuple[Rule, str]]] = {}
        self.machine = Machine(
            model=None, states=list(STATES), initial=None, auto_transitions=False
        )
        for rule in procedure.rules.values():
            for source in rule.sources:
                self._add(rule, source)

    def _add(self, rule: Rule, source: str) -> None:
        if rule.target == ORIGIN:
            for origin in RETURNING[source]:
                self._transition(rule, source, origin, back=f"{source}-from-{origin}")
        else:
            self._transition(rule, source, source if rule.target == SAME else rule.target)

    def _transition(self, rule: Rule, source: str, target: str, back: str = "") -> None:
        kind = rule.match.event
        self.rules.setdefault((kind, source), []).append((rule, back))
        self.machine.add_transition(
            kind,
            source,
            target,
            conditions=[
                lambda event, plan: self._applies(rule, back, event, plan),
                *(self._condition(need) for need in rule.needs),
            ],
            before=lambda event, plan: self._take(rule, source, target, back, event, plan),
        )

    def _condition(self, need: Any) -> Callable[[Event, StockPlan], bool]:
        return lambda event, plan: is_met(need, event, plan, self.dates)

    def _applies(self, rule: Rule, back: str, event: Event, plan: StockPlan) -> bool:
        """Return whether a rule is the one for an event as the steps stand."""
        standing = set(plan.standing)
        if back and back not in standing:
            return False
        if rule.given - standing or rule.given_none & standing:
            return False
        if rule.given_any and not rule.given_any & standing:
            return False
        return rule.match.holds(event)

    def _take(
        self, rule: Rule, source: str, target: str, back: str, event: Event, plan: StockPlan
    ) -> None:
        """Change the steps as the rule says; the machine itself changes the state."""
        for cleared in (*rule.clears, back):
            plan.steps.pop(cleared, None)
        for taken in sorted(rule.sets, key=lambda one: bool(one.on_field)):
            day = getattr(event, taken.on_field or "on")
            if day is not None:
                plan.steps[taken.step] = day
        if target in RETURNING and source != target and not back:
            plan.steps[f"{target}-from-{source}"] = event.on
        plan.rule = rule

    def record(self, plan: StockPlan, event: Event) -> bool:
        """Record an event on a plan if the machine lets it through, and return whether it did."""
        if plan.happened and event.on < plan.happened[-1].on:
            return False
        trigger = self.machine.events.get(event.kind)
        if trigger is None:
            return False
        plan.rule = None
        plan.reached = self._reached(plan, event)
        try:
            taken = trigger.trigger(plan, event, plan)
        except MachineError:
            taken = False
        finally:
            plan.reached = {}
        if taken:
            plan.happened.append(event)
        return bool(taken)

    def unmet(self, plan: StockPlan, event: Event) -> list[str] | None:
        """Return the codes of what an event lacks; ``None`` if no rule here is for it."""
        plan.reached = self._reached(plan, event)
        try:
            found = [
                [need.code for need in rule.needs if not is_met(need, event, plan, self.dates)]
                for rule, back in self.rules.get((event.kind, plan.state), ())
                if self._applies(rule, back, event, plan)
            ]
        finally:
            plan.reached = {}
        return [code for codes in found for code in codes] if found else None

    def _reached(self, plan: StockPlan, event: Event) -> dict[str, dt.date]:
        """Return the steps of the tallies that an event completes, counted over the history."""
        return {
            tally.reaches: event.on
            for tally in self.procedure.tallies
            if tally.counts.matches(event) and _count(tally, plan, event) >= tally.at
        }


def _count(tally: Tally, plan: StockPlan, event: Event) -> int:
    """Return how many in a row there are with an event, of those that it is counted with."""
    whose, count = str(getattr(event, tally.per)), 1
    for earlier in reversed(plan.happened):
        if tally.counts.matches(earlier) and str(getattr(earlier, tally.per)) == whose:
            count += 1
        elif tally.resets.matches(earlier) and str(getattr(earlier, tally.resets_per)) == whose:
            break
    return count
