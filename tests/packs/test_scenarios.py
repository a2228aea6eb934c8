"""The shipped told cases: each goes as told, and together they show every guard from both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from cpplan import PROCEDURES, Accepted, Refused
from cpplan.obligations import Status
from cpplan.states import is_ended
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import read_scenario, shipped

FIVE = tuple(name for name in PROCEDURES if name != "composite")

NEVER_REFUSED: Mapping[tuple[str, str], str] = {}
"""Codes that no told case of a procedure is refused for, each with the reason."""

SHARED = ("birth-already-recorded",)
"""Codes of the shared lifecycle that come from no source: shown under the standards alone."""

NEVER_USED: Mapping[tuple[str, str], str] = {}
"""Rules with needs that no told case of a procedure uses, each with the reason."""

ENDS = (Status.MET, Status.MET_LATE, Status.MISSED, Status.LAPSED, Status.UNDECIDABLE)

NEVER_MET: Mapping[tuple[str, str], str] = {}
"""Duties that no told case of a procedure meets, each with the reason."""


@cache
def ran(path: Path) -> Run:
    return run(read_scenario(path))


@cache
def runs_of(name: str) -> tuple[Run, ...]:
    return tuple(ran(path) for path in shipped(name))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_told_case_goes_as_told(path: Path) -> None:
    found = ran(path)
    surprises = [(one.step.event, one.failures) for one in found.outcomes if one.failures]
    assert surprises == []
    assert found.failures == ()


@pytest.mark.parametrize("path", shipped(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_told_case_stands_where_it_belongs_and_expects_something(path: Path) -> None:
    case = read_scenario(path)
    assert case.procedure == path.parent.name
    assert case.says.endswith(".")
    told = [step.expect for step in case.steps]
    refused = [expect for expect in told if expect.refused]
    assert case.ends_in or case.due or any(expect.state for expect in told)
    assert refused or path.parent.parent.name == "good", "a bad case shows a refusal"


def test_there_are_many_told_cases_and_no_procedure_has_few() -> None:
    assert len(shipped()) >= 80
    assert [name for name in FIVE if len(shipped(name)) < 10] == []
    for name in FIVE:
        assert {path.parent.parent.name for path in shipped(name)} == {"good", "bad"}


def test_every_clause_that_a_told_case_is_about_is_one_of_its_procedure() -> None:
    for path in shipped():
        case = read_scenario(path)
        known = {*loaded(case.procedure).clauses, *loaded("composite").clauses}
        assert set(case.cites) <= known, path.name


@pytest.mark.parametrize("name", FIVE)
def test_every_ending_of_a_procedure_is_reached_and_tried_in_vain(name: str) -> None:
    ways_out = {rule.id for rule in loaded(name).rules.values() if is_ended(rule.target)}
    endings = {rule.target for rule in loaded(name).rules.values() if is_ended(rule.target)}
    used = {entry.rule.id for found in runs_of(name) for entry in found.plan.history}
    reached = {found.plan.state for found in runs_of(name)}
    assert ways_out - used == set()
    assert endings - reached == set()
    kinds = {loaded(name).rules[rule].match.event for rule in ways_out}
    refused = {
        outcome.step.event.kind
        for found in runs_of(name)
        for outcome in found.outcomes
        if isinstance(outcome.decision, Refused)
    }
    assert kinds - refused == set()


@pytest.mark.parametrize("name", FIVE)
def test_every_guard_of_a_procedure_refuses_in_some_told_case(name: str) -> None:
    needs = [need for rule in loaded(name).rules.values() for need in rule.needs]
    codes = {need.code for need in needs if need.code not in SHARED or name == "standards"}
    given = {
        code
        for found in runs_of(name)
        for outcome in found.outcomes
        if isinstance(outcome.decision, Refused)
        for code in outcome.decision.codes
    }
    excepted = {code for procedure, code in NEVER_REFUSED if procedure == name}
    assert sorted(codes - given) == sorted(excepted)


@pytest.mark.parametrize("name", FIVE)
def test_every_guard_of_a_procedure_lets_something_through_in_some_told_case(name: str) -> None:
    guarded = {rule.id: rule for rule in loaded(name).rules.values() if rule.needs}
    used = {
        outcome.decision.rule.id
        for found in runs_of(name)
        for outcome in found.outcomes
        if isinstance(outcome.decision, Accepted)
    }
    passed = {need.code for rule in used & guarded.keys() for need in guarded[rule].needs}
    codes = {need.code for rule in guarded.values() for need in rule.needs}
    excepted = {code for procedure, code in NEVER_USED if procedure == name}
    assert sorted(codes - passed) == sorted(excepted)


@pytest.mark.parametrize("name", FIVE)
def test_every_duty_of_a_procedure_is_opened_in_some_told_case(name: str) -> None:
    opened = {one.duty.id for found in runs_of(name) for one in found.plan.obligations}
    assert set(loaded(name).duties) - opened == set()


@pytest.mark.parametrize("name", FIVE)
def test_every_duty_of_a_procedure_is_met_in_some_told_case(name: str) -> None:
    met = {
        one.duty.id
        for found in runs_of(name)
        for one in found.plan.obligations
        if one.outcome in (Status.MET, Status.MET_LATE)
    }
    excepted = {duty for procedure, duty in NEVER_MET if procedure == name}
    assert set(loaded(name).duties) - met == excepted


@pytest.mark.parametrize("outcome", ENDS)
def test_obligations_come_to_every_end_in_some_told_case(outcome: Status) -> None:
    ends = Counter(
        one.outcome for name in FIVE for found in runs_of(name) for one in found.plan.obligations
    )
    assert ends[outcome] > 0


def test_some_told_cases_fill_silences_and_change_figures() -> None:
    cases = [read_scenario(path) for path in shipped()]
    assert any(case.fill for case in cases)
    assert any(case.values for case in cases)
