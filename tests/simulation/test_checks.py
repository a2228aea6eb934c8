"""The check: a sound procedure passes, and each thing that can be wrong makes it fail."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import attrs
import pytest

from cpplan import Procedure
from cpplan_sim.account import Fate, account_of
from cpplan_sim.checks import Breach, Checked, as_data, check
from cpplan_sim.monitors import Verdict
from cpplan_sim.running import Run, loaded
from cpplan_sim.trials import codes_of
from tests.breaking import without_citing, without_code
from tests.simulation.telling import OPENED, ran

CASES = 300


@cache
def sound() -> Checked:
    return check(loaded("standards"), (), cases=CASES)


def checked(procedure: Procedure, *runs: Run, cases: int = 100) -> Checked:
    return check(procedure, runs, cases=cases)


def broken(found: Checked) -> set[str]:
    return {one.requirement.id for one in found.tested if one.verdict is Verdict.BROKEN}


def test_the_standards_pass_and_the_figures_add_up() -> None:
    found = sound()
    assert found.passed
    assert broken(found) == set()
    assert found.cases == CASES == sum(found.states.values())
    assert found.accepted > 10 * CASES
    assert found.refused > CASES
    assert len(found.tested) == len(loaded("standards").requirements)
    assert found.verdicts()[Verdict.HELD] == len(found.tested)


def test_no_cases_prove_nothing() -> None:
    found = checked(loaded("standards"), cases=0)
    assert not found.passed
    assert found.verdicts() == {Verdict.NOT_EXERCISED: len(found.tested)}
    assert found.ungiven == codes_of(loaded("standards"))
    assert found.unused == tuple(loaded("standards").rules)
    assert found.unopened == tuple(loaded("standards").duties)


def test_the_seed_decides_the_cases() -> None:
    one, two, other = (check(loaded("standards"), (), cases=5, seed=s) for s in (0, 0, 5))
    assert as_data(one) == as_data(two)
    assert as_data(one) != as_data(other)


def test_progress_is_told_of_each_case() -> None:
    told: list[tuple[int, int]] = []
    check(loaded("standards"), (), cases=3, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


BROKEN: list[tuple[str, str, str]] = [
    ("letter-route-agreed", "not-unanimous", "letter-never-without-unanimity"),
    ("plan-made", "contingency-missing", "plan-holds-contingency"),
    ("plan-ended-by-letter", "notice-not-run-out", "letter-notice-given"),
    ("plan-ended-by-move", "receiving-conference-not-held", "move-only-after-receiving-conference"),
    ("plan-ended-at-18", "not-yet-18", "eighteen-before-ending"),
    ("plan-ended-by-death", "date-of-death-missing", "death-recorded"),
]


@pytest.mark.parametrize(("rule", "code", "requirement"), BROKEN)
def test_a_rule_broken_on_purpose_breaks_its_requirement_and_no_other(
    rule: str, code: str, requirement: str
) -> None:
    found = checked(without_code(loaded("standards"), rule, code))
    assert requirement in broken(found)
    assert not found.passed


def breach_of(found: Checked, requirement: str) -> Breach | None:
    (tested,) = [one for one in found.tested if one.requirement.id == requirement]
    return tested.example


def test_a_breach_names_the_case_the_moment_and_the_rule_that_let_it_through() -> None:
    procedure = without_code(loaded("standards"), "letter-route-agreed", "not-unanimous")
    breach = breach_of(checked(procedure), "letter-never-without-unanimity")
    assert breach is not None
    assert breach.rule == "letter-route-agreed"
    assert breach.requirement.cites == ("standards/12d",)
    assert breach.moment.event.kind == "letter-route-agreed"
    again = check(procedure, (), cases=breach.case + 1)
    assert breach_of(again, "letter-never-without-unanimity") == breach


def test_a_missing_clause_makes_the_check_fail() -> None:
    account = account_of(without_citing(loaded("standards"), "standards/6c"))
    found = attrs.evolve(sound(), account=account)
    assert [one.clause.id for one in found.account.of(Fate.MISSING)] == ["standards/6c"]
    assert not found.passed


def test_a_told_case_that_goes_otherwise_makes_the_check_fail(tmp_path: Path) -> None:
    wrong = ran(tmp_path, f"{OPENED}, expect: {{state: outline}}")
    assert not attrs.evolve(sound(), runs=(wrong,)).passed
    assert attrs.evolve(sound(), runs=(ran(tmp_path, OPENED),)).passed


def test_a_requirement_that_no_case_exercised_makes_the_check_fail() -> None:
    procedure = loaded("standards")
    rules = {name: rule for name, rule in procedure.rules.items() if name != "plan-ended-by-move"}
    found = checked(attrs.evolve(procedure, rules=rules))
    idle = {one.requirement.id for one in found.tested if one.verdict is Verdict.NOT_EXERCISED}
    assert idle >= {"move-only-after-receiving-conference", "move-permanent"}
    assert not found.passed


KEYS: dict[str, Callable[[object], bool]] = {
    "procedure": lambda value: value == "standards",
    "digest": lambda value: isinstance(value, str) and len(value) == 64,
    "filled": lambda value: value == {},
    "passed": lambda value: value is True,
    "missing": lambda value: value == [],
    "scenarios": lambda value: value == {"passed": 0, "failed": []},
    "cases": lambda value: value == CASES,
    "unused-rules": lambda value: isinstance(value, list),
    "codes-not-given": lambda value: value == [],
    "unopened-duties": lambda value: value == [],
}


@pytest.mark.parametrize("key", KEYS)
def test_the_data_for_machines_say_what_was_found(key: str) -> None:
    assert KEYS[key](json.loads(json.dumps(as_data(sound())))[key])


def test_the_data_for_machines_hold_the_breach() -> None:
    found = checked(without_code(loaded("standards"), "letter-route-agreed", "not-unanimous"))
    (told,) = [
        one
        for one in as_data(found)["requirements"]
        if one["requirement"] == "letter-never-without-unanimity"
    ]
    assert (told["verdict"], told["cites"]) == ("broken", ["standards/12d"])
    assert told["broken-by"].keys() == {"case", "event", "on", "number", "rule"}
    assert told["cases"] > 0
    assert as_data(found)["passed"] is False
