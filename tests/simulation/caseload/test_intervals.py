"""Intervals: against values worked out independently, and how often they hold what is true."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cpplan_sim.caseload.intervals import (
    Z_POWER,
    Estimate,
    Z,
    cases_to_show,
    difference,
    mean,
    ratio,
    survival,
    wilson,
)

RUNS = 2000
WITHIN = (0.935, 0.965)
"""How often 95 in 100 may hold in so many runs: three times the error of the share, 0.005."""


def sums(kept: list[int], decided: list[int]) -> tuple[int, int, int, int, int]:
    """Return the arguments of ``ratio``, as a run sums them up case by case."""
    pairs = list(zip(kept, decided, strict=True))
    return (
        sum(kept),
        sum(decided),
        sum(k * k for k, _ in pairs),
        sum(d * d for _, d in pairs),
        sum(k * d for k, d in pairs),
    )


def test_the_two_points_of_the_normal_distribution_are_its_own() -> None:
    assert pytest.approx(stats.norm.ppf(0.975), abs=1e-12) == Z
    assert pytest.approx(stats.norm.ppf(0.8), abs=1e-12) == Z_POWER


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_the_score_interval(counted: tuple[int, int]) -> None:
    found = wilson(*counted)
    expected = stats.binomtest(*counted).proportion_ci(method="wilson")
    assert found is not None
    assert found.value == counted[0] / counted[1]
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


def test_a_share_of_nothing_is_not_told() -> None:
    assert wilson(0, 0) is None
    assert ratio(0, 0, 0, 0, 0) is None
    assert mean(5, 25, 1) is None
    assert survival([0, 0], [0, 0]) == ()


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=40))
def test_a_mean_has_the_normal_interval(values: list[int]) -> None:
    found = mean(sum(values), sum(value * value for value in values), len(values))
    error = float(stats.sem(values))
    assert found is not None
    assert found.value == pytest.approx(np.mean(values))
    assert found.low == pytest.approx(np.mean(values) - Z * error, abs=1e-6)
    assert found.error == pytest.approx(error, abs=1e-6)


def test_a_mean_of_large_numbers_that_hardly_differ_loses_no_digits() -> None:
    base, number = 10**9, 1000
    values = [base + n % 2 for n in range(number)]
    found = mean(sum(values), sum(value * value for value in values), number)
    assert found is not None
    assert found.error == pytest.approx(float(stats.sem([n % 2 for n in range(number)])))


def test_the_variance_of_a_clustered_share_is_that_of_the_jackknife() -> None:
    draw = np.random.default_rng(4)
    decided = draw.integers(1, 30, 400)
    kept = draw.binomial(decided, draw.beta(4, 1, 400))
    found = ratio(*sums(kept.tolist(), decided.tolist()))
    assert found is not None
    share = kept.sum() / decided.sum()
    without = (kept.sum() - kept) / (decided.sum() - decided)
    jackknife = np.sqrt(399 / 400 * np.sum((without - without.mean()) ** 2))
    plain = wilson(int(kept.sum()), int(decided.sum()))
    assert found.value == pytest.approx(share)
    assert found.error == pytest.approx(jackknife, rel=0.01)
    assert plain is not None
    assert found.error > 2 * plain.error


def test_clusters_of_one_are_plain_shares() -> None:
    found = ratio(*sums([1] * 70 + [0] * 30, [1] * 100))
    assert found == wilson(70, 100)


@pytest.mark.parametrize("kept", [0, 4])
def test_where_all_are_of_one_mind_each_cluster_counts_once(kept: int) -> None:
    found = ratio(*sums([kept] * 25, [4] * 25))
    plain = wilson(25 * kept // 4, 25)
    assert found is not None
    assert plain is not None
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30))
def test_a_clustered_interval_holds_its_share_and_is_no_point(
    pairs: list[tuple[int, int]],
) -> None:
    kept, late = [one for one, _ in pairs], [two for _, two in pairs]
    decided = [one + two for one, two in pairs]
    found = ratio(*sums(kept, decided))
    plain = wilson(sum(kept), sum(kept) + sum(late))
    assert (found is None) == (plain is None)
    if found is not None and plain is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.high - found.low >= plain.high - plain.low - 1e-12


def test_intervals_hold_what_is_true_as_often_as_they_say() -> None:
    draw = np.random.default_rng(11)
    held = {"share": 0, "mean": 0, "ratio": 0, "difference": 0, "survival": 0, "unclustered": 0}
    for _ in range(RUNS):
        values = draw.geometric(0.1, 200)
        decided = draw.integers(1, 20, 150)
        kept = draw.binomial(decided, draw.beta(8, 2, 150))
        weeks, seen = draw.geometric(0.1, 200) - 1, draw.integers(0, 20, 200)
        ended = np.bincount(weeks[weeks <= seen], minlength=20)
        left = np.bincount(seen[weeks > seen], minlength=20)
        share = wilson(int(draw.binomial(300, 0.9)), 300)
        more = wilson(int(draw.binomial(400, 0.8)), 400)
        average = mean(int(values.sum()), int((values**2).sum()), 200)
        clustered = ratio(*sums(kept.tolist(), decided.tolist()))
        plain = wilson(int(kept.sum()), int(decided.sum()))
        assert share and more and average and clustered and plain  # noqa: PT018  # none is of nothing
        tenth = survival(ended.tolist(), left.tolist())[10].share
        for name, found, true in (
            ("share", share, 0.9),
            ("mean", average, 10),
            ("ratio", clustered, 0.8),
            ("unclustered", plain, 0.8),
            ("difference", difference(share, more), -0.1),
            ("survival", tenth, 0.9**10),
        ):
            held[name] += found.low <= true <= found.high
    without = held.pop("unclustered")
    for name, times in held.items():
        assert WITHIN[0] <= times / RUNS <= WITHIN[1], name
    # The test can tell: whoever leaves clusters out of account is wrong far more often.
    assert without / RUNS < 0.85


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25),
    st.integers(0, 9),
)
def test_survival_is_that_of_an_independent_count(
    weeks: list[tuple[int, int]], beyond: int
) -> None:
    ended, censored = [one for one, _ in weeks], [two for _, two in weeks]
    found = survival(ended, censored, beyond)
    lives = np.repeat(np.arange(len(weeks)), ended)
    seen = np.concatenate(
        [np.repeat(np.arange(len(weeks)), censored), np.full(beyond, len(weeks) + 1)]
    )
    if not len(lives):
        assert all(one.share.value == 1 for one in found)
        return
    with warnings.catch_warnings():
        # There is no interval of all or none; ours is told apart below.
        warnings.simplefilter("ignore", RuntimeWarning)
        data = stats.CensoredData(uncensored=lives, right=seen)
        expected = stats.ecdf(data).sf
        interval = expected.confidence_interval(method="log-log")
    for one in found[1:]:
        last = one.week - 1
        assert one.share.value == pytest.approx(float(expected.evaluate([last])[0]), abs=1e-12)
        if 0 < one.share.value < 1:
            assert one.share.low == pytest.approx(float(interval.low.evaluate([last])[0]))
            assert one.share.high == pytest.approx(float(interval.high.evaluate([last])[0]))
        assert 0 <= one.share.low <= one.share.value <= one.share.high <= 1


def test_those_at_risk_are_those_seen_to_last_so_long() -> None:
    found = survival([2, 0, 1], [0, 3, 0], beyond=4)
    assert [(one.week, one.at_risk) for one in found] == [(0, 10), (1, 8), (2, 5), (3, 4)]
    assert found[-1].share.value == pytest.approx(0.8 * 0.8)


def test_a_difference_of_shares_is_that_of_the_source() -> None:
    # Newcombe (1998), table II, 56/70 less 48/80, method 10: 0.0524 to 0.3339.
    one, other = wilson(48, 80), wilson(56, 70)
    assert one is not None
    assert other is not None
    found = difference(one, other)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_as_many_cases_as_are_named_show_a_difference_in_four_runs_of_five() -> None:
    needed = cases_to_show(Estimate(0.5, 0.5 - Z, 0.5 + Z), 100)
    assert needed == 3140
    error = np.sqrt(100 / needed)
    assert stats.norm.sf(Z - 0.5 / error) == pytest.approx(0.8, abs=1e-3)
    assert cases_to_show(Estimate(0.0, -1.0, 1.0), 100) is None


@pytest.mark.parametrize(("low", "high", "holds"), [(-1, 1, True), (0, 1, True), (0.1, 1, False)])
def test_an_interval_tells_whether_it_holds_0(low: float, high: float, holds: bool) -> None:
    assert Estimate(0.5, low, high).holds_zero is holds
