"""Acts: every duty and every step that rules ask for has somebody who sees to it."""

from __future__ import annotations

from functools import cache

import attrs
import pytest

from cpplan import PROCEDURES
from cpplan.needs import AnyNeed, Need, NoStepNeed, StepNeed
from cpplan.states import BEFORE_PLAN
from cpplan_sim.caseload.acts import Act, Acts, Cause
from cpplan_sim.running import loaded
from tests.simulation.caseload.engines import PROFILES, profile


@cache
def acts(name: str, named: str = "trial") -> Acts:
    return Acts(loaded(name), profile(named))


def by_name(name: str) -> dict[str, Act]:
    return {act.name: act for act in acts(name).all}


def flat(need: Need) -> list[Need]:
    return (
        [one for inner in need.needs for one in flat(inner)]
        if isinstance(need, AnyNeed)
        else [need]
    )


@pytest.mark.parametrize("named", PROFILES)
@pytest.mark.parametrize("name", PROCEDURES)
def test_a_duty_has_at_most_one_act_and_its_act_can_meet_it(name: str, named: str) -> None:
    found: dict[str, Act] = {}
    for act in acts(name, named).all:
        for duty in act.duties:
            assert duty not in found
            found[duty] = act
    assert found
    for duty, act in found.items():
        assert act.cause is Cause.DUTY
        assert act.event in {match.event for match in loaded(name).duties[duty].met_by}


@pytest.mark.parametrize("name", PROCEDURES)
def test_what_somebody_does_some_rule_is_for(name: str) -> None:
    for act in acts(name).all:
        rules = acts(name).rules_for(act.event, act.said)
        assert rules, act.name
        states = {state for rule in rules for state in rule.sources}
        assert any(acts(name).saying(act.event, act.said, state) for state in states), act.name


@pytest.mark.parametrize("name", PROCEDURES)
def test_whatever_step_a_rule_asks_for_somebody_takes(name: str) -> None:
    needs = [
        one for rule in loaded(name).rules.values() for need in rule.needs for one in flat(need)
    ]
    rules = {
        rule.id for act in acts(name).all for rule in acts(name).rules_for(act.event, act.said)
    }
    for need in needs:
        edges = loaded(name).edges
        if type(need) is StepNeed:
            doing = [e for e in edges if need.step in {one.step for one in e.sets}]
        elif type(need) is NoStepNeed:
            doing = [e for e in edges if need.step in e.clears]
        else:
            continue
        assert not doing or rules & {edge.rule.id for edge in doing}, need


def test_names_tell_acts_apart_and_are_the_same_in_every_procedure() -> None:
    for name in PROCEDURES:
        names = [act.name for act in acts(name).all]
        assert len(set(names)) == len(names)
    shared = by_name("standards").keys() & by_name("composite").keys()
    assert len(shared) > 30
    for one in shared:
        assert by_name("standards")[one].event == by_name("composite")[one].event


def test_happenings_come_before_duties_and_both_before_what_is_lacking() -> None:
    causes = [act.cause for act in acts("composite").all]
    order = {Cause.MONTHLY: 0, Cause.FOLLOWS: 0, Cause.AGE: 0, Cause.DUTY: 1, Cause.LACK: 2}
    assert [order[one] for one in causes] == sorted(order[one] for one in causes)
    assert set(causes) == set(order)


def test_rules_are_asked_from_a_state_or_from_any() -> None:
    some = acts("standards")
    anywhere = {
        rule.id for rule in some.rules_for("initial-conference-decided", {"plan_made": True})
    }
    assert anywhere == {"plan-made"}
    here = some.rules_for("initial-conference-decided", {"plan_made": True}, BEFORE_PLAN)
    assert {rule.id for rule in here} == anywhere
    assert some.rules_for("initial-conference-decided", {"plan_made": True}, "active") == []
    assert some.rules_for("visit-made", {"child_seen": "perhaps"}) == []


def test_what_is_said_under_a_procedure_is_not_said_under_one_with_other_rules() -> None:
    """A procedure that is changed in memory may keep its digest."""
    whole = loaded("standards")
    acts("standards")
    needless = {name: attrs.evolve(rule, needs=()) for name, rule in whole.rules.items()}
    other = Acts(attrs.evolve(whole, rules=needless), profile("trial"))
    assert other.procedure.digest == whole.digest
    assert other.speaker.procedure is other.procedure
    assert Acts(whole, profile("trial")).speaker.procedure.rules == whole.rules
