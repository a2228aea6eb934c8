"""The host on SQLite: its notes and cpplan's entries are stored together, or neither is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cpplan.store import Store
from tests.examples.hosting import run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the host prints, and the file that it leaves."""
    folder = tmp_path_factory.mktemp("sqlite_host")
    told = run("sqlite_host.py", "cases.db", folder=folder)
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout, folder / "cases.db"


@pytest.fixture
def database(done: tuple[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(done[1])) as conn:
        yield conn


def kinds(conn: sqlite3.Connection) -> list[str]:
    found = conn.execute(
        "SELECT json_extract(body, '$.event.event') FROM cpplan_entries ORDER BY version"
    )
    return [kind for (kind,) in found]


def test_it_shows_every_reason_of_a_refusal_with_its_clauses(done: tuple[str, Path]) -> None:
    said = done[0].partition("initial-conference-decided is refused:\n")[2].splitlines()
    reasons = [line for line in said if line.startswith("  ")]
    assert len(reasons) == 3
    assert all(line.endswith("[lead-social-worker/para-17a]") for line in reasons)


def test_who_decided_on_an_older_version_reads_again_and_is_recorded_after_it(
    done: tuple[str, Path], database: sqlite3.Connection
) -> None:
    assert "conflict, so read it again: Plan 'case-1' stands at version 3, not 2" in done[0]
    opened, decided, *later = kinds(database)
    assert (opened, decided) == ("initial-conference-opened", "initial-conference-decided")
    assert later == ["core-group-held", "visit-made"]


def test_a_note_that_the_host_can_not_store_takes_the_entry_with_it(
    done: tuple[str, Path], database: sqlite3.Connection
) -> None:
    assert "the note was empty, so neither is stored" in done[0]
    assert kinds(database).count("visit-made") == 1


def test_each_entry_has_its_note_and_each_note_its_entry(database: sqlite3.Connection) -> None:
    entries = database.execute("SELECT plan, entry_id FROM cpplan_entries ORDER BY 2").fetchall()
    assert database.execute("SELECT on_case, entry FROM notes ORDER BY 2").fetchall() == entries
    assert len(entries) == 4


def test_it_lists_what_is_due(done: tuple[str, Path]) -> None:
    assert "case-1: visit overdue, by 2026-01-22" in done[0].splitlines()
    assert "case-1: assessment due, by no stated day" in done[0].splitlines()


def test_what_it_stores_is_a_store_like_any_other(done: tuple[str, Path]) -> None:
    with closing(Store.open(done[1])) as store:
        assert [(head.plan, head.version) for head in store.heads()] == [("case-1", 4)]
        assert list(store.verify()) == []


def test_its_own_schema_has_what_refuses_a_change(database: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        database.execute("UPDATE cpplan_entries SET body = '{}'")
