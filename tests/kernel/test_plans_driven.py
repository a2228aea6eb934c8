"""Plans: whatever a machine drives into them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cpplan import Accepted, Plan, Procedure, Refused, dumps, load, loads
from cpplan.events import (
    Event,
    ReviewConferenceDecided,
    Trigger,
)
from cpplan.states import RETURNING, is_ended, origin_step
from tests.kernel.histories import (
    STANDARDS,
    START,
    decided,
    opened,
    raised,
)
from tests.kernel.strategies import events, moved

LONDON = load("london")
KINDS_THAT_MOVE = (
    "core-group-held",
    "detailed-plan-agreed",
    "plan-put-into-effect",
    "escalation-raised",
    "escalation-resolved",
    "review-conference-opened",
    "review-conference-decided",
    "action-plan-agreed",
    "visit-made",
    "visit-failed",
)


class Driven(RuleBasedStateMachine):
    """Drives one plan with likely and unlikely events, told and untold, in and out of order."""

    procedure: ClassVar[Procedure] = STANDARDS
    accepted: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.plan = Plan.rebuild(self.procedure, [opened(), decided(visit_interval=2)])

    def offer(self, event: Event, later: int) -> None:
        last = self.plan.last_day
        assert last is not None
        on = min(last + dt.timedelta(days=later), dt.date(2034, 1, 1))
        event = moved(event, on)
        before = (self.plan.state, dict(self.plan.steps), self.plan.history, self.plan.counts)
        why_not = self.plan.why_not(event)
        options = {option.rule.id for option in self.plan.allowed(on)}
        decision = self.plan.record(event)
        after = (self.plan.state, dict(self.plan.steps), self.plan.history, self.plan.counts)
        assert before == after
        if isinstance(decision, Refused):
            assert why_not == decision
            assert decision.reasons
            return
        assert why_not is None
        assert decision.rule.id in options
        assert decision.before is self.plan
        assert not is_ended(self.plan.state) or decision.plan.state == self.plan.state
        self.accepted.add(decision.rule.id)
        self.check_opened(decision)
        self.plan = decision.plan

    def check_opened(self, decision: Accepted) -> None:
        last = len(decision.plan.history) - 1
        assert all(one.opened_by == last for one in decision.opened)
        assert all(one.closed_by == last and one.outcome for one in decision.closed)
        kept = [o for o in decision.before.obligations if o.closed_by is not None]
        assert [o for o in decision.plan.obligations if (o.closed_by or last) < last] == [
            o for o in kept if (o.closed_by or last) < last
        ]

    @rule(event=events(*KINDS_THAT_MOVE), later=st.integers(-1, 30))
    def something_likely_happens(self, event: Event, later: int) -> None:
        self.offer(event, later)

    @rule(event=events(), later=st.integers(-1, 30))
    def anything_happens(self, event: Event, later: int) -> None:
        self.offer(event, later)

    @rule(trigger=st.sampled_from(Trigger), later=st.integers(0, 9))
    def a_difficulty_is_raised(self, trigger: Trigger, later: int) -> None:
        self.offer(raised(trigger, START), later)

    @precondition(lambda self: self.plan.state == "review")
    @rule(goes_on=st.booleans())
    def a_review_decides(self, goes_on: bool) -> None:
        self.offer(ReviewConferenceDecided(on=START, plan_continues=goes_on), 0)

    @invariant()
    def the_history_rebuilds_the_plan(self) -> None:
        again = Plan.rebuild(self.procedure, self.plan.events)
        assert again == self.plan
        assert (again.state, again.steps, again.counts, again.history) == (
            self.plan.state,
            self.plan.steps,
            self.plan.counts,
            self.plan.history,
        )

    @invariant()
    def json_loses_nothing(self) -> None:
        assert loads(dumps(self.plan), self.procedure).events == self.plan.events

    @invariant()
    def a_state_that_returns_remembers_one_origin(self) -> None:
        for state, origins in RETURNING.items():
            remembered = [o for o in origins if origin_step(state, o) in self.plan.steps]
            expected = 1 if self.plan.state == state else 0
            inside = self.plan.state == "review" and state == "escalated"
            if not self.plan.ended:
                assert len(remembered) == (expected or int(inside and self.came_from_escalated()))

    def came_from_escalated(self) -> bool:
        return origin_step("review", "escalated") in self.plan.steps

    @invariant()
    def no_step_is_dated_after_the_last_event_unless_by_a_field(self) -> None:
        last = self.plan.last_day
        dated = {s.step for edge in self.procedure.edges for s in edge.sets if s.on_field}
        assert last is not None
        assert all(on <= last for step, on in self.plan.steps.items() if step not in dated)

    @invariant()
    def what_recurs_is_owed_once(self) -> None:
        waiting = [o.duty.id for o in self.plan.obligations if not o.outcome and o.duty.recurs]
        assert len(waiting) == len(set(waiting))

    @invariant()
    def what_is_owed_is_in_order(self) -> None:
        for one in self.plan.obligations:
            assert one.closed_by is None or one.closed_by >= one.opened_by
            assert (one.closed_by is None) == (one.outcome is None)
            assert not (self.plan.ended and one.outcome is None and not one.duty.outlives_plan)


class DrivenInLondon(Driven):
    """The same where failed visits are counted."""

    procedure = LONDON
    accepted: ClassVar[set[str]] = set()


LONG: dict[str, Any] = {"max_examples": 40, "stateful_step_count": 30, "deadline": None}


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Driven, DrivenInLondon])
def test_whatever_is_offered_a_plan_keeps_its_promises(machine: type[Driven]) -> None:
    run = machine.TestCase
    run.settings = settings(**LONG)
    run("runTest").runTest()
    assert {"review-opened", "review-continues-plan", "core-group-held"} <= machine.accepted
