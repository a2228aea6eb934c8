"""The page of endings: what the search found, or that nothing ends a plan."""

from __future__ import annotations

from functools import cache

from cpplan.states import is_ended
from cpplan_docs.book import Book
from cpplan_docs.procedures.endings import NONE, pages
from cpplan_sim.running import loaded


@cache
def text(name: str) -> str:
    (page,) = pages(Book({name: loaded(name)}))
    return page.text


def test_a_procedure_without_endings_says_so_and_on_what_it_is_silent() -> None:
    before = text("lead-social-worker").partition("## The states before")[0]
    assert NONE in before
    silent = [one for one in loaded("lead-social-worker").silent if one.startswith("ending.")]
    assert before.count("\n- ") == len(silent) > 0


def test_each_ending_tells_its_steps_with_their_clauses() -> None:
    standards = loaded("standards")
    parts = text("standards").partition("## The states before")[0].split("\n### ")[1:]
    assert len(parts) == sum(is_ended(state) for state in standards.states) > 0
    assert all("rules.md#step-on-plan" in part for part in parts)
    assert "Every history has these steps:" in parts[0]
    assert "../../clauses/standards.md#clause-" in parts[0]


def test_a_longer_way_round_is_told_with_its_length() -> None:
    assert "It can do without each of these, by a longer way:" in text("standards")
