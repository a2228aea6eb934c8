"""Merging the edges of a lifecycle changes how they are told, and nothing of what they say."""

from __future__ import annotations

import attrs
import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan_docs.pictures.moves import groups, members, moves, staying


def _apart(procedure: Procedure) -> list[tuple[str, str, str]]:
    return sorted(
        (source, target, rule.id)
        for move in moves(procedure)
        for rule in move.rules
        for source in members(move.source, procedure)
        for target in members(move.target, procedure)
    )


@pytest.mark.parametrize("name", PROCEDURES)
def test_moves_tell_every_edge_once_and_no_other(name: str) -> None:
    procedure = load(name)
    edges = {(e.source, e.target, e.rule.id) for e in procedure.edges if e.source != e.target}
    assert _apart(procedure) == sorted(edges)


@pytest.mark.parametrize("name", PROCEDURES)
def test_with_the_rules_that_stay_every_edge_is_told(name: str) -> None:
    procedure = load(name)
    stay = {(s, s, rule.id) for s in procedure.states for rule in staying(procedure, s)}
    edges = {(e.source, e.target, e.rule.id) for e in procedure.edges}
    assert stay | set(_apart(procedure)) == edges


@pytest.mark.parametrize("name", PROCEDURES)
def test_some_moves_are_told_of_a_group(name: str) -> None:
    procedure = load(name)
    known = groups(procedure.states)
    assert any(move.source in known for move in moves(procedure))


def test_a_rule_that_leaves_out_one_state_of_a_group_is_told_state_by_state() -> None:
    procedure = load("standards")
    rule = next(m for m in moves(procedure) if m.source == "working").rules[0]
    narrowed = attrs.evolve(rule, sources=tuple(s for s in rule.sources if s != "outline"))
    changed = attrs.evolve(procedure, rules={**procedure.rules, rule.id: narrowed})
    told = {m.source for m in moves(changed) if rule.id in {r.id for r in m.rules}}
    assert told == {"detailed", "active"}


def test_groups_hold_only_states_that_there_are() -> None:
    assert groups(("outline", "active", "review")) == {
        "working": ("outline", "active"),
        "live": ("outline", "active"),
        "on-plan": ("outline", "active", "review"),
    }
