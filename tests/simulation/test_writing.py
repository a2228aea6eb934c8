"""Histories written as told cases: what is read back and replayed is what was written."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan import PROCEDURES, InvalidFileError, Plan, Procedure, load
from cpplan.events import Event, InitialConferenceDecided, InitialConferenceOpened, PlanContent
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.prover import Proof, prove
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import Scenario, read_scenario
from cpplan_sim.writing import Source, written
from tests.breaking import without_code
from tests.kernel.strategies import events
from tests.simulation.walks import synthetic_cases

PACKS = Path(__file__).parents[1] / "data" / "packs"
DAY = dt.date(2026, 1, 5)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def read(folder: Path, text: str) -> Scenario:
    path = folder / "written.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_scenario(path)


def same(found: Run, moments: Sequence[Moment]) -> bool:
    """Return whether a run has the same events, decisions and states as a history."""
    return [
        Moment(one.step.event, one.decision.accepted, moment.before, one.plan.state)
        for one, moment in zip(found.outcomes, moments, strict=True)
    ] == list(moments)


def attempted(procedure: Procedure, *happened: Event) -> list[Moment]:
    plan, moments = Plan(procedure), []
    for event in happened:
        decision = plan.record(event)
        after = decision.plan if hasattr(decision, "plan") else plan
        moments.append(Moment(event, decision.accepted, plan.state, after.state))
        plan = after
    return moments


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_synthetic_case_that_is_written_replays_as_it_was(name: str, tmp_path: Path) -> None:
    refused = accepted = 0
    for case in synthetic_cases(loaded(name), 6, seed=40):
        told = read(tmp_path, written(loaded(name), case.moments, title=f"Case {case.number}"))
        found = run(told)
        assert found.passed
        assert same(found, case.moments)
        assert told.ends_in == case.plan.state
        refused += case.refused
        accepted += case.accepted
    assert refused > 0
    assert accepted > 0


@given(event=events())
@settings(max_examples=150, deadline=None)
def test_any_event_is_read_back_as_it_was(
    event: Event, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moments = attempted(loaded("standards"), event)
    folder = tmp_path_factory.getbasetemp()
    found = run(read(folder, written(loaded("standards"), moments, title="One event")))
    assert found.passed
    assert same(found, moments)


@given(title=TEXTS, why=TEXTS.filter(bool), concerns=TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_text_is_too_odd_to_be_written(
    title: str, why: str, concerns: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = InitialConferenceDecided(on=DAY, plan_made=True, plan=PlanContent(concerns=concerns))
    moments = attempted(loaded("standards"), InitialConferenceOpened(on=DAY), told)
    text = written(loaded("standards"), moments, title=title, why=why)
    found = run(read(tmp_path_factory.getbasetemp(), text))
    assert found.passed
    assert (found.scenario.title, found.scenario.says) == (title, why)
    assert found.scenario.steps[1].event == told


def test_a_counterexample_is_written_so_that_it_replays_under_the_folder_it_breaks(
    tmp_path: Path,
) -> None:
    pack = tmp_path / "packs" / "loose"
    shutil.copytree(PACKS / "tiny", pack)
    rules = (pack / "rules.yaml").read_text(encoding="utf-8")
    need = "    needs:\n      - {step: core-group-held, cites: [standards/3b]}\n"
    assert need in rules
    (pack / "rules.yaml").write_text(rules.replace(need, ""), encoding="utf-8")
    procedure = load(pack)
    proven = prove(procedure, procedure.requirements["core-group-first"])
    assert proven.proof is Proof.BROKEN
    folder = tmp_path / "told" / "here"
    folder.mkdir(parents=True)
    source = Source(procedure=str(pack))
    text = written(procedure, proven.history, title="Broken", source=source, folder=folder)
    assert "procedure: ../../packs/loose\n" in text
    found = run(read(folder, text))
    assert found.passed
    assert same(found, proven.history)
    assert found.plan.state == "detailed"


def test_a_history_of_a_broken_procedure_shows_where_the_whole_one_differs(tmp_path: Path) -> None:
    whole = load(PACKS / "tiny")
    broken = without_code(whole, "detailed-plan-agreed", "core-group-held-missing")
    breach = prove(broken, broken.requirements["core-group-first"])
    assert breach.proof is Proof.BROKEN
    told = read(tmp_path, written(broken, breach.history, title="Broken"))
    assert run(told, broken).passed
    differing = [one.failures for one in run(told, whole).outcomes if one.failures]
    assert len(differing) == 1
    assert "refused, expected to be accepted" in " ".join(differing[0])


def test_what_fills_silences_and_the_figures_that_differ_are_named(tmp_path: Path) -> None:
    procedure = load("luton", fill="composite", values={"visit-interval": 2})
    moments = attempted(procedure, InitialConferenceOpened(on=DAY))
    told = read(tmp_path, written(procedure, moments, title="Filled"))
    assert (told.procedure, told.fill, told.values) == (
        "luton",
        "composite",
        {"visit-interval": 2},
    )
    assert run(told).plan.procedure.digest == procedure.digest


def test_only_what_differs_from_the_usual_is_told(tmp_path: Path) -> None:
    procedure = loaded("standards")
    text = (
        "scenario: A case\nprocedure: standards\nsays: What it shows.\nevents:\n"
        "  - {on: 2026-01-05, event: initial-conference-opened}\n"
        "  - {on: 2026-01-05, event: initial-conference-decided, without: [plan.monitoring]}\n"
        "  - {on: 2026-01-15, event: core-group-held, by: police, with: {chair: police}}\n"
    )
    told = [step.event for step in read(tmp_path, text).steps]
    again = written(procedure, attempted(procedure, *told), title="A case", cites=["standards/1a"])
    assert again.startswith("scenario: A case\nprocedure: standards\n")
    assert "cites: [standards/1a]\n" in again
    assert again.count("with:") == 1
    assert "    with:\n      chair: police\n" in again
    assert "    without: [plan.monitoring]\n" in again
    assert "&" not in again


def test_a_folder_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    procedure = attrs.evolve(loaded("standards"), name="elsewhere")
    told = read(tmp_path, written(procedure, (), title="Nothing"))
    assert told.steps == ()
    with pytest.raises(InvalidFileError, match="no procedure 'elsewhere'"):
        run(told)
