"""What a field may hold, in words, from the class of its event."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan import Role
from cpplan.events import (
    KINDS,
    Action,
    Event,
    HarmCategory,
    InitialConferenceDecided,
    LeadSocialWorker,
    PlanContent,
    ReviewDateChanged,
)
from cpplan.events.base import LABEL, maybe, several, text
from cpplan_docs.reference.field_types import classes_in, field_says, limits_of

PATH = "reference/events.md"


@attrs.frozen(kw_only=True)
class MadeUp(Event):
    """Made up for these tests: what a new field is told as."""

    wanted: dt.date = attrs.field(metadata={LABEL: "the day it is wanted"})
    note: str = text("a note_ with marks")
    parts: tuple[Action, ...] = several("the actions")
    roles: tuple[Role, ...] = several("who came")
    harm: HarmCategory | None = maybe("the harm")


def told(name: str, cls: type = MadeUp) -> str:
    return field_says(cls, attrs.fields_dict(cls)[name], PATH)


def test_a_field_without_a_default_is_required() -> None:
    assert told("wanted") == "`wanted`, required: the day it is wanted. A date."


def test_a_field_with_a_default_is_not_and_its_label_is_made_safe() -> None:
    assert told("note") == r"`note`: a note\_ with marks. Text."


def test_a_list_says_what_each_item_is() -> None:
    assert told("parts") == "`parts`: the actions. A list, each item as [Action](#part-action)."


def test_a_short_choice_is_told_where_it_stands_and_a_long_one_elsewhere() -> None:
    assert told("harm") == (
        "`harm`: the harm. A choice of [Harm category](#choice-harm-category):"
        " `neglect`, `physical`, `sexual`, `emotional`."
    )
    assert told("roles") == "`roles`: who came. A list, each item a choice of [Role](#choice-role)."


def test_limits_of_a_field_are_told_and_a_check_of_its_type_is_not() -> None:
    told_limits = {
        (cls.kind, field.name): [*limits_of(field)]
        for cls in (InitialConferenceDecided, ReviewDateChanged)
        for field in attrs.fields(cls)
    }
    assert told_limits["initial-conference-decided", "core_group_interval"] == ["at least 1"]
    assert told_limits["initial-conference-decided", "date_of_birth"] == ["not after the event"]
    assert told_limits["review-date-changed", "new_date"] == ["not before the event"]
    assert told_limits["review-date-changed", "on"] == []


def test_every_field_of_every_kind_can_be_told() -> None:
    fields = [(cls, field.name) for cls in KINDS.values() for field in attrs.fields(cls)]
    assert len(fields) > 400
    assert all(told(name, cls).endswith(".") for cls, name in fields)


def test_parts_and_choices_are_found_inside_one_another() -> None:
    found = [*classes_in(PlanContent)]
    assert found[0] is PlanContent
    assert {Action, HarmCategory, Role} <= set(found)
    assert next(classes_in(LeadSocialWorker | None)) is LeadSocialWorker
