"""Refusals: the reasons that the machinery itself gives."""

from __future__ import annotations

import pytest

from cpplan import Plan, Refused
from cpplan.events import (
    AgencyObjected,
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    LookedAfterEndingDecided,
    PlanChanged,
)
from cpplan.events.parts import DecidingBody
from cpplan.roles import Role
from tests.kernel.histories import STANDARDS, active, day, detailed, outline


@pytest.mark.parametrize(
    ("plan", "event", "code", "says"),
    [
        (
            active(),
            PlanChanged(on=day(9), decided_by=DecidingBody.CORE_GROUP),
            "procedure-silent",
            "The procedure standards says nothing of plan changed.",
        ),
        (
            detailed(),
            DetailedPlanAgreed(on=day(9)),
            "not-in-this-state",
            "Detailed plan agreed belongs to outline or escalated; the plan is in detailed.",
        ),
        (
            Plan(STANDARDS),
            CoreGroupHeld(on=day(9)),
            "not-in-this-state",
            "Core group held belongs to outline, detailed, active, escalated or review; the plan is"
            " in before-plan.",
        ),
        (
            active(),
            LookedAfterEndingDecided(on=day(9)),
            "no-rule-for-these-fields",
            "No rule is for looked after ending decided with these fields, as the steps stand.",
        ),
    ],
)
def test_what_no_rule_is_for_is_refused_with_a_sentence(
    plan: Plan, event: Event, code: str, says: str
) -> None:
    decision = plan.record(event)
    assert isinstance(decision, Refused)
    (reason,) = decision.reasons
    assert (reason.code, reason.says, reason.cites) == (code, says, ())


def test_an_event_of_one_state_is_told_that_state() -> None:
    decision = active().record(active().events[0])
    assert isinstance(decision, Refused)
    assert decision.reasons[1].says.startswith("Initial conference opened belongs to before-plan;")


def test_a_reason_by_a_need_has_its_clauses() -> None:
    decision = outline().record(AgencyObjected(on=day(1), agency=Role.SCHOOL))
    assert isinstance(decision, Refused)
    assert decision.codes == ("no-letter-to-object-to",)
    assert decision.reasons[0].cites == ("standards/12i",)
