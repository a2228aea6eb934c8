"""The model in Promela as a file: what a person exports, reads and hands to SPIN."""

from __future__ import annotations

import subprocess
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result

from cpplan import load
from cpplan.requirements import Requirement
from cpplan.rules import StepSet
from cpplan_sim.commands.group import cpplan
from cpplan_sim.running import loaded
from cpplan_sim.second_opinion.mattering import mattering
from cpplan_sim.second_opinion.possible import Possible
from cpplan_sim.second_opinion.promela import promela
from cpplan_sim.second_opinion.sayings import InexpressibleError
from cpplan_sim.second_opinion.spin import ToolsMissingError, check_tools
from cpplan_sim.second_opinion.watched import Watched, halves, watched

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")


def all_of(name: str) -> tuple[Watched, ...]:
    required = loaded(name).requirements.values()
    return watched((half, None) for one in required for half in halves(one))


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, ["export", "--to", "promela", *map(str, arguments)])


def test_every_requirement_and_every_edge_of_a_procedure_is_in_its_model() -> None:
    procedure = loaded("luton")
    text = promela(procedure, all_of("luton"))
    for required in procedure.requirements.values():
        assert f"/* {required.id}: " in text
    for edge in procedure.edges:
        assert f'printf("edge {edge.number}\\n")' in text


def test_the_model_of_one_requirement_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "one.pml"
    done = invoke("luton", "--requirement", "safety-consulted", "-o", path)
    assert done.exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "watched == 1" in text
    assert "watched == 2" not in text
    assert invoke("luton", "--requirement", "safety-consulted").output == text


def test_a_requirement_that_there_is_not_is_refused_with_the_nearest() -> None:
    done = invoke("luton", "--requirement", "safety-consultd")
    assert done.exit_code == 2
    assert "safety-consulted" in done.output


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("-DEXERCISE",)], ids=["breach", "exercise"])
def test_an_exported_model_is_searched_as_its_head_says(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    try:
        check_tools()
    except ToolsMissingError as error:
        pytest.skip(str(error))
    path = tmp_path / "model.pml"
    assert invoke("lead-social-worker", "-o", path).exit_code == 0
    said = ""
    for command in (
        ["spin", "-DWATCHED=1", *more, "-a", "model.pml"],
        ["gcc", "-DBFS", "-w", "-o", "pan", "pan.c"],
        ["./pan", "-E"],
    ):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        said = done.stdout
    assert f"errors: {len(more)}" in said
    assert "c_code" not in path.read_text(encoding="utf-8").partition("#ifdef WATCHED")[0]


def test_words_of_a_pack_can_not_leave_their_comment() -> None:
    rule = attrs.evolve(TINY.rules["plan-made"], says='*/ c_code { system("rm"); } /* \\\n#define')
    text = promela(attrs.evolve(TINY, rules={**TINY.rules, rule.id: rule}), watched(_one_of_tiny()))
    assert "system" in text
    for line in text.splitlines():
        if "system" in line:
            assert line.strip().startswith("/*")
            assert line.count("*/") == 1
            assert line.endswith("*/")
            assert "{" not in line


def test_two_steps_that_would_have_one_name_are_refused() -> None:
    rule = TINY.rules["plan-made"]
    twins = (*rule.sets, StepSet("a-b"), StepSet("a.b"))
    changed = attrs.evolve(TINY, rules={**TINY.rules, rule.id: attrs.evolve(rule, sets=twins)})
    with pytest.raises(InexpressibleError, match=r"'a-b' and 'a\.b'"):
        promela(changed, watched(_one_of_tiny()))


def _one_of_tiny() -> list[tuple[Requirement, None]]:
    first = next(iter(TINY.requirements.values()))
    return [(first, None)]


@pytest.mark.parametrize("name", ["luton", "standards"])
def test_what_matters_is_closed_under_what_its_moves_ask_about(name: str) -> None:
    possible = Possible(loaded(name), all_of(name))
    found = mattering(possible)
    smaller = [steps for steps in found.values() if len(steps) < len(possible.steps)]
    assert smaller
    for number, steps in found.items():
        for move in possible.all:
            changed = {*move.effect.takes, *move.effect.drops} & steps
            shown = number in move.watched and move.shows.anything
            if changed or shown or move.edge.source != move.edge.target:
                assert move.effect.reads <= steps, (number, move.edge.rule.id)
