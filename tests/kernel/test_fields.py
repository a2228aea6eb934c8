"""Fields by path, and every test that a pack may ask of one."""

from __future__ import annotations

from typing import Any

import pytest

from cpplan import fields
from cpplan.events import (
    Action,
    CoreGroupHeld,
    DetailedPlanAgreed,
    InitialConferenceDecided,
    PlanContent,
    VisitMade,
)
from cpplan.roles import Role
from tests.kernel.histories import START, decided

EMPTY = DetailedPlanAgreed(on=START)
FULL = DetailedPlanAgreed(
    on=START,
    plan=PlanContent(
        concerns="Alone.", actions=(Action(what="a", owner="b"), Action(what="c")), outcomes=("x",)
    ),
)


@pytest.mark.parametrize(
    ("path", "empty", "full"),
    [
        ("on", START, START),
        ("plan.concerns", None, "Alone."),
        ("plan.outcomes", None, ("x",)),
        ("plan.outcomes[]", [], ["x"]),
        ("plan.actions[].owner", [], ["b", ""]),
    ],
)
def test_a_path_reads_through_parts_and_lists(path: str, empty: Any, full: Any) -> None:
    assert fields.reader(path)(EMPTY) == empty
    assert fields.reader(path)(FULL) == full


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("plann", r"no field 'plann': did you mean plan\?"),
        ("plan.concern", r"no field 'concern': did you mean concerns\?"),
        ("plan.concerns.x", "no field 'x': one of: "),
        ("plan[]", r"'plan' is not a list, so write it without \[\]"),
        ("plan.actions[].ownr", r"did you mean owner\?"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_with_the_nearest(path: str, told: str) -> None:
    with pytest.raises(fields.FieldPathError, match=told):
        fields.field_type(DetailedPlanAgreed, path)


def test_a_field_has_words_and_holds_one_value_or_several() -> None:
    assert fields.label(InitialConferenceDecided, "plan.concerns") == (
        "the concern that the plan answers"
    )
    assert fields.label(DetailedPlanAgreed, "plan.actions[].owner") == "who is to do it"
    assert fields.is_list(DetailedPlanAgreed, "plan.actions")
    assert fields.is_list(DetailedPlanAgreed, "plan.actions[].owner")
    assert not fields.is_list(DetailedPlanAgreed, "plan.concerns")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("location", "home", ""),
        ("location", "hom", "'hom' is no value of location: did you mean home?"),
        ("child_seen", True, ""),
        ("child_seen", 1, "1 is not of the type of child_seen, bool"),
        ("present", "police", ""),
        ("time", 9, "9 is not of the type of time, str"),
    ],
)
def test_a_value_is_held_against_the_type_of_its_field(path: str, value: Any, told: str) -> None:
    assert fields.value_problem(VisitMade, path, value) == told


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        ("", False),
        ((), False),
        ([], False),
        (["a", ""], False),
        (["a"], True),
        ("a", True),
        (False, True),
        (0, True),
    ],
)
def test_no_and_nought_are_recorded_and_what_is_empty_is_not(value: Any, expected: bool) -> None:
    assert fields.given(value) is expected


@pytest.mark.parametrize(
    ("test", "passes", "fails"),
    [
        (fields.one_of(["a", "b"]), ["a", ["a", "b"]], ["c", None, [], ["a", "c"]]),
        (fields.none_of(["a"]), ["b", None, [], ["b"]], ["a", ["b", "a"]]),
        (fields.includes(["a"]), [["a", "b"], ("a",)], [None, [], ["b"]]),
        (fields.at_most(3), [3, 0], [4, None]),
        (fields.at_least(3), [3, 9], [2, None]),
        (fields.one_of([Role.POLICE]), ["police"], ["school"]),
    ],
)
def test_a_test_passes_and_fails_as_it_says(test: Any, passes: list[Any], fails: list[Any]) -> None:
    assert all(test(value) for value in passes)
    assert not any(test(value) for value in fails)


def test_a_date_not_recorded_is_not_in_time() -> None:
    assert fields.not_after(START, START)
    assert not fields.not_after(None, START)


def test_labels_are_known_for_every_list_a_core_group_holds() -> None:
    assert fields.reader("attendees")(CoreGroupHeld(on=START)) == ()
    assert fields.reader("plan.harm_categories")(decided()) == ("neglect",)
