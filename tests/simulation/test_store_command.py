"""``cpplan store`` and ``cpplan due``: what is added, shown, verified, taken along and due."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from cpplan import load
from cpplan.codec import event_to_dict
from cpplan.entries import entry_from_dict
from cpplan.events import ChildDied, CommunicationRecorded
from cpplan.service.recording import PROCEDURE_NEEDED, VERSION_CONFLICT
from cpplan.store import Store
from cpplan_sim import recording
from cpplan_sim.commands.group import cpplan
from tests.kernel.histories import active, day, visit

PLANS = ("Ada", "Ben")


class Stored:
    """A store in a file, and the commands on it."""

    def __init__(self, path: Path) -> None:
        """Take where it is to be."""
        self.path = path

    def run(self, *words: str, said: str | None = None) -> Result:
        """Run a command on the store."""
        group = ["store"] if words[0] != "due" else []
        where = ["--store", str(self.path)]
        return CliRunner().invoke(cpplan, [*group, words[0], *where, *words[1:]], input=said)

    def append(self, *lines: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
        """Add lines under the standards."""
        said = "".join(json.dumps(line) + "\n" for line in lines)
        return self.run("append", "--procedure", "standards", *options, said=said)


def line(plan: str, number: int, **more: Any) -> dict[str, Any]:
    """Return the line for one event of a plan in effect."""
    event = active().events[number]
    entry = {
        "entry": "happened",
        "id": str(number),
        "recorded_on": str(event.on),
        "event": event_to_dict(event),
    }
    return {"plan": plan, "entry": entry, **more}


EVENTS = len(active().events)


@pytest.fixture
def empty(tmp_path: Path) -> Stored:
    """A new store."""
    made = Stored(tmp_path / "plans.db")
    assert made.run("init").exit_code == 0
    return made


@pytest.fixture
def stored(empty: Stored) -> Stored:
    """A store with two plans in effect."""
    lines = [line(plan, number) for plan in PLANS for number in range(EVENTS)]
    lines[0]["team"] = "North"
    assert empty.append(*lines).exit_code == 0
    return empty


def test_what_is_added_is_shown_with_the_edition_that_was_left_out(stored: Stored) -> None:
    said = stored.run("show", "Ada").stdout
    assert len(said.splitlines()) == 1 + EVENTS
    rows = [
        json.loads(one) for one in stored.run("show", "Ada", "--format", "json").stdout.splitlines()
    ]
    assert [row["version"] for row in rows] == list(range(1, EVENTS + 1))
    assert rows[0]["procedure"] == rows[0]["body"]["procedure"] == "standards"


def test_what_is_added_again_is_answered_as_before(stored: Stored) -> None:
    before = stored.run("export").stdout
    again = stored.append(*(line("Ada", number) for number in range(EVENTS)))
    assert again.exit_code == 0
    assert f"plan 'Ada' stands at version {EVENTS}" in again.stdout
    assert stored.run("export").stdout == before


def test_what_is_refused_is_told_with_its_line_and_all_of_it_left_out(empty: Stored) -> None:
    done = empty.append(line("Ada", 0), line("Ben", 3), options=("--keep-refused",))
    assert done.exit_code == 1
    assert "line 2: plan 'Ben': " in done.stderr
    assert "Nothing was stored." in done.stderr
    assert empty.run("show", "Ada").exit_code == 1
    attempts = json.loads(empty.run("show", "Ben", "--refused").stdout)
    assert attempts[0]["entry"] == "3"
    assert attempts[0]["reasons"] != []


def test_a_refusal_is_kept_only_if_that_is_asked_for(empty: Stored) -> None:
    done = empty.append(line("Ben", 3), options=("--format", "json"))
    data = json.loads(done.stdout)
    assert (data["accepted"], data["reasons"][0]["line"], data["heads"]) == (False, 1, [])
    assert empty.run("show", "Ben", "--refused").exit_code == 1


def test_an_addition_decided_on_another_version_is_a_conflict(stored: Stored) -> None:
    said = CommunicationRecorded(on=day(20))
    entry = {
        "entry": "happened",
        "id": "late",
        "recorded_on": str(day(20)),
        "event": event_to_dict(said),
    }
    done = stored.append({"plan": "Ada", "entry": entry, "expected": 2})
    assert done.exit_code == 1
    assert f"Plan 'Ada' stands at version {EVENTS}, not 2" in done.stderr


def test_a_correction_is_stored_once_its_consequences_are_accepted(stored: Stored) -> None:
    entry = {
        "entry": "withdrawn",
        "id": "w",
        "recorded_on": str(day(30)),
        "of": str(EVENTS - 1),
        "why": "recorded for another child",
    }
    done = stored.append({"plan": "Ada", "entry": entry}, options=("--format", "json"))
    assert (done.exit_code, json.loads(done.stdout)["accepted"]) == (1, False)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("{", "line 1: Expecting"),
        ("[]", "line 1: '[]' is no object"),
        ("{}", "line 1: an object with a plan"),
        ('{"plan": "Ada", "colour": 1}', "line 1: an object with a plan"),
        ('{"plan": 4}', "line 1: plan is 4, not text"),
        ('{"plan": "Ada", "expected": "x"}', "line 1: expected is 'x', not a whole number"),
        ('{"plan": "Ada", "entry": []}', "line 1: entry is [], not an object"),
        ('{"plan": "Ada", "entry": {"entry": "hapened"}}', "line 1: "),
    ],
)
def test_a_line_that_is_none_is_told_with_its_number(empty: Stored, said: str, says: str) -> None:
    done = empty.run("append", "--procedure", "standards", said=f"{said}\n\n")
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_team_can_be_named_by_itself(stored: Stored) -> None:
    assert stored.append({"plan": "Ben", "team": "South"}).exit_code == 0
    store = Store.open(stored.path)
    assert [store.team(plan) for plan in PLANS] == ["North", "South"]
    store.close()


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


def test_a_store_taken_elsewhere_is_the_same(stored: Stored, tmp_path: Path) -> None:
    lines = stored.run("export").stdout
    other = Stored(tmp_path / "other.db")
    other.run("init")
    taken = other.run("import", said=lines)
    assert (
        taken.stdout
        == f"{2 * EVENTS} rows of 2 plans added; 0 were there; 0 refused attempts added\n"
    )
    assert other.run("export").stdout == lines
    again = json.loads(other.run("import", "--format", "json", said=lines).stdout)
    assert again == {
        "rows": 0,
        "plans": 0,
        "there": 2 * EVENTS,
        "refused": 0,
        "teams_left": [],
    }
    broken = other.run("import", said=lines.replace("North", "N\\u0000", 1))
    assert (broken.exit_code, "Nothing was stored." in broken.stderr) == (2, True)
    assert other.run("export").stdout == lines


def test_an_older_export_does_not_put_a_team_back_and_says_so(stored: Stored) -> None:
    older = stored.run("export").stdout
    assert stored.append({"plan": "Ada", "team": "South"}).exit_code == 0
    done = stored.run("import", said=older)
    assert (done.exit_code, done.stderr) == (
        0,
        "plan 'Ada': another team is named here, and was left\n",
    )
    assert '{"plan":"Ada","team":"South"}\n' in stored.run("export").stdout


def test_lines_that_are_not_utf8_are_told_and_nothing_is_stored(
    empty: Stored, tmp_path: Path
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"\xff\xfe\n" + json.dumps(line("Ada", 0)).encode())
    imported = empty.run("import", str(file))
    added = empty.run("append", "--procedure", "standards", str(file))
    for done in (imported, added):
        assert done.exit_code == 2
        assert "line 1: it is not UTF-8 at character 1\n" in done.stderr
        assert done.stderr.endswith("Nothing was stored.\n")
    each = empty.run("append", "--procedure", "standards", "--each", str(file))
    assert (each.exit_code, each.stdout) == (
        2,
        "1 lines added, 0 left out, 1 can't be read\n",
    )


def test_a_key_given_twice_in_an_event_is_told(stored: Stored) -> None:
    visits = json.dumps(seen(day(20), child_seen=True)).replace(
        '"child_seen": true', '"child_seen": true, "child_seen": false'
    )
    done = stored.run("append", "--procedure", "standards", said=visits)
    assert (done.exit_code, "line 1: given twice: child_seen" in done.stderr) == (2, True)
    assert len(stored.run("show", "Ada").stdout.splitlines()) == 1 + EVENTS


def seen(on: dt.date, **more: Any) -> dict[str, Any]:
    """Return the line for a visit to Ada."""
    event = {**event_to_dict(visit(on)), **more}
    entry = {"entry": "happened", "id": f"visit {on}", "recorded_on": str(on), "event": event}
    return {"plan": "Ada", "entry": entry}


def test_every_line_is_held_to_the_version_that_it_was_decided_on(stored: Stored) -> None:
    one, two = seen(day(20)), {**seen(day(21)), "expected": 99}
    done = stored.append(one, two, options=("--format", "json"))
    (reason,) = json.loads(done.stdout)["reasons"]
    assert (done.exit_code, reason["line"], reason["code"]) == (1, 2, "version-conflict")
    assert f"stands at version {EVENTS + 1}, not 99, with the lines before" in reason["says"]
    assert len(stored.run("show", "Ada").stdout.splitlines()) == 1 + EVENTS
    both = ({**one, "expected": EVENTS}, {**two, "expected": EVENTS + 1})
    for _ in range(2):  # given again it is answered as it was
        done = stored.append(*both)
        assert (done.exit_code, f"stands at version {EVENTS + 2}" in done.stdout) == (0, True)


def test_what_is_refused_by_the_procedure_and_stale_is_told_with_both_reasons(
    empty: Stored,
) -> None:
    done = empty.append(line("Ada", 3, expected=7), options=("--format", "json"))
    codes = [reason["code"] for reason in json.loads(done.stdout)["reasons"]]
    assert codes[0] == "version-conflict"
    assert len(codes) > 1


SEVERAL = ("--procedure", "standards", "--procedure", "luton")


@pytest.mark.parametrize(
    ("named", "under"),
    [
        ({"procedure": "standards"}, "standards"),
        ({"digest": load("standards").digest}, "standards"),
        ({"procedure": "luton"}, "luton"),
        ({}, None),
        ({"procedure": "jersey"}, None),
        ({"digest": "0" * 64}, None),
        ({"procedure": "luton", "digest": load("standards").digest}, None),
    ],
)
def test_a_new_plan_has_to_say_which_of_several_procedures_it_is_under(
    empty: Stored, named: dict[str, str], under: str | None
) -> None:
    first = line("Ada", 0)
    first["entry"].update(named)
    done = empty.run("append", *SEVERAL, "--keep-refused", said=json.dumps(first))
    if under is None:
        assert done.exit_code == 1
        assert "Given are: standards, luton." in done.stderr
        assert len(json.loads(empty.run("show", "Ada", "--refused").stdout)) == 1
    else:
        assert done.exit_code == 0, done.stderr
        row = json.loads(empty.run("show", "Ada", "--format", "json").stdout)
        assert row["procedure"] == under


def test_a_procedure_that_is_needed_has_the_code_that_the_service_gives(empty: Stored) -> None:
    done = empty.run("append", "--format", "json", said=json.dumps(line("Ada", 0)))
    assert [one["code"] for one in json.loads(done.stdout)["reasons"]] == [PROCEDURE_NEEDED]
    assert (recording.PROCEDURE_NEEDED, recording.VERSION_CONFLICT) == (
        PROCEDURE_NEEDED,
        VERSION_CONFLICT,
    )


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


def test_with_each_whatever_is_refused_keeps_nothing_else_out(empty: Stored) -> None:
    lines = (line("Ada", 0), line("Ben", 3), line("Ada", 1))
    done = empty.append(*lines, options=("--each", "--keep-refused"))
    assert done.exit_code == 1
    assert "line 2: plan 'Ben': " in done.stderr
    assert done.stdout == "2 lines added, 1 left out, 0 can't be read\n"
    assert len(empty.run("show", "Ada", "--format", "json").stdout.splitlines()) == 2
    assert json.loads(empty.run("show", "Ben", "--refused").stdout)[0]["entry"] == "3"
    wrong = empty.run(
        "append",
        "--procedure",
        "standards",
        "--each",
        "--format",
        "json",
        said="{\n" + json.dumps(line("Ada", 0)),
    )
    assert wrong.exit_code == 2
    assert "line 1: Expecting" in wrong.stderr
    assert [json.loads(one)["accepted"] for one in wrong.stdout.splitlines()] == [True]


EITHER = ("--procedure", "standards", "--procedure", "luton")


def migrating(stored: Stored, *more: str) -> Result:
    return stored.run(
        "migrate", *EITHER, "--from", "standards", "--to", "luton", "--on", str(day(30)), *more
    )


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


def died(plan: str) -> dict[str, Any]:
    event = ChildDied(on=day(25), date_of_death=day(25))
    entry = {
        "entry": "happened",
        "id": "died",
        "recorded_on": str(day(25)),
        "event": event_to_dict(event),
    }
    return {"plan": plan, "entry": entry}


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
    assert "1 plans are let alone, under luton (" in other.stdout
    assert "1 plans are let alone, under standards (" in other.stdout


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


def test_a_late_entry_is_under_the_edition_of_its_day_where_it_names_none(
    stored: Stored, tmp_path: Path
) -> None:
    lines = tmp_path / "change.jsonl"
    migrating(stored, "--lines", str(lines), "--recorded-on", str(day(30)))
    assert stored.run("append", *EITHER, str(lines)).exit_code == 0
    said: list[dict[str, Any]] = [
        {"entry": "happened", "id": "late", "event": event_to_dict(visit(day(20)))},
        {"entry": "happened", "id": "new", "event": event_to_dict(visit(day(35)))},
        {"entry": "withdrawn", "id": "not new", "of": "new", "why": "another child"},
        {"entry": "withdrawn", "id": "not late", "of": "late", "why": "another child"},
    ]
    store = Store.open(stored.path)
    both = [load("standards"), load("luton")]
    for one in said:
        entry = {**one, "recorded_on": str(day(40))}
        ledger = store.ledger("Ada", both)
        assert ledger is not None
        meant = ledger.edition_for(entry_from_dict({**entry, "procedure": "-", "digest": "-"}))
        seen = ledger.preview(
            entry_from_dict({**entry, "procedure": meant.name, "digest": meant.digest})
        )
        done = stored.run(
            "append",
            *EITHER,
            said=json.dumps({"plan": "Ada", "entry": entry, "accepting": seen.digest}),
        )
        assert done.exit_code == 0, done.stderr
    rows = store.history("Ada")[-4:]
    assert [(row.entry_id, row.procedure) for row in rows] == [
        ("late", "standards"),
        ("new", "luton"),
        ("not new", "luton"),
        ("not late", "standards"),
    ]
    gone = {
        "entry": "withdrawn",
        "id": "stays",
        "recorded_on": str(day(41)),
        "of": json.loads(lines.read_text().splitlines()[0])["entry"]["id"],
        "why": "too soon",
    }
    ledger = store.ledger("Ada", both)
    assert ledger is not None
    seen = ledger.preview(
        ledger.withdrawn(gone["of"], why="too soon", id="stays", recorded_on=day(41))
    )
    accepted = {"plan": "Ada", "entry": gone, "accepting": seen.digest}
    assert stored.run("append", *EITHER, said=json.dumps(accepted)).exit_code == 0
    again = {"plan": "Ada", "entry": {**said[1], "recorded_on": str(day(40))}}
    done = stored.run("append", *EITHER, said=json.dumps(again))
    assert done.exit_code == 0, "it is what was recorded, though its day is under another edition"
    store.close()
