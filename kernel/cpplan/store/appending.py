"""Appending: rows are sealed onto the heads that the caller has read, all of them or none.

The database decides: a row is inserted if the one before it has the hash that it follows, and a
version, and an id, can be there once. Whoever comes second is told what stands there now. Nothing
here commits; :class:`~cpplan.store.stores.Store` does, or the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Table, bindparam, select

from cpplan.decisions import Reason
from cpplan.entry_checks import ID_TAKEN
from cpplan.store.answers import (
    HISTORY_DIFFERS,
    RECORDED_IN_PART,
    VERSION_CONFLICT,
    Addition,
    Answer,
    Appended,
    Conflict,
)
from cpplan.store.direct import Speaking
from cpplan.store.rows import COLUMNS, Head, Row, chained, nothing_of
from cpplan.store.statements import Insertion, Newest


class OvertakenError(Exception):
    """Another head stands there than the one expected. What was inserted is to be undone."""


class Appender:
    """The statements that adding to one table needs, put together once."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        """Write the statements for a database."""
        of = table.c
        ids: BindParameter[Any] = bindparam("ids", expanding=True)
        mine = select(*(of[name] for name in COLUMNS)).where(of.plan == bindparam("plan"))
        self._named = mine.where(of.entry_id.in_(ids)).order_by(of.version)
        self._newest = Newest(table, dialect)
        self._insertion = Insertion(table, dialect)

    def head(self, conn: Speaking, plan: str) -> Head:
        """Return where a plan's history stands."""
        found = self._newest.of(conn, plan)
        return nothing_of(plan) if found is None else Head(plan, *found)

    def is_one_statement(self, addition: Addition) -> bool:
        """Whether all the rows are inserted by one statement, which holds by itself."""
        return self._insertion.together or len(addition.drafts) == 1

    def insert(self, conn: Speaking, additions: Sequence[Addition]) -> Appended:
        """Insert all the rows.

        Raises:
            OvertakenError: a head isn't the one expected.
            IntegrityError: a version or an id is there already.
        """
        return Appended(tuple(self._insert(conn, one) for one in additions))

    def _insert(self, conn: Speaking, addition: Addition) -> Head:
        head = addition.after or self.head(conn, addition.plan)
        if head.version != addition.version:
            raise OvertakenError
        rows = chained(addition.drafts, head)
        if not self._insertion.of(conn, rows):
            raise OvertakenError
        plan, version, *_, newest = rows[-1]
        return Head(plan, version, newest)

    def answer(self, conn: Connection, additions: Sequence[Addition]) -> Answer | None:
        """Return why rows could not be inserted; ``None`` if nothing stands against it now."""
        found = {one.plan: self._there(conn, one) for one in additions}
        if all(len(found[one.plan]) == len(one.drafts) for one in additions) and all(
            _same(one, found[one.plan]) for one in additions
        ):
            return Appended(tuple(found[one.plan][-1].head for one in additions), already=True)
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


def _against(addition: Addition, head: Head, rows: Sequence[Row]) -> Iterator[Reason]:
    """Yield everything that stands against an addition."""
    given = {draft.entry_id: draft for draft in addition.drafts}
    yield from (_taken(row, row.draft == given[row.entry_id]) for row in rows)
    plan, version = addition.plan, addition.version
    if head.version != version:
        says = f"Plan {plan!r} stands at version {head.version}, not {version}: read what was"
        yield Reason(VERSION_CONFLICT, f"{says} recorded since, and decide again.")
    elif addition.after not in (None, head):
        says = f"Plan {plan!r} stands at version {version} with another hash than the one given:"
        yield Reason(HISTORY_DIFFERS, f"{says} what was read is not what is stored.")


def _taken(row: Row, same: bool) -> Reason:
    """Return that an id is there already."""
    code, says = ID_TAKEN, "is the id of an entry with other content"
    if same:
        code, says = RECORDED_IN_PART, "has been recorded, but not together with these others"
    return Reason(code, f"{row.entry_id!r} {says}: version {row.version} of plan {row.plan!r}.")
