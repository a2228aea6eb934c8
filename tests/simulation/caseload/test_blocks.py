"""Blocks share out the cases: each case is in one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload.blocks import Block, blocks


@given(st.integers(0, 300), st.integers(1, 400))
def test_every_case_is_in_one_block_and_they_stand_in_order(cases: int, size: int) -> None:
    found = blocks(cases, size)
    assert [case for block in found for case in range(block.first, block.last)] == [*range(cases)]
    assert [block.number for block in found] == [*range(len(found))]
    assert all(block.cases == size for block in found[:-1])
    assert all(1 <= block.cases <= size for block in found)


def test_a_block_is_told_by_its_first_and_its_last_case() -> None:
    assert str(Block(3, 30_000, 40_000)) == "cases 30,000 to 39,999"


@pytest.mark.parametrize(("cases", "size"), [(-1, 10), (10, 0), (10, -3)])
def test_what_can_not_be_cut_is_an_error(cases: int, size: int) -> None:
    with pytest.raises(ValueError, match="cases"):
        blocks(cases, size)
