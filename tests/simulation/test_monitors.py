"""Monitors: each template by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from cpplan.events import (
    BirthdayReviewPlanned,
    ChairSatisfied,
    ChildBorn,
    LetterRouteAgreed,
    ReviewConferenceDecided,
)
from cpplan.events.parts import CircumstanceCheck
from cpplan.fields import reader
from cpplan.matching import FieldTest, Match
from cpplan.requirements import ONE_SIDED, Atom, Covering, Template
from cpplan.values import Origin, Value
from cpplan_sim.monitors import Finding, Moment, Monitor, UntimedTemplateError, judge
from tests.simulation.monitoring import (
    BROKEN,
    ENGLAND,
    GROUP,
    HELD,
    IDLE,
    START,
    VISIT,
    ending,
    group,
    noise,
    on_day,
    period,
    recorded,
    refused,
    required,
    visit,
)


def test_existence_is_judged_when_the_plan_ends_and_not_before() -> None:
    finds = required(Template.EXISTENCE, VISIT)
    assert finds() == (IDLE, None)
    assert finds(recorded(visit(0))) == (IDLE, None)
    assert finds(recorded(visit(0)), ending(1)) == (HELD, None)
    assert finds(recorded(group(0)), ending(1)) == (BROKEN, 1)


def test_existence_is_met_by_the_very_event_that_ends_the_plan_but_not_by_a_later_one() -> None:
    finds = required(Template.EXISTENCE, Atom(Match("plan-ended-by-letter")))
    assert finds(ending(1)) == (HELD, None)
    late = recorded(visit(2), "ended.letter")
    assert required(Template.EXISTENCE, VISIT)(ending(1), late) == (BROKEN, 0)


def test_a_refused_attempt_does_not_make_a_thing_exist() -> None:
    finds = required(Template.EXISTENCE, VISIT)
    assert finds(refused(visit(0)), ending(1)) == (BROKEN, 1)


def test_absence_is_broken_by_the_first_occurrence() -> None:
    finds = required(Template.ABSENCE, VISIT)
    assert finds(recorded(group(0)), recorded(visit(1)), recorded(visit(2))) == (BROKEN, 1)


def test_absence_is_put_to_the_test_by_a_refused_attempt_and_by_nothing_less() -> None:
    finds = required(Template.ABSENCE, VISIT)
    assert finds(recorded(group(0)), ending(1)) == (IDLE, None)
    assert finds(refused(group(0)), ending(1)) == (IDLE, None)
    assert finds(refused(visit(0)), ending(1)) == (HELD, None)


def test_absence_of_a_way_into_a_state_is_put_to_the_test_by_another_way_into_it() -> None:
    finds = required(Template.ABSENCE, Atom(enters=("ended.letter",), leaves=("escalated",)))
    by_escalated = recorded(noise(1), "escalated", "ended.letter")
    assert finds(recorded(noise(1), "escalated", "active")) == (IDLE, None)
    assert finds(ending(1)) == (HELD, None)
    assert finds(by_escalated) == (BROKEN, 0)


def test_absence_of_an_event_with_a_field_looks_at_the_field() -> None:
    continues = FieldTest(
        "reasons", "is recorded", reader("reasons"), lambda value: not value, "given", False
    )
    match = Match("review-conference-decided", where=(continues,), tests=(continues.holds,))
    finds = required(Template.ABSENCE, Atom(match))
    with_reasons = ReviewConferenceDecided(on=START, plan_continues=True, reasons="because")
    without = ReviewConferenceDecided(on=START, plan_continues=True)
    assert finds(recorded(with_reasons), refused(with_reasons)) == (IDLE, None)
    assert finds(recorded(with_reasons), refused(without)) == (HELD, None)
    assert finds(recorded(with_reasons), recorded(without)) == (BROKEN, 1)


def test_precedence_asks_for_the_first_side_only_when_the_later_one_occurs() -> None:
    finds = required(Template.PRECEDENCE, VISIT, GROUP)
    assert finds(recorded(visit(0)), ending(1)) == (IDLE, None)
    assert finds(recorded(visit(0)), recorded(group(1)), recorded(group(2))) == (HELD, None)
    assert finds(recorded(noise(0)), recorded(group(1)), recorded(visit(2))) == (BROKEN, 1)


def test_a_refused_first_side_precedes_nothing_and_a_refused_later_side_asks_for_nothing() -> None:
    finds = required(Template.PRECEDENCE, VISIT, GROUP)
    assert finds(refused(visit(0)), recorded(group(1))) == (BROKEN, 1)
    assert finds(refused(group(0))) == (IDLE, None)


def test_no_event_is_its_own_predecessor() -> None:
    finds = required(Template.PRECEDENCE, GROUP, Atom(enters=("active",)))
    into_effect = recorded(group(1), "detailed", "active")
    assert finds(into_effect) == (BROKEN, 0)
    assert finds(recorded(group(0), "detailed"), into_effect) == (HELD, None)


def test_after_means_that_the_last_day_has_passed_and_not_before_that_it_has_come() -> None:
    notice = period(10, "working-days")  # from Monday 5 January 2026 to Monday the 19th
    after = required(Template.PRECEDENCE, VISIT, GROUP, after=notice)
    not_before = required(Template.PRECEDENCE, VISIT, GROUP, not_before=notice)
    sent = recorded(visit(0))
    assert not_before(sent, recorded(group(13))) == (BROKEN, 1)
    assert not_before(sent, recorded(group(14))) == (HELD, None)
    assert after(sent, recorded(group(14))) == (BROKEN, 1)
    assert after(sent, recorded(group(15))) == (HELD, None)


def test_within_counts_the_last_day_in() -> None:
    finds = required(Template.PRECEDENCE, VISIT, GROUP, within=period(7))
    assert finds(recorded(visit(0)), recorded(group(7))) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(group(8))) == (BROKEN, 1)


def test_of_several_first_sides_any_one_that_is_in_time_is_enough() -> None:
    within = required(Template.PRECEDENCE, VISIT, GROUP, within=period(7))
    both = required(Template.PRECEDENCE, VISIT, GROUP, after=period(5), within=period(9))
    assert within(recorded(visit(0)), recorded(visit(20)), recorded(group(22))) == (HELD, None)
    early, late = recorded(visit(0)), recorded(visit(8))
    assert both(early, late, recorded(group(9))) == (HELD, None)
    assert both(early, late, recorded(group(12))) == (BROKEN, 2)


def test_a_first_side_can_be_dated_by_a_field() -> None:
    born = Atom(Match("child-born", on_field="date_of_birth"))
    finds = required(
        Template.PRECEDENCE,
        born,
        GROUP,
        not_before=Value("adult", 18, "years-of-age", "", "grown up", Origin.CHOICE, ()),
    )
    birth = recorded(ChildBorn(on=START, date_of_birth=dt.date(2008, 1, 10)))
    assert finds(birth, recorded(group(4))) == (BROKEN, 1)
    assert finds(birth, recorded(group(5))) == (HELD, None)


def test_a_side_whose_field_is_not_recorded_does_not_show() -> None:
    reviewed = Atom(Match("review-conference-decided", on_field="next_review_date"))
    finds = required(Template.PRECEDENCE, reviewed, GROUP)
    undated = recorded(ReviewConferenceDecided(on=START, plan_continues=True))
    assert finds(undated, recorded(group(1))) == (BROKEN, 1)


def test_a_first_side_may_be_any_of_several() -> None:
    finds = required(Template.PRECEDENCE, Atom(any_of=(VISIT, Atom(enters=("active",)))), GROUP)
    assert finds(recorded(visit(0)), recorded(group(1))) == (HELD, None)
    assert finds(recorded(noise(0), "detailed", "active"), recorded(group(1))) == (HELD, None)
    assert finds(recorded(noise(0), "active"), recorded(group(1))) == (BROKEN, 1)


def test_alternate_precedence_wants_a_first_side_of_its_own_for_each_later_one() -> None:
    finds = required(Template.ALTERNATE_PRECEDENCE, VISIT, GROUP)
    one, two = recorded(visit(0)), recorded(group(1))
    assert finds(one, one) == (IDLE, None)
    assert finds(one, two, one, two) == (HELD, None)
    assert finds(one, one, two, two) == (BROKEN, 3)
    assert finds(two) == (BROKEN, 0)


def test_alternate_precedence_counts_time_only_from_first_sides_since_the_last_later_one() -> None:
    finds = required(Template.ALTERNATE_PRECEDENCE, VISIT, GROUP, not_before=period(5))
    told = (recorded(visit(0)), recorded(group(5)), recorded(visit(6)))
    assert finds(*told, recorded(group(11))) == (HELD, None)
    assert finds(*told, recorded(group(10))) == (BROKEN, 3)


def test_a_response_is_broken_by_the_end_of_the_plan_and_not_by_waiting_alone() -> None:
    finds = required(Template.RESPONSE, VISIT, GROUP)
    assert finds(recorded(group(0)), ending(1)) == (IDLE, None)
    assert finds(recorded(visit(0)), recorded(noise(400))) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(group(400)), ending(401)) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(noise(1)), ending(2)) == (BROKEN, 2)


def test_a_response_is_broken_as_soon_as_an_event_shows_that_its_time_has_passed() -> None:
    finds = required(Template.RESPONSE, VISIT, GROUP, within=period(7))
    assert finds(recorded(visit(0)), recorded(noise(7)), recorded(group(7))) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(noise(8)), recorded(group(8))) == (BROKEN, 1)
    assert finds(recorded(visit(0)), recorded(group(8))) == (BROKEN, 1)


def test_one_answer_is_enough_for_all_that_wait() -> None:
    finds = required(Template.RESPONSE, VISIT, GROUP, within=period(7))
    assert finds(
        recorded(visit(0)), recorded(visit(3)), recorded(group(5)), recorded(noise(9))
    ) == (HELD, None)


def test_an_answer_that_comes_too_early_is_none() -> None:
    finds = required(Template.RESPONSE, VISIT, GROUP, after=period(3))
    assert finds(recorded(visit(0)), recorded(group(3)), ending(9)) == (BROKEN, 2)
    assert finds(recorded(visit(0)), recorded(group(4)), ending(9)) == (HELD, None)


def test_of_several_that_wait_the_one_due_soonest_decides() -> None:
    planned = Atom(Match("birthday-review-planned", on_field="planned_on"))
    finds = required(Template.RESPONSE, planned, GROUP, within=period(0))
    far = recorded(BirthdayReviewPlanned(on=on_day(0), planned_on=on_day(30)))
    near = recorded(BirthdayReviewPlanned(on=on_day(1), planned_on=on_day(10)))
    assert finds(far, near, recorded(noise(11))) == (BROKEN, 2)
    assert finds(far, near, recorded(group(10)), recorded(noise(31))) == (HELD, None)


def test_what_the_end_itself_calls_for_may_follow_the_end() -> None:
    finds = required(Template.RESPONSE, Atom(enters=("ended.letter",)), GROUP, within=period(5))
    assert finds(ending(0), recorded(group(5), "ended.letter")) == (HELD, None)
    assert finds(ending(0), recorded(noise(6), "ended.letter")) == (BROKEN, 1)


def test_succession_is_precedence_and_response_together() -> None:
    finds = required(Template.SUCCESSION, VISIT, GROUP, within=period(7))
    assert finds(recorded(noise(0)), ending(1)) == (IDLE, None)
    assert finds(recorded(visit(0)), recorded(group(7)), ending(9)) == (HELD, None)
    assert finds(recorded(group(0)), recorded(visit(1))) == (BROKEN, 0)
    assert finds(recorded(visit(0)), ending(1)) == (BROKEN, 1)
    assert finds(recorded(visit(0)), recorded(noise(8))) == (BROKEN, 1)
    assert finds(
        recorded(visit(0)), recorded(group(7)), recorded(noise(9)), recorded(group(9))
    ) == (BROKEN, 3)


def test_not_succession_forbids_the_later_side_for_good_once_the_first_was_seen() -> None:
    finds = required(Template.NOT_SUCCESSION, VISIT, GROUP)
    assert finds(recorded(group(0)), recorded(group(1))) == (IDLE, None)
    assert finds(recorded(group(0)), recorded(visit(1)), ending(2)) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(noise(1)), recorded(group(2))) == (BROKEN, 2)
    assert finds(recorded(visit(0)), refused(group(2))) == (HELD, None)


def test_an_event_that_is_both_sides_breaks_not_succession_only_the_second_time() -> None:
    finds = required(Template.NOT_SUCCESSION, Atom(enters=("review",)), Atom(enters=("review",)))
    opens = recorded(noise(0), "active", "review")
    assert finds(opens, recorded(noise(1), "review", "active")) == (HELD, None)
    assert finds(opens, recorded(noise(1), "review", "active"), opens) == (BROKEN, 2)


def test_not_succession_with_a_time_forbids_the_later_side_within_it_alone() -> None:
    finds = required(Template.NOT_SUCCESSION, VISIT, GROUP, within=period(7))
    assert finds(recorded(visit(0)), recorded(group(7))) == (BROKEN, 1)
    assert finds(recorded(visit(0)), recorded(group(8))) == (HELD, None)


def test_not_co_existence_is_broken_by_the_second_of_the_two_in_either_order() -> None:
    finds = required(Template.NOT_CO_EXISTENCE, VISIT, GROUP)
    assert finds(recorded(noise(0))) == (IDLE, None)
    assert finds(recorded(visit(0)), recorded(visit(1))) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(group(1))) == (BROKEN, 1)
    assert finds(recorded(group(0)), recorded(noise(1)), recorded(visit(1))) == (BROKEN, 2)


def test_not_co_existence_is_broken_by_one_event_that_is_both() -> None:
    finds = required(Template.NOT_CO_EXISTENCE, GROUP, Atom(enters=("active",)))
    assert finds(recorded(group(0), "detailed", "active")) == (BROKEN, 0)


def test_a_state_is_entered_only_from_another_and_left_only_for_another() -> None:
    enters = required(Template.ABSENCE, Atom(enters=("escalated",)))
    leaves = required(Template.ABSENCE, Atom(leaves=("escalated",)))
    again = recorded(noise(0), "escalated", "escalated")
    assert enters(again)[0] is IDLE
    assert leaves(again)[0] is IDLE
    assert enters(recorded(noise(0), "active", "escalated")) == (BROKEN, 0)
    assert leaves(recorded(noise(0), "escalated", "active")) == (BROKEN, 0)


def test_an_event_and_a_state_have_to_be_shown_by_one_moment() -> None:
    finds = required(
        Template.ABSENCE,
        Atom(Match("core-group-held"), enters=("active", "review"), leaves=("detailed",)),
    )
    assert (
        finds(recorded(group(0), "detailed"), recorded(noise(1), "detailed", "active"))[1] is None
    )
    assert finds(recorded(group(0), "outline", "active"))[1] is None
    assert finds(recorded(group(0), "detailed", "active")) == (BROKEN, 0)


@pytest.mark.parametrize("template", [*ONE_SIDED, Template.NOT_CO_EXISTENCE])
@pytest.mark.parametrize("time", ["after", "not_before", "within"])
def test_a_time_that_a_template_cannot_hold_is_refused_and_not_forgotten(
    template: Template, time: str
) -> None:
    finds = required(template, VISIT, None if template in ONE_SIDED else GROUP, **{time: period(1)})
    with pytest.raises(UntimedTemplateError, match=f"it: {template} has no time"):
        Monitor(finds.requirement, ENGLAND)


def test_not_until_is_broken_by_the_later_side_before_the_ban_is_lifted() -> None:
    finds = required(Template.NOT_UNTIL, VISIT, GROUP, until=Atom(enters=("review",)))
    opened = recorded(noise(3), "active", "review")
    assert finds(recorded(group(0))) == (IDLE, None)
    assert finds(recorded(visit(0)), recorded(noise(1))) == (HELD, None)
    assert finds(recorded(visit(0)), recorded(group(1))) == (BROKEN, 1)
    assert finds(recorded(visit(0)), opened, recorded(group(4)))[1] is None
    assert finds(recorded(visit(0)), opened, recorded(visit(4)), recorded(group(5))) == (BROKEN, 3)


def test_not_until_lets_the_very_event_through_that_lifts_the_ban() -> None:
    finds = required(
        Template.NOT_UNTIL, VISIT, Atom(leaves=("escalated",)), until=Atom(Match("core-group-held"))
    )
    before = recorded(visit(0), "escalated")
    assert finds(before, recorded(group(1), "escalated", "active")) == (HELD, None)
    assert finds(before, recorded(noise(1), "escalated", "active")) == (BROKEN, 1)
    anew = required(Template.NOT_UNTIL, GROUP, GROUP, until=GROUP)
    assert anew(recorded(group(0)), recorded(group(1)), recorded(group(2))) == (HELD, None)
    once = required(Template.NOT_UNTIL, GROUP, GROUP, until=VISIT)
    assert once(recorded(group(0)), recorded(group(1))) == (BROKEN, 1)
    assert once(recorded(group(0)), recorded(visit(1)), recorded(group(2))) == (HELD, None)


def test_a_later_side_has_to_hold_the_whole_list_of_the_latest_first_side() -> None:
    agreed, satisfied = Atom(Match("letter-route-agreed")), Atom(Match("chair-satisfied"))
    covers = Covering(
        "checks[].circumstance",
        "circumstances",
        reader("checks[].circumstance"),
        reader("circumstances"),
    )
    finds = required(Template.PRECEDENCE, agreed, satisfied, covers=covers)

    def agree(day: int, *what: str) -> Moment:
        return recorded(LetterRouteAgreed(on=on_day(day), unanimous=True, circumstances=what))

    def satisfy(day: int, *what: str) -> Moment:
        checks = tuple(CircumstanceCheck(circumstance=one, in_place=True) for one in what)
        return recorded(ChairSatisfied(on=on_day(day), checks=checks))

    assert finds(satisfy(0, "a")) == (BROKEN, 0)
    assert finds(agree(0, "a", "b"), satisfy(1, "b", "a", "c")) == (HELD, None)
    assert finds(agree(0, "a", "b"), satisfy(1, "a")) == (BROKEN, 1)
    assert finds(agree(0, "a"), agree(1, "b"), satisfy(2, "a")) == (BROKEN, 2)
    assert finds(agree(0, "a"), agree(1, "b"), satisfy(2, "b")) == (HELD, None)


def test_every_template_has_a_monitor() -> None:
    assert len(Template) == 9
    for template in Template:
        two = None if template in ONE_SIDED else GROUP
        assert required(template, VISIT, two)() == (IDLE, None)


def test_each_requirement_gets_its_own_finding_in_the_order_given() -> None:
    one = required(Template.ABSENCE, VISIT).requirement
    two = required(Template.PRECEDENCE, VISIT, GROUP).requirement
    moments = [recorded(visit(0)), recorded(group(1))]
    assert judge([one, two], moments, ENGLAND) == (Finding(one, BROKEN, 0), Finding(two, HELD))
