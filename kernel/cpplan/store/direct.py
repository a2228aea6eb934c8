"""Direct: statements given to the driver, past what SQLAlchemy does around each.

That takes as long as adding a row does. It is left out where nobody can miss it: for additions on
an engine that the store made for itself. What a host listens to on its own engine is heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import attrs
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

IDLE = 0
"""What PostgreSQL's library says of a connection between transactions."""


class Speaking(Protocol):
    """What a statement can be given to: a connection of SQLAlchemy's, or :class:`Direct`."""

    def exec_driver_sql(self, statement: str, parameters: Any = None, /) -> Any:
        """Run a statement as it is: once for each of a list of parameters, else for all of them."""


@attrs.frozen
class Direct:
    """A driver's cursor that takes statements as a connection of SQLAlchemy's does."""

    cursor: Any

    def exec_driver_sql(self, statement: str, parameters: Any = None, /) -> Any:
        """Run a statement as it is: once for each of a list of parameters, else for all of them."""
        several = isinstance(parameters, list)
        run = self.cursor.executemany if several else self.cursor.execute
        run(statement, parameters or ())
        return self.cursor


@contextmanager
def directly(engine: Engine, begin: str = "") -> Iterator[Direct]:
    """Lend the driver's cursor.

    With ``begin``, what is run is kept whole or not at all; without, each statement by itself.

    Args:
        engine: an engine of the store's own.
        begin: how SQLite begins.

    Raises:
        DBAPIError: what the driver raises, as SQLAlchemy wraps it.
    """
    dialect: Any = engine.dialect
    lent: Any = None
    try:
        lent = engine.raw_connection()
        if dialect.name == "postgresql":
            lent.driver_connection.autocommit = True
        direct = Direct(lent.cursor())
        if begin:
            direct.exec_driver_sql(begin)
        yield direct
        lent.commit()
    except dialect.loaded_dbapi.Error as error:
        lost = lent is not None and dialect.is_disconnect(error, lent.driver_connection, None)
        raise _wrapped(error, dialect, lost) from error
    finally:
        if lent is not None:
            _give_back(lent, dialect)


def _give_back(lent: Any, dialect: Any) -> None:
    """Return a connection as it was lent; the pool rolls back what was not committed."""
    try:
        if dialect.name == "postgresql":
            driver = lent.driver_connection
            if driver.closed or driver.info.transaction_status != IDLE:  # such as interrupted
                lent.invalidate()
            else:
                driver.autocommit = False
    finally:
        lent.close()


def _wrapped(error: Exception, dialect: Any, lost: bool) -> BaseException:
    return DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
