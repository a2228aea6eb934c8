"""Statements: the two that adding needs, written once for a database and given to its driver.

SQLAlchemy takes as long to prepare a row's values as a hash takes, or the row's insertion; none of
ours, which are text and whole numbers, need any preparing. Beside them one for the tables that are
no history, whose rows are replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ClauseElement,
    Dialect,
    Insert,
    Integer,
    Table,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from cpplan.store.direct import Speaking
from cpplan.store.rows import COLUMNS

Columns = tuple[Any, ...]
"""A row's columns, in the order of ``COLUMNS``."""


def replacing(table: Table, dialect: str) -> Insert:
    """Return the insertion of rows that take the place of those with the same keys.

    One statement, so that of two who replace a row at once neither is refused.
    """
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    given = {one.name: insert.excluded[one.name] for one in table.c if not one.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=given)


class Newest:
    """Finds a plan's last row."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        """Write it."""
        of = table.c
        mine = of.plan == bindparam("plan")
        last = select(func.max(of.version)).where(mine).scalar_subquery()
        newest = select(of.version, of.hash).where(mine, of.version == last)
        self._text, self._values = _written(newest, dialect)

    def of(self, conn: Speaking, plan: str) -> tuple[int, str] | None:
        """Return its version and hash; ``None`` if nothing is stored of the plan."""
        found = conn.exec_driver_sql(self._text, self._values((plan,))).fetchone()
        return None if found is None else (found[0], found[1])


class Insertion:
    """Inserts rows that follow one another, if the one before them has the hash that they follow.

    Attributes:
        together: whether several are one statement too. With SQLite each is one of its own, which
            is quicker there; they have to be in one transaction.
    """

    def __init__(self, table: Table, dialect: Dialect) -> None:
        """Write it."""
        self.together = dialect.name == "postgresql"
        self._first, self._values_of_first = _written(_guarded(table), dialect)
        self._next, self._values_of_next = _written(table.insert(), dialect)
        self._several = _unnested(table, dialect)

    def of(self, conn: Speaking, rows: Sequence[Columns]) -> bool:
        """Insert them all; or none, and return false, if the row before them isn't there.

        Raises:
            IntegrityError: a version or an id is there already; what was inserted is to be undone.
        """
        if self.together and len(rows) > 1:
            return bool(conn.exec_driver_sql(self._several, _listed(rows)).rowcount)
        values = self._values_of_first(rows[0])
        if not conn.exec_driver_sql(self._first, values).rowcount:
            return False
        if len(rows) > 1:
            conn.exec_driver_sql(self._next, [self._values_of_next(row) for row in rows[1:]])
        return True


def _written(statement: ClauseElement, dialect: Dialect) -> tuple[str, Any]:
    """Return a statement as text, and what makes its parameters of a row's columns."""
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.positiontup is None:
        return str(compiled), lambda row: dict(zip(COLUMNS, row, strict=False))
    return str(compiled), itemgetter(*(COLUMNS.index(name) for name in compiled.positiontup))


def _guarded(table: Table) -> Insert:
    """Return the insertion of one row: a plan's first, or one whose row before is there."""
    of, version = table.c, bindparam("version", type_=Integer)
    before = select(of.version).where(
        of.plan == bindparam("plan"),
        of.version == version - literal_column("1"),
        of.hash == bindparam("previous"),
    )
    values = select(*(bindparam(name, type_=of[name].type) for name in COLUMNS))
    first = version == literal_column("1")
    return table.insert().from_select(COLUMNS, values.where(or_(first, before.exists())))


def _unnested(table: Table, dialect: Dialect) -> str:
    """Return PostgreSQL's insertion of several rows: a list for each column, there and back once.

    The lists go in the binary form (``%b``): to write texts into a list's text takes longer than
    everything else.
    """
    name = dialect.identifier_preparer.format_table(table)
    kinds = ("int" if isinstance(table.c[one].type, Integer) else "text" for one in COLUMNS)
    lists = ", ".join(f"%({c})b::{kind}[]" for c, kind in zip(COLUMNS, kinds, strict=True))
    return (
        f"INSERT INTO {name} ({', '.join(COLUMNS)}) SELECT * FROM unnest({lists})"
        " WHERE %(standing)s::int = 0"
        f" OR EXISTS (SELECT 1 FROM {name} WHERE plan = %(of)s AND version = %(standing)s"
        " AND hash = %(follows)s)"
    )


def _listed(rows: Sequence[Columns]) -> dict[str, Any]:
    lists = map(list, zip(*rows, strict=True))
    first = dict(zip(COLUMNS, rows[0], strict=True))
    return {
        **dict(zip(COLUMNS, lists, strict=True)),
        "of": first["plan"],
        "standing": first["version"] - 1,
        "follows": first["previous"],
    }
