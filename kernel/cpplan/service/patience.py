"""Patience: how long a database may keep a request waiting before it is told to ask again.

A store by itself waits as long as a batch job may. A service that waits so long keeps its threads
from everybody else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from cpplan.store import Store

SECONDS = 5


def impatient(store: Store, seconds: int = SECONDS) -> Store:
    """Return a store, not used yet, whose database answers or gives up within some seconds.

    In SQLite a writer waits so long for its turn in this process, and then for other processes.
    """
    statements = {
        "sqlite": f"PRAGMA busy_timeout = {seconds * 1000}",
        "postgresql": f"SET statement_timeout = '{seconds}s'",
    }
    statement = statements[store.engine.dialect.name]

    def connected(connection: Any, _: Any) -> None:
        connection.cursor().execute(statement)
        connection.commit()

    event.listen(store.engine, "connect", connected)
    store.transactions.patience = seconds
    return store
