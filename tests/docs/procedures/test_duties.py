"""The page of duties: every duty with its limit in the unit that the source gives it in."""

from __future__ import annotations

import re

import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.procedures.duties import pages
from cpplan_docs.words.duties import place
from cpplan_sim.running import loaded


def text(procedure: Procedure) -> str:
    (page,) = pages(Book({procedure.name: procedure}))
    return page.text


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_duty_stands_once_with_its_figure_and_clauses(name: str) -> None:
    procedure = loaded(name)
    parts = re.split(r"^### ", text(procedure), flags=re.MULTILINE)[1:]
    assert len(parts) == len(procedure.duties)
    for duty in procedure.duties.values():
        (part,) = [p for p in parts if f"{{#{addresses.duty(name, duty.id).anchor}}}" in p]
        assert all(f"[{clause}](" in part for clause in duty.cites)
        if duty.value is not None and duty.value.amount is not None:
            assert f"[{duty.value}](" in part


def test_another_figure_changes_the_page_with_no_other_edit() -> None:
    changed = text(load("luton", values={"first-core-group-limit": 7}))
    assert "within [7 working days]" in changed
    assert "within [7 working days]" not in text(loaded("luton"))


def test_a_duty_whose_figure_is_agreed_for_each_plan_says_so() -> None:
    assert "that is agreed for each plan" in text(loaded("luton"))


def test_a_jurisdiction_is_written_with_capitals_but_for_and() -> None:
    assert place("england-and-wales") == "England and Wales"
