"""Appending: rows are sealed onto the heads that the caller has read, all of them or none.

The database decides: a version, and an id, can be there once. Whoever comes second is told what
stands there now. Nothing here commits; :class:`~cpplan.store.stores.Store` does, or the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Connection,
    CursorResult,
    Dialect,
    Insert,
    Integer,
    Table,
    bindparam,
    literal_column,
    select,
)

from cpplan.decisions import Reason
from cpplan.store.answers import Addition, Answer, Appended, Conflict
from cpplan.store.rows import COLUMNS, Head, Row, columns_of, nothing_of


class Statement:
    """A statement written once for a database, and handed to its driver as it is.

    SQLAlchemy takes as long to prepare a row's values as a hash takes, or the row's insertion; none
    of ours, which are text and whole numbers, need any preparing.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        """Write it."""
        compiled: Any = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._order: list[str] | None = compiled.positiontup

    def run(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> CursorResult[Any]:
        """Run it for one row or for several."""
        values: Any = rows
        if self._order is not None:
            values = [tuple(row[name] for name in self._order) for row in rows]
        return conn.exec_driver_sql(self._text, values[0] if len(rows) == 1 else values)


class Appender:
    """The statements that adding to one table needs, put together once."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        """Write the statements for a database."""
        of = table.c
        mine = of.plan == bindparam("plan")
        ids: BindParameter[Any] = bindparam("ids", expanding=True)
        rows = select(*(of[name] for name in COLUMNS))
        self._named = rows.where(mine, of.entry_id.in_(ids)).order_by(of.version)
        newest = select(of.version, of.hash).where(mine).order_by(of.version.desc()).limit(1)
        self._newest = newest
        self._insert = Statement(table.insert(), dialect)
        self._guarded = Statement(_guarded(table), dialect)

    def head(self, conn: Connection, plan: str) -> Head:
        """Return where a plan's history stands."""
        found = conn.execute(self._newest, {"plan": plan}).first()
        return nothing_of(plan) if found is None else Head(plan, *found)

    def insert_one(self, conn: Connection, addition: Addition) -> Appended | None:
        """Insert the only row by one statement, which holds by itself; ``None`` as :meth:`insert`.

        The head has to be known: whether it stands there is looked up by the statement itself.
        """
        head = addition.after
        assert head is not None, "an addition after a head that is not known"
        columns = columns_of(addition.drafts[0], head)
        statement = self._guarded if head.version else self._insert
        if statement.run(conn, [_values(columns)]).rowcount == 0:
            return None
        return Appended((_head(columns),))

    def insert(self, conn: Connection, additions: Sequence[Addition]) -> Appended | None:
        """Insert all the rows, or none if a head isn't the one expected.

        Raises:
            IntegrityError: a version or an id is there already; what was inserted is to be undone.
        """
        heads, rows = [], []
        for addition in additions:
            head = self._standing(conn, addition)
            if head is None:
                return None
            for draft in addition.drafts:
                columns = columns_of(draft, head)
                rows.append(_values(columns))
                head = _head(columns)
            heads.append(head)
        self._insert.run(conn, rows)
        return Appended(tuple(heads))

    def _standing(self, conn: Connection, addition: Addition) -> Head | None:
        """Return the head that an addition comes after; ``None`` if another stands there."""
        if addition.version == 0:
            return nothing_of(addition.plan)  # if it is not so, the database will say so
        head = self.head(conn, addition.plan)
        known = addition.after
        as_expected = head.version == addition.version if known is None else head == known
        return head if as_expected else None

    def answer(self, conn: Connection, additions: Sequence[Addition]) -> Answer | None:
        """Return why rows could not be inserted; ``None`` if nothing stands against it now."""
        found = {one.plan: self._there(conn, one) for one in additions}
        if all(len(found[one.plan]) == len(one.drafts) for one in additions) and all(
            _same(one, found[one.plan]) for one in additions
        ):
            return Appended(tuple(_head_of(found[one.plan][-1]) for one in additions), already=True)
        heads = tuple(self.head(conn, one.plan) for one in additions)
        reasons = [
            reason
            for one, head in zip(additions, heads, strict=True)
            for reason in _against(one, head, found[one.plan])
        ]
        return Conflict(tuple(reasons), heads) if reasons else None

    def _there(self, conn: Connection, addition: Addition) -> list[Row]:
        asked = {"plan": addition.plan, "ids": addition.ids}
        return [Row(*row) for row in conn.execute(self._named, asked)]


def _same(addition: Addition, rows: Sequence[Row]) -> bool:
    """Whether rows are what is to be added, in its order and with nothing between."""
    first = rows[0].version
    return all(
        row.version == first + number and row.draft == draft
        for number, (row, draft) in enumerate(zip(rows, addition.drafts, strict=True))
    )


def _guarded(table: Table) -> Insert:
    """Return the insertion of one row, if the one before it has the hash that it follows."""
    of = table.c
    before = select(of.version).where(
        of.plan == bindparam("plan"),
        of.version == bindparam("version", type_=Integer) - literal_column("1"),
        of.hash == bindparam("previous"),
    )
    values = select(*(bindparam(name, type_=of[name].type) for name in COLUMNS))
    return table.insert().from_select(COLUMNS, values.where(before.exists()))


def _values(columns: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(COLUMNS, columns, strict=True))


def _head(columns: tuple[Any, ...]) -> Head:
    return Head(columns[0], columns[1], columns[-1])


def _head_of(row: Row) -> Head:
    return Head(row.plan, row.version, row.hash)


def _against(addition: Addition, head: Head, rows: Sequence[Row]) -> list[Reason]:
    """Return everything that stands against an addition."""
    given = {draft.entry_id: draft for draft in addition.drafts}
    plan, reasons = addition.plan, []
    for row in rows:
        code, says = "recorded-in-part", "has been recorded, but not together with these others"
        if given[row.entry_id] != row.draft:
            code, says = "entry-id-taken", "is the id of an entry with other content"
        where = f"version {row.version} of plan {plan!r}"
        reasons.append(Reason(code, f"{row.entry_id!r} {says}: {where}."))
    if head.version == addition.version and addition.after not in (None, head):
        reasons.append(
            Reason(
                "history-differs",
                f"Plan {plan!r} stands at version {head.version} with another hash than the one"
                " given: what was read is not what is stored.",
            )
        )
    if head.version != addition.version:
        reasons.append(
            Reason(
                "version-conflict",
                f"Plan {plan!r} stands at version {head.version}, not {addition.version}: read what"
                " was recorded since, and decide again.",
            )
        )
    return reasons
