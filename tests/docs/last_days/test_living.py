"""Plans lived as late as lawful: the kernel takes every event, and nothing is missed."""

from __future__ import annotations

from functools import cache

import pytest

from cpplan import Accepted, Plan, load
from cpplan.obligations import Status
from cpplan_docs.last_days.judging import at_last, has_last_moment
from cpplan_docs.last_days.living import Lived, lives
from cpplan_sim.running import loaded

QUICK = ("london", "jersey", "standards", "lead-social-worker")


@cache
def lived(name: str) -> tuple[Lived, ...]:
    return tuple(lives(loaded(name)))


@pytest.mark.parametrize("name", QUICK)
def test_the_kernel_takes_every_event_again(name: str) -> None:
    for one in lived(name):
        plan = Plan(loaded(name))
        for event in one.plan.events:
            decision = plan.record(event)
            assert isinstance(decision, Accepted), event
            plan = decision.plan
        assert plan == one.plan


@pytest.mark.parametrize("name", QUICK)
def test_nothing_is_missed_late_or_overdue(name: str) -> None:
    for one in lived(name):
        outcomes = {o.outcome for o in one.plan.obligations}
        assert outcomes.isdisjoint({Status.MISSED, Status.MET_LATE})
        last = one.plan.events[-1].on
        assert all(status is not Status.OVERDUE for _, status in one.plan.due(last))


@pytest.mark.parametrize("name", QUICK)
def test_every_duty_that_has_a_last_moment_is_met_at_it(name: str) -> None:
    shown = {duty for one in lived(name) for duty in one.shown}
    dated = {d.id for d in loaded(name).duties.values() if has_last_moment(d)}
    assert shown == dated


@pytest.mark.parametrize("name", QUICK)
def test_what_is_shown_was_met_on_the_day_it_was_due(name: str) -> None:
    dated = 0
    for one in lived(name):
        for duty in one.shown:
            owed = [o for o in one.plan.obligations if o.duty.id == duty and at_last(one.plan, o)]
            assert owed
            on_a_day = [o for o in owed if o.due_on is not None]
            assert all(o.closed_on == o.due_on for o in on_a_day)
            dated += len(on_a_day)
    assert dated > 3


def test_another_figure_in_the_pack_gives_other_last_days() -> None:
    longer = load("lead-social-worker", values={"visit-interval": 15})
    days = [event.on for one in lived("lead-social-worker") for event in one.plan.events]
    others = [event.on for one in lives(longer) for event in one.plan.events]
    assert days != others


def test_a_plan_lived_twice_is_the_same() -> None:
    again = [one.plan for one in lives(loaded("lead-social-worker"))]
    assert again == [one.plan for one in lived("lead-social-worker")]
