"""Each way in which a database fails has an error that says the way out."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cpplan.store import (
    DamagedError,
    FullError,
    MissingError,
    ReadOnlyError,
    RetryableError,
    Store,
    StoreError,
    entries_table,
)
from cpplan.store.failures import telling
from cpplan.store.owing import owed_on
from tests.kernel.histories import day
from tests.kernel.store.told import draft, standards


def of_sqlite(code: int | None, says: str = "said by it") -> DBAPIError:
    """Return what SQLAlchemy raises for a code of SQLite's."""
    error = sqlite3.OperationalError(says)
    if code is not None:
        error.sqlite_errorcode = code
    return OperationalError("SELECT", {}, error)


class SaidError(Exception):
    """What psycopg raises, as far as it is used."""

    def __init__(self, sqlstate: str | None, *says: str) -> None:
        super().__init__(*says)
        self.sqlstate = sqlstate


def of_postgresql(sqlstate: str | None, *, lost: bool = False) -> DBAPIError:
    """Return what SQLAlchemy raises for a state of PostgreSQL's."""
    return DBAPIError("SELECT", {}, SaidError(sqlstate), connection_invalidated=lost)


def connecting(says: str) -> DBAPIError:
    """Return what SQLAlchemy raises where no connection comes about."""
    return OperationalError("", {}, type("OperationalError", (SaidError,), {})(None, says))


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), RetryableError),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), RetryableError),
        (of_sqlite(sqlite3.SQLITE_LOCKED), RetryableError),
        (of_sqlite(sqlite3.SQLITE_FULL), FullError),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), FullError),
        (of_sqlite(sqlite3.SQLITE_READONLY), ReadOnlyError),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), DamagedError),
        (of_sqlite(sqlite3.SQLITE_NOTADB), DamagedError),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), MissingError),
        (of_sqlite(sqlite3.SQLITE_IOERR), StoreError),
        (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: x"), MissingError),
        (of_sqlite(sqlite3.SQLITE_ERROR, "no such column: x"), DamagedError),
        (of_postgresql("40001"), RetryableError),
        (of_postgresql("40P01"), RetryableError),
        (of_postgresql("55P03"), RetryableError),
        (of_postgresql("57P01"), RetryableError),
        (of_postgresql("08006"), RetryableError),
        (of_postgresql("53300"), RetryableError),
        (of_postgresql("53100"), FullError),
        (of_postgresql("25006"), ReadOnlyError),
        (of_postgresql("25P02"), StoreError),
        (of_postgresql("25P03"), RetryableError),
        (of_postgresql("25P04"), RetryableError),
        (of_postgresql("42501"), StoreError),
        (of_postgresql("42P01"), MissingError),
        (of_postgresql("XX001"), DamagedError),
        (of_postgresql(None, lost=True), RetryableError),
        (PoolTimeoutError("none left"), RetryableError),
        (connecting("FATAL:  the database system is starting up"), RetryableError),
        (connecting("FATAL:  sorry, too many clients already"), RetryableError),
        (connecting("Connection refused"), RetryableError),
        (connecting('FATAL:  database "is starting up" does not exist'), StoreError),
        (of_postgresql("34000"), StoreError),
        (of_postgresql("3F000"), StoreError),
        (PendingRollbackError("roll back"), StoreError),
        (connecting('FATAL:  database "plans" does not exist'), StoreError),
        (connecting('FATAL:  password authentication failed for user "me"'), StoreError),
        (DBAPIError("", {}, SaidError(None, 'invalid connection option "foo"')), StoreError),
    ],
)
def test_a_failure_with_a_way_out_is_told_as_one(raised: Exception, kind: type[StoreError]) -> None:
    with pytest.raises(kind) as told, telling():
        raise raised
    assert type(told.value) is kind
    assert told.value.__cause__ is raised


@pytest.mark.parametrize(
    "raised",
    [
        of_sqlite(None),
        of_sqlite(sqlite3.SQLITE_ERROR),
        of_sqlite(sqlite3.SQLITE_MISUSE),
        of_postgresql("42601"),
        of_postgresql(None),
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("there")),
        ZeroDivisionError("a mistake of ours"),
    ],
)
def test_what_has_no_way_out_is_let_through(raised: Exception) -> None:
    with pytest.raises(type(raised)) as told, telling():
        raise raised
    assert told.value is raised


def test_a_driver_that_says_nothing_is_named() -> None:
    with pytest.raises(RetryableError, match=r"\(SaidError\)"), telling():
        raise of_postgresql("40001")


def test_the_table_of_the_history_alone_keeps_entries_and_for_the_rest_the_way_out_is_told(
    tmp_path: Path,
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/host.db")
    metadata = MetaData()
    entries_table(metadata)
    metadata.create_all(engine)
    store = Store(engine)
    assert store.append("Ada", [draft("1")], expected=0).accepted
    assert store.append("Ada", [draft("1")], expected=0).accepted
    assert (len(store.history("Ada")), list(store.verify())) == (1, [])
    for asked in (
        lambda: store.set_team("Ada", "North"),
        lambda: store.team("Ada"),
        lambda: store.refused("Ada"),
        lambda: list(owed_on(store, day(0), [standards()])),
    ):
        with pytest.raises(
            MissingError, match=r"`Store\.make`, `ddl` or `cpplan store init` makes"
        ):
            asked()
    store.make()
    assert (store.team("Ada"), len(store.history("Ada"))) == ("", 1)
    engine.dispose()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_file_that_is_no_store_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plans.db").write_bytes(content)
    store = Store.open(tmp_path / "plans.db")
    kinds: Any = (DamagedError, MissingError)
    with pytest.raises(kinds):
        store.head("Ada")
    store.close()
