"""The database itself refuses to change what is stored, and the statements are told as text."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import IntegrityError

from cpplan.store import Store, UnknownDialectError, ddl, entries_table
from cpplan.store.tables import InvalidTableNameError
from tests.kernel.store.told import draft


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cpplan_entries SET body = '{}'",
        "DELETE FROM cpplan_entries",
        "INSERT OR REPLACE INTO cpplan_entries SELECT * FROM cpplan_entries",
        "REPLACE INTO cpplan_entries SELECT * FROM cpplan_entries",
        "INSERT INTO cpplan_entries SELECT * FROM cpplan_entries WHERE true"
        " ON CONFLICT DO UPDATE SET body = '{}'",
        "INSERT OR REPLACE INTO cpplan_entries SELECT plan, 9, entry_id, kind, effective,"
        " recorded_on, procedure, digest, body, previous, hash FROM cpplan_entries",
        "UPDATE cpplan_entries_refused SET reasons = ''",
        "DELETE FROM cpplan_entries_refused",
        "INSERT OR REPLACE INTO cpplan_entries_refused SELECT * FROM cpplan_entries_refused",
    ],
)
def test_sqlite_refuses_to_change_or_delete_what_is_stored(store: Store, statement: str) -> None:
    assert store.append("Ada", [draft("1")], expected=0).accepted
    refused(store)
    before = tuple(store.rows()), store.refused("Ada")
    with pytest.raises(IntegrityError, match="only added to"), store.engine.begin() as conn:
        conn.execute(text(statement))
    assert (tuple(store.rows()), store.refused("Ada")) == before


def refused(store: Store) -> None:
    from cpplan.store import Attempt  # for this alone

    store.keep_refused([Attempt("Ada", draft("2"), ())])


def test_the_statements_for_sqlite_make_the_store_that_the_library_makes(tmp_path: Path) -> None:
    made = Store.create(tmp_path / "made.db")
    by_hand = sqlite3.connect(tmp_path / "by-hand.db")
    by_hand.executescript(ddl("sqlite"))
    by_hand.close()
    other = Store.open(tmp_path / "by-hand.db")
    assert shape(made) == shape(other) != {}
    assert other.append("Ada", [draft("1")], expected=0).accepted
    made.close()
    other.close()


def shape(store: Store) -> dict[str, str]:
    """Return what a database says its tables, indexes and triggers are, without the spaces."""
    with store.engine.begin() as conn:
        found = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: "".join(sql.split()).rstrip(";") for name, sql in found}


def test_the_statements_for_postgresql_refuse_truncate_too_in_every_session() -> None:
    said = ddl("postgresql", "history")
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON history\n" in said
    assert "ENABLE ALWAYS TRIGGER history_append_only" in said
    assert "cpplan_entries" not in said


def test_a_database_without_triggers_of_ours_is_refused_with_those_that_have() -> None:
    with pytest.raises(UnknownDialectError, match="'mysql'; use sqlite or postgresql"):
        ddl("mysql")


@pytest.mark.parametrize(
    "name", ["", "Entries", "e; DROP TABLE x", "1e", "e" * 41, "order", "index"]
)
def test_a_table_has_a_name_that_needs_no_quotes(name: str) -> None:
    with pytest.raises(InvalidTableNameError, match="can't be called"):
        entries_table(MetaData(), name)
