"""Which kind of transaction is begun on which database."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, create_engine

from cpplan.store.transactions import Transactions


def test_postgresql_reads_a_whole_store_as_it_stood_at_the_beginning() -> None:
    engine = create_engine("postgresql+psycopg://h/d")
    transactions = Transactions(engine)
    assert transactions._steady.get_execution_options()["isolation_level"] == "REPEATABLE READ"
    assert transactions._alone.get_execution_options()["isolation_level"] == "AUTOCOMMIT"
    engine.dispose()


def test_whatever_is_raised_inside_undoes_what_was_written() -> None:
    engine = create_engine("sqlite://")
    transactions = Transactions(engine)
    with transactions.write(None) as conn:
        conn.exec_driver_sql("CREATE TABLE a (b)")
    with pytest.raises(ZeroDivisionError), transactions.write(None) as conn:
        _insert_and_fail(conn)
    with transactions.read(None) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0
    engine.dispose()


def _insert_and_fail(conn: Connection) -> None:
    conn.exec_driver_sql("INSERT INTO a VALUES (1)")
    raise ZeroDivisionError
