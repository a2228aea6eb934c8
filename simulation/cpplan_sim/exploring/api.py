"""A rule-based machine over the kernel's functions: many plans at once, each gone on from anywhere.

Histories that are told one event after another (:mod:`cpplan_sim.exploring.interpreting`) never go
back. Here every plan that was ever made is kept, and gone on from again, alone and in households:
what is done to one must not show in another. What has to hold is in
:mod:`cpplan_sim.exploring.promises`.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cpplan import Accepted, Plan, Procedure
from cpplan.events import Event, VisitMade
from cpplan.roles import Role
from cpplan_sim.exploring import promises
from cpplan_sim.exploring.beginnings import Beginning
from cpplan_sim.exploring.days import LAST_DAY, coming, start
from cpplan_sim.exploring.differences import Difference, DifferenceError, Oracle
from cpplan_sim.exploring.making import Making
from cpplan_sim.exploring.naive_dates import ONE_DAY
from cpplan_sim.exploring.table import Table
from cpplan_sim.monitors import Moment

MACHINES = 25
"""Machines run for a procedure."""

STEPS = 30
"""Steps of each."""

_BYTE = st.integers(0, 255)
_WORD = st.integers(0, 65535)


class ManyPlans(RuleBasedStateMachine):
    """Every plan made so far, and what may be done with one or two of them."""

    procedure: ClassVar[Procedure]
    table: ClassVar[Table]
    beginnings: ClassVar[Sequence[Beginning]]
    accepted: ClassVar[int] = 0

    plans = Bundle("plans")

    def __init__(self) -> None:
        """Begin with no plan."""
        super().__init__()
        self.made: list[tuple[Plan, tuple[object, ...]]] = []

    def keep(self, plan: Plan) -> Plan:
        """Remember what a plan is now, to be held against what it is later."""
        self.made.append((plan, _facts(plan)))
        return plan

    def hold(self, found: Iterable[Difference], plan: Plan, *then: Event) -> None:
        """Raise the first promise that is not kept, with the history of the plan."""
        for difference in found:
            raise DifferenceError(difference, moments_of(plan, then))

    @initialize(target=plans, number=_BYTE)
    def begin(self, number: int) -> Plan:
        """Make a plan: one with nothing recorded, or what came of a told case."""
        plan = Plan(self.procedure)
        told = self.beginnings[number % len(self.beginnings)] if self.beginnings else ()
        for event in told:
            decision = plan.record(event)
            plan = decision.plan if isinstance(decision, Accepted) else plan
        return self.keep(plan)

    @rule(target=plans, plan=plans, choice=_WORD, days=_BYTE, rest=_BYTE)
    def go_on(self, plan: Plan, choice: int, days: int, rest: int) -> Plan:
        """Attempt an event on any plan ever made."""
        event = self.event(plan, choice, days, rest)
        self.hold(promises.of_recording(plan, event), plan, event)
        decision = plan.record(event)
        if not isinstance(decision, Accepted):
            return plan
        type(self).accepted += 1
        return self.keep(decision.plan)

    @rule(plan=plans, number=_BYTE, back=st.booleans())
    def ask(self, plan: Plan, number: int, back: bool) -> None:
        """Ask what is due and allowed on a day, and where the plan stands."""
        last = plan.last_day or start(number)
        on = last - ONE_DAY * number if back else last + ONE_DAY * number
        self.hold(promises.of_asking(plan, on), plan)

    @rule(plan=plans)
    def write_and_read(self, plan: Plan) -> None:
        """Write a plan and read it again."""
        self.hold(promises.of_keeping(plan), plan)

    @rule(one=plans, other=plans, choice=_WORD, days=_BYTE, rest=_BYTE)
    def record_together(self, one: Plan, other: Plan, choice: int, days: int, rest: int) -> None:
        """Record for two children of a household, all or nothing."""
        event = self.event(one, choice, days, rest)
        theirs = self.event(other, choice, days, rest) if rest % 2 else event
        plans = {"one": one, "other": other}
        found = promises.of_together(plans, {"one": event, "other": theirs})
        self.hold(found, one, event)

    @rule(one=plans, other=plans, days=_BYTE, rest=_BYTE)
    def visit_together(self, one: Plan, other: Plan, days: int, rest: int) -> None:
        """Visit a household in which one child is seen."""
        event = self.making(one, days, rest).anything(VisitMade.kind)
        assert isinstance(event, VisitMade), "made of that kind"
        found = promises.of_visit({"one": one, "other": other}, event, "one")
        self.hold(found, one, event)

    @invariant()
    def nothing_changed_in_place(self) -> None:
        """Hold every plan ever made against what it was."""
        for plan, facts in self.made:
            if _facts(plan) != facts:
                says = "a plan changed when another was gone on from it"
                self.hold([Difference(Oracle.API, "record", says)], plan)

    def making(self, plan: Plan, days: int, rest: int) -> Making:
        """Return what makes an event some days on."""
        last = plan.last_day or start(days << 8 | rest)
        on = min(coming(last, days, hurried=False), LAST_DAY)
        return Making(plan, on, random.Random(rest), tuple(Role))

    def event(self, plan: Plan, choice: int, days: int, rest: int) -> Event:
        """Return an event that may be recorded; one in four has a state of its own choice."""
        making = self.making(plan, days, rest)
        ready = self.table.enabled(plan).ready(plan, making.on)
        edges = ready if ready and choice % 4 else self.procedure.edges
        return making.legal(edges[choice // 4 % len(edges)])


def moments_of(plan: Plan, then: Iterable[Event] = ()) -> tuple[Moment, ...]:
    """Return a plan's history as moments, with what is then attempted."""
    told = [Moment(one.event, True, one.edge.source, one.edge.target) for one in plan.history]
    for event in then:
        decision = plan.record(event)
        after = decision.plan.state if isinstance(decision, Accepted) else plan.state
        told.append(Moment(event, decision.accepted, plan.state, after))
    return tuple(told)


def try_the_api(
    procedure: Procedure, table: Table, beginnings: Sequence[Beginning], *, seed: str
) -> DifferenceError | None:
    """Run machines over a procedure's plans, up to the first promise that is not kept.

    Args:
        procedure: the procedure.
        table: its enabled events.
        beginnings: histories from which plans go on.
        seed: which machines.
    """
    members: dict[str, Any] = {"procedure": procedure, "table": table, "beginnings": beginnings}
    machine = type("ManyPlansOfOneProcedure", (ManyPlans,), members)
    seeded(zlib.crc32(seed.encode()))(machine)
    chosen = settings(
        max_examples=MACHINES,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except DifferenceError as error:
        return error
    return None


def _facts(plan: Plan) -> tuple[object, ...]:
    return (plan.state, dict(plan.steps), plan.history, dict(plan.counts))
