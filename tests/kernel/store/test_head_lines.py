"""Heads as lines, to be kept elsewhere: what lies, is cut off or is no head is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpplan.store import Head, Store
from cpplan.store.drafting import drafted
from cpplan.store.head_lines import heads_in, lines_of_heads
from cpplan.store.lines import InvalidLinesError
from tests.kernel.store.told import entries

HASH = "0a" * 32
HEADS = [Head("Ada", 2, HASH), Head("Zoë", 1, HASH)]
LINES = list(lines_of_heads(HEADS))


def test_heads_are_read_as_they_were_written(store: Store) -> None:
    for plan in ("Ada", "Zoë"):
        store.append(plan, [drafted(entry) for entry in entries()], expected=0)
    heads = list(store.heads())
    read = list(heads_in(lines_of_heads(heads)))
    assert read == heads != []
    assert list(store.verify(read)) == []


def test_after_the_heads_comes_their_number() -> None:
    assert LINES[-1] == '{"heads":2}'
    assert list(lines_of_heads([])) == ['{"heads":0}']
    assert list(heads_in(['{"heads":0}'])) == []


def test_one_export_may_follow_another_with_other_heads_of_the_same_plans() -> None:
    later = [Head("Ada", 3, "ff" * 32)]
    assert list(heads_in([*LINES, *lines_of_heads(later)])) == [*HEADS, *later]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], 'line 1: the last line should be {"heads":0}'),
        (LINES[:-1], 'line 3: the last line should be {"heads":2}'),
        (LINES[:1], 'line 2: the last line should be {"heads":1}'),
        ([*LINES, LINES[0]], 'line 5: the last line should be {"heads":1}'),
        (LINES[1:], "line 2: heads is 2, and 1 stand before it"),
        ([*LINES, LINES[-1]], "line 4: heads is 2, and 0 stand before it"),
        (['{"heads":false}'], "line 1: heads is False, and 0 stand before it"),
        ([LINES[0], "{", LINES[-1]], "line 2: Expecting"),
        ([LINES[0], "[]", LINES[-1]], "line 2: '\\[\\]' is no object"),
        (
            [LINES[0], '{"plan":"Ada"}', LINES[-1]],
            "line 2: a head has the keys plan, version, hash",
        ),
        ([LINES[0], '{"plan":"a","plan":"b"}'], "line 2: given twice: plan"),
        ([LINES[0], "[" * 100_000], "line 2: "),
    ],
)
def test_lines_that_are_cut_off_or_hold_no_head_are_told(lines: list[str], says: str) -> None:
    with pytest.raises(InvalidLinesError, match=f"^{says}"):
        list(heads_in(lines))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        *[
            ({"version": version}, "version is .*, not a whole number from 1")
            for version in ("5", None, True, 5.5, 0, -1)
        ],
        *[({"hash": given}, "hash is .*, not a SHA-256") for given in (5, None, "", HASH.upper())],
        ({"plan": ""}, "plan is ''"),
        ({"plan": 5}, "plan is 5"),
    ],
)
def test_a_head_with_a_wrong_value_is_told(wrong: dict[str, Any], says: str) -> None:
    line = json.dumps({**json.loads(LINES[0]), **wrong})
    with pytest.raises(InvalidLinesError, match=f"line 1: {says}"):
        list(heads_in([line, '{"heads":1}']))
