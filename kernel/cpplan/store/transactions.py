"""Transactions: the host's, or one of the store's own.

In the host's, only what is added is added inside a savepoint; what is read is read as the host's
transaction sees it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, Select

from cpplan.store.direct import Speaking, directly
from cpplan.store.failures import RetryableError, StoreError, telling
from cpplan.store.opening import PATIENCE, WRITING

AT_ONCE = 1000
"""Rows fetched or inserted at a time by what reads or takes in a whole store."""


class Transactions:
    """Begins and ends what is done on one engine.

    Attributes:
        patience: seconds that a writer waits for those of its process, in SQLite, before it waits
            for those of others.
    """

    def __init__(self, engine: Engine, *, own: bool = False, patience: float = PATIENCE) -> None:
        """Take the engine; nothing is opened yet.

        Args:
            engine: the engine.
            own: whether the store made it, so that no host listens to what is done on it.
            patience: seconds, as above.
        """
        _require_untranslated(engine)
        self._engine, self._own, self.patience = engine, own, patience
        # SQLite lets one writer in and lets the others sleep; threads of one process can do better.
        self._writers = threading.Lock()
        self._in_turn: Callable[[], AbstractContextManager[None]] = nullcontext
        if engine.dialect.name == "sqlite":
            self._in_turn = self._queued
            self._writing = engine.execution_options(begin=WRITING)
            self._steady = self._alone = engine
        else:
            # A host's engine may be set to commit each statement, and several have to be one.
            self._writing = engine.execution_options(isolation_level="READ COMMITTED")
            self._steady = engine.execution_options(isolation_level="REPEATABLE READ")
            self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def write(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to write, and at the end keep all of it or nothing."""
        if conn is not None:
            with telling(), _savepoint(conn):
                yield conn
        else:
            with telling(), self._in_turn(), self._begun() as own:
                yield own

    @contextmanager
    def add(self, *, by_one_statement: bool) -> Iterator[Speaking]:
        """Begin to add to one plan, in a transaction of the store's own.

        One statement is a transaction by itself, which saves the way there and back twice.
        """
        with telling(), self._in_turn(), self._adding(by_one_statement) as own:
            yield own

    @contextmanager
    def _queued(self) -> Iterator[None]:
        if not self._writers.acquire(timeout=self.patience):
            raise RetryableError("other writers hold the database; try again")
        try:
            yield
        finally:
            self._writers.release()

    def _adding(self, by_one_statement: bool) -> AbstractContextManager[Speaking]:
        if self._own:
            return directly(self._engine, "" if by_one_statement else WRITING)
        return self._alone.begin() if by_one_statement else self._begun()

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with self._writing.begin() as own:
            _begin_sqlite(own)
            yield own

    @contextmanager
    def read(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to read what stands there at each statement."""
        with telling(), nullcontext(conn) if conn is not None else self._engine.begin() as inside:
            yield inside

    @contextmanager
    def snapshot(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to read what stood there at the first statement, whatever is written meanwhile."""
        if conn is not None:
            _require_transaction(conn)
            with telling():
                yield conn
        else:
            with telling(), self._steady.begin() as own:
                _begin_sqlite(own, "BEGIN")
                yield own


def streamed(conn: Connection, statement: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a statement, with no more of them in memory than are fetched at a time."""
    result = conn.execute(statement, execution_options={"yield_per": AT_ONCE})
    for some in result.partitions():
        yield from some


@contextmanager
def _savepoint(conn: Connection) -> Iterator[None]:
    _require_untranslated(conn)
    if conn.get_transaction() is None:
        conn.begin()
    _require_transaction(conn)
    _begin_sqlite(conn)
    with conn.begin_nested():
        yield


def _require_transaction(conn: Connection) -> None:
    with telling():
        driver = conn.connection.driver_connection
    if getattr(driver, "autocommit", False) is True and conn.dialect.name == "postgresql":
        raise StoreError(
            "the connection commits each statement by itself, and this takes several: begin a"
            " transaction, without isolation_level='AUTOCOMMIT'"
        )


def _require_untranslated(given: Engine | Connection) -> None:
    if given.get_execution_options().get("schema_translate_map"):
        raise StoreError(
            "schema_translate_map is set, and not all of a store's statements are translated: set"
            " search_path instead"
        )


def _begin_sqlite(conn: Connection, begin: str = WRITING) -> None:
    """Begin, where the driver didn't.

    Unless told otherwise, SQLite's driver begins only at the first row written, and a savepoint
    before that would be a transaction of its own, which commits when it is released. In autocommit
    it doesn't begin at all, and each row would be kept by itself.
    """
    if not getattr(conn.connection.driver_connection, "in_transaction", True):
        conn.exec_driver_sql(begin)
