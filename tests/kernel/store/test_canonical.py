"""Canonical JSON: one text for one value, and nothing that readers would read differently."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.events.base import LARGEST
from cpplan.store.canonical import DEEPEST, NotCanonicalError, canonical

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
leaves = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
values = st.recursive(leaves, lambda v: st.lists(v) | st.dictionaries(texts, v), max_leaves=12)


@given(values)
def test_a_value_is_read_back_as_it_was_and_written_again_as_it_was(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(texts, leaves))
def test_the_order_in_which_keys_were_given_makes_no_difference(value: dict[str, Any]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_nothing_is_escaped_that_need_not_be() -> None:
    assert canonical({"b": 'é "q" \n\x1f', "a": [1, True, None]}) == (
        '{"a":[1,true,null],"b":"é \\"q\\" \\n\\u001f"}'
    )


def test_two_ways_to_write_an_accent_stay_two_texts() -> None:
    assert canonical("\u00e9") != canonical("e\u0301")


def nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"a": [0.5]}, r"\$\.a\[0\]: 0\.5 is float; write text, a whole number"),
        ({"a": float("nan")}, r"\$\.a: nan is float"),
        ({"on": dt.date(2026, 3, 2)}, r"\$\.on: .* is date"),
        ({1: "a"}, r"\$: the key 1 is not text"),
        ([LARGEST + 1], r"\$\[0\]: 9007199254740992 is past 2\*\*53 - 1; write it as text"),
        ("a\0", "zero character"),
        ("\ud800", "not Unicode"),
        ({"\ud800": 1}, "not Unicode"),
        (("a",), "is tuple"),
        (nested(DEEPEST + 1, None), "nested deeper than"),
        ({"a": nested(DEEPEST - 1, {})}, "nested deeper than"),
    ],
)
def test_what_readers_would_read_differently_is_refused_with_its_place(
    value: Any, says: str
) -> None:
    with pytest.raises(NotCanonicalError, match=says):
        canonical(value)
