"""The YAML reader: plain values with their places, and every way a file can be wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cpplan.reading import (
    InvalidFileError,
    Place,
    Problem,
    nearest,
    parse_yaml,
    read_yaml,
)


def problems(text: str) -> list[str]:
    """Return what is wrong with a text."""
    with pytest.raises(InvalidFileError) as caught:
        parse_yaml(text)
    return [str(problem) for problem in caught.value.problems]


def test_values_are_plain_and_dates_are_dates() -> None:
    text = """
a: text
b: 12
c: 0x1f
d: 0o17
e: 1_000
f: 2.5
g: true
h: null
i: 2026-01-31
j: 2026-01-31T10:00:00
k: yes
l: [1, {m: 2}]
"""
    assert parse_yaml(text).data == {
        "a": "text",
        "b": 12,
        "c": 31,
        "d": 15,
        "e": 1000,
        "f": 2.5,
        "g": True,
        "h": None,
        "i": dt.date(2026, 1, 31),
        "j": "2026-01-31T10:00:00",
        "k": "yes",
        "l": [1, {"m": 2}],
    }


def test_an_empty_text_is_nothing() -> None:
    assert parse_yaml("").data is None
    assert parse_yaml("# a remark\n").data is None


def test_each_value_knows_its_place() -> None:
    document = parse_yaml("a:\n  - b: 1\n    c: 2\n", name="x.yaml")
    assert str(document.place("a", 0, "c")) == "x.yaml:3:5"
    assert str(document.place("a", 0, "d")) == "x.yaml:2:5"
    assert str(document.place("z")) == "x.yaml:1:1"
    assert str(parse_yaml("", name="x.yaml").place("z")) == "x.yaml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\na: 2", "<text>:2:1: the key 'a' stands here twice (keep one of them)"),
        ("1: 2", "<text>:1:1: the key '1' is not text (quote it)"),
        ("on: 1\ntrue: 2", "<text>:2:1: the key 'true' is not text (quote it)"),
        ("<<: {a: 1}", "<text>:1:1: the key '<<' is not text (quote it)"),
        ("a: &x 1\nb: *x", "<text>:1:4: anchors and aliases are not allowed (write the value out)"),
        (
            "a: !!binary aGk=",
            "<text>:1:4: the tag tag:yaml.org,2002:binary is not allowed (write the value plainly)",
        ),
        (
            "a: 2026-02-30",
            "<text>:1:4: '2026-02-30' is no date, as 2026-01-31: day is out of range for month"
            " (quote it if it is text)",
        ),
        ("a: .inf", "<text>:1:4: '.inf' is no number: could not convert string to float: '.inf'"),
        ("a: [1", "<text>:1:6: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\n---\nb: 2", "<text>:2:1: but found another document"),
        ("a: \x00", "<text>: unacceptable character #x0000: special characters are not allowed"),
        ("[" * 2_000, "<text>: is nested too deeply"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text: str, told: str) -> None:
    assert any(problem.startswith(told) for problem in problems(text))


def test_a_whole_number_too_long_to_be_one_is_refused() -> None:
    (told,) = problems("a: " + "9" * 5000)
    assert "is no whole number" in told


def test_every_problem_of_a_file_is_told_in_the_order_of_the_file() -> None:
    found = problems("z: 1\nz: 2\na: &x 1\n")
    assert [line.split(": ")[0] for line in found] == ["<text>:2:1", "<text>:3:4"]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: \xff\xfe")
    with pytest.raises(InvalidFileError, match=r"^x: is not UTF-8 text \(save it as UTF-8\)$"):
        read_yaml(file, name="x")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: 1", encoding="utf-8")
    assert read_yaml(file, limit=4).data == {"a": 1}
    with pytest.raises(InvalidFileError, match="has 4 bytes, more than 3"):
        read_yaml(file, limit=3)


def test_a_file_that_is_not_there_is_named_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"none\.yaml: can't be read: No such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(InvalidFileError, match="can't be read: Is a directory"):
        read_yaml(tmp_path)


def test_the_hint_is_the_nearest_name_or_all_of_a_few() -> None:
    assert nearest("londn", ["london", "luton"]) == "did you mean london?"
    assert nearest("x", ["london", "luton"]) == "one of: london, luton"
    assert nearest("!", map(str, range(20))).endswith(", ...")


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem(Place("f", 3, 4), "is wrong", "mend it")) == "f:3:4: is wrong (mend it)"
    assert str(Problem(Place("f"), "is wrong")) == "f: is wrong"


def test_what_one_reader_does_with_a_text_the_next_one_does_not_notice() -> None:
    text = "a: [1]\nb: x\n"
    one = parse_yaml(text, name="one.yaml")
    one.data["a"].append(2)
    again = parse_yaml(text, name="one.yaml")
    assert again.data == {"a": [1], "b": "x"}
    assert parse_yaml(text, name="other.yaml").place("b") == Place("other.yaml", 2, 1)
