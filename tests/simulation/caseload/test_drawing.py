# mypy: disable-error-code="no-untyped-call"
"""Draws by address: the published answers, spread evenly, and none like its neighbour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload.drawing import LOW, draw, philox, purpose_of

KNOWN = [
    ("00000000 00000000", "00000000 00000000 00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff", "ffffffff ffffffff ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("a4093822 299f31d0", "243f6a88 85a308d3 13198a2e 03707344",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip
"""Key, counter and answer of Philox 4x32 with ten rounds, from the known answers of Random123."""

NUMBERS = st.integers(0, 2**64 - 1)
SMALL = st.integers(0, LOW)


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("key", "counter", "answer"), KNOWN)
def test_the_generator_gives_the_published_answers(key: str, counter: str, answer: str) -> None:
    assert list(philox(*words(key), *words(counter))) == words(answer)


def test_a_draw_is_the_published_answer_as_a_share() -> None:
    key, counter, answer = (words(text) for text in KNOWN[2])
    seed, case = key[0] + (key[1] << 32), counter[0] + (counter[1] << 32)
    assert draw(seed, case, counter[2], counter[3]) == tuple(one / 2**32 for one in answer)


@given(NUMBERS, NUMBERS, SMALL, SMALL)
def test_draws_are_shares_and_the_same_whoever_asks(
    seed: int, case: int, purpose: int, number: int
) -> None:
    found = draw(seed, case, purpose, number)
    assert all(0 <= share < 1 for share in found)
    assert draw(seed, case, purpose, number) == found


@given(NUMBERS, NUMBERS, SMALL, SMALL, st.integers(0, 3), st.integers(0, 31))
def test_each_part_of_an_address_counts_to_the_last_bit(  # an address
    seed: int, case: int, purpose: int, number: int, part: int, bit: int
) -> None:
    """No two addresses that differ by a bit share even one of the four draws (odds: 2**-30)."""
    address = [seed, case, purpose, number]
    other = list(address)
    other[part] ^= 1 << bit
    assert set(draw(*address)).isdisjoint(draw(*other))


def sample(vary: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return draws of addresses that follow one another in one part."""
    addresses = ([7, 7, 7, 7] for _ in range(4000))
    found = []
    for place, address in enumerate(addresses):
        address[vary] = place
        found.append(draw(*address))
    return np.array(found)


@pytest.mark.parametrize("vary", range(4))
def test_draws_are_spread_evenly(vary: int) -> None:
    """Sixteen bins of 250 each: a chi-square of 15 degrees is above 50 once in 80,000."""
    for column in sample(vary).T:
        counts = np.histogram(column, bins=16, range=(0, 1))[0]
        assert counts.sum() == 4000
        assert ((counts - 250) ** 2 / 250).sum() < 50


@pytest.mark.parametrize("vary", range(4))
def test_neighbours_have_nothing_to_do_with_each_other(vary: int) -> None:
    """Correlations of 4,000 pairs have a standard error of 0.016."""
    found = sample(vary)
    for column in found.T:
        assert abs(np.corrcoef(column[:-1], column[1:])[0, 1]) < 0.075
    across = np.corrcoef(found.T) - np.eye(4)
    assert abs(across).max() < 0.075


def test_a_purpose_has_the_same_number_everywhere() -> None:
    assert purpose_of("visit-made") == 3239978188
    names = ["visit-made", "visit-failed", "core-group-held", "at-random"]
    assert len({purpose_of(name) for name in names}) == len(names)
