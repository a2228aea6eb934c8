"""Failures: what a database does when it can't, told as one clear error for each way out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class StoreError(Exception):
    """The store could not do what was asked. Whatever was being added is not there, or in whole."""


class RetryableError(StoreError):
    """The database was busy or away: give the same entries, with the same ids, again.

    If it was lost while the addition was being confirmed, nobody can tell whether it is there. The
    ids make it safe to ask again: what is there is answered as it was the first time.
    """


class FullError(StoreError):
    """There is no room left."""


class ReadOnlyError(StoreError):
    """The database, or its file, can only be read."""


class DamagedError(StoreError):
    """The database can't be read: its file is damaged, or it is none."""


class MissingError(StoreError):
    """There is no store there."""


_SQLITE: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (RetryableError, "another writer holds the database; try again"),
    sqlite3.SQLITE_LOCKED: (RetryableError, "another writer holds the database; try again"),
    sqlite3.SQLITE_FULL: (FullError, "no room left; nothing of the addition is stored"),
    sqlite3.SQLITE_READONLY: (ReadOnlyError, "the file can only be read"),
    sqlite3.SQLITE_CORRUPT: (DamagedError, "the file is damaged; restore it from a copy"),
    sqlite3.SQLITE_NOTADB: (DamagedError, "the file is no SQLite database"),
    sqlite3.SQLITE_CANTOPEN: (
        MissingError,
        "the file can't be opened; if it can only be read, add ?mode=ro&immutable=1&uri=true to"
        " sqlite:///file:PATH",
    ),
    sqlite3.SQLITE_IOERR: (StoreError, "the file can't be read or written"),
}
# What SQLite says when the disk is full while it makes the file that readers and writers share.
_FULL_TOO = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP)

_FAILED = "this transaction has failed already: roll it back, and begin anew"
_AGAIN = "; give the same entries with the same ids again"
_POSTGRESQL: dict[str, tuple[type[StoreError], str]] = {
    "08": (RetryableError, "the connection was lost" + _AGAIN),
    "40": (RetryableError, "another transaction was in the way" + _AGAIN),
    "55P03": (RetryableError, "another transaction holds a lock" + _AGAIN),
    "57P": (RetryableError, "the server is going away or starting" + _AGAIN),
    "57014": (RetryableError, "the server ended the statement" + _AGAIN),
    "53300": (RetryableError, "the server has no connection to spare" + _AGAIN),
    "53100": (FullError, "no room left on the server; nothing of the addition is stored"),
    "53": (RetryableError, "the server is short of something" + _AGAIN),
    "22P05": (StoreError, "the database can't keep this text: make one with ENCODING 'UTF8'"),
    "25006": (ReadOnlyError, "the database can only be read"),
    "25P02": (StoreError, _FAILED),
    "25P03": (
        RetryableError,
        "the server ended a transaction that stood idle: go through what is read more quickly, or"
        " raise idle_in_transaction_session_timeout",
    ),
    "25P04": (RetryableError, "the server ended a transaction that took long" + _AGAIN),
    "42501": (
        StoreError,
        "this user may not: grant SELECT and INSERT, and UPDATE and DELETE on the tables of teams"
        " and of what is owed",
    ),
    "42P01": (
        MissingError,
        "a table is missing: `Store.make`, `ddl` or `cpplan store init` makes it",
    ),
    "34000": (StoreError, "the transaction ended before all was read that was asked in it"),
    "3F000": (StoreError, "there is no schema to make tables in: set search_path"),
    "42703": (DamagedError, "the tables are not as the store made them"),
    "XX001": (DamagedError, "a page is damaged; restore it from a copy"),
    "XX002": (DamagedError, "an index is damaged; rebuild it"),
}

# What the server says to somebody who connects and may try again; whoever else it lets not in,
# has to change something.
_PASSING = re.compile(
    "is (starting up|shutting down|in recovery)|accepting connections|too many|connection slots"
    "|terminating connection|timeout"
)
_NAMES = re.compile('"[^"]*"')
_REFUSED = (
    StoreError,
    "the server lets nobody in by this address: see its user, its password and its database",
)

_WORDED = {"no such table": _POSTGRESQL["42P01"], "no such column": _POSTGRESQL["42703"]}


@contextmanager
def telling() -> Iterator[None]:
    """Turn what a database raises into the error of this module that says the way out.

    What has none, and every broken constraint, is let through as it is. Neither tells what is in a
    row, which a host's engine would print.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise RetryableError("every connection is in use; try again") from error
    except PendingRollbackError as error:
        raise StoreError(_FAILED) from error
    except DBAPIError as error:
        error.hide_parameters = True
        known = _told(error)
        if known is None:
            raise
        kind, says = known
        raise kind(f"{says} ({_plainly(error)})") from error


_TAKEN = {
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_TRIGGER,  # ours, before the keys are looked at
}


def is_taken(error: IntegrityError) -> bool:
    """Whether somebody else's row stands where one was to be: no constraint of a host's."""
    sqlite = getattr(error.orig, "sqlite_errorcode", None) in _TAKEN
    return sqlite or getattr(error.orig, "sqlstate", None) == "23505"


def _told(error: DBAPIError) -> tuple[type[StoreError], str] | None:
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    return _of_postgresql(error)


def _of_sqlite(error: sqlite3.Error) -> tuple[type[StoreError], str] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _FULL_TOO:
        return _SQLITE[sqlite3.SQLITE_FULL]
    if code == sqlite3.SQLITE_ERROR:
        # SQLite has one code for whatever it can't make sense of; the words tell them apart.
        return next((known for words, known in _WORDED.items() if words in str(error)), None)
    return _SQLITE.get(code & 0xFF)


def _of_postgresql(error: DBAPIError) -> tuple[type[StoreError], str] | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _of_connecting(error)
    found = (known for prefix, known in _POSTGRESQL.items() if state.startswith(prefix))
    return next(found, None)


def _of_connecting(error: DBAPIError) -> tuple[type[StoreError], str] | None:
    """Return what it means that no state was told: there was no connection, or there is no more."""
    says, kind = str(error.orig), type(error.orig).__name__
    if "invalid connection option" in says:
        return StoreError, "the address of the database holds what nobody knows"
    if not error.connection_invalidated and kind != "OperationalError":
        return None
    refused = "FATAL:" in says and not _PASSING.search(_NAMES.sub("", says))
    return _REFUSED if refused else _POSTGRESQL["08"]


def _plainly(error: DBAPIError) -> str:
    """Return the first line of what the driver says: never a statement, nor what is in a row."""
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
