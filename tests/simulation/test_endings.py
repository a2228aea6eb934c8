"""What each ending can't do without, and the shortest way round what it can."""

from __future__ import annotations

from functools import cache

import attrs
import pytest

from cpplan.needs import AnyNeed, NoStepNeed, StepNeed
from cpplan.states import BEFORE_PLAN
from cpplan_sim.endings import Shown, Ways, things_in, ways_to
from cpplan_sim.forgoing import Sort, Thing
from cpplan_sim.monitors import Moment
from cpplan_sim.running import loaded
from tests.breaking import without_code
from tests.simulation.brute import START, TINY, alphabet, plans, taken

DEPTH = 7


@cache
def ways(name: str) -> dict[str, Ways]:
    procedure = TINY if name == "tiny" else loaded(name)
    return {one.state: one for one in ways_to(procedure)}


@cache
def histories() -> tuple[tuple[str, int, frozenset[str]], ...]:
    """Return the state, length and content of every short history, shortest first."""
    return tuple((p.state, len(p.history), taken(p)) for p in plans(TINY, DEPTH))


def shortest_without(state: str, thing: Thing) -> int | None:
    """Return the length of the shortest history to a state without a thing, by brute force."""
    found = (most for where, most, had in histories() if where == state and str(thing) not in had)
    return next(found, None)


@pytest.mark.parametrize("state", [state for state in TINY.states if state != BEFORE_PLAN])
def test_the_shortest_way_round_is_that_of_brute_force(state: str) -> None:
    one = ways("tiny")[state]
    assert one.undecided == ()
    by_thing = {b.thing: len(b.history) for b in one.bypasses}
    musts = {must.thing for must in one.musts} | {Thing(Sort.STATE, s) for s in one.passes}
    assert musts.isdisjoint(by_thing)
    known = {event.kind for event in alphabet(START)}
    for thing in sorted(musts | by_thing.keys()):
        if thing.sort is Sort.STATE and thing.name == BEFORE_PLAN:
            continue
        found = shortest_without(state, thing)
        if thing in musts:
            assert found is None, thing
        elif by_thing[thing] <= DEPTH and {m.event.kind for m in bypass(one, thing)} <= known:
            assert found == by_thing[thing], thing
    assert musts


def bypass(one: Ways, thing: Thing) -> tuple[Moment, ...]:
    return next(b.history for b in one.bypasses if b.thing == thing)


@pytest.mark.parametrize("name", ["tiny", "standards"])
def test_no_way_round_a_thing_has_it(name: str) -> None:
    procedure = TINY if name == "tiny" else loaded(name)
    longer = 0
    for state, one in ways(name).items():
        assert one.reachable
        for found in one.bypasses:
            had = things_in(procedure, found.history)
            assert found.thing not in had
            assert Thing(Sort.STATE, state) in had
            longer += found.longer
            assert found.longer == (len(found.history) > len(one.shortest))
    assert longer > 0


def test_the_letter_ending_needs_what_the_standards_ask_of_it() -> None:
    one = ways("standards")["ended.letter"]
    steps = {must.thing.name: must for must in one.needs(Sort.STEP)}
    assert steps.keys() >= {"letter-route-open", "chair-satisfied", "letter-sent"}
    assert "standards/12h" in steps["chair-satisfied"].cites
    assert one.passes == (BEFORE_PLAN, "outline", "ended.letter")
    assert {must.shown for must in one.musts} == {Shown.RULES}
    held = next(b for b in one.bypasses if b.thing == Thing(Sort.STEP, "core-group-held"))
    assert (held.longer, len(held.history)) == (False, len(one.shortest))


def test_a_must_that_no_single_rule_asks_for_is_told_with_the_clauses_of_those_that_do() -> None:
    steps = {must.thing.name: must for must in ways("standards")["active"].needs(Sort.STEP)}
    assert "standards/3b" in steps["core-group-held"].cites


def test_a_need_that_is_dropped_is_no_longer_a_must_and_its_way_round_is_told() -> None:
    broken = without_code(TINY, "detailed-plan-agreed", "core-group-held-missing")
    (one,) = ways_to(broken, ["detailed"])
    thing = Thing(Sort.STEP, "core-group-held")
    assert thing not in {must.thing for must in one.musts}
    assert len(next(b for b in one.bypasses if b.thing == thing).history) == 3


def test_a_must_that_only_the_search_can_show_is_told_as_such() -> None:
    # Either step is enough, but the one can't be taken: its rule bars what always stands there.
    either = AnyNeed(
        code="either",
        says="Either.",
        cites=(),
        needs=tuple(
            StepNeed(code="asked", says="Asked.", cites=(), step=step)
            for step in ("strategy-discussion-held", "core-group-held")
        ),
    )
    barred = NoStepNeed(code="barred", says="Barred.", cites=(), step="on-plan")
    rules = {
        **TINY.rules,
        "plan-ended-by-death": attrs.evolve(TINY.rules["plan-ended-by-death"], needs=(either,)),
        "strategy-discussion-held": attrs.evolve(
            TINY.rules["strategy-discussion-held"], needs=(barred,)
        ),
    }
    (one,) = ways_to(attrs.evolve(TINY, rules=rules), ["ended.death"])
    shown = {must.thing: must.shown for must in one.musts}
    assert shown[Thing(Sort.STEP, "core-group-held")] is Shown.SEARCH
    assert shown[Thing(Sort.STEP, "on-plan")] is Shown.RULES


def test_a_state_that_no_history_comes_to_has_neither() -> None:
    procedure = loaded("lead-social-worker")
    (one,) = ways_to(procedure, ["escalated"])
    assert not one.reachable
    assert (one.shortest, one.musts, one.bypasses) == ((), (), ())
