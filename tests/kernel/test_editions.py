"""Editions: a plan under another, and the reasons why it can not be."""

from __future__ import annotations

import attrs
import pytest

from cpplan import Plan, Role, SeveralEditionsError, dumps, migration_of
from cpplan.events import ChildDied, VisitFailed
from tests.kernel.editing import LEDGER, OUTLINED, edited, under, without
from tests.kernel.histories import STANDARDS, day
from tests.kernel.ledgering import MADE_UP, kept


def test_a_plan_that_came_from_another_edition_is_another_plan() -> None:
    moved = under(LEDGER, edited(STANDARDS, title="x"), day(14)).plan
    assert moved != LEDGER.plan
    assert moved != Plan.rebuild(moved.procedure, moved.events)
    assert moved.events == LEDGER.plan.events
    assert moved == under(LEDGER, edited(STANDARDS, title="x"), day(14)).plan
    with pytest.raises(SeveralEditionsError, match="only since 2026-01-19; keep the entries"):
        dumps(moved)


def test_an_event_for_which_the_other_edition_has_no_rule_keeps_its_place_in_the_history() -> None:
    fewer = without(STANDARDS, "rules", "core-group-held")
    moved = under(LEDGER, fewer, day(20)).plan
    assert moved.events == LEDGER.plan.events
    assert moved.state == "active"
    assert moved.steps == LEDGER.plan.steps


def test_the_edition_that_it_is_under_and_a_plan_that_is_over_are_refused() -> None:
    died = kept(ChildDied(on=day(15), date_of_death=day(15)), ledger=LEDGER)
    told = migration_of(died, STANDARDS, day(16))
    assert [reason.code for reason in told.reasons] == ["same-edition", "plan-ended"]


def test_a_rule_that_leads_elsewhere_now_does_not_take_the_plan_there() -> None:
    rule = attrs.evolve(STANDARDS.rules["plan-put-into-effect"], target="detailed", sets=())
    other = edited(STANDARDS, rules={**STANDARDS.rules, rule.id: rule})
    moved = under(LEDGER, other, day(20)).plan
    assert [entry.state for entry in moved.history] == [e.state for e in LEDGER.plan.history]
    assert moved.steps == LEDGER.plan.steps


def test_what_is_counted_goes_on_being_counted() -> None:
    failed = kept(VisitFailed(on=day(3), agency=Role.HEALTH), ledger=OUTLINED)
    moved = under(failed, MADE_UP, day(4)).plan
    assert moved.counts == failed.plan.counts
    assert set(moved.counts.values()) == {1}
