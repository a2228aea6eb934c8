"""Additions that make no sense are mistakes of the program."""

from __future__ import annotations

from typing import Any

import pytest

from cpplan.store import Addition, Head, InvalidRowError
from tests.kernel.store.told import draft


@pytest.mark.parametrize("expected", [-1, "1", True, None, Head("Ada", -1, "")])
def test_what_is_expected_is_a_version_or_a_head(expected: Any) -> None:
    with pytest.raises(InvalidRowError, match="expected is"):
        Addition("Ada", expected, [draft("1")])


def test_an_addition_of_nothing_is_a_mistake() -> None:
    with pytest.raises(InvalidRowError, match="at least one entry"):
        Addition("Ada", 0, [])


def test_an_id_twice_in_one_addition_is_a_mistake() -> None:
    with pytest.raises(InvalidRowError, match="twice in one addition: 1"):
        Addition("Ada", 0, [draft("1"), draft("2"), draft("1")])


def test_a_head_of_another_plan_counts_for_the_plan_that_is_added_to() -> None:
    assert Addition("Ada", Head("Ben", 3, "00"), [draft("1")]).after == Head("Ada", 3, "00")
    assert Addition("Ada", 3, [draft("1")]).after is None
