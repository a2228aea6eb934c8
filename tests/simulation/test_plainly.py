"""Histories told plainly: the same rules and steps, with little that says nothing."""

from __future__ import annotations

import pytest

from cpplan_sim.monitors import Moment
from cpplan_sim.plainly import plainly
from cpplan_sim.reaching import reach
from cpplan_sim.running import loaded
from cpplan_sim.taking import FIRST_DAY, moments_of, retold
from cpplan_sim.writing import written
from tests.simulation.walks import synthetic_case


@pytest.mark.slow
@pytest.mark.parametrize("name", ["luton", "standards"])
def test_a_history_told_plainly_takes_the_same_edges_and_steps(name: str) -> None:
    procedure = loaded(name)
    shorter = 0
    for one in reach(procedure).edges[::12]:
        plain = plainly(procedure, one.witness)
        before, after = retold(procedure, one.witness), retold(procedure, plain)
        assert [e.edge.number for e in after.history] == [e.edge.number for e in before.history]
        assert after.steps.keys() == before.steps.keys()
        if one.witness:
            text = [written(procedure, told, title="Told") for told in (one.witness, plain)]
            shorter += len(text[1]) < len(text[0]) / 2
            assert len(text[1]) <= len(text[0])
    assert shorter > 10


def test_a_history_is_moved_to_the_days_of_most_told_cases() -> None:
    procedure = loaded("standards")
    found = reach(procedure).of_state("ended.letter")
    assert found is not None
    plain = plainly(procedure, found.witness)
    assert 0 <= (plain[0].event.on - FIRST_DAY).days < 7
    assert plain[0].event.on.weekday() == found.witness[0].event.on.weekday()


def test_what_a_history_is_told_for_is_kept() -> None:
    procedure = loaded("standards")
    history = moments_of(synthetic_case(procedure, 3).plan)
    kept = history[1].event

    def still(moments: object) -> bool:
        assert isinstance(moments, tuple)
        found = moments[1]
        assert isinstance(found, Moment)
        return found.event == kept

    plain = plainly(procedure, history, still)
    assert plain[1].event == kept
    assert plain != history


def test_a_history_of_which_something_is_refused_is_left_as_it_is() -> None:
    procedure = loaded("standards")
    case = synthetic_case(procedure, 3)
    assert case.refused > 0
    assert plainly(procedure, case.moments) == case.moments
    assert plainly(procedure, ()) == ()
