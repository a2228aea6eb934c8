"""Rows: what may stand in one, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
from typing import Any

import attrs
import pytest

from cpplan.store.rows import (
    COLUMNS,
    LONGEST,
    Head,
    InvalidRowError,
    nothing_of,
    require_plan,
    sealed,
)
from tests.kernel.store.told import draft


def test_the_hash_is_of_the_columns_as_any_language_writes_them() -> None:
    row = sealed(draft("a1", "é"), Head("Ada", 4, "00ff"))
    written = (
        '["Ada",5,"a1","happened","2026-03-02","2026-03-05","standards","5f0c",'
        '"{\\"says\\":\\"é\\"}","00ff"]'
    )
    assert row.hash == hashlib.sha256(written.encode()).hexdigest()
    assert (row.version, row.previous) == (5, "00ff")


@pytest.mark.parametrize("column", COLUMNS[:-1])
def test_each_column_makes_a_difference_to_the_hash(column: str) -> None:
    base, after = draft("a1"), Head("Ada", 4, "00ff")
    first = sealed(base, after)
    other = {"version": 5, "effective": "2026-03-03", "recorded_on": "2026-03-06", "body": "{}"}
    value: Any = other.get(column, "other")
    if column in {"plan", "version"}:
        after = attrs.evolve(after, **{column: value})
    elif column == "previous":
        after = attrs.evolve(after, hash="other")
    else:
        base = attrs.evolve(base, **{column: value})
    assert sealed(base, after).hash != first.hash


def test_the_first_row_of_a_plan_follows_nothing() -> None:
    row = sealed(draft("a1"), nothing_of("Ada"))
    assert (row.version, row.previous) == (1, "")
    assert row.draft == draft("a1")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("body", "no JSON", "body is no canonical JSON: give what `canonical` does"),
        ("body", '{"a":1.5}', "body is no canonical JSON"),
        ("body", "[" * 10_000, "body is no canonical JSON"),
        ("body", '{"b":1,"a":2}', "body is no canonical JSON"),
        ("entry_id", "", "entry_id is '', not 1 to 200 characters"),
        ("entry_id", "x" * (LONGEST + 1), "not 1 to 200 characters"),
        ("entry_id", 7, "entry_id is 7"),
        ("kind", "", "kind is ''"),
        ("procedure", "é\ud800", "not Unicode text"),
        ("digest", "a\0", "not Unicode text"),
        ("body", "é\0", "not Unicode text"),
        ("body", None, "body is None"),
        ("recorded_on", "", "recorded_on is '', not a day such as '2026-01-31'"),
        ("recorded_on", "20260302", "not a day"),
        ("effective", "2026-13-01", "not a day"),
        ("effective", None, "not a day"),
    ],
)
def test_a_value_that_no_database_would_keep_as_it_is_is_refused(
    column: str, value: Any, says: str
) -> None:
    with pytest.raises(InvalidRowError, match=says):
        attrs.evolve(draft("a1"), **{column: value})


def test_an_entry_about_another_is_about_no_day() -> None:
    assert attrs.evolve(draft("a1"), effective="").effective == ""


@pytest.mark.parametrize("plan", ["", "a\0", "é\ud800", "x" * (LONGEST + 1), 4])
def test_a_plan_needs_a_name_that_can_be_written(plan: Any) -> None:
    with pytest.raises(InvalidRowError, match="plan is"):
        require_plan(plan)
    require_plan("Zoë")
