"""What stands in a ledger, and in which order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cpplan import Happened, Migrated, Replaced, Withdrawn
from cpplan.standing import what_stands, withdrawn
from tests.kernel.histories import day, visit

COMMON: dict[str, Any] = {"recorded_on": day(60), "procedure": "standards", "digest": "5f0c"}


def happened(name: str, on: dt.date, before: str = "") -> Happened:
    return Happened(**COMMON, id=name, event=visit(on), before=before)


def gone(name: str, of: str) -> Withdrawn:
    return Withdrawn(**COMMON, id=name, of=of, why="Another child.")


def instead(name: str, of: str, on: dt.date) -> Replaced:
    return Replaced(**COMMON, id=name, of=of, event=visit(on), why="Another day.")


def moved(name: str, on: dt.date) -> Migrated:
    return Migrated(**COMMON, id=name, on=on, to_procedure="standards", to_digest="77")


def shown(*entries: Any) -> list[tuple[str, str]]:
    return [(one.place, one.entry.id) for one in what_stands(entries)]


A, B, C = happened("a", day(1)), happened("b", day(2)), happened("c", day(2))


def test_events_stand_in_the_order_of_their_days_and_then_of_recording() -> None:
    assert shown(C, A, B) == [("a", "a"), ("c", "c"), ("b", "b")]


def test_an_event_can_be_put_before_another_of_its_day() -> None:
    first = happened("d", day(2), before="b")
    assert shown(A, B, C, first) == [("a", "a"), ("d", "d"), ("b", "b"), ("c", "c")]
    elsewhere = happened("d", day(1), before="c")
    assert shown(A, B, C, elsewhere) == [("a", "a"), ("d", "d"), ("b", "b"), ("c", "c")]


def test_an_event_put_before_one_that_is_withdrawn_stays_where_that_was() -> None:
    first = happened("d", day(2), before="b")
    assert shown(B, C, first, gone("w", "b")) == [("d", "d"), ("c", "c")]


def test_a_name_that_nothing_bears_puts_an_event_last() -> None:
    assert shown(B, happened("d", day(2), before="nobody")) == [("b", "b"), ("d", "d")]


def test_what_is_withdrawn_does_not_stand_and_a_withdrawal_can_be_withdrawn() -> None:
    assert shown(A, B, gone("w", "a")) == [("b", "b")]
    assert shown(A, B, gone("w", "a"), gone("v", "w")) == [("a", "a"), ("b", "b")]
    assert shown(A, B, gone("w", "a"), gone("v", "w"), gone("u", "v")) == [("b", "b")]
    assert withdrawn([A, gone("w", "a"), gone("v", "w")]) == {"w"}


def test_a_replacement_speaks_in_the_place_of_what_it_replaces() -> None:
    assert shown(B, C, instead("r", "b", day(2))) == [("b", "r"), ("c", "c")]
    assert shown(B, C, instead("r", "b", day(3))) == [("c", "c"), ("b", "r")]
    assert shown(B, instead("r", "b", day(3)), instead("s", "r", day(4))) == [("b", "s")]


def test_without_its_replacement_the_first_stands_again() -> None:
    r, s = instead("r", "b", day(3)), instead("s", "r", day(4))
    assert shown(B, r, s, gone("w", "s")) == [("b", "r")]
    assert shown(B, r, s, gone("w", "r")) == [("b", "b")]


def test_a_withdrawn_event_stays_so_whatever_replaced_it() -> None:
    assert shown(B, instead("r", "b", day(3)), gone("w", "b")) == []


def test_a_change_of_edition_comes_before_the_events_of_its_day() -> None:
    assert shown(A, B, moved("m", day(2))) == [("a", "a"), ("m", "m"), ("b", "b")]
    assert shown(A, moved("m", day(2)), gone("w", "m")) == [("a", "a")]
