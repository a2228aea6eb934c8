"""Which needs of an event ask for no more than others do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from cpplan.fields import at_least, at_most, given, includes, reader
from cpplan.matching import FieldTest
from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.roles import Role
from cpplan_sim.differing.substance import asks, implied, substance
from cpplan_sim.running import loaded

TESTS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "at-most": at_most,
    "at-least": at_least,
    "includes": includes,
    "given": lambda wanted: lambda value: given(value) is wanted,
}


def field(path: str, operator: str, operand: object) -> FieldNeed:
    test = FieldTest(path, "", reader(path), TESTS[operator](operand), operator, operand)
    return FieldNeed(code=f"{path}-{operator}", says="", cites=(), test=test)


def roles(*allowed: Role) -> RoleNeed:
    return RoleNeed(code="who", says="", cites=(), roles=allowed)


def some(*needs: Need) -> AnyNeed:
    return AnyNeed(code="some", says="", cites=(), needs=needs)


SHORT, LONG = field("visit_interval", "at-most", 10), field("visit_interval", "at-most", 15)
ONE, BOTH = (
    field("agreed_by", "includes", ("police",)),
    field("agreed_by", "includes", ("police", "health")),
)
CHAIR, CHAIR_OR_MANAGER = (
    roles(Role.CONFERENCE_CHAIR),
    roles(Role.CONFERENCE_CHAIR, Role.FIRST_LINE_MANAGER),
)
RECORDED = field("visit_interval", "given", True)
NOT_RECORDED = field("visit_interval", "given", False)


@pytest.mark.parametrize(
    ("need", "by"),
    [
        (LONG, SHORT),
        (ONE, BOTH),
        (CHAIR_OR_MANAGER, CHAIR),
        (RECORDED, SHORT),
        (some(LONG, CHAIR), SHORT),
        (some(LONG, CHAIR_OR_MANAGER), some(CHAIR, SHORT)),
        (field("plan", "given", True), field("plan.outcomes", "given", True)),
    ],
)
def test_what_asks_for_less_is_implied_by_what_asks_for_more(need: Need, by: Need) -> None:
    assert implied(need, by)
    assert not implied(by, need)


def test_a_field_that_may_be_left_out_does_not_imply_that_it_is_recorded() -> None:
    assert not implied(RECORDED, NOT_RECORDED)


def test_the_order_of_alternatives_and_their_names_change_nothing() -> None:
    renamed = attrs.evolve(SHORT, code="another", says="Told otherwise.", cites=("a/1",))
    assert asks(some(renamed, CHAIR)) == asks(some(CHAIR, SHORT))


def test_a_figure_with_other_clauses_is_the_same_figure() -> None:
    value = loaded("luton").values["first-core-group-limit"]
    assert substance(attrs.evolve(value, cites=(), says="")) == substance(value)
    assert substance(attrs.evolve(value, unit="calendar-days")) != substance(value)
