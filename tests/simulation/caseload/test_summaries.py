"""Summaries add up exactly in any order, and are read back as they were written or not at all."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cpplan_sim.caseload.summaries import Counts, DamagedError, Summary

LARGEST = np.iinfo(np.int64).max
NUMBERS = st.integers(-(2**60), 2**60)

contents = st.dictionaries(
    st.text(max_size=5),
    arrays.arrays(np.int64, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)),
    max_size=4,
)


def pair(late: int, missed: int) -> Summary:
    return Summary({"late": np.array([late, 0]), "missed": np.array(missed)})


pairs = st.builds(pair, NUMBERS, NUMBERS)


@given(pairs, pairs, pairs)
def test_merging_is_associative_and_commutative_to_the_last_digit(
    one: Summary, two: Summary, three: Summary
) -> None:
    assert one.merge(two) == two.merge(one)
    assert one.merge(two).merge(three) == one.merge(two.merge(three))


@given(st.lists(st.tuples(NUMBERS.map(abs), NUMBERS), min_size=1, max_size=7), st.randoms())
def test_a_total_is_the_sum_of_python_s_own_whole_numbers(
    numbers: list[tuple[int, int]], shuffled: random.Random
) -> None:
    summaries = [pair(*both) for both in numbers]
    shuffled.shuffle(summaries)
    late, missed = (sum(column) for column in zip(*numbers, strict=True))
    assert Summary.total(summaries) == pair(late, missed)


@pytest.mark.parametrize(("one", "two"), [(LARGEST, 1), (-LARGEST - 1, -1), (LARGEST, LARGEST)])
def test_a_count_that_does_not_fit_is_an_error_and_names_itself(one: int, two: int) -> None:
    with pytest.raises(OverflowError, match=r"missed: a count is beyond 9,223,372,036,854,775,807"):
        pair(0, one).merge(pair(0, two))


@pytest.mark.parametrize(("one", "two"), [(LARGEST, -LARGEST), (LARGEST - 1, 1), (-LARGEST, -1)])
def test_a_count_that_just_fits_is_right(one: int, two: int) -> None:
    assert pair(0, one).merge(pair(0, two)) == pair(0, one + two)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"late": np.array([1, 2])}, r"\(missed: \(\) and None\)"),
        ({"late": np.array([1]), "missed": np.array(1)}, r"\(late: \(2,\) and \(1,\)\)"),
    ],
)
def test_summaries_of_different_things_are_not_merged(other: dict[str, Counts], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        pair(1, 1).merge(Summary(other))


def test_nothing_has_no_total() -> None:
    with pytest.raises(ValueError, match="no summary to add up"):
        Summary.total([])


def test_floats_are_no_counts() -> None:
    with pytest.raises(TypeError, match="late: counts are int64, found float64"):
        Summary({"late": np.array([1.0])})


def test_a_summary_does_not_change_with_the_array_that_it_was_made_of() -> None:
    late = np.array([1, 2])
    summary = Summary({"late": late})
    late[0] = 9
    assert summary.counts["late"].tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        summary.counts["late"][0] = 9


@given(contents)
def test_what_is_written_is_read_back(content: dict[str, Counts]) -> None:
    summary = Summary(content)
    read = Summary.from_bytes(summary.to_bytes())
    assert read == summary
    assert {name: counts.shape for name, counts in read.counts.items()} == {
        name: counts.shape for name, counts in content.items()
    }


@given(contents)
def test_the_same_content_is_the_same_bytes_whatever_order_it_was_given_in(
    content: dict[str, Counts],
) -> None:
    backwards = dict(reversed(content.items()))
    turned = {name: np.array(counts, order="F") for name, counts in backwards.items()}
    assert Summary(turned).to_bytes() == Summary(content).to_bytes()


def test_the_bytes_are_these() -> None:
    """Blocks kept by one version are read by the next: a change needs a new form."""
    data = pair(1, -1).to_bytes()
    assert data[32:] == (
        b'cpplan summary 1\n[["late", [2]], ["missed", []]]\n' + b"\1" + bytes(15) + b"\xff" * 8
    )


def test_any_byte_that_is_flipped_and_any_that_is_missing_shows() -> None:
    data = pair(3, 4).to_bytes()
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        for damaged in (flipped, data[:at], data + b"\0"):
            with pytest.raises(DamagedError, match="is damaged"):
                Summary.from_bytes(damaged)
