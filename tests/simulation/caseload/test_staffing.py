"""Staffing: where a knee is, and that a straight or noisy curve has none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload.intervals import wilson
from cpplan_sim.caseload.staffing import StaffFinding, knee

MANY = 10**9
"""Duties decided: so many that no interval matters."""


def team(staff: int, share: float, of: int = MANY) -> StaffFinding:
    found = wilson(round(share * of), of)
    assert found is not None
    return StaffFinding(staff=staff, share=found, days_late=1.0, backlog=0.0)


def test_a_broken_line_has_its_knee_where_it_breaks() -> None:
    curve = [team(staff, min(0.1 * staff, 0.8) + 0.001 * staff) for staff in range(1, 15)]
    found = knee(curve)
    assert found is not None
    assert found.staff == 8


def test_a_smooth_curve_has_its_knee_where_it_is_as_steep_as_its_chord() -> None:
    curve = [team(staff, 1 - math.exp(-staff / 5)) for staff in range(41)]
    chord = (1 - math.exp(-8)) / 40
    expected = -5 * math.log(5 * chord)
    found = knee(curve)
    assert found is not None
    assert abs(found.staff - expected) < 1


def test_the_knee_of_the_source_s_own_example_is_found() -> None:
    # y = -1 / x + 5 from Satopaa and others (2011), figure 2, here shifted into 0 to 1: the knee
    # of 10 points from x = 0 to 1 is at x = 0.22.
    xs = np.linspace(0, 1, 10)
    ys = (-1 / (xs + 0.1) + 5 + 5) / 10
    found = knee([team(place, float(y)) for place, y in enumerate(ys)])
    assert found is not None
    assert xs[found.staff] == pytest.approx(0.22, abs=0.01)


def test_order_does_not_matter_and_of_two_as_high_it_is_the_smaller_team() -> None:
    curve = [team(1, 0.1), team(2, 0.5), team(3, 0.7), team(4, 0.7)]
    tied = [team(0, 0.0), team(1, 0.5), team(2, 0.75), team(3, 0.75)]
    assert knee(curve[::-1]) == knee(curve) == curve[1]
    assert knee(tied) == tied[1]


@given(st.integers(1, 30), st.floats(0, 0.5), st.floats(0, 0.5), st.integers(3, 20))
def test_a_straight_line_has_no_knee(first: int, low: float, rise: float, number: int) -> None:
    shares = np.linspace(low, low + rise, number)
    assert knee([team(first + at, float(share)) for at, share in enumerate(shares)]) is None


def test_a_bend_within_chance_is_no_knee() -> None:
    shares = (0.80, 0.86, 0.90)
    assert knee([team(staff, share, of=100) for staff, share in enumerate(shares)]) is None
    found = knee([team(staff, share, of=10**6) for staff, share in enumerate(shares)])
    assert found is not None
    assert found.staff == 1


def test_noise_about_a_straight_line_seldom_looks_like_a_knee() -> None:
    draw = np.random.default_rng(3)
    found = 0
    for _ in range(300):
        shares = [draw.binomial(500, 0.6 + 0.02 * staff) / 500 for staff in range(8)]
        found += (
            knee([team(staff, share, of=500) for staff, share in enumerate(shares)]) is not None
        )
    # The highest of six points is looked at, on one side: at most 6 times 1 in 40.
    assert found / 300 < 6 / 40


@pytest.mark.parametrize(
    "shares", [[], [0.5], [0.5, 0.9], [0.9, 0.8, 0.2], [0.5, 0.5, 0.5], [0.1, 0.2, 0.9]]
)
def test_few_sizes_a_falling_a_level_or_a_rising_curve_have_none(shares: list[float]) -> None:
    assert knee([team(staff, share) for staff, share in enumerate(shares)]) is None


def test_teams_of_one_size_are_no_curve() -> None:
    assert knee([team(4, 0.1), team(4, 0.5), team(4, 0.6)]) is None
