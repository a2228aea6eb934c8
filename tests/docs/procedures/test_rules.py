"""The page of rules: every rule and step has its place, and a changed rule changes it."""

from __future__ import annotations

import re

import attrs
import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.needs import StepNeed
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.procedures.rules import noted_in, pages
from cpplan_sim.running import loaded


def text(procedure: Procedure) -> str:
    (page,) = pages(Book({procedure.name: procedure}))
    return page.text


def anchors(of: str) -> list[str]:
    return re.findall(r'(?:\{#|id=")([a-z0-9-]+)', of)


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_rule_has_its_anchor_once(name: str) -> None:
    procedure = loaded(name)
    found = anchors(text(procedure))
    wanted = [addresses.rule(name, rule).anchor for rule in procedure.rules]
    assert all(found.count(one) == 1 for one in wanted)


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_step_that_is_linked_is_told(name: str) -> None:
    told = text(loaded(name))
    linked = set(re.findall(r"\]\(#(step-[a-z0-9-]+)\)", told))
    assert len(linked) > 5
    assert linked <= set(anchors(told))


def test_a_dropped_need_leaves_its_rule() -> None:
    london = loaded("london")
    rule = next(r for r in london.rules.values() if any(isinstance(n, StepNeed) for n in r.needs))
    need = next(n for n in rule.needs if isinstance(n, StepNeed))
    less = attrs.evolve(rule, needs=tuple(n for n in rule.needs if n is not need))
    changed = attrs.evolve(london, rules={**london.rules, rule.id: less})
    before, after = text(london), text(changed)
    code = f"Else refused: [`{need.code}`]"
    assert before.count(code) == after.count(code) + 1


def test_what_only_notes_needs_and_changes_nothing() -> None:
    london = loaded("london")
    noted = [london.rules[name] for name in noted_in(london)]
    assert len(noted) > 10
    assert not any(rule.needs or rule.sets or rule.clears for rule in noted)


def test_a_field_that_is_told_when_left_out_names_its_clauses() -> None:
    luton = loaded("luton")
    told = text(luton)
    cited = {clause for ones in luton.records.values() for one in ones for clause in one.cites}
    assert len(cited) > 10
    assert all(f"[{clause}](" in told for clause in cited)
