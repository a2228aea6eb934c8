"""Statements written once for a database, and handed to its driver as they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from cpplan.store.appending import Statement
from cpplan.store.tables import entries_table


class Connection:
    """Takes what is handed to the driver."""

    said: tuple[str, Any]

    def exec_driver_sql(self, *said: Any) -> None:
        """Remember it."""
        self.said = said


def _dialect(module: Any) -> Any:
    return module.dialect()


def handed(dialect: Any, rows: list[dict[str, Any]]) -> tuple[str, Any]:
    conn: Any = Connection()
    table = entries_table(MetaData())
    Statement(table.insert().values({"plan": "", "version": 0}), dialect).run(conn, rows)
    said: tuple[str, Any] = conn.said
    return said


def test_values_go_to_sqlite_by_their_places_and_to_postgresql_by_their_names() -> None:
    rows = [{"version": 1, "plan": "Ada"}, {"version": 2, "plan": "Ada"}]
    by_place = handed(_dialect(sqlite), rows)
    assert by_place[0].endswith("VALUES (?, ?)")
    assert by_place[1] == [("Ada", 1), ("Ada", 2)]
    by_name = handed(_dialect(psycopg), rows[:1])
    assert "VALUES (%(plan)s::" in by_name[0]
    assert by_name[1] == rows[0]
