"""What the store's benchmarks need: a clock, databases that go away, entries to keep."""

from __future__ import annotations

import atexit
import functools
import itertools
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import cases
from benchmarks.measuring import Take
from cpplan.entries import LedgerEntry
from cpplan.ledgers import Ledger
from tests.store.servers import Server

LENGTH = 60
"""Events of the plan that is added and loaded."""
NAMES = map(str, itertools.count())


def clocked(run: Callable[[int], object]) -> Take:
    """Return a way to take the time of so many additions, by the clock."""

    def take(times: int) -> float:
        start = time.perf_counter()
        run(times)
        return time.perf_counter() - start

    return take


@functools.cache
def folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="cpplan-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@functools.cache
def server() -> Server:
    started = Server.started()
    atexit.register(started.remove)
    return started


def address(database: str) -> str:
    name = f"bench{next(NAMES)}"
    if database == "SQLite":
        return f"sqlite:///{folder()}/{name}.db"
    return server().database(name)


@functools.cache
def entries() -> tuple[LedgerEntry, ...]:
    ledger = Ledger.opened(cases.procedure())
    return tuple(
        ledger.happened(event, id=f"e{number}", recorded_on=event.on)
        for number, event in enumerate(cases.working(LENGTH))
    )


def after(prepare: Callable[[str], Any], run: Callable[[Any], object]) -> Take:
    """Return a way to take the time of what is done with something prepared, without preparing."""

    def take(times: int) -> float:
        ready = [prepare(next(NAMES)) for _ in range(times)]
        return clocked(lambda _: [run(one) for one in ready])(times)

    return take
