"""SPIN at work: what its searches say is read strictly, and silence is never an answer."""

from __future__ import annotations

import pytest

from cpplan_sim.second_opinion.spin import (
    Ended,
    Model,
    SpinError,
    ToolsMissingError,
    _read,
    check_tools,
)

DONE = "State-vector 28 byte, depth reached 7, errors: 0\n       15 states, stored\n"
FOUND = (
    "pan:1: assertion violated (exercising|| !(x)) (at depth 8)\n"
    "Warning: Search not completed\n"
    "State-vector 28 byte, depth reached 8, errors: 1\n   2.1e+06 states, stored\n"
)


def test_a_search_that_went_through_everything_found_nothing() -> None:
    found = _read(DONE)
    assert (found.ended, found.events, found.states) == (Ended.NONE, 0, 15)


def test_a_violation_is_half_as_many_events_as_it_is_deep() -> None:
    found = _read(FOUND)
    assert (found.ended, found.events, found.states) == (Ended.FOUND, 4, 2_100_000)


@pytest.mark.parametrize(
    "words",
    [
        "error: max search depth too small\n",
        "pan: reached -DMEMLIM bound\n",
        "pan: out of memory\n",
    ],
)
def test_a_search_that_was_cut_short_is_given_up_whatever_else_it_says(words: str) -> None:
    assert _read(words + DONE).ended is Ended.GIVEN_UP


@pytest.mark.parametrize(
    "said",
    [
        "",
        "State-vector 28 byte, depth reached 7, errors: 0\n",
        "Warning: Search not completed\n" + DONE,
        DONE.replace("errors: 0", "errors: 1"),
        FOUND.replace("at depth 8", "at depth 7"),
        FOUND.replace("(exercising|| !(x))", "0"),
        "pan:1: block in d_step seq (at depth 3)\n" + DONE.replace("errors: 0", "errors: 1"),
    ],
)
def test_what_can_not_be_understood_is_an_error_and_no_verdict(said: str) -> None:
    with pytest.raises(SpinError):
        _read(said)


def test_a_model_that_is_none_is_refused_with_what_spin_says() -> None:
    try:
        check_tools()
    except ToolsMissingError as error:
        pytest.skip(str(error))
    with pytest.raises(SpinError, match="spin refused the model"):
        Model("active proctype plan() { nonsense }")
