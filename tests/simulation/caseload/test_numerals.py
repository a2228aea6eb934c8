"""Numerals: figures as they are written, so that none looks surer or rounder than it is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload.intervals import Estimate
from cpplan_sim.caseload.numerals import day, listed, number, numbers, percent, percents, points


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0, "0%"),
        (0.00049, "under 0.1%"),
        (0.0005, "0.1%"),
        (0.8472, "84.7%"),
        (0.9994, "99.9%"),
        (0.9996, "over 99.9%"),
        (1, "100%"),
    ],
)
def test_a_share_is_a_percentage(share: float, told: str) -> None:
    assert percent(share) == told


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_only_none_and_all_are_told_as_none_and_all(share: float) -> None:
    assert percent(share) not in ("0%", "0.0%", "100%", "100.0%")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1234.5, "1,234"),
        (-1234567.0, "-1,234,567"),
        (12.34, "12.3"),
        (3.14159, "3.14"),
        (0.5, "0.50"),
        (0.01234, "0.012"),
        (0.0000123, "1e-05"),
        (-0.0, "0"),
    ],
)
def test_a_number_has_as_many_digits_as_tell_something(value: float, told: str) -> None:
    assert number(value) == told


@given(st.floats(1e-4, 1e9))
def test_a_number_is_told_to_within_one_in_twenty(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.05)


def test_intervals_stand_in_brackets() -> None:
    assert percents(Estimate(0.5, 0.4, 0.6)) == "50.0% (40.0% to 60.0%)"
    assert numbers(Estimate(2.0, 1.5, 2.5)) == "2.00 (1.50 to 2.50)"
    assert (percents(None), numbers(None)) == ("none decided", "too few")


def test_points_are_signed_but_for_none() -> None:
    assert points(Estimate(0.051, -0.0001, 0.1)) == "+5.1 points (0.0 to +10.0)"
    assert points(Estimate(-0.2, -0.3, -0.1)) == "-20.0 points (-30.0 to -10.0)"


def test_days_and_lists_are_written_out() -> None:
    assert day(dt.date(2024, 3, 31)) == "31 March 2024"
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
