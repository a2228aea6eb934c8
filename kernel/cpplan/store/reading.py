"""Reading: what a store holds, of one plan and of all.

What was read is a value. Whatever yields a whole store yields it as it stands when the first row
is read, or as the host's transaction sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from cpplan.ledgers import Ledger
from cpplan.procedures import Procedure
from cpplan.store import attempts as attempted
from cpplan.store.appending import Appender
from cpplan.store.attempts import Attempt
from cpplan.store.drafting import entry_of
from cpplan.store.failures import DamagedError
from cpplan.store.rows import COLUMNS, Head, Row, require_page, require_plan
from cpplan.store.transactions import AT_ONCE, Transactions, streamed
from cpplan.store.verifying import Broken, Told, Verifier


class StoreReading:
    """The half of a store that changes nothing."""

    entries: Table
    attempts: Table
    teams: Table
    transactions: Transactions
    _appender: Appender

    def head(self, plan: str, *, conn: Connection | None = None) -> Head:
        """Return where a plan's history stands; version 0 if nothing is stored of it."""
        require_plan(plan)
        with self.transactions.read(conn) as inside:
            return self._appender.head(inside, plan)

    def history(self, plan: str, *, conn: Connection | None = None) -> tuple[Row, ...]:
        """Return the rows of a plan, oldest first."""
        require_plan(plan)
        with self.transactions.read(conn) as inside:
            mine = self._rows().where(self.entries.c.plan == plan)
            found = inside.execute(mine.order_by(self.entries.c.version))
            return tuple(Row(*row) for row in found)

    def ledger(
        self, plan: str, editions: Iterable[Procedure], *, conn: Connection | None = None
    ) -> Ledger | None:
        """Return what was recorded for a plan; ``None`` if nothing is stored of it.

        Its version is the number of its entries, which is what :meth:`append` expects.

        Args:
            plan: the name of the plan.
            editions: every edition of a procedure that the entries were recorded under.
            conn: the host's connection, if it is to be read in the host's transaction.

        Raises:
            InvalidEntryError: a row holds no entry; with the plan and version.
            UnknownEditionError: an edition is missing.
        """
        rows = self.history(plan, conn=conn)
        return Ledger.of([entry_of(row) for row in rows], editions) if rows else None

    def refused(self, plan: str, *, conn: Connection | None = None) -> list[Attempt]:
        """Return the attempts that were refused for a plan and kept, oldest first."""
        require_plan(plan)
        with self.transactions.read(conn) as inside:
            return attempted.kept(inside, self.attempts, plan)

    def team(self, plan: str, *, conn: Connection | None = None) -> str:
        """Return the team that answers for a plan; empty if none is known."""
        require_plan(plan)
        with self.transactions.read(conn) as inside:
            mine = select(self.teams.c.team).where(self.teams.c.plan == plan)
            return inside.execute(mine).scalar() or ""

    def rows(self, *, conn: Connection | None = None) -> Iterator[Row]:
        """Yield every row, by plan and version, as it stands when the first row is read."""
        with self.transactions.snapshot(conn) as inside:
            for row in self._all(inside):
                yield Row(*row)

    def heads(
        self, *, after: str = "", at_most: int | None = None, conn: Connection | None = None
    ) -> Iterator[Head]:
        """Yield the head of every plan: keep them where nobody who can write here can.

        Args:
            after: only of the plans whose names come after this one; the last name of one page is
                where the next begins.
            at_most: how many; all if nothing is said.
            conn: the host's connection, if it is to be read in the host's transaction.

        Raises:
            InvalidRowError: ``after`` can't be a plan's name, or ``at_most`` no number of plans.
        """
        require_page(after, at_most)
        of, newer = self.entries.c, self.entries.alias()
        later = select(newer.c.version).where(
            newer.c.plan == of.plan, newer.c.version == of.version + 1
        )
        last = select(of.plan, of.version, of.hash).where(of.plan > after, ~later.exists())
        with self.transactions.snapshot(conn) as inside:
            for row in streamed(inside, last.order_by(of.plan, of.version).limit(at_most)):
                yield Head(*row)

    def number_of_plans(self, *, after: str = "", conn: Connection | None = None) -> int:
        """Return of how many plans something is stored, whose names come after another."""
        require_page(after, None)
        of = self.entries.c
        first = select(func.count()).where(of.version == 1, of.plan > after)
        with self.transactions.read(conn) as inside:
            return int(inside.execute(first).scalar_one())

    def verify(
        self,
        heads: Iterable[Head] = (),
        *,
        told: Told = lambda _, __: None,
        conn: Connection | None = None,
    ) -> Iterator[Broken]:
        """Yield the first broken link of each plan; nothing if every chain holds.

        Args:
            heads: heads kept elsewhere, of some plans or all; without them rows that are missing at
                the end can't be seen.
            told: is told, now and then and at the end, how many plans were seen, of how many.
            conn: the host's connection, if it is to be read in the host's transaction.
        """
        yield from self.verified_by(Verifier.against(heads), told=told, conn=conn)

    def verified_by(
        self,
        verifier: Verifier,
        *,
        told: Told = lambda _, __: None,
        conn: Connection | None = None,
    ) -> Iterator[Broken]:
        """Yield as :meth:`verify`, by a verifier that knows at each moment how much it has seen."""
        row: Sequence[Any] = ()
        try:
            with self.transactions.snapshot(conn) as inside:
                plans = self.number_of_plans(conn=inside)
                for row in self._all(inside):
                    yield from verifier.take(row)
                    if verifier.rows % AT_ONCE == 0:
                        told(verifier.plans, max(plans, verifier.plans))
        except DamagedError as error:
            plan, version = (str(row[0]), int(row[1]) + 1) if row else ("", 1)
            yield Broken(plan, version, f"the rows from here on can't be read: {error}")
            return
        yield from verifier.end()
        told(verifier.plans, verifier.plans)

    def _rows(self) -> Select[Any]:
        return select(*(self.entries.c[name] for name in COLUMNS))

    def _all(self, conn: Connection) -> Iterator[Sequence[Any]]:
        of = self.entries.c
        return streamed(conn, self._rows().order_by(of.plan, of.version))
