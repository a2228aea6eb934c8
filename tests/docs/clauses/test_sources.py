"""The page of a source: every clause, with what stands on it now."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import attrs
import pytest

from cpplan import Procedure
from cpplan.clause_register import load_source
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.clauses.index import PATH, index
from cpplan_docs.clauses.sources import source_page
from cpplan_sim.running import loaded
from tests.breaking import without_citing

NAME = "lead-social-worker"


def told(*procedures: Procedure, source: str = NAME) -> str:
    book = Book({one.name: one for one in procedures})
    return source_page(load_source(source), [load_source(source), load_source(NAME)], book).text


@cache
def page() -> str:
    return told(loaded(NAME))


def clause(text: str, number: str) -> str:
    """Return what a page says of one clause."""
    (found,) = re.findall(rf"^#### {number} .*?(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return str(found)


def anchors(text: str) -> list[str]:
    return re.findall(r"\{#([a-z0-9-]+)\}", text)


def test_every_clause_stands_on_the_page_once_where_its_address_says() -> None:
    wanted = [addresses.clause(one).anchor for one in load_source(NAME).clauses]
    assert sorted(one for one in anchors(page()) if one.startswith("clause-")) == sorted(wanted)


@pytest.mark.parametrize("source", ["standards", "luton"])
def test_no_two_places_on_a_page_share_an_anchor(source: str) -> None:
    found = anchors(told(source=source))
    assert len(found) > len(load_source(source).clauses)
    assert len(found) == len(set(found))


def test_no_level_of_heading_is_skipped() -> None:
    levels = [len(marks) for marks in re.findall(r"^(#+) ", page(), re.MULTILINE)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_the_contents_link_to_is_on_the_page() -> None:
    wanted = re.findall(r"\]\(#([a-z0-9-]+)\)", page())
    assert wanted
    assert set(wanted) <= set(anchors(page()))


def test_a_clause_is_told_with_its_strength_verb_sentence_figures_and_place() -> None:
    one = load_source(NAME).clauses[f"{NAME}/para-23b"]
    found = clause(page(), "para-23b")
    assert f"**{one.strength.value}**" in found
    assert "`every` 10; `unit` working-days" in found
    assert one.locator in found


def test_a_duty_that_tracks_a_clause_is_linked() -> None:
    assert f"(../procedures/{NAME}/duties.md#duty-visit)" in clause(page(), "para-23b")
    assert "**tracked**" in clause(page(), "para-23b")


def test_what_no_longer_cites_a_clause_is_gone_from_its_page() -> None:
    changed = told(without_citing(loaded(NAME), f"{NAME}/para-23b"))
    assert "#duty-visit" not in clause(changed, "para-23b")
    assert "**missing**" in clause(changed, "para-23b")


def test_an_excuse_is_told_with_its_reason() -> None:
    bare = without_citing(loaded(NAME), f"{NAME}/para-23b")
    excused = attrs.evolve(bare, excused={f"{NAME}/para-23b": "It is told elsewhere."})
    found = clause(told(excused), "para-23b")
    assert "**excused**" in found
    assert "Our reason: It is told elsewhere." in found


def test_the_own_procedure_comes_before_another_that_cites_a_clause() -> None:
    found = clause(told(loaded("composite"), loaded(NAME)), "para-23b")
    assert 0 < found.index(f"Under [{NAME}]") < found.index("Under [composite]")


def test_what_no_program_checks_says_why() -> None:
    assert "Why no program checks it:" in clause(page(), "para-2")


def test_topics_that_another_source_has_are_linked_there() -> None:
    assert f"Also in [{NAME}]({NAME}.md#topic-visit-interval)." in told(source="standards")
    assert "#topic-ending-letter)" not in told(source="standards")


def test_the_account_counts_what_becomes_of_each_source() -> None:
    book = Book({NAME: loaded(NAME)})
    text = index(book, [load_source(NAME)]).text
    counts = re.findall(r"(\d+) (?:enforced|tracked|recorded|documented only)", text)
    assert sum(map(int, counts)) == len(load_source(NAME).clauses)
    assert f"procedures/{NAME}/index.md" in text
    assert PATH == "clauses/index.md"


def test_the_account_follows_a_change_of_the_procedure() -> None:
    changed = Book({NAME: without_citing(loaded(NAME), f"{NAME}/para-23b")})
    assert "1 missing" in index(changed, [load_source(NAME)]).text
    assert "missing" not in index(Book({NAME: loaded(NAME)}), [load_source(NAME)]).text
