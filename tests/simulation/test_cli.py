"""The command line: exit codes, what goes to which stream, and what machines and people read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cpplan import PROCEDURES, load
from cpplan.packs import FOLDER
from cpplan_sim.account import Fate
from cpplan_sim.cli import COMMANDS
from cpplan_sim.commands.group import cpplan
from cpplan_sim.scenarios import shipped
from tests.simulation.telling import DECIDED, OPENED, case

FEW = ("--cases", "20", "--no-prove")


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, [str(one) for one in arguments])


@pytest.fixture
def surprising(tmp_path: Path) -> Path:
    """A case that does not go as told."""
    case(tmp_path, OPENED, f"{DECIDED}, expect: {{state: active}}")
    return tmp_path / "case.yaml"


@pytest.fixture
def unreadable(tmp_path: Path) -> Path:
    """A case with two mistakes."""
    path = tmp_path / "bad.yaml"
    path.write_text("scenario: Bad\nprocedur: standards\nsays: It.\n", encoding="utf-8")
    return path


def copied(name: str, folder: Path) -> Path:
    """Return a folder with the files of a shipped pack, under the name ``mine``."""
    mine = folder / "mine"
    shutil.copytree(FOLDER / name, mine)
    head = (mine / "pack.yaml").read_text(encoding="utf-8")
    text = head.replace(f"pack: {name}\n", "pack: mine\n", 1)
    (mine / "pack.yaml").write_text(text, encoding="utf-8")
    return mine


# The group


def test_help_names_every_command_and_loads_none() -> None:
    told = invoke("--help")
    assert told.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in told.output
    script = (
        "import sys; from cpplan_sim.commands.group import cpplan;"
        "cpplan(['--help'], standalone_mode=False);"
        "sys.exit(any(name in sys.modules for name in ('rich', 'jinja2', 'cpplan')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_says_with_which_codes_it_exits(name: str) -> None:
    told = invoke(name, "--help")
    assert told.exit_code == 0
    assert re.search(r"\b[Ee]xits with [12]\b", " ".join(told.output.split()))
    assert isinstance(cpplan, click.Group)


def test_a_command_that_there_is_not_is_refused() -> None:
    told = invoke("chek")
    assert told.exit_code == 2
    assert "No such command 'chek'" in told.stderr


def test_without_its_extra_the_command_line_says_what_to_install() -> None:
    script = "import sys; sys.modules['click'] = None\nfrom cpplan_sim.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, "check"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "The command line needs click, jinja2 and rich: pip install 'cpplan[cli]'"
    )


# check


def test_check_passes_the_standards_with_a_table_in_plain_text_and_progress_on_stderr() -> None:
    told = invoke("check", "standards")
    assert told.exit_code == 0, told.output
    assert "\x1b" not in told.output
    heading, *rest = [line for line in told.stdout.splitlines() if line.startswith("procedure")]
    assert not rest
    assert heading.split()[-2:] == ["proved", "possible"]
    (row,) = [line for line in told.stdout.splitlines() if line.startswith("standards ")]
    number = len(shipped("standards"))
    assert f"{number}/{number}" in row.split()
    possible = len(load("standards").possible)
    assert row.split()[-5:] == ["0", "0", "0", row.split()[6], f"{possible}/{possible}"]
    assert "standards: silent on enquiry, reports" in told.stdout
    done = 250 + len(load("standards").requirements) + possible
    assert f"{done} of {done} cases and proofs" in told.stderr
    assert "cases" not in told.stdout.replace("cases    events", "")


def test_check_for_machines_is_json_alone_on_stdout() -> None:
    told = invoke("check", "standards", "--format", "json", *FEW)
    (found,) = json.loads(told.stdout)
    assert found["procedure"] == "standards"
    assert told.exit_code == (0 if found["passed"] else 1)
    assert found.keys() == {
        "procedure",
        "edition",
        "digest",
        "filled",
        "passed",
        "clauses",
        "missing",
        "rules",
        "duties",
        "scenarios",
        "cases",
        "events",
        "refusal-codes",
        "codes-not-given",
        "ended-in",
        "requirements",
        "possible",
        "unused-rules",
        "unopened-duties",
    }
    assert "held" in {one["verdict"] for one in found["requirements"]}


def test_check_with_the_same_seed_says_the_same() -> None:
    one, two, other = (
        invoke("check", "standards", "--format", "json", "--seed", seed, *FEW).stdout
        for seed in ("3", "3", "4")
    )
    assert one == two != other


def test_check_exits_with_1_when_a_requirement_was_never_exercised() -> None:
    told = invoke("check", "standards", "--cases", "1", "--no-prove")
    assert told.exit_code == 1
    assert "standards: not exercised: " in told.stdout


def test_check_exits_with_2_and_the_near_miss_for_a_procedure_that_there_is_not() -> None:
    told = invoke("check", "standard")
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        "standard: no procedure 'standard', and no folder of that name (did you mean standards?)",
        "1 problem. Nothing was run.",
    ]


def test_check_fills_silences_and_marks_the_row() -> None:
    told = invoke("check", "standards", "--fill", "composite", "--cases", "1", "--no-prove")
    assert any(line.startswith("standards+ ") for line in told.stdout.splitlines())


def test_check_writes_a_report_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    told = invoke("check", "standards", "--report", path, *FEW)
    assert f"Report: {path}" in told.stdout
    assert "Check of 1 procedure" in path.read_text(encoding="utf-8")


def test_check_takes_a_folder_of_your_own_with_its_own_scenarios(tmp_path: Path) -> None:
    folder = copied("standards", tmp_path)
    (folder / "scenarios").mkdir()
    case(folder / "scenarios", f"{OPENED}, expect: {{state: active}}", procedure="mine")
    told = invoke("check", folder, "--cases", "1", "--no-prove")
    assert told.exit_code == 1
    assert "case.yaml: the state is before-plan, expected active" in told.stdout
    (row,) = [line for line in told.stdout.splitlines() if line.startswith("mine ")]
    assert "0/1" in row.split()


# run


def test_run_tells_a_case_and_exits_with_0_when_it_goes_as_told() -> None:
    (path,) = [path for path in shipped("standards") if path.name == "ending-by-letter.yaml"]
    told = invoke("run", path)
    assert told.exit_code == 0
    assert told.stderr == ""
    assert "\x1b" not in told.stdout
    assert told.stdout.startswith("Ending by letter, step by step\n")
    assert "As expected. The plan is in ended.letter." in told.stdout


def test_run_exits_with_1_when_a_case_goes_otherwise(surprising: Path) -> None:
    told = invoke("run", surprising)
    assert told.exit_code == 1
    assert "NOT AS EXPECTED: the state is outline, expected active" in told.stdout


def test_run_for_machines_tells_each_answer(surprising: Path) -> None:
    told = invoke("run", surprising, "--format", "json")
    (found,) = json.loads(told.stdout)
    assert told.exit_code == 1
    assert found.keys() == {
        "scenario",
        "file",
        "procedure",
        "passed",
        "ends-in",
        "failures",
        "events",
    }
    first, second = found["events"]
    assert first.keys() - {"reasons"} == second.keys()
    assert second["rule"] == "plan-made"
    assert second["opened"]["visit"] == "2026-01-19"
    assert second["failures"] == ["the state is outline, expected active"]


def test_run_for_machines_gives_every_reason_of_a_refusal(tmp_path: Path) -> None:
    case(tmp_path, DECIDED)
    (found,) = json.loads(invoke("run", tmp_path / "case.yaml", "--format", "json").stdout)
    (reason,) = found["events"][0]["reasons"]
    assert reason.keys() == {"code", "says", "cites"}
    assert reason["code"] == "no-conference-sitting"


def test_run_takes_a_folder_and_leaves_out_the_usual(surprising: Path) -> None:
    (surprising.parent / "usual.yaml").write_text("nonsense: true\n", encoding="utf-8")
    told = invoke("run", surprising.parent, "--format", "json")
    assert len(json.loads(told.stdout)) == 1


def test_run_lists_every_mistake_of_every_file_and_runs_nothing(
    unreadable: Path, surprising: Path
) -> None:
    told = invoke("run", unreadable, surprising)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        f"{unreadable}:1:1: the key 'events' is missing",
        f"{unreadable}:1:1: the key 'procedure' is missing",
        f"{unreadable}:2:1: unknown key 'procedur' (did you mean procedure?)",
        "3 problems. Nothing was run.",
    ]


def test_run_refuses_a_file_that_there_is_not_and_no_file_at_all(tmp_path: Path) -> None:
    assert invoke("run", tmp_path / "none.yaml").exit_code == 2
    assert invoke("run").exit_code == 2


# coverage


def test_coverage_counts_the_clauses_of_every_shipped_procedure() -> None:
    told = invoke("coverage", "--format", "json")
    found = json.loads(told.stdout)
    assert [one["procedure"] for one in found] == list(PROCEDURES)
    for one in found:
        assert one["counts"].keys() == {fate.value for fate in Fate}
        assert sum(one["counts"].values()) == len(one["clauses"])
        for clause in one["clauses"]:
            assert clause.keys() == {"clause", "register", "fate", "by", "why"}


def test_coverage_lists_every_clause_on_request_and_else_only_what_needs_a_word() -> None:
    short, long = invoke("coverage", "standards"), invoke("coverage", "standards", "--clauses")
    assert (short.exit_code, long.exit_code) == (0, 0)
    assert "standards/12d  enforced: rule letter-route-agreed" in long.stdout
    assert "standards/12d" not in short.stdout


def test_coverage_exits_with_1_when_a_clause_is_missing(tmp_path: Path) -> None:
    folder = copied("standards", tmp_path)
    (folder / "records.yaml").write_text("records: {}\n", encoding="utf-8")
    told = invoke("coverage", folder)
    assert told.exit_code == 1
    assert "standards/6c  missing: " in told.stdout


def test_coverage_exits_with_2_for_a_procedure_that_there_is_not() -> None:
    assert invoke("coverage", "nowhere").exit_code == 2


def test_a_library_that_is_missing_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "litestar", None)
    for name in [one for one in sys.modules if one.startswith("cpplan.service")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "cpplan_sim.commands.serve", raising=False)
    told = CliRunner().invoke(cpplan, ["serve"])
    assert told.exit_code == 1
    assert "pip install 'cpplan[cli,http]'" in told.output
