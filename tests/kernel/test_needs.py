"""Needs: each judged alone, by the event and by what the plan knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from cpplan import Plan, Refused, load
from cpplan.compiling import Compiler
from cpplan.compiling_needs import compile_need
from cpplan.drafts import NeedDraft
from cpplan.events import ChairSatisfied, CircumstanceCheck, Event, LetterRouteAgreed
from cpplan.layers import Where
from cpplan.needs import CoversNeed, LatestFieldNeed, Need
from cpplan.reading import parse_yaml
from cpplan.roles import Role
from cpplan.structuring import structure
from tests.kernel.histories import STANDARDS, START, day, decided, opened, taken

TINY = load(Path(__file__).parents[1] / "data" / "packs" / "tiny")
DECIDED = "initial-conference-decided"


@attrs.frozen
class Facts:
    """Steps and events as a need sees them."""

    steps: Mapping[str, dt.date] = attrs.field(factory=dict)
    events: Sequence[Event] = ()


def need(text: str, event: str = DECIDED) -> Need:
    """Return the need that a line of a pack compiles to."""
    document = parse_yaml(text)
    draft = structure(document, NeedDraft)
    compiler = Compiler(TINY.steps, TINY.values, STANDARDS.clauses, TINY.calendar, [])
    made = compile_need(compiler, draft, event, Where(document))
    assert made is not None, compiler.problems
    return made


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{step: on-plan}", "on-plan-missing", "Not done: the initial conference has decided on a"),
        ("{without: on-plan}", "on-plan-stands", "In the way: the initial conference has decided"),
        ("{by: [police, iro]}", "not-authorised", "Only the police or iro can do this."),
        (
            "{after: notice, of: on-plan}",
            "notice-not-run",
            "The notice before the plan is put into effect (5 working days) has not run since: ",
        ),
        (
            "{field: plan.concerns}",
            "plan-concerns-not-recorded",
            "The concern that the plan answers",
        ),
        ("{field: plan_made, is: true}", "plan-made-unmet", "Whether a plan was made is not yes."),
        ("{field: plan_made, is-not: true}", "plan-made-unmet", "Whether a plan was made is yes."),
        (
            "{field: threshold_basis, in: [likely]}",
            "threshold-basis-unmet",
            "The limb of the threshold that is met is none of likely.",
        ),
        (
            "{field: visit_interval, at-most: 2}",
            "visit-interval-unmet",
            "The visit interval, in the unit of the procedure's visit duty is not recorded, or is"
            " more than 2.",
        ),
        (
            "{field: visit_interval, at-least: visit-gap}",
            "visit-interval-unmet",
            "The visit interval, in the unit of the procedure's visit duty is not recorded, or is"
            " less than 2.",
        ),
        ("{field: plan, given: false}", "plan-unmet", "The outline plan is recorded."),
        (
            "{field: attendees, includes: [police, child]}",
            "attendees-unmet",
            "Who attended does not include police, child.",
        ),
        ("{field: plan.concerns, code: x, says: Why.}", "x", "Why."),
    ],
)
def test_a_need_has_a_code_and_a_sentence(text: str, code: str, says: str) -> None:
    found = need(text)
    assert found.code == code
    assert found.says.startswith(says)


@pytest.mark.parametrize(
    ("text", "passes", "fails"),
    [
        ("{field: plan_made, is: true}", {}, {"plan_made": False}),
        ("{field: consensus_reached, is-not: false}", {}, {"consensus_reached": False}),
        (
            "{field: consensus_reached, is-not: false}",
            {"consensus_reached": None},
            {"consensus_reached": False},
        ),
        ("{field: visit_interval, at-most: 2}", {"visit_interval": 2}, {"visit_interval": 3}),
        ("{field: visit_interval, at-least: visit-gap}", {"visit_interval": 2}, {}),
        ("{field: plan, given: false}", {"plan": None}, {}),
        ("{field: attendees, includes: [child]}", {"attendees": (Role.CHILD,)}, {}),
        ("{by: [iro]}", {"by": Role.IRO}, {"by": Role.POLICE}),
        (
            "any: [{field: consensus_reached, is: true}, {field: decision_reasons}]",
            {"consensus_reached": None, "decision_reasons": "x"},
            {"consensus_reached": None},
        ),
    ],
)
def test_a_need_judges_the_event(text: str, passes: dict[str, Any], fails: dict[str, Any]) -> None:
    found = need(text)
    assert found.holds(decided(**passes), Facts())
    assert found.unmet(decided(**passes), Facts()) is None
    assert not found.holds(decided(**fails), Facts())
    reason = found.unmet(decided(**fails), Facts())
    assert reason is not None
    assert reason.code == found.code


def test_an_alternative_cites_what_its_parts_cite_unless_it_has_its_own() -> None:
    parts = (
        "[{step: on-plan, cites: [standards/1a]}, {step: core-group-held, cites: [standards/3b]}]"
    )
    assert need(f"any: {parts}").cites == ("standards/1a", "standards/3b")
    assert need(f"{{any: {parts}, cites: [standards/2a]}}").cites == ("standards/2a",)
    assert need(f"any: {parts}").code == "on-plan-missing-or-core-group-held-missing"


def test_a_period_runs_from_its_step_and_can_be_met_on_or_after_its_last_day() -> None:
    after, since = (need(f"{{{key}: notice, of: on-plan}}") for key in ("after", "from"))
    facts = Facts({"on-plan": START})
    last = day(7)  # five working days after a Monday
    assert not after.holds(decided(last), facts)
    assert after.holds(decided(day(8)), facts)
    assert not since.holds(decided(day(6)), facts)
    assert since.holds(decided(last), facts)
    assert not after.holds(decided(day(99)), Facts())
    told = after.unmet(decided(last), facts)
    assert told is not None
    assert told.says.endswith(": not before 2026-01-13.")
    untaken = after.unmet(decided(last), Facts())
    assert untaken is not None
    assert "not before" not in untaken.says


def test_a_date_must_be_recorded_and_within_its_period() -> None:
    within = need("{field: first_review_date, within: {value: notice, of: on-plan}}")
    assert isinstance(within, LatestFieldNeed)
    facts = Facts({"on-plan": START})
    assert within.holds(decided(first_review_date=day(7)), facts)
    assert not within.holds(decided(first_review_date=day(8)), facts)
    assert not within.holds(decided(first_review_date=None), facts)
    assert not within.holds(decided(first_review_date=day(7)), Facts())
    assert within.code == "first-review-date-too-late"


def test_a_list_must_hold_all_of_an_earlier_one() -> None:
    covers = need(
        "{field: 'checks[].circumstance', covers: {event: letter-route-agreed,"
        " field: circumstances}}",
        "chair-satisfied",
    )
    assert isinstance(covers, CoversNeed)
    checked = ChairSatisfied(
        on=day(2),
        checks=tuple(CircumstanceCheck(circumstance=c, in_place=True) for c in "ab"),
    )

    def agreed(*circumstances: str) -> Facts:
        return Facts({}, (LetterRouteAgreed(on=START, circumstances=circumstances), checked))

    assert covers.holds(checked, agreed("a"))
    assert covers.holds(checked, agreed("a", "b"))
    assert not covers.holds(checked, agreed("a", "c"))
    assert not covers.holds(checked, agreed())
    assert not covers.holds(checked, Facts())
    assert not covers.holds(ChairSatisfied(on=day(2)), agreed("a"))


def test_a_list_in_a_part_that_is_not_there_covers_nothing() -> None:
    covers = need(
        "{field: plan.outcomes, covers: {event: letter-route-agreed, field: circumstances}}"
    )
    facts = Facts({}, (LetterRouteAgreed(on=START, circumstances=("a",)),))
    assert not covers.holds(decided(plan=None), facts)


def test_what_no_event_can_mend_is_not_offered() -> None:
    within = need("{field: first_review_date, within: {value: notice, of: on-plan}}")
    covers = need(
        "{field: plan.outcomes, covers: {event: letter-route-agreed, field: circumstances}}"
    )
    either = attrs.evolve(
        need("any: [{step: on-plan}, {step: core-group-held}]"), cites=("standards/1a",)
    )
    rule = TINY.rules["plan-made"]
    for asked in (within, covers, either):
        rules = {**TINY.rules, "plan-made": attrs.evolve(rule, needs=(asked,))}
        plan = Plan(attrs.evolve(TINY, rules=rules))
        assert "plan-made" not in {option.rule.id for option in plan.allowed(START)}
        assert isinstance(plan.record(decided()), Refused)
    mixed = need("any: [{step: on-plan}, {field: plan.concerns}]")
    rules = {**TINY.rules, "plan-made": attrs.evolve(rule, needs=(mixed,))}
    plan = Plan(attrs.evolve(TINY, rules=rules))
    (option,) = [o for o in plan.allowed(START) if o.rule.id == "plan-made"]
    assert [reason.code for reason in option.asks] == [mixed.code]
    met = need("any: [{step: initial-conference-sitting}, {field: plan.concerns}]")
    rules = {**TINY.rules, "plan-made": attrs.evolve(rule, needs=(met,))}
    plan = taken(Plan(attrs.evolve(TINY, rules=rules)), opened())
    (option,) = [o for o in plan.allowed(START) if o.rule.id == "plan-made"]
    assert option.asks == ()
