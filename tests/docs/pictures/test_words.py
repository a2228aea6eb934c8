"""The words of pictures: how wide they are, what they say, which shape stands beside them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_docs.pictures.lettering import Words, size, width, wrapped
from cpplan_docs.pictures.moments import Kind
from cpplan_docs.pictures.moves import said, told
from cpplan_docs.pictures.signs import sign
from cpplan_docs.pictures.svg import either, element, number

texts = st.text(st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=80)


@given(texts, st.integers(20, 300))
def test_wrapping_loses_no_word_and_keeps_within_the_room(text: str, room: int) -> None:
    lines = wrapped(text, 12, room)
    assert " ".join(lines).split() == text.split()
    assert all(width(line, 12) <= room or " " not in line for line in lines)


@given(texts)
def test_bold_words_are_at_least_as_wide(text: str) -> None:
    assert width(text, 12, bold=True) >= width(text, 12)


def test_a_letter_that_the_table_lacks_is_taken_for_a_wide_one() -> None:
    assert width("—", 10) == 10
    assert width("W", 10) < 10


def test_a_link_is_high_enough_to_be_pressed() -> None:
    plain = Words(lines=("a",), size=12.5)
    link = Words(lines=("a",), size=12.5, link="x.html")
    assert link.height >= 24 > plain.height
    assert size((plain, link)) == (plain.width, plain.height + link.height)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("second-failed-visit", "second failed visit"),
        ("non-compliance-raised", "non-compliance raised"),
        ("ended.age-18", "age 18"),
    ],
)
def test_ids_are_told_in_words(name: str, words: str) -> None:
    assert said(name) == words


def test_an_ending_is_told_as_one_outside_its_row() -> None:
    assert told("ended.death") == "ended: death"
    assert told("before-plan") == "before plan"


def test_no_two_kinds_of_moment_have_one_shape() -> None:
    shapes = [re.sub(r' (class|fill)="[^"]*"', "", sign(kind, 10, 10)) for kind in Kind]
    forms = ["full" in sign(kind, 10, 10) for kind in Kind]
    assert len({*zip(shapes, forms, strict=True)}) == len(Kind)


def test_no_two_kinds_of_moment_have_one_word() -> None:
    assert len({kind.value for kind in Kind}) == len(Kind)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.25, "1.2"), (-0.01, "0"), (1234.56, "1234.6")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_elements_are_escaped() -> None:
    assert element("a", "x", class_="k", aria_label='"<&') == (
        '<a class="k" aria-label="&quot;&lt;&amp;">x</a>'
    )
    assert element("path", d="M0 0") == '<path d="M0 0"/>'


def test_two_forms_of_a_picture_that_are_one_are_shown_once() -> None:
    assert either("<svg/>", "<svg/>", "a & b").count("<svg/>") == 1
    assert either("<svg/>", "<svg></svg>", "a & b").count("<svg") == 2
    assert "a &amp; b" in either("<svg/>", "<svg/>", "a & b")
