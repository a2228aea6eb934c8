"""What tests of the second opinion share: whether it can be had, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cpplan_sim.second_opinion.opinion import Compared, Opinion, Standing
from cpplan_sim.second_opinion.spin import ToolsMissingError, check_tools


def installed() -> bool:
    try:
        check_tools()
    except ToolsMissingError:
        return False
    return True


ABSENT = pytest.mark.skipif(not installed(), reason="SPIN or a C compiler is not installed")


def spin(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that compiles a model."""
    marked: Callable[..., None] = pytest.mark.slow(ABSENT(test))
    return marked


def told(found: Compared) -> list[tuple[str, Standing, str]]:
    """Return whatever is not agreed, so that a failing test says in what."""
    return [
        (one.requirement.id, one.standing, one.why)
        for one in found.opinions
        if one.standing is not Standing.AGREED
    ]


def broken_of(found: Compared) -> list[Opinion]:
    return [one for one in found.opinions if one.theirs == "broken"]
