"""What can be reached, held against brute force, and against procedures broken on purpose."""

from __future__ import annotations

from functools import cache

import attrs
import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.needs import NoStepNeed, StepNeed
from cpplan.states import BEFORE_PLAN
from cpplan_sim.finding import Finder
from cpplan_sim.reaching import Fate, Reach, enters, reach
from cpplan_sim.running import loaded
from cpplan_sim.taking import retold
from tests.simulation.brute import START, TINY, alphabet, plans

DEPTH = 7


@cache
def reached(name: str) -> Reach:
    return reach(TINY if name == "tiny" else loaded(name))


def needing(procedure: Procedure, rule: str, *steps: str, barred: str = "") -> Procedure:
    """Return the procedure with a rule that needs more: steps that stand, and one that must not."""
    asked = [StepNeed(code="asked", says="Asked.", cites=(), step=step) for step in steps]
    kept = [NoStepNeed(code="barred", says="Barred.", cites=(), step=barred)] if barred else []
    changed = procedure.rules[rule]
    changed = attrs.evolve(changed, needs=(*changed.needs, *asked, *kept))
    return attrs.evolve(procedure, rules={**procedure.rules, rule: changed})


def shortest_by_brute_force() -> dict[int, int]:
    found: dict[int, int] = {}
    for plan in plans(TINY, DEPTH):
        found.setdefault(plan.history[-1].edge.number, len(plan.history))
    return found


def test_the_shortest_histories_are_those_of_brute_force() -> None:
    brute = shortest_by_brute_force()
    kinds = {event.kind for event in alphabet(START)}
    compared = 0
    for one in reached("tiny").edges:
        known = brute.get(one.edge.number)
        if known is None:
            outside = one.edge.rule.match.event not in kinds
            assert outside or one.fate is not Fate.LIVE or len(one.witness) > DEPTH
            continue
        assert one.fate is Fate.LIVE
        assert len(one.witness) == known or (not one.shortest and len(one.witness) > known)
        compared += one.shortest
    assert compared > 30


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_every_rule_of_a_procedure_has_a_witness_that_the_kernel_takes(name: str) -> None:
    found = reached(name)
    assert (found.dead_rules, found.dead_states, found.undecided) == ((), (), ())
    assert found.whole
    for one in found.edges:
        if one.fate is Fate.LIVE:
            plan = retold(found.procedure, one.witness)
            assert len(plan.history) == len(one.witness)
            assert plan.history[-1].edge.number == one.edge.number


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_state_that_a_rule_leads_to_is_reached_by_a_shortest_history(name: str) -> None:
    found = reached(name)
    assert {*found.states, *found.unused} == set(found.procedure.states)
    for state in found.states:
        one = found.of_state(state)
        if state == BEFORE_PLAN:
            assert one is None
            continue
        assert one is not None
        assert one.shortest
        finder = Finder(found.procedure)
        at_once = finder.shortest(lambda edge, state=state: enters(edge) == state)  # type: ignore[misc]
        assert len(at_once.history) == len(one.witness)


def test_a_state_that_shared_rules_name_and_none_leads_to_is_not_in_use() -> None:
    assert reached("lead-social-worker").unused == ("escalated",)
    assert all(not reached(name).unused for name in PROCEDURES if name != "lead-social-worker")


def test_a_live_rule_is_told_with_the_states_from_which_nothing_takes_it() -> None:
    dead = reached("jersey").dead_edges
    assert {edge.rule.id for edge in dead} == {"step-recorded"}
    assert {edge.source for edge in dead} == {"outline", "detailed", "active"}
    # By hand: what can't be dealt with is an obstacle only while a difficulty is open.
    (need, *_) = dead[0].rule.needs
    assert isinstance(need, StepNeed)
    assert need.step == "implementation-difficulty-open"


def test_a_rule_that_contradicts_itself_is_dead_and_so_is_what_only_it_leads_to() -> None:
    broken = needing(TINY, "detailed-plan-agreed", "core-group-held", barred="core-group-held")
    broken = needing(
        broken, "detailed-plan-agreed-while-escalated", "core-group-held", barred="core-group-held"
    )
    found = reach(broken)
    assert set(found.dead_rules) >= {"detailed-plan-agreed", "plan-put-into-effect"}
    assert set(found.dead_states) == {"detailed", "active"}
    assert not found.whole
    assert "detailed" not in found.states


def test_a_rule_is_dead_whose_step_can_no_longer_be_taken_when_it_is_needed() -> None:
    found = reach(needing(TINY, "plan-ended-by-death", "initial-conference-sitting"))
    # The step is cleared by the very decision that makes a plan.
    assert found.dead_rules == ("plan-ended-by-death",)
    assert found.dead_states == ("ended.death",)
