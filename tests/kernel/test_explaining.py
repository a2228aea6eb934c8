"""Explanations: what a reader finds in them."""

from __future__ import annotations

import attrs

from cpplan import Plan, explain, load
from cpplan.events import ChildDied, EscalationRaised, Trigger
from tests.kernel.histories import STANDARDS, active, day, outline, taken


def test_a_plan_without_events_says_so() -> None:
    told = explain(Plan(STANDARDS))
    assert told.startswith("The plan is in before-plan: no plan yet")
    assert "Nothing has been recorded." in told
    assert "owed" not in told
    assert "initial-conference-opened: The initial conference begins." in told


def test_it_tells_state_steps_dates_and_clauses() -> None:
    told = outline().explain().splitlines()
    assert told[0] == (
        "The plan is in outline: the initial conference has decided on a plan and outlined it."
        " It has been since 2026-01-05."
    )
    assert told[1].startswith("It is under Child Protection Plans: thirteen standards (standards,")
    assert told[3:6] == [
        "How it got there:",
        "  2026-01-05  The initial conference begins.",
        "  2026-01-05  The initial conference decides on a plan and outlines it."
        " From before-plan to outline. [standards/1a]",
    ]


def test_it_tells_what_is_owed() -> None:
    told = explain(active())
    assert "What was owed at the end of 2026-01-13:" in told
    visit = "  due, by 2026-01-19: The lead social worker visits the child. (must) [standards/4b]"
    assert visit in told.splitlines()
    assert "  due, at no stated time: The parents and every agency" in told


def test_it_tells_only_the_last_of_many_events() -> None:
    plan = taken(active(), EscalationRaised(on=day(20), trigger=Trigger.RISK_CHANGE))
    told = explain(plan)
    assert "How it got there (the last 5 of 6 events):" in told
    assert "2026-01-05  The initial conference begins." not in told
    assert "undecidable, by a day that is not known: A review conference" in told
    assert "  overdue, by 2026-01-19: The lead social worker visits the child." in told


def test_it_tells_what_can_follow_and_what_the_event_has_to_hold() -> None:
    told = explain(active()).splitlines()
    place = told.index("  child-died, to ended.death: The plan ends because the child has died.")
    assert told[place + 1] == "    not if: The date of death is not recorded. [standards/11i]"
    assert any(line.endswith("kinds of event that are only noted") for line in told)


def test_it_tells_the_silence_of_the_source_and_not_what_was_filled() -> None:
    told = explain(active())
    assert "  the child's bedroom is seen: nothing on the bedroom" in told
    filled = load("standards", fill="london")
    assert "bedroom is seen: nothing" not in explain(Plan(filled))


def test_it_tells_that_a_plan_is_over() -> None:
    ended = taken(active(), ChildDied(on=day(9), date_of_death=day(9)))
    told = explain(ended)
    assert told.startswith("The plan is in ended.death")
    assert "audit-copy" not in told
    assert "Nothing was owed at the end of 2026-01-14." in told


def test_it_tells_that_nothing_can_follow() -> None:
    no_rules = attrs.evolve(STANDARDS, rules={})
    assert "Nothing can follow." in explain(Plan(no_rules))
