"""A service's own user on PostgreSQL: what it needs is what the store's page says, and no more."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cpplan import Ledger, load
from cpplan.events import InitialConferenceOpened
from cpplan.store import Attempt, Store, StoreError, drafted
from cpplan.store.owing import PlanOwed, owed_on
from tests.store.servers import USER, Server

PAGE = Path(__file__).parents[2] / "docs" / "choices" / "store.md"
PROCEDURE = load("lead-social-worker")
DAY = dt.date(2026, 1, 5)
ENTRY = Ledger.opened(PROCEDURE).happened(InitialConferenceOpened(on=DAY), id="e1", recorded_on=DAY)


def grants() -> list[str]:
    """Return the statements that the page gives, for a user called ``service``."""
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line.rstrip(";") for line in block.splitlines()]


@pytest.fixture
def made(server: Server) -> Iterator[tuple[psycopg.Connection, str]]:
    """A store, its owner's connection, and the address at which the service's user finds it."""
    name = "granted"
    where = server.database(name)
    Store.create(where).close()
    with psycopg.connect(server.dsn(name), autocommit=True) as owner:
        owner.execute("CREATE ROLE service LOGIN")
        yield owner, where.replace(f"{USER}@", "service@")
        owner.execute("DROP OWNED BY service")
        owner.execute("DROP ROLE service")
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as anybody:
        anybody.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_with_what_the_page_says_everything_works_and_nothing_can_be_changed(
    made: tuple[psycopg.Connection, str],
) -> None:
    owner, where = made
    for one in grants():
        owner.execute(one)
    store = Store.open(where)
    assert store.append("p1", [ENTRY], expected=0).accepted
    for team in ("north", "south", "", "north"):
        store.set_team("p1", team)
    store.keep_refused([Attempt("p1", drafted(ENTRY), ())])
    for _ in range(2):
        (owed,) = owed_on(store, DAY, [PROCEDURE])
        assert isinstance(owed, PlanOwed)
        assert owed.team == "north"
    assert owner.execute("SELECT count(*) FROM cpplan_entries_owed").fetchone() == (1,)
    for statement in (
        "UPDATE cpplan_entries SET body = ''",
        "DELETE FROM cpplan_entries",
        "TRUNCATE cpplan_entries",
        "ALTER TABLE cpplan_entries DISABLE TRIGGER ALL",
        "DELETE FROM cpplan_entries_refused",
    ):
        with store.engine.connect() as conn, pytest.raises(DBAPIError, match=r"permission|owner"):
            conn.execute(text(statement))
    assert list(store.verify()) == []
    store.close()


def test_without_a_right_the_way_out_is_told_and_what_is_due_all_the_same(
    made: tuple[psycopg.Connection, str],
) -> None:
    owner, where = made
    owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO service")
    owners = Store.open(where.replace("service@", f"{USER}@"))
    assert owners.append("p1", [ENTRY], expected=0).accepted
    owners.close()
    store = Store.open(where)
    for refused in (
        lambda: store.append("p2", [ENTRY], expected=0),
        lambda: store.set_team("p1", "north"),
        lambda: store.keep_refused([Attempt("p1", drafted(ENTRY), ())]),
    ):
        with pytest.raises(StoreError, match="grant SELECT and INSERT"):
            refused()
    (owed,) = owed_on(store, DAY, [PROCEDURE])
    assert isinstance(owed, PlanOwed)
    assert [head.plan for head in store.heads()] == ["p1"]
    store.close()
