"""The commands that search: ``witness``, ``endings``, and the counterexamples of ``check``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cpplan import load
from cpplan_sim.commands.group import cpplan
from cpplan_sim.reaching import reach
from cpplan_sim.running import run
from cpplan_sim.scenarios import read_all, read_scenario

PACKS = Path(__file__).parents[1] / "data" / "packs"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, [str(one) for one in arguments])


@cache
def data(*arguments: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(invoke(*arguments, "--format", "json").output)
    return found


def copied(folder: Path, file: str, old: str, new: str) -> Path:
    """Return a copy of the tiny pack with something in one file said otherwise."""
    pack = folder / "mine"
    shutil.copytree(PACKS / "tiny", pack)
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    return pack


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    """The tiny pack, whose detailed plan needs no core group."""
    need = "    needs:\n      - {step: core-group-held, cites: [standards/3b]}\n"
    return copied(tmp_path, "rules.yaml", need, "")


@pytest.fixture
def trapping(tmp_path: Path) -> Path:
    """The tiny pack, whose review ends a plan only if no strategy discussion was ever held."""
    old = "  plan-ended-at-review:\n    cites: [standards/11c]\n"
    need = "    needs:\n      - {without: strategy-discussion-held, cites: [standards/11c]}\n"
    return copied(tmp_path, "rules.yaml", old, old + need)


# cpplan witness


def test_the_files_of_witness_take_every_live_edge_and_each_replays(tmp_path: Path) -> None:
    told = invoke("witness", "lead-social-worker", "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    runs = [run(one) for one in read_all(sorted((tmp_path / "out").glob("*.yaml")))]
    assert all(one.passed for one in runs)
    taken = {entry.edge.number for one in runs for entry in one.plan.history}
    assert taken == reach(load("lead-social-worker")).live
    assert f"{len(runs)} files in {tmp_path / 'out'}" in told.output
    assert "state escalated: not in use" in told.output
    assert "silent on ending by review" in told.output


def test_a_pack_of_ones_own_is_named_by_its_folder_in_the_files(
    loose: Path, tmp_path: Path
) -> None:
    out = tmp_path / "told" / "out"
    assert invoke("witness", loose, "--out", out).exit_code == 0
    files = sorted(out.glob("*.yaml"))
    assert files
    text = files[0].read_text(encoding="utf-8")
    assert "procedure: ../../mine\n" in text
    assert invoke("run", out).exit_code == 0


def test_files_of_another_suite_are_left_and_named(loose: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "99-old.yaml").write_text("old", encoding="utf-8")
    told = invoke("witness", loose, "--out", out)
    assert "Not of this suite, and left: 99-old.yaml" in told.output
    assert (out / "99-old.yaml").read_text(encoding="utf-8") == "old"


def test_the_table_has_a_row_for_each_rule_with_the_length_of_its_witness() -> None:
    told = invoke("witness", "jersey")
    assert told.exit_code == 0
    rows = {line.split()[0]: line.split()[1:] for line in told.output.splitlines() if line.strip()}
    assert rows["plan-made"] == ["2", "-", "-", "-", "-", "-"]
    assert rows["step-recorded"][:4] == ["-", "dead", "dead", "dead"]
    assert "no history takes step-recorded from outline to outline" in told.output


def test_witness_as_data_has_every_edge_with_its_history() -> None:
    found = data("witness", "jersey")
    procedure = load("jersey")
    assert len(found["rules"]) == len(procedure.edges)
    dead = [one for one in found["rules"] if one["fate"] == "dead"]
    assert {one["rule"] for one in dead} == {"step-recorded"}
    live = next(one for one in found["rules"] if one["rule"] == "plan-made")
    assert (live["shortest"], len(live["witness"])) == (2, 2)
    assert found["ended-by-review"]["leaving"] == "silent"
    assert found["dead-rules"] == []


def test_a_trap_is_shown_and_written(trapping: Path, tmp_path: Path) -> None:
    told = invoke("witness", trapping, "--out", tmp_path / "out")
    assert told.exit_code == 1
    assert "a trap, shown in the kernel: no ending by review can follow in outline" in told.output
    assert "strategy discussion held" in told.output
    trap = read_scenario(tmp_path / "out" / "trap.yaml")
    assert run(trap).passed
    assert trap.steps[-1].event.kind == "strategy-discussion-held"


def test_a_dead_rule_is_told_and_fails(tmp_path: Path) -> None:
    old = "  plan-ended-by-death:\n    cites: [standards/11i]\n"
    need = "    needs:\n      - {step: initial-conference-sitting, cites: [standards/11i]}\n"
    told = invoke("witness", copied(tmp_path, "rules.yaml", old, old + need))
    assert told.exit_code == 1
    assert "dead: no history takes plan-ended-by-death [standards/11i]" in told.output
    assert "dead: no history enters ended.death" in told.output


@pytest.mark.slow
def test_where_a_procedure_speaks_of_reviews_every_plan_can_be_ended_by_one() -> None:
    told = invoke("witness", "luton", "--fill", "composite")
    assert told.exit_code == 0
    assert "every plan can be ended by a review, by 2 events at most" in told.output
    assert "from review: 1 more events" in told.output


@pytest.mark.parametrize("name", ["witness", "endings"])
def test_a_procedure_that_is_not_there_is_refused(name: str) -> None:
    told = invoke(name, "lutton")
    assert told.exit_code == 2
    assert "did you mean luton?" in told.output


# cpplan endings


def test_endings_tells_what_none_can_do_without_with_its_clauses() -> None:
    told = invoke("endings", "standards", "--state", "ended.letter")
    assert told.exit_code == 0
    assert "ended.letter: ended by the chair's letter" in told.output
    assert "shortest history: 8 events" in told.output
    assert "the chair's letter has been sent (letter-sent) [standards/12i]" in told.output
    assert "ended.rcpc" not in told.output


def test_endings_tells_the_length_of_the_longer_ways() -> None:
    told = invoke("endings", "luton", "--state", "active")
    assert "can do without, by a longer way:" in told.output
    assert "state detailed: 8 events" in told.output
    assert "luton: silent on ending.rcpc" in told.output


def test_endings_as_data_has_every_state() -> None:
    found = data("endings", "lead-social-worker")
    states = {one["state"]: one for one in found["states"]}
    assert states["escalated"]["reachable"] is False
    active = states["active"]
    assert active["shortest"] == 5
    assert {one["shown-by"] for one in active["cannot-do-without"]} <= {"rules", "search"}
    names = {one["name"] for one in active["can-do-without"] if one["sort"] == "step"}
    assert "child-born" in names


def test_a_state_that_the_procedure_has_not_is_refused_with_the_nearest() -> None:
    told = invoke("endings", "luton", "--state", "activ")
    assert told.exit_code == 2
    assert "did you mean active?" in told.output


# cpplan check


def test_a_counterexample_is_told_on_the_terminal(loose: Path) -> None:
    told = invoke("check", loose, "--cases", "5")
    assert told.exit_code == 1
    assert "Counterexample to core-group-first" in told.output
    assert "BREAKS core-group-first [standards/3b]" in told.output
    assert "let through by the rule detailed-plan-agreed" in told.output


def test_a_counterexample_is_written_reported_and_replays(loose: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "out", tmp_path / "page.html"
    told = invoke("check", loose, "--cases", "5", "--out", out, "--report", page)
    assert told.exit_code == 1
    path = out / "tiny-core-group-first.yaml"
    assert f"Told in {path}" in told.output
    assert "BREAKS" not in told.output
    assert invoke("run", path).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert 'href="#tiny-core-group-first"' in html
    assert '<pre id="tiny-core-group-first">' in html
    assert "BREAKS core-group-first" in html


def test_procedures_of_one_name_do_not_write_over_one_another(loose: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(loose, other)
    out = tmp_path / "out"
    told = invoke("check", loose, other, "--cases", "5", "--out", out)
    assert told.exit_code == 1
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.yaml"))
    assert found == ["1/tiny-core-group-first.yaml", "2/tiny-core-group-first.yaml"]


def test_the_check_as_data_has_the_counterexample_with_its_rule(loose: Path) -> None:
    told = invoke("check", loose, "--cases", "5", "--format", "json")
    (found,) = json.loads(told.output[told.output.index("[\n") :])
    by_name = {one["requirement"]: one for one in found["requirements"]}
    assert by_name["core-group-first"]["proof"]["proof"] == "broken"
    one = by_name["core-group-first"]
    assert one["counterexample"]["rule"] == "detailed-plan-agreed"
    assert one["counterexample"]["number"] == 3
    assert [event["event"] for event in one["counterexample"]["events"]][-1] == (
        "detailed-plan-agreed"
    )
