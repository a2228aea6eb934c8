"""Needs as sentences: every kind of need has one, filled in from the need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.needs import AnyNeed, Need, StepNeed
from cpplan.rules import Rule
from cpplan_docs.words.needs import Sentences
from cpplan_sim.running import loaded

PATH = "procedures/one/rules.md"


def asked(procedure: Procedure) -> Iterator[tuple[Rule, Need]]:
    for rule in procedure.rules.values():
        for need in rule.needs:
            yield rule, need
            if isinstance(need, AnyNeed):
                yield from ((rule, one) for one in need.needs)


def test_every_need_of_every_shipped_rule_is_told_and_every_kind_is_met_with() -> None:
    met = set()
    for name in PROCEDURES:
        procedure = loaded(name)
        for rule, need in asked(procedure):
            told = Sentences(procedure, rule, PATH).told(need)
            assert f"`{need.code}`" in told
            assert all(clause in told for clause in need.cites)
            met.add(type(need))
    known = {one for one in Need.__subclasses__() if one.__module__ == Need.__module__}
    assert met == known


def test_a_step_is_told_with_what_it_means() -> None:
    procedure = loaded("london")
    rule, need = next(one for one in asked(procedure) if isinstance(one[1], StepNeed))
    assert isinstance(need, StepNeed)
    told = Sentences(procedure, rule, PATH).sentence(need)
    assert told.startswith("It stands that [")
    assert procedure.steps[need.step] in told


def test_a_kind_of_need_without_a_sentence_is_a_mistake() -> None:
    procedure = loaded("london")
    rule = next(iter(procedure.rules.values()))
    with pytest.raises(TypeError, match="no sentence tells a Need: write one"):
        Sentences(procedure, rule, PATH).told(Need(code="new", says="", cites=()))
