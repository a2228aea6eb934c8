"""Whatever is altered in a stored history is found, and named by plan and version."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import text

from cpplan.store import Broken, Row, Store, StoreError
from cpplan.store.rows import COLUMNS
from tests.store.keeping import draft

PLANS = ("Ada", "Ben", "Cleo")
LENGTH = 5
SAMPLE = 800


def stored(where: str | Path) -> tuple[Row, ...]:
    """Make a store of a few plans, and return its rows."""
    store = Store.create(where)
    for plan in PLANS:
        drafts = [draft(f"{plan}-{number}", f"é {number}") for number in range(LENGTH)]
        assert store.append(plan, drafts, expected=0).accepted
    rows = tuple(store.rows())
    store.close()
    return rows


def seen(path: Path) -> tuple[list[Broken], tuple[Row, ...] | None]:
    """Return what `verify` finds in a file, and its rows if it finds nothing."""
    store = Store.open(path)
    try:
        broken = list(store.verify())
        return broken, None if broken else tuple(store.rows())
    finally:
        store.close()


@pytest.mark.slow
def test_no_byte_of_a_file_can_be_flipped_and_the_history_read_otherwise(tmp_path: Path) -> None:
    rows = stored(tmp_path / "store.db")
    whole = (tmp_path / "store.db").read_bytes()
    chance = random.Random(6)
    named = harmless = 0
    for place in chance.sample(range(len(whole)), SAMPLE):
        try:
            broken, found = seen(flipped(whole, place, tmp_path / "flipped.db"))
        except StoreError:
            continue  # the file as a whole can't be read, and that is said
        if broken:
            named += 1
        else:
            harmless += 1
            assert found == rows, f"byte {place} changed a row, and nothing was found"
    assert min(named, harmless) > 0


@pytest.mark.slow
def test_each_byte_of_a_row_that_is_flipped_in_the_file_names_its_plan_and_version(
    tmp_path: Path,
) -> None:
    rows = stored(tmp_path / "store.db")
    whole = (tmp_path / "store.db").read_bytes()
    for row in (rows[0], rows[7], rows[-1]):
        for place in places(whole, row):
            broken, _ = seen(flipped(whole, place, tmp_path / "flipped.db"))
            named = {(one.plan, one.version) for one in broken}
            assert (row.plan, row.version) in named, f"byte {place} of {row}"


def flipped(whole: bytes, place: int, into: Path) -> Path:
    """Write a file with one byte changed by its lowest bit, and return where it is."""
    altered = bytearray(whole)
    altered[place] ^= 1
    for beside in ("-wal", "-shm"):
        into.with_name(into.name + beside).unlink(missing_ok=True)
    into.write_bytes(bytes(altered))
    return into


def places(whole: bytes, row: Row) -> Iterator[int]:
    """Yield the bytes of a row in the file: its columns stand there one after another."""
    tail = row.entry_id + row.kind + row.effective + row.recorded_on + row.procedure + row.digest
    columns = (tail + row.body + row.previous + row.hash).encode()
    start = whole.index(columns)
    assert whole.count(columns) == 1
    yield from range(start, start + len(columns))


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_that_is_altered_in_the_database_names_its_row(
    address: str, column: str
) -> None:
    rows = stored(address)
    store = Store.open(address)
    unguarded(store)
    for row in (rows[0], rows[7], rows[-1]):
        was = getattr(row, column)
        now: Any = was + 100 if isinstance(was, int) else was[:-1] + "~"
        altered = attrs.evolve(row, **{column: now})
        change(store, row, column, now)
        broken = list(store.verify())
        assert any(names(one, row) or names(one, altered) for one in broken), column
        change(store, altered, column, was)
    assert list(store.verify()) == []
    store.close()


def names(broken: Broken, row: Row) -> bool:
    """Whether what is broken is this row, or what follows where it is missing."""
    told = broken.version == row.version or f"version {row.version} should" in broken.says
    return told and broken.plan == row.plan


def unguarded(store: Store) -> None:
    """Take the triggers away, as whoever owns the database can."""
    with store.engine.begin() as conn:
        if store.engine.dialect.name == "sqlite":
            for verb in ("update", "delete", "replace"):
                conn.execute(text(f"DROP TRIGGER cpplan_entries_no_{verb}"))
        else:
            conn.execute(text("DROP TRIGGER cpplan_entries_append_only ON cpplan_entries"))


def change(store: Store, row: Row, column: str, value: object) -> None:
    """Change one column of one row."""
    of = store.entries.c
    with store.engine.begin() as conn:
        mine = store.entries.update().where(of.plan == row.plan, of.version == row.version)
        assert conn.execute(mine.values({column: value})).rowcount == 1


def test_rows_missing_at_the_end_are_found_by_heads_kept_elsewhere(address: str) -> None:
    stored(address)
    store = Store.open(address)
    heads = list(store.heads())
    unguarded(store)
    of = store.entries.c
    with store.engine.begin() as conn:
        last = store.entries.delete().where(of.plan == "Ada", of.version >= LENGTH - 1)
        conn.execute(last)
        conn.execute(store.entries.delete().where(of.plan == "Cleo"))
    assert list(store.verify()) == []
    found = {(one.plan, one.version) for one in store.verify(heads)}
    assert found == {("Ada", LENGTH - 1), ("Cleo", 1)}
    store.close()


def test_a_history_written_anew_is_found_by_heads_kept_elsewhere(tmp_path: Path) -> None:
    stored(tmp_path / "store.db")
    first = Store.open(tmp_path / "store.db")
    kept = list(first.heads())
    first.close()
    other = Store.create(tmp_path / "other.db")
    for plan in PLANS:
        drafts = [draft(f"{plan}-{number}", "as it should have been") for number in range(LENGTH)]
        assert other.append(plan, drafts, expected=0).accepted
    assert list(other.verify()) == []
    assert {(one.plan, one.version) for one in other.verify(kept)} == {(p, LENGTH) for p in PLANS}
    other.close()
