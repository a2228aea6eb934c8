"""Consistency: two duties that contradict each other, and what contradicts nothing."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan import Procedure
from cpplan.clauses import Strength
from cpplan.duties import Limit
from cpplan.matching import Match
from cpplan.needs import EarliestNeed
from cpplan.values import Value
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.judging import Certainty
from cpplan_sim.telling_deadlines import lines_of
from tests.simulation.deadlines import (
    DECIDED,
    TINY,
    cited,
    duty,
    figure,
    only,
    owing,
    told,
    waiting,
)

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
