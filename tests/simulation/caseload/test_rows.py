"""Rows: columns that don't fit each other are refused, and every column is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload.rows import (
    NO_NAME,
    NO_VALUE,
    CaseRows,
    Coded,
    EventRows,
    Rows,
    RowsError,
)
from tests.simulation.caseload.chunks import ANY_TEXT, cases, drawn_events, events, numbers, told

DOCS = Path(__file__).parents[3] / "docs" / "caseloads" / "files.md"


@given(st.lists(st.none() | ANY_TEXT))
def test_names_told_one_by_one_are_the_names_of_the_column(texts: list[str | None]) -> None:
    column = Coded.of(texts)
    found = [None if code == NO_NAME else column.names[code] for code in column.codes.tolist()]
    assert found == texts
    assert len(set(column.names)) == len(column.names)


@pytest.mark.parametrize("code", [-2, 2])
def test_a_code_that_names_nothing_is_refused(code: int) -> None:
    with pytest.raises(RowsError, match="don't fit 2 names"):
        Coded(numbers(0, code), ("neglect", "physical"))


@pytest.mark.parametrize("name", ["", "lone \ud800"])
def test_a_name_that_no_file_can_hold_is_refused(name: str) -> None:
    with pytest.raises(RowsError, match="can't be a name"):
        Coded(numbers(0), (name,))


WRONG: dict[str, tuple[type[Rows], dict[str, Any], str]] = {
    "a column is shorter": (CaseRows, {"visits": numbers(1)}, "visits has 1 cases, case has 4"),
    "a column is wider": (CaseRows, {"visits": np.zeros(4, np.int64)}, "may not fit into int32"),
    "a column is of fractions": (CaseRows, {"visits": np.zeros(4)}, "is of float64"),
    "a column is a table": (CaseRows, {"visits": np.zeros((4, 1), np.int32)}, "2 dimensions"),
    "a column of names is not coded": (CaseRows, {"category": numbers(1, 1, 1, 1)}, "not Coded"),
    "a number is empty": (CaseRows, {"visits": numbers(1, 1, 1, NO_VALUE)}, "visits is empty"),
    "a day is empty": (CaseRows, {"opened": numbers(1, 1, 1, NO_VALUE)}, "opened is empty"),
    "a name is empty": (CaseRows, {"category": Coded.of([None] * 4)}, "category is empty"),
    "an open plan has ended": (CaseRows, {"ending": Coded.of([None] * 4)}, "for the same cases"),
    "a plan ended before it opened": (
        CaseRows,
        {"ended": numbers(1, NO_VALUE, 1, NO_VALUE)},
        "ended before they opened",
    ),
    "a case comes back": (EventRows, {"case": np.repeat([0, 1, 0, 2], 3)}, "stand together"),
    "events are out of order": (EventRows, {"number": numbers(*range(12))[::-1]}, "order"),
    "an accepted event has refusals": (
        EventRows,
        {"accepted": np.ones(12, np.bool_)},
        "refusals are not empty",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_columns_that_do_not_fit_are_refused(wrong: str) -> None:
    kind, differing, message = WRONG[wrong]
    with pytest.raises(RowsError, match=message):
        cases(**differing) if kind is CaseRows else events(**differing)


def test_a_narrower_column_is_taken_as_it_is() -> None:
    assert told(cases(visits=np.arange(4, dtype=np.int8))) == told(cases())


@given(drawn_events(), st.integers(1, 5))
def test_parts_in_order_are_the_rows(rows: EventRows, most: int) -> None:
    parts = list(rows.parts(most))
    assert [row for part in parts for row in told(part)] == told(rows)
    assert all(len(part) <= most for part in parts)


@pytest.mark.parametrize("kind", [CaseRows, EventRows])
def test_each_column_is_told_where_it_stands_and_in_the_docs(kind: type[Rows]) -> None:
    names = [column.name for column in kind.columns()]
    rows = re.findall(r"^ {4}([a-z_]+)  ", str(kind.__doc__), re.MULTILINE)
    section = DOCS.read_text(encoding="utf-8").split(f"## {kind.THING.capitalize()}\n")[1]
    shown = re.findall(r"^\| `([a-z_]+)` \|", section.split("\n## ")[0], re.MULTILINE)
    assert rows == names
    assert shown == names
