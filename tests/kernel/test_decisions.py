"""Decisions: what an answer tells beside yes and no."""

from __future__ import annotations

from cpplan import Accepted, Plan, Reason, Refused
from cpplan.events import ChildDied, CoreGroupHeld
from tests.kernel.histories import STANDARDS, active, day, decided, opened, outline, taken, visit


def test_an_acceptance_tells_rule_before_and_after() -> None:
    plan = taken(Plan(STANDARDS), opened())
    decision = plan.record(decided())
    assert isinstance(decision, Accepted)
    assert decision.accepted
    assert decision.before is plan
    assert decision.plan.state == "outline"
    assert decision.rule.id == "plan-made"


def test_it_tells_what_was_opened_and_closed() -> None:
    decision = outline().record(CoreGroupHeld(on=day(7)))
    assert isinstance(decision, Accepted)
    assert [one.duty.id for one in decision.closed] == ["first-core-group"]
    assert decision.opened == ()
    visited = outline().record(visit(day(3)))
    assert isinstance(visited, Accepted)
    assert [one.duty.id for one in visited.closed] == ["visit"]
    assert [(one.duty.id, one.due_on) for one in visited.opened] == [("visit", day(17))]


def test_it_tells_what_was_not_written_down_and_blocks_nothing() -> None:
    plan = taken(Plan(STANDARDS), opened())
    decision = plan.record(decided())
    assert isinstance(decision, Accepted)
    told = {omission.field: omission for omission in decision.omissions}
    assert told["threshold_evidence"].says == "The evidence for the threshold is not recorded."
    assert told["threshold_evidence"].cites == ("standards/1c",)
    full = plan.record(decided(threshold_evidence="Seen by the neighbours."))
    assert isinstance(full, Accepted)
    assert "threshold_evidence" not in {omission.field for omission in full.omissions}


def test_a_refusal_tells_codes_and_sentences_with_their_clauses() -> None:
    decision = active().record(ChildDied(on=day(9)))
    assert isinstance(decision, Refused)
    assert not decision.accepted
    assert decision.codes == ("date-of-death-missing",)
    assert str(decision.reasons[0]) == "The date of death is not recorded. [standards/11i]"
    assert str(Reason("x", "Because.")) == "Because."
