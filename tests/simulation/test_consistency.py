"""Consistency: planted contradictions are found with their clauses, and nothing else is."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from cpplan import Accepted, Status
from cpplan.duties import Limit
from cpplan.events import (
    PlanPutIntoEffect,
)
from cpplan.needs import AnyNeed, EarliestNeed, StepNeed
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.judging import Certainty
from cpplan_sim.telling_deadlines import lines_of
from tests.simulation.deadlines import (
    DECIDED,
    ONE_DAY,
    TINY,
    cited,
    detailed,
    duty,
    effect_within,
    figure,
    needing,
    only,
    owing,
    told,
    waiting,
)


def test_a_duty_that_can_never_be_met_in_time_is_found_with_both_clauses() -> None:
    one = only(examine(effect_within(5, "working-days")))
    assert one.certainty is Certainty.CERTAIN
    assert [each.id for each in one.duties] == ["effect"]
    assert one.alone
    assert cited(one) == {"standards/3b", "standards/12i"}
    assert {bound.rule for way in one.ways for bound in way} >= {"plan-put-into-effect"}
    assert one.squeezed is not None
    assert one.squeezed.latest < one.squeezed.earliest


def test_a_duty_that_can_be_met_on_its_last_day_alone_is_no_contradiction() -> None:
    found = examine(effect_within(6, "working-days"))
    assert found.passed
    (margin,) = found.margins
    assert margin.days == 0


def test_holidays_decide_and_a_start_date_is_given() -> None:
    one = only(examine(effect_within(9, "calendar-days")))
    assert one.certainty is Certainty.POSSIBLE
    assert 0 < one.failing < one.tried
    assert one.on == dt.date(2008, 3, 14), "the first Easter of the table"
    assert only(examine(effect_within(9, "calendar-days"))).due == (
        ("effect", dt.date(2008, 3, 23)),
    )
    assert examine(effect_within(14, "calendar-days")).passed


@pytest.mark.slow
@pytest.mark.parametrize(("amount", "unit"), [(9, "calendar-days"), (1, "calendar-weeks")])
def test_the_start_dates_that_fail_are_those_on_which_the_kernel_refuses(
    amount: int, unit: str
) -> None:
    procedure = effect_within(amount, unit)
    one = only(examine(procedure))
    failing = []
    calendar = procedure.calendar
    for number in range(calendar.first.toordinal(), calendar.last.toordinal() - 20):
        on = dt.date.fromordinal(number)
        plan = detailed(procedure, on)
        (owed,) = plan.obligations
        assert owed.due_on is not None
        if not isinstance(plan.record(PlanPutIntoEffect(on=owed.due_on)), Accepted):
            failing.append(on)
    assert one.on == failing[0]
    late = (one.failing - len(failing), one.tried - (calendar.last - calendar.first).days)
    assert 0 <= late[0] <= 9, "the last days of the table apart"


def test_the_history_of_a_contradiction_replays_and_its_duty_can_then_only_be_late() -> None:
    procedure = effect_within(5, "working-days")
    one = only(examine(procedure))
    assert one.squeezed is not None
    plan = told(procedure, *one.history)
    assert plan.last_day == one.on
    (owed,) = plan.obligations
    assert ((owed.duty.id, owed.due_on),) == one.due == (("effect", one.squeezed.latest),)
    before = one.squeezed.earliest - ONE_DAY
    assert not plan.record(PlanPutIntoEffect(on=before)).accepted
    decision = plan.record(PlanPutIntoEffect(on=one.squeezed.earliest))
    assert isinstance(decision, Accepted)
    assert decision.plan.obligations[0].outcome is Status.MET_LATE


def test_where_the_table_has_no_room_for_a_history_a_later_date_is_told() -> None:
    """The opening needs a notice to have run, so nothing leads up to the table's first day."""
    limit = figure(2)
    slow = waiting("plan-ended-at-review", "plan-in-effect", figure(3))
    ended = duty("ended", "plan-put-into-effect", "review-conference-decided", limit)
    going_on = TINY.rules["review-continues-plan"]
    need = slow.rules["plan-ended-at-review"].needs[-1]
    both = {**slow.rules, going_on.id: attrs.evolve(going_on, needs=(*going_on.needs, need))}
    found = examine(owing(attrs.evolve(slow, rules=both), ended))
    one = only(found)
    assert one.on is not None
    assert one.on > dt.date(2010, 1, 1)
    assert told(found.procedure, *one.history).last_day == one.on


def test_a_step_that_may_stand_already_puts_nothing_off() -> None:
    """A visit can be the first long after the plan was detailed; a core group can't."""
    limit = figure(2)
    visit = duty("effect", "visit-made", "plan-put-into-effect", limit)
    assert examine(owing(TINY, visit)).passed
    group = duty("effect", "core-group-held", "plan-put-into-effect", limit)
    one = only(examine(owing(TINY, group)))
    assert one.certainty is Certainty.CERTAIN
    assert one.first


def test_a_step_that_the_opening_clears_has_to_be_taken_anew() -> None:
    """The review clears nothing; the raising of non-compliance clears that it was reviewed."""
    needs_review = waiting("non-compliance-resolved", "non-compliance-reviewed", figure(3))
    limit = figure(2)
    raised = duty("resolve", "escalation-raised", "escalation-resolved", limit)
    assert only(examine(owing(needs_review, raised))).certainty is Certainty.CERTAIN
    assert examine(owing(needs_review, attrs.evolve(raised, value=figure(3)))).passed


def test_where_rules_leave_two_ways_the_quicker_counts() -> None:
    quick = StepNeed(code="quick", says="Quick.", cites=(), step="core-group-held")
    slow = EarliestNeed(
        code="slow",
        says="Slow.",
        cites=("standards/12i",),
        step="on-plan",
        value=figure(9),
        day_after=False,
        calendar=TINY.calendar,
    )
    held = duty("review", DECIDED, "review-conference-opened", figure(5))
    either = AnyNeed(code="either", says="Either.", cites=(), needs=(slow, quick))
    assert examine(owing(needing("review-opened", either), held)).passed
    both = AnyNeed(
        code="both", says="Either.", cites=(), needs=(slow, attrs.evolve(slow, value=figure(7)))
    )
    one = only(examine(owing(needing("review-opened", both), held)))
    assert len(one.ways) == 2


def test_a_duty_due_before_the_day_that_opens_it_is_found() -> None:
    """A date of birth lies in the past, so a week before it can't be kept."""
    born = attrs.evolve(DECIDED, on_field="date_of_birth")
    early = duty("early", born, "visit-made", figure(7), limit=Limit.BEFORE)
    one = only(examine(owing(TINY, early)))
    assert one.certainty is Certainty.CERTAIN


def test_a_duty_that_no_rule_lets_be_met_is_found() -> None:
    never = duty("never", DECIDED, "plan-ended-by-letter", figure(5))
    one = only(examine(owing(TINY, never)))
    assert (one.certainty, one.ways) == (Certainty.CERTAIN, ())
    assert any("No rule lets" in line.text for line in lines_of(examine(owing(TINY, never))))


def test_a_duty_that_recurs_too_often_for_its_own_rule_is_found() -> None:
    slow = waiting("core-group-held", "core-group-held", figure(9))
    assert any(need.code == "made-up" for need in slow.rules["core-group-held"].needs)
    often = duty("often", DECIDED, "core-group-held", figure(8), limit=Limit.EVERY)
    found = examine(owing(slow, often))
    assert found.contradictions
    assert not found.passed
