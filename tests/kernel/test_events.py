"""The catalogue of events: names, fields and what each must have."""

from __future__ import annotations

import datetime as dt
import typing

import attrs
import pytest

from cpplan.events import KINDS, MODULES, ChildDied, ChildLeftJurisdiction, Event, kind_of
from tests.kernel.histories import START, decided

KIND = sorted(KINDS)


@pytest.mark.parametrize("kind", KIND)
def test_a_kind_is_named_after_its_class_and_each_field_has_words(kind: str) -> None:
    cls = KINDS[kind]
    assert cls.kind == kind == kind_of(cls)
    assert cls.__doc__
    for field in attrs.fields(cls):
        assert field.metadata["label"], field.name
        assert field.kw_only


@pytest.mark.parametrize("kind", KIND)
def test_what_is_not_recorded_is_empty_in_the_way_of_its_type(kind: str) -> None:
    hints = typing.get_type_hints(KINDS[kind])
    for field in attrs.fields(KINDS[kind]):
        if field.default is attrs.NOTHING or field.name == "agency":
            continue
        several = typing.get_origin(hints[field.name]) is tuple
        assert field.default == (() if several else "" if hints[field.name] is str else None)


def test_a_number_in_a_name_stands_apart() -> None:
    assert "plan-ended-at-18" in KINDS
    assert "event" not in KINDS
    assert Event.kind == "event"


def test_the_kinds_stand_in_the_order_of_the_files() -> None:
    modules = [cls.__module__ for cls in KINDS.values()]
    assert list(dict.fromkeys(modules)) == [module.__name__ for module in MODULES]


def test_events_are_values() -> None:
    assert decided() == decided()
    assert hash(decided()) == hash(decided())
    assert decided() != attrs.evolve(decided(), id="x")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        decided().on = START  # type: ignore[misc]


def test_a_list_given_is_kept_as_a_tuple() -> None:
    event = decided(core_group_members=[], attendees=[])
    assert (event.core_group_members, event.attendees) == ((), ())


def test_some_events_take_effect_on_a_day_of_their_own() -> None:
    earlier = START - dt.timedelta(days=3)
    assert decided().in_effect_on == START
    assert ChildDied(on=START).in_effect_on == START
    assert ChildDied(on=START, date_of_death=earlier).in_effect_on == earlier
    assert ChildLeftJurisdiction(on=START).in_effect_on == START
    assert ChildLeftJurisdiction(on=START, left_on=earlier).in_effect_on == earlier
