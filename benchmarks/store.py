"""The store beside what it is built on and its peer: adding, loading, what is due on every plan.

By the clock, not by the processor: most of the time is the disk's. The bare table has the columns
and keys of the store's, without its triggers, on the same engine with the same settings.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint, select

from benchmarks import cases, peers
from benchmarks.measuring import Contender, Group, Take
from benchmarks.store_peers import beside
from benchmarks.store_setting import LENGTH, address, after, clocked, entries
from cpplan.store import Head, Store, drafted
from cpplan.store.owing import owed_on
from cpplan.store.rows import COLUMNS, nothing_of, sealed
from tests.store.servers import missing

AT_MOST = 1.25
"""The time of an addition to that of the bare one: at least 0.8 of its additions a second."""
DUE_AT_MOST = 2.0
PLANS = int(os.environ.get("CPPLAN_BENCH_PLANS", "2000"))
"""Plans in the store whose due list is made; the issue asks for 100,000."""


@attrs.define
class _Bare:
    """The same columns and keys, and nothing of ours."""

    store: Store
    table: Table = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        texts = [Column(n, Text, nullable=False) for n in COLUMNS if n not in ("plan", "version")]
        plan = Column("plan", Text, primary_key=True)
        version = Column("version", Integer, primary_key=True)
        once = UniqueConstraint("plan", "entry_id")
        self.table = Table("bare", MetaData(), plan, version, *texts, once, sqlite_with_rowid=False)
        with self.store.transactions.write(None) as conn:
            self.table.create(conn)

    def rows(self, plan: str) -> list[dict[str, Any]]:
        """Return the rows that the store would keep, worked out beforehand."""
        head, rows = nothing_of(plan), []
        for entry in entries():
            row = sealed(drafted(entry), head)
            head = Head(plan, row.version, row.hash)
            rows.append({name: getattr(row, name) for name in COLUMNS})
        return rows

    def one_by_one(self) -> Take:
        return after(self.rows, self._each)

    def together(self) -> Take:
        return after(self.rows, self._all)

    def _each(self, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            with self.store.engine.begin() as conn:
                conn.execute(self.table.insert(), row)

    def _all(self, rows: Sequence[dict[str, Any]]) -> None:
        with self.store.engine.begin() as conn:
            conn.execute(self.table.insert(), rows)


def _added(store: Store, plan: str, given: Sequence[Any], *, by_head: bool) -> None:
    expected: Any = 0
    for one in given:
        head = store.append(plan, [one], expected=expected).head
        expected = head if by_head else head.version


def _ours(store: Store) -> tuple[Contender, ...]:
    drafts, given = [drafted(entry) for entry in entries()], entries()

    def one_by_one(some: Sequence[Any], *, by_head: bool) -> Take:
        return after(str, lambda plan: _added(store, plan, some, by_head=by_head))

    return (
        Contender("Store.append, after a head", one_by_one(drafts, by_head=True), AT_MOST),
        Contender("Store.append, after a version", one_by_one(drafts, by_head=False)),
        Contender("Store.append, entries to be written", one_by_one(given, by_head=True)),
    )


def _ours_together(store: Store) -> tuple[Contender, ...]:
    drafts, given = [drafted(entry) for entry in entries()], entries()

    def together(some: Sequence[Any]) -> Take:
        return after(str, lambda plan: store.append(plan, some, expected=0))

    return (
        Contender("Store.append", together(drafts), AT_MOST),
        Contender("Store.append, entries to be written", together(given)),
    )


Make = Callable[[Store], Sequence[Contender]]


def _on(database: str, title: str, make: Make, **how: Any) -> Group:
    if database == "PostgreSQL" and missing():
        return Group(f"{title}, {database}", (), skipped=(missing(),))
    store = Store.create(address(database))
    skipped = () if peers.installed("eventsourcing") else ("eventsourcing: not installed",)
    return Group(f"{title}, {database}", tuple(make(store)), turn=0, skipped=skipped, **how)


def adding(database: str) -> Group:
    """Return adding a plan's entries, each in a transaction of its own."""

    def contenders(store: Store) -> Sequence[Contender]:
        bare = Contender("bare SQLAlchemy", _Bare(store).one_by_one())
        return (bare, *_ours(store), *beside(database, together=False))

    return _on(database, f"adding {LENGTH} entries one by one", contenders, steps=LENGTH, rounds=15)


def adding_together(database: str) -> Group:
    """Return adding a plan's entries all at once."""

    def contenders(store: Store) -> Sequence[Contender]:
        bare = Contender("bare SQLAlchemy", _Bare(store).together())
        return (bare, *_ours_together(store), *beside(database, together=True))

    return _on(database, f"adding {LENGTH} entries at once", contenders, steps=LENGTH, rounds=31)


def loading(database: str) -> Group:
    """Return reading a plan of 60 events: its rows, and the plan that they amount to."""

    def contenders(store: Store) -> Sequence[Contender]:
        store.append("Ada", entries(), expected=0)
        of = store.entries.c
        rows = select(*(of[name] for name in COLUMNS)).where(of.plan == "Ada").order_by(of.version)

        def bare(_: int) -> object:
            with store.engine.begin() as conn:
                return conn.execute(rows).fetchall()

        def plan(_: int) -> object:
            ledger = store.ledger("Ada", [cases.procedure()])
            return ledger and ledger.plan

        return (
            Contender("bare SQLAlchemy, the rows", clocked(bare)),
            Contender("Store.history", clocked(lambda _: store.history("Ada"))),
            Contender("Store.ledger, the plan", clocked(plan)),
        )

    return _on(database, f"loading a plan of {LENGTH} events", contenders, rounds=31)


def due(database: str) -> Group:
    """Return what is due on every plan of a store, to reading its rows."""

    def contenders(store: Store) -> Sequence[Contender]:
        fill(store, PLANS)

        def rows(_: int) -> object:
            return _through(iter(_all_rows(store)))

        def listed(*, afresh: bool) -> Take:
            on, under = cases.day(200), [cases.procedure()]
            return clocked(lambda _: _through(owed_on(store, on, under, afresh=afresh)))

        return (
            Contender("reading the rows", clocked(rows)),
            Contender("the due list", listed(afresh=False), DUE_AT_MOST),
            Contender("the due list, worked out anew", listed(afresh=True)),
        )

    title = f"due on {PLANS} plans of {LENGTH // 3} events"
    return _on(database, title, contenders, unit="s", per_second=1, rounds=3)


def fill(store: Store, plans: int) -> None:
    """Store so many plans, each a third as long."""
    drafts = [drafted(entry) for entry in entries()[: LENGTH // 3]]
    for first in range(0, plans, 500):
        with store.transactions.write(None) as conn:
            rows = _rows(drafts, first, min(plans, first + 500))
            conn.execute(store.entries.insert(), list(rows))


def _rows(drafts: Sequence[Any], first: int, end: int) -> Iterator[dict[str, Any]]:
    for number in range(first, end):
        head = nothing_of(f"plan {number:07}")
        for draft in drafts:
            row = sealed(draft, head)
            head = Head(row.plan, row.version, row.hash)
            yield {name: getattr(row, name) for name in COLUMNS}


def _all_rows(store: Store) -> Iterator[Any]:
    of = store.entries.c
    rows = select(*(of[name] for name in COLUMNS)).order_by(of.plan, of.version)
    with store.engine.begin() as conn:
        yield from conn.execute(rows, execution_options={"yield_per": 1000})


def _through(items: Iterator[Any]) -> int:
    return sum(1 for _ in items)


ALL: tuple[Callable[[], Group], ...] = tuple(
    functools.partial(group, database)
    for group in (adding, adding_together, loading, due)
    for database in ("SQLite", "PostgreSQL")
)
