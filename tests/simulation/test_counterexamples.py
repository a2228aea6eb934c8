"""Counterexamples: the event that breaks, the rule that let it through, and a file that replays."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from cpplan import Procedure
from cpplan.requirements import Atom, Requirement, Template
from cpplan_sim.counterexamples import Counterexample, counterexample_of, write_counterexample
from cpplan_sim.monitors import Monitor, Verdict
from cpplan_sim.proving.prover import Proof, prove
from cpplan_sim.running import run
from cpplan_sim.scenarios import read_scenario
from cpplan_sim.story import Line, Tone, story_of_breach
from cpplan_sim.writing import Source
from tests.breaking import without_code
from tests.simulation.brute import TINY

BROKEN = without_code(TINY, "detailed-plan-agreed", "core-group-held-missing")


def found(procedure: Procedure = BROKEN) -> Counterexample:
    proven = prove(procedure, procedure.requirements["core-group-first"])
    one = counterexample_of(procedure, proven)
    assert one is not None
    return one


def test_the_event_that_breaks_and_the_rule_that_let_it_through_are_named() -> None:
    one = found()
    assert one.rule.id == "detailed-plan-agreed"
    assert one.history[one.at].event.kind == "detailed-plan-agreed"
    assert one.at == len(one.history) - 1 == 2
    assert "No plan becomes detailed unless a core group has met." in one.told
    assert "Event 3, detailed plan agreed," in one.told


def test_it_breaks_the_requirement_as_it_is_told() -> None:
    one = found()
    finding = Monitor(one.requirement, BROKEN.calendar).judge(one.history)
    assert (finding.verdict, finding.broken_at) == (Verdict.BROKEN, one.at)


def test_a_requirement_that_is_proved_has_none() -> None:
    proven = prove(TINY, TINY.requirements["core-group-first"])
    assert proven.proof is Proof.PROVED
    assert counterexample_of(TINY, proven) is None


@pytest.mark.parametrize(
    ("template", "first", "then"),
    [
        (Template.ABSENCE, Atom(enters=("review",)), None),
        (Template.EXISTENCE, Atom(enters=("active",)), None),
        (Template.RESPONSE, Atom(enters=("escalated",)), Atom(enters=("review",))),
        (Template.SUCCESSION, Atom(enters=("detailed",)), Atom(enters=("active",))),
        (Template.NOT_SUCCESSION, Atom(enters=("review",)), Atom(enters=("detailed",))),
        (Template.NOT_CO_EXISTENCE, Atom(enters=("review",)), Atom(enters=("active",))),
    ],
)
def test_whatever_the_template_the_rule_is_that_of_the_event_that_breaks_it(
    template: Template, first: Atom, then: Atom | None, tmp_path: Path
) -> None:
    required = Requirement(
        id="made-up", says="Made up.", topic="noting", template=template, first=first, then=then
    )
    procedure = attrs.evolve(TINY, requirements={"made-up": required})
    one = counterexample_of(procedure, prove(procedure, required))
    assert one is not None
    assert one.rule.match.event == one.history[one.at].event.kind
    path = write_counterexample(one, Source(procedure="tiny"), tmp_path / "new")
    told = run(read_scenario(path), procedure)
    assert told.passed
    assert [step.event for step in told.scenario.steps] == [m.event for m in one.history]


def test_its_file_replays_where_it_was_found_and_fails_where_the_rule_is_whole(
    tmp_path: Path,
) -> None:
    path = write_counterexample(found(), Source(procedure="tiny"), tmp_path)
    assert path.name == "tiny-core-group-first.yaml"
    told = read_scenario(path)
    assert told.cites == ("standards/3b",)
    assert run(told, BROKEN).passed
    whole = run(told, TINY)
    assert not whole.passed
    assert whole.plan.state == "outline"


def test_it_is_told_as_a_timeline_with_the_clause_and_the_rule() -> None:
    lines = list(story_of_breach(found()))
    assert lines[0] == Line(Tone.TITLE, "Counterexample to core-group-first")
    bad = [line.text.strip() for line in lines if line.tone is Tone.BAD]
    assert bad[0] == "BREAKS core-group-first [standards/3b]"
    assert bad[1].startswith("let through by the rule detailed-plan-agreed: ")
    days = [line.text for line in lines if line.text.startswith("2026-01-06")]
    assert len(days) == 3
    assert lines.index(Line(Tone.BAD, f"            {bad[0]}")) > lines.index(
        next(line for line in lines if "detailed plan agreed" in line.text)
    )
