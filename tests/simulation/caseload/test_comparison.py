"""Comparison: differences case by case, what is noise, and which duties answer to which."""

from functools import cache

import attrs
import numpy as np
import pytest
from scipy import stats

from cpplan.clauses import Strength
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.comparison import Comparison, ComparisonError, comparison_of
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.intervals import Z
from tests.simulation.caseload.made_counts import CASES, Longs, Run, made, procedure, results

ADDED = 3
"""Visits that every second case has more in the second run: half of that on average."""


def runs() -> tuple[Run, Run]:
    """Return two runs of the same cases: more visits for some, and other meetings by chance."""
    one, other = made(procedure()), made(procedure(), more_visits=ADDED)
    other.rows[:, k.MEETINGS] = np.random.default_rng(2).permutation(one.rows[:, k.MEETINGS])
    other.counts["sums"] = other.rows.sum(axis=0)
    other.counts["squares"] = (other.rows**2).sum(axis=0)
    return one, other


def paired(one: Run, other: Run) -> tuple[Longs, Longs]:
    by = other.rows - one.rows
    return by.sum(axis=0), (by**2).sum(axis=0)


@cache
def compared() -> Comparison:
    return against(*runs())


def against(one: Run, other: Run) -> Comparison:
    sums, squares = paired(one, other)
    return comparison_of(results(one, procedure()), results(other, procedure()), sums, squares)


def renamed(of: Results, **names: str) -> Results:
    """Return results whose duties have other ids."""
    duties = tuple(attrs.evolve(d, id=names.get(d.id.replace("-", "_"), d.id)) for d in of.duties)
    return attrs.evolve(of, duties=duties)


def alone(one: Results, other: Results) -> Comparison:
    return comparison_of(one, other, *paired(made(procedure()), made(procedure())))


def test_what_a_case_has_is_compared_case_by_case() -> None:
    one, other = runs()
    visits = compared().means[k.VISITS]
    test = stats.ttest_rel(other.rows[:, k.VISITS], one.rows[:, k.VISITS])
    assert visits.name == "visits"
    assert visits.by.value == pytest.approx(ADDED / 2) == visits.other - visits.one
    assert visits.by.value / visits.by.error == pytest.approx(float(test.statistic))
    # Unpaired, the same runs could not have shown it so well.
    apart = np.hypot(stats.sem(one.rows[:, k.VISITS]), stats.sem(other.rows[:, k.VISITS]))
    assert visits.by.error < float(apart) / 5


def test_a_difference_is_shown_if_the_interval_does_not_hold_none() -> None:
    visits, meetings = (compared().means[column] for column in (k.VISITS, k.MEETINGS))
    assert visits.shown
    assert not visits.same
    assert meetings.by.value == 0
    assert not meetings.shown
    assert not meetings.same  # no case is, though all together are


def test_what_is_the_same_in_every_case_is_told_apart_from_noise() -> None:
    days = compared().means[k.PLAN_DAYS]
    assert days.same
    assert not days.shown
    assert days.needed is None


def test_noise_says_how_many_cases_would_show_it() -> None:
    one, other = runs()
    other.rows[0, k.MISSED] += 1
    other.rows[1, k.MISSED] -= 1
    other.rows[2, k.MISSED] += 1
    other.counts["sums"] = other.rows.sum(axis=0)
    found = against(one, other)
    missed = found.means[k.MISSED]
    assert not missed.shown
    assert missed.needed is not None
    assert missed.needed > missed.cases == CASES
    error = missed.by.error * np.sqrt(CASES / missed.needed)
    assert stats.norm.sf(Z - missed.by.value / error) == pytest.approx(0.8, abs=0.001)


def test_a_share_on_time_is_compared_under_its_name() -> None:
    found = compared().duties
    assert [one.name for one in found] == list(procedure().duties)
    assert all(one.other_duty == one.name for one in found)
    assert not any(one.shown for one in found)
    assert {one.by.value for one in found} == {0}
    assert all(one.by.high > 0 for one in found)


def test_a_share_that_rose_is_shown() -> None:
    one, other = made(procedure()), made(procedure())
    better = other.counts["clusters"][0]
    decided, decided_2 = int(better[k.Q_DECIDED]), int(better[k.Q_DECIDED_2])
    other.counts["clusters"][0] = decided_2, decided_2, decided_2, decided, decided
    found = alone(results(one, procedure()), results(other, procedure())).duties[0]
    assert found.shown
    assert found.other == 1 > found.one
    assert found.by.low < found.by.value == found.other - found.one < found.by.high


def test_a_duty_of_another_name_answers_if_it_alone_stands_for_the_topic() -> None:
    one = results(made(procedure()), procedure())
    other = renamed(one, visit="home-visit")
    found = alone(one, other)
    assert [(d.name, d.other_duty) for d in found.duties if d.name != d.other_duty] == [
        ("visit", "home-visit")
    ]
    assert (found.only_one, found.only_other) == ((), ())


def test_which_of_several_of_a_topic_answers_is_not_guessed() -> None:
    one = results(made(procedure()), procedure())
    other = renamed(one, audit_letter="letter-audited", audit_conference_record="record-audited")
    found = alone(one, other)
    assert found.only_one == ("audit-conference-record", "audit-letter")
    assert found.only_other == ("record-audited", "letter-audited")
    assert len(found.duties) == len(one.duties) - 2


def test_strengths_of_both_are_told() -> None:
    one = results(made(procedure()), procedure())
    weaker = (attrs.evolve(one.duties[0], strength=Strength.MAY), *one.duties[1:])
    found = alone(one, attrs.evolve(one, duties=weaker)).duties[0]
    assert (found.strength, found.other_strength) == (Strength.MUST, Strength.MAY)


def test_one_in_twenty_that_can_differ_does_so_by_chance() -> None:
    able = [one for one in compared().differences if not one.same]
    assert len(able) == 2 + len(procedure().duties)
    assert compared().by_chance == pytest.approx(len(able) / 20)


@pytest.mark.parametrize("change", [{"seed": 8}, {"cases": 3}])
def test_runs_of_other_cases_are_no_pairs(change: dict[str, int]) -> None:
    one = results(made(procedure()), procedure())
    with pytest.raises(ComparisonError, match=rf"differ in their {next(iter(change))} \(.*both"):
        alone(one, attrs.evolve(one, **change))  # type: ignore[arg-type]


def test_sums_that_are_turned_round_or_cut_short_are_refused() -> None:
    one, other = runs()
    sums, squares = paired(one, other)
    first, second = results(one, procedure()), results(other, procedure())
    with pytest.raises(ComparisonError, match=r"visits: the paired sum is -600, .* differ by 600"):
        comparison_of(first, second, -sums, squares)
    with pytest.raises(ComparisonError, match="10 sums and squares are compared"):
        comparison_of(first, second, sums[:-1], squares[:-1])
