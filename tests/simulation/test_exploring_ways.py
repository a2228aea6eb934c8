"""What was never exercised: a way to it is found, or it is shown that there is none."""

from __future__ import annotations

import functools
from typing import Any

import attrs
import pytest

import cpplan
from cpplan import Procedure
from cpplan.duties import Limit
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import Need, NoStepNeed, StepNeed
from cpplan.obligations import Status
from cpplan_sim.exploring import possible
from cpplan_sim.exploring.possible import statuses, why_not
from cpplan_sim.exploring.things import Sort, Thing, by_kind
from cpplan_sim.exploring.watching import Oracles, Watch
from cpplan_sim.exploring.ways import Ways, to_code, to_no_rule, to_rule
from cpplan_sim.exploring.ways_to_status import to_status


@functools.cache
def loaded(name: str) -> Procedure:
    return cpplan.load(name)


SMALL = loaded("lead-social-worker")


def with_needs(rule: str, *needs: Need, procedure: Procedure = SMALL) -> Procedure:
    """Return the procedure with more needs in one rule."""
    known = procedure.rules[rule]
    changed = attrs.evolve(known, needs=(*known.needs, *needs))
    return attrs.evolve(procedure, rules={**procedure.rules, rule: changed})


def watched(procedure: Procedure, events: tuple[Event, ...]) -> Watch:
    watch = Watch(Oracles(procedure))
    for event in events:
        watch.attempt(event)
    watch.finish()
    return watch


def need(kind: Any, step: str, code: str = "asked-for-by-the-test") -> Need:
    made: Need = kind(step=step, code=code, says="Asked.", cites=())
    return made


# Rules


def test_a_way_to_a_rule_lets_an_event_through_by_it() -> None:
    found = to_rule(SMALL, "assessment-completed")
    assert not found.why_not
    assert watched(SMALL, found.found[0]).exercise.rules["assessment-completed"] == 1


def test_a_rule_that_nothing_reaches_is_shown_to_be_dead() -> None:
    dead = with_needs(
        "child-born", need(StepNeed, "core-group-held"), need(NoStepNeed, "core-group-held")
    )
    found = to_rule(dead, "child-born")
    assert not found.found
    assert "no history of any length comes there" in found.why_not


# Codes


def test_a_way_to_a_code_ends_with_a_refusal_for_it() -> None:
    found = to_code(SMALL, "outcomes-missing")
    assert watched(SMALL, found.found[0]).exercise.refusals["outcomes-missing"] == 1


def test_a_code_for_a_step_that_always_stands_is_shown_never_to_be_given() -> None:
    always = with_needs("core-group-held", need(StepNeed, "on-plan"))
    found = to_code(always, "asked-for-by-the-test")
    assert not found.found
    assert "no history of any length comes there" in found.why_not


def test_a_code_that_no_need_has_is_not_excused() -> None:
    assert to_code(SMALL, "no-such-code") == Ways()


def test_it_is_shown_where_an_event_always_has_a_rule_that_is_for_it() -> None:
    assert "one of an event's rules is always for it" in to_no_rule(SMALL).why_not


# Statuses


@pytest.mark.parametrize(
    ("duty", "status"),
    [
        ("first-core-group", Status.MET),
        ("first-core-group", Status.MET_LATE),
        ("first-core-group", Status.OVERDUE),
        ("report-before-review", Status.MISSED),
        ("report-before-review", Status.LAPSED),
        ("visit-as-planned", Status.UNDECIDABLE),
    ],
)
def test_a_way_to_a_status_comes_to_it(duty: str, status: Status) -> None:
    ways = to_status(SMALL, SMALL.duties[duty], status)
    seen = [watched(SMALL, way).exercise.statuses[duty, status] for way in ways.found]
    assert any(seen)


def test_a_figure_that_is_always_agreed_first_is_shown_to_be() -> None:
    luton = loaded("luton")
    ways = to_status(luton, luton.duties["core-group-as-required"], Status.UNDECIDABLE)
    assert not ways.found
    assert "every history agrees its figure first" in ways.why_not


def test_a_duty_that_nothing_opens_is_shown_to_have_no_status() -> None:
    duty = attrs.evolve(SMALL.duties["first-core-group"], opens=(Match("plan-ended-by-letter"),))
    for status in (Status.DUE, Status.MET, Status.MET_LATE):
        assert "nothing opens it" in to_status(SMALL, duty, status).why_not


def test_a_duty_that_can_be_met_in_advance_is_not_excused_for_want_of_a_later_event() -> None:
    duty = attrs.evolve(SMALL.duties["family-files"], met_by=(Match("initial-conference-opened"),))
    assert duty.earlier_counts
    assert to_status(SMALL, duty, Status.MET).why_not == ""


# By kind


def test_what_a_duty_can_come_to_depends_on_its_limit_and_on_what_ends_it() -> None:
    duty = SMALL.duties["first-core-group"]
    assert why_not(duty, Status.MET_LATE, plans_end=False) == ""
    assert why_not(duty, Status.MISSED, plans_end=False) == possible.NEVER_ENDS
    assert why_not(duty, Status.MISSED, plans_end=True) == ""
    outliving = attrs.evolve(duty, outlives_plan=True)
    assert why_not(outliving, Status.LAPSED, plans_end=True) == possible.NEVER_ENDS
    untimed = attrs.evolve(duty, limit=Limit.UNSTATED, value=None)
    assert why_not(untimed, Status.OVERDUE, plans_end=True) == possible.NEVER_LATE
    assert why_not(untimed, Status.MISSED, plans_end=True) == possible.NEVER_MISSED
    assert why_not(untimed, Status.LAPSED, plans_end=True) == ""
    assert why_not(duty, Status.UNDECIDABLE, plans_end=True) == possible.ALWAYS_KNOWN
    unset = attrs.evolve(SMALL.duties["visit-as-planned"], agreed=())
    assert why_not(unset, Status.MET, plans_end=True) == possible.NEVER_KNOWN
    assert why_not(unset, Status.UNDECIDABLE, plans_end=True) == ""


def test_every_duty_can_be_due_or_undecidable() -> None:
    for name in cpplan.PROCEDURES:
        known = statuses(loaded(name))
        for duty in loaded(name).duties:
            assert not known[duty, Status.DUE] or not known[duty, Status.UNDECIDABLE]


def test_a_procedure_without_endings_never_says_that_a_plan_is_over() -> None:
    ended = Thing(Sort.CODE, "plan-ended")
    assert ended in by_kind(SMALL)
    assert ended not in by_kind(loaded("standards"))
