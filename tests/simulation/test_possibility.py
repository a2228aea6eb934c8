"""What must stay possible: shown by histories that the kernel takes, or proved not to be."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from cpplan import PROCEDURES, Plan, load
from cpplan.matching import Match
from cpplan.requirements import Atom, Possibility
from cpplan_sim.possibility import Shower, takes
from cpplan_sim.proving.prover import Proof, Prover
from cpplan_sim.running import loaded
from cpplan_sim.twins import stands

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")
HELD = Atom(Match("core-group-held"))
EFFECT = Atom(Match("plan-put-into-effect"))


def wanted(*each: Atom, states: tuple[str, ...]) -> Possibility:
    return Possibility(id="it", says="It.", topic="noting", each=each, states=states)


@pytest.mark.parametrize("name", PROCEDURES)
def test_all_that_must_be_possible_is_shown_and_the_kernel_takes_each_history(name: str) -> None:
    procedure = loaded(name)
    shower = Shower(procedure, Prover(procedure))
    for one in procedure.possible.values():
        shown = shower.show(one)
        assert shown.proof is Proof.PROVED, shown.lacking
        assert len(shown.ways) == len(one.each) * len(one.states)
        for way in shown.ways:
            events = [moment.event for moment in way.history]
            before = Plan.rebuild(procedure, events[:-1])
            assert before.state == way.state
            assert before.record(events[-1]).accepted
            assert any(
                atom.match and atom.match.matches(events[-1]) for atom in way.atom.alternatives
            )


def test_what_no_rule_is_for_in_a_state_is_not_possible_and_named() -> None:
    shown = Shower(TINY).show(wanted(HELD, EFFECT, states=("outline", "detailed")))
    assert shown.proof is Proof.BROKEN
    assert [str(way) for way in shown.lacking] == ["plan-put-into-effect in outline"]
    assert len(shown.ways) == 4


def test_what_a_rule_is_for_and_no_history_can_do_is_not_possible() -> None:
    """The rule stands, and asks for what can't have been."""
    rule = TINY.rules["plan-put-into-effect"]
    stuck = attrs.evolve(rule, needs=(stands("letter-sent"),))
    changed = attrs.evolve(TINY, rules={**TINY.rules, rule.id: stuck}, digest="stuck")
    shown = Shower(changed).show(wanted(EFFECT, states=("detailed",)))
    assert shown.proof is Proof.BROKEN


def test_one_of_several_alternatives_is_enough() -> None:
    either = Atom(any_of=(EFFECT, HELD))
    assert Shower(TINY).show(wanted(either, states=("outline",))).proof is Proof.PROVED


def test_an_event_has_to_say_what_is_wanted_and_lead_where_it_is_wanted() -> None:
    luton = loaded("luton")
    said = luton.possible["plan-may-state-any-decided-interval"]
    shown = Shower(luton).show(said)
    intervals = [way.history[-1].event.visit_interval for way in shown.ways]  # type: ignore[attr-defined]
    assert intervals[0] is None
    assert intervals[1] <= 4
    assert intervals[2] >= 5
    ended = Atom(Match("review-conference-decided"), enters=("active",))
    (way,) = Shower(TINY).show(wanted(ended, states=("review",))).ways
    assert way.history[-1].after == "active"


def test_a_history_is_told_again_under_another_procedure_before_another_is_looked_for() -> None:
    one = wanted(HELD, states=("outline",))
    before = Shower(TINY).show(one)
    (way,) = before.ways
    again = Shower(TINY, Prover(TINY)).show(one, before)
    assert again.ways == before.ways
    assert takes(TINY, way)
    assert not takes(TINY, attrs.evolve(way, state="detailed"))
    assert not takes(TINY, attrs.evolve(way, atom=EFFECT))
    assert not takes(TINY, attrs.evolve(way, history=way.history[-1:]))
