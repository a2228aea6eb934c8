"""Some plans at a time, of a store with many."""

from __future__ import annotations

from cpplan.store import Store
from tests.kernel.store.told import draft

PLANS = ["Ada", "Ben", "Cem", "Dan", "Eve"]


def test_heads_come_page_by_page_each_going_on_after_the_last(store: Store) -> None:
    for plan in PLANS:
        store.append(plan, [draft("1"), draft("2")], expected=0)
    pages, after = [], ""
    while page := [head.plan for head in store.heads(after=after, at_most=2)]:
        pages.append(page)
        after = page[-1]
    assert pages == [["Ada", "Ben"], ["Cem", "Dan"], ["Eve"]]
    assert [head.plan for head in store.heads(after="Bz")] == ["Cem", "Dan", "Eve"]
    assert list(store.heads(at_most=0)) == []


def test_plans_are_counted_and_not_their_rows(store: Store) -> None:
    assert store.number_of_plans() == 0
    for plan in PLANS:
        store.append(plan, [draft("1"), draft("2")], expected=0)
    assert (store.number_of_plans(), store.number_of_plans(after="Cem")) == (5, 2)
    with store.engine.begin() as conn:
        store.append("Fay", [draft("1")], expected=0, conn=conn)
        assert store.number_of_plans(conn=conn) == 6
