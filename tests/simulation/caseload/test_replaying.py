"""A simulated case and the kernel say the same, to the last date; where not, it is noticed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cpplan import PROCEDURES, Plan
from cpplan.obligations import Status
from cpplan.states import is_ended
from cpplan_sim.adequacy.mutants import Mutant, mutants_of
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.replaying import MismatchError, owed_in, replay, simulated_case
from cpplan_sim.caseload.tables import Tables
from cpplan_sim.running import loaded
from tests.simulation.caseload.engines import (
    PROFILES,
    SPAN,
    changed,
    duty,
    figured,
    moves,
    moves_of,
    profile,
    runner,
    tables,
)

SAMPLE = 60
"""Cases replayed of each procedure under each profile."""

LOOKED_AT = 3_000
"""Cases among which one of each ending is looked for."""

STANDARDS = loaded("standards")


# Always the same


@pytest.mark.parametrize("named", PROFILES)
@pytest.mark.parametrize("name", ["standards", "jersey"])
def test_the_first_cases_are_the_same(name: str, named: str) -> None:
    run = runner(name, named)
    for number in range(6):
        plan = replay(run, number)
        assert plan.state == run.state_of(number)


@pytest.mark.slow
@pytest.mark.parametrize("named", PROFILES)
@pytest.mark.parametrize("name", PROCEDURES)
def test_a_sample_of_cases_is_the_same_under_every_procedure_and_profile(
    name: str, named: str
) -> None:
    run = runner(name, named)
    plans = [replay(run, number) for number in range(SAMPLE)]
    assert sum(len(plan.history) for plan in plans) > 10 * SAMPLE
    assert sum(len(plan.obligations) for plan in plans) > 5 * SAMPLE


def endings_of(name: str) -> set[str]:
    return {edge.target for edge in loaded(name).edges if is_ended(edge.target)}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROCEDURES if endings_of(name)])
def test_some_case_of_each_ending_is_the_same(name: str) -> None:
    run, wanted = runner(name), endings_of(name)
    for number in range(LOOKED_AT):
        state = run.state_of(number)
        if state in wanted:
            assert replay(run, number).state == state
            wanted.discard(state)
        if not wanted:
            break
    assert wanted == set()


def test_most_procedures_have_endings() -> None:
    assert {name for name in PROCEDURES if endings_of(name)} == {"standards", "composite"}


@cache
def mutants(name: str) -> tuple[Mutant, ...]:
    return mutants_of(loaded(name))


SHARES = tuple(
    path
    for path in profile("trial").figures()
    if path.endswith((".on-time", ".never", ".too-early", ".left-out", ".each-month", "chance.0"))
)


def test_there_are_many_figures_to_change() -> None:
    assert len(SHARES) > 60


@pytest.mark.slow
@given(st.data())
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_cases_are_the_same_under_any_procedure_and_any_figures(data: st.DataObject) -> None:
    """A procedure broken in any way is a valid one too, that nobody has ever tried."""
    mutant = data.draw(st.sampled_from(mutants(data.draw(st.sampled_from(PROCEDURES)))))
    figures = data.draw(st.dictionaries(st.sampled_from(SHARES), st.floats(0, 0.5), max_size=8))
    procedure = mutant.broken
    made = compile_tables(procedure, profile("trial").with_figures(figures), SPAN)
    run = Runner(made, data.draw(st.integers(0, 2**64 - 1)))
    for number in data.draw(st.lists(st.integers(0, 2**40), min_size=4, max_size=4)):
        replay(run, number)


# Noticed


Breaking = Callable[[Tables], dict[int, int]]


def another_target(made: Tables) -> dict[int, int]:
    """A plan that is made leads to another state."""
    wrong = made.states.index("escalated")
    return {move + c.M_TARGET: wrong for move in moves_of(made, "plan-made")}


def a_need_dropped(made: Tables) -> dict[int, int]:
    """A core group's needs all hold."""
    return {move + c.M_NEEDS_N: 0 for move in moves(made)}


def a_need_added(made: Tables) -> dict[int, int]:
    """What the first conference needs never holds."""
    where = moves_of(made, "initial-conference-opened")
    return {int(made.law[move + c.M_NEEDS]) + c.N_KIND: c.FALSE for move in where}


def a_later_deadline(made: Tables) -> dict[int, int]:
    """Every period that a duty has is a day longer."""
    found: dict[int, int] = {}
    for name in made.duties:
        period = int(made.law[duty(made, name) + c.D_TABLE])
        if period >= 0:
            days = int(made.law[period + c.T_END] - made.law[period + c.T_FIRST])
            places = range(period + c.T_DAYS, period + c.T_DAYS + days)
            found |= {place: int(made.law[place]) + 1 for place in places}
    return found


def effects(made: Tables) -> list[int]:
    return [
        int(made.law[move + c.M_EFFECTS]) + number * c.E_WIDTH
        for move in moves(made)
        for number in range(made.law[move + c.M_EFFECTS_N])
    ]


def nothing_is_met(made: Tables) -> dict[int, int]:
    """No event meets a duty."""
    return {effect + c.E_MEETS: 0 for effect in effects(made)}


def nothing_is_opened(made: Tables) -> dict[int, int]:
    """No event opens a duty."""
    return {effect + c.E_OPENS: c.ABSENT for effect in effects(made)}


def a_step_not_taken(made: Tables) -> dict[int, int]:
    """Nothing takes a step."""
    return {move + c.M_SETS_N: 0 for move in moves(made)}


def a_step_that_stays(made: Tables) -> dict[int, int]:
    """Nothing undoes a step."""
    return {move + c.M_CLEARS_N: 0 for move in moves(made)}


def another_code(made: Tables) -> dict[int, int]:
    """A refusal where no rule applies gives another code."""
    law = made.law
    found: dict[int, int] = {}
    for number in range(len(made.sayings)):
        place = int(law[c.H_SAYS]) + number * int(law[c.H_SAYS_WIDTH]) + c.S_PLACE + 2
        for state in range(len(made.states)):
            found[place + c.S_PER_STATE * state] = made.codes.index("before-last-event")
    return found


BREAKINGS: dict[Breaking, str] = {
    another_target: "the state",
    a_need_dropped: "the rule",
    a_need_added: "the rule",
    a_later_deadline: "obligation",
    nothing_is_met: "obligation",
    nothing_is_opened: "obligation",
    a_step_not_taken: "the r",
    a_step_that_stays: "the r",
    another_code: "the reasons",
}


@pytest.mark.parametrize("breaking", BREAKINGS, ids=lambda one: one.__name__)
def test_a_broken_table_is_noticed(breaking: Breaking) -> None:
    made = tables()
    broken = changed(made, breaking(made))
    assert (broken.law != made.law).any()
    with pytest.raises(MismatchError, match=rf"case \d+: .*{BREAKINGS[breaking]}"):
        _replay_all(Runner(broken, 1), 40)


def _replay_all(run: Runner, cases: int) -> None:
    for number in range(cases):
        replay(run, number)


def test_a_mismatch_names_the_case_the_place_and_both_answers() -> None:
    case = simulated_case(runner(), 3)
    wrong = attrs.evolve(case, state="ended.letter", number=17)
    with pytest.raises(MismatchError) as told:
        wrong.replay(Plan(STANDARDS), SPAN.closes)
    assert str(told.value) == (
        f"case 17: the state at the end: the kernel has {case.state}, the simulation ended.letter"
    )


def test_each_part_of_a_case_is_compared() -> None:
    told = (simulated_case(runner(), number) for number in range(50))
    case = next(one for one in told if one.statuses and one.moments[-1].edge is not None)
    moment, owed = case.moments[-1], case.owed[-1]
    day, before, rest = dt.date(2000, 1, 1), case.moments[:-1], case.owed[:-1]
    others = [
        attrs.evolve(case, moments=()),
        attrs.evolve(case, moments=(*before, attrs.evolve(moment, edge=99_999))),
        attrs.evolve(case, moments=(*before, attrs.evolve(moment, edge=None))),
        attrs.evolve(case, moments=(*before, attrs.evolve(moment, state="ended.letter"))),
        attrs.evolve(case, statuses=case.statuses[:-1]),
        attrs.evolve(case, owed=rest),
        attrs.evolve(case, owed=(*case.owed, owed)),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, duty="another"))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, anchor=day))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, due_on=day))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, opened_by=99_999))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, opened_on=day))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, closed_by=99_999))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, closed_on=day))),
        attrs.evolve(case, owed=(*rest, attrs.evolve(owed, outcome=Status.OVERDUE))),
    ]
    case.replay(Plan(STANDARDS), SPAN.closes)
    for other in others:
        with pytest.raises(MismatchError):
            other.replay(Plan(STANDARDS), SPAN.closes)


# What a case tells


def test_a_case_alone_is_the_case_in_its_run() -> None:
    run = runner()
    told = [simulated_case(run, number) for number in (5, 2, 5)]
    assert told[0] == told[2] != told[1]
    assert simulated_case(Runner(tables(), run.seed), 5) == told[0]
    assert simulated_case(runner(seed=2), 5) != told[0]


def test_what_is_owed_is_told_of_a_plan_as_of_a_case() -> None:
    case = simulated_case(runner(), 0)
    assert tuple(owed_in(case.replay(Plan(STANDARDS), SPAN.closes))) == case.owed


def test_nothing_is_tried_before_the_case_opens_or_after_the_run() -> None:
    for number in range(20):
        case = simulated_case(runner(), number)
        days = [moment.event.on for moment in case.moments if moment.edge is not None]
        assert all(case.opened <= day <= SPAN.closes for day in days)


def test_without_attempts_nothing_is_refused_but_what_the_rules_turn_away() -> None:
    figures = (("attempts.at-random", 0.0), ("attempts.left-out", 0.0), ("attempts.too-early", 0.0))
    run = Runner(figured("standards", "trial", figures), 1)
    refused = [m for n in range(30) for m in simulated_case(run, n).moments if m.edge is None]
    assert refused == []
