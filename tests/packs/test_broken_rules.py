"""Rules broken on purpose: whatever is taken out of the rules of a pack has to be missed.

The rules and the requirements are written apart. If something can be taken out of a rule and no
statement of the pack misses it, the requirements have a gap. Nothing is excused here by hand: what
makes no difference is proved to make none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest

from cpplan import PROCEDURES, load
from cpplan.codec import event_from_dict, event_to_dict
from cpplan.packs import FOLDER
from cpplan_sim.adequacy.killing import How
from cpplan_sim.adequacy.mutants import Operator, mutants_of
from cpplan_sim.adequacy.scoring import Adequacy, adequacy_of
from cpplan_sim.checks import check
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.running import loaded, run
from cpplan_sim.scenarios import Scenario, read_all, shipped
from tests.simulation.walks import synthetic_cases

WHOLE = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PROCEDURES]
"""The procedures, each kept to one worker, so that its mutants are judged once."""

CASES = 60
"""Synthetic cases of the whole procedure, in which nothing may be broken."""


@cache
def told(name: str, *, good: bool) -> tuple[Scenario, ...]:
    """Return the told cases that run under the plain procedure: the good ones, or all."""
    files = [path for path in shipped(name) if path.parent.parent.name == "good" or not good]
    return tuple(case for case in read_all(files) if not case.fill and not case.values)


@cache
def adequacy(name: str) -> Adequacy:
    return adequacy_of(loaded(name), told(name, good=True))


def breached(name: str, histories: Iterable[Sequence[Moment]]) -> set[str]:
    """Return the requirements of a procedure that some history breaks."""
    procedure = loaded(name)
    monitors = [Monitor(one, procedure.calendar) for one in procedure.requirements.values()]
    findings = [monitor.judge(moments) for moments in histories for monitor in monitors]
    return {one.requirement.id for one in findings if one.verdict is Verdict.BROKEN}


# The check sees it


def test_the_check_of_a_copied_pack_without_unanimity_fails_and_names_the_clause(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(FOLDER / "standards", folder)
    rules = (folder / "rules.yaml").read_text(encoding="utf-8")
    (line,) = [line for line in rules.splitlines() if "code: not-unanimous" in line]
    (folder / "rules.yaml").write_text(rules.replace(f"{line}\n", ""), encoding="utf-8")
    found = check(load(folder), (), cases=60)
    wrong = [one for one in found.tested if one.verdict is Verdict.BROKEN]
    assert not found.passed
    assert {clause for one in wrong for clause in one.requirement.cites} >= {"standards/12d"}
    for one in wrong:
        assert one.example is not None
    (scenario,) = read_all(
        [path for path in shipped("standards") if path.name == "letter-not-unanimous.yaml"]
    )
    assert run(scenario, loaded("standards")).passed
    assert not run(scenario, load(folder)).passed


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_whole_procedure_breaks_none_of_its_requirements(name: str) -> None:
    cases = synthetic_cases(loaded(name), CASES)
    assert breached(name, (case.moments for case in cases)) == set()


# Everything, one thing at a time


def test_there_are_many_mutants_and_every_procedure_has_some_that_let_more_through() -> None:
    found = {name: mutants_of(loaded(name)) for name in PROCEDURES}
    assert sum(map(len, found.values())) > 2_500
    for name, mutants in found.items():
        operators = {one.operator for one in mutants}
        assert {Operator.STEP, Operator.ROLE, Operator.FIELD, Operator.CLEARING} <= operators, name


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_whatever_is_taken_out_of_a_rule_is_missed_or_proved_to_make_no_difference(
    name: str,
) -> None:
    found = adequacy(name)
    assert found.failing == ()
    assert [one.mutant.name for one in found.survivors] == []
    assert found.passed


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_what_lets_more_through_is_missed_by_a_requirement_and_by_nothing_less(name: str) -> None:
    only_more = (Operator.STEP, Operator.FORBIDDEN, Operator.ROLE, Operator.FIELD, Operator.SET)
    for one in adequacy(name).judged:
        if one.kill is not None and one.mutant.operator in only_more:
            assert one.kill.how is How.REQUIREMENT, one.mutant.name
            assert one.kill.history
            for moment in one.kill.history:
                assert event_from_dict(event_to_dict(moment.event)) == moment.event


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROCEDURES if name != "composite"])
def test_a_need_that_is_dropped_is_missed_by_a_told_case(name: str) -> None:
    """Of rules that are alike, and of those for when others are open, one told case is enough."""
    unmissed = set[str]()
    missed = set[str]()
    for mutant in mutants_of(loaded(name)):
        if mutant.need is None or mutant.instead or not mutant.need.cites:
            continue
        if all(run(case, mutant.broken).passed for case in told(name, good=False)):
            unmissed.add(mutant.need.code)
        else:
            missed.add(mutant.need.code)
    assert sorted(unmissed - missed) == []
