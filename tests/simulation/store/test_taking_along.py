"""``cpplan store export|import``: a store is taken elsewhere and back without loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from cpplan.store import DamagedError
from cpplan_sim.commands import store as commands
from tests.simulation.store.storing import (
    EVENTS,
    Stored,
    line,
)


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
        "1 line added, 0 were there, 0 left out, 1 can't be read\n",
    )


@pytest.mark.parametrize("what", ["everything", "heads"])
def test_an_export_is_there_whole_or_the_one_before_is(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    heads = ("--heads",) if what == "heads" else ()
    out = tmp_path / "kept" / "export.jsonl"
    out.parent.mkdir()
    part = out.with_name("export.jsonl.part")
    part.write_text("mine")
    wanted = stored.run("export", *heads).stdout
    assert stored.run("export", *heads, "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == wanted

    def cut_off(*_: object) -> Iterator[str]:
        yield "the first"
        raise DamagedError("the rows from here on can't be read")

    out.chmod(0o600)
    absent = Stored(tmp_path / "nosuch.db").run("export", *heads, "--out", str(out))
    monkeypatch.setattr(commands, "exported", cut_off)
    monkeypatch.setattr(commands, "lines_of_heads", cut_off)
    for done in (absent, stored.run("export", *heads, "--out", str(out))):
        assert done.exit_code == 2
        assert out.read_text(encoding="utf-8") == wanted
    assert sorted(one.name for one in out.parent.iterdir()) == [out.name, part.name]
    assert (out.stat().st_mode & 0o777, part.read_text()) == (0o600, "mine")


@pytest.mark.parametrize(("out", "says"), [("/dev/full", "No space"), ("no/way", "No such file")])
def test_a_file_that_can_not_be_written_is_told(stored: Stored, out: str, says: str) -> None:
    done = stored.run("export", "--out", out)
    assert (done.exit_code, says in done.stderr, out in done.stderr) == (2, True, True)


def test_what_is_no_file_is_written_as_it_comes(stored: Stored) -> None:
    wanted = stored.run("export").stdout
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as lines:
        done = stored.run("export", "--out", f"/dev/fd/{write}")
        os.close(write)
        assert (done.exit_code, done.stderr, lines.read()) == (0, "", wanted)


def test_standard_output_by_another_name_is_not_replaced(stored: Stored, tmp_path: Path) -> None:
    lines = stored.run("export").stdout
    kept = tmp_path / "kept.jsonl"
    kept.write_text("before\n")
    with kept.open("a") as out:
        assert exported_to(out, stored, "--out", "/dev/stdout").returncode == 0
    assert kept.read_text(encoding="utf-8") == f"before\n{lines}"


def test_standard_output_that_can_not_be_written_is_told(stored: Stored) -> None:
    with Path("/dev/full").open("w") as out:
        done = exported_to(out, stored)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "standard output can't be written: No space" in done.stderr


def test_a_file_whose_name_is_as_long_as_can_be_is_written(stored: Stored, tmp_path: Path) -> None:
    out = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    assert stored.run("export", "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == stored.run("export").stdout


def exported_to(out: IO[str], stored: Stored, *more: str) -> subprocess.CompletedProcess[str]:
    """Export a store in a process of its own, whose standard output is a file."""
    command = [sys.executable, "-c", "from cpplan_sim.cli import main; main()", "store", "export"]
    words = [*command, "--store", str(stored.path), *more]
    return subprocess.run(words, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
