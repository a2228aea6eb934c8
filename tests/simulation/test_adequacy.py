"""Adequacy: mutants of the tiny procedure and of small ones, killed, equivalent or surviving."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import attrs
import pytest

from cpplan import PROCEDURES, Accepted, Plan, Procedure, load
from cpplan.needs import EarliestNeed, StepNeed
from cpplan.requirements import Template
from cpplan.rules import OTHERS_OPEN
from cpplan_sim.adequacy.equivalence import Sameness, compare, part
from cpplan_sim.adequacy.killing import How, Killer
from cpplan_sim.adequacy.mutants import Mutant, Operator, mutants_of
from cpplan_sim.adequacy.scoring import Fate, adequacy_of, judge
from cpplan_sim.adequacy.wording import told
from cpplan_sim.monitors import Monitor, Verdict
from cpplan_sim.proving.prover import Prover
from cpplan_sim.running import loaded
from cpplan_sim.scenarios import read_all, shipped
from tests.simulation.walks import synthetic_cases

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")


@cache
def prover(name: str) -> Prover:
    return Prover(loaded(name))


@cache
def killer(name: str) -> Killer:
    good = [path for path in shipped(name) if path.parent.parent.name == "good"]
    return Killer(loaded(name), read_all(good))


def mutant(procedure: Procedure, rule: str, operator: Operator, words: str = "") -> Mutant:
    """Return the one mutant of a rule and an operator that has some words in it."""
    (found,) = (
        one
        for one in mutants_of(procedure)
        if one.rules[0] == rule and one.operator is operator and words in one.what
    )
    return found


# Mutants


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_need_clearing_route_and_source_of_a_procedure_has_a_mutant(name: str) -> None:
    procedure = loaded(name)
    found = mutants_of(procedure)
    assert len({one.name for one in found}) == len(found)
    assert len({one.broken.digest for one in found}) == len(found)
    both = {rule for one in found for rule in one.rules}
    for rule in procedure.rules.values():
        whole = rule.id.removesuffix(OTHERS_OPEN)
        mine = [one for one in found if rule.id in one.rules]
        assert rule.id in both
        dropped = [one.need for one in mine if one.need is not None and not one.instead]
        plain = [need for need in rule.needs if not isinstance(need, EarliestNeed)]
        assert [need for need in plain if need not in dropped] == [], whole
        kinds = Counter(one.operator for one in mine)
        assert kinds[Operator.CLEARING] == len(rule.clears)
        sources = {edge.source for edge in procedure.edges if edge.rule.id == rule.id}
        assert {one.source for one in mine if one.source} >= sources


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_mutant_differs_in_its_own_rules_alone_and_leaves_the_procedure_as_it_was(
    name: str,
) -> None:
    procedure = loaded(name)
    before = dict(procedure.rules)
    for one in mutants_of(procedure):
        changed = {key for key in before if one.broken.rules[key] != before[key]}
        assert changed == set(one.rules), one.name
        assert one.cites or one.why or not one.rule.cites
    assert dict(procedure.rules) == before


def test_a_rule_stated_once_for_two_ways_loses_a_thing_in_both() -> None:
    one = mutant(loaded("luton"), "failed-visits-resolved", Operator.STEP, "plan-agreed")
    assert one.rules == ("failed-visits-resolved", "failed-visits-resolved" + OTHERS_OPEN)
    assert all(one.need not in one.broken.rules[rule].needs for rule in one.rules)
    stays = mutant(loaded("luton"), "failed-visits-resolved", Operator.ROUTE, "safety-concern-open")
    base, half = (stays.broken.rules[rule] for rule in stays.rules)
    assert "safety-concern-open" not in base.given_none | half.given_any
    assert half.given_any


def test_an_earliest_date_is_dropped_shortened_and_moved_to_its_last_day() -> None:
    needs = [
        mutant(loaded("standards"), "plan-ended-by-letter", operator).instead[0]
        for operator in (Operator.PERIOD, Operator.SHORTER, Operator.ON_THE_DAY)
    ]
    assert isinstance(needs[0], StepNeed)
    assert isinstance(needs[1], EarliestNeed)
    assert isinstance(needs[2], EarliestNeed)
    assert (needs[1].value.amount, needs[1].day_after) == (9, True)
    assert (needs[2].value.amount, needs[2].day_after) == (10, False)


def test_what_is_taken_out_is_told_in_the_words_of_the_pack() -> None:
    needs = {told(need) for rule in loaded("luton").rules.values() for need in rule.needs}
    assert {
        "core-group-held",
        "no dispute-open",
        "by conference-chair",
        "written_agreement recorded",
        "visit_interval not recorded",
        "agreed_by includes police",
        "lead_social_worker.qualified is True",
        "contact-delegated or review-called-for-access",
        "new_date within 3 months of on-plan",
    } <= needs


# Equivalence


def test_a_step_that_another_needed_step_can_not_be_taken_without_is_equivalent_to_drop() -> None:
    one = mutant(loaded("standards"), "plan-ended-by-letter", Operator.STEP, "chair-satisfied")
    assert compare(one, prover("standards")).sameness is Sameness.EQUIVALENT


def test_a_need_that_stands_alone_in_the_way_is_different_and_they_part_there() -> None:
    one = mutant(loaded("standards"), "plan-ended-by-letter", Operator.FORBIDDEN, "letter-objected")
    found = compare(one, prover("standards"))
    assert found.sameness is Sameness.DIFFERENT
    assert part(one.procedure, one.broken, found.history)
    assert not part(one.procedure, one.broken, found.history[:-1])
    assert found.history[-1].kind == "plan-ended-by-letter"


def test_a_clearing_that_nothing_reads_again_is_equivalent_and_one_that_is_read_is_not() -> None:
    once = mutant(loaded("luton"), "plan-made", Operator.CLEARING, "initial-conference-sitting")
    again = mutant(loaded("luton"), "no-plan-made", Operator.CLEARING, "initial-conference-sitting")
    assert compare(once, prover("luton")).sameness is Sameness.EQUIVALENT
    found = compare(again, prover("luton"))
    assert found.sameness is Sameness.DIFFERENT
    assert found.history[-1].kind == "initial-conference-opened"


def test_a_clearing_that_only_what_is_told_as_left_out_turns_on_is_not_equivalent() -> None:
    one = mutant(loaded("luton"), "core-group-held", Operator.CLEARING)
    assert compare(one, prover("luton")).sameness is Sameness.DIFFERENT


def test_a_route_that_an_earlier_rule_always_takes_first_is_equivalent() -> None:
    one = mutant(loaded("luton"), "second-failed-visit", Operator.ROUTE, "failed-visits-reached")
    assert compare(one, prover("luton")).sameness is Sameness.EQUIVALENT
    other = mutant(loaded("luton"), "visit-failed", Operator.ROUTE, "failed-visits-reached")
    assert compare(other, prover("luton")).sameness is Sameness.DIFFERENT


def test_a_state_that_no_history_comes_to_is_equivalent_to_leave_out() -> None:
    silent = loaded("lead-social-worker")
    found = [one for one in mutants_of(silent) if one.source == "escalated"]
    assert found
    for one in found[:5]:
        assert compare(one, prover(silent.name)).sameness is Sameness.EQUIVALENT


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lead-social-worker", "jersey", "luton"])
def test_no_case_tells_an_equivalent_mutant_from_its_procedure(name: str) -> None:
    """Cases made under the mutant: what it alone lets through would be among them."""
    asked = [one for one in mutants_of(loaded(name)) if one.operator is not Operator.SOURCE]
    same = [one for one in asked if judge(one, killer(name)).fate is Fate.EQUIVALENT]
    assert same
    for one in same:
        for case in synthetic_cases(one.broken, 12):
            events = [moment.event for moment in case.moments]
            assert not part(one.procedure, one.broken, events), one.name


def test_cases_do_tell_a_mutant_that_is_different_from_its_procedure() -> None:
    """So that the test above can fail."""
    one = mutant(loaded("luton"), "dispute-raised", Operator.FORBIDDEN)
    parted = [
        part(one.procedure, one.broken, [moment.event for moment in case.moments])
        for case in synthetic_cases(one.broken, 30)
    ]
    assert any(parted)


# Killing


def test_a_requirement_that_kills_is_broken_by_a_history_that_the_kernel_takes() -> None:
    one = mutant(loaded("luton"), "detailed-plan-agreed", Operator.STEP, "core-group-held")
    found = judge(one, killer("luton"))
    assert found.fate is Fate.KILLED
    assert found.kill is not None
    assert found.kill.how is How.REQUIREMENT
    broken = Monitor(loaded("luton").requirements[found.kill.by], loaded("luton").calendar)
    assert broken.judge(found.kill.history).verdict is Verdict.BROKEN
    plan = Plan(one.broken)
    for moment in found.kill.history:
        decision = plan.record(moment.event)
        assert isinstance(decision, Accepted)
        plan = decision.plan
    assert part(one.procedure, one.broken, plan.events)


@pytest.mark.parametrize(
    ("name", "rule", "operator", "words", "how"),
    [
        ("luton", "plan-put-into-effect", Operator.SOURCE, "detailed", How.POSSIBLE),
        ("luton", "visit-failed", Operator.SOURCE, "active", How.TOLD),
        ("standards", "plan-made", Operator.ALTERNATIVE, "way 2", How.TOLD),
    ],
)
def test_what_takes_something_away_is_noticed_by_what_must_be_possible_or_by_a_told_case(
    name: str, rule: str, operator: Operator, words: str, how: How
) -> None:
    found = [
        judge(one, killer(name))
        for one in mutants_of(loaded(name))
        if one.rules[0] == rule and one.operator is operator and words in one.what
    ]
    assert {one.fate for one in found} == {Fate.KILLED}
    assert how in {one.kill.how for one in found if one.kill is not None}


def test_no_told_case_stands_in_for_a_requirement_where_more_is_let_through() -> None:
    """A bad case that is no longer refused is not what kills a mutant."""
    for one in mutants_of(loaded("lead-social-worker")):
        if one.operator in (Operator.STEP, Operator.FORBIDDEN, Operator.ROLE, Operator.FIELD):
            kill = judge(one, killer("lead-social-worker")).kill
            assert kill is not None
            assert kill.how is How.REQUIREMENT


# Scoring


def test_without_the_requirement_that_notices_it_a_mutant_survives_and_its_clause_is_told() -> None:
    whole = loaded("lead-social-worker")
    kept = {name: one for name, one in whole.requirements.items() if name != "chair-names-lead"}
    poor = attrs.evolve(whole, requirements=kept)
    asked = [one for one in mutants_of(poor) if one.operator is Operator.ROLE]
    found = adequacy_of(poor, mutants=asked)
    (survivor,) = found.survivors
    assert survivor.fate is Fate.SURVIVES
    assert survivor.mutant.cites == ("lead-social-worker/para-17a",)
    assert not found.passed
    assert found.rows[-1].score == 0


def test_without_what_must_be_possible_and_without_told_cases_a_lost_state_survives() -> None:
    poor = attrs.evolve(loaded("lead-social-worker"), possible={})
    asked = [one for one in mutants_of(poor) if one.source == "active"][:3]
    assert {one.fate for one in adequacy_of(poor, mutants=asked).judged} == {Fate.SURVIVES}


def test_a_score_counts_the_killed_of_those_that_are_not_equivalent() -> None:
    seen: list[tuple[int, int]] = []
    procedure = loaded("lead-social-worker")
    asked = [one for one in mutants_of(procedure) if one.operator is not Operator.SOURCE]
    found = adequacy_of(procedure, mutants=asked, progress=lambda done, of: seen.append((done, of)))
    assert found.passed
    every = found.rows[-1]
    assert (every.count(Fate.KILLED), every.count(Fate.EQUIVALENT)) == (12, 12)
    assert every.score == 1
    assert seen == [(number, 24) for number in range(1, 25)]
    assert sum(len(row.judged) for row in found.rows[:-1]) == 24
    (routes,) = (row for row in found.rows if row.operator is Operator.ROUTE)
    assert routes.score is None


def test_nothing_tried_is_nothing_passed() -> None:
    found = adequacy_of(TINY, mutants=[])
    assert not found.passed
    assert found.rows[-1].score is None


def test_a_procedure_that_breaks_its_own_requirement_passes_nothing() -> None:
    whole = loaded("lead-social-worker")
    never = attrs.evolve(
        whole.requirements["plan-names-lead"],
        id="never-a-core-group",
        template=Template.ABSENCE,
        first=whole.requirements["plan-comes-of-a-core-group"].first,
    )
    wrong = attrs.evolve(whole, requirements={**whole.requirements, never.id: never})
    asked = [one for one in mutants_of(wrong) if one.operator is Operator.ROLE]
    found = adequacy_of(wrong, mutants=asked)
    assert found.failing == ("never-a-core-group",)
    assert not found.passed
