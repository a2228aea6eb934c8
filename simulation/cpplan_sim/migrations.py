"""Migrations: what becomes of every plan of a store under another edition.

One plan at a time, and nothing is recorded. What would be recorded can be had as lines, which
``cpplan store append --each`` takes: each holds the version and the consequences that were seen.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import attrs

from cpplan.consequences import Consequences
from cpplan.decisions import Reason
from cpplan.entries import LedgerEntry, entry_to_dict
from cpplan.entry_checks import ID_TAKEN
from cpplan.ledger_decisions import LedgerRefused
from cpplan.ledgers import Ledger
from cpplan.migrating import Migration, migration_of
from cpplan.procedures import Procedure
from cpplan.store import Store
from cpplan.store.drafting import entry_of
from cpplan.store.owing import UNREAD, Unread


@attrs.frozen
class Change:
    """The change of edition that is looked at.

    Attributes:
        leaving: the editions that plans leave, by digest. No other plan is touched.
        to: the edition that they come to.
        on: its first day for them.
        recorded_on: the day on which it is to be recorded; ``None`` to look at it only.
        id: what the entry is called, the same in every plan.
    """

    leaving: frozenset[str]
    to: Procedure
    on: dt.date
    recorded_on: dt.date | None = None
    id: str = attrs.field()

    @id.default
    def _by_what_it_does(self) -> str:
        return f"to {self.to.name} {self.to.digest:.12} on {self.on}"


@attrs.frozen
class Left:
    """A plan that the change does not touch.

    Attributes:
        plan: its name.
        edition: the edition that it is under on that day.
    """

    plan: str
    edition: Procedure


@attrs.frozen
class Looked:
    """What the change is for one plan.

    Attributes:
        plan: its name.
        migration: what becomes of it.
        reasons: every reason why it can't be put under the other edition.
        line: the line that records it; empty if it can't be, or is only looked at.
    """

    plan: str
    migration: Migration
    reasons: tuple[Reason, ...]
    line: str = ""


def looked_at(
    store: Store,
    change: Change,
    editions: Iterable[Procedure],
    told: Callable[[int, int], None] = lambda _, __: None,
) -> Iterator[Looked | Left | Unread]:
    """Yield what a change of edition is for each plan of a store, in the order of their names.

    Args:
        store: the store, as it stands when the first row is read.
        change: the change.
        editions: every edition that the plans are or were under.
        told: is told how many plans are done, of how many.
    """
    known = (*editions, change.to)
    of = store.number_of_plans()
    histories = groupby(store.rows(), key=lambda row: row.plan)
    for done, (plan, rows) in enumerate(histories, start=1):
        try:
            yield _looked(plan, Ledger.of(map(entry_of, rows), known), change)
        except UNREAD as error:
            yield Unread(plan, str(error))
        told(done, max(of, done))


def _looked(plan: str, ledger: Ledger, change: Change) -> Looked | Left:
    edition = ledger.edition_on(change.on)
    if edition.digest == change.to.digest or edition.digest not in change.leaving:
        return Left(plan, edition)
    named = any(one.id == change.id for one in ledger.entries)
    migration = migration_of(ledger, change.to, change.on, id="" if named else change.id)
    reasons = (*migration.reasons, *([_named(change)] if named else []))
    if change.recorded_on is None or reasons:
        return Looked(plan, migration, reasons)
    entry = ledger.migrated(change.to, change.on, id=change.id, recorded_on=change.recorded_on)
    decision = ledger.record(entry, accepting=migration.consequences)
    reasons = decision.reasons if isinstance(decision, LedgerRefused) else ()
    line = "" if reasons else _line(plan, ledger, entry, migration.consequences)
    return Looked(plan, migration, reasons, line)


def _named(change: Change) -> Reason:
    says = f"There is an entry {change.id!r} that no longer stands: name the new one otherwise."
    return Reason(ID_TAKEN, says)


def _line(plan: str, ledger: Ledger, entry: LedgerEntry, seen: Consequences) -> str:
    data = {
        "plan": plan,
        "entry": entry_to_dict(entry),
        "expected": len(ledger.entries),
        "accepting": seen.digest,
    }
    return json.dumps(data, ensure_ascii=False)
