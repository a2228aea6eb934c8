"""The shipped packs against the register: every clause has a fate, every figure is the source's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.clauses import Clause, Enforcement
from cpplan.duties import Duty
from cpplan.values import Origin, Value
from cpplan_sim.account import Fate, account_of
from cpplan_sim.running import loaded
from tests.breaking import without_citing

FIVE = tuple(name for name in PROCEDURES if name != "composite")
CLAUSES = {"london": 121, "jersey": 138, "standards": 61, "lead-social-worker": 38, "luton": 194}


@pytest.mark.parametrize("name", FIVE)
def test_no_clause_is_missing(name: str) -> None:
    account = account_of(loaded(name))
    assert [one.clause.id for one in account.of(Fate.MISSING)] == []
    assert len(account.standings) == CLAUSES[name]


@pytest.mark.parametrize("name", FIVE)
def test_a_pack_of_one_source_takes_all_of_it(name: str) -> None:
    assert account_of(loaded(name)).of(Fate.NOT_TAKEN) == ()
    assert {clause.source for clause in loaded(name).clauses.values()} == {name}


def test_the_composite_takes_a_part_of_each_of_the_five() -> None:
    taken = {
        one.clause.source
        for one in account_of(loaded("composite")).standings
        if one.fate in (Fate.ENFORCED, Fate.TRACKED, Fate.RECORDED)
    }
    assert taken == set(FIVE)


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_excuse_has_a_reason_and_is_needed(name: str) -> None:
    procedure = loaded(name)
    excused = {one.clause.id for one in account_of(procedure).of(Fate.EXCUSED)}
    assert set(procedure.excused) == excused
    for clause, why in procedure.excused.items():
        assert len(why.split()) > 3, f"{clause} is excused without a reason"


@pytest.mark.parametrize("name", FIVE)
def test_few_clauses_are_excused(name: str) -> None:
    wanted = [one for one in loaded(name).clauses.values() if one.enforcement is not DOCS]
    assert len(loaded(name).excused) <= len(wanted) * 0.05


DOCS = Enforcement.DOCS_ONLY


@pytest.mark.parametrize("name", FIVE)
def test_a_clause_is_missed_as_soon_as_nothing_cites_it(name: str) -> None:
    procedure = loaded(name)
    wanted = [
        clause.id
        for clause in procedure.clauses.values()
        if clause.enforcement is not DOCS and clause.id not in procedure.excused
    ]
    for clause in wanted[::7]:
        account = account_of(without_citing(procedure, clause))
        assert [one.clause.id for one in account.of(Fate.MISSING)] == [clause]


# Figures: what the register has as numbers against what the packs have as values.

PERIODS = ("within", "every", "every_min", "every_max", "before", "notice", "age")

OTHER_FIGURE = {
    ("luton", "agreement-signed"): "only the act is a must; the five days are the next duty's",
}
"""Duties that cite a clause with a figure and do not take it, each with the reason."""


def figures(clause: Clause) -> Iterator[tuple[int, str]]:
    """Return the figures of a clause, each with its unit as the source gives it."""
    unit = clause.parameters.get("unit")
    for name in PERIODS:
        amount = clause.parameters.get(name)
        if isinstance(amount, int) and not isinstance(amount, bool) and isinstance(unit, str):
            yield amount, "years-of-age" if name == "age" else unit


def dated(name: str) -> list[Clause]:
    return [
        clause
        for clause in loaded(name).clauses.values()
        if clause.enforcement is not DOCS and any(figures(clause))
    ]


@pytest.mark.parametrize("name", FIVE)
def test_every_figure_of_the_register_is_a_value_that_cites_its_clause(name: str) -> None:
    procedure = loaded(name)
    lost = {
        clause.id: list(figures(clause))
        for clause in dated(name)
        if not (
            {(value.amount, value.unit) for value in _values_citing(procedure, clause.id)}
            >= set(figures(clause))
        )
    }
    assert lost == {}


def _values_citing(procedure: Procedure, clause: str) -> Iterator[Value]:
    for value in procedure.values.values():
        if clause in value.cites:
            yield value
    for duty in procedure.duties.values():
        if clause in duty.cites and duty.value is not None:
            yield duty.value


def test_there_are_figures_to_compare() -> None:
    assert {name: len(dated(name)) for name in FIVE} == {
        "london": 8,
        "jersey": 9,
        "standards": 5,
        "lead-social-worker": 5,
        "luton": 11,
    }


@pytest.mark.parametrize("name", FIVE)
def test_the_figure_of_a_duty_is_one_that_its_clauses_give(name: str) -> None:
    procedure = loaded(name)
    for duty in procedure.duties.values():
        given = {figure for clause in _cited(procedure, duty) for figure in figures(clause)}
        if not given or (name, duty.id) in OTHER_FIGURE:
            continue
        assert duty.value is not None, f"{duty.id} has no figure, its clauses give {given}"
        assert (duty.value.amount, duty.value.unit) in given, duty.id


@pytest.mark.parametrize("name", FIVE)
def test_a_figure_that_no_clause_of_the_duty_gives_is_marked_as_a_choice(name: str) -> None:
    procedure = loaded(name)
    for duty in procedure.duties.values():
        given = [figure for clause in _cited(procedure, duty) for figure in figures(clause)]
        if duty.value is None or given:
            continue
        chosen = Origin.CHOICE in (duty.origin, duty.value.origin)
        assert chosen or duty.why, f"{duty.id}: {duty.value.id} stands on no clause of the duty"


@pytest.mark.parametrize(("name", "duty"), OTHER_FIGURE)
def test_every_exception_is_still_one(name: str, duty: str) -> None:
    procedure = loaded(name)
    value = procedure.duties[duty].value
    given = {
        figure for clause in _cited(procedure, procedure.duties[duty]) for figure in figures(clause)
    }
    assert given
    assert value is None or (value.amount, value.unit) not in given


@pytest.mark.parametrize("name", FIVE)
def test_a_unit_left_open_by_the_source_is_read_as_one_with_a_reason(name: str) -> None:
    for value in loaded(name).values.values():
        if value.unit == "days-unspecified":
            assert value.read_as
            assert value.why
        else:
            assert not value.read_as


# Strengths and sources

OTHER_STRENGTH = {
    (
        "jersey",
        "closer-core-group",
    ): "the clause says that the conference sets it, not that it binds",
}
"""Duties of the source's own that bind otherwise than the clause cited first, with the reason."""


def _cited(procedure: Procedure, duty: Duty) -> list[Clause]:
    return [procedure.clauses[clause] for clause in duty.cites]


@pytest.mark.parametrize("name", FIVE)
def test_a_duty_binds_as_strongly_as_the_clause_it_cites_first(name: str) -> None:
    procedure = loaded(name)
    other = {
        (name, duty.id)
        for duty in procedure.duties.values()
        if duty.origin is Origin.OWN
        if duty.strength is not procedure.clauses[duty.cites[0]].strength
    }
    assert other == {pair for pair in OTHER_STRENGTH if pair[0] == name}


@pytest.mark.parametrize("name", FIVE)
def test_every_duty_of_the_sources_own_cites_its_source(name: str) -> None:
    for duty in loaded(name).duties.values():
        assert duty.cites or duty.origin is not Origin.OWN, duty.id


@pytest.mark.parametrize("name", PROCEDURES)
def test_requirements_cite_clauses_or_are_a_choice_with_a_reason(name: str) -> None:
    procedure = loaded(name)
    assert procedure.requirements
    for one in procedure.requirements.values():
        assert set(one.cites) <= set(procedure.clauses)
        assert one.cites or (one.origin is Origin.CHOICE and one.why), one.id


@pytest.mark.parametrize("name", FIVE)
def test_a_pack_of_one_source_cites_no_other(name: str) -> None:
    procedure = loaded(name)
    cited = {
        *(clause for duty in procedure.duties.values() for clause in duty.cites),
        *(clause for value in procedure.values.values() for clause in value.cites),
        *(clause for one in procedure.requirements.values() for clause in one.cites),
        *(c for rule in procedure.rules.values() for need in rule.needs for c in need.cites),
    }
    assert {clause.partition("/")[0] for clause in cited} == {name}


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_need_stands_on_clauses_or_says_why_it_is_ours(name: str) -> None:
    for rule in loaded(name).rules.values():
        for need in rule.needs:
            assert need.cites or need.why, f"{rule.id}: {need.code}"
