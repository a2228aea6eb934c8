"""Migration: what becomes of one plan under another edition, and how that is recorded."""

from __future__ import annotations

import attrs
import pytest

from cpplan import Ledger, LedgerAccepted, LedgerRefused, Migration, migrate, migration_of
from cpplan.consequences import Owed
from cpplan.states import ESCALATED
from tests.kernel.editing import (
    ESCALATED_LEDGER,
    LEDGER,
    OUTLINED,
    edited,
    escalated_nowhere,
    without,
)
from tests.kernel.histories import STANDARDS, START, day
from tests.kernel.ledgering import JERSEY, MADE_UP, WELL, kept, recorded, withdrawal


def test_jersey_under_a_made_up_next_edition_has_its_visits_and_core_group_re_dated() -> None:
    told = migration_of(OUTLINED, MADE_UP, day(3))
    assert told.possible
    assert [(one.duty, one.before, one.after) for one in told.consequences.redated] == [
        ("first-core-group", Owed(due_on=day(14)), Owed(due_on=day(21))),
        ("visit", Owed(due_on=day(15)), Owed(due_on=day(8))),
    ]
    assert [(one.rule, one.step) for one in told.steps_needed] == [
        ("plan-put-into-effect", "agreement-read-over"),
        ("plan-put-into-effect-while-escalated", "agreement-read-over"),
    ]
    assert told.steps_needed[0].reason.code == "agreement-not-read-over"
    assert told.rules_new == ("agreement-read-over",)
    assert told.rules_gone == ()
    assert told.state == "outline"
    assert (told.to, told.digest, told.on) == ("jersey-made-up", MADE_UP.digest, day(3))


def test_steps_are_what_the_other_edition_makes_of_what_happened() -> None:
    rule = STANDARDS.rules["core-group-held"]
    forgetful = edited(
        STANDARDS, rules={**STANDARDS.rules, "core-group-held": attrs.evolve(rule, sets=())}
    )
    told = migration_of(LEDGER, forgetful, day(14))
    assert told.steps_lost == ("core-group-held",)
    back = migration_of(kept(*WELL[:3], ledger=Ledger.opened(forgetful)), STANDARDS, day(14))
    assert back.steps_gained == ("core-group-held",)


def test_rules_that_are_gone_are_named_where_they_could_have_mattered() -> None:
    fewer = without(STANDARDS, "rules", "initial-conference-opened", "plan-put-into-effect")
    assert migration_of(LEDGER, fewer, day(14)).rules_gone == ("plan-put-into-effect",)
    assert migration_of(Ledger.opened(STANDARDS), fewer, START).rules_gone == (
        "initial-conference-opened",
        "plan-put-into-effect",
    )


def test_a_state_without_an_equal_is_refused_loudly() -> None:
    assert ESCALATED_LEDGER.plan.state == ESCALATED
    nowhere = escalated_nowhere()
    told = migration_of(ESCALATED_LEDGER, nowhere, day(16))
    assert not told.possible
    assert [reason.code for reason in told.reasons] == ["state-without-equal"]
    assert told.consequences.decisions == ()
    decision = migrate(ESCALATED_LEDGER, nowhere, day(16), id="m", recorded_on=day(16))
    assert isinstance(decision, LedgerRefused)
    assert decision.codes == ("state-without-equal",)
    assert "escalated" in decision.reasons[0].says


def test_a_state_that_leads_nowhere_back_is_refused() -> None:
    ways_back = [rule.id for rule in STANDARDS.rules.values() if rule.target == "origin"]
    stuck = without(STANDARDS, "rules", *ways_back)
    told = migration_of(ESCALATED_LEDGER, stuck, day(16))
    assert [reason.code for reason in told.reasons] == ["origin-without-equal"]
    assert migration_of(ESCALATED_LEDGER, edited(STANDARDS, title="x"), day(16)).possible


def test_a_migration_is_recorded_with_its_consequences_accepted() -> None:
    told = migration_of(OUTLINED, MADE_UP, day(3))
    first = migrate(OUTLINED, MADE_UP, day(3), id="m", recorded_on=day(3))
    assert isinstance(first, LedgerRefused)
    assert first.codes == ("consequences-not-accepted",)
    assert first.consequences is not None
    assert first.consequences.duties == told.consequences.duties
    second = migrate(
        OUTLINED, MADE_UP, day(3), id="m", recorded_on=day(3), accepting=first.consequences
    )
    assert isinstance(second, LedgerAccepted)
    moved = second.ledger
    entry = moved.entries[-1]
    assert (entry.procedure, entry.digest) == ("jersey", JERSEY.digest)
    assert moved.plan.procedure is MADE_UP
    assert Ledger.of(moved.entries, [MADE_UP, JERSEY]).plan == moved.plan
    assert recorded(moved, withdrawal(moved, "m", day(20))).plan == OUTLINED.plan
    assert moved.as_known_on(day(2)).plan == OUTLINED.plan


def test_what_is_looked_at_under_the_name_of_the_entry_is_accepted_by_its_digest() -> None:
    told = migration_of(OUTLINED, MADE_UP, day(3), id="m").consequences
    decision = migrate(OUTLINED, MADE_UP, day(3), id="m", recorded_on=day(5), accepting=told.digest)
    assert isinstance(decision, LedgerAccepted)
    assert decision.consequences == told
    with pytest.raises(ValueError, match="is called 'm' already"):
        migration_of(decision.ledger, JERSEY, day(4), id="m")


def test_a_migration_looks_at_one_plan_and_changes_none() -> None:
    told = migration_of(LEDGER, edited(STANDARDS, title="x"), day(20))
    assert isinstance(told, Migration)
    assert (told.steps_lost, told.steps_gained, told.steps_needed) == ((), (), ())
    assert (told.rules_gone, told.rules_new) == ((), ())
    assert not told.consequences.needs_accepting
    assert len(LEDGER.editions) == 1


def test_a_step_that_the_other_edition_does_not_know_is_not_lost() -> None:
    rule = attrs.evolve(STANDARDS.rules["core-group-held"], sets=())
    steps = {name: says for name, says in STANDARDS.steps.items() if name != "core-group-held"}
    other = edited(STANDARDS, rules={**STANDARDS.rules, rule.id: rule}, steps=steps)
    assert migration_of(LEDGER, other, day(14)).steps_lost == ()
