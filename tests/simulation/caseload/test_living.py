# mypy: disable-error-code="no-untyped-call"
"""Living through a case: one act after another, and what is not ready is made ready or given up."""

from __future__ import annotations

from collections import Counter

import pytest

from cpplan.refusals import BEFORE_LAST_EVENT, NOT_IN_THIS_STATE, PLAN_ENDED
from cpplan.states import is_ended
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import living
from cpplan_sim.caseload.caserun import CaseError, Runner
from cpplan_sim.caseload.compiled import is_compiled
from cpplan_sim.caseload.living import next_act
from cpplan_sim.caseload.replaying import Moment, SimulatedCase, simulated_case
from tests.simulation.caseload.engines import figured, runner, tables

QUIET = (("attempts.at-random", 0.0), ("attempts.left-out", 0.0), ("attempts.too-early", 0.0))


def cases(*figures: tuple[str, float], number: int = 25) -> list[SimulatedCase]:
    run = Runner(figured("standards", "trial", figures), 1) if figures else runner()
    return [simulated_case(run, one) for one in range(number)]


def refused(told: list[SimulatedCase]) -> list[Moment]:
    return [moment for case in told for moment in case.moments if moment.edge is None]


def test_the_next_act_is_the_earliest_and_of_several_the_first_listed() -> None:
    law, _, life, _ = tables().rows()
    diary, acts = law[c.H_DIARY], law[c.H_ACTS]
    for entry in range(diary, law[c.H_DIARY_END]):
        life[entry] = c.NEVER
    assert next_act(law, life) == (acts, c.NEVER)
    life[diary + 5] = life[diary + 3] = 40
    life[diary + 7] = 41
    assert next_act(law, life) == (acts + 3 * c.A_WIDTH, 40)
    life[diary + 7] = 39
    assert next_act(law, life) == (acts + 7 * c.A_WIDTH, 39)


def test_what_is_recorded_never_goes_back_in_time() -> None:
    for case in cases():
        days = [moment.event.on for moment in case.moments if moment.edge is not None]
        assert days == sorted(days)


def test_some_attempts_are_dated_before_the_latest_event_and_all_such_are_refused() -> None:
    early = [one for one in refused(cases()) if BEFORE_LAST_EVENT in one.codes]
    assert early
    for case in cases():
        last = None
        for moment in case.moments:
            if last is not None and moment.event.on < last:
                assert moment.edge is None
            last = moment.event.on if moment.edge is not None else last


def test_each_way_to_be_refused_can_be_turned_off() -> None:
    """At random brings attempts in the wrong state; the others only what the rules need."""
    assert refused(cases(*QUIET)) == []
    at_random = refused(cases(*QUIET[1:]))
    assert NOT_IN_THIS_STATE in {code for one in at_random for code in one.codes}
    left_out = refused(cases(QUIET[0], QUIET[2]))
    early = refused(cases(*QUIET[:2]))
    assert left_out
    assert early
    for one in (*left_out, *early):
        assert BEFORE_LAST_EVENT not in one.codes


def test_attempts_at_random_go_on_for_a_while_after_the_end() -> None:
    told = [case for case in cases() if is_ended(case.state)]
    after = [one for case in told for one in case.moments if is_ended(one.state)]
    assert PLAN_ENDED in {code for one in after for code in one.codes}
    for case in told:
        ended = next(one.event.on for one in reversed(case.moments) if not is_ended(one.state))
        late = [one.event.on for one in case.moments if is_ended(one.state) and one.edge is None]
        assert all((day - ended).days <= 70 for day in late)


def test_what_is_tried_at_random_ends_a_plan_as_often_as_the_profile_says() -> None:
    often = ("attempts.at-random", 30.0)
    never, always = (cases(often, ("attempts.ending", share)) for share in (0.0, 1.0))
    died, died_of_it = (
        sum(case.state == "ended.death" for case in told) for told in (never, always)
    )
    assert died <= 2
    assert died_of_it > died


def test_an_event_that_can_be_recorded_more_often_is() -> None:
    kinds = Counter(one.event.kind for case in cases() for one in case.moments)
    assert kinds["visit-made"] > 10
    assert len(kinds) > 30


@pytest.mark.skipif(is_compiled(), reason="the number is compiled in")
def test_acts_that_go_round_in_a_circle_are_a_fault_of_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(living, "MOST_ACTS", 3)
    with pytest.raises(CaseError, match=r"case 0 could not be run: its acts go round"):
        runner().run(0, 1)


def test_the_same_child_does_the_same_under_another_procedure() -> None:
    """When a case opens and when the child was born does not turn on the procedure."""
    for number in range(10):
        one, other = (simulated_case(runner(name), number) for name in ("standards", "jersey"))
        assert (one.born, one.opened) == (other.born, other.opened)
        assert one.moments[0].event.on == other.moments[0].event.on
