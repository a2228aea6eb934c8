"""The page of last days: every day in its month's calendar leads to where it is told."""

from __future__ import annotations

import re
from functools import cache

from cpplan_docs.book import Book
from cpplan_docs.procedures.last_days import pages
from cpplan_sim.running import loaded


@cache
def text(name: str) -> str:
    (page,) = pages(Book({name: loaded(name)}))
    return page.text


def test_each_linked_day_is_told_and_each_told_day_is_linked() -> None:
    linked = re.findall(r"\]\(#(day-[\d-]+)\)", text("lead-social-worker"))
    told = re.findall(r"\{#(day-[\d-]+)\}", text("lead-social-worker"))
    assert len(told) > 10
    assert sorted(linked) == sorted(told)
    assert len(set(told)) == len(told)


def test_a_public_holiday_is_marked_with_a_word() -> None:
    assert "| 1 free |" in text("lead-social-worker")


def test_what_has_no_last_moment_is_listed() -> None:
    undated = text("london").partition("These have no last moment")[2].partition("## Plan 1")[0]
    wanted = [d.id for d in loaded("london").duties.values() if d.value is None and not d.due_at]
    assert wanted
    assert all(f"duties.md#duty-{name})" in undated for name in wanted)


def test_nothing_is_told_as_overdue_missed_or_late() -> None:
    for name in ("london", "lead-social-worker"):
        assert not re.search(r"overdue|Missed|Met late", text(name))


def test_the_telling_says_what_is_still_owed() -> None:
    assert "Here the telling stops. Still owed at the end of" in text("lead-social-worker")
