"""Tables hold a procedure as its own objects say it: rules, needs, duties, states, codes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cpplan import PROCEDURES
from cpplan.states import is_ended
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.compiling_law import OURS, steps_of
from cpplan_sim.caseload.tables import year_ends
from cpplan_sim.running import loaded
from cpplan_sim.trials import codes_of
from tests.simulation.caseload.engines import SPAN, duty, moves, moves_of, profile, tables


@cache
def edges(name: str) -> set[int]:
    made = tables(name)
    return {int(made.law[move + c.M_EDGE]) for move in moves(made)}


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_edge_of_a_procedure_can_be_taken_by_something_said(name: str) -> None:
    assert edges(name) == {edge.number for edge in loaded(name).edges}


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_move_leads_where_its_edge_leads(name: str) -> None:
    made = tables(name)
    law, known = made.law, {edge.number: edge for edge in loaded(name).edges}
    for move in moves(made):
        edge = known[int(law[move + c.M_EDGE])]
        assert made.states[law[move + c.M_TARGET]] == edge.target
        assert bool(law[move + c.M_ENDS]) is is_ended(edge.target)
        assert bool(law[move + c.M_CHANGES]) is (edge.target != edge.source)
        assert law[move + c.M_NEEDS_N] == len(edge.rule.needs)
        assert law[move + c.M_GIVEN_N] == len(edge.given)
        assert law[move + c.M_CLEARS_N] == len(edge.clears)
        needs = range(law[move + c.M_NEEDS], law[move + c.M_NEEDS] + len(edge.rule.needs) * 5, 5)
        codes = [made.codes[law[need + c.N_CODE]] for need in needs]
        assert codes == [need.code for need in edge.rule.needs]


@pytest.mark.parametrize("name", PROCEDURES)
def test_names_are_those_of_the_procedure(name: str) -> None:
    made, procedure = tables(name), loaded(name)
    assert made.states == tuple(procedure.states)
    assert made.duties == tuple(procedure.duties)
    assert made.steps == steps_of(procedure)
    assert made.codes[: len(OURS)] == OURS
    assert set(codes_of(procedure)) <= set(made.codes)
    assert set(made.kinds) == {saying.kind for saying in made.sayings}


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_duty_is_told_by_its_row(name: str) -> None:
    made = tables(name)
    for number, one in enumerate(loaded(name).duties.values()):
        row = made.law[duty(made, one.id) : duty(made, one.id) + c.D_WIDTH]
        assert row[c.D_NUMBER] == number
        assert bool(row[c.D_RECURS]) is one.recurs
        assert bool(row[c.D_OUTLIVES]) is one.outlives_plan
        unchosen = one.value is not None and one.value.amount is None
        assert bool(row[c.D_UNCHOSEN]) is unchosen
        assert row[c.D_ALLOWED] >= 1


def test_a_procedure_that_says_nothing_of_something_is_asked_about_it_all_the_same() -> None:
    for name in PROCEDURES:
        engine = loaded(name).engine
        assert any(not engine.knows(saying) for saying in tables(name).sayings), name


def test_the_counts_stand_one_after_another_and_fill_their_row() -> None:
    made = tables()
    at = 0
    for number, name in enumerate(k.COUNTED):
        assert made.law[c.H_COUNTS + number] == at
        at += int(np.prod(made.shapes[name]))
    assert len(made.rows()[3]) == at
    assert made.shapes["duties"] == (len(made.duties), k.U_WIDTH)
    assert made.shapes["started"] == (len(year_ends(SPAN)),)


def test_tables_are_the_same_each_time() -> None:
    made, again = tables(), compile_tables(loaded("standards"), profile("trial"), SPAN)
    assert (made.law == again.law).all()
    assert (made.odds == again.odds).all()
    assert made.sayings == again.sayings
    assert made.acts == again.acts


def test_rows_are_fresh_each_time_and_whole_numbers_of_a_run_are_not_kept() -> None:
    one, other = tables().rows(), tables().rows()
    one[3][0] = 7
    assert other[3][0] == 0
    assert len(one[2]) == tables().life_size


def test_a_rule_for_two_values_of_a_field_is_for_what_says_either() -> None:
    made = tables()
    said = {
        int(made.law[move + c.M_EDGE]) for move in moves_of(made, "looked-after-iro-keeps-plan")
    }
    assert len(said) == len(loaded("standards").rules["looked-after-iro-keeps-plan"].sources)
