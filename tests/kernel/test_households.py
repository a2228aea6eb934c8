"""Households: all children or none, and a visit counts for those who were seen."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cpplan import Household, HouseholdAccepted, HouseholdRefused, Plan, UnknownChildError
from cpplan.events import ChildDied, CoreGroupHeld, VisitMade
from tests.kernel.histories import STANDARDS, active, day, opened, outline, taken, visit

HOME = Household({"Ada": active(), "Ben": outline()})


def test_one_event_for_each_child_gives_each_its_decision() -> None:
    held = CoreGroupHeld(on=day(9))
    result = HOME.record({"Ada": held, "Ben": held})
    assert isinstance(result, HouseholdAccepted)
    assert set(result.decisions) == {"Ada", "Ben"}
    assert result.household.plans["Ada"] == taken(active(), held)
    assert result.decisions["Ben"].plan is result.household.plans["Ben"]
    assert result.accepted


def test_a_child_without_an_event_stays_as_it_was() -> None:
    result = HOME.record({"Ada": CoreGroupHeld(on=day(9))})
    assert isinstance(result, HouseholdAccepted)
    assert result.household.plans["Ben"] is HOME.plans["Ben"]
    assert set(result.decisions) == {"Ada"}


def test_one_refusal_keeps_every_plan_as_it_was() -> None:
    result = HOME.record({"Ada": CoreGroupHeld(on=day(9)), "Ben": opened(day(9))})
    assert isinstance(result, HouseholdRefused)
    assert set(result.decisions) == {"Ben"}
    assert result.decisions["Ben"].codes == ("not-in-this-state",)
    assert not result.accepted


def test_a_visit_is_one_for_all_and_meets_the_duty_for_those_seen() -> None:
    seen_alone = visit(day(9), seen_alone=True, child_wishes_and_feelings="To stay.", meals="Yes")
    result = HOME.visit(seen_alone, {"Ada"})
    assert isinstance(result, HouseholdAccepted)
    ada, ben = (result.household.plans[child].events[-1] for child in ("Ada", "Ben"))
    assert ada == seen_alone
    assert ben == visit(day(9), seen=False, meals="Yes")
    met = {child: [one.duty.id for one in d.closed] for child, d in result.decisions.items()}
    assert met == {"Ada": ["visit"], "Ben": []}


def test_what_can_not_be_said_of_an_unseen_child_is_known_to_be_a_field_of_a_visit() -> None:
    spoken: dict[str, Any] = {
        field.name: True if "bool" in str(field.type) else "x"
        for field in attrs.fields(VisitMade)
        if field.name.startswith("child_") and field.name != "child_seen"
    }
    result = HOME.visit(visit(day(9), **spoken), [])
    assert isinstance(result, HouseholdAccepted)
    for plan in result.household.plans.values():
        assert plan.events[-1] == visit(day(9), seen=False)


def test_a_child_no_longer_on_a_plan_is_not_visited_unless_said_to_be_seen() -> None:
    died = taken(active(), ChildDied(on=day(8), date_of_death=day(8)))
    home = Household({"Ada": active(), "Ben": died, "Cat": Plan(STANDARDS)})
    result = home.visit(visit(day(9)), {"Ada"})
    assert isinstance(result, HouseholdAccepted)
    assert set(result.decisions) == {"Ada"}
    refused = home.visit(visit(day(9)), {"Ada", "Ben"})
    assert isinstance(refused, HouseholdRefused)
    assert refused.decisions["Ben"].codes == ("plan-ended",)


def test_a_child_that_is_not_in_the_household_is_a_mistake() -> None:
    with pytest.raises(UnknownChildError, match="no child of that name in this household") as it:
        HOME.record({"Dan": opened()})
    assert it.value.child == "Dan"
    with pytest.raises(UnknownChildError, match="household, which has 2"):
        HOME.visit(visit(day(9)), {"Dan"})


def test_a_household_is_a_value() -> None:
    plans = {"Ada": active()}
    home = Household(plans)
    plans["Ben"] = outline()
    assert set(home.plans) == {"Ada"}
    assert home == Household({"Ada": active()})
