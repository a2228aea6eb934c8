"""The glossary: every term where its address says, every list as the code has it."""

from __future__ import annotations

import re
from functools import cache

import attrs

from cpplan.roles import Role
from cpplan.states import STATES
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.reference.glossary import PATH, pages, parts_of
from cpplan_docs.words.terms import LISTS, load_terms
from cpplan_sim.running import loaded

NAME = "lead-social-worker"


@cache
def text() -> str:
    (page,) = pages(Book({NAME: loaded(NAME)}))
    return page.text


def found() -> list[str]:
    return re.findall(r"(?:\{#|id=\")([a-z0-9-]+)", text())


def test_every_term_state_and_member_of_a_list_has_its_place() -> None:
    terms = load_terms()
    words = [*terms.field, *terms.project, *STATES]
    words += [str(one.value) for kind in LISTS.values() for one in kind]
    assert {addresses.term(one).anchor for one in words} == set(found())


def test_no_two_terms_share_a_place() -> None:
    assert len(found()) == len(set(found()))


def test_a_state_is_told_as_the_code_has_it_and_where_it_occurs() -> None:
    assert STATES["outline"] in text()
    assert f"../procedures/{NAME}/index.md#state-outline" in text()
    assert "ended at a review conference. In no procedure here." in text()


def test_a_role_is_told_with_the_duties_that_it_owes() -> None:
    procedure = loaded(NAME)
    owed = sum(Role.LEAD_SOCIAL_WORKER in one.owed_by for one in procedure.duties.values())
    told = " ".join(parts_of(Role.LEAD_SOCIAL_WORKER, {NAME: procedure}))
    assert owed > 1
    assert f"(../procedures/{NAME}/duties.md) ({owed})" in told


def test_a_duty_owed_no_more_is_counted_no_more() -> None:
    procedure = loaded(NAME)
    nobodys = {key: attrs.evolve(one, owed_by=()) for key, one in procedure.duties.items()}
    told = parts_of(Role.LEAD_SOCIAL_WORKER, {NAME: attrs.evolve(procedure, duties=nobodys)})
    assert "Owes" not in " ".join(told)


def test_a_role_is_told_with_the_rules_that_ask_for_it() -> None:
    told = " ".join(parts_of(Role.CONFERENCE_CHAIR, {"standards": loaded("standards")}))
    assert "rules.md#rule-letter-sent" in told


def test_it_stands_where_terms_are_linked() -> None:
    assert addresses.term("duty").path == PATH
