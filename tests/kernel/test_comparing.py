"""Comparing two replays: what an entry brings back, and what it changes of steps and states."""

from __future__ import annotations

import attrs

from cpplan import Ledger, LedgerEntry, LedgerRefused, Role, migrate, migration_of
from cpplan.comparing import compared
from cpplan.consequences import Owed, StepChange, Taken
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    ReviewConferenceDecided,
    ReviewConferenceOpened,
    Trigger,
)
from tests.kernel.editing import LEDGER, edited, every, under, without
from tests.kernel.histories import STANDARDS, day, raised, visit
from tests.kernel.ledgering import WELL, kept, late, recorded, replacement, withdrawal

DETAILED = kept(*WELL[:4])
REVIEWED = kept(*WELL, ReviewConferenceOpened(on=day(20), convened_by=Role.CONFERENCE_CHAIR))
RULE = STANDARDS.rules["core-group-held"]
FORGETFUL = edited(STANDARDS, rules={**STANDARDS.rules, RULE.id: attrs.evolve(RULE, sets=())})


def at_once(ledger: Ledger, entry: LedgerEntry) -> bool:
    """Return whether an entry is accepted as it comes; otherwise accepting is all it lacks."""
    decision = ledger.record(entry)
    if isinstance(decision, LedgerRefused):
        assert decision.codes == ("consequences-not-accepted",)
        assert decision.consequences == ledger.preview(entry)
        return False
    return True


def told(ledger: Ledger, entry: LedgerEntry) -> list[tuple[str, list[str]]]:
    """Return what would be refused now, with the codes."""
    refused = ledger.preview(entry).refused
    return [(one.entry, [reason.code for reason in one.reasons_after]) for one in refused]


def test_an_event_brought_back_that_is_no_longer_lawful_is_told() -> None:
    gone = recorded(DETAILED, withdrawal(DETAILED, "e4", day(40), "w1"))
    gone = recorded(gone, withdrawal(gone, "e3", day(40), "w2"))
    back = withdrawal(gone, "w1", day(41), "back")
    assert told(gone, back) == [("e4", ["core-group-not-held"])]
    assert not at_once(gone, back)
    change = gone.preview(back).decisions[0]
    assert (change.rule_before, change.rule_after) == ("", "detailed-plan-agreed")
    assert (change.led_to_before, change.led_to_after) == ("", "")


def test_what_stands_again_without_its_replacement_is_told_if_it_is_no_longer_lawful() -> None:
    ledger = recorded(
        DETAILED, replacement(DETAILED, "e4", DetailedPlanAgreed(on=day(9)), day(40), "r1")
    )
    ledger = recorded(ledger, replacement(ledger, "e3", CoreGroupHeld(on=day(8)), day(40), "r2"))
    back = withdrawal(ledger, "r1", day(41))
    assert told(ledger, back) == [("e4", ["core-group-not-held"])]
    assert not at_once(ledger, back)


def test_a_change_of_edition_brought_back_that_is_no_longer_possible_is_told() -> None:
    other = every(7)
    ledger = under(LEDGER, other, day(20))
    ledger = recorded(ledger, withdrawal(ledger, ledger.entries[-1].id, day(40), "w"))
    ledger = under(ledger, other, day(15))
    back = withdrawal(ledger, "w", day(41), "back")
    assert told(ledger, back) == [(f"m{day(20)}", ["same-edition"])]
    assert ledger.preview(back).decisions[0].what == "migrated"
    assert not at_once(ledger, back)


def test_what_is_brought_back_as_lawful_as_it_was_is_no_decision() -> None:
    gone = recorded(LEDGER, withdrawal(LEDGER, "e6", day(40), "w"))
    assert gone.preview(withdrawal(gone, "w", day(41), "back")).decisions == ()


def test_an_entry_is_not_told_of_itself() -> None:
    early = late(LEDGER, DetailedPlanAgreed(on=day(2)), day(40))
    assert isinstance(LEDGER.record(early), LedgerRefused)
    assert "late" not in [one.entry for one in LEDGER.preview(early).decisions]
    gone = recorded(LEDGER, withdrawal(LEDGER, "e3", day(40)))
    assert gone.unlawful
    assert not gone.preview(gone.entries[3]).decisions


def test_a_late_event_that_changes_where_a_review_leads_back_to_has_to_be_accepted() -> None:
    escalated = late(REVIEWED, raised(Trigger.RISK_CHANGE, day(16)), day(21))
    consequences = REVIEWED.preview(escalated)
    assert consequences.steps_lost == ("review-from-active",)
    assert consequences.steps_gained == (
        "escalated-from-active",
        "review-from-escalated",
        "risk-change-open",
    )
    assert not at_once(REVIEWED, escalated)


def test_a_state_reached_otherwise_is_told_though_the_rule_is_the_same() -> None:
    decided = ReviewConferenceDecided(
        on=day(21), by=Role.CONFERENCE_CHAIR, plan_continues=True, next_review_date=day(150)
    )
    entry = REVIEWED.happened(decided, id="e8", recorded_on=day(21))
    # Recorded elsewhere: it lacks much of what a decision has to hold.
    ledger = Ledger.of([*REVIEWED.entries, entry], [STANDARDS])
    change = ledger.preview(late(ledger, raised(Trigger.RISK_CHANGE, day(16)), day(22)))
    reached = [(one.entry, one.led_to_before, one.led_to_after) for one in change.decisions]
    assert reached == [("e8", "active", "escalated")]


def test_an_edition_by_which_a_step_is_no_longer_taken_has_to_be_accepted() -> None:
    known = LEDGER.knowing(FORGETFUL)
    entry = known.migrated(FORGETFUL, day(16), id="m", recorded_on=day(16))
    assert not at_once(known, entry)
    seen = migration_of(LEDGER, FORGETFUL, day(16), id="m").consequences
    assert seen.steps == (
        StepChange(step="core-group-held", before=Taken(on=day(7), by="e3"), after=None),
    )
    assert migrate(
        LEDGER, FORGETFUL, day(16), id="m", recorded_on=day(16), accepting=seen.digest
    ).accepted


def test_a_step_that_an_edition_takes_from_what_happened_has_to_be_accepted() -> None:
    ledger = kept(*WELL[:3], ledger=Ledger.opened(FORGETFUL)).knowing(STANDARDS)
    entry = ledger.migrated(STANDARDS, day(16), id="m", recorded_on=day(16))
    gained = StepChange(step="core-group-held", before=None, after=Taken(on=day(7)))
    assert ledger.preview(entry).steps == (gained,)
    assert not at_once(ledger, entry)


def test_a_step_that_the_other_edition_does_not_know_is_no_change() -> None:
    steps = {name: says for name, says in STANDARDS.steps.items() if name != RULE.id}
    other = attrs.evolve(FORGETFUL, steps=steps)
    entry = LEDGER.knowing(other).migrated(other, day(16), id="m", recorded_on=day(16))
    assert LEDGER.knowing(other).preview(entry).steps == ()


def test_a_step_that_a_late_event_takes_itself_goes_without_saying() -> None:
    def plainly(before: Taken | None, after: Taken | None) -> bool:
        return StepChange(step="x", before=before, after=after).plainly_by("late")

    first, own = Taken(on=day(7), by="e3"), Taken(on=day(9), by="late")
    assert plainly(None, own)
    assert plainly(first, own)
    assert not plainly(own, attrs.evolve(own, on=day(8)))
    assert not plainly(own, first)
    assert not plainly(own, None)
    again = late(DETAILED, CoreGroupHeld(on=day(7)), day(20))
    assert DETAILED.preview(again).steps == ()


def test_a_step_of_another_day_by_a_replacement_is_told() -> None:
    moved = replacement(DETAILED, "e3", CoreGroupHeld(on=day(6)), day(40))
    assert DETAILED.preview(moved).steps == (
        StepChange(
            step="core-group-held",
            before=Taken(on=day(7), by="e3"),
            after=Taken(on=day(6), by="e3"),
        ),
    )
    assert not at_once(DETAILED, moved)


def test_without_any_turn_no_step_stands() -> None:
    opened = kept(*WELL[:2])
    none = compared("e1", opened.turns, ())
    assert none.steps_lost == tuple(sorted(opened.plan.steps))


def test_what_a_correction_brings_back_has_to_be_accepted_though_a_new_event_would_not() -> None:
    seen = kept(*WELL, visit(day(20)))
    other = recorded(seen, replacement(seen, "e7", CoreGroupHeld(on=day(20)), day(40)))
    back = withdrawal(other, "r", day(41))
    (met, opened) = other.preview(back).duties
    assert (met.plainly_by("e7"), opened.plainly_by("e7")) == (True, True)
    assert not at_once(other, back)
    assert at_once(other, late(other, visit(day(20)), day(41)))


def test_what_would_be_owed_only_from_a_later_day_is_told() -> None:
    fewer, other = without(STANDARDS, "duties", "sign-plan"), edited(STANDARDS, title="x")
    ledger = under(LEDGER, other, day(30)).knowing(fewer)
    between = ledger.migrated(fewer, day(5), id="m", recorded_on=day(40))
    (change,) = ledger.preview(between).duties
    assert (change.duty, change.before, change.after) == (
        "sign-plan",
        Owed(due_on=None),
        Owed(due_on=None),
    )
    assert (change.opened_before, change.opened_on) == (day(7), day(30))
    assert not at_once(ledger, between)
