"""``cpplan explore``: exit codes, what is written, and what is said where Hypothesis is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpplan.packs import FOLDER
from cpplan_sim.commands.group import cpplan

SMALL = "lead-social-worker"
CLAUSE = f"{SMALL}/para-19b"
NEED = f"      - {{step: core-group-held, code: core-group-not-held, cites: [{CLAUSE}]}}"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, [str(one) for one in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A pack of one's own without a need that its clauses ask for."""
    mine = tmp_path / "mine"
    shutil.copytree(FOLDER / SMALL, mine)
    rules = (mine / "rules.yaml").read_text(encoding="utf-8")
    assert NEED in rules
    (mine / "rules.yaml").write_text(rules.replace(f"{NEED}\n", ""), encoding="utf-8")
    return mine


@pytest.mark.slow
def test_a_broken_pack_exits_with_1_and_leaves_a_scenario_that_can_be_run(
    broken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "found"
    explored = invoke("explore", broken, "--examples", "5", "--out", out)
    assert explored.exit_code == 1
    assert "plan-comes-of-a-core-group" in explored.output
    assert f"[{CLAUSE}]" in explored.output
    assert "detailed plan agreed  -> detailed" in explored.output
    (file,) = out.glob("*.yaml")
    assert f"written: {file}" in explored.output
    told = invoke("run", file)
    assert told.exit_code == 0
    assert "As expected. The plan is in detailed." in told.output


@pytest.mark.slow
def test_a_whole_pack_exits_with_0_and_tells_a_machine_how_often_each_thing_was_exercised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explored = invoke("explore", SMALL, "--examples", "5", "--seed", "3", "--format", "json")
    assert explored.exit_code == 0
    (data,) = json.loads(explored.stdout)
    assert data["passed"] is True
    assert data["seed"] == 3
    assert data["exercised"]["rule"]["plan-made"] > 0
    assert data["exercised"]["refusal code"]["core-group-not-held"] > 0
    assert data["exercised"]["duty status"]["first-core-group: met-late"] > 0
    assert data["exercised"]["duty status"]["assessment: met-late"] == 0
    assert "nothing done is late" in data["excused"]["duty status assessment: met-late"]
    assert data["differences"] == data["files"] == data["never-exercised"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_person_is_told_what_is_excused_and_on_request_every_count() -> None:
    few = invoke("explore", SMALL, "--examples", "1")
    assert few.exit_code == 0
    assert "can't be exercised: no rule of the procedure ends a plan" in few.output
    every = invoke("explore", SMALL, "--examples", "1", "--counts")
    assert every.output.count(" times: rule ") == 63
    assert few.output.count(" times: ") == 5


def test_a_file_that_can_not_be_used_exits_with_2(tmp_path: Path) -> None:
    explored = invoke("explore", tmp_path)
    assert explored.exit_code == 2
    assert "Nothing was run." in explored.output


def test_no_examples_are_refused() -> None:
    assert invoke("explore", SMALL, "--examples", "0").exit_code == 2


WITHOUT = """
import sys
sys.modules["hypothesis"] = None
from cpplan_sim.commands.group import cpplan
cpplan(["explore", "lead-social-worker"])
"""


def test_without_hypothesis_a_sentence_says_what_to_install() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == "cpplan explore needs Hypothesis: pip install 'cpplan[explore]'\n"
    assert ran.stdout == ""
