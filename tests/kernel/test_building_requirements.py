"""Requirements of a pack and of the shared lifecycle: what a procedure is held to."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan.events import ChairSatisfied, LetterRouteAgreed
from cpplan.events.parts import CircumstanceCheck
from cpplan.packs import lifecycle
from cpplan.requirements import Template
from cpplan.values import Origin

TINY = Path(__file__).parents[1] / "data" / "packs" / "tiny"
ON = dt.date(2026, 1, 5)


def with_requirements(folder: Path, text: str) -> Procedure:
    """Return the tiny procedure with more requirements."""
    shutil.copytree(TINY, folder / "tiny")
    with (folder / "tiny" / "requirements.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    return load(folder / "tiny")


def test_a_procedure_is_held_to_its_own_statements_and_to_the_shared_ones() -> None:
    shared = lifecycle().draft.requirements
    tiny = load(TINY)
    assert "core-group-first" in tiny.requirements
    assert tiny.requirements["effect-once"].says == shared["effect-once"].says
    assert tiny.requirements["effect-once"].origin is Origin.CHOICE
    assert "conference-can-be-held" in tiny.possible


def test_a_shared_requirement_is_left_out_where_one_of_its_sides_can_not_be_seen() -> None:
    tiny = load(TINY)
    assert "move-can-be-told" in lifecycle().draft.requirements
    assert "move-can-be-told" not in tiny.possible
    assert "one-dispute-at-a-time" not in tiny.requirements
    assert "one-dispute-at-a-time" in load("london").requirements


def test_a_shared_requirement_asks_for_as_much_as_the_procedure_has() -> None:
    """Tiny is silent on safety concerns, and only deals with plans that are not complied with."""
    tiny, composite = load(TINY), load("composite")
    events = {atom.match for atom in tiny.possible["difficulties-can-be-raised"].atoms}
    assert len(events) == 1
    assert len(composite.possible["difficulties-can-be-raised"].each) == 5
    for procedure, number in ((load("luton"), 1), (composite, 2)):
        then = procedure.requirements["safety-dealt-with-after-a-concern"].then
        assert then is not None
        assert len(then.alternatives) == number


def test_groups_of_states_stand_for_those_that_a_procedure_enters() -> None:
    silent, spoken = load("lead-social-worker"), load("luton")
    assert "escalated" not in silent.possible["plan-can-become-detailed"].states
    assert "escalated" in spoken.possible["plan-can-become-detailed"].states


@pytest.mark.parametrize("name", PROCEDURES)
def test_shared_requirements_cite_clauses_of_the_procedures_own_sources(name: str) -> None:
    procedure = load(name)
    cited = {clause for one in procedure.requirements.values() for clause in one.cites}
    cited |= {clause for one in procedure.possible.values() for clause in one.cites}
    assert cited <= procedure.clauses.keys()


def test_a_pack_says_otherwise_by_the_name_of_a_shared_statement(tmp_path: Path) -> None:
    changed = with_requirements(
        tmp_path,
        """\
  other-steps:
    says: Other steps can be recorded in outline.
    topic: detailed-plan
    template: possible
    first: {event: step-recorded}
    in: [outline]
    cites: [standards/3b]
""",
    )
    assert changed.possible["other-steps"].states == ("outline",)
    assert changed.possible["other-steps"].cites == ("standards/3b",)


def test_what_must_be_possible_names_one_event_or_several(tmp_path: Path) -> None:
    changed = with_requirements(
        tmp_path,
        """\
  one:
    says: One of two can be recorded.
    topic: detailed-plan
    template: possible
    first: {any: [{event: core-group-held}, {event: visit-made}]}
    in: [working, escalated]
    cites: [standards/3b]
  several:
    says: Each of two can be recorded.
    topic: detailed-plan
    template: possible
    each: [{event: core-group-held}, {event: visit-made}]
    in: [working]
    cites: [standards/3b]
""",
    )
    one, several = changed.possible["one"], changed.possible["several"]
    assert (len(one.each), len(one.atoms)) == (1, 2)
    assert (len(several.each), len(several.atoms)) == (2, 2)
    assert one.states == ("outline", "detailed", "active", "escalated")


def test_a_ban_has_three_sides() -> None:
    one = load("luton").requirements["one-dispute-at-a-time"]
    assert one.template is Template.NOT_UNTIL
    assert [atom.match.event for atom in one.atoms if atom.match] == [
        "dispute-raised",
        "dispute-raised",
        "dispute-resolved",
    ]


def test_a_list_is_held_when_nothing_of_the_earlier_one_is_left_out() -> None:
    covers = load("standards").requirements["every-arrangement-checked"].covers
    assert covers is not None
    agreed = LetterRouteAgreed(on=ON, unanimous=True, circumstances=("a", "b"))
    one = CircumstanceCheck(circumstance="a", in_place=True)
    other = CircumstanceCheck(circumstance="b", in_place=True)
    wanted = covers.wanted(agreed)
    assert wanted == {"a", "b"}
    assert covers.holds(wanted, ChairSatisfied(on=ON, checks=(other, one)))
    assert not covers.holds(wanted, ChairSatisfied(on=ON, checks=(one,)))
    assert not covers.holds(wanted, ChairSatisfied(on=ON))
    assert covers.wanted(LetterRouteAgreed(on=ON)) == frozenset()
