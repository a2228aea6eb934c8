"""What no history does without: read off the rules, and held against brute force and deletion."""

from __future__ import annotations

import attrs
import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.needs import AnyNeed, Need, StepNeed
from cpplan.states import BEFORE_PLAN
from cpplan_sim.finding import Finder
from cpplan_sim.forgoing import Sort, Thing, forgoing
from cpplan_sim.musts import Musts, states_passed
from cpplan_sim.reaching import enters
from cpplan_sim.running import loaded
from tests.simulation.brute import TINY, plans, taken

DEPTH = 7


def always(state: str) -> frozenset[str]:
    """Return what every short history to a state of the tiny procedure has in it."""
    found = [taken(plan) for plan in plans(TINY, DEPTH) if plan.state == state]
    return frozenset.intersection(*found)


def steps(procedure: Procedure, state: str) -> set[str]:
    musts = Musts(procedure).of_state(state)
    assert musts is not None
    return {one.name for one in musts if one.sort is Sort.STEP}


def changed(rule: str, *needs: Need) -> Procedure:
    """Return the tiny procedure with other needs of one rule."""
    one = attrs.evolve(TINY.rules[rule], needs=needs)
    return attrs.evolve(TINY, rules={**TINY.rules, rule: one})


def standing(step: str) -> StepNeed:
    return StepNeed(code="asked", says="Asked.", cites=(), step=step)


@pytest.mark.parametrize("state", [state for state in TINY.states if state != BEFORE_PLAN])
def test_what_the_rules_show_is_what_every_short_history_has(state: str) -> None:
    musts = Musts(TINY).of_state(state)
    assert musts is not None
    shown = {str(one) for one in musts}
    found = {one for one in always(state) if not one.startswith("state ")}
    assert shown == found
    assert len(shown) > 4


@pytest.mark.slow
@pytest.mark.parametrize("name", ["luton", "lead-social-worker", "standards"])
def test_what_the_rules_show_can_not_be_done_without(name: str) -> None:
    procedure = loaded(name)
    musts, whole = Musts(procedure), Finder(procedure)
    tried: dict[Thing, Finder] = {}
    for state in procedure.states:
        for thing in musts.of_state(state) or ():
            if thing not in tried:
                tried[thing] = Finder(forgoing(procedure, thing), whole)
            found = tried[thing].shortest(lambda edge, state=state: enters(edge) == state)  # type: ignore[misc]
            assert not found.reachable, f"{state} without {thing}"
    assert len(tried) > 10


def test_of_several_steps_of_which_one_is_enough_none_is_a_must_but_what_all_of_them_need() -> None:
    either = AnyNeed(
        code="either",
        says="Either.",
        cites=(),
        needs=(standing("review-held"), standing("strategy-discussion-held")),
    )
    found = steps(changed("plan-ended-by-death", either), "ended.death")
    assert "on-plan" in found
    assert not {"review-held", "strategy-discussion-held"} & found
    both = AnyNeed(
        code="either",
        says="Either.",
        cites=(),
        needs=(standing("detailed-plan-agreed"), standing("plan-in-effect")),
    )
    found = steps(changed("plan-ended-by-death", both), "ended.death")
    assert "plan-in-effect" not in found
    assert {"detailed-plan-agreed", "core-group-held"} <= found


def test_what_nothing_can_take_makes_dead_all_that_needs_it() -> None:
    musts = Musts(changed("plan-ended-by-death", standing("no-such-step")))
    assert musts.of_state("ended.death") is None
    assert musts.of_state("ended.rcpc") is not None


def test_an_edge_has_what_it_needs_and_what_it_brings() -> None:
    edge = next(edge for edge in TINY.edges if edge.rule.id == "detailed-plan-agreed")
    found = Musts(TINY).of_edge(edge)
    assert found is not None
    assert {
        Thing(Sort.STEP, "core-group-held"),
        Thing(Sort.STEP, "detailed-plan-agreed"),
        Thing(Sort.EVENT, "detailed-plan-agreed"),
    } <= found


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_state_passed_on_every_way_is_one_without_which_no_way_is_left(name: str) -> None:
    procedure = loaded(name)
    passed = states_passed(procedure)
    assert passed[BEFORE_PLAN] == (BEFORE_PLAN,)
    for state, found in passed.items():
        assert found[-1] == state
        by_hand = {one for one in passed if state not in ways_avoiding(procedure, one)}
        assert set(found) == by_hand


def ways_avoiding(procedure: Procedure, barred: str) -> set[str]:
    """Return the states to which some way leads that does not pass one."""
    found = set() if barred == BEFORE_PLAN else {BEFORE_PLAN}
    while True:
        more = {edge.target for edge in procedure.edges if edge.source in found} - {barred}
        if more <= found:
            return found
        found |= more
