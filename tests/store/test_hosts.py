"""What hosts do with their own engines and connections, on both databases where both have it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError

from cpplan.store import Addition, Conflict, Head, RetryableError, Store, StoreError
from cpplan.store.opening import address_of
from tests.store.conftest import NUMBERS
from tests.store.keeping import draft
from tests.store.servers import Server


@pytest.fixture
def own(address: str) -> Iterator[Store]:
    """The store, through its own engine."""
    made = Store.open(address)
    yield made
    made.close()


@pytest.fixture(params=["as it is", "autocommit"])
def engine(address: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A host's engine, with the driver's own settings, or set to commit each statement."""
    settings: dict[str, Any] = {}
    if request.param == "autocommit":
        settings["isolation_level"] = "AUTOCOMMIT"
    made = create_engine(address_of(address), **settings)
    yield made
    made.dispose()


def test_a_hosts_engine_adds_one_several_and_to_several_plans(own: Store, engine: Engine) -> None:
    store, head = Store(engine), own.head("Ada")
    for names in (["1"], ["2", "3"], ["4"]):
        head = store.append("Ada", [draft(name) for name in names], expected=head).head
    assert store.append("Ada", [draft("5"), draft("6")], expected=4).accepted
    assert isinstance(store.append("Ada", [draft("7"), draft("1")], expected=6), Conflict)
    late = [Addition("Ben", 0, [draft("1")]), Addition("Cem", 7, [draft("1"), draft("2")])]
    assert isinstance(store.append_all(late), Conflict)
    taken = [Addition("Ben", 0, [draft("1")]), Addition("Ada", 6, [draft("7"), draft("1")])]
    assert isinstance(store.append_all(sorted(taken, key=lambda one: -one.version)), Conflict)
    assert [(one.plan, one.version) for one in own.heads()] == [("Ada", 6)]
    assert list(own.verify()) == []


def test_what_a_host_rolls_back_after_the_savepoint_is_gone_and_what_came_before_it_stays(
    own: Store,
) -> None:
    own.append("Ada", [draft("1")], expected=0)
    engine = create_engine(own.engine.url)
    store = Store(engine)
    with engine.connect() as conn:
        assert store.append("Ada", [draft("2"), draft("3")], expected=1, conn=conn).accepted
        assert not store.append("Ada", [draft("3", "else")], expected=3, conn=conn).accepted
        assert store.append("Ben", [draft("1")], expected=0, conn=conn).accepted
        conn.rollback()
    assert [(one.plan, one.version) for one in own.heads()] == [("Ada", 1)]
    assert own.append("Ada", [draft("3")], expected=1).accepted
    engine.dispose()


def test_a_connection_of_postgresql_that_commits_each_statement_is_told_to_begin(
    server: Server,
) -> None:
    where = server.database("autocommit")
    Store.create(where).close()
    engine = create_engine(address_of(where), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn, pytest.raises(StoreError, match="begin a transaction"):
        Store(engine).append("Ada", [draft("1")], expected=0, conn=conn)
    engine.dispose()


def waits_for_a_lock(conn: Connection) -> bool:
    """Whether somebody else on the database waits for a lock."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    # Within a transaction the server would go on saying what it said first.
    conn.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    return bool(conn.exec_driver_sql(asked).scalar_one())


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("several", [True, False])
def test_who_comes_second_waits_for_the_hosts_transaction_before_it_and_is_told_what_became_of_it(
    server: Server, kept: bool, several: bool
) -> None:
    where = server.database(f"second{kept}{several}".lower())
    store = Store.create(where)
    first = store.append("Ada", [draft("1")], expected=0).head
    drafts = [draft("3"), draft("4")] if several else [draft("3")]
    answers: list[Any] = []
    with store.engine.connect() as conn:
        unseen = store.append("Ada", [draft("2")], expected=first, conn=conn).head
        # On a head that nobody else can see yet, nothing is built.
        early = store.append("Ada", drafts, expected=unseen)
        assert isinstance(early, Conflict)
        assert early.head == first
        second = threading.Thread(
            target=lambda: answers.append(store.append("Ada", drafts, expected=first))
        )
        second.start()
        while not waits_for_a_lock(conn):
            assert second.is_alive(), "who comes second did not wait"
            second.join(0.01)
        if kept:
            conn.commit()
        else:
            conn.rollback()
    second.join(30)
    assert answers[0].accepted is not kept
    assert answers[0].head.version == (2 if kept else 1 + len(drafts))
    assert list(store.verify()) == []
    store.close()


def test_a_host_of_sqlite_that_has_read_before_another_wrote_is_told_to_try_again(
    tmp_path: Path,
) -> None:
    own = Store.create(tmp_path / "store.db")
    own.append("Ada", [draft("1")], expected=0)
    engine = create_engine(f"sqlite:///{tmp_path}/store.db")
    host = Store(engine)
    with engine.connect() as conn:
        conn.exec_driver_sql("BEGIN")
        head = host.head("Ada", conn=conn)
        own.append("Ada", [draft("2")], expected=1)
        with pytest.raises(RetryableError):
            host.append("Ada", [draft("3")], expected=head, conn=conn)
    assert own.head("Ada").version == 2
    engine.dispose()
    own.close()


def test_two_hosts_of_sqlite_on_the_standard_driver_take_turns(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.db"
    Store.create(address).close()
    stores = [Store(create_engine(address)) for _ in range(2)]

    def adding(store: Store, plan: str) -> None:
        head: Any = 0
        for number in range(0, 60, 3):
            drafts = [draft(str(number + one)) for one in range(3)]
            head = store.append(plan, drafts, expected=head).head

    threads = [
        threading.Thread(target=adding, args=one) for one in zip(stores, ("a", "b"), strict=True)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.version for one in stores[0].heads()] == [60, 60]
    assert list(stores[1].verify()) == []
    for store in stores:
        store.engine.dispose()


WIDE = "\U0001f9d2" * 200
"""The longest name, of the widest characters: every key has to have room for it."""


def test_the_longest_names_and_every_text_are_kept_as_they_are(own: Store) -> None:
    bodies = ["", "\x01\x7f\u2028", "e\u0301", "\u00e9", "\uffff", '"\\{},NULL', "x" * 100_000]
    names = [f"{number}{WIDE[:199]}" for number, _ in enumerate(bodies)]
    given = [draft(name, body) for name, body in zip(names, bodies, strict=True)]
    head = own.append(WIDE, given[:1], expected=0).head
    assert own.append(WIDE, given[1:], expected=head).accepted
    assert [row.draft for row in own.history(WIDE)] == given
    assert list(own.verify()) == []


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_postgresql_in_another_encoding_is_refused_before_anything_is_made(
    server: Server, encoding: str
) -> None:
    name = f"in_{encoding.lower()}"
    where = server.database(name, encoding)
    with pytest.raises(StoreError, match=f"keeps text in {encoding}"):
        Store.create(where)
    with psycopg.connect(server.dsn(name)) as conn:
        assert conn.execute("SELECT to_regclass('cpplan_entries') IS NULL").fetchone() == (True,)


def test_text_goes_to_postgresql_as_unicode_whatever_the_environment_says(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("PGTZ", "Pacific/Kiritimati")
    monkeypatch.setenv("PGDATESTYLE", "German")
    store = Store.create(server.database("environment"))
    assert store.append("Zoë 🧒", [draft("1", "€"), draft("2", "€")], expected=0).accepted
    assert [row.effective for row in store.history("Zoë 🧒")] == ["2026-03-02"] * 2
    assert list(store.verify()) == []
    store.close()


def test_a_store_is_where_the_search_path_says_also_when_it_changes(server: Server) -> None:
    where = address_of(server.database("paths"))
    plain = create_engine(where)
    with plain.begin() as conn:
        for tenant in ("north", "south"):
            conn.execute(text(f"CREATE SCHEMA {tenant}"))
    tenants = {}
    for tenant in ("north", "south"):
        path = make_url(where).update_query_dict({"options": f"-csearch_path={tenant}"})
        tenants[tenant] = Store.create(path.render_as_string(hide_password=False))
    store = Store(plain)
    with plain.connect() as conn:
        for number in range(20):  # often enough to be prepared, in one schema and in the other
            conn.execute(text(f"SET search_path TO {('north', 'south')[number % 2]}"))
            drafts = [draft(f"{number}a"), draft(f"{number}b")]
            assert store.append("Ada", drafts, expected=number // 2 * 3, conn=conn).accepted
            one = [draft(f"{number}c")]
            head = store.head("Ada", conn=conn)
            assert store.append("Ada", one, expected=head, conn=conn).accepted
        conn.commit()
    for tenant, kept in tenants.items():
        ids = [row.entry_id[:-1] for row in kept.history("Ada")]
        assert set(ids) == {str(n) for n in range(tenant == "south", 20, 2)}
        assert list(kept.verify()) == []
        kept.close()
    plain.dispose()


def test_a_head_that_another_history_has_is_not_built_upon(own: Store) -> None:
    head = own.append("Ada", [draft("1")], expected=0).head
    other = own.append("Ben", [draft("1")], expected=0).head
    for several in ([draft("2")], [draft("2"), draft("3")]):
        answer = own.append("Ada", several, expected=Head("Ada", 1, other.hash))
        assert isinstance(answer, Conflict)
        assert answer.codes == ("history-differs",)
    assert own.head("Ada") == head


def test_sqlite_in_a_file_is_in_unicode_or_is_read_as_unicode(tmp_path: Path) -> None:
    path = tmp_path / "utf16.db"
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA encoding = 'UTF-16'")
    store = Store.create(path)
    store.append("Zoë", [draft("1", "€"), draft("2", "🧒")], expected=0)
    given = [draft("1", "€"), draft("2", "🧒")]
    assert [row.draft for row in store.history("Zoë")] == given
    assert list(store.verify()) == []
    store.close()


@pytest.fixture
def on_a_server(server: Server) -> Iterator[Store]:
    """A store on a server, with an engine of its own."""
    made = Store.create(server.database(f"hosts{next(NUMBERS)}"))
    yield made
    made.close()


def test_a_table_that_was_dropped_is_made_again(on_a_server: Store) -> None:
    with on_a_server.engine.begin() as conn:
        conn.execute(text("DROP TABLE cpplan_entries_refused"))
    on_a_server.make()
    assert on_a_server.refused("Ada") == []


def test_a_constraint_of_a_host_is_told_as_it_is_and_not_as_a_race(on_a_server: Store) -> None:
    with on_a_server.engine.begin() as conn:
        conn.execute(text("ALTER TABLE cpplan_entries ADD CHECK (plan <> 'Ben')"))
    assert on_a_server.append("Ada", [draft("1")], expected=0).accepted
    with pytest.raises(IntegrityError, match="violates check constraint"):
        on_a_server.append("Ben", [draft("1")], expected=0)


def test_reading_all_on_a_connection_that_has_no_transaction_is_told(on_a_server: Store) -> None:
    engine = create_engine(on_a_server.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for ask in (on_a_server.rows, on_a_server.heads, on_a_server.verify):
            with pytest.raises(StoreError, match="begin a transaction"):
                list(ask(conn=conn))
    engine.dispose()


def test_a_connection_that_was_lost_is_told_each_time_that_it_is_used(on_a_server: Store) -> None:
    engine = create_engine(on_a_server.engine.url)
    with engine.connect() as conn, on_a_server.engine.begin() as other:
        (mine,) = conn.execute(text("SELECT pg_backend_pid()")).one()
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        with pytest.raises(RetryableError):
            on_a_server.head("Ada", conn=conn)
        for _ in range(2):
            with pytest.raises(StoreError, match="roll it back"):
                on_a_server.head("Ada", conn=conn)
    engine.dispose()
