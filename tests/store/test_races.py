"""Of writers that race for one plan, one wins each version, and the others are told who did."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cpplan import Ledger, load
from cpplan.events import InitialConferenceOpened
from cpplan.store import RetryableError, Store
from cpplan.store.lines import exported, take_in
from cpplan.store.owing import PlanOwed, owed_on
from tests.store.racing import PLAN

TOP = Path(__file__).parents[2]
WRITERS = 16
ROUNDS = 2000
PROCEDURE = load("lead-social-worker")
OPENED = InitialConferenceOpened(on=dt.date(2026, 1, 5))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["threads", "processes"])
def test_one_writer_wins_each_version_and_the_losers_are_told_the_new_head(
    address: str, how: str
) -> None:
    roots = os.pathsep.join(str(TOP / root) for root in ("kernel", "."))
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.racing", address, how, str(WRITERS), str(ROUNDS)],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    writers = json.loads(done.stdout)
    store = Store.open(address)
    rows = store.history(PLAN)
    assert list(store.verify()) == []
    store.close()

    won = Counter(version for writer in writers for version in writer["won"])
    assert won == Counter(str(row.version) for row in rows)
    assert len(rows) == ROUNDS
    stored = {str(row.version): [row.entry_id, row.hash] for row in rows}
    assert {v: entry for writer in writers for v, entry in writer["won"].items()} == stored

    assert [writer["wrong"] for writer in writers] == [[]] * WRITERS
    lost = [told for writer in writers for told in writer["lost"]]
    hashes = {row.version: row.hash for row in rows}
    assert all(hashes[version] == told for version, told in lost)
    assert len(lost) > ROUNDS / 100, "hardly anybody lost: that was no race"
    assert sum(bool(writer["won"]) for writer in writers) > 1


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """The store at an address."""
    found = Store.open(address)
    yield found
    found.close()


def fill(store: Store, plans: int) -> None:
    """Open so many plans in a store."""
    entry = Ledger.opened(PROCEDURE).happened(OPENED, id="1", recorded_on=OPENED.on)
    for number in range(plans):
        store.append(f"plan {number}", [entry], expected=0)


def test_what_is_no_history_is_replaced_by_many_at_once_and_nobody_is_refused(store: Store) -> None:
    fill(store, 30)
    plans = [head.plan for head in store.heads()]

    def replace(writer: int) -> int:
        for plan in plans if writer % 2 else reversed(plans):
            store.set_team(plan, f"team {writer}")
        owed = owed_on(store, OPENED.on, [PROCEDURE], afresh=True)
        return sum(isinstance(one, PlanOwed) for one in owed)

    with ThreadPoolExecutor(WRITERS) as pool:
        assert list(pool.map(replace, range(WRITERS))) == [len(plans)] * WRITERS
    assert {store.team(plan) for plan in plans} <= {f"team {one}" for one in range(WRITERS)}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_who_make_a_store_at_once_make_one(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    where = f"sqlite:///{tmp_path}/new.db"
    if kind == "postgresql":
        where = request.getfixturevalue("server").database("made_at_once")

    def make(_: int) -> bool:
        store = Store.create(where)
        fill(store, 1)
        store.close()
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        assert all(pool.map(make, range(WRITERS)))


def test_what_many_take_in_at_once_is_taken_in_once(store: Store, tmp_path: Path) -> None:
    source = Store.create(tmp_path / "source.db")
    fill(source, 300)
    lines = list(exported(source))
    source.close()

    def take(_: int) -> int:
        while True:
            try:
                return take_in(store, lines).rows
            except RetryableError:
                continue

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sorted(pool.map(take, range(WRITERS))) == [*[0] * (WRITERS - 1), 300]
    assert list(exported(store)) == lines
