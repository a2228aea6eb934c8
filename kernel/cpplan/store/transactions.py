"""Transactions: the host's, inside a savepoint, or one of the store's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, Select

from cpplan.store.failures import telling
from cpplan.store.opening import WRITING

AT_ONCE = 1000
"""Rows fetched at a time by whatever reads a whole store."""


class Transactions:
    """Begins and ends what is done on one engine."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine; nothing is opened yet."""
        self._engine = engine
        self._writing = engine.execution_options(begin=WRITING)
        # SQLite lets one writer in and lets the others sleep; threads of one process can do better.
        self._turn: AbstractContextManager[Any] = nullcontext()
        self._steady, self._alone = engine, engine.execution_options(begin="")
        if engine.dialect.name == "sqlite":
            self._turn = threading.Lock()
        else:
            self._steady = engine.execution_options(isolation_level="REPEATABLE READ")
            self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def write(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to write, and at the end keep all of it or nothing."""
        if conn is not None:
            with telling(), _savepoint(conn):
                yield conn
        else:
            with telling(), self._turn, self._writing.begin() as own:
                yield own

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Let one statement be a transaction by itself: it saves the way there and back twice."""
        with telling(), self._turn, self._alone.begin() as own:
            yield own

    @contextmanager
    def read(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to read what stands there at each statement."""
        with telling(), nullcontext(conn) if conn is not None else self._engine.begin() as inside:
            yield inside

    @contextmanager
    def snapshot(self, conn: Connection | None) -> Iterator[Connection]:
        """Begin to read what stood there at the first statement, whatever is written meanwhile."""
        with telling(), nullcontext(conn) if conn is not None else self._steady.begin() as inside:
            yield inside


def streamed(conn: Connection, statement: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a statement, with no more of them in memory than are fetched at a time."""
    result = conn.execute(statement, execution_options={"yield_per": AT_ONCE})
    for some in result.partitions():
        yield from some


@contextmanager
def _savepoint(conn: Connection) -> Iterator[None]:
    if conn.get_transaction() is None:
        conn.begin()
    # Unless told otherwise, SQLite's driver begins only at the first row written. A savepoint
    # before that would be a transaction of its own, and releasing it would commit.
    if not getattr(conn.connection.driver_connection, "in_transaction", True):
        conn.exec_driver_sql(WRITING)
    with conn.begin_nested():
        yield
