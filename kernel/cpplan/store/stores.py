"""The store: plans' histories in a database, only ever added to.

Each method takes part in the host's transaction if it is given its connection, inside a savepoint,
and has one of its own otherwise. What was read is a value: nothing here remembers a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Connection, Engine, MetaData, Select, delete, select
from sqlalchemy.exc import IntegrityError

from cpplan.entries import LedgerEntry
from cpplan.ledgers import Ledger
from cpplan.procedures import Procedure
from cpplan.store import attempts as attempted
from cpplan.store.answers import Addition, Answer
from cpplan.store.appending import Appender
from cpplan.store.attempts import Attempt
from cpplan.store.drafting import drafted, entry_of
from cpplan.store.failures import DamagedError, RetryableError, telling
from cpplan.store.opening import PATIENCE, engine_for, require_file
from cpplan.store.rows import COLUMNS, Draft, Head, Row
from cpplan.store.tables import NAME, attempts_table, entries_table, owed_table, teams_table
from cpplan.store.transactions import Transactions, streamed
from cpplan.store.verifying import Broken, Verifier

TRIES = 5
"""How often an addition is tried that others, each time, make way for."""


class Store:
    """The histories of many plans.

    Attributes:
        engine: where they are.
        entries, attempts, teams, owed: the tables.
    """

    def __init__(self, engine: Engine, name: str = NAME) -> None:
        """Take an engine of the host's, with its settings: :meth:`open` has stricter ones.

        Args:
            engine: of SQLite, or of PostgreSQL by psycopg.
            name: what the table of the history is called.
        """
        self.engine = engine
        self.metadata = MetaData()
        self.entries = entries_table(self.metadata, name)
        self.attempts = attempts_table(self.metadata, name)
        self.teams = teams_table(self.metadata, name)
        self.owed = owed_table(self.metadata, name)
        self._appender = Appender(self.entries, engine.dialect)
        self.transactions = Transactions(engine)

    @classmethod
    def open(cls, where: str | Path, name: str = NAME, *, patience: float = PATIENCE) -> Store:
        """Open a store, by the path of a file or an address such as ``postgresql://host/name``.

        Args:
            where: the path or the address.
            name: what the table of the history is called.
            patience: seconds that a writer waits for the others, in SQLite; a PostgreSQL server
                says it by ``lock_timeout``.

        Raises:
            MissingError: there is no such file.
            InvalidAddressError: that is no address.
        """
        require_file(where)
        return cls(engine_for(where, patience), name)

    @classmethod
    def create(cls, where: str | Path, name: str = NAME) -> Store:
        """Open a store after making what of it is not there yet.

        Raises:
            InvalidAddressError: that is no address.
            StoreError: the database refuses.
        """
        store = cls(engine_for(where), name)
        store.make()
        return store

    def make(self) -> None:
        """Make what is not there of tables and triggers; set SQLite to its write-ahead log."""
        if self.engine.dialect.name == "sqlite":
            with telling(), self.engine.connect() as conn:
                # Not by `execute`: the mode can't be changed inside a transaction.
                conn.connection.cursor().execute("PRAGMA journal_mode = WAL")
        with self.transactions.write(None) as conn:
            self.metadata.create_all(conn)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    # ------------------------------------------------------------------------- adding

    def append(
        self,
        plan: str,
        entries: Iterable[LedgerEntry | Draft],
        *,
        expected: int | Head,
        conn: Connection | None = None,
    ) -> Answer:
        """Add entries to a plan's history: all of them, or none.

        Args:
            plan: the name of the plan.
            entries: what is to be kept, in this order.
            expected: the head that was read before it was decided, which is quicker, or its version
                alone; 0 for a new plan.
            conn: the host's connection, if it is to be part of the host's transaction.

        Returns:
            ``Appended`` with the new head once it is safely stored (or, given ``conn``, once it
            will be when the host commits); the same entries given again get the same answer.
            ``Conflict`` with every reason and the head as it is if something else stands there.

        Raises:
            RetryableError: the database was busy or away.
            StoreError: it is full, can only be read, is damaged or has no store.
        """
        drafts = tuple(one if isinstance(one, Draft) else drafted(one) for one in entries)
        return self.append_all([Addition(plan, expected, drafts)], conn=conn)

    def append_all(
        self, additions: Iterable[Addition], *, conn: Connection | None = None
    ) -> Answer:
        """Add to the histories of several plans: to all of them, or to none.

        Raises:
            ValueError: there is nothing to add, or a plan twice.
            RetryableError, StoreError: as :meth:`append`.
        """
        given = tuple(additions)
        # In one order for everybody, so that two households' writers never wait for each other.
        ordered = sorted(given, key=lambda one: one.plan)
        if len({one.plan for one in ordered}) != len(ordered) or not ordered:
            raise ValueError("an addition needs each plan once, and at least one")
        answer = self._added(ordered, conn)
        if ordered == list(given):
            return answer
        heads = {head.plan: head for head in answer.heads}
        return attrs.evolve(answer, heads=tuple(heads[one.plan] for one in given))

    def _added(self, additions: Sequence[Addition], conn: Connection | None) -> Answer:
        for _ in range(TRIES):
            answer = self._inserted(additions, conn) or self._answered(additions, conn)
            if answer is not None:
                return answer
        raise RetryableError("others were quicker each time; read the plan and decide again")

    def _inserted(self, additions: Sequence[Addition], conn: Connection | None) -> Answer | None:
        first = additions[0]
        try:
            if len(additions) == len(first.drafts) == 1 and first.after is not None:
                door = self.transactions.alone() if conn is None else self.transactions.write(conn)
                with door as inside:
                    return self._appender.insert_one(inside, first)
            with self.transactions.write(conn) as inside:
                return self._appender.insert(inside, additions)
        except IntegrityError:
            return None

    def _answered(self, additions: Sequence[Addition], conn: Connection | None) -> Answer | None:
        with self.transactions.read(conn) as inside:
            return self._appender.answer(inside, additions)

    def keep_refused(self, attempts: Iterable[Attempt], *, conn: Connection | None = None) -> None:
        """Keep what was refused, apart from the history."""
        with self.transactions.write(conn) as inside:
            attempted.keep(inside, self.attempts, attempts)

    def set_team(self, plan: str, team: str, *, conn: Connection | None = None) -> None:
        """Say which team answers for a plan from now on; empty if none does."""
        with self.transactions.write(conn) as inside:
            inside.execute(delete(self.teams).where(self.teams.c.plan == plan))
            if team:
                inside.execute(self.teams.insert(), {"plan": plan, "team": team})

    # ------------------------------------------------------------------------ reading

    def head(self, plan: str, *, conn: Connection | None = None) -> Head:
        """Return where a plan's history stands; version 0 if nothing is stored of it."""
        with self.transactions.read(conn) as inside:
            return self._appender.head(inside, plan)

    def history(self, plan: str, *, conn: Connection | None = None) -> tuple[Row, ...]:
        """Return the rows of a plan, oldest first."""
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
        with self.transactions.read(conn) as inside:
            return attempted.kept(inside, self.attempts, plan)

    def team(self, plan: str, *, conn: Connection | None = None) -> str:
        """Return the team that answers for a plan; empty if none is known."""
        with self.transactions.read(conn) as inside:
            mine = select(self.teams.c.team).where(self.teams.c.plan == plan)
            return inside.execute(mine).scalar() or ""

    def rows(self, *, conn: Connection | None = None) -> Iterator[Row]:
        """Yield every row, by plan and version, as the store stood when this was asked."""
        with self.transactions.snapshot(conn) as inside:
            for row in self._all(inside):
                yield Row(*row)

    def heads(self, *, conn: Connection | None = None) -> Iterator[Head]:
        """Yield the head of every plan: keep them where nobody who can write here can."""
        of, newer = self.entries.c, self.entries.alias()
        later = select(newer.c.version).where(
            newer.c.plan == of.plan, newer.c.version == of.version + 1
        )
        last = select(of.plan, of.version, of.hash).where(~later.exists())
        with self.transactions.snapshot(conn) as inside:
            for row in streamed(inside, last.order_by(of.plan, of.version)):
                yield Head(*row)

    def verify(
        self, heads: Iterable[Head] = (), *, conn: Connection | None = None
    ) -> Iterator[Broken]:
        """Yield the first broken link of each plan; nothing if every chain holds.

        Args:
            heads: heads kept elsewhere, of some plans or all; without them rows that are missing at
                the end can't be seen.
            conn: the host's connection, if it is to be read in the host's transaction.
        """
        verifier = Verifier.against(heads)
        yield from self.verified_by(verifier, conn=conn)

    def verified_by(
        self, verifier: Verifier, *, conn: Connection | None = None
    ) -> Iterator[Broken]:
        """Yield as :meth:`verify`, by a verifier that knows at each moment how much it has seen."""
        row: Sequence[Any] = ()
        try:
            with self.transactions.snapshot(conn) as inside:
                for row in self._all(inside):
                    yield from verifier.take(row)
        except DamagedError as error:
            plan, version = (str(row[0]), int(row[1]) + 1) if row else ("", 1)
            yield Broken(plan, version, f"the rows from here on can't be read: {error}")
            return
        yield from verifier.end()

    def _rows(self) -> Select[Any]:
        return select(*(self.entries.c[name] for name in COLUMNS))

    def _all(self, conn: Connection) -> Iterator[Sequence[Any]]:
        of = self.entries.c
        return streamed(conn, self._rows().order_by(of.plan, of.version))
