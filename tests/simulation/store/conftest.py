"""A store that is empty, and one with two plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.store.storing import EVENTS, PLANS, Stored, line


@pytest.fixture
def empty(tmp_path: Path) -> Stored:
    """A new store."""
    made = Stored(tmp_path / "plans.db")
    assert made.run("init").exit_code == 0
    return made


@pytest.fixture
def stored(empty: Stored) -> Stored:
    """A store with two plans in effect."""
    lines = [line(plan, number) for plan in PLANS for number in range(EVENTS)]
    lines[0]["team"] = "North"
    assert empty.append(*lines).exit_code == 0
    return empty
