"""A short case under a shipped procedure, and small drafts, for the tests of the store."""

from __future__ import annotations

import datetime as dt
import functools

import cpplan
from cpplan.entries import LedgerEntry
from cpplan.events import ChildBorn, Event, InitialConferenceOpened
from cpplan.ledgers import Ledger
from cpplan.procedures import Procedure
from cpplan.store import Draft, Store, canonical

MONDAY = dt.date(2026, 3, 2)
THURSDAY = dt.date(2026, 3, 5)


@functools.cache
def standards() -> Procedure:
    """The procedure that the cases are under."""
    return cpplan.load("standards")


def entries() -> list[LedgerEntry]:
    """A conference that was opened, and a birth that was recorded and withdrawn."""
    ledger = Ledger.opened(standards())
    first = ledger.happened(InitialConferenceOpened(on=MONDAY), id="1", recorded_on=MONDAY)
    after = ledger.record(first).ledger  # type: ignore[union-attr]  # nothing is against it
    born: Event = ChildBorn(on=MONDAY, date_of_birth=MONDAY)
    second = after.happened(born, id="2", recorded_on=THURSDAY)
    return [first, second, after.withdrawn("2", why="another child", id="3", recorded_on=THURSDAY)]


def damage(store: Store, body: str) -> None:
    """Put another body into every row, as only the owner of the database can."""
    with store.engine.begin() as conn:
        conn.exec_driver_sql("DROP TRIGGER cpplan_entries_no_update")
        conn.exec_driver_sql("UPDATE cpplan_entries SET body = ?", (body,))


def draft(name: str, says: str = "") -> Draft:
    """Something small to be kept."""
    return Draft(
        entry_id=name,
        kind="happened",
        effective="2026-03-02",
        recorded_on="2026-03-05",
        procedure="standards",
        digest="5f0c",
        body=canonical({"says": says}),
    )
