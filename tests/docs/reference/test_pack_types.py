"""What a key of a pack may hold, in words, from its schema."""

from __future__ import annotations

import pytest

from cpplan import Role
from cpplan.events import KINDS
from cpplan.states import GROUPS, SAME, STATES
from cpplan_docs.reference.pack_types import shape_says, title_of

PATH = "reference/pack-format.md"
SCALAR = [{"type": "boolean"}, {"type": "integer"}, {"type": "string"}]


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date"}, "a date"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "a whole number"),
        ({"anyOf": SCALAR}, "a plain value"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "a whole number or text"),
        ({"$ref": "#/$defs/NeedDraft"}, "as [Need](#pack-needdraft)"),
        (
            {"type": "array", "items": {"$ref": "#/$defs/NeedDraft"}},
            "a list, each item as [Need](#pack-needdraft)",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "string"}},
            "by name, each text",
        ),
        ({"type": "string", "enum": ["own", "choice"]}, "one of `own`, `choice`"),
    ],
)
def test_a_shape_is_told_in_words(shape: dict[str, object], says: str) -> None:
    assert shape_says(shape, PATH) == says


def test_closed_lists_that_other_pages_tell_are_links() -> None:
    assert shape_says({"enum": [*KINDS]}, PATH) == "[a kind of event](events.md)"
    assert shape_says({"enum": [*Role]}, PATH) == "[a role](events.md#choice-role)"


def test_states_are_told_in_one_place_and_what_stands_beside_them_here() -> None:
    assert shape_says({"enum": [*STATES, SAME]}, PATH) == "[a state](#pack-states) or `same`"
    told = shape_says({"enum": [*STATES, *GROUPS]}, PATH)
    assert all(f"`{group}`" in told for group in GROUPS)


def test_a_mapping_whose_keys_are_closed_says_so() -> None:
    shape = {
        "type": "object",
        "propertyNames": {"enum": [*KINDS]},
        "additionalProperties": {"type": "string"},
    }
    assert shape_says(shape, PATH) == "by [a kind of event](events.md), each text"


def test_a_part_is_called_by_its_words() -> None:
    assert title_of("CoversDraft") == "Covers"
    assert title_of("SomethingLongDraft") == "Something long"
