"""The shortest history to an edge, with and without what is counted."""

from __future__ import annotations

import pytest

from cpplan.rules import Edge
from cpplan_sim.finding import Finder
from cpplan_sim.forgoing import Sort, Thing, forgoing
from cpplan_sim.reaching import enters
from cpplan_sim.running import loaded
from cpplan_sim.taking import retold
from tests.simulation.brute import TINY


def into_escalated(edge: Edge) -> bool:
    return enters(edge) == "escalated"


@pytest.mark.parametrize("name", ["luton", "composite"])
def test_a_way_without_a_count_is_found_where_it_is_shorter(name: str) -> None:
    found = Finder(loaded(name)).shortest(into_escalated)
    assert [moment.event.kind for moment in found.history] == [
        "initial-conference-opened",
        "initial-conference-decided",
        "escalation-raised",
    ]
    assert found.why == ""


def test_a_way_with_a_count_is_found_where_there_is_no_other() -> None:
    less = forgoing(loaded("luton"), Thing(Sort.EVENT, "escalation-raised"))
    found = Finder(less).shortest(into_escalated)
    assert [moment.event.kind for moment in found.history[2:]] == ["visit-failed", "visit-failed"]
    assert retold(less, found.history).state == "escalated"


def test_where_the_count_is_undecided_what_is_found_without_it_is_not_called_the_shortest() -> None:
    # With no first failed visit to record in this state, the replay of a second one fails.
    less = forgoing(loaded("luton"), Thing(Sort.RULE, "visit-failed"))
    found = Finder(less).shortest(into_escalated)
    assert retold(less, found.history).state == "escalated"
    assert len(found.history) == 3
    assert found.why


def test_what_no_history_takes_is_told_as_such() -> None:
    assert not Finder(TINY).shortest(lambda edge: enters(edge) == "ended.move").reachable


def test_the_finder_of_a_like_procedure_finds_the_same() -> None:
    whole = Finder(TINY)
    less = forgoing(TINY, Thing(Sort.STEP, "strategy-discussion-held"))
    for state in ("active", "ended.rcpc"):
        ways = [
            finder.shortest(lambda edge, state=state: enters(edge) == state)  # type: ignore[misc]
            for finder in (Finder(less), Finder(less, whole), whole)
        ]
        assert len({len(found.history) for found in ways}) == 1
