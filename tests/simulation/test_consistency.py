"""Consistency: planted contradictions are found with their clauses, and nothing else is.

What is claimed of a procedure is held against the kernel: on every start date, and over every short
history of procedures made up at random.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from cpplan import PROCEDURES, Accepted, Plan, Procedure, Status, load
from cpplan.calendars import load_calendar
from cpplan.clauses import Strength
from cpplan.duties import Duty, Limit
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
from cpplan.needs import AnyNeed, EarliestNeed, Need, StepNeed
from cpplan.values import Origin, Value
from cpplan_sim.commands.group import cpplan
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.findings import Consistency, Contradiction, as_data
from cpplan_sim.consistency.judging import Certainty
from cpplan_sim.running import loaded
from cpplan_sim.telling_deadlines import lines_of

PACK = Path(__file__).parents[1] / "data" / "packs" / "tiny"
TINY = load(PACK)
ONE_DAY = dt.timedelta(days=1)


def figure(amount: int, unit: str = "calendar-days") -> Value:
    return Value("made-up", amount, unit, "", "made up", Origin.CHOICE, ())


DECIDED = TINY.duties["visit"].opens[0]
"""The conference decides on a plan."""


def duty(name: str, opens: str | Match, met: str, value: Value | None = None, **more: Any) -> Duty:
    """Return a duty: to be met within a figure, or by the event that ``due_at`` names."""
    made = Duty(
        id=name,
        says=f"Made up: {name}.",
        topic="noting",
        strength=Strength.MUST,
        owed_by=(),
        limit=Limit.WITHIN if value else Limit.BEFORE_EVENT,
        value=value,
        opens=(Match(opens) if isinstance(opens, str) else opens,),
        met_by=(Match(met),),
        cites=("standards/3b",),
    )
    return attrs.evolve(made, **more)


def owing(procedure: Procedure, *duties: Duty) -> Procedure:
    """Return the procedure with these duties in place of its own."""
    return attrs.evolve(procedure, duties={one.id: one for one in duties})


def waiting(
    rule: str, step: str, period: Value, *, day_after: bool = False, procedure: Procedure = TINY
) -> Procedure:
    """Return the procedure with a rule that waits for a period to run since a step."""
    need = EarliestNeed(
        code="made-up",
        says="Made up.",
        cites=("standards/12i",),
        step=step,
        value=period,
        day_after=day_after,
        calendar=procedure.calendar,
    )
    return needing(rule, need, procedure=procedure)


def needing(rule: str, need: Need, *, procedure: Procedure = TINY) -> Procedure:
    old = procedure.rules[rule]
    new = attrs.evolve(old, needs=(*old.needs, need))
    return attrs.evolve(procedure, rules={**procedure.rules, rule: new})


def effect_within(amount: int, unit: str) -> Procedure:
    """Return the tiny procedure, whose plan waits five working days, with a limit on that."""
    limit = figure(amount, unit)
    return owing(TINY, duty("effect", "detailed-plan-agreed", "plan-put-into-effect", limit))


def only(found: Consistency) -> Contradiction:
    assert not found.undecided
    (one,) = found.contradictions
    return one


def cited(one: Contradiction) -> set[str]:
    return {clause for way in one.ways for bound in way for clause in bound.cites}


# Never in time


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


def detailed(procedure: Procedure, on: dt.date) -> Plan:
    return told(
        procedure,
        InitialConferenceOpened(on=on),
        InitialConferenceDecided(on=on, plan_made=True, plan=PlanContent(concerns="left alone")),
        CoreGroupHeld(on=on),
        DetailedPlanAgreed(on=on),
    )


def told(procedure: Procedure, *events: Event) -> Plan:
    plan = Plan(procedure)
    for event in events:
        decision = plan.record(event)
        assert isinstance(decision, Accepted), decision
        plan = decision.plan
    return plan


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


# Together

FOUR_DAYS = figure(4, "working-days")


def conflicting(limit: Value = FOUR_DAYS, **more: object) -> Procedure:
    """Return a plan to be in effect by the review, and a review too soon for its notice."""
    opening, review = DECIDED, "review-conference-opened"
    return owing(
        TINY,
        duty("in-effect", opening, "plan-put-into-effect", due_at=(Match(review),)),
        duty("quick-review", opening, review, limit, cites=("standards/10a",), **more),
    )


def test_two_duties_that_contradict_each_other_are_found_with_all_clauses() -> None:
    one = only(examine(conflicting()))
    assert one.certainty is Certainty.CERTAIN
    assert {each.id for each in one.duties} == {"in-effect", "quick-review"}
    assert {"standards/3b", "standards/10a", "standards/12i"} <= cited(one)
    assert {name for name, _ in one.due} == {"in-effect", "quick-review"}
    said = " ".join(line.text for line in lines_of(examine(conflicting())))
    assert "4 to 12 days allowed, 6 to 14 days needed" in said


def test_two_duties_that_just_fit_are_not() -> None:
    assert examine(conflicting(figure(6, "working-days"))).passed


def test_two_duties_that_a_holiday_sets_at_odds_are_found_with_the_date() -> None:
    one = only(examine(conflicting(figure(9))))
    assert one.certainty is Certainty.POSSIBLE
    assert one.on is not None
    assert one.squeezed is not None
    assert one.squeezed.latest == one.on + dt.timedelta(days=9)
    assert told(conflicting(figure(9)), *one.history).last_day == one.on


def test_duties_one_after_the_other_are_added_up() -> None:
    """Detailed in 2 days, in effect 2 days on; but not before 5 days from the conference."""
    slow = waiting("plan-put-into-effect", "on-plan", figure(5))
    rules = dict(slow.rules)
    for name in ("plan-put-into-effect", "plan-put-into-effect-while-escalated"):
        kept = [n for n in rules[name].needs if n.code != "notice-not-run"]
        made = [n for n in slow.rules["plan-put-into-effect"].needs if n.code == "made-up"]
        rules[name] = attrs.evolve(rules[name], needs=(*kept, *made))
    slow = attrs.evolve(slow, rules=rules)
    first = duty("first", DECIDED, "detailed-plan-agreed", figure(2))
    then = duty("then", "detailed-plan-agreed", "plan-put-into-effect", figure(2))
    one = only(examine(owing(slow, first, then)))
    assert one.certainty is Certainty.CERTAIN
    assert {each.id for each in one.duties} == {"first", "then"}
    assert examine(owing(slow, first, attrs.evolve(then, value=figure(3)))).passed


def test_what_is_to_be_done_before_an_event_that_it_needs_is_found() -> None:
    """The plan is to be in effect by the core group on which its notice stands."""
    notice = TINY.rules["plan-put-into-effect"].needs[-1]
    assert isinstance(notice, EarliestNeed)
    rules = {
        name: attrs.evolve(
            rule,
            needs=(*rule.needs[:-1], attrs.evolve(notice, step="core-group-held"))
            if notice in rule.needs
            else rule.needs,
        )
        for name, rule in TINY.rules.items()
    }
    group = "core-group-held"
    in_effect = duty("in-effect", DECIDED, "plan-put-into-effect", due_at=(Match(group),))
    meets = duty("meets", DECIDED, group, figure(60))
    one = only(examine(owing(attrs.evolve(TINY, rules=rules), in_effect, meets)))
    assert [each.id for each in one.duties] == ["in-effect"]
    assert examine(owing(TINY, meets)).passed


def test_duties_that_no_one_event_opens_are_not_held_against_each_other() -> None:
    """One is opened where a plan is made, the other where none is."""
    whole = conflicting()
    no_plan = attrs.evolve(
        DECIDED,
        when=(("plan_made", (False,)),),
        tests=(lambda event: getattr(event, "plan_made", None) is False,),
    )
    other = attrs.evolve(whole.duties["quick-review"], opens=(no_plan,))
    found = examine(owing(whole, whole.duties["in-effect"], other))
    assert not found.contradictions
    assert not found.counts.pairs


def test_what_only_may_be_done_contradicts_nothing_and_is_told() -> None:
    found = examine(conflicting(strength=Strength.MAY))
    one = only(found)
    assert one.optional
    assert found.passed
    assert any("binds nobody" in line.text for line in lines_of(found))
    should = examine(conflicting(strength=Strength.SHOULD))
    assert not should.passed


def test_of_several_contradictions_each_is_told() -> None:
    whole = conflicting()
    more = duty("effect", "detailed-plan-agreed", "plan-put-into-effect", figure(3))
    found = examine(attrs.evolve(whole, duties={**whole.duties, more.id: more}))
    assert sorted(one.alone for one in found.contradictions) == [False, True]


# Nothing examined, nothing passed


def test_a_procedure_without_a_dated_duty_does_not_pass() -> None:
    found = examine(owing(TINY))
    assert not found.passed
    assert "nothing was examined" in str(found)
    assert any("nothing was examined" in line.text for line in lines_of(found))
    timeless = duty("some-time", DECIDED, "visit-made", limit=Limit.UNSTATED)
    assert not examine(owing(TINY, timeless)).passed


def test_a_duty_that_nothing_opens_is_undecided() -> None:
    lost = duty("lost", "letter-route-agreed", "visit-made", figure(5))
    known = duty("known", DECIDED, "visit-made", figure(5))
    found = examine(owing(TINY, lost, known))
    assert not found.passed
    assert "lost" in found.undecided[0]


def test_a_period_longer_than_the_table_is_undecided() -> None:
    ages = duty("ages", DECIDED, "visit-made", figure(9_000, "working-days"))
    found = examine(owing(TINY, ages))
    assert not found.passed
    assert found.undecided


# The procedures


DATED = {
    "london": 17,
    "jersey": 12,
    "standards": 9,
    "lead-social-worker": 6,
    "luton": 22,
    "composite": 25,
}


@cache
def examined(name: str) -> Consistency:
    return examine(loaded(name))


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


# Brute force over histories


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


# The command


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, ["consistency", *map(str, arguments)])


def planted(folder: Path, days: int) -> Path:
    """Return the folder of a pack whose plan has to be in effect within some days."""
    mine = folder / "tiny"
    shutil.copytree(PACK, mine)
    head = (mine / "pack.yaml").read_text(encoding="utf-8")
    value = (
        f"  soon:\n    says: soon\n    is: {days}\n    unit: calendar-days\n"
        "    origin: choice\n    why: Made up.\n"
    )
    (mine / "pack.yaml").write_text(
        head.replace("\n\nsilent:", f"\n{value}\nsilent:"), encoding="utf-8"
    )
    duties = (mine / "duties.yaml").read_text(encoding="utf-8")
    more = (
        "  effect:\n    says: The plan is put into effect soon.\n    topic: effect\n"
        "    strength: must\n    opens: [{event: detailed-plan-agreed}]\n    within: soon\n"
        "    met-by: [{event: plan-put-into-effect}]\n    cites: [standards/3b]\n"
    )
    (mine / "duties.yaml").write_text(duties + more, encoding="utf-8")
    return mine


def test_the_command_tells_a_contradiction_with_its_clauses_and_exits_with_1(
    tmp_path: Path,
) -> None:
    result = invoke(planted(tmp_path, 3))
    assert result.exit_code == 1
    for words in ("certain", "on any date", "standards/3b must", "standards/12i should", "must"):
        assert words in result.output
    assert "3 days allowed, 6 to 14 days needed" in result.output


def test_the_command_passes_what_fits_and_gives_the_same_as_json(tmp_path: Path) -> None:
    mine = planted(tmp_path, 14)
    assert invoke(mine).exit_code == 0
    result = invoke(mine, "--format", "json")
    (data,) = json.loads(result.output)
    assert data == as_data(examine(load(mine)))
    assert data["passed"]
    assert data["examined"]["limits"]


def test_the_json_of_a_contradiction_says_what_the_text_says(tmp_path: Path) -> None:
    result = invoke(planted(tmp_path, 9), "--format", "json")
    assert result.exit_code == 1
    (data,) = json.loads(result.output)
    (one,) = data["contradictions"]
    assert one["certainty"] == "possible"
    assert (one["on"], one["latest"], one["earliest"]) == ("2008-03-14", "2008-03-23", "2008-03-26")
    assert one["history"][-1]["on"] == "2008-03-14"
    strengths = {each["strength"] for way in one["ways"] for b in way for each in b["cites"]}
    assert strengths == {"must", "should"}


def test_a_figure_can_be_chosen_and_another_calendar_taken() -> None:
    chosen = invoke("standards", "--set", "review-as-soon-as-possible=3", "--calendar", "jersey")
    assert chosen.exit_code == 0, chosen.output
    assert "no figure is chosen" not in chosen.output
    assert "jersey" in chosen.output
    assert invoke("standards", "--set", "soon").exit_code == 2
    assert invoke("standards", "--set", "soon=1").exit_code == 2
    assert invoke("stndards").exit_code == 2


def test_every_margin_can_be_told() -> None:
    told_ = invoke("lead-social-worker", "--duties")
    assert told_.exit_code == 0
    for margin in examined("lead-social-worker").margins:
        assert margin.duty.id in told_.output
