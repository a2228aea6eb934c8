"""Tables: what a store is made of, for the host's own metadata and migrations.

Days are ISO text and hashes hexadecimal text, so that a row is exactly what was hashed, whichever
database keeps it. The history is one table; whatever else stands here can be lost without it.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import DDL

from cpplan.store.guards import DIALECTS, appending_only

NAME = "cpplan_entries"
"""What the table of the history is called unless the host says otherwise."""


class InvalidTableNameError(ValueError):
    """A name that can't be written as it is in every statement of both databases."""


_RESERVED = frozenset(
    word for database in (postgresql, sqlite) for word in database.dialect.preparer.reserved_words
)


def _require_name(name: str) -> None:
    if re.fullmatch(r"[a-z_][a-z0-9_]{0,39}", name) is None or name in _RESERVED:
        raise InvalidTableNameError(
            f"the table can't be called {name!r:.60}: use up to 40 of a to z, 0 to 9 and _, and no"
            " word of SQL"
        )


def _named() -> Text:
    """Return text in the order of its bytes: the databases and Python then sort plans alike."""
    return Text().with_variant(Text(collation="C"), "postgresql")


def entries_table(metadata: MetaData, name: str = NAME) -> Table:
    """Return the table of the history, with the triggers that refuse to change what is there.

    ``metadata.create_all`` makes both. A migration tool that writes statements of its own has to be
    given the triggers too: :func:`cpplan.store.ddl` has them as text.

    This table alone is enough to add entries, to read them, and to verify them. Teams, what was
    refused and what is owed have tables of their own, which an export takes along too:
    :meth:`Store.make <cpplan.store.Store.make>` or :func:`cpplan.store.ddl` makes all of them.

    Args:
        metadata: the host's metadata.
        name: what to call the table.

    Raises:
        InvalidTableNameError: it can't be called so.
    """
    _require_name(name)
    table = Table(
        name,
        metadata,
        Column("plan", _named(), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("entry_id", _named(), nullable=False),
        *_texts("kind", "effective", "recorded_on", "procedure", "digest", "body"),
        *_texts("previous", "hash"),
        UniqueConstraint("plan", "entry_id", name=f"{name}_once"),
        CheckConstraint("version >= 1", name=f"{name}_counted"),
        sqlite_with_rowid=False,
    )
    first = text("version = 1")
    Index(f"{name}_opened", table.c.plan, sqlite_where=first, postgresql_where=first)
    return _guarded(table)


def attempts_table(metadata: MetaData, name: str = NAME) -> Table:
    """Return the table of refused attempts, kept apart from the history, and only added to."""
    table = Table(
        f"{name}_refused",
        metadata,
        Column("number", Integer, primary_key=True),
        Column("plan", _named(), nullable=False, index=True),
        *_texts("entry_id", "kind", "effective", "recorded_on", "procedure", "digest", "body"),
        *_texts("reasons"),
    )
    return _guarded(table)


def teams_table(metadata: MetaData, name: str = NAME) -> Table:
    """Return the table that says which team answers for a plan today: no history, no evidence."""
    return Table(
        f"{name}_teams",
        metadata,
        Column("plan", _named(), primary_key=True),
        *_texts("team"),
        sqlite_with_rowid=False,
    )


def owed_table(metadata: MetaData, name: str = NAME) -> Table:
    """Return the table of what was worked out to be owed: a cache, good for one head of a plan."""
    return Table(
        f"{name}_owed",
        metadata,
        Column("plan", _named(), primary_key=True),
        Column("version", Integer, nullable=False),
        *_texts("hash", "made_by", "owed"),
        sqlite_with_rowid=False,
    )


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _guarded(table: Table) -> Table:
    for dialect in DIALECTS:
        for statement in appending_only(dialect, table):
            made: Any = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # theirs
            event.listen(table, "after_create", made.execute_if(dialect=dialect))
    return table
