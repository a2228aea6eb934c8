"""Consistency: the shipped procedures, and procedures made up at random, against the kernel."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import attrs
import pytest

from cpplan import PROCEDURES, Accepted, Plan, Procedure, Status
from cpplan.calendars import load_calendar
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    EscalationRaised,
    Event,
    InitialConferenceDecided,
    InitialConferenceOpened,
    PlanContent,
    PlanPutIntoEffect,
    ReviewConferenceDecided,
    ReviewConferenceOpened,
    Trigger,
    VisitLocation,
    VisitMade,
)
from cpplan.matching import Match
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.judging import Certainty
from cpplan_sim.running import loaded
from cpplan_sim.telling_deadlines import lines_of
from tests.simulation.deadlines import (
    DECIDED,
    TINY,
    cited,
    duty,
    effect_within,
    examined,
    figure,
    only,
    owing,
    told,
    waiting,
)

DATED = {
    "london": 17,
    "jersey": 12,
    "standards": 9,
    "lead-social-worker": 6,
    "luton": 22,
    "composite": 25,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_the_deadlines_of_each_procedure_can_be_kept_from_every_start_date(name: str) -> None:
    found = examined(name)
    assert found.passed, "\n".join(line.text for line in lines_of(found))
    assert not found.contradictions
    assert found.counts.dated == DATED[name] == len(found.margins)
    assert found.counts.pairs
    assert found.counts.dates == 10_227


@pytest.mark.slow
@pytest.mark.parametrize("name", ["standards", "composite"])
def test_the_plan_is_ended_on_the_eighteenth_birthday_and_on_no_other_day(name: str) -> None:
    """It can't be ended before, and should be ended by then: one day, and no more."""
    margins = {one.duty.id: one for one in examined(name).margins}
    assert margins["end-at-18"].waits
    assert margins["end-at-18"].days == 0
    assert [one.duty.id for one in examined(name).margins if one.waits] == ["end-at-18"]


def test_a_notice_on_the_letter_for_a_looked_after_child_could_never_be_given_in_time() -> None:
    """So reading S18 of the register, that this letter gives no notice, is the only one."""
    standards = loaded("standards")
    notice = standards.values["letter-notice"]
    noticed = waiting(
        "plan-ended-by-looked-after-letter",
        "looked-after-end-agreed",
        notice,
        day_after=True,
        procedure=standards,
    )
    one = only(examine(noticed))
    assert one.certainty is Certainty.CERTAIN
    assert [each.id for each in one.duties] == ["looked-after-letter"]
    assert {"standards/13e", "standards/12i"} <= cited(one)
    assert set(one.states) >= {"outline", "detailed", "active", "escalated"}


def test_the_calendar_of_jersey_has_worst_cases_of_its_own() -> None:
    found = examine(attrs.evolve(TINY, calendar=load_calendar("jersey")))
    assert found.procedure.calendar.jurisdiction == "jersey"
    here = only(examine(effect_within(8, "calendar-days")))
    there = attrs.evolve(effect_within(8, "calendar-days"), calendar=load_calendar("jersey"))
    assert only(examine(there)).failing != here.failing


KINDS = (
    "core-group-held",
    "detailed-plan-agreed",
    "plan-put-into-effect",
    "review-conference-opened",
    "review-conference-decided",
    "visit-made",
    "escalation-raised",
)

RULES = (
    "core-group-held",
    "detailed-plan-agreed",
    "plan-put-into-effect",
    "review-opened",
    "review-continues-plan",
)

STEPS = ("on-plan", "core-group-held", "detailed-plan-agreed", "review-held")

BEGUN = dt.date(2026, 1, 6)

DAYS = (0, 1, 2, 3)

DEPTH = 4


def made_up(seed: int) -> Procedure:
    """Return a procedure with two waits and two short duties, at random."""
    rng = random.Random(seed)
    plain = waiting("visit-made", "on-plan", figure(0))
    rules = {
        name: attrs.evolve(rule, needs=tuple(n for n in rule.needs if n.code != "notice-not-run"))
        for name, rule in plain.rules.items()
    }
    made = attrs.evolve(plain, rules=rules)
    for _ in range(2):
        made = waiting(
            rng.choice(RULES), rng.choice(STEPS), figure(rng.randint(1, 3)), procedure=made
        )
    first, second = rng.sample(KINDS[:6], 2)
    opens: Match | str = DECIDED
    again = rng.random() < 0.3
    return owing(
        made,
        duty("one", opens, first, figure(rng.randint(0, 2))),
        duty("two", opens, second, due_at=(Match(first),))
        if rng.random() < 0.5 and not again
        else duty("two", first if again else opens, second, figure(rng.randint(0, 3))),
    )


def alphabet(on: dt.date) -> list[Event]:
    return [
        CoreGroupHeld(on=on),
        DetailedPlanAgreed(on=on),
        PlanPutIntoEffect(on=on),
        ReviewConferenceOpened(on=on),
        ReviewConferenceDecided(on=on, plan_continues=True),
        VisitMade(on=on, child_seen=True, location=VisitLocation.HOME),
        EscalationRaised(on=on, trigger=Trigger.NON_COMPLIANCE),
    ]


def futures(procedure: Procedure) -> Iterator[Plan]:
    """Yield every plan that a conference can lead to, within some events on some days."""
    begun = told(
        procedure,
        InitialConferenceOpened(on=BEGUN),
        InitialConferenceDecided(on=BEGUN, plan_made=True, plan=PlanContent(concerns="left alone")),
    )
    so_far = {standing(begun): begun}
    for _ in range(DEPTH):
        longer: dict[object, Plan] = {}
        for plan in so_far.values():
            for days in DAYS:
                on = BEGUN + dt.timedelta(days=days)
                if on >= max(event.on for event in plan.events):
                    decisions = (plan.record(event) for event in alphabet(on))
                    plans = [one.plan for one in decisions if isinstance(one, Accepted)]
                    longer |= {standing(plan): plan for plan in plans}
        yield from longer.values()
        so_far = longer


def standing(plan: Plan) -> object:
    """Return all that the future of a plan and of its duties turns on."""
    owed = tuple((one.duty.id, one.due_on, one.outcome) for one in plan.obligations)
    return plan.state, tuple(sorted(plan.steps.items())), plan.last_day, owed


def met(plan: Plan, name: str) -> bool:
    """Return whether the first case of a duty on a plan was met in time."""
    first = next((one for one in plan.obligations if one.duty.id == name), None)
    return first is not None and first.outcome is Status.MET


@pytest.mark.slow
def test_no_short_history_meets_what_is_said_to_be_impossible() -> None:
    impossible = possible = 0
    for seed in range(30):
        procedure = made_up(seed)
        found = examine(procedure)
        claims = [one for one in found.contradictions if one.opening.startswith("initial")]
        several = [{each.id for each in one.duties} for one in claims]
        reached = {
            frozenset(name for name in ("one", "two") if met(plan, name))
            for plan in futures(procedure)
        }
        for names in several:
            impossible += 1
            assert not any(names <= those for those in reached), (seed, names)
        possible += not claims and frozenset({"one", "two"}) in reached
    assert impossible >= 8
    assert possible >= 8
