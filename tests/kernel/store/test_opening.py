"""Where a store is, and how a connection to it is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from cpplan.store import (
    DamagedError,
    InvalidAddressError,
    MissingError,
    Store,
    StoreError,
    UnknownDialectError,
)
from cpplan.store.opening import (
    _set_up_postgresql,
    address_of,
    engine_for,
    require_encoding,
    take_turn,
)
from tests.kernel.store.told import draft


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("plans.db", "sqlite:///plans.db"),
        (Path("/var/plans.db"), "sqlite:////var/plans.db"),
        ("sqlite:///plans.db", "sqlite:///plans.db"),
        ("postgresql://me@host/plans", "postgresql+psycopg://me@host/plans"),
        ("postgresql+psycopg://host/plans", "postgresql+psycopg://host/plans"),
    ],
)
def test_a_path_is_sqlite_and_postgresql_is_by_psycopg(where: str | Path, address: str) -> None:
    assert str(address_of(where)) == address


@pytest.mark.parametrize("option", ["timeout=abc", "check_same_thread=maybe"])
def test_an_address_with_an_option_that_can_not_be_used_is_told(option: str) -> None:
    with pytest.raises(InvalidAddressError, match=r"what follows the \? .* can't be used"):
        engine_for(f"sqlite:///plans.db?{option}")


@pytest.mark.parametrize("where", ["mysql://host/plans", "nonsense://host", "postgresql://h:x/y"])
def test_another_database_or_a_broken_address_is_told_with_what_it_should_be(where: str) -> None:
    with pytest.raises(InvalidAddressError, match="give a path, sqlite:///PATH or postgresql://"):
        address_of(where)


def test_a_file_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cpplan store init"):
        Store.open(tmp_path / "plans.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["sqlite://", "sqlite:///:memory:", "postgresql://h/d"])
def test_what_is_no_file_need_not_be_there(where: str) -> None:
    Store.open(where).close()


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(store: Store) -> None:
    with store.engine.connect() as conn:
        settings = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "fullfsync")
        ]
    assert settings == ["wal", 2, 1]


def test_a_store_that_can_not_be_made_leaves_no_connection_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Store] = []

    def close(store: Store) -> None:
        closed.append(store)

    monkeypatch.setattr(Store, "close", close)
    (tmp_path / "plans.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(DamagedError):
        Store.create(tmp_path / "plans.db")
    assert len(closed) == 1
    closed[0].engine.dispose()


def test_a_store_in_memory_keeps_as_a_file_does() -> None:
    store = Store.create("sqlite://")
    assert store.append("Ada", [draft("1")], expected=0).accepted
    assert len(store.history("Ada")) == 1
    store.close()


def test_what_is_in_a_row_is_part_of_no_message() -> None:
    for where in ("sqlite://", "postgresql://h/d"):
        engine = engine_for(where)
        assert engine.hide_parameters
        engine.dispose()


def test_a_server_that_acknowledges_before_it_writes_is_told_not_to() -> None:
    said: list[str] = []

    class Connection:
        """What psycopg gives, as far as it is used."""

        def cursor(self) -> Any:
            return self

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            said.append("closed")

        def execute(self, statement: str) -> None:
            said.append(statement)

        def commit(self) -> None:
            said.append("commit")

    _set_up_postgresql(Connection(), None)
    assert "synchronous_commit" in said[0]
    assert said[1:] == ["closed", "commit"]


def test_an_engine_of_the_hosts_is_used_as_it_is(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/host.db")
    store = Store(engine, "children")
    store.make()
    assert store.append("Ada", [draft("1"), draft("2")], expected=0).accepted
    assert store.append("Ada", [draft("3")], expected=2).head.version == 3
    assert list(store.verify()) == []
    engine.dispose()


@pytest.mark.parametrize("address", ["postgresql+psycopg2://h/d", "mysql+pymysql://h/d"])
def test_an_engine_that_a_store_can_not_use_is_told(address: str) -> None:
    name, _, driver = address.partition(":")[0].partition("+")
    engine: Any = type("Engine", (), {"dialect": type("Dialect", (), {})})
    engine.dialect.name, engine.dialect.driver = name, driver
    with pytest.raises(UnknownDialectError, match=driver if name == "postgresql" else name):
        Store(engine)


@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII", "LATIN1"])
def test_a_database_that_can_not_keep_every_text_is_told(encoding: str) -> None:
    answer = type("Answer", (), {"scalar_one": lambda _: encoding})
    conn: Any = type("Connection", (), {"exec_driver_sql": lambda *_: answer()})()
    conn.dialect = create_engine("postgresql+psycopg://h/d").dialect
    if encoding == "UTF8":
        require_encoding(conn)
        return
    with pytest.raises(
        StoreError, match=f"keeps text in {encoding}; make one with ENCODING 'UTF8'"
    ):
        require_encoding(conn)


@pytest.mark.parametrize(("address", "locks"), [("postgresql+psycopg://h/d", 1), ("sqlite://", 0)])
def test_whoever_makes_a_store_on_a_server_takes_a_turn(address: str, locks: int) -> None:
    said: list[str] = []
    conn: Any = type("Connection", (), {"exec_driver_sql": lambda _, text: said.append(text)})()
    conn.dialect = create_engine(address).dialect
    take_turn(conn)
    assert ["lock" in text for text in said] == [True] * locks
