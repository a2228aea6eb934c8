"""Where there is no room, right or turn to write, a clear error comes, and nothing half written."""

from __future__ import annotations

import collections
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cpplan.store import (
    Addition,
    Appended,
    FullError,
    MissingError,
    ReadOnlyError,
    RetryableError,
    Store,
)
from tests.store.keeping import draft
from tests.store.servers import Server

TOGETHER = 5


@pytest.fixture
def small() -> Iterator[Path]:
    """A folder on a disk of two megabytes, which the server can reach too."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    disk = Path(tempfile.mkdtemp(prefix="cpplan-small-"))
    disk.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        disk.rmdir()
        pytest.skip("a small disk can't be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
    disk.rmdir()


def filled(store: Store) -> list[int]:
    """Add to two plans at a time until there is no room, and return the versions acknowledged."""
    versions = [0]
    with pytest.raises(FullError, match="no room left"):
        collections.deque(map(versions.append, added(store)), maxlen=0)
    return versions


def added(store: Store) -> Iterator[int]:
    """Add to two plans at a time, and yield the version that each then stands at."""
    for version in range(0, 10_000, TOGETHER):
        drafts = [draft(f"{version + n}", "y" * 2000) for n in range(TOGETHER)]
        answer = store.append_all([Addition(plan, version, drafts) for plan in ("Ada", "Ben")])
        assert isinstance(answer, Appended)
        yield answer.head.version


def assert_whole(store: Store, versions: list[int]) -> None:
    """Ask that what was acknowledged is there, and nothing beyond."""
    assert len(versions) > 2
    assert [store.head(plan).version for plan in ("Ada", "Ben")] == [versions[-1]] * 2
    assert list(store.verify()) == []


def test_a_full_disk_is_told_and_leaves_nothing_half_written(small: Path) -> None:
    ballast = small / "ballast"
    ballast.write_bytes(b"0" * 200_000)
    store = Store.create(small / "store.db")
    versions = filled(store)
    assert_whole(store, versions)
    ballast.unlink()
    assert store.append("Ada", [draft("room again")], expected=versions[-1]).accepted
    assert list(store.verify()) == []
    store.close()


def test_a_file_that_may_not_grow_is_told_as_full(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store.db")
    with store.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 60")
    versions = filled(store)
    assert_whole(store, versions)
    store.close()


def test_a_server_with_a_full_disk_is_told_as_full(server: Server, small: Path) -> None:
    # A table space on the small disk: the server itself goes on.
    shutil.chown(small, "postgres")
    address = server.database("crowded")
    with psycopg.connect(server.dsn("crowded"), autocommit=True) as conn:
        conn.execute(f"CREATE TABLESPACE small LOCATION '{small}'".encode())
        conn.execute("ALTER DATABASE crowded SET default_tablespace = small")
    store = Store.create(address)
    versions = filled(store)
    assert_whole(store, versions)
    store.close()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
        conn.execute("DROP DATABASE crowded WITH (FORCE)")
        conn.execute("DROP TABLESPACE small")


def test_a_file_that_can_only_be_read_is_told_and_still_read(tmp_path: Path) -> None:
    with_one(tmp_path / "store.db").close()
    store = Store.open(f"sqlite:///file:{tmp_path}/store.db?mode=ro&uri=true")
    assert_read_only(store)


def test_a_disk_that_can_only_be_read_is_told_with_the_way_to_read_it(small: Path) -> None:
    path = small / "store.db"
    with_one(path).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    store = Store.open(path)
    with pytest.raises(MissingError, match=r"mode=ro&immutable=1&uri=true"):
        store.head("Ada")
    store.close()
    assert_read_only(Store.open(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true"))


def test_a_database_that_can_only_be_read_is_told_and_still_read(server: Server) -> None:
    address = server.database("readonly")
    with_one(address).close()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
        conn.execute("ALTER DATABASE readonly SET default_transaction_read_only = on")
    assert_read_only(Store.open(address))


def with_one(where: str | Path) -> Store:
    """Return a new store with one entry."""
    store = Store.create(where)
    assert store.append("Ada", [draft("1")], expected=0).accepted
    return store


def assert_read_only(store: Store) -> None:
    """Ask that writing is refused, with one entry and with several, and reading is not."""
    for drafts in ([draft("2")], [draft("2"), draft("3")]):
        with pytest.raises(ReadOnlyError, match="can only be read"):
            store.append("Ada", drafts, expected=store.head("Ada"))
    assert store.head("Ada").version == 1
    assert list(store.verify()) == []
    store.close()


def test_a_locked_file_is_told_as_something_to_try_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with_one(path).close()
    store = Store.open(path, patience=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for drafts in ([draft("2")], [draft("2"), draft("3")]):
        with pytest.raises(RetryableError, match="try again"):
            store.append("Ada", drafts, expected=store.head("Ada"))
    other.execute("ROLLBACK")
    other.close()
    assert store.append("Ada", [draft("2")], expected=1).head.version == 2
    store.close()


def test_a_locked_table_is_told_as_something_to_try_again(server: Server) -> None:
    address = server.database("locked")
    store = with_one(address + "&options=-c%20lock_timeout%3D100")
    with psycopg.connect(server.dsn("locked")) as other:
        other.execute("LOCK TABLE cpplan_entries IN EXCLUSIVE MODE")
        for drafts in ([draft("2")], [draft("2"), draft("3")]):
            with pytest.raises(RetryableError, match="again"):
                store.append("Ada", drafts, expected=store.head("Ada"))
        other.rollback()
    assert store.append("Ada", [draft("2")], expected=1).head.version == 2
    store.close()


def test_a_database_without_a_store_is_told(server: Server, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    for where in (tmp_path / "empty.db", server.database("empty")):
        store = Store.open(where)
        with pytest.raises(MissingError, match="cpplan store init"):
            store.head("Ada")
        store.close()
