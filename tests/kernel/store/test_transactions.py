"""Which kind of transaction is begun on which database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from cpplan.store import RetryableError, Store, StoreError
from cpplan.store.transactions import Transactions
from tests.kernel.store.told import draft


def test_postgresql_reads_a_whole_store_as_it_stood_at_the_beginning() -> None:
    engine = create_engine("postgresql+psycopg://h/d")
    transactions = Transactions(engine)
    assert transactions._steady.get_execution_options()["isolation_level"] == "REPEATABLE READ"
    assert transactions._alone.get_execution_options()["isolation_level"] == "AUTOCOMMIT"
    engine.dispose()


def test_what_is_several_statements_is_one_transaction_on_an_engine_that_commits_each() -> None:
    engine = create_engine("postgresql+psycopg://h/d", isolation_level="AUTOCOMMIT")
    transactions = Transactions(engine)
    assert transactions._writing.get_execution_options()["isolation_level"] == "READ COMMITTED"
    engine.dispose()


def test_a_host_that_translates_schemas_is_told_what_to_do_instead() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as plain:
        conn = plain.execution_options(schema_translate_map={None: "children"})
        with pytest.raises(StoreError, match="set search_path instead"):
            _write(Transactions(engine), conn)
    with pytest.raises(StoreError, match="set search_path instead"):
        Transactions(engine.execution_options(schema_translate_map={None: "children"}))
    engine.dispose()


def test_whatever_reads_a_whole_store_of_a_host_reads_it_as_it_stood(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store.db")
    store.append("Ada", [draft("1")], expected=0)
    engine = create_engine(store.engine.url)
    with Transactions(engine).snapshot(None) as conn:
        assert store.number_of_plans(conn=conn) == 1
        store.append("Ben", [draft("1")], expected=0)
        assert store.number_of_plans(conn=conn) == 1
    engine.dispose()
    store.close()


def test_a_hosts_connection_that_commits_each_statement_is_told_to_begin() -> None:
    driver = type("Driver", (), {"autocommit": True})
    conn: Any = type("Connection", (), {})()
    conn.get_execution_options = dict
    conn.begin = list
    conn.dialect = create_engine("postgresql+psycopg://h/d").dialect
    conn.connection = type("Lent", (), {"driver_connection": driver})
    conn.get_transaction = lambda: None
    with pytest.raises(StoreError, match="begin a transaction"):
        _write(Transactions(create_engine("sqlite://")), conn)


def _write(transactions: Transactions, conn: Connection) -> None:
    with transactions.write(conn):
        pass


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


def test_a_writer_waits_for_those_of_its_process_no_longer_than_its_patience() -> None:
    engine = create_engine("sqlite://")
    transactions = Transactions(engine, patience=0)
    with transactions.write(None), pytest.raises(RetryableError, match="try again"):
        _write_own(transactions)
    _write_own(transactions)
    engine.dispose()


def _write_own(transactions: Transactions) -> None:
    with transactions.write(None):
        pass
