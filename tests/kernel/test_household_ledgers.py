"""Ledgers of a household: one thing recorded for several children, or for none."""

from __future__ import annotations

import pytest

from cpplan import (
    HouseholdLedgers,
    HouseholdLedgersAccepted,
    HouseholdLedgersRefused,
    UnknownChildError,
)
from cpplan.events import ChildDied, CoreGroupHeld
from tests.kernel.histories import day, visit
from tests.kernel.ledgering import WELL, kept

ADA, BEN = kept(*WELL), kept(*WELL[:2])
HOME = HouseholdLedgers({"Ada": ADA, "Ben": BEN})


def test_one_thing_that_happened_is_recorded_for_each_under_one_id() -> None:
    held = CoreGroupHeld(on=day(20))
    entries = HOME.happened({"Ada": held, "Ben": held}, id="cg2", recorded_on=day(21))
    result = HOME.record(entries)
    assert isinstance(result, HouseholdLedgersAccepted)
    assert result.accepted
    assert [one.entries[-1].id for one in result.household.ledgers.values()] == ["cg2", "cg2"]
    assert result.decisions["Ben"].ledger is result.household.ledgers["Ben"]
    again = result.household.record(entries)
    assert isinstance(again, HouseholdLedgersAccepted)
    assert again.household == result.household


def test_one_refusal_keeps_every_ledger_as_it_was() -> None:
    died = kept(ChildDied(on=day(15), date_of_death=day(15)), ledger=ADA)
    home = HouseholdLedgers({"Ada": died, "Ben": BEN})
    held = CoreGroupHeld(on=day(20))
    result = home.record(home.happened({"Ada": held, "Ben": held}, id="x", recorded_on=day(21)))
    assert isinstance(result, HouseholdLedgersRefused)
    assert not result.accepted
    assert set(result.decisions) == {"Ada"}
    assert result.decisions["Ada"].codes == ("plan-ended",)
    assert home.ledgers["Ben"] is BEN


def test_each_childs_consequences_are_accepted_for_that_child() -> None:
    entries = HOME.happened(
        {"Ada": visit(day(9)), "Ben": visit(day(9))}, id="x", recorded_on=day(21)
    )
    refused = HOME.record(entries)
    assert isinstance(refused, HouseholdLedgersRefused)
    assert {child: one.codes for child, one in refused.decisions.items()} == {
        "Ada": ("consequences-not-accepted",)
    }
    told = refused.decisions["Ada"].consequences
    assert told is not None
    assert HOME.record(entries, accepting={"Ada": told}).accepted
    assert not HOME.record(entries, accepting={"Ben": told}).accepted


def test_a_visit_told_late_is_for_those_who_were_on_a_plan_that_day() -> None:
    died = kept(ChildDied(on=day(15), date_of_death=day(15)), ledger=ADA)
    home = HouseholdLedgers({"Ada": died, "Ben": BEN})
    early = home.visited(visit(day(14)), {"Ben"}, id="v", recorded_on=day(21))
    assert {child: entry.event.child_seen for child, entry in early.items()} == {  # type: ignore[union-attr]
        "Ada": False,
        "Ben": True,
    }
    assert set(home.visited(visit(day(16)), {"Ben"}, id="v", recorded_on=day(21))) == {"Ben"}


def test_a_child_that_is_not_in_the_household_is_a_mistake() -> None:
    with pytest.raises(UnknownChildError, match="no child of that name in this household") as it:
        HOME.record({"Dan": ADA.entries[0]})
    assert it.value.child == "Dan"
    with pytest.raises(UnknownChildError, match="household, which has 2"):
        HOME.happened({"Dan": visit(day(9))}, id="x", recorded_on=day(9))
    with pytest.raises(UnknownChildError, match="no child of that name"):
        HOME.visited(visit(day(9)), {"Dan"}, id="x", recorded_on=day(9))
