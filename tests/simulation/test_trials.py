"""Trials: cases that the kernel answers as the tables do, and that leave nothing untried."""

from functools import cache

import attrs
import pytest

from cpplan import PROCEDURES, Plan
from cpplan.requirements import Requirement
from cpplan_sim import trials
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.replaying import MismatchError, SimulatedCase, simulated_case
from cpplan_sim.checks import Checked, check
from cpplan_sim.commands.check import command
from cpplan_sim.running import loaded
from cpplan_sim.trials import SPAN, Case, codes_of, synthetic_cases

NEVER_GIVEN = {"lead-social-worker": {"no-rule-for-these-fields"}}
"""Codes that a procedure can't give, though some rule of it is for some fields or steps alone.

lead-social-worker: a conference has to say whether it makes a plan, and there is a rule for both;
reviews go back to wherever they came from, which always stands; no rule there counts failed visits.
"""

(DEFAULT,) = [one.default for one in command.params if one.name == "cases"]


@cache
def cases() -> tuple[Case, ...]:
    return tuple(synthetic_cases(loaded("standards"), 30))


@cache
def checked(name: str) -> Checked:
    assert isinstance(DEFAULT, int)
    return check(loaded(name), (), cases=DEFAULT)


def required(name: str) -> tuple[Requirement, ...]:
    return tuple(loaded(name).requirements.values())


def test_a_case_is_the_same_however_many_there_are() -> None:
    assert list(synthetic_cases(loaded("standards"), 3)) == list(cases()[:3])
    assert [case.number for case in cases()] == list(range(30))


def test_another_seed_makes_other_cases() -> None:
    (other,) = synthetic_cases(loaded("standards"), 1, seed=1)
    assert other.moments != cases()[0].moments


def test_none_asked_for_are_none() -> None:
    assert list(synthetic_cases(loaded("standards"), 0)) == []


def test_moments_follow_one_another_up_to_the_plan_of_the_kernel() -> None:
    for case in cases():
        states = [moment.before for moment in case.moments]
        assert [m.after for m in case.moments] == [*states[1:], case.plan.state]
        assert all(moment.recorded or moment.before == moment.after for moment in case.moments)
        recorded = [moment.event for moment in case.moments if moment.recorded]
        assert Plan.rebuild(loaded("standards"), recorded) == case.plan
        assert all(SPAN.opens <= event.on <= SPAN.closes for event in recorded)


def test_a_case_counts_what_was_recorded_and_what_was_refused() -> None:
    assert sum(case.refused for case in cases()) > 100
    for case in cases():
        assert case.accepted == len(case.plan.history)
        assert sum(case.refusals.values()) >= case.refused


def test_a_case_that_the_kernel_answers_otherwise_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(runner: Runner, number: int) -> SimulatedCase:
        return attrs.evolve(simulated_case(runner, number), state="ended.letter")

    monkeypatch.setattr(trials, "simulated_case", wrong)
    with pytest.raises(MismatchError, match="case 0: the state at the end"):
        check(loaded("standards"), (), cases=1)


def test_the_codes_of_a_procedure_are_those_of_its_needs_and_of_the_machinery() -> None:
    codes = codes_of(loaded("standards"))
    assert codes == tuple(sorted(codes))
    assert {"not-unanimous", "plan-ended", "no-rule-for-these-fields"} <= set(codes)
    assert "plan-ended" not in codes_of(loaded("london"))


def test_without_rules_for_some_fields_or_steps_alone_no_field_is_in_question() -> None:
    for name, told in (("agreement-signed", False), ("plan-made", True), ("visit-failed", True)):
        one = {name: loaded("standards").rules[name]}
        codes = codes_of(attrs.evolve(loaded("standards"), rules=one))
        assert ("no-rule-for-these-fields" in codes) is told


# Sometimes: what the check is for. Without this, cases in which nothing happens would pass.


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_every_requirement_of_a_shipped_procedure_is_exercised_and_none_is_broken(
    name: str,
) -> None:
    found = checked(name)
    assert [one.requirement.id for one in found.tested if not one.held] == []
    assert [one.requirement.id for one in found.tested if one.broken] == []
    assert len(found.tested) == len(required(name)) > 0
    assert found.passed


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_every_code_that_a_shipped_procedure_can_give_is_given(name: str) -> None:
    assert set(checked(name).ungiven) == NEVER_GIVEN.get(name, set())
    assert set(checked(name).codes) <= set(codes_of(loaded(name)))


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_every_rule_of_a_shipped_procedure_is_used_and_every_duty_opened(name: str) -> None:
    assert checked(name).unused == ()
    assert checked(name).unopened == ()
