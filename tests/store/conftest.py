"""Databases for the tests of faults: a file of SQLite, a database on a server of the tests' own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpplan.store import Store
from tests.store.servers import Server, missing

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for all tests that don't restart it."""
    if missing():
        pytest.skip(missing())
    started = Server.started()
    yield started
    started.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty store."""
    if request.param == "sqlite":
        where = f"sqlite:///{tmp_path}/store.db"
    else:
        where = request.getfixturevalue("server").database(f"store{next(NUMBERS)}")
    Store.create(where).close()
    return where
