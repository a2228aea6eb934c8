"""Every told case, rebuilt from its events alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpplan import Plan
from cpplan_sim.running import run
from cpplan_sim.scenarios import read_scenario, shipped

FAILED = [path for path in shipped() if "failed-visit" in path.name]


@pytest.mark.parametrize("path", FAILED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_told_case_with_failed_visits_is_rebuilt_with_its_counts(path: Path) -> None:
    plan = run(read_scenario(path)).plan
    again = Plan.rebuild(plan.procedure, plan.events)
    assert again == plan
    assert again.counts == plan.counts
