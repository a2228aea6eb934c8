"""The prover, held against brute force over short histories, and against broken procedures.

Brute force shares nothing with the prover but the kernel and the monitors: it records every event
of a small alphabet after every other, up to a length, and asks the monitor.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import attrs
import pytest

from cpplan import PROCEDURES, Accepted, Plan, Procedure, load
from cpplan.codec import event_from_dict, event_to_dict
from cpplan.events import (
    ChildDied,
    CoreGroupHeld,
    DetailedPlanAgreed,
    EscalationRaised,
    EscalationResolved,
    Event,
    InitialConferenceDecided,
    InitialConferenceOpened,
    PlanContent,
    PlanPutIntoEffect,
    ReviewConferenceDecided,
    ReviewConferenceOpened,
    Trigger,
)
from cpplan.matching import Match
from cpplan.needs import EarliestNeed, StepNeed
from cpplan.requirements import ONE_SIDED, Atom, Requirement, Template
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.proving.prover import Proof, Proven, Prover, prove, witness
from cpplan_sim.running import loaded
from tests.breaking import without_code, without_need

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")
START = dt.date(2026, 1, 5)
DEPTH = 6
LATER = dt.timedelta(days=9)
"""More than the notice of the tiny procedure, five working days."""


def alphabet(on: dt.date) -> list[Event]:
    """Return every event of the tiny procedure that matters to it, on a day."""
    outline = PlanContent(concerns="left alone")
    return [
        InitialConferenceOpened(on=on),
        InitialConferenceDecided(on=on, plan_made=True, plan=outline),
        InitialConferenceDecided(on=on, plan_made=False),
        CoreGroupHeld(on=on),
        DetailedPlanAgreed(on=on),
        PlanPutIntoEffect(on=on),
        EscalationRaised(on=on, trigger=Trigger.NON_COMPLIANCE),
        EscalationResolved(on=on, trigger=Trigger.NON_COMPLIANCE),
        ReviewConferenceOpened(on=on),
        ReviewConferenceDecided(on=on, plan_continues=True),
        ReviewConferenceDecided(on=on, plan_continues=False),
        ChildDied(on=on),
    ]


def histories(procedure: Procedure) -> Iterator[tuple[Moment, ...]]:
    """Yield every history of the alphabet up to the depth, shortest first."""
    waiting: list[tuple[Plan, tuple[Moment, ...]]] = [(Plan(procedure), ())]
    for _ in range(DEPTH):
        longer = []
        for plan, moments in waiting:
            for on in days_after(plan):
                for event in alphabet(on):
                    decision = plan.record(event)
                    if isinstance(decision, Accepted):
                        moment = Moment(event, True, plan.state, decision.plan.state)
                        longer.append((decision.plan, (*moments, moment)))
        yield from (moments for _, moments in longer)
        waiting = longer


def days_after(plan: Plan) -> list[dt.date]:
    """Return the same day, and a later one where a notice can have run out by then."""
    last = plan.last_day or START
    return [last, last + LATER] if plan.state == "detailed" else [last]


@cache
def every_history(name: str) -> tuple[tuple[Moment, ...], ...]:
    return tuple(histories(PLAIN[name]))


def shortest_breach(name: str, requirement: Requirement) -> Sequence[Moment] | None:
    monitor = Monitor(requirement, TINY.calendar)
    for moments in every_history(name):
        finding = monitor.judge(moments)
        if finding.verdict is Verdict.BROKEN:
            assert finding.broken_at is not None
            return moments[: finding.broken_at + 1]
    return None


PLAIN = {
    "whole": TINY,
    "no core group needed": without_code(TINY, "detailed-plan-agreed", "core-group-held-missing"),
    "no notice": without_code(TINY, "plan-put-into-effect", "notice-not-run"),
}

ATOMS = [
    Atom(Match("core-group-held")),
    Atom(Match("review-conference-opened")),
    Atom(Match("escalation-raised")),
    Atom(Match("detailed-plan-agreed")),
    Atom(Match("plan-put-into-effect")),
    Atom(enters=("outline",)),
    Atom(enters=("detailed",)),
    Atom(enters=("active",)),
    Atom(enters=("escalated",)),
    Atom(enters=("review",), leaves=("escalated",)),
    Atom(enters=("ended.rcpc",)),
    Atom(enters=("ended.death",), leaves=("active",)),
    Atom(leaves=("detailed",)),
    Atom(any_of=(Atom(Match("core-group-held")), Atom(enters=("review",)))),
]


def random_requirement(seed: int) -> Requirement:
    rng = random.Random(seed)
    template = rng.choice(list(Template))
    first, then, until = rng.sample(ATOMS, 3)
    one_sided = template in ONE_SIDED
    timed = template in (Template.PRECEDENCE, Template.ALTERNATE_PRECEDENCE)
    after = TINY.values["notice"] if timed and rng.random() < 0.3 else None
    return Requirement(
        id=f"random-{seed}",
        says="Made up.",
        topic="noting",
        template=template,
        first=first,
        then=None if one_sided else then,
        until=until if template is Template.NOT_UNTIL else None,
        after=after,
    )


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("seed", range(60))
def test_the_prover_agrees_with_brute_force_on_any_requirement(seed: int, name: str) -> None:
    requirement = random_requirement(seed)
    found = prove(PLAIN[name], requirement)
    breach = shortest_breach(name, requirement)
    if breach is not None:
        assert found.proof is Proof.BROKEN, [moment.event.kind for moment in breach]
        assert len(found.history) == len(breach)
    if found.proof is Proof.BROKEN and len(found.history) <= DEPTH:
        assert breach is not None
    assert found.proof is not Proof.UNDECIDED, found.why


def test_brute_force_finds_breaches_and_finds_none() -> None:
    breaches = [shortest_breach("whole", random_requirement(seed)) for seed in range(60)]
    assert any(breach is None for breach in breaches)
    assert any(breach is not None and len(breach) > 3 for breach in breaches)


def proofs(name: str) -> list[Proven]:
    prover = Prover(loaded(name))
    return [prover.prove(one) for one in prover.procedure.requirements.values()]


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_requirement_of_every_procedure_is_proved_and_can_be_exercised(name: str) -> None:
    found = proofs(name)
    assert found
    assert [(one.requirement.id, one.why) for one in found if one.proof is not Proof.PROVED] == []
    assert [one.requirement.id for one in found if not one.exercise] == []


BROKEN = [
    ("letter-route-agreed", "not-unanimous", "letter-agreed-by-all", 8),
    ("letter-sent", "chair-not-satisfied", "letter-chair-satisfied", None),
    ("plan-ended-by-letter", "notice-not-run-out", "letter-notice-given", 8),
    ("plan-ended-by-letter", "letter-route-lapsed", "letter-lapses-at-review", 10),
    ("plan-ended-by-letter", "agency-objected", "letter-no-objection", 9),
    ("plan-ended-at-18", "not-yet-18", "eighteen-before-ending", 3),
    (
        "plan-ended-by-move",
        "receiving-conference-not-held",
        "move-only-after-receiving-conference",
        4,
    ),
    ("risk-change-resolved", "review-not-held", "review-for-risk-change", 4),
    ("looked-after-end-agreed", "file-not-reviewed", "looked-after-file-first", None),
]


@pytest.mark.parametrize(("rule", "code", "requirement", "length"), BROKEN)
def test_a_dropped_need_is_shown_by_the_shortest_history_or_is_guarded_twice(
    rule: str, code: str, requirement: str, length: int | None
) -> None:
    changed = without_code(loaded("standards"), rule, code)
    found = prove(changed, changed.requirements[requirement])
    if length is None:
        assert found.proof is Proof.PROVED
        return
    assert found.proof is Proof.BROKEN
    assert len(found.history) == length
    plan = Plan.rebuild(changed, [moment.event for moment in found.history])
    assert plan.state == found.history[-1].after


def loosened(name: str, rule: str, *, amount: int | None = None) -> Procedure:
    """Return a procedure of which one rule counts another figure, or if none, to its last day."""
    procedure = loaded(name)
    needs = tuple(
        _otherwise(need, amount) if isinstance(need, EarliestNeed) else need
        for need in procedure.rules[rule].needs
    )
    changed = attrs.evolve(procedure.rules[rule], needs=needs)
    return attrs.evolve(procedure, rules={**procedure.rules, rule: changed})


def _otherwise(need: EarliestNeed, amount: int | None) -> EarliestNeed:
    if amount is None:
        return attrs.evolve(need, day_after=False)
    return attrs.evolve(need, value=attrs.evolve(need.value, amount=amount))


@pytest.mark.parametrize(
    ("rule", "amount", "requirement"),
    [
        ("plan-ended-by-letter", 9, "letter-notice-given"),
        ("plan-ended-by-letter", None, "letter-notice-given"),
        ("plan-ended-at-18", 17, "eighteen-before-ending"),
    ],
)
def test_a_time_made_shorter_is_shown_though_its_figure_keeps_its_name(
    rule: str, amount: int | None, requirement: str
) -> None:
    procedure = loosened("standards", rule, amount=amount)
    found = prove(procedure, procedure.requirements[requirement])
    assert found.proof is Proof.BROKEN


def test_a_time_made_longer_is_still_proved() -> None:
    procedure = loosened("standards", "plan-ended-by-letter", amount=12)
    found = prove(procedure, procedure.requirements["letter-notice-given"])
    assert found.proof is Proof.PROVED


@pytest.mark.parametrize(
    ("rule", "code", "requirement"),
    [
        ("contact-delegated", "manager-has-not-authorised", "delegation-is-authorised"),
        ("contact-delegated", "police-have-not-authorised", "delegation-is-authorised"),
        (
            "failed-visits-plan-agreed",
            "action-plan-not-agreed-by-agency",
            "failed-visits-plan-never-without-one-of-them",
        ),
    ],
)
def test_one_of_three_who_must_agree_can_not_be_left_out(
    rule: str, code: str, requirement: str
) -> None:
    changed = without_code(loaded("luton"), rule, code)
    assert prove(changed, changed.requirements[requirement]).proof is Proof.BROKEN


def test_an_item_of_a_list_without_its_date_is_found() -> None:
    changed = without_code(
        loaded("london"), "detailed-plan-agreed-while-escalated", "action-date-missing"
    )
    found = prove(changed, changed.requirements["actions-have-dates"])
    assert found.proof is Proof.BROKEN


def test_a_step_that_no_history_reaches_is_told() -> None:
    found = witness(loaded("standards"), lambda edge: edge.target == "before-plan-again")
    assert not found.reachable


def test_each_state_of_the_standards_has_a_shortest_witness() -> None:
    procedure = loaded("standards")
    lengths = {}
    for state in procedure.states[1:]:
        found = witness(
            procedure,
            lambda edge, state=state: edge.target == state,  # type: ignore[misc]
        )
        lengths[state] = len(found.history)
        assert found.history[-1].after == state
    assert lengths["outline"] == 2
    assert lengths["ended.letter"] == 8
    assert lengths["ended.rcpc"] == 4


@pytest.mark.parametrize("name", ["standards", "luton", "jersey"])
def test_what_is_kept_of_a_proof_after_an_edit_is_what_a_new_proof_finds(name: str) -> None:
    procedure = loaded(name)
    prover = Prover(procedure)
    requirements = procedure.requirements.values()
    for one in requirements:
        prover.prove(one)
    needs = [(rule.id, n) for rule in procedure.rules.values() for n, _ in enumerate(rule.needs)]
    broken = 0
    for rule, number in random.Random(7).sample(needs, 12):
        changed = without_need(procedure, rule, number)
        after, anew = Prover(changed, prover), Prover(changed)
        for one in requirements:
            found, new = after.prove(one), anew.prove(one)
            assert (found.proof, len(found.history)) == (new.proof, len(new.history)), (rule, one)
            assert bool(found.exercise) == bool(new.exercise)
            broken += new.proof is Proof.BROKEN
    assert broken, "no edit broke anything: the comparison showed nothing"


def test_a_proof_is_not_kept_when_what_is_counted_changes() -> None:
    procedure = loaded("luton")
    prover = Prover(procedure)
    requirements = procedure.requirements.values()
    before = [prover.prove(one).proof for one in requirements]
    (tally,) = procedure.tallies
    never = attrs.evolve(tally, reaches="counted-nowhere")
    changed = attrs.evolve(procedure, tallies=(never,))
    after = [Prover(changed, prover).prove(one).proof for one in requirements]
    anew = Prover(changed)
    assert after == [anew.prove(one).proof for one in requirements]
    assert before == [Proof.PROVED] * len(before)


def test_a_list_that_has_to_be_held_in_full_is_proved_by_the_need_that_holds_it() -> None:
    standards = loaded("standards")
    required = standards.requirements["every-arrangement-checked"]
    assert prove(standards, required).proof is Proof.PROVED
    found = prove(without_code(standards, "chair-satisfied", "circumstance-not-checked"), required)
    assert found.proof is Proof.BROKEN
    agreed = [one for one in found.history if one.event.kind == "letter-route-agreed"]
    assert required.covers is not None
    assert not required.covers.holds(
        required.covers.wanted(agreed[-1].event), found.history[-1].event
    )


def test_an_answer_that_comes_too_early_and_ends_the_plan_is_none() -> None:
    one = Requirement(
        id="notice-before-any-ending",
        says="Made up.",
        topic="noting",
        template=Template.RESPONSE,
        first=Atom(Match("detailed-plan-agreed")),
        then=Atom(enters=("ended.rcpc", "ended.death")),
        not_before=TINY.values["notice"],
    )
    found = prove(TINY, one)
    assert found.proof is Proof.BROKEN
    assert found.history[-1].after.startswith("ended.")


@pytest.mark.parametrize("field", ["needs", "given_any"])
def test_a_count_that_a_need_asks_for_is_never_taken_to_be_out_of_reach(field: str) -> None:
    """The kernel lets a second failed visit through; a proof that none can be would be wrong."""
    luton, reached = loaded("luton"), "failed-visits-reached"
    second = attrs.evolve(luton.rules["second-failed-visit"], given=frozenset())
    if field == "needs":
        asks = StepNeed(step=reached, code="not-reached", says="Not reached.", cites=())
        second = attrs.evolve(second, needs=(asks, *second.needs))
    else:
        second = attrs.evolve(second, given_any=frozenset({reached}))
    rules = {**luton.rules, second.id: second}
    changed = attrs.evolve(luton, rules=rules, digest=f"{luton.digest} {field}")
    plan = Plan(changed)
    for event in witness(luton, lambda edge: edge.rule.id == second.id).history:
        decision = plan.record(event.event)
        assert isinstance(decision, Accepted)
        plan = decision.plan
    assert plan.history[-1].rule.id == second.id
    assert witness(changed, lambda edge: edge.rule.id == second.id).reachable


@pytest.mark.parametrize("code", ["action-date-missing", "action-owner-missing"])
def test_a_counterexample_holds_only_what_an_event_can_say(code: str) -> None:
    """The dates of actions are a list inside a list; whatever stands there is written and read."""
    changed = without_code(loaded("london"), "detailed-plan-agreed", code)
    broken = [prove(changed, one) for one in changed.requirements.values()]
    histories = [one.history for one in broken if one.proof is Proof.BROKEN]
    assert histories
    for moment in (moment for history in histories for moment in history):
        assert event_from_dict(event_to_dict(moment.event)) == moment.event
