"""From plain values to classes: nothing is coerced, and every mistake has its path."""

from __future__ import annotations

import enum

import attrs
import pytest

from cpplan.reading import InvalidFileError, parse_yaml
from cpplan.structuring import converter, enum_values, key_of, mistakes, structure


@attrs.frozen
class Leaf:
    name: str
    read_as: int | None = None
    in_: list[str] = attrs.field(factory=list)


@attrs.frozen
class Tree:
    leaves: list[Leaf] = attrs.field(factory=list)
    named: dict[str, Leaf] = attrs.field(factory=dict)
    either: str | list[str] | Leaf | None = None
    switch: bool = False


def problems(text: str) -> list[str]:
    """Return what is wrong with a text that should be a tree."""
    with pytest.raises(InvalidFileError) as caught:
        structure(parse_yaml(text), Tree)
    return [str(problem).removeprefix("<text>:") for problem in caught.value.problems]


def test_keys_are_written_with_hyphens() -> None:
    assert (key_of("read_as"), key_of("in_"), key_of("is_not")) == ("read-as", "in", "is-not")
    text = "leaves: [{name: a, read-as: 3, in: [x]}]\nnamed: {b: {name: c}}\nswitch: true"
    assert structure(parse_yaml(text), Tree) == Tree(
        [Leaf("a", 3, ["x"])], {"b": Leaf("c")}, switch=True
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("x", "x"), ("[x]", ["x"]), ("{name: x}", Leaf("x")), ("null", None)],
)
def test_a_union_takes_each_of_its_kinds(text: str, value: object) -> None:
    assert structure(parse_yaml(f"either: {text}"), Tree).either == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [" nothing is not a mapping of keys to values"]),
        ("[1]", ["1:1: a list is not a mapping of keys to values"]),
        ("leaves: x", ["1:1: 'x' is not a list"]),
        ("leaves: {a: 1}", ["1:1: a mapping is not a list"]),
        ("named: [x]", ["1:1: a list is not a mapping of keys to values"]),
        ("named: {a: 1}", ["1:9: 1 is not a mapping of keys to values"]),
        ("switch: 1", ["1:1: 1 is not true or false"]),
        ("either: 2.5", ["1:1: 2.5 is not text or a list or a mapping"]),
        ("leaves: [{name: true}]", ["1:11: True is not text"]),
        ("leaves: [{name: a, read-as: '3'}]", ["1:20: '3' is not a whole number"]),
        ("leaves: [{}]", ["1:10: the key 'name' is missing"]),
        (
            "leaves: [{name: a, read_as: 3}]",
            ["1:20: unknown key 'read_as' (did you mean read-as?)"],
        ),
        (f"leaves: [{'x' * 99}]", [f"1:10: '{'x' * 56}... is not a mapping of keys to values"]),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, told: list[str]) -> None:
    assert problems(text) == told


def test_all_mistakes_are_told() -> None:
    assert len(problems("leaves: [{nam: a}, 3]\nnamed: {a: {name: 1}}\nswitch: x\nleafs: []")) == 6


def test_an_error_that_is_not_about_the_data_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        list(mistakes(ZeroDivisionError(), key_of))


def test_the_values_of_an_enumeration_are_as_files_write_them() -> None:
    class Colour(enum.Enum):
        RED = "red"
        TWO = 2

    assert enum_values(Colour) == ["red", "2"]


def test_there_is_one_converter() -> None:
    assert converter() is converter()
