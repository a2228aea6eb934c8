from __future__ import annotations

import pytest

from cpplan.service.plain_data import DEEPEST, InvalidDataError, plain


def test_json_is_read_with_everything_that_it_says() -> None:
    assert plain('{"a": [1, true, null, "é\\n"]}'.encode()) == {"a": [1, True, None, "é\n"]}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\xff", "not UTF-8 at byte 0"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"{", "no JSON at line 1, column 2"),
        (b"", "no JSON"),
        (b'{"a": 1, "a": 2}', "the same key twice"),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"1" * 5000, "too many digits"),
        (b'"a\\u0000b"', "a zero character"),
        (b'{"\\ud800": 1}', "half a surrogate pair"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested deeper than 16"),
        (b"[" * 100_000, "nested deeper than 16"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(InvalidDataError, match=says):
        plain(body)


def test_a_whole_number_is_one_however_it_is_written() -> None:
    found = plain(b"[12, 12.0, 1.2e1, 12.5, 1e300]")
    assert found == [12, 12, 12, 12.5, 1e300]
    assert [type(one) for one in found] == [int, int, int, float, float]


def test_brackets_in_a_text_do_not_nest() -> None:
    assert plain(b'"' + b"[" * 100 + b'"') == "[" * 100


def test_as_deep_as_is_allowed_is_allowed() -> None:
    assert plain(b"[" * DEEPEST + b"]" * DEEPEST)


def test_what_is_refused_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InvalidDataError) as found:
        plain(b'{"name": "a child", "name": "\xff"}')
    assert "child" not in str(found.value)
