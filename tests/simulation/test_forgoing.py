"""Procedures in which something never comes about: the same histories but for those with it."""

from __future__ import annotations

import pytest

from cpplan import Plan, Refused
from cpplan.states import BEFORE_PLAN
from cpplan_sim.forgoing import Sort, Thing, forgoing, surely_taken, things_of
from cpplan_sim.running import loaded
from tests.simulation.brute import DEPTH_OF_STATES, TINY, plans, taken
from tests.simulation.walks import synthetic_cases

THINGS = [
    Thing(Sort.STEP, "core-group-held"),
    Thing(Sort.STEP, "child-born"),
    Thing(Sort.STEP, "escalated-from-outline"),
    Thing(Sort.STEP, "review-from-escalated"),
    Thing(Sort.EVENT, "escalation-raised"),
    Thing(Sort.RULE, "plan-made"),
    Thing(Sort.RULE, "detailed-plan-agreed"),
    Thing(Sort.STATE, "detailed"),
    Thing(Sort.STATE, "escalated"),
    Thing(Sort.STATE, "review"),
]


@pytest.mark.parametrize("thing", THINGS, ids=str)
def test_the_histories_left_are_those_that_do_not_have_it(thing: Thing) -> None:
    whole = {
        (plan.state, frozenset(plan.steps), taken(plan)): len(plan.history)
        for plan in reversed(list(plans(TINY, DEPTH_OF_STATES)))
    }
    without = {
        (plan.state, frozenset(plan.steps), taken(plan)): len(plan.history)
        for plan in reversed(list(plans(forgoing(TINY, thing), DEPTH_OF_STATES)))
    }
    assert without == {key: most for key, most in whole.items() if str(thing) not in key[2]}
    assert without
    assert without != whole


@pytest.mark.parametrize("thing", [THINGS[0], THINGS[1], THINGS[8]], ids=str)
def test_what_is_left_is_taken_by_the_whole_procedure_too(thing: Thing) -> None:
    whole, accepted = loaded("standards"), 0
    for case in synthetic_cases(forgoing(whole, thing), 12, seed=7):
        plan = Plan(whole)
        for entry in case.plan.history:
            decision = plan.record(entry.event)
            assert not isinstance(decision, Refused)
            plan = decision.plan
            edge = plan.history[-1].edge
            assert (edge.rule.id, edge.source, edge.target) == (
                entry.rule.id,
                entry.edge.source,
                entry.edge.target,
            )
            assert thing not in things_of(edge, entry.event)
            accepted += 1
        assert plan.steps == case.plan.steps
    assert accepted > 100


def test_a_step_is_surely_taken_if_no_field_dates_it_or_the_field_is_always_given() -> None:
    by_rule = {edge.rule.id: edge for edge in TINY.edges if edge.source != BEFORE_PLAN}
    made = next(edge for edge in TINY.edges if edge.rule.id == "plan-made")
    assert surely_taken(made) == {"on-plan"}
    assert surely_taken(by_rule["child-born"]) == {"child-born"}


def test_the_whole_procedure_stays_as_it_was() -> None:
    rules = dict(TINY.rules)
    forgoing(TINY, THINGS[1])
    assert dict(TINY.rules) == rules
