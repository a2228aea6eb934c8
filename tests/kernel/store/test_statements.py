"""Statements written once for a database, and handed to its driver as they are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Dialect, MetaData
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from cpplan.store.rows import COLUMNS, Head, chained, nothing_of
from cpplan.store.statements import Insertion, Newest
from cpplan.store.tables import entries_table
from tests.kernel.store.told import draft

SQLITE: Dialect = sqlite.dialect()
POSTGRESQL: Dialect = psycopg.dialect()  # type: ignore[no-untyped-call]  # theirs


class Answer:
    """What a driver answers."""

    def __init__(self, rowcount: int) -> None:
        self.rowcount = rowcount

    def fetchone(self) -> tuple[int, str]:
        """Return a version and a hash."""
        return 4, "00ff"


class Speaking:
    """Takes what is handed to the driver."""

    def __init__(self, rowcount: int = 1) -> None:
        self.said: list[tuple[str, Any]] = []
        self._rowcount = rowcount

    def exec_driver_sql(self, *said: Any) -> Answer:
        """Remember it."""
        self.said.append(said)
        return Answer(self._rowcount)


def rows(number: int, after: Head | None = None) -> list[tuple[Any, ...]]:
    drafts = [draft(str(one)) for one in range(number)]
    return chained(drafts, after or nothing_of("Ada"))


def test_a_row_goes_to_sqlite_by_its_places_and_to_postgresql_by_its_names() -> None:
    table, (row,) = entries_table(MetaData()), rows(1)
    by_place, by_name = Speaking(), Speaking()
    assert Insertion(table, SQLITE).of(by_place, [row])
    assert Insertion(table, POSTGRESQL).of(by_name, [row])
    ((text, values),) = by_place.said
    assert text.count("?") == len(values) == len(COLUMNS) + 4
    assert values[: len(COLUMNS)] == row
    ((text, values),) = by_name.said
    assert "%(plan)s::" in text
    assert values == dict(zip(COLUMNS, row, strict=True))


def test_several_rows_are_one_statement_for_postgresql_with_a_list_for_each_column() -> None:
    given, speaking = rows(3, Head("Ada", 7, "00ff")), Speaking(3)
    insertion = Insertion(entries_table(MetaData(), "kept"), POSTGRESQL)
    assert insertion.together
    assert insertion.of(speaking, given)
    ((text, values),) = speaking.said
    assert text.startswith("INSERT INTO kept (plan, version, ")
    assert "%(version)b::int[], %(entry_id)b::text[]" in text
    assert values["version"] == [8, 9, 10]
    assert values["hash"] == [row[-1] for row in given]
    assert (values["of"], values["standing"], values["follows"]) == ("Ada", 7, "00ff")


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_rows_after_one_that_is_not_there_are_not_inserted(dialect: Dialect) -> None:
    speaking = Speaking(rowcount=0)
    assert not Insertion(entries_table(MetaData()), dialect).of(speaking, rows(3))
    assert len(speaking.said) == 1


@pytest.mark.parametrize(
    ("dialect", "values"), [(SQLITE, ("Ada", "Ada")), (POSTGRESQL, {"plan": "Ada"})]
)
def test_the_newest_row_is_looked_up_by_its_plan(dialect: Dialect, values: Any) -> None:
    speaking = Speaking()
    assert Newest(entries_table(MetaData()), dialect).of(speaking, "Ada") == (4, "00ff")
    assert speaking.said[0][1] == values
