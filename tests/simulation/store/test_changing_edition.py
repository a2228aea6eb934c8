"""Lines given after a change of edition: each is under the edition of the day that it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cpplan import load
from cpplan.entries import entry_from_dict
from cpplan.ledgers import Ledger
from cpplan.store import Store
from tests.kernel.histories import day, visit
from tests.simulation.store.storing import (
    EITHER,
    Stored,
    happened,
    migrating,
)

BOTH = [load("standards"), load("luton")]
LATE, NEW = happened(visit(day(20)), "late"), happened(visit(day(35)), "new")


def withdrawing(of: str) -> dict[str, Any]:
    """Return the entry that withdraws another."""
    return {"entry": "withdrawn", "id": f"not {of}", "of": of, "why": "another child"}


class Changed:
    """A store whose plans are under another edition from day 30."""

    def __init__(self, stored: Stored, lines: Path) -> None:
        """Change it by the lines that a look at it gives."""
        self.stored = stored
        migrating(stored, "--lines", str(lines), "--recorded-on", str(day(30)))
        assert stored.run("append", *EITHER, str(lines)).exit_code == 0
        self.change: str = json.loads(lines.read_text().splitlines()[0])["entry"]["id"]

    def ledger(self) -> Ledger:
        """Return what is recorded of Ada."""
        store = Store.open(self.stored.path)
        found = store.ledger("Ada", BOTH)
        store.close()
        assert found is not None
        return found

    def add(self, entry: dict[str, Any]) -> str:
        """Record an entry on day 40, with all that it changes; return whose edition it is under."""
        given = {**entry, "recorded_on": str(day(40))}
        accepting = self._seen(given)
        said = json.dumps({"plan": "Ada", "entry": given, "accepting": accepting})
        done = self.stored.run("append", *EITHER, said=said)
        assert done.exit_code == 0, done.stderr
        return next(one.procedure for one in self.ledger().entries if one.id == entry["id"])

    def _seen(self, entry: dict[str, Any]) -> str:
        ledger = self.ledger()
        of = ledger.edition_for(entry_from_dict({**entry, "procedure": "-", "digest": "-"}))
        whole = entry_from_dict({**entry, "procedure": of.name, "digest": of.digest})
        return ledger.preview(whole).digest


@pytest.fixture
def changed(stored: Stored, tmp_path: Path) -> Changed:
    """Such a store."""
    return Changed(stored, tmp_path / "change.jsonl")


def test_an_entry_is_under_the_edition_of_its_day_where_it_names_none(changed: Changed) -> None:
    assert (changed.add(LATE), changed.add(NEW)) == ("standards", "luton")


def test_a_withdrawal_is_under_the_edition_of_what_it_withdraws(changed: Changed) -> None:
    for entry in (LATE, NEW):
        changed.add(entry)
    assert changed.add(withdrawing("new")) == "luton"
    assert changed.add(withdrawing("late")) == "standards"


def test_a_change_that_is_withdrawn_leaves_the_plan_under_the_edition_before(
    changed: Changed,
) -> None:
    changed.add(withdrawing(changed.change))
    assert changed.ledger().edition_on(day(35)).name == "standards"


def test_an_entry_given_again_is_what_was_recorded_though_its_day_is_under_another_edition(
    changed: Changed,
) -> None:
    assert changed.add(NEW) == "luton"
    changed.add(withdrawing("new"))
    changed.add(withdrawing(changed.change))
    before = changed.ledger().entries
    again = {"plan": "Ada", "entry": {**NEW, "recorded_on": str(day(40))}}
    done = changed.stored.run("append", *EITHER, said=json.dumps(again))
    assert done.exit_code == 0, done.stderr
    assert changed.ledger().entries == before
