"""Fabricating: what is wanted is there, and the rest is left to chance, which is seeded."""

import datetime as dt
import random
from collections import Counter

import pytest

from cpplan import event_from_dict, event_to_dict
from cpplan.events import (
    KINDS,
    ChairSatisfied,
    ChildBorn,
    ChildDied,
    Event,
    InitialConferenceDecided,
    VisitMade,
)
from cpplan_sim.fabricating import ABSENT, GIVEN, Wanted, fabricate

DAY = dt.date(2026, 3, 2)


def made(kind: str, wanted: Wanted | None = None, seed: int = 0) -> Event:
    return fabricate(kind, DAY, wanted or {}, random.Random(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_can_be_fabricated_and_written_down(kind: str) -> None:
    for seed in range(20):
        event = made(kind, seed=seed)
        assert (event.kind, event.on, event.id) == (kind, DAY, "")
        assert event_from_dict(event_to_dict(event)) == event


def test_the_same_seed_makes_the_same_event_and_another_seed_another() -> None:
    assert made("visit-made", seed=7) == made("visit-made", seed=7)
    assert len({made("visit-made", seed=seed) for seed in range(20)}) == 20


def test_what_is_not_wanted_is_sometimes_recorded_and_sometimes_not() -> None:
    seen: Counter[bool | None] = Counter()
    for seed in range(200):
        event = made("visit-made", seed=seed)
        assert isinstance(event, VisitMade)
        seen[event.child_seen] += 1
    assert set(seen) == {True, False, None}
    assert seen[True] > seen[False] + seen[None] > 40


def test_a_value_wanted_is_there_whatever_the_seed() -> None:
    wanted = {"child_seen": False, "location": "home", "meals": "regular"}
    for seed in range(50):
        event = made("visit-made", wanted, seed)
        assert isinstance(event, VisitMade)
        assert (event.child_seen, event.location, event.meals) == (False, "home", "regular")


def test_a_field_wanted_absent_is_not_recorded() -> None:
    for seed in range(50):
        event = made("child-died", {"date_of_death": ABSENT}, seed)
        assert isinstance(event, ChildDied)
        assert event.date_of_death is None


def test_a_field_without_which_there_is_no_event_is_there_even_if_wanted_absent() -> None:
    event = made("child-born", {"date_of_birth": ABSENT})
    assert isinstance(event, ChildBorn)
    assert event.date_of_birth is not None
    decided = made("initial-conference-decided", {"plan_made": ABSENT})
    assert isinstance(decided, InitialConferenceDecided)
    assert decided.plan_made is False


def test_a_field_wanted_as_given_is_recorded_and_a_flag_is_then_true() -> None:
    for seed in range(50):
        event = made("visit-made", {"child_seen": GIVEN, "meals": GIVEN, "present": GIVEN}, seed)
        assert isinstance(event, VisitMade)
        assert event.child_seen is True
        assert event.meals
        assert event.present


def test_a_path_reaches_into_a_part_of_an_event() -> None:
    wanted = {"plan.contingency": "with the grandmother", "plan.outcomes": ABSENT}
    for seed in range(50):
        event = made("initial-conference-decided", wanted, seed)
        assert isinstance(event, InitialConferenceDecided)
        assert event.plan is not None
        assert event.plan.contingency == "with the grandmother"
        assert event.plan.outcomes == ()


def test_several_values_of_an_items_field_make_several_items() -> None:
    wanted = {"checks[].circumstance": ["one", "two"], "checks[].in_place": True}
    event = made("chair-satisfied", wanted)
    assert isinstance(event, ChairSatisfied)
    assert [(one.circumstance, one.in_place) for one in event.checks] == [
        ("one", True),
        ("two", True),
    ]


def test_a_list_wanted_absent_is_absent_whatever_is_wanted_of_its_items() -> None:
    wanted = {"checks[].circumstance": ["one"], "checks": ABSENT, "checks[].in_place": True}
    event = made("chair-satisfied", wanted)
    assert isinstance(event, ChairSatisfied)
    assert event.checks == ()
