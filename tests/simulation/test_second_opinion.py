"""The second opinion: SPIN and the prover agree, and would not be said to if they did not.

Needs SPIN and a C compiler; without them these tests are skipped, and none of them has passed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from cpplan import PROCEDURES, Procedure, load
from cpplan.matching import Match
from cpplan.requirements import ONE_SIDED, Atom, Requirement, Template
from cpplan_sim.commands.group import cpplan
from cpplan_sim.proving.prover import Proof
from cpplan_sim.running import loaded
from cpplan_sim.second_opinion import opinion
from cpplan_sim.second_opinion.opinion import Standing, compare
from cpplan_sim.second_opinion.possible import Possible
from cpplan_sim.second_opinion.promela import asking, promela
from cpplan_sim.second_opinion.spin import Ended, Model, ToolsMissingError
from cpplan_sim.second_opinion.watched import halves, watched
from tests.breaking import without_code
from tests.simulation.opinions import broken_of, spin, told
from tests.simulation.walks import synthetic_cases

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")
ENDED = ("ended.rcpc", "ended.death")
SMALL = ("lead-social-worker", "jersey", "london")
"""Procedures whose whole state space SPIN goes through in a moment."""


@spin
def test_spin_agrees_on_every_requirement_of_a_small_procedure() -> None:
    found = compare(loaded("lead-social-worker"))
    assert told(found) == []
    assert found.passed
    assert len(found.opinions) == len(loaded("lead-social-worker").requirements)
    assert all(one.exercise.events for one in found.opinions)


@spin
@pytest.mark.parametrize("name", PROCEDURES)
def test_spin_agrees_on_every_requirement_of_every_procedure(name: str) -> None:
    found = compare(loaded(name))
    assert told(found) == []
    assert {one.theirs for one in found.opinions} == {"proved"}
    halved = [half for one in loaded(name).requirements.values() for half in halves(one)]
    assert [one.requirement.id for one in found.opinions] == [one.id for one in halved]


@spin
@pytest.mark.parametrize("name", SMALL)
def test_spin_agrees_when_it_keeps_every_step_that_matters_and_tests_in_as_few_events(
    name: str,
) -> None:
    found = compare(loaded(name), everything=True)
    assert told(found) == []
    assert found.passed


ATOMS = [
    Atom(Match("core-group-held")),
    Atom(Match("review-conference-opened")),
    Atom(Match("escalation-raised")),
    Atom(Match("detailed-plan-agreed")),
    Atom(Match("plan-put-into-effect")),
    Atom(enters=("outline",)),
    Atom(enters=("active",)),
    Atom(enters=("escalated",)),
    Atom(enters=("review",), leaves=("escalated",)),
    Atom(enters=("ended.rcpc",)),
    Atom(enters=ENDED, leaves=("active",)),
    Atom(leaves=("detailed",)),
    Atom(any_of=(Atom(Match("core-group-held")), Atom(enters=("review",)))),
]


def random_requirement(seed: int) -> Requirement:
    rng = random.Random(seed)
    template = rng.choice(list(Template))
    first, then, until = rng.sample(ATOMS, 3)
    timed = template in (Template.PRECEDENCE, Template.ALTERNATE_PRECEDENCE)
    period = rng.choice([{"after": TINY.values["notice"]}, {"not_before": TINY.values["notice"]}])
    return requirement(
        template,
        first,
        None if template in ONE_SIDED else then,
        until=until if template is Template.NOT_UNTIL else None,
        **(period if timed and rng.random() < 0.5 else {}),
    )


def requirement(
    template: Template, first: Atom, then: Atom | None = None, **more: Any
) -> Requirement:
    plain = Requirement(
        id=str(template), says="Made up.", topic="noting", template=template, first=first, then=then
    )
    return attrs.evolve(plain, **more)


AGREED, EFFECT = Atom(Match("detailed-plan-agreed")), Atom(enters=("active",))
NOTICE = TINY.values["notice"]
SHORTER = attrs.evolve(NOTICE, amount=4)
LONGER = attrs.evolve(NOTICE, amount=6)
TIMED = {
    "proved": [
        requirement(Template.PRECEDENCE, AGREED, EFFECT, after=NOTICE),
        requirement(Template.PRECEDENCE, AGREED, EFFECT, not_before=NOTICE),
        requirement(Template.PRECEDENCE, AGREED, EFFECT, after=SHORTER),
    ],
    "broken": [
        requirement(Template.ALTERNATE_PRECEDENCE, AGREED, EFFECT, after=NOTICE),
        requirement(Template.PRECEDENCE, AGREED, EFFECT, after=LONGER),
        requirement(Template.PRECEDENCE, AGREED, Atom(Match("escalation-raised")), after=NOTICE),
    ],
}
"""The tiny procedure waits until five working days have run since the plan was agreed."""


@spin
@pytest.mark.parametrize("everything", [False, True], ids=["tracked", "everything"])
def test_spin_agrees_on_any_requirement_and_on_the_length_of_its_shortest_breach(
    everything: bool,
) -> None:
    found = compare(TINY, map(random_requirement, range(60)), everything=everything)
    assert told(found) == []
    broken = broken_of(found)
    assert len(broken) > 20
    assert max(one.breach.events for one in broken) > 4
    assert len(found.opinions) - len(broken) > 5
    assert {one.requirement.template for one in found.opinions} == {*Template} - {
        Template.SUCCESSION
    }


@spin
def test_spin_agrees_on_what_the_time_that_a_rule_waits_for_proves_and_what_it_does_not() -> None:
    found = compare(TINY, [one for several in TIMED.values() for one in several])
    assert told(found) == []
    assert [one.theirs for one in found.opinions] == [
        verdict for verdict, several in TIMED.items() for _ in several
    ]


@spin
@pytest.mark.parametrize("time", ["after", "not_before"])
def test_an_answer_that_may_come_too_early_and_ends_the_plan_is_a_breach_to_spin(time: str) -> None:
    early = requirement(
        Template.RESPONSE,
        Atom(Match("detailed-plan-agreed")),
        Atom(enters=ENDED),
        **{time: TINY.values["notice"]},
    )
    with Model(promela(TINY, watched([(early, None)]))) as model:
        found = model.search(asking(1, everything=True, exercise=False), telling=True)
    assert found.ended is Ended.FOUND
    kinds = [TINY.edges[number].rule.match.event for number in found.edges]
    assert kinds[-2:] == ["detailed-plan-agreed", "child-died"]


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in which no rule asks for a step."""
    _mistranslated(monkeypatch, r"stands\(\w+\)", "true")


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in which no plan is ever made."""
    _mistranslated(monkeypatch, r"(?=place == at_before_plan)", "false && ")


def _mistranslated(monkeypatch: pytest.MonkeyPatch, pattern: str, instead: str) -> None:
    def wrong(*given: Any) -> str:
        head, process = promela(*given).split("active proctype", 1)
        changed = re.sub(pattern, instead, process)
        assert changed != process
        return f"{head}active proctype{changed}"

    monkeypatch.setattr(opinion, "promela", wrong)


@spin
@pytest.mark.usefixtures("deaf")
def test_a_breach_that_spin_alone_finds_is_a_disagreement_and_is_told_event_by_event() -> None:
    done = invoke("second-opinion", "lead-social-worker")
    assert done.exit_code == 1
    assert "disagreed: No plan becomes detailed unless a core group has met" in done.output
    assert "detailed plan agreed  by the rule detailed-plan-agreed, in outline" in done.output


@spin
@pytest.mark.usefixtures("stuck")
def test_a_proof_of_spin_that_nothing_can_put_to_the_test_is_a_disagreement() -> None:
    found = compare(loaded("lead-social-worker"))
    assert not found.passed
    assert broken_of(found) == []
    assert "SPIN finds no history that puts it to the test" in {one.why for one in found.opinions}


@spin
@pytest.mark.usefixtures("deaf")
def test_a_breach_of_another_length_is_a_disagreement() -> None:
    broken = without_code(TINY, "detailed-plan-agreed", "core-group-held-missing")
    found = compare(broken, [requirement(Template.ABSENCE, Atom(enters=ENDED, leaves=("review",)))])
    assert [one.ours.proof for one in found.opinions] == [Proof.BROKEN]
    assert [one.standing for one in found.opinions] == [Standing.DISAGREED]
    assert "SPIN's shortest breach has" in found.opinions[0].why


@spin
def test_a_search_that_is_given_up_agrees_with_nothing() -> None:
    found = compare(loaded("lead-social-worker"), longest=0.0001)
    assert {one.standing for one in found.opinions} == {Standing.NOT_COMPARED}
    assert not found.passed


@spin
def test_where_no_requirement_ran_nothing_has_passed() -> None:
    assert not compare(loaded("lead-social-worker"), []).passed


@spin
def test_a_pack_without_requirements_fails_the_command() -> None:
    bare = attrs.evolve(loaded("lead-social-worker"), requirements={})
    done = invoke_with(bare, "second-opinion", "lead-social-worker")
    assert done.exit_code == 1
    assert "Nothing was compared" in done.output


def test_a_tool_that_is_absent_is_told_as_skipped_and_is_no_agreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolsMissingError, match="apt-get install spin gcc"):
        compare(loaded("lead-social-worker"))
    done = invoke("second-opinion", "lead-social-worker", "--format", "json")
    assert done.exit_code == 1
    assert "SKIPPED" in done.stderr
    data = json.loads(done.stdout)
    assert data["procedures"] == []
    assert "spin" in data["skipped"]


@spin
def test_a_machine_reads_both_verdicts_and_the_breach() -> None:
    broken = without_code(
        loaded("lead-social-worker"), "detailed-plan-agreed", "core-group-not-held"
    )
    done = invoke_with(broken, "second-opinion", "lead-social-worker", "--format", "json")
    assert done.exit_code == 0
    (procedure,) = json.loads(done.stdout)["procedures"]
    rows = {row["requirement"]: row for row in procedure["requirements"]}
    row = rows["plan-comes-of-a-core-group"]
    assert (row["ours"], row["theirs"], row["standing"]) == ("broken", "broken", "agreed")
    assert [event for event, _ in row["their-breach"]][-1] == "detailed-plan-agreed"
    assert row["our-breach"] == [3, 3]
    assert procedure["counts"]["agreed"] == len(rows)


@spin
@pytest.mark.parametrize("name", PROCEDURES)
def test_the_model_takes_every_history_that_the_kernel_took(name: str) -> None:
    procedure = loaded(name)
    cases = [case.plan.history for case in synthetic_cases(procedure, 60)]
    scripts = [[entry.edge.number for entry in history] for history in cases if history]
    assert len(scripts) > 50
    assert len({number for script in scripts for number in script}) > 40
    with Model(following(procedure, scripts)) as model:
        taken = [model.search(asking(number + 1)).events for number in range(len(scripts))]
    assert taken == [len(script) + 1 for script in scripts]


@spin
def test_a_history_that_the_kernel_would_refuse_is_not_taken_by_the_model() -> None:
    numbers = {
        edge.rule.id: edge.number
        for edge in TINY.edges
        if edge.source in ("before-plan", "outline")
    }
    rules = ("initial-conference-opened", "plan-made", "core-group-held", "detailed-plan-agreed")
    good = [numbers[rule] for rule in rules]
    with Model(following(TINY, [good, [*good[:2], good[3]], good[1:]])) as model:
        found = [model.search(asking(number)).ended for number in (1, 2, 3)]
    assert found == [Ended.FOUND, Ended.NONE, Ended.NONE]


def following(procedure: Procedure, scripts: Sequence[Sequence[int]]) -> str:
    """Return a model that follows the script of the number asked for, and fails at its end."""
    never = requirement(Template.ABSENCE, Atom(enters=("nowhere",)))
    steps = frozenset(Possible(procedure, watched([(never, None)])).steps)
    text = promela(procedure, watched([(never, steps)] * len(scripts)))
    flat = [number for script in scripts for number in [*script, -1]]
    starts = [0, 0, *(n + 1 for n, number in enumerate(flat[:-1]) if number == -1)]
    tables = "".join(
        f"int {table}[] = {{ {', '.join(map(str, numbers))} }};\n"
        for table, numbers in (("follow", flat), ("starts", starts))
    )
    for old, new in (
        ("c_decl {", f"c_decl {{\n{tables}"),
        ("now.watched =", 'now.at = starts[atoi(getenv("CPPLAN_WATCHED"))]; now.watched ='),
        ("mtype:place place", "int at;\nmtype:place place"),
        ("     fi;\n", "     :: c_expr { follow[now.at] == -1 } -> assert(at < 0)\n     fi;\n"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return re.sub(
        r"d_step \{ (place == .*?) -> printf\(\"edge (\d+)\\n\"\)",
        r"d_step { c_expr { follow[now.at] == \2 } && \1 -> at++",
        text,
    )


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cpplan, arguments)


def invoke_with(procedure: Procedure, *arguments: str) -> Result:
    """Run a command in which every name stands for one procedure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cpplan_sim.commands.second_opinion.load", lambda *_, **__: procedure)
        return invoke(*arguments)
