"""``cpplan consistency``: what it tells a person and a machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from cpplan import load
from cpplan_sim.commands.group import cpplan
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.findings import as_data
from tests.simulation.deadlines import (
    PACK,
    examined,
)


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, ["consistency", *map(str, arguments)])


def planted(folder: Path, days: int) -> Path:
    """Return the folder of a pack whose plan has to be in effect within some days."""
    mine = folder / "tiny"
    shutil.copytree(PACK, mine)
    head = (mine / "pack.yaml").read_text(encoding="utf-8")
    value = (
        f"  soon:\n    says: soon\n    is: {days}\n    unit: calendar-days\n"
        "    origin: choice\n    why: Made up.\n"
    )
    (mine / "pack.yaml").write_text(
        head.replace("\n\nsilent:", f"\n{value}\nsilent:"), encoding="utf-8"
    )
    duties = (mine / "duties.yaml").read_text(encoding="utf-8")
    more = (
        "  effect:\n    says: The plan is put into effect soon.\n    topic: effect\n"
        "    strength: must\n    opens: [{event: detailed-plan-agreed}]\n    within: soon\n"
        "    met-by: [{event: plan-put-into-effect}]\n    cites: [standards/3b]\n"
    )
    (mine / "duties.yaml").write_text(duties + more, encoding="utf-8")
    return mine


def test_the_command_tells_a_contradiction_with_its_clauses_and_exits_with_1(
    tmp_path: Path,
) -> None:
    result = invoke(planted(tmp_path, 3))
    assert result.exit_code == 1
    for words in ("certain", "on any date", "standards/3b must", "standards/12i should", "must"):
        assert words in result.output
    assert "3 days allowed, 6 to 14 days needed" in result.output


def test_the_command_passes_what_fits_and_gives_the_same_as_json(tmp_path: Path) -> None:
    mine = planted(tmp_path, 14)
    assert invoke(mine).exit_code == 0
    result = invoke(mine, "--format", "json")
    (data,) = json.loads(result.output)
    assert data == as_data(examine(load(mine)))
    assert data["passed"]
    assert data["examined"]["limits"]


def test_the_json_of_a_contradiction_says_what_the_text_says(tmp_path: Path) -> None:
    result = invoke(planted(tmp_path, 9), "--format", "json")
    assert result.exit_code == 1
    (data,) = json.loads(result.output)
    (one,) = data["contradictions"]
    assert one["certainty"] == "possible"
    assert (one["on"], one["latest"], one["earliest"]) == ("2008-03-14", "2008-03-23", "2008-03-26")
    assert one["history"][-1]["on"] == "2008-03-14"
    strengths = {each["strength"] for way in one["ways"] for b in way for each in b["cites"]}
    assert strengths == {"must", "should"}


def test_a_figure_can_be_chosen_and_another_calendar_taken() -> None:
    chosen = invoke("standards", "--set", "review-as-soon-as-possible=3", "--calendar", "jersey")
    assert chosen.exit_code == 0, chosen.output
    assert "no figure is chosen" not in chosen.output
    assert "jersey" in chosen.output
    assert invoke("standards", "--set", "soon").exit_code == 2
    assert invoke("standards", "--set", "soon=1").exit_code == 2
    assert invoke("stndards").exit_code == 2


def test_every_margin_can_be_told() -> None:
    told_ = invoke("lead-social-worker", "--duties")
    assert told_.exit_code == 0
    for margin in examined("lead-social-worker").margins:
        assert margin.duty.id in told_.output
