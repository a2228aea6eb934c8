"""Running a scenario: each event through the kernel, held against what the scenario expects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import attrs

from cpplan import Accepted, Decision, Plan, Procedure, Refused, load
from cpplan.obligations import Obligation, Status
from cpplan_sim.scenarios import NO_DATE, DueDraft, ExpectDraft, Scenario, Step


@attrs.frozen
class Outcome:
    """What came of one event.

    Attributes:
        step: the event and what was expected.
        decision: the kernel's answer.
        plan: the plan after it.
        failures: in what the answer differs from what was expected.
    """

    step: Step
    decision: Decision
    plan: Plan
    failures: tuple[str, ...]


@attrs.frozen
class Run:
    """A scenario that has been run.

    Attributes:
        scenario: the case.
        outcomes: what came of each event.
        plan: the plan at the end.
        failures: in what it differs from what was expected at the end.
    """

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    plan: Plan
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures and not any(outcome.failures for outcome in self.outcomes)


def run(scenario: Scenario, procedure: Procedure | None = None) -> Run:
    """Run a scenario.

    Args:
        scenario: the case.
        procedure: the procedure to run it under; the one that it names by default.
    """
    under = procedure or loaded(scenario.procedure, scenario.fill, tuple(scenario.values.items()))
    plan, outcomes = Plan(under), []
    for step in scenario.steps:
        decision = plan.record(step.event)
        plan = decision.plan if isinstance(decision, Accepted) else plan
        failures = tuple(_unexpected(step.expect, decision, plan))
        outcomes.append(Outcome(step, decision, plan, failures))
    return Run(scenario, tuple(outcomes), plan, tuple(_unexpected_end(scenario, plan)))


@cache
def loaded(name: str, fill: str = "", values: tuple[tuple[str, int], ...] = ()) -> Procedure:
    """Return a procedure, loaded once."""
    return load(name, fill=fill, values=dict(values))


def _unexpected(expect: ExpectDraft, decision: Decision, plan: Plan) -> Iterator[str]:
    if expect.state and plan.state != expect.state:
        yield f"the state is {plan.state}, expected {expect.state}"
    if isinstance(decision, Refused):
        yield from _unexpected_refusal(expect, decision)
    else:
        yield from _unexpected_acceptance(expect, decision)


def _unexpected_refusal(expect: ExpectDraft, decision: Refused) -> Iterator[str]:
    if not expect.refused:
        yield "refused, expected to be accepted: " + "; ".join(map(str, decision.reasons))
    elif sorted(set(decision.codes)) != sorted(set(expect.refused)):
        yield f"refused for {_listed(decision.codes)}, expected {_listed(expect.refused)}"
    cited = {clause for reason in decision.reasons for clause in reason.cites}
    for clause in expect.cites:
        if clause not in cited:
            yield f"the refusal does not cite {clause}"


def _unexpected_acceptance(expect: ExpectDraft, decision: Accepted) -> Iterator[str]:
    if expect.refused:
        yield f"accepted by the rule {decision.rule.id}, expected {_listed(expect.refused)}"
    cited = {*decision.rule.cites, *(c for need in decision.rule.needs for c in need.cites)}
    for clause in expect.cites:
        if clause not in cited:
            yield f"the rule {decision.rule.id} does not cite {clause}"
    opened = {one.duty.id: one for one in decision.opened}
    for duty, due in expect.opens.items():
        if duty not in opened:
            yield f"does not open {duty}; opens {_listed(opened)}"
        elif _due(opened[duty]) != str(due):
            yield f"opens {duty} due {_due(opened[duty])}, expected {due}"
    for wanted, outcome in (
        (expect.meets, Status.MET),
        (expect.meets_late, Status.MET_LATE),
        (expect.misses, Status.MISSED),
    ):
        closed = [one.duty.id for one in decision.closed if one.outcome is outcome]
        for duty in wanted:
            if duty not in closed:
                yield f"{duty} is not {outcome} with it; that are: {_listed(closed)}"
    yield from _unexpected_omissions(expect, decision)


def _unexpected_omissions(expect: ExpectDraft, decision: Accepted) -> Iterator[str]:
    left_out = [omission.field for omission in decision.omissions]
    for field in expect.omits:
        if field not in left_out:
            yield f"{field} is not told as left out"
    for field in expect.complete:
        if field in left_out:
            yield f"{field} is told as left out"


def _unexpected_end(scenario: Scenario, plan: Plan) -> Iterator[str]:
    if scenario.ends_in and plan.state != scenario.ends_in:
        yield f"ends in {plan.state}, expected {scenario.ends_in}"
    for draft in scenario.due:
        yield from _unexpected_due(draft, plan)


def _unexpected_due(draft: DueDraft, plan: Plan) -> Iterator[str]:
    """Hold the latest obligation of each duty against what is expected of it on a day."""
    for duty, expected in draft.duties.items():
        opened = [
            one
            for one in plan.obligations
            if one.duty.id == duty and one.status(draft.on) is not Status.NOT_STARTED
        ]
        if not opened:
            if expected.status != Status.NOT_STARTED:
                yield f"on {draft.on} {duty} is not owed, expected {expected.status}"
            continue
        status = opened[-1].status(draft.on)
        if status != expected.status:
            yield f"on {draft.on} {duty} is {status}, expected {expected.status}"
        if expected.due is not None and opened[-1].due_on != expected.due:
            yield f"on {draft.on} {duty} is due {_due(opened[-1])}, expected {expected.due}"


def _due(one: Obligation) -> str:
    return str(one.due_on) if one.due_on else NO_DATE


def _listed(names: object) -> str:
    found = [str(name) for name in names] if hasattr(names, "__iter__") else []
    return ", ".join(found) or "nothing"
