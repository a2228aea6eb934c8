"""Verifying: the first broken link of each plan, and what heads kept elsewhere show beyond."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import pytest

from cpplan.store import Broken, DamagedError, Head, Row, Store, Verifier, reading
from cpplan.store.rows import nothing_of, sealed
from tests.kernel.store.told import draft


def chain(plan: str, length: int = 3) -> list[Row]:
    head, rows = nothing_of(plan), []
    for number in range(length):
        row = sealed(draft(str(number)), head)
        head = Head(plan, row.version, row.hash)
        rows.append(row)
    return rows


def head_of(row: Row) -> Head:
    return Head(row.plan, row.version, row.hash)


def found(rows: Sequence[Row], kept: Sequence[Head] = ()) -> list[Broken]:
    verifier = Verifier.against(kept)
    return [one for row in rows for one in verifier.take(attrs.astuple(row))] + list(verifier.end())


def test_every_head_that_was_kept_is_held_against_not_the_last_alone() -> None:
    forged = chain("Ada", 4)
    early, late = Head("Ada", 2, "ab" * 32), head_of(forged[-1])
    assert found(forged, [late]) == []
    for kept in ([early, late], [late, early]):
        (broken,) = found(forged, kept)
        assert (broken.plan, broken.version) == ("Ada", 2)
        assert "abababab" in broken.says
    assert [one.version for one in found([], [early, late])] == [1]


def test_whole_chains_break_nowhere() -> None:
    rows = [*chain("Ada"), *chain("Ben")]
    assert found(rows, [head_of(rows[1]), head_of(rows[-1])]) == []
    assert found([]) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"body": "{}"}, "hash is not that of its columns"),
        ({"hash": "00"}, "hash is not that of its columns"),
        ({"previous": "00"}, "previous is another hash"),
        ({"version": 7}, "version 2 should stand in its place, and is missing"),
        ({"version": "2"}, "version holds str"),
        ({"body": b"{}"}, "body holds bytes"),
        ({"kind": None}, "kind holds NoneType"),
        ({"body": "\udc80"}, "hash is not that of its columns"),
    ],
)
def test_a_row_that_was_altered_is_named_with_what_is_wrong(
    changed: dict[str, Any], says: str
) -> None:
    rows = chain("Ada")
    rows[1] = attrs.evolve(rows[1], **changed)
    (broken,) = found([*rows, *chain("Ben")])
    assert (broken.plan, broken.version) == ("Ada", 7 if changed.get("version") == 7 else 2)
    assert says in broken.says
    assert str(broken).startswith("plan 'Ada', version ")


def test_a_row_left_out_is_named_by_the_one_that_follows() -> None:
    rows = chain("Ada")
    (broken,) = found([rows[0], rows[2]])
    assert (broken.version, "version 2 should stand" in broken.says) == (3, True)


def test_every_plan_that_is_broken_is_named_once() -> None:
    rows = [attrs.evolve(row, body="{}") for plan in ("Ada", "Ben") for row in chain(plan)]
    assert [(one.plan, one.version) for one in found(rows)] == [("Ada", 1), ("Ben", 1)]


def test_rows_missing_at_the_end_are_told_by_the_head_that_was_kept() -> None:
    rows = chain("Ada")
    (broken,) = found(rows[:1], [head_of(rows[2])])
    assert (broken.plan, broken.version) == ("Ada", 2)
    assert "the head kept elsewhere stands at version 3" in broken.says


def test_a_plan_that_is_missing_is_told_by_the_head_that_was_kept() -> None:
    (broken,) = found(chain("Ada"), [Head("Ben", 4, "00"), Head("Cleo", 0, "")])
    assert (broken.plan, broken.version) == ("Ben", 1)


def test_another_chain_is_told_by_the_head_that_was_kept() -> None:
    rows = chain("Ada")
    (broken,) = found(rows, [Head("Ada", 2, "00" * 32)])
    assert (broken.version, "another hash" in broken.says) == (2, True)


def test_a_plan_broken_already_is_not_told_again_for_its_head() -> None:
    rows = chain("Ada")
    rows[1] = attrs.evolve(rows[1], body="{}")
    assert len(found(rows[:2], [head_of(rows[2])])) == 1


@pytest.mark.parametrize(("read", "place"), [(0, ("", 1)), (2, ("Ada", 3))])
def test_rows_that_cannot_be_read_are_named_by_the_last_that_could(
    store: Store, monkeypatch: pytest.MonkeyPatch, read: int, place: tuple[str, int]
) -> None:
    def rows(*_: object) -> Iterator[Any]:
        yield from map(attrs.astuple, chain("Ada")[:read])
        raise DamagedError("the page is torn")

    monkeypatch.setattr(store, "_all", rows)
    (broken,) = store.verify()
    assert (broken.plan, broken.version) == place
    assert "can't be read: the page is torn" in broken.says


def test_whoever_waits_is_told_how_many_plans_were_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    for plan in ("Ada", "Ben", "Cem"):
        store.append(plan, [draft("1"), draft("2"), draft("3")], expected=0)
    said: list[tuple[int, int]] = []
    assert list(store.verify(told=lambda *one: said.append(one))) == []
    assert said == [(1, 3), (2, 3), (2, 3), (3, 3), (3, 3)]
