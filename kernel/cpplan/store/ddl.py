"""The store's tables and triggers as text, for a host that runs migrations of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from cpplan.store.guards import appending_only, require_dialect
from cpplan.store.tables import NAME, attempts_table, entries_table, owed_table, teams_table

_SPEAKING: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def ddl(dialect: str, name: str = NAME) -> str:
    """Return the statements that make a store, each ended by a semicolon.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        name: what to call the table of the history; the others are named after it.

    Raises:
        UnknownDialectError: the store isn't made for this database.

    Example:
        >>> ddl("sqlite").splitlines()[0]
        'CREATE TABLE cpplan_entries ('
    """
    require_dialect(dialect)
    speaking: Dialect = _SPEAKING[dialect]()
    metadata = MetaData()
    entries, attempts = entries_table(metadata, name), attempts_table(metadata, name)
    caches = (teams_table(metadata, name), owed_table(metadata, name))
    statements = [one for table in (entries, attempts, *caches) for one in _made(table, speaking)]
    guards = [one for table in (entries, attempts) for one in appending_only(dialect, table)]
    return "".join(f"{statement};\n\n" for statement in (*statements, *guards)).rstrip("\n") + "\n"


def _made(table: Table, speaking: Dialect) -> list[str]:
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    made: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
    return [_tidy(str(one.compile(dialect=speaking))) for one in made]


def _tidy(statement: str) -> str:
    lines = [line.rstrip().replace("\t", "    ") for line in statement.strip().splitlines()]
    return "\n".join(line for line in lines if line)
