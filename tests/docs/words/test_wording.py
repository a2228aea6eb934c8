"""Wording: days, counts and names read as words."""

from __future__ import annotations

import datetime as dt

from cpplan_docs.words.wording import counted, day, spaced, titled


def test_a_day_says_its_day_of_the_week() -> None:
    assert day(dt.date(2026, 1, 5)) == "Monday 5 January 2026"
    assert day(dt.date(2028, 2, 29)) == "Tuesday 29 February 2028"


def test_a_name_is_read_as_words() -> None:
    assert spaced("core-group-held") == "core group held"
    assert titled("core-group-held") == "Core group held"


def test_one_is_not_told_as_several() -> None:
    assert [counted(number, "clause") for number in (0, 1, 2)] == [
        "0 clauses",
        "1 clause",
        "2 clauses",
    ]
