"""How many guards have to fail, held against trying out every set of them on a small procedure."""

from __future__ import annotations

import itertools
import json
from functools import cache
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from cpplan import Accepted, Plan, Procedure, load
from cpplan.matching import Match
from cpplan.needs import StepNeed
from cpplan.requirements import Atom, Requirement, Template
from cpplan_sim.commands.group import cpplan
from cpplan_sim.monitors import Monitor, Verdict
from cpplan_sim.proving.prover import Prover
from cpplan_sim.tolerance import Held, Tolerance, guards_of, tolerances, without

pytestmark = pytest.mark.xdist_group("tolerance")  # so that the standards are tried out once
ENDINGS = ("ended.rcpc", "ended.death")
TINY_FOLDER = Path(__file__).parents[1] / "data" / "packs" / "tiny"
TINY = load(TINY_FOLDER)


@cache
def standards() -> dict[str, Tolerance]:
    return {one.ending: one for one in tolerances(load("standards"))}


def held(ending: str, requirement: str) -> Held:
    return next(one for one in standards()[ending].held if one.requirement.id == requirement)


def codes(one: Held) -> set[frozenset[str]]:
    return {frozenset(f"{guard.rule}/{guard.code}" for guard in cut.guards) for cut in one.cuts}


@pytest.mark.slow
def test_the_unanimity_of_the_conference_is_guarded_once() -> None:
    one = held("ended.letter", "letter-agreed-by-all")
    assert one.exact
    assert one.at_least == 1
    assert codes(one) == {frozenset({"letter-route-agreed/not-unanimous"})}


@pytest.mark.slow
def test_the_file_review_is_guarded_twice() -> None:
    one = held("ended.looked-after", "looked-after-file-first")
    assert one.exact
    assert one.at_least == 2
    assert codes(one) == {
        frozenset(
            {
                "looked-after-end-agreed/file-not-reviewed",
                "plan-ended-by-looked-after-letter/file-not-reviewed",
            }
        )
    }


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ended.letter", "ended.looked-after", "ended.move"])
def test_what_is_enough_lets_an_unlawful_ending_through(ending: str) -> None:
    procedure = load("standards")
    cuts = [cut for one in standards()[ending].held for cut in one.cuts]
    assert cuts
    for cut in cuts:
        changed = without(procedure, cut.guards)
        plan = Plan(changed)
        for moment in cut.history:
            decision = plan.record(moment.event)
            assert isinstance(decision, Accepted)
            plan = decision.plan
        assert plan.state == ending
        finding = Monitor(cut.requirement, changed.calendar).judge(cut.history)
        assert finding.verdict is Verdict.BROKEN


@pytest.mark.slow
def test_nothing_less_than_what_is_told_is_enough() -> None:
    procedure = load("standards")
    deep = [
        (ending, one)
        for ending, each in standards().items()
        for one in each.held
        if one.at_least > 1
    ]
    assert deep
    for ending, one in deep:
        for cut in one.cuts:
            for fewer in itertools.combinations(cut.guards, len(cut.guards) - 1):
                assert not breaks(without(procedure, fewer), one.requirement, ending), fewer


def required(first: Atom, ending: str) -> Requirement:
    """Return that something comes before an ending."""
    return Requirement(
        id=f"{first}-{ending}",
        says="Made up.",
        topic="noting",
        template=Template.PRECEDENCE,
        first=first,
        then=Atom(enters=(ending,)),
    )


def guarded_twice() -> Procedure:
    """Return the tiny procedure, where neither a review nor its ending is without a core group."""
    (need,) = (
        one
        for one in TINY.rules["detailed-plan-agreed"].needs
        if isinstance(one, StepNeed) and one.step == "core-group-held"
    )
    asking = "review", "ended.rcpc"
    rules = {
        name: attrs.evolve(rule, needs=(*rule.needs, need)) if rule.target in asking else rule
        for name, rule in TINY.rules.items()
    }
    return attrs.evolve(TINY, rules=rules)


FIRSTS = [
    Atom(Match("core-group-held")),
    Atom(Match("plan-put-into-effect")),
    Atom(Match("initial-conference-opened")),
    Atom(enters=("review",)),
]


def test_trying_every_set_of_guards_of_the_tiny_procedure_finds_no_smaller_and_no_other() -> None:
    pairs = [(required(first, ending), ending) for first in FIRSTS for ending in ENDINGS]
    procedure = attrs.evolve(guarded_twice(), requirements={one.id: one for one, _ in pairs})
    told = {
        (each.ending, one.requirement.id): one
        for each in tolerances(procedure)
        for one in each.held
    }
    guards = guards_of(procedure)
    sizes = set()
    for one, ending in pairs:
        enough = [
            frozenset(failed)
            for size in range(3)
            for failed in itertools.combinations(guards, size)
            if breaks(without(procedure, failed), one, ending)
        ]
        least = min(map(len, enough), default=None)
        answer = told.get((ending, one.id))
        if least == 0 or answer is None:
            assert answer is None or answer.at_least == 1
            continue
        sizes.add(answer.at_least)
        if least is None:
            assert answer.at_least > 2
        else:
            assert answer.at_least == least
            assert {frozenset(cut.guards) for cut in answer.cuts} <= set(enough)
    assert {1, 2} <= sizes


def breaks(procedure: Procedure, one: Requirement, ending: str) -> bool:
    return Prover(procedure).breach(one, lambda edge: edge.target == ending).reachable


def test_the_command_tells_single_points_of_failure_with_their_clauses() -> None:
    result = CliRunner().invoke(cpplan, ["tolerance", str(TINY_FOLDER), "--format", "json"])
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    assert [one["ending"] for one in found["endings"]] == list(ENDINGS)


def test_a_procedure_without_endings_is_told_to_be_silent() -> None:
    result = CliRunner().invoke(cpplan, ["tolerance", "lead-social-worker"])
    assert result.exit_code == 0
    assert "silent on endings" in result.stdout
