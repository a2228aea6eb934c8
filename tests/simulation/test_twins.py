"""Twins: needs that hold just where another does not, and procedures given by their edges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs
import pytest

from cpplan import PROCEDURES, Accepted, Plan
from cpplan.events import Event
from cpplan.needs import Facts, Need, StepNeed
from cpplan_sim.running import loaded
from cpplan_sim.twins import among, failing, is_twin, laid, stands, stands_not, twin
from tests.simulation.walks import synthetic_cases


@attrs.frozen
class Known:
    steps: dict[str, dt.date]
    events: Sequence[Event] = ()


def judged(name: str) -> Iterator[tuple[Need, Event, Facts]]:
    """Yield each need of a rule with events that were attempted for it, and the plan then."""
    procedure = loaded(name)
    for case in synthetic_cases(procedure, 25):
        plan = Plan(procedure)
        for moment in case.moments:
            for edge in procedure.engine.candidates(plan.state, moment.event.kind):
                for need in edge.rule.needs:
                    yield need, moment.event, plan
            decision = plan.record(moment.event)
            plan = decision.plan if isinstance(decision, Accepted) else plan


@pytest.mark.parametrize("name", PROCEDURES)
def test_what_fails_holds_just_where_the_need_does_not(name: str) -> None:
    held = set()
    for need, event, facts in judged(name):
        holds = need.holds(event, facts)
        assert all(one.holds(event, facts) for one in failing(need)) is not holds, need
        held.add((type(need), holds))
    assert {(StepNeed, True), (StepNeed, False)} <= held


def test_a_step_stands_or_not_and_a_field_says_one_of_some_values() -> None:
    procedure = loaded("luton")
    event = next(
        moment.event
        for case in synthetic_cases(procedure, 20)
        for moment in case.moments
        if moment.event.kind == "escalation-raised"
    )
    plan = Plan(procedure)
    assert stands_not("on-plan").holds(event, plan)
    assert not stands("on-plan").holds(event, plan)
    said = event.trigger  # type: ignore[attr-defined]  # it is an escalation
    assert among("trigger", (said,)).holds(event, plan)
    assert not among("trigger", ("nothing else",)).holds(event, plan)


def test_a_procedure_given_by_its_edges_is_another_and_leaves_the_first_alone() -> None:
    procedure = loaded("luton")
    edge = procedure.edges[0]
    both = laid(procedure, (twin(edge, ()), twin(edge, ()), *procedure.edges), "beside")
    assert len(both.edges) == len(procedure.edges) + 2
    assert [one.number for one in both.edges] == list(range(len(both.edges)))
    assert [is_twin(one) for one in both.edges[:3]] == [True, True, False]
    assert both.edges[0].rule.id != both.edges[1].rule.id
    assert all(one.rule.id in both.rules for one in both.edges)
    assert both.digest != procedure.digest
    assert not any(map(is_twin, procedure.edges))
