"""Profiles with mistakes: each is refused with its place, whatever stands there."""

from __future__ import annotations

import copy
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan import InvalidFileError
from cpplan.reading import Document, Problem, parse_yaml, read_yaml
from cpplan_sim.caseload.profiles import Profile
from tests.simulation.caseload.profiling import (
    BAD,
    TEXT,
    mistakes,
    tiny,
)


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_mistake_is_told_with_its_place_and_the_way_out(file: Path) -> None:
    case = read_yaml(file).data
    assert case["find"] in TEXT
    spoilt = TEXT.replace(case["find"], case["put"], 1)
    assert mistakes(spoilt, f"{file.stem}.yaml") == case["problems"]


def test_every_mistake_is_told_at_once() -> None:
    text = TEXT.replace("unborn: {value: 0.1,", "unborn: {value: 2,")
    text = text.replace("source: d3,", "source: d4,").replace("in: [live]", "in: [alive]")
    text = text.replace("  visit-made:\n", "  visit-mad:\n").replace("first: newest", "first: me")
    assert [line.split(": ")[0] for line in mistakes(text)] == [
        "profile.yaml:11:12",
        "profile.yaml:14:32",
        "profile.yaml:52:10",
        "profile.yaml:74:3",
        "profile.yaml:87:3",
    ]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path to every value inside another."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [(*path, key) for key, _ in inner]
    return found + [one for key, item in inner for one in paths(item, (*path, key))]


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 18, 2**70])
    | st.floats()
    | st.dates()
    | st.text(max_size=5)
    | st.sampled_from(["live", "visit-made", "visit-interval-changed", "ends", "plan", "d3", "on"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(
                ["value", "assumed", "event", "enters", "visit_interval", "plan.aims"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def told(data: Any) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Return the profile in plain data, or the problems with it."""
    try:
        return Profile.of(Document("mangled.yaml", data)), ()
    except InvalidFileError as error:
        return None, error.problems


@given(st.sampled_from(paths(tiny.document.data)), PLAIN)
def test_a_profile_with_anything_in_any_place_is_read_or_refused(
    path: tuple[str | int, ...], value: Any
) -> None:
    data = copy.deepcopy(tiny.document.data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    found, problems = told(data)
    assert (found is None) == bool(problems)
    assert all(problem.message for problem in problems)
    if found is not None:
        assert all(math.isfinite(figure.value) for figure in found.figures().values())
        assert len(found.digest) == 64


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text("{}[]:,'\"#&*!|>-. \n\tab10e", max_size=8),
)
def test_a_text_with_a_piece_put_for_another_is_read_or_refused(
    start: int, length: int, piece: str
) -> None:
    try:
        document = parse_yaml(TEXT[:start] + piece + TEXT[start + length :])
    except InvalidFileError:
        return
    found, problems = told(document.data)
    assert (found is None) == bool(problems)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("profile: ", 1),
        ("year: ", 3),
        ("table: D3, year: ", 5),
        ("unborn: {value: ", 11),
        ("from: ", 9),
        ("at-age: ", 65),
        ("{least: ", 61),
        ("bedroom_seen: ", 76),
        ("when: {agency: ", 51),
        ("first: ", 87),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused_where_it_stands(place: str, line: int) -> None:
    head, _, tail = TEXT.partition(place)
    rest = tail[re.search(r"[,}\n]", tail).start() :]  # type: ignore[union-attr]  # in every line
    [told] = mistakes(f"{head}{place}0x{'f' * 5000}{rest}")
    assert told.startswith(f"profile.yaml:{line}:")
    assert len(told) < 200
