"""Rules: which one is for an event, and what it does to the steps."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import Any

import attrs
import pytest

from cpplan.events import ChildBorn, VisitFailed, VisitMade
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.roles import Role
from cpplan.rules import Edge, StepSet, Tally
from tests.kernel.histories import STANDARDS, START, day, decided, visit

EDGE = STANDARDS.edges_from("active")[0]


def edge(**changed: Any) -> Edge:
    """Return an edge for any event, which asks for nothing."""
    rule = attrs.evolve(EDGE.rule, match=Match("visit-made"), needs=())
    bare: dict[str, Any] = {"given": frozenset(), "sets": (), "clears": frozenset()}
    return attrs.evolve(EDGE, rule=rule, **(bare | changed))


@pytest.mark.parametrize(
    ("changed", "steps", "applies"),
    [
        ({}, "", True),
        ({"given": "ab"}, "abc", True),
        ({"given": "ab"}, "a", False),
        ({"given_none": "ab"}, "c", True),
        ({"given_none": "ab"}, "bc", False),
        ({"given_any": "ab"}, "b", True),
        ({"given_any": "ab"}, "c", False),
    ],
)
def test_an_edge_is_chosen_by_the_steps(changed: dict[str, str], steps: str, applies: bool) -> None:
    chosen = edge(**{key: frozenset(value) for key, value in changed.items()})
    assert chosen.applies(visit(START), dict.fromkeys(steps, START)) is applies


def test_an_edge_undoes_before_it_sets_and_leaves_the_steps_it_was_given() -> None:
    before = {"a": START, "b": START}
    moved = edge(sets=(StepSet("a"), StepSet("c")), clears=frozenset("ab"))
    after = moved.step_days(visit(day(3)), before)
    assert after == {"a": day(3), "c": day(3)}
    assert before == {"a": START, "b": START}
    assert edge().step_days(visit(day(3)), before) == before


def test_a_step_is_dated_by_its_field_and_not_set_without_it() -> None:
    born = edge(sets=(StepSet("child-born", "date_of_birth"),))
    known = ChildBorn(on=day(3), date_of_birth=day(1))
    assert born.step_days(known, {}) == {"child-born": day(1)}
    assert born.step_days(decided(date_of_birth=None), {}) == {}
    earlier = {"child-born": dt.date(2020, 1, 1)}
    assert born.step_days(decided(date_of_birth=None), earlier) == earlier


# Matches


def seen(value: Any) -> FieldTest:
    """Return a test that ``child_seen`` is a value."""
    return FieldTest("child_seen", "", attrgetter("child_seen"), lambda found: found is value)


def test_a_match_asks_for_kind_fields_and_tests() -> None:
    tests = (lambda event: event.child_seen is True,)
    match = Match("visit-made", tests=tests)
    assert match.matches(visit(START))
    assert not match.matches(visit(START, seen=False))
    assert not match.matches(VisitFailed(on=START, agency=Role.POLICE))


def test_one_of_several_tests_is_enough() -> None:
    either = AnyTest((seen(True), seen(None)))
    assert either.holds(visit(START))
    assert either.holds(VisitMade(on=START, location=visit(START).location))
    assert not either.holds(visit(START, seen=False))


# Tallies

TALLY = Tally(
    id="failed",
    says="failed visits",
    counts=Match("visit-failed"),
    per="agency",
    resets=Match("visit-made"),
    resets_per="agency",
    reaches="reached",
    at=2,
)


def test_a_tally_counts_for_each_agency_and_starts_again() -> None:
    school = VisitFailed(on=START, agency=Role.SCHOOL)
    assert TALLY.after(school, {}) == 1
    assert TALLY.after(school, {("failed", "school"): 1, ("failed", "health"): 4}) == 2
    assert TALLY.after(visit(START), {("failed", "school"): 1}) == 0
    assert TALLY.after(decided(), {}) is None
    assert TALLY.key(school) == ("failed", "school")
    assert TALLY.key(visit(START)) == ("failed", "childrens-social-care")
