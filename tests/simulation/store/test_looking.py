"""``cpplan store verify|migrate`` and ``cpplan due``: what a store is found to hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cpplan.store import Store
from cpplan_sim.commands.group import cpplan
from tests.kernel.histories import active, day
from tests.simulation.store.storing import (
    EITHER,
    EVENTS,
    Stored,
    died,
    line,
    migrating,
)


def test_a_store_that_is_altered_is_told_by_verify(stored: Stored, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    assert stored.run("export", "--heads", "--out", str(heads)).exit_code == 0
    whole = stored.run("verify", "--heads", str(heads))
    assert (whole.exit_code, whole.stdout) == (
        0,
        f"2 plans, {2 * EVENTS} rows, held against 2 heads: every chain holds\n",
    )

    assert whole.stderr == "verifying: 2 of 2 plans\n"
    store = Store.open(stored.path)
    with store.engine.begin() as conn:
        conn.execute(text("DROP TRIGGER cpplan_entries_no_delete"))
        conn.execute(text("DELETE FROM cpplan_entries WHERE plan = 'Ben' AND version > 2"))
    store.close()
    assert stored.run("verify").exit_code == 0
    told = stored.run("verify", "--heads", str(heads))
    assert told.exit_code == 1
    assert "plan 'Ben', version 3: it is missing" in told.stdout
    data = json.loads(stored.run("verify", "--heads", str(heads), "--format", "json").stdout)
    assert (data["heads"], data["broken"][0]["plan"]) == (2, "Ben")


@pytest.mark.parametrize("said", [b"", b'{"heads":1}\n', b"\xff\n"])
def test_heads_that_are_cut_off_or_none_are_no_proof(
    stored: Stored, tmp_path: Path, said: bytes
) -> None:
    heads = tmp_path / "heads.jsonl"
    heads.write_bytes(said)
    done = stored.run("verify", "--heads", str(heads))
    assert (done.exit_code, done.stderr.startswith("line 1: ")) == (2, True)
    assert "holds" not in done.stdout


def test_a_store_that_is_not_there_is_told_with_the_way_out(tmp_path: Path) -> None:
    done = Stored(tmp_path / "none.db").run("verify")
    assert done.exit_code == 2
    assert "cpplan store init" in done.stderr


def test_the_statements_of_a_store_are_printed() -> None:
    done = CliRunner().invoke(cpplan, ["store", "statements", "postgresql"])
    assert "CREATE TABLE cpplan_entries" in done.stdout


def test_what_is_due_is_told_by_duty_and_by_team(stored: Stored) -> None:
    on = str(day(120))
    due = [one for one, status in active().due(day(120)) if status == "overdue"]
    assert due
    done = stored.run("due", "--procedure", "standards", "--on", on)
    assert done.exit_code == 0, done.stderr
    assert f"2 plans on {on}: {2 * len(due)} overdue on 2\n" in done.stdout
    data = json.loads(
        stored.run("due", "--procedure", "standards", "--on", on, "--format", "json").stdout
    )
    assert data["whole"]["overdue"] == 2 * len(due)
    assert {one["team"]: one["overdue"] for one in data["by_team"]} == {
        "North": len(due),
        "": len(due),
    }
    assert {one["duty"] for one in data["by_duty"] if one["overdue"]} == {
        one.duty.id for one in due
    }
    assert data["whole"]["oldest"] == str(min(one.due_on for one in due if one.due_on))


@pytest.mark.parametrize("form", ["text", "json"])
def test_each_that_is_overdue_is_listed_on_a_line(stored: Stored, form: str) -> None:
    words = ("due", "--procedure", "standards", "--on", str(day(120)), "--list", "--format", form)
    lines = stored.run(*words).stdout.splitlines()
    due = [one for one, status in active().due(day(120)) if status == "overdue"]
    listed = [one for one in lines if "Ada" in one]
    assert len(listed) == len(due)
    if form == "json":
        assert {json.loads(one)["duty"] for one in listed} == {one.duty.id for one in due}
        assert json.loads(lines[-1])["plans"] == 2


def test_plans_under_an_edition_that_is_not_given_are_told(stored: Stored) -> None:
    done = stored.run("due", "--procedure", "jersey", "--on", str(day(120)))
    assert done.exit_code == 1
    assert "2 plans could not be read" in done.stdout
    assert "plan 'Ada': no edition of 'standards'" in done.stderr


def test_a_procedure_that_is_none_is_told(stored: Stored) -> None:
    done = stored.run("due", "--procedure", "standard", "--on", "2026-06-01")
    assert done.exit_code == 2
    assert "standards" in done.stderr


def test_a_look_at_another_edition_tells_by_reason_duty_step_and_rule(stored: Stored) -> None:
    ended = [line("Cem", number) for number in range(EVENTS)]
    assert stored.append(*ended, died("Cem")).exit_code == 0
    before = stored.run("export").stdout
    done = migrating(stored)
    assert done.exit_code == 1
    assert "plan-ended  ended.death      1   Cem\n" in done.stdout
    assert "step\nneeded" in done.stdout
    assert "3 plans, luton (" in done.stdout
    assert " 2 can be put under it" in done.stdout
    assert "; 1 can't; 0 are already\n" in done.stdout
    assert "looking at plans: 3 of 3 plans" in done.stderr
    data = json.loads(migrating(stored, "--format", "json").stdout)
    assert (data["plans"], data["possible"]["some"], data["unread"]) == (3, ["Ada", "Ben"], 0)
    assert data["against"][0]["some"] == ["Cem"]
    kinds = ("redated", "sooner", "begun", "ended", "otherwise")
    for duty, owed in data["duties"].items():
        counts = [str(owed[kind]) for kind in kinds] + [str(owed["plans"]["count"])]
        assert [duty, *counts] in [one.split() for one in done.stdout.splitlines()]
    assert sum(owed["begun"] for owed in data["duties"].values()) > 0
    assert stored.run("export").stdout == before


def test_the_lines_of_a_change_are_what_each_records(stored: Stored, tmp_path: Path) -> None:
    lines = tmp_path / "change.jsonl"
    words = ("--lines", str(lines), "--recorded-on", str(day(30)), "--id", "luton-2026")
    assert migrating(stored, *words).exit_code == 0
    assert [json.loads(one)["entry"]["id"] for one in lines.read_text().splitlines()] == [
        "luton-2026",
        "luton-2026",
    ]
    assert stored.append(died("Ben")).exit_code == 0
    done = stored.run("append", *EITHER, "--each", str(lines))
    assert (done.exit_code, "line 2: plan 'Ben': " in done.stderr) == (1, True)
    again = migrating(stored)
    assert "; 1 can't; 1 are already\n" in again.stdout
    other = stored.run(
        "migrate", *EITHER, "--from", "jersey", "--to", "london", "--on", "2026-06-01"
    )
    assert other.exit_code == 0
    assert "left as they are: 1, under luton (" in other.stdout
    assert "left as they are: 1, under standards (" in other.stdout


def test_lines_are_written_whole_or_not_at_all(stored: Stored, tmp_path: Path) -> None:
    lines = tmp_path / "change.jsonl"
    done = migrating(stored, "--lines", str(lines))
    assert (done.exit_code, "go together" in done.stderr) == (2, True)
    store = Store.open(stored.path)
    with store.engine.begin() as conn:
        conn.execute(text("DROP TABLE cpplan_entries"))
    store.close()
    words = ("--lines", str(lines), "--recorded-on", str(day(30)))
    assert migrating(stored, *words).exit_code == 2
    assert list(tmp_path.glob("change*")) == []
    nowhere = ("--lines", str(tmp_path / "none" / "x"), "--recorded-on", str(day(30)))
    assert "No such file" in migrating(stored, *nowhere).stderr


def test_a_plan_whose_edition_is_not_given_is_told_by_a_look(stored: Stored) -> None:
    words = ("--procedure", "jersey", "--from", "jersey", "--to", "luton", "--on", "2026-06-01")
    done = stored.run("migrate", *words)
    assert done.exit_code == 1
    assert "plan 'Ada': no edition of 'standards'" in done.stderr
    assert "; 2 could not be read\n" in done.stdout
