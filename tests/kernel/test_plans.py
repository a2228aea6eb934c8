"""Plans: told cases."""

from __future__ import annotations

import datetime as dt

import pytest

from cpplan import HistoryError, Plan, Refused, load
from cpplan.events import (
    AgencyObjected,
    ArrangementsInPlaceNotified,
    ChairConsultedSocialWorker,
    ChairLetterSent,
    ChairSatisfied,
    ChildDied,
    CircumstanceCheck,
    CommunicationRecorded,
    CoreGroupHeld,
    DetailedPlanAgreed,
    EscalationResolved,
    Event,
    LetterRouteAgreed,
    PlanEndedAt18,
    PlanEndedByLetter,
    PlanPutIntoEffect,
    ReviewConferenceDecided,
    Trigger,
    VisitFailed,
)
from cpplan.roles import Role
from tests.kernel.histories import (
    STANDARDS,
    START,
    active,
    day,
    decided,
    detailed,
    in_review,
    opened,
    outline,
    raised,
    taken,
    visit,
)

CHAIR, LEAD = Role.CONFERENCE_CHAIR, Role.LEAD_SOCIAL_WORKER


def refused(plan: Plan, event: Event) -> tuple[str, ...]:
    """Return the codes of a refusal, which leaves the plan alone and is what ``why_not`` says."""
    decision = plan.record(event)
    assert isinstance(decision, Refused)
    assert plan.why_not(event) == decision
    return decision.codes


def test_a_plan_walks_its_lifecycle() -> None:
    plan = Plan(STANDARDS)
    assert (plan.state, plan.last_day, plan.events, plan.ended) == ("before-plan", None, (), False)
    assert outline().state == "outline"
    assert detailed().state == "detailed"
    assert active().state == "active"
    ended = taken(active(), ChildDied(on=day(9), date_of_death=day(9)))
    assert (ended.state, ended.ended) == ("ended.death", True)


def test_a_refusal_lists_every_reason_at_once() -> None:
    plan = taken(Plan(STANDARDS), opened())
    empty = decided(threshold_basis=None, plan=None, consensus_reached=None, first_review_date=None)
    assert refused(plan, empty) == (
        "threshold-not-stated",
        "decision-not-the-chairs",
        "chairs-reasons-missing",
        "concerns-missing",
        "harm-category-missing",
        "outcomes-missing",
        "contingency-missing",
        "first-review-date-missing",
    )


def test_events_of_one_day_keep_their_order_and_an_earlier_day_is_refused() -> None:
    plan = taken(outline(), CoreGroupHeld(on=START), visit(START), CoreGroupHeld(on=START))
    assert [event.kind for event in plan.events[2:]] == [
        "core-group-held",
        "visit-made",
        "core-group-held",
    ]
    assert refused(plan, visit(day(-1))) == ("before-last-event",)
    assert plan.allowed(day(-1)) == ()
    assert plan.allowed(START)


def test_a_late_event_in_the_wrong_state_is_told_both() -> None:
    assert refused(active(), opened(day(1))) == ("before-last-event", "not-in-this-state")


def test_an_ended_plan_takes_no_more_than_notes() -> None:
    ended = taken(active(), ChildDied(on=day(9), date_of_death=day(9)))
    assert refused(ended, visit(day(10))) == ("plan-ended",)
    assert {option.event for option in ended.allowed(day(10))} == {
        "audit-copy-sent",
        "communication-recorded",
        "records-approved",
    }
    after = taken(ended, CommunicationRecorded(on=day(30)))
    assert after.state == "ended.death"


def test_the_eighteenth_birthday_of_a_leap_day_child_is_1_march() -> None:
    plan = outline()
    assert plan.steps["child-born"] == dt.date(2020, 2, 29)
    assert refused(plan, PlanEndedAt18(on=dt.date(2038, 2, 28))) == ("not-yet-18",)
    assert taken(plan, PlanEndedAt18(on=dt.date(2038, 3, 1))).state == "ended.age-18"


@pytest.mark.parametrize(("plan", "state"), [(outline(), "outline"), (active(), "active")])
def test_an_escalation_returns_to_where_it_came_from(plan: Plan, state: str) -> None:
    plan = taken(plan, raised(Trigger.NON_COMPLIANCE, day(20)))
    assert plan.state == "escalated"
    plan = in_review(plan, day(21))
    plan = taken(plan, ReviewConferenceDecided(on=day(21), plan_continues=True))
    assert plan.state == "escalated"
    plan = taken(plan, EscalationResolved(on=day(22), trigger=Trigger.NON_COMPLIANCE))
    assert plan.state == state
    assert not [step for step in plan.steps if "-from-" in step]


def test_a_plan_that_moves_on_while_escalated_returns_to_where_it_has_got() -> None:
    plan = taken(
        outline(),
        raised(Trigger.RISK_CHANGE, day(2)),
        CoreGroupHeld(on=day(3)),
        DetailedPlanAgreed(on=day(3)),
        PlanPutIntoEffect(on=day(3)),
    )
    assert plan.state == "escalated"
    plan = in_review(plan, day(4))
    plan = taken(
        plan,
        ReviewConferenceDecided(on=day(4), plan_continues=True),
        EscalationResolved(on=day(5), trigger=Trigger.RISK_CHANGE),
    )
    assert plan.state == "active"


def test_a_plan_stays_escalated_until_the_last_difficulty_is_resolved() -> None:
    plan = taken(
        active(), raised(Trigger.NON_COMPLIANCE, day(20)), raised(Trigger.RISK_CHANGE, day(20))
    )
    plan = taken(in_review(plan, day(21)), ReviewConferenceDecided(on=day(21), plan_continues=True))
    plan = taken(plan, EscalationResolved(on=day(22), trigger=Trigger.NON_COMPLIANCE))
    assert plan.state == "escalated"
    assert refused(plan, EscalationResolved(on=day(22), trigger=Trigger.NON_COMPLIANCE)) == (
        "non-compliance-open-missing",
    )
    plan = taken(plan, EscalationResolved(on=day(22), trigger=Trigger.RISK_CHANGE))
    assert plan.state == "active"


def test_a_review_returns_to_each_state_it_can_be_entered_from() -> None:
    for plan in (outline(), detailed(), active()):
        review = in_review(plan, day(90))
        goes_on = ReviewConferenceDecided(on=day(90), plan_continues=True)
        assert taken(review, goes_on).state == plan.state


def letter() -> Plan:
    """Return a plan with the chair's letter sent on day 40."""
    return taken(
        Plan(STANDARDS),
        opened(),
        LetterRouteAgreed(
            on=START, by=CHAIR, unanimous=True, circumstances=("a", "b"), in_conference_record=True
        ),
        decided(),
        ArrangementsInPlaceNotified(on=day(30), by=LEAD),
        ChairConsultedSocialWorker(on=day(31), by=CHAIR),
        ChairSatisfied(
            on=day(32),
            by=CHAIR,
            checks=tuple(CircumstanceCheck(circumstance=c, in_place=True) for c in "ab"),
        ),
        ChairLetterSent(on=day(40), by=CHAIR),
    )


def test_a_letter_ends_the_plan_only_when_its_notice_has_run_out() -> None:
    plan, last = letter(), STANDARDS.calendar.working_days_after(day(40), 10)
    decision = plan.record(PlanEndedByLetter(on=last, by=CHAIR))
    assert isinstance(decision, Refused)
    first = last + dt.timedelta(days=1)
    assert decision.reasons[0].code == "notice-not-run-out"
    assert decision.reasons[0].says.endswith(f": not before {first}.")
    assert decision.reasons[0].cites == ("standards/12i",)
    assert "plan-ended-by-letter" not in {option.event for option in plan.allowed(last)}
    assert "plan-ended-by-letter" in {option.event for option in plan.allowed(first)}
    assert taken(plan, PlanEndedByLetter(on=first, by=CHAIR)).state == "ended.letter"


def test_an_objection_stops_the_letter() -> None:
    plan = taken(letter(), AgencyObjected(on=day(41), agency=Role.SCHOOL))
    assert refused(plan, PlanEndedByLetter(on=day(99), by=CHAIR)) == ("agency-objected",)


def test_a_circumstance_left_unchecked_stops_the_chair() -> None:
    plan = letter()
    half = ChairSatisfied(
        on=day(41), by=CHAIR, checks=(CircumstanceCheck(circumstance="a", in_place=True),)
    )
    assert refused(plan, half) == ("circumstance-not-checked",)
    assert refused(plan, ChairSatisfied(on=day(41), by=CHAIR)) == (
        "circumstance-not-checked",
        "circumstance-not-in-place",
    )


LONDON = load("london")


def london(*happened: Event) -> Plan:
    """Return a plan under the London procedure, which counts failed visits."""
    sitting = Plan.rebuild(LONDON, [opened(), decided()])
    return taken(sitting, *happened)


def failed(number: int, agency: Role = Role.SCHOOL) -> VisitFailed:
    """Return a failed visit."""
    return VisitFailed(on=day(number), agency=agency)


def test_two_failed_visits_running_by_one_agency_escalate() -> None:
    assert london(failed(1), failed(2)).state == "escalated"
    assert london(failed(1), failed(2, Role.HEALTH)).state == "outline"
    assert london(failed(1), failed(2, Role.HEALTH), failed(2)).state == "escalated"


def test_a_successful_visit_by_the_same_agency_starts_the_count_again() -> None:
    by_school = visit(day(2), agency=Role.SCHOOL)
    assert london(failed(1), by_school, failed(3)).state == "outline"
    assert london(failed(1), visit(day(2)), failed(3)).state == "escalated"
    unseen = visit(day(2), seen=False, agency=Role.SCHOOL)
    assert london(failed(1), unseen, failed(3)).state == "escalated"


def test_a_third_failed_visit_is_recorded_too() -> None:
    plan = london(failed(1), failed(2), failed(3))
    assert plan.state == "escalated"
    assert plan.counts == {("failed-visits", "school"): 3}
    assert "failed-visits-reached" not in plan.steps


def test_the_step_of_a_tally_is_among_what_can_happen() -> None:
    options = {option.rule.id for option in london(failed(1)).allowed(day(2))}
    assert {"visit-failed", "second-failed-visit"} <= options


def test_equal_plans_are_the_same_history_under_the_same_content() -> None:
    assert active() == active()
    assert hash(active()) == hash(active())
    assert active() != detailed()
    assert active() != Plan.rebuild(
        load("standards", values={"visit-interval": 3}), active().events
    )
    assert active() != "active"


def test_a_history_rebuilds_its_plan() -> None:
    plan = Plan.rebuild(STANDARDS, active().events)
    assert (plan.state, plan.steps, plan.history) == (
        active().state,
        active().steps,
        active().history,
    )


def test_a_history_that_was_never_accepted_is_refused_with_the_event() -> None:
    with pytest.raises(
        HistoryError, match=r"^event 2: visit-made has no rule in before-plan$"
    ) as e:
        Plan.rebuild(STANDARDS, [opened(), visit(START)])
    assert e.value.number == 1
    with pytest.raises(HistoryError, match=r"^event 2: 2026-01-04 is before 2026-01-05$"):
        Plan.rebuild(STANDARDS, [opened(), decided(day(-1))])


def test_an_event_that_happened_goes_along_its_rule_whatever_is_to_be_said_against_it() -> None:
    agreed = DetailedPlanAgreed(on=day(7))
    assert outline().why_not(agreed) is not None
    after = outline().unjudged(agreed)
    assert after is not None
    assert after.state == "detailed"
    assert after == Plan.rebuild(STANDARDS, (*outline().events, agreed))


def test_an_event_without_a_place_goes_nowhere() -> None:
    assert outline().unjudged(opened(day(7))) is None
    assert detailed().unjudged(CoreGroupHeld(on=day(6))) is None
