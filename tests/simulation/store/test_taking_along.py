"""``cpplan store export|import``: a store is taken elsewhere and back without loss."""

from __future__ import annotations

import json
from pathlib import Path

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
        "1 lines added, 0 were there, 0 left out, 1 can't be read\n",
    )
