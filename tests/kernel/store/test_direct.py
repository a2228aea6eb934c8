"""Statements given to the driver: kept or undone as SQLAlchemy would, with its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from cpplan.store.direct import directly
from cpplan.store.opening import WRITING, engine_for


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = engine_for(tmp_path / "some.db")
    with directly(made) as direct:
        direct.exec_driver_sql("CREATE TABLE some (number INTEGER PRIMARY KEY)")
    yield made
    made.dispose()


def numbers(engine: Engine) -> list[int]:
    with directly(engine) as direct:
        return [row[0] for row in direct.exec_driver_sql("SELECT number FROM some").fetchall()]


def test_a_list_of_parameters_is_run_for_each_and_all_are_kept(engine: Engine) -> None:
    with directly(engine, WRITING) as direct:
        direct.exec_driver_sql("INSERT INTO some VALUES (?)", (1,))
        direct.exec_driver_sql("INSERT INTO some VALUES (?)", [(2,), (3,)])
        with engine.connect() as other:
            assert other.exec_driver_sql("SELECT count(*) FROM some").scalar() == 0
    assert numbers(engine) == [1, 2, 3]


@pytest.mark.parametrize("raised", [ZeroDivisionError, KeyboardInterrupt])
def test_whatever_is_raised_inside_undoes_all_of_it(
    engine: Engine, raised: type[BaseException]
) -> None:
    with pytest.raises(raised), directly(engine, WRITING) as direct:
        _insert_and_raise(direct, raised())
    assert numbers(engine) == []


def _insert_and_raise(direct: Any, error: BaseException) -> None:
    direct.exec_driver_sql("INSERT INTO some VALUES (1)")
    raise error


def test_a_row_that_is_there_already_is_sqlalchemys_error_and_says_nothing_of_it(
    engine: Engine,
) -> None:
    with pytest.raises(IntegrityError) as told, directly(engine, WRITING) as direct:
        direct.exec_driver_sql("INSERT INTO some VALUES (?)", [(1,), (77001,), (77001,)])
    assert isinstance(told.value.orig, sqlite3.IntegrityError)
    assert "77001" not in str(told.value)
    assert numbers(engine) == []


def test_a_database_that_can_not_be_reached_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(OperationalError), directly(engine_for(tmp_path)):
        pass


class Driver:
    """A connection of psycopg's, as far as it is used."""

    def __init__(self) -> None:
        self.closed = self.broken = False
        self.info = SimpleNamespace(transaction_status=TransactionStatus.IDLE)
        self.set: list[bool] = []

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "autocommit":
            self.set.append(value)
        object.__setattr__(self, name, value)

    def cursor(self) -> Any:
        return self

    def commit(self) -> None:
        """Nothing was begun."""

    rollback = close = commit


@pytest.fixture
def drivers() -> list[Driver]:
    return []


@pytest.fixture
def server(drivers: list[Driver]) -> Engine:
    def connect() -> Any:
        drivers.append(Driver())
        return drivers[-1]

    # Not initialised: nothing is asked of a server that isn't there.
    return create_engine("postgresql+psycopg://h/d", creator=connect, _initialize=False)


def test_psycopg_begins_nothing_and_is_set_back(server: Engine, drivers: list[Driver]) -> None:
    with directly(server):
        assert drivers[0].set == [True]
    assert drivers[0].set == [True, False]
    with directly(server):
        assert len(drivers) == 1


def test_a_connection_that_was_lost_is_lent_to_nobody(
    server: Engine, drivers: list[Driver]
) -> None:
    psycopg: Any = server.dialect.loaded_dbapi
    with pytest.raises(DBAPIError) as told, directly(server):
        _lose(drivers[0], psycopg.OperationalError("the server closed the connection"))
    assert told.value.connection_invalidated
    assert drivers[0].set == [True]
    with directly(server):
        assert len(drivers) == 2


def test_a_connection_that_was_interrupted_is_lent_to_nobody(
    server: Engine, drivers: list[Driver]
) -> None:
    with pytest.raises(KeyboardInterrupt), directly(server):
        _interrupt(drivers[0])
    assert drivers[0].set == [True]
    with directly(server):
        assert len(drivers) == 2


def _interrupt(driver: Driver) -> None:
    driver.info.transaction_status = TransactionStatus.ACTIVE
    raise KeyboardInterrupt


def _lose(driver: Driver, error: Exception) -> None:
    driver.closed = True
    raise error


def test_an_error_of_one_statement_leaves_the_connection(
    server: Engine, drivers: list[Driver]
) -> None:
    psycopg: Any = server.dialect.loaded_dbapi
    with pytest.raises(IntegrityError), directly(server):
        raise psycopg.errors.UniqueViolation("there already")
    with directly(server):
        assert len(drivers) == 1
