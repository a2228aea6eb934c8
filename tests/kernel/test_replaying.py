"""Replay: what a ledger comes to, under the edition of each day, with what stands against it."""

from __future__ import annotations

from cpplan import LedgerRefused
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    PlanPutIntoEffect,
    StepRecorded,
    Trigger,
)
from tests.kernel.editing import LEDGER, OUTLINED, edited, escalated_nowhere, owed, under
from tests.kernel.histories import STANDARDS, day, raised, visit
from tests.kernel.ledgering import JERSEY, MADE_UP, jersey_detailed, kept, recorded, replacement


def test_what_happened_before_is_judged_by_the_edition_of_its_day_however_late_it_is_told() -> None:
    detailed = kept(CoreGroupHeld(on=day(7)), jersey_detailed(day(7)), ledger=OUTLINED)
    moved = under(detailed, MADE_UP, day(10))
    assert moved.plan_on(day(9)).procedure is JERSEY
    assert [moved.edition_on(day(n)) for n in (9, 10)] == [JERSEY, MADE_UP]
    early = moved.happened(PlanPutIntoEffect(on=day(9)), id="late", recorded_on=day(20))
    assert early.digest == JERSEY.digest
    assert recorded(moved, early).plan.state == "active"
    assert recorded(moved, early).plan.procedure is MADE_UP


def test_a_change_of_edition_can_be_followed_by_another_and_by_corrections() -> None:
    other, third = edited(STANDARDS, title="x"), edited(STANDARDS, says="y")
    twice = under(under(LEDGER, other, day(20)), third, day(30))
    assert [twice.edition_on(day(n)).digest for n in (19, 20, 29, 30)] == [
        STANDARDS.digest,
        other.digest,
        other.digest,
        third.digest,
    ]
    assert owed(twice.plan) == owed(LEDGER.plan)
    corrected = recorded(twice, replacement(twice, "e6", visit(day(12)), day(31)))
    assert [event.on for event in corrected.plan.events][-1] == day(12)
    assert corrected.plan.procedure is third


def test_a_correction_that_leaves_a_change_of_edition_without_an_equal_is_told() -> None:
    nowhere = escalated_nowhere()
    moved = under(LEDGER, nowhere, day(20))
    late = moved.happened(raised(Trigger.RISK_CHANGE, day(15)), id="late", recorded_on=day(30))
    told = moved.preview(late)
    assert [(one.what, one.reasons_after[0].code) for one in told.refused] == [
        ("migrated", "state-without-equal")
    ]
    after = recorded(moved, late)
    assert after.plan.procedure is STANDARDS
    assert [turn.aside for turn in after.unlawful] == [True]


def test_under_the_next_edition_its_rules_bind_from_its_first_day() -> None:
    detailed = kept(CoreGroupHeld(on=day(7)), jersey_detailed(day(7)), ledger=OUTLINED)
    put = PlanPutIntoEffect(on=day(9))
    assert detailed.plan.why_not(put) is None
    refusal = under(detailed, MADE_UP, day(9)).plan.why_not(put)
    assert refusal is not None
    assert refusal.codes == ("agreement-not-read-over",)
    read = StepRecorded(on=day(9), step="agreement-read-over")
    assert kept(read, put, ledger=under(detailed, MADE_UP, day(9))).plan.state == "active"


def test_a_detailed_plan_agreed_later_is_judged_by_the_edition_of_its_day() -> None:
    asked = under(OUTLINED, MADE_UP, day(3))
    held = kept(CoreGroupHeld(on=day(14)), ledger=asked)
    entry = held.happened(DetailedPlanAgreed(on=day(15)), id="x", recorded_on=day(15))
    decision = held.record(entry)
    assert isinstance(decision, LedgerRefused)
    assert "written-agreement-missing" in decision.codes
