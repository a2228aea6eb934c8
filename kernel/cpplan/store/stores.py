"""The store: plans' histories in a database, only ever added to.

Each method takes part in the host's transaction if it is given its connection, and has one of its
own otherwise. Only what is added is added inside a savepoint; what is read is read as the host's
transaction sees it. What was read is a value: nothing here remembers a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import attrs
from sqlalchemy import Connection, Engine, MetaData, delete
from sqlalchemy.exc import IntegrityError

from cpplan.entries import LedgerEntry
from cpplan.store import attempts as attempted
from cpplan.store.answers import Addition, Answer
from cpplan.store.appending import Appender, OvertakenError
from cpplan.store.attempts import Attempt
from cpplan.store.direct import Speaking
from cpplan.store.drafting import drafted
from cpplan.store.failures import RetryableError, is_taken, telling
from cpplan.store.opening import (
    PATIENCE,
    engine_for,
    require_driver,
    require_encoding,
    require_file,
    take_turn,
)
from cpplan.store.reading import StoreReading
from cpplan.store.rows import Draft, Head, require_plan, require_text
from cpplan.store.statements import replacing
from cpplan.store.tables import NAME, attempts_table, entries_table, owed_table, teams_table
from cpplan.store.transactions import Transactions

TRIES = 5
"""How often an addition is tried that others, each time, make way for."""


class Store(StoreReading):
    """The histories of many plans.

    Attributes:
        engine: where they are. If the store opened it, an addition to one plan goes past
            SQLAlchemy to its driver: listeners to statements and transactions don't hear of it.
        entries, attempts, teams, owed: the tables.
    """

    def __init__(self, engine: Engine, name: str = NAME) -> None:
        """Take an engine of the host's, with its settings: :meth:`open` has stricter ones.

        Args:
            engine: of SQLite, or of PostgreSQL by psycopg.
            name: what the table of the history is called.

        Raises:
            UnknownDialectError: it is of another database, or by another driver.
        """
        require_driver(engine)
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

        Open it in the process that uses it: connections can't be shared with a process forked off.

        Args:
            where: the path or the address.
            name: what the table of the history is called.
            patience: seconds that a writer waits for those of its process and then for those of
                others, in SQLite; a PostgreSQL server says it by ``lock_timeout``.

        Raises:
            MissingError: there is no such file.
            InvalidAddressError: that is no address.
            InvalidTableNameError: the table can't be called so.
        """
        require_file(where)
        return cls._own(where, name, patience)

    @classmethod
    def create(cls, where: str | Path, name: str = NAME) -> Store:
        """Open a store after making what of it is not there yet.

        Raises:
            InvalidAddressError: that is no address.
            InvalidTableNameError: the table can't be called so.
            StoreError: the database refuses.
        """
        store = cls._own(where, name, PATIENCE)
        try:
            store.make()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _own(cls, where: str | Path, name: str, patience: float) -> Store:
        store = cls(engine_for(where, patience), name)
        store.transactions = Transactions(store.engine, own=True, patience=patience)
        return store

    def make(self) -> None:
        """Make what is not there of tables and triggers; set SQLite to its write-ahead log.

        Raises:
            StoreError: the database refuses, or is one that can't keep every text as it is.
        """
        if self.engine.dialect.name == "sqlite":
            with telling(), self.engine.connect() as conn:
                # Not by `execute`: the mode can't be changed inside a transaction.
                conn.connection.cursor().execute("PRAGMA journal_mode = WAL")
        with self.transactions.write(None) as conn:
            require_encoding(conn)
            take_turn(conn)
            self.metadata.create_all(conn)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

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
        raise RetryableError(
            "others were quicker each time; read the plan and decide again. If the transaction sees"
            " only what was there when it began, roll it back first"
        )

    def _inserted(self, additions: Sequence[Addition], conn: Connection | None) -> Answer | None:
        try:
            with self._adding(additions, conn) as inside:
                return self._appender.insert(inside, additions)
        except OvertakenError:
            return None
        except IntegrityError as error:
            if is_taken(error):
                return None
            raise

    def _adding(
        self, additions: Sequence[Addition], conn: Connection | None
    ) -> AbstractContextManager[Speaking]:
        if conn is not None or len(additions) > 1:
            return self.transactions.write(conn)
        one = self._appender.is_one_statement(additions[0])
        return self.transactions.add(by_one_statement=one)

    def _answered(self, additions: Sequence[Addition], conn: Connection | None) -> Answer | None:
        # In one piece, or what came in between could be there for one plan and not for another.
        with self.transactions.snapshot(conn) as inside:
            return self._appender.answer(inside, additions)

    def keep_refused(self, attempts: Iterable[Attempt], *, conn: Connection | None = None) -> None:
        """Keep what was refused, apart from the history."""
        with self.transactions.write(conn) as inside:
            attempted.keep(inside, self.attempts, attempts)

    def set_team(self, plan: str, team: str, *, conn: Connection | None = None) -> None:
        """Say which team answers for a plan from now on; empty if none does.

        Raises:
            InvalidRowError: one of them can't be stored.
        """
        require_plan(plan)
        require_text("team", team)
        with self.transactions.write(conn) as inside:
            if team:
                said = replacing(self.teams, inside.dialect.name)
                inside.execute(said, {"plan": plan, "team": team})
            else:
                inside.execute(delete(self.teams).where(self.teams.c.plan == plan))
