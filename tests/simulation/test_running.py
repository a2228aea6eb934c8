"""Running told cases: what is as expected passes, and each kind of surprise is told."""

from pathlib import Path

import pytest

from cpplan import Procedure
from cpplan_sim.running import loaded, run
from tests.simulation.telling import DECIDED, OPENED, case, ran


def failures(folder: Path, *events: str) -> tuple[str, ...]:
    """Return what is told of the last of several events; the others go as expected."""
    *before, last = ran(folder, *events).outcomes
    assert not any(outcome.failures for outcome in before)
    return last.failures


def test_a_case_that_goes_as_told_passes(tmp_path: Path) -> None:
    told = ran(
        tmp_path,
        f"{OPENED}, expect: {{state: before-plan}}",
        f"{DECIDED}, without: [threshold_basis],"
        " expect: {refused: [threshold-not-stated], cites: [standards/1a], state: before-plan}",
        f"{DECIDED}, expect: {{state: outline, cites: [standards/2a], opens:"
        " {visit: 2026-01-19, first-core-group: 2026-01-15}}",
        "on: 2026-01-15, event: core-group-held, expect: {meets: [first-core-group]}",
        "on: 2026-01-20, event: visit-made, expect: {meets-late: [visit]}",
        "on: 2026-01-21, event: child-became-looked-after, without: [dual_status_reason],"
        " expect: {omits: [dual_status_reason], opens: {looked-after-discussion: 2026-01-21}}",
        "on: 2026-02-10, event: child-died, with: {date_of_death: 2026-02-10},"
        " expect: {misses: [looked-after-discussion, visit]}",
        end="due: [{on: 2026-01-20, duties: {visit: {status: due, due: 2026-02-03}}}]\n"
        "ends-in: ended.death\n",
    )
    assert [outcome.failures for outcome in told.outcomes] == [()] * 7
    assert told.failures == ()
    assert told.passed


SURPRISES = [
    (
        [f"{OPENED}, expect: {{state: outline}}"],
        ["the state is before-plan, expected outline"],
    ),
    (
        [DECIDED],
        ["refused, expected to be accepted: Not done: the initial conference is sitting."],
    ),
    (
        [OPENED, f"{DECIDED}, expect: {{refused: [threshold-not-stated]}}"],
        ["accepted by the rule plan-made, expected threshold-not-stated"],
    ),
    (
        [
            OPENED,
            f"{DECIDED}, without: [threshold_basis, plan.concerns],"
            " expect: {refused: [threshold-not-stated, outcomes-missing]}",
        ],
        [
            "refused for threshold-not-stated, concerns-missing,"
            " expected threshold-not-stated, outcomes-missing"
        ],
    ),
    (
        [
            OPENED,
            f"{DECIDED}, without: [threshold_basis], expect: {{refused: [threshold-not-stated],"
            " cites: [standards/1a, standards/12a]}",
        ],
        ["the refusal does not cite standards/12a"],
    ),
    (
        [OPENED, f"{DECIDED}, expect: {{cites: [standards/1a, standards/12a]}}"],
        ["the rule plan-made does not cite standards/12a"],
    ),
    (
        [OPENED, f"{DECIDED}, expect: {{opens: {{visit: 2026-01-20, sign-plan: no date}}}}"],
        [
            "opens visit due 2026-01-19, expected 2026-01-20",
            "does not open sign-plan; opens visit, first-core-group, first-review, end-at-18",
        ],
    ),
    (
        [OPENED, DECIDED, "on: 2026-01-20, event: visit-made, expect: {meets: [visit]}"],
        ["visit is not met with it; that are: nothing"],
    ),
    (
        [OPENED, DECIDED, "on: 2026-01-19, event: visit-made, expect: {meets-late: [visit]}"],
        ["visit is not met-late with it; that are: nothing"],
    ),
    (
        [
            OPENED,
            DECIDED,
            "on: 2026-02-20, event: child-died, with: {date_of_death: 2026-02-20},"
            " expect: {misses: [visit, sign-plan]}",
        ],
        ["sign-plan is not missed with it; that are: visit, first-core-group"],
    ),
    (
        [OPENED, f"{DECIDED}, expect: {{omits: [plan.strengths]}}"],
        ["plan.strengths is not told as left out"],
    ),
]


@pytest.mark.parametrize(("events", "told"), SURPRISES)
def test_each_kind_of_surprise_in_an_answer_is_told(
    tmp_path: Path, events: list[str], told: list[str]
) -> None:
    assert list(failures(tmp_path, *events)) == told
    assert not ran(tmp_path, *events).passed


ENDS = [
    ("ends-in: ended.death\n", ["ends in outline, expected ended.death"]),
    (
        "due: [{on: 2026-01-19, duties: {visit: {status: overdue}}}]\n",
        ["on 2026-01-19 visit is due, expected overdue"],
    ),
    (
        "due: [{on: 2026-01-19, duties: {visit: {status: due, due: 2026-01-20}}}]\n",
        ["on 2026-01-19 visit is due 2026-01-19, expected 2026-01-20"],
    ),
    (
        "due: [{on: 2026-01-19, duties: {sign-plan: {status: due}}}]\n",
        ["on 2026-01-19 sign-plan is not owed, expected due"],
    ),
    (
        "due: [{on: 2026-01-04, duties: {visit: {status: due}}}]\n",
        ["on 2026-01-04 visit is not owed, expected due"],
    ),
]


@pytest.mark.parametrize(("end", "told"), ENDS)
def test_each_kind_of_surprise_at_the_end_is_told(
    tmp_path: Path, end: str, told: list[str]
) -> None:
    found = ran(tmp_path, OPENED, DECIDED, end=end)
    assert list(found.failures) == told
    assert not found.passed


def test_a_duty_not_yet_owed_may_be_expected_as_such(tmp_path: Path) -> None:
    end = "due: [{on: 2026-01-04, duties: {visit: {status: not-started}}}]\n"
    assert ran(tmp_path, OPENED, DECIDED, end=end).passed


def test_a_refused_event_leaves_the_plan_as_it_was_and_the_case_goes_on(tmp_path: Path) -> None:
    told = ran(tmp_path, DECIDED, OPENED, DECIDED)
    assert [outcome.decision.accepted for outcome in told.outcomes] == [False, True, True]
    assert told.outcomes[0].plan.history == ()
    assert told.plan.state == "outline"
    assert not told.passed


def test_a_case_names_its_procedure_its_figures_and_what_fills_its_silences(
    tmp_path: Path,
) -> None:
    end = "values: {visit-interval: 1}\n"
    told = ran(tmp_path, OPENED, f"{DECIDED}, expect: {{opens: {{visit: 2026-01-12}}}}", end=end)
    assert told.passed
    filled = run(case(tmp_path, OPENED, end="fill: composite\n"))
    assert filled.plan.procedure.filled


def test_a_case_can_be_run_under_another_procedure(tmp_path: Path) -> None:
    def under(procedure: Procedure) -> bool:
        refusal = "expect: {refused: [threshold-not-stated]}"
        told = case(tmp_path, OPENED, f"{DECIDED}, without: [threshold_basis], {refusal}")
        return run(told, procedure).passed

    assert under(loaded("standards"))
    assert not under(loaded("lead-social-worker"))


def test_a_procedure_is_loaded_once() -> None:
    assert loaded("standards") is loaded("standards")
    assert loaded("standards") is not loaded("standards", values=(("letter-notice", 11),))
