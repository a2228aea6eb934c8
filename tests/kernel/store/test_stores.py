"""The store: what is added is there once and whole, or a value says why not."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import QueuePool, create_engine, text
from sqlalchemy.exc import IntegrityError

from cpplan.decisions import Reason
from cpplan.entries import InvalidEntryError
from cpplan.ledgers import Ledger
from cpplan.store import (
    Addition,
    Appended,
    Attempt,
    Conflict,
    Head,
    InvalidRowError,
    RetryableError,
    Store,
    drafted,
    stores,
)
from cpplan.store.appending import Appender
from cpplan.store.owing import owed_on
from cpplan.store.transactions import Transactions
from tests.kernel.histories import day
from tests.kernel.store.told import damage, draft, entries, standards


def versions(store: Store, *plans: str) -> list[int]:
    return [store.head(plan).version for plan in plans]


def test_entries_are_kept_as_they_are_and_read_back_as_the_ledger(store: Store) -> None:
    given = entries()
    answer = store.append("Ada", given, expected=0)
    assert isinstance(answer, Appended)
    assert answer.head == store.head("Ada") == next(store.heads())
    found = store.ledger("Ada", [standards()])
    assert found == Ledger.of(given, [standards()])
    assert [row.kind for row in store.rows()] == ["happened", "happened", "withdrawn"]
    assert [row.effective for row in store.history("Ada")] == ["2026-03-02", "2026-03-02", ""]


def test_a_plan_of_which_nothing_is_stored_has_no_ledger(store: Store) -> None:
    assert store.ledger("Ada", [standards()]) is None
    assert store.head("Ada") == Head("Ada", 0, "")
    assert store.history("Ada") == ()


@pytest.mark.parametrize("several", [False, True])
def test_a_version_that_has_been_taken_is_a_conflict_with_the_new_head(
    store: Store, several: bool
) -> None:
    head = store.append("Ada", [draft("1")], expected=0).head
    drafts = [draft("2"), draft("3")] if several else [draft("2")]
    for expected in (0, 4, Head("Ada", 4, head.hash)):
        answer = store.append("Ada", drafts, expected=expected)
        assert isinstance(answer, Conflict)
        assert answer.codes == ("version-conflict",)
        assert answer.head == head
        assert "stands at version 1, not " in answer.reasons[0].says
    assert versions(store, "Ada") == [1]


@pytest.mark.parametrize("several", [False, True])
def test_a_head_with_another_hash_is_told_and_never_built_upon(store: Store, several: bool) -> None:
    store.append("Ada", [draft("1")], expected=0)
    drafts = [draft("2"), draft("3")] if several else [draft("2")]
    answer = store.append("Ada", drafts, expected=Head("Ada", 1, "00"))
    assert isinstance(answer, Conflict)
    assert answer.codes == ("history-differs",)
    assert versions(store, "Ada") == [1]


def test_the_same_entries_again_get_the_first_answer_whatever_came_since(store: Store) -> None:
    first = store.append("Ada", [draft("1"), draft("2")], expected=0)
    store.append("Ada", [draft("3")], expected=first.head)
    for expected in (0, 2, 3):
        again = store.append("Ada", [draft("1"), draft("2")], expected=expected)
        assert again == Appended(first.heads, already=True)
    assert versions(store, "Ada") == [3]


def test_an_id_with_other_content_is_refused_whatever_version_is_expected(store: Store) -> None:
    store.append("Ada", [draft("1")], expected=0)
    for expected, codes in ((1, ["id-taken"]), (0, ["id-taken", "version-conflict"])):
        answer = store.append("Ada", [draft("1", "otherwise")], expected=expected)
        assert isinstance(answer, Conflict)
        assert list(answer.codes) == codes
        assert "version 1 of plan 'Ada'" in answer.reasons[0].says


@pytest.mark.parametrize("again", [["1", "3"], ["2", "1"]])
def test_what_was_recorded_apart_or_in_another_order_is_not_the_same(
    store: Store, again: list[str]
) -> None:
    store.append("Ada", [draft("1"), draft("2")], expected=0)
    answer = store.append("Ada", [draft(name) for name in again], expected=2)
    assert isinstance(answer, Conflict)
    assert set(answer.codes) == {"recorded-in-part"}
    assert versions(store, "Ada") == [2]


def test_a_household_is_added_to_all_at_once_or_not_at_all(store: Store) -> None:
    both = [Addition("Ben", 0, [draft("1")]), Addition("Ada", 0, [draft("1"), draft("2")])]
    answer = store.append_all(both)
    assert isinstance(answer, Appended)
    assert [(head.plan, head.version) for head in answer.heads] == [("Ben", 1), ("Ada", 2)]
    assert store.append_all(both) == attrs.evolve(answer, already=True)

    late = [Addition("Ben", 1, [draft("2")]), Addition("Ada", 1, [draft("3")])]
    refused = store.append_all(late)
    assert isinstance(refused, Conflict)
    assert [reason.code for reason in refused.reasons] == ["version-conflict"]
    assert [head.version for head in refused.heads] == [1, 2]
    assert versions(store, "Ada", "Ben") == [2, 1]


def test_a_plan_twice_or_none_at_all_is_a_mistake(store: Store) -> None:
    one = Addition("Ada", 0, [draft("1")])
    for additions in ([], [one, one]):
        with pytest.raises(ValueError, match="each plan once, and at least one"):
            store.append_all(additions)


def test_whoever_is_outrun_each_time_is_told_to_try_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_inserted", lambda *_: None)
    with pytest.raises(RetryableError, match="others were quicker"):
        store.append("Ada", [draft("1")], expected=0)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("begun", [False, True])
def test_the_hosts_transaction_decides_over_what_is_added_in_it(
    tmp_path: Path, legacy: bool, begun: bool
) -> None:
    own = Store.create(tmp_path / "store.db")
    store = Store(create_engine(f"sqlite:///{tmp_path}/store.db")) if legacy else own
    with store.engine.connect() as conn:
        if begun:
            conn.execute(text("CREATE TABLE IF NOT EXISTS host (a)"))
            conn.execute(text("INSERT INTO host VALUES (1)"))
        head = store.append("Ada", [draft("1")], expected=0, conn=conn).head
        assert store.head("Ada", conn=conn) == head
        assert not store.append("Ada", [draft("2")], expected=0, conn=conn).accepted
        assert store.append("Ada", [draft("2"), draft("3")], expected=head, conn=conn).accepted
        assert not store.append("Ada", [draft("3", "else")], expected=3, conn=conn).accepted
        assert len(store.history("Ada", conn=conn)) == 3
        conn.rollback()
        assert store.head("Ada", conn=conn).version == 0
        assert store.append("Ada", [draft("1")], expected=0, conn=conn).accepted
        conn.commit()
    assert versions(own, "Ada") == [1]
    store.close()
    own.close()


def test_a_conflict_inside_the_hosts_transaction_leaves_the_hosts_work(store: Store) -> None:
    store.append("Ada", [draft("1")], expected=0)
    with store.engine.begin() as conn:
        conn.execute(text("CREATE TABLE host (a)"))
        assert not store.append("Ada", [draft("2")], expected=0, conn=conn).accepted
    with store.engine.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM host")).scalar() == 0


def test_attempts_are_kept_apart_with_their_reasons(store: Store) -> None:
    reasons = (Reason("too-early", "Not yet.", ("a/1",)), Reason("other", "No."))
    attempts = [Attempt("Ada", draft("1"), reasons), Attempt("Ben", draft("2"), ())]
    store.keep_refused(attempts)
    store.keep_refused([])
    assert store.refused("Ada") == attempts[:1]
    assert str(store.refused("Ben")[0].on) == "2026-03-05"
    assert list(store.rows()) == []


def test_a_team_answers_for_a_plan_until_another_does(store: Store) -> None:
    assert store.team("Ada") == ""
    for team in ("North", "South", ""):
        store.set_team("Ada", team)
        assert store.team("Ada") == team


def test_a_row_that_holds_no_entry_is_told_with_its_place(store: Store) -> None:
    store.append("Ada", [attrs.evolve(drafted(entries()[0]), body="{}")], expected=0)
    with pytest.raises(InvalidEntryError, match="plan 'Ada', version 1: "):
        store.ledger("Ada", [standards()])
    damage(store, "no JSON")
    with pytest.raises(InvalidEntryError, match="plan 'Ada', version 1: "):
        store.ledger("Ada", [standards()])


def test_a_version_that_no_column_could_hold_is_refused(store: Store) -> None:
    for version in (2**31 - 1, 2**70):
        for expected in (version, Head("Ada", version, "")):
            with pytest.raises(InvalidRowError, match="not a version such as 0 or 12"):
                store.append("Ada", [draft("1")], expected=expected)


@pytest.mark.parametrize(("version", "hashed"), [(0, "zz"), (1, ""), (8, "\0"), (1, 7)])
def test_a_head_that_no_plan_could_have_is_refused(store: Store, version: int, hashed: Any) -> None:
    with pytest.raises(InvalidRowError, match="expected"):
        store.append("Ada", [draft("1")], expected=Head("Ada", version, hashed))


def test_a_constraint_of_the_hosts_is_no_race(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = IntegrityError("INSERT", {}, sqlite3.IntegrityError("CHECK constraint failed"))

    def insert(*_: Any) -> Any:
        raise broken

    monkeypatch.setattr(Appender, "insert", insert)
    with pytest.raises(IntegrityError):
        store.append("Ada", [draft("1")], expected=0)


@pytest.mark.parametrize(("after", "at_most"), [("\0", None), ("\ud800", 3), ("", -1), ("", 2**63)])
def test_a_page_that_can_not_be_is_refused(store: Store, after: str, at_most: int | None) -> None:
    for ask in (store.heads, lambda **how: owed_on(store, day(0), [standards()], **how)):
        with pytest.raises(InvalidRowError, match=r"after is|at_most is"):
            next(ask(after=after, at_most=at_most))


@pytest.mark.parametrize("plan", ["", "x" * 201, "\ud800"])
def test_an_attempt_is_for_a_plan_that_there_could_be(plan: str) -> None:
    with pytest.raises(InvalidRowError, match="plan is "):
        Attempt(plan, draft("1"), ())


def test_rows_come_by_plan_and_version_in_the_order_of_bytes(store: Store) -> None:
    for plan in ("b", "ä", "B", "a"):
        store.append(plan, [draft("1"), draft("2")], expected=0)
    assert [(row.plan, row.version) for row in store.rows()] == [
        (plan, version) for plan in ("B", "a", "b", "ä") for version in (1, 2)
    ]


def test_postgresql_is_given_no_setting_of_sqlites(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    store = Store(create_engine("postgresql+psycopg://h/d"))
    monkeypatch.setattr(store.transactions, "write", lambda _: nullcontext("conn"))
    monkeypatch.setattr(store.metadata, "create_all", made.append)
    monkeypatch.setattr(stores, "require_encoding", made.append)
    monkeypatch.setattr(stores, "take_turn", made.append)
    store.make()
    assert made == ["conn"] * 3
    store.close()


def test_making_a_store_again_leaves_what_is_there(store: Store) -> None:
    store.append("Ada", [draft("1")], expected=0)
    store.make()
    assert versions(store, "Ada") == [1]


@pytest.mark.parametrize("name", ["", "a\0b", "a\ud800", "x" * 201, None])
def test_a_name_that_no_plan_can_have_is_told_by_whatever_is_asked_of_it(
    store: Store, name: Any
) -> None:
    asked: list[Any] = [store.head, store.history, store.team, store.refused]
    for ask in (*asked, lambda plan: store.set_team(plan, "North")):
        with pytest.raises(InvalidRowError, match=r"^plan is "):
            ask(name)


def test_two_ways_to_write_an_accent_are_two_plans(store: Store) -> None:
    names = [unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD")]
    for name in names:
        assert store.append(name, [draft("1")], expected=0).accepted
    assert sorted(head.plan for head in store.heads()) == sorted(names)


@pytest.mark.parametrize("team", ["a\0b", "a\ud800", None])
def test_a_team_that_no_database_can_keep_is_told(store: Store, team: Any) -> None:
    with pytest.raises(InvalidRowError, match=r"^team is "):
        store.set_team("Ada", team)


@pytest.mark.parametrize("own", [True, False])
def test_a_pool_without_a_free_connection_says_to_try_again(tmp_path: Path, own: bool) -> None:
    Store.create(tmp_path / "store.db").close()
    engine = create_engine(
        f"sqlite:///{tmp_path}/store.db",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.01,
    )
    store = Store(engine)
    store.transactions = Transactions(engine, own=own)
    both = [Addition(plan, 0, [draft("1")]) for plan in ("Ada", "Ben")]
    asked: list[Callable[[], object]] = [
        lambda: store.head("Ada"),
        lambda: store.append("Ada", [draft("1")], expected=0),
        lambda: store.append("Ada", [draft("1"), draft("2")], expected=0),
        lambda: store.append_all(both),
        lambda: list(store.verify()),
    ]
    with engine.connect():
        for ask in asked:
            with pytest.raises(RetryableError, match="every connection is in use"):
                ask()
    assert store.append("Ada", [draft("1")], expected=0).accepted
    engine.dispose()


sizes = st.lists(st.integers(1, 4), min_size=1, max_size=6)


@settings(deadline=None, max_examples=25)  # a store is made in each
@given(sizes, sizes)
def test_however_entries_are_grouped_the_chain_is_the_same(
    one: list[int], other: list[int]
) -> None:
    number = min(sum(one), sum(other))
    heads = set()
    for groups in (one, other):
        store = Store.create("sqlite://")
        head: Any = 0
        drafts = [draft(str(name)) for name in range(number)]
        for size in groups:
            some, drafts = drafts[:size], drafts[size:]
            if some:
                head = store.append("Ada", some, expected=head).head
        heads.add(head)
        assert list(store.verify([head])) == []
        store.close()
    assert len(heads) == 1


def test_a_file_written_by_another_connection_is_read_as_it_was(store: Store) -> None:
    rows = iter(store.rows())
    store.append("Ada", [draft("1"), draft("2")], expected=0)
    first = next(rows)
    path = store.engine.url.database
    assert path is not None
    other = Store.open(path)
    other.append("Ada", [draft("3")], expected=2)
    other.close()
    assert [first.version, *(row.version for row in rows)] == [1, 2]


def test_sqlite_alone_can_read_it(store: Store) -> None:
    store.append("Ada", [draft("1", "é")], expected=0)
    path = store.engine.url.database
    assert path is not None
    plain = sqlite3.connect(path)
    assert plain.execute("SELECT body FROM cpplan_entries").fetchall() == [('{"says":"é"}',)]
    plain.close()
