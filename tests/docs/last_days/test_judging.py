"""The last moment: on the due day, and at the event that a duty comes before, not sooner."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan import Plan
from cpplan.events import AssessmentCompleted, FamilyFilesRead
from cpplan_docs.last_days.judging import at_last, harm, has_last_moment
from cpplan_docs.last_days.living import lives
from cpplan_sim.running import loaded

LATE = dt.timedelta(days=1)


def test_met_the_day_before_is_not_the_last_moment() -> None:
    one = next(lives(loaded("lead-social-worker")))
    owed = next(o for o in one.plan.obligations if o.due_on and at_last(one.plan, o))
    assert owed.due_on is not None
    sooner = attrs.evolve(owed, closed_on=owed.due_on - LATE)
    assert not at_last(one.plan, sooner)


def test_what_comes_before_an_event_is_at_its_last_moment_only_on_that_day() -> None:
    one = next(lives(loaded("lead-social-worker")))
    owed = next(
        o for o in one.plan.obligations if o.due_on is None and o.duty.due_at and o.closed_on
    )
    assert at_last(one.plan, owed)
    read = one.plan.events[owed.closed_by or 0]
    assert isinstance(read, FamilyFilesRead)
    events = [e for e in one.plan.events if e != read]
    before = events.index(next(e for e in events if isinstance(e, AssessmentCompleted)))
    moved = attrs.evolve(read, on=events[before - 1].on)
    assert moved.on < read.on
    plan = Plan.rebuild(one.plan.procedure, [*events[:before], moved, *events[before:]])
    same = next(o for o in plan.obligations if o.duty.id == owed.duty.id)
    assert not at_last(plan, same)


def test_a_missed_duty_is_a_failure() -> None:
    one = next(lives(loaded("lead-social-worker")))
    plan = one.plan
    late = attrs.evolve(plan.events[-1], on=plan.events[-1].on + LATE)
    before = Plan.rebuild(plan.procedure, plan.events[:-1])
    after = Plan.rebuild(plan.procedure, [*plan.events[:-1], late])
    assert harm(before, after, ()).failed
    assert not harm(before, plan, ()).failed


def test_a_duty_without_a_time_has_no_last_moment() -> None:
    duties = loaded("london").duties.values()
    assert not any(has_last_moment(d) for d in duties if d.value is None and not d.due_at)
    assert any(has_last_moment(d) for d in duties)
