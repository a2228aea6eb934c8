"""Whether every plan can still be ended by a review: shown, trapped, silent, undecided."""

from __future__ import annotations

from collections import deque
from functools import cache

import attrs
import pytest

from cpplan import PROCEDURES, Plan, Procedure, load
from cpplan.needs import LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.states import GROUPS
from cpplan_sim.reaching import reach
from cpplan_sim.running import loaded
from cpplan_sim.standing import Ground
from cpplan_sim.taking import retold, ways_on
from cpplan_sim.traps import BY_REVIEW, Leave, Leaving, leave
from tests.simulation.brute import TINY, followers, plans
from tests.simulation.walks import synthetic_case

SAID = ("standards", "composite")


@cache
def left(name: str, fill: str = "") -> Leave:
    return leave(reach(loaded(name, fill)))


def asking(procedure: Procedure, *needs: Need) -> Procedure:
    """Return the procedure with more asked of the ending by review."""
    rule = procedure.rules["plan-ended-at-review"]
    rule = attrs.evolve(rule, needs=(*rule.needs, *needs))
    return attrs.evolve(procedure, rules={**procedure.rules, rule.id: rule})


def standing(step: str) -> Need:
    return StepNeed(code="asked", says="Asked.", cites=(), step=step)


def not_standing(step: str) -> Need:
    return NoStepNeed(code="barred", says="Barred.", cites=(), step=step)


def ends(plan: Plan, within: int) -> bool:
    """Return whether a plan can be ended by a review in so many events, by trying."""
    waiting = deque([(plan, 0)])
    while waiting:
        here, used = waiting.popleft()
        if here.state == BY_REVIEW:
            return True
        if used < within:
            edges = here.procedure.edges_from(here.state)
            moves = [e for e in edges if e.sets or e.clears or e.target != e.source]
            waiting.extend((after, used + 1) for e in moves for after in ways_on(here, e))
    return False


@pytest.mark.parametrize("name", SAID)
def test_every_plan_can_be_ended_by_a_review_where_the_procedure_speaks_of_it(name: str) -> None:
    found = left(name)
    assert found.leaving is Leaving.SHOWN
    assert found.furthest == 2
    assert set(found.continuations) == set(GROUPS["on-plan"])
    for state, one in found.continuations.items():
        plan = retold(loaded(name), one.history)
        assert plan.state == BY_REVIEW
        assert plan.history[-one.further].edge.source == state
        assert one.shortest


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROCEDURES if name not in SAID])
def test_a_procedure_that_says_nothing_of_it_is_silent_until_it_is_filled(name: str) -> None:
    assert left(name).leaving is Leaving.SILENT
    assert left(name).why
    assert left(name, "composite").leaving is Leaving.SHOWN


@pytest.mark.parametrize("seed", range(25))
def test_a_synthetic_plan_can_be_ended_as_it_is_shown_that_every_plan_can(seed: int) -> None:
    case = synthetic_case(loaded("standards"), seed)
    plan = Plan(loaded("standards"))
    for moment in case.moments:
        decision = plan.record(moment.event)
        plan = getattr(decision, "plan", plan)
        if plan.state in GROUPS["on-plan"]:
            break
    if plan.state in GROUPS["on-plan"]:
        assert ends(plan, left("standards").furthest)


def test_a_step_that_can_be_taken_again_at_any_time_is_no_trap() -> None:
    found = leave(reach(asking(TINY, standing("core-group-held"))))
    assert found.leaving is Leaving.SHOWN
    assert "core-group-held" in found.tracked
    assert found.furthest == 3


@pytest.mark.parametrize("step", ["on-plan", "core-group-held", "child-born"])
def test_what_is_shown_is_so_after_every_short_history(step: str) -> None:
    procedure = asking(TINY, standing(step))
    found = leave(reach(procedure))
    assert found.leaving is Leaving.SHOWN
    spots = {(p.state, frozenset(p.steps)): p for p in plans(procedure, 6)}
    tried = [plan for (state, _), plan in spots.items() if state in GROUPS["on-plan"]]
    assert len(tried) > 50
    most = max(events_to_the_end(plan) for plan in tried)
    assert most == found.furthest


def events_to_the_end(plan: Plan) -> int:
    """Return how many events of the alphabet end a plan by a review, by brute force."""
    here = [plan]
    for used in range(5):
        if any(one.state == BY_REVIEW for one in here):
            return used
        after = (further for one in here for further in followers(one))
        here = list({(p.state, frozenset(p.steps)): p for p in after}.values())
    return 99


def test_a_step_that_stands_in_the_way_and_can_be_undone_is_no_trap() -> None:
    found = leave(reach(asking(TINY, not_standing("looked-after"))))
    assert found.leaving is Leaving.SHOWN
    assert found.furthest == 3


def test_a_step_that_can_only_be_taken_before_there_is_a_plan_is_a_trap() -> None:
    broken = asking(loaded("standards"), standing("letter-route-open"))
    found = leave(reach(broken))
    assert found.leaving is Leaving.TRAPPED
    assert [moment.event.kind for moment in found.trap] == [
        "initial-conference-opened",
        "initial-conference-decided",
    ]
    assert not ends(retold(broken, found.trap), 4)
    assert found.continuations == {}


def test_a_step_that_is_never_undone_and_stands_in_the_way_is_a_trap_for_some_histories() -> None:
    broken = asking(TINY, not_standing("strategy-discussion-held"))
    found = leave(reach(broken))
    assert found.leaving is Leaving.TRAPPED
    assert found.trap[-1].event.kind == "strategy-discussion-held"
    assert len(found.trap) == 3
    # The states are not trapped, the histories are: from each state some history goes on.
    assert set(found.continuations) == {"outline", "detailed", "active", "escalated", "review"}
    after = retold(broken, found.trap)
    reachable = {after.state}
    waiting = [after]
    for _ in range(4):
        waiting = [one for plan in waiting for one in followers(plan)][:400]
        reachable |= {plan.state for plan in waiting}
    assert "review" in reachable
    assert BY_REVIEW not in reachable


def test_the_shortest_trap_is_told_though_it_takes_many_events() -> None:
    found = leave(reach(asking(loaded("standards"), not_standing("letter-sent"))))
    assert found.leaving is Leaving.TRAPPED
    assert found.trap[-1].event.kind == "chair-letter-sent"
    assert len(found.trap) == 7


def test_what_turns_on_days_is_undecided_and_says_why() -> None:
    value = TINY.values["notice"]
    late = LatestFieldNeed(
        code="late",
        says="Too late.",
        cites=(),
        path="next_review_date",
        step="on-plan",
        value=value,
        read=lambda event: getattr(event, "next_review_date", None),
        calendar=TINY.calendar,
    )
    found = leave(reach(asking(TINY, late)))
    assert found.leaving is Leaving.UNDECIDED
    assert "plan-ended-at-review" in found.why
    assert found.furthest == 0


def test_a_procedure_that_does_not_say_it_is_silent_and_has_no_rule_is_a_trap() -> None:
    rules = {name: rule for name, rule in TINY.rules.items() if name != "plan-ended-at-review"}
    found = leave(reach(attrs.evolve(TINY, rules=rules)))
    assert found.leaving is Leaving.TRAPPED
    assert found.why == "no rule leads to ended.rcpc"
    assert len(found.trap) == 2


def test_what_must_be_possible_is_among_what_may_be() -> None:
    steps = frozenset({"core-group-held", "review-held", "child-born"})
    ground = Ground(load("luton"), steps)
    for plan in (synthetic_case(ground.procedure, seed).plan for seed in range(20)):
        spot = ground.spot_of(plan)
        may, must = set(ground.may(spot)), set(ground.must(spot))
        assert must <= may
        for edge, after in must:
            assert after in {ground.spot_of(one) for one in ways_on(plan, edge)}
