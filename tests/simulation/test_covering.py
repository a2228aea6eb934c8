"""A suite that takes every edge: it does, its files are few, and each replays."""

from __future__ import annotations

import pytest

from cpplan.states import is_ended
from cpplan_sim.covering import LONGEST, covered, suite
from cpplan_sim.reaching import reach
from cpplan_sim.running import loaded
from cpplan_sim.taking import Standing, moments_of, retold, way_on


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lead-social-worker", "jersey", "standards"])
def test_a_suite_takes_every_edge_that_any_history_takes(name: str) -> None:
    reached = reach(loaded(name))
    plans = suite(reached)
    assert covered(plans) == reached.live
    assert len(reached.live) > 200
    for plan in plans:
        again = retold(reached.procedure, moments_of(plan))
        assert again.events == plan.events
        assert len(plan.history) <= LONGEST


def test_the_histories_are_few_beside_the_edges() -> None:
    reached = reach(loaded("standards"))
    plans = suite(reached)
    # A history ends once, so there is one at least for each way of ending.
    least = sum(
        is_ended(edge.target) and edge.number in reached.live for edge in reached.procedure.edges
    )
    assert len(plans) < 2 * least
    assert len(plans) < len(reached.live) / 8


def test_nothing_is_taken_that_the_kernel_would_refuse() -> None:
    procedure = loaded("standards")
    start = retold(procedure, ())
    edges = [edge for edge in procedure.edges if edge.rule.id == "plan-made"]
    assert way_on(start, edges[0]) is None


def test_plans_stand_alike_if_state_steps_and_counts_are_the_same() -> None:
    procedure = loaded("luton")
    reached = reach(procedure)
    second = reached.of_rule("second-failed-visit")
    plan = retold(procedure, second.witness)
    before = retold(procedure, second.witness[:-1])
    earlier = retold(procedure, second.witness[:-2])
    assert Standing.of(plan).counts != Standing.of(earlier).counts
    assert Standing.of(before) != Standing.of(earlier)
    assert Standing.of(plan) == Standing.of(retold(procedure, second.witness))
