"""Walks: always lawful as the kernel sees it, and sometimes everything else."""

import datetime as dt
import itertools
from collections import Counter
from functools import cache

import pytest

from cpplan import Plan, Procedure
from cpplan.states import ENDED, is_ended
from cpplan_sim.monitors import Verdict, judge
from cpplan_sim.running import loaded
from cpplan_sim.trials import Case
from tests.simulation.walks import FIRST_DAY, ILLEGAL, LONGEST, synthetic_case, synthetic_cases

CASES = 400


def standards() -> Procedure:
    return loaded("standards")


@cache
def cases() -> tuple[Case, ...]:
    return tuple(synthetic_cases(standards(), CASES))


# Always


def test_the_same_seed_makes_the_same_case() -> None:
    for seed in range(5):
        one, two = (synthetic_case(standards(), seed) for _ in range(2))
        assert one == two
        assert one.moments


def test_no_two_seeds_make_the_same_case() -> None:
    assert len({case.moments for case in cases()}) == CASES


def test_cases_are_counted_up_from_the_seed_given() -> None:
    assert [case.number for case in synthetic_cases(standards(), 3, seed=40)] == [40, 41, 42]
    assert list(synthetic_cases(standards(), 1, seed=41)) == [synthetic_case(standards(), 41)]


def test_moments_follow_one_another_and_a_refused_one_changes_nothing() -> None:
    for case in cases()[:100]:
        assert case.moments[0].before == "before-plan"
        assert case.moments[-1].after == case.plan.state
        assert len(case.moments) <= LONGEST
        for moment, following in itertools.pairwise(case.moments):
            assert moment.after == following.before
            assert moment.event.on <= following.event.on
        for moment in case.moments:
            assert moment.recorded or moment.before == moment.after


def test_what_was_recorded_rebuilds_the_plan() -> None:
    for case in cases()[:100]:
        events = [moment.event for moment in case.moments if moment.recorded]
        again = Plan.rebuild(standards(), events)
        assert again == case.plan
        assert again.state == case.plan.state
        assert again.steps == case.plan.steps


def test_a_case_counts_what_was_recorded_and_what_was_refused() -> None:
    for case in cases()[:100]:
        assert case.accepted == len(case.plan.history)
        assert case.accepted + case.refused == len(case.moments)
        assert sum(case.refusals.values()) >= case.refused


# Sometimes: each of these would fail on an empty simulation.


def test_illegal_attempts_are_refused_about_as_often_as_they_are_made() -> None:
    refused = sum(case.refused for case in cases())
    attempted = sum(len(case.moments) for case in cases())
    assert ILLEGAL * 0.4 < refused / attempted < ILLEGAL * 1.2


def test_every_rule_of_the_standards_is_used() -> None:
    used = Counter(entry.rule.id for case in cases() for entry in case.plan.history)
    assert set(standards().rules) - set(used) == set()


def test_every_duty_of_the_standards_is_opened_and_every_outcome_of_one_is_seen() -> None:
    found = [one for case in cases() for one in case.plan.obligations]
    assert {one.duty.id for one in found} == set(standards().duties)
    assert {str(one.outcome) for one in found} >= {"None", "met", "met-late", "missed", "lapsed"}


def test_every_refusal_code_of_the_standards_is_given() -> None:
    codes = {need.code for rule in standards().rules.values() for need in rule.needs}
    given = {code for case in cases() for code in case.refusals}
    assert codes - given == set()
    assert given - codes == {"not-in-this-state", "plan-ended"} | (
        {"no-rule-for-these-fields"} & given
    )


@pytest.mark.parametrize("state", ENDED)
def test_some_cases_reach_each_ending(state: str) -> None:
    """A case that aims at an ending must not shun a step that the ending needs."""
    assert sum(case.plan.state == state for case in cases()) >= 3


def test_most_cases_end_and_some_do_not() -> None:
    ended = sum(is_ended(case.plan.state) for case in cases())
    assert CASES * 0.5 < ended < CASES


def test_cases_begin_in_every_year_and_month_that_the_calendars_hold_well() -> None:
    first = [case.moments[0].event.on for case in cases()]
    assert {day.year for day in first} >= set(range(FIRST_DAY.year, FIRST_DAY.year + 17))
    assert {day.month for day in first} == set(range(1, 13))
    assert max(case.moments[-1].event.on for case in cases()) < dt.date(2032, 1, 1)


def test_every_requirement_of_the_standards_is_exercised_and_none_is_broken() -> None:
    verdicts: Counter[tuple[str, Verdict]] = Counter()
    for case in cases():
        for finding in judge(standards().requirements.values(), case.moments, standards().calendar):
            verdicts[finding.requirement.id, finding.verdict] += 1
    for name in standards().requirements:
        assert verdicts[name, Verdict.HELD] > 0, f"{name} was never put to the test"
        assert verdicts[name, Verdict.BROKEN] == 0, f"{name} was broken"
