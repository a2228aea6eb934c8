"""Opening: the engine for a path or an address, set up so that what is acknowledged is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import NoSuchModuleError as NoSuchDialectError

from cpplan.store.failures import MissingError, StoreError
from cpplan.store.guards import UnknownDialectError, require_dialect

PATIENCE = 30
"""Seconds that a writer waits for the others, in SQLite, before it is told to try again."""
DRIVERS = ("psycopg", "psycopg_async")
"""The drivers of PostgreSQL whose way to take lists, and whose errors, the store knows."""
WRITING = "BEGIN IMMEDIATE"
"""How SQLite begins to write: by taking its turn at once, so that what was read stays true."""


class InvalidAddressError(ValueError):
    """What should say where a store is, doesn't."""


def address_of(where: str | Path) -> URL:
    """Return the address of a store: a path is SQLite's, ``postgresql://`` is psycopg's.

    Raises:
        InvalidAddressError: it is neither a path nor an address, or of another database.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        address = make_url(where)
        require_dialect(address.get_backend_name())
    except (ArgumentError, ValueError, NoSuchDialectError) as error:
        raise InvalidAddressError(
            f"{where.partition('://')[0]!r} is no database that a store can be in; give a path,"
            " sqlite:///PATH or postgresql://USER@HOST/DATABASE"
        ) from error
    if address.drivername == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    return address


def engine_for(where: str | Path, patience: float = PATIENCE) -> Engine:
    """Return an engine whose commits are on the disk when they return.

    What is in a row is never part of a message.

    Args:
        where: a path or an address.
        patience: seconds that a writer waits for the others, in SQLite; the server's own settings
            say it in PostgreSQL.

    Raises:
        InvalidAddressError: as :func:`address_of`.
    """
    address = address_of(where)
    if address.get_backend_name() == "sqlite":
        engine = _engine(address, {"timeout": patience})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        # Whatever the server or the environment says of text, it is Unicode on the way there.
        unicode = {"client_encoding": "utf8"}
        engine = _engine(address, unicode)
        event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _engine(address: URL, connect_args: Mapping[str, Any]) -> Engine:
    try:
        return create_engine(address, connect_args=connect_args, hide_parameters=True)
    except (ValueError, TypeError) as error:
        raise InvalidAddressError(
            f"what follows the ? in the address of the store can't be used: {error}"
        ) from error


def require_file(where: str | Path) -> None:
    """Raise ``MissingError`` if a store should be a file and there is none.

    Opening it would make an empty one, and hide a misspelt name.
    """
    address = address_of(where)
    path = address.database
    if address.get_backend_name() != "sqlite" or not path or path == ":memory:":
        return
    if not path.startswith("file:") and not Path(path).is_file():
        raise MissingError(f"there is no store {path}; make one with `cpplan store init`")


def require_driver(engine: Engine) -> None:
    """Raise ``UnknownDialectError`` unless an engine is one that a store can use."""
    require_dialect(engine.dialect.name)
    if engine.dialect.name == "postgresql" and engine.dialect.driver not in DRIVERS:
        raise UnknownDialectError(
            f"the store can't use the driver {engine.dialect.driver}; make the engine of"
            " postgresql+psycopg://"
        )


def require_encoding(conn: Connection) -> None:
    """Raise ``StoreError`` if a database can't keep every text as it is.

    PostgreSQL may have been told to keep text as bytes of no known kind, or of a narrower one.
    """
    if conn.dialect.name != "postgresql":
        return
    encoding = conn.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(f"the database keeps text in {encoding}; make one with ENCODING 'UTF8'")


def take_turn(conn: Connection) -> None:
    """Wait until nobody else makes a store in this database, until the transaction ends.

    SQLite has one writer anyway. PostgreSQL refuses one of two who make the same table at once.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('cpplan store'))")


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # The driver would begin and commit by itself; see _begin_sqlite.
    connection.isolation_level = None
    # Damaged text has to reach `verify`, which names its row.
    connection.text_factory = _text
    cursor = connection.cursor()
    # In WAL mode, NORMAL would lose the last commits when the power fails.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA fullfsync = ON")
    cursor.close()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _set_up_postgresql(connection: Any, _: Any) -> None:
    # A server may be set to acknowledge before it has written. Stricter settings are left alone.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()
