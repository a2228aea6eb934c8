"""The comparison: every figure of every procedure, and what a difference comes to."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import attrs

from cpplan import Procedure
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.comparing.side_by_side import pages
from cpplan_docs.pages import Page
from cpplan_sim.running import loaded

ONE, OTHER = "lead-social-worker", "standards"
COMPARISON, BOTH = addresses.value("").path, addresses.side_by_side(ONE, OTHER).path


def told(*procedures: Procedure) -> dict[str, Page]:
    book = Book({one.name: one for one in procedures})
    return {page.path: page for page in pages(book)}


@cache
def shipped() -> dict[str, Page]:
    return told(loaded(ONE), loaded(OTHER))


def section(text: str, anchor: str) -> str:
    """Return what a page says under one anchor."""
    (found,) = re.findall(rf"^### [^\n]*{{#{anchor}}}\n.*?(?=^##|\Z)", text, re.M | re.S)
    return str(found)


def figure(text: str, value: str) -> str:
    return section(text, addresses.value(value).anchor)


def test_every_figure_of_every_procedure_has_its_place() -> None:
    text = shipped()[COMPARISON].text
    for procedure in (loaded(ONE), loaded(OTHER)):
        for name, value in procedure.values.items():
            said = figure(text, name)
            assert f"**{value}**" in said
            for clause in value.cites:
                assert addresses.clause(clause).seen_from(COMPARISON) in said


def test_each_procedure_is_told_of_under_each_figure() -> None:
    text = shipped()[COMPARISON].text
    for name in {*loaded(ONE).values, *loaded(OTHER).values}:
        assert len(re.findall(r"^- \[(?:Lead|Standards)", figure(text, name), re.M)) == 2


def test_a_difference_is_said_in_words() -> None:
    said = figure(shipped()[COMPARISON].text, "visit-interval")
    assert (
        "**Differs:** 10 working days in Lead social worker; 2 calendar weeks in Standards" in said
    )


def test_silence_is_told_with_its_remark() -> None:
    said = figure(shipped()[COMPARISON].text, "letter-notice")
    assert f"silent: {loaded(ONE).silent['ending.letter']}" in said


def test_a_figure_changed_in_a_pack_is_changed_on_its_page() -> None:
    procedure = loaded(ONE)
    old = procedure.values["visit-interval"]
    new = attrs.evolve(old, amount=12)
    duties = {
        name: attrs.evolve(duty, value=new) if duty.value == old else duty
        for name, duty in procedure.duties.items()
    }
    values = {**procedure.values, "visit-interval": new}
    changed = told(attrs.evolve(procedure, values=values, duties=duties), loaded(OTHER))
    assert "**12 working days**" in figure(changed[COMPARISON].text, "visit-interval")
    due = section(changed[BOTH].text, addresses.due_under(ONE, OTHER, "visit").anchor)
    assert "within 12 working days" in due or "every 12 working days" in due
    assert due != section(shipped()[BOTH].text, addresses.due_under(ONE, OTHER, "visit").anchor)


def test_what_a_difference_comes_to_is_linked_to_the_page_of_the_two() -> None:
    said = figure(shipped()[COMPARISON].text, "visit-interval")
    assert addresses.due_under(ONE, OTHER, "visit").seen_from(COMPARISON) in said


def test_a_page_of_two_tells_what_each_allows_alone_with_its_history() -> None:
    text = shipped()[BOTH].text
    assert "## What Lead social worker allows and Standards refuses" in text
    assert "## What Standards allows and Lead social worker refuses" in text
    refusals = re.findall(r"^[^\n]*refuses it(?: by [^\n]*)?:$", text, re.M)
    assert refusals
    assert text.count("<summary>The history: ") == len(refusals)


def test_what_was_looked_for_in_vain_is_said_with_the_states_searched() -> None:
    text = shipped()[BOTH].text
    assert re.search(r"<summary>Looked for, and shown by no history: \d+<", text)
    assert re.search(r"\(\d+ states? searched\)", text)


def test_headings_go_down_one_level_at_a_time() -> None:
    for page in shipped().values():
        levels = [len(one) for one in re.findall(r"^(#+) ", page.text, re.M)]
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_no_page_has_a_table() -> None:
    """Lists are read on a phone without scrolling."""
    assert not any(re.search(r"^\|", page.text, re.M) for page in shipped().values())
