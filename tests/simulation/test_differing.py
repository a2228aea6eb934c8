"""What differs between two procedures: told only if both kernels say so, and shortly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs
import pytest

from cpplan import Accepted, Plan, Procedure, Refused
from cpplan.events import Event
from cpplan.rules import Rule
from cpplan.values import Value
from cpplan_sim.differing.effects import Effects, effects
from cpplan_sim.differing.parting import Fate, Parting
from cpplan_sim.differing.statements import Difference, Sort, differences
from cpplan_sim.running import loaded
from cpplan_sim.scenarios import read_all, shipped
from tests.breaking import without_code

PAIRS = [("lead-social-worker", "standards"), ("london", "luton"), ("jersey", "composite")]

RULE = "dispute-to-managers"


@cache
def between(one: str, other: str) -> Effects:
    return effects(loaded(one), loaded(other))


def every(found: Effects) -> tuple[Parting, ...]:
    return (*found.one_allows.found, *found.other_allows.found)


def before_last(procedure: Procedure, events: tuple[Event, ...]) -> Plan | None:
    """Return the plan before the last event; nothing if a procedure refuses one before."""
    plan = Plan(procedure)
    for event in events[:-1]:
        decision = plan.record(event)
        if isinstance(decision, Refused):
            return None
        plan = decision.plan
    return plan


def last(procedure: Procedure, events: tuple[Event, ...]) -> Accepted | Refused | None:
    """Return what a procedure says of the last event; nothing if it refuses one before."""
    plan = before_last(procedure, events)
    return plan.record(events[-1]) if plan else None


def refusing_rule(procedure: Procedure, events: tuple[Event, ...]) -> str:
    """Return the rule that the last event is for, if there is one."""
    plan = before_last(procedure, events)
    assert plan is not None
    steps, _ = procedure.tally(events[-1], plan.steps, plan.counts)
    edge = procedure.engine.route(plan.state, events[-1], steps)
    return edge.rule.id if edge else ""


def shows(parting: Parting, events: tuple[Event, ...]) -> bool:
    """Return whether other events part the two by the same rule and for all the same reasons."""
    refused = last(parting.refusing, events)
    if not isinstance(refused, Refused) or not reasons(refused) >= reasons(parting.refused):
        return False
    rule = parting.refused_by.id if parting.refused_by else ""
    allowed = isinstance(last(parting.allowing, events), Accepted)
    return allowed and refusing_rule(parting.refusing, events) == rule


def reasons(refused: Refused) -> set[tuple[str, tuple[str, ...]]]:
    """Return why it is refused, dates apart; one code may stand for the needs of several rules."""
    return {(reason.code, reason.cites) for reason in refused.reasons}


def partings_told(
    allowing: Procedure, refusing: Procedure
) -> Iterator[tuple[tuple[Event, ...], Refused]]:
    """Yield what told cases show one procedure to allow, and the other to refuse."""
    for case in cases():
        ours, theirs = Plan(allowing), Plan(refusing)
        for event in case:
            allowed, told = ours.record(event), theirs.record(event)
            if isinstance(allowed, Accepted) and isinstance(told, Refused):
                yield (*ours.events, event), told
            elif isinstance(allowed, Accepted) and isinstance(told, Accepted):
                ours, theirs = allowed.plan, told.plan


@cache
def cases() -> list[list[Event]]:
    return [[step.event for step in case.steps] for case in read_all(shipped())]


def longer(procedure: Procedure, value: str) -> Procedure:
    """Return a procedure whose duties have one more of a figure's unit."""

    def one_more(known: Value) -> Value:
        return attrs.evolve(known, amount=(known.amount or 0) + 1)

    duties = {
        name: attrs.evolve(duty, value=one_more(duty.value))
        if duty.value and duty.value.id == value
        else duty
        for name, duty in procedure.duties.items()
    }
    values = {**procedure.values, value: one_more(procedure.values[value])}
    return attrs.evolve(procedure, duties=duties, values=values)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_one_takes_every_history_whole_and_the_other_all_but_the_last_event(
    one: str, other: str
) -> None:
    partings = every(between(one, other))
    assert partings
    for parting in partings:
        assert isinstance(last(parting.allowing, parting.events), Accepted)
        refused = last(parting.refusing, parting.events)
        assert isinstance(refused, Refused)
        assert refused == parting.refused


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_history_can_do_without_one_of_its_events(one: str, other: str) -> None:
    partings = [parting for parting in every(between(one, other)) if parting.shortest]
    assert partings
    for parting in partings:
        assert shows(parting, parting.events)
        for number in range(len(parting.events) - 1):
            fewer = parting.events[:number] + parting.events[number + 1 :]
            assert not shows(parting, fewer), [event.kind for event in parting.events]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_told_case_parts_them_otherwise_or_sooner(one: str, other: str) -> None:
    """The told cases were written without any of this: what they show has to have been found."""
    found = between(one, other).one_allows
    known: dict[tuple[str, str], int] = {}
    for parting in found.found:
        for code in parting.refused.codes:
            at = parting.events[-1].kind, code
            known[at] = min(known.get(at, len(parting.events)), len(parting.events))
    open_ = {(m.target.kind, m.target.code) for m in found.missed if m.fate is Fate.UNDECIDED}
    shown = [*partings_told(loaded(one), loaded(other))]
    assert shown
    for events, refused in shown:
        for code in refused.codes:
            at = events[-1].kind, code
            assert at in open_ or known[at] <= len(events)


def test_both_ways_are_told() -> None:
    found = between("london", "luton")
    assert {one.refusing.name for one in every(found)} == {"london", "luton"}


def test_a_procedure_does_not_differ_from_itself() -> None:
    found = effects(loaded("luton"), loaded("luton"))
    assert not found.differences
    assert not every(found)
    assert not found.due
    assert not found.undecided


@pytest.mark.parametrize(
    ("name", "rule", "code"),
    [
        ("london", "dispute-to-managers", "dispute-not-in-core-group"),
        ("london", "visit-interval-changed", "head-of-service-has-not-agreed"),
        ("luton", "plan-made", "core-group-members-missing"),
        ("standards", "letter-sent", "chair-not-satisfied"),
    ],
)
def test_a_need_taken_out_is_what_parts_the_two(name: str, rule: str, code: str) -> None:
    procedure = loaded(name)
    broken = without_code(procedure, rule, code)
    found = effects(broken, procedure)
    assert [
        (one.refused_by.id, one.refused.codes) for one in found.one_allows.found if one.refused_by
    ] == [(rule, (code,))]
    assert not found.other_allows.found
    assert not found.undecided


def test_a_rule_taken_out_is_told_as_silence() -> None:
    procedure = loaded("london")
    rules = {name: rule for name, rule in procedure.rules.items() if name != "dispute-raised"}
    found = effects(procedure, attrs.evolve(procedure, rules=rules))
    (parting,) = found.one_allows.found
    assert parting.events[-1].kind == "dispute-raised"
    assert parting.refused_by is None
    assert parting.refused.codes == ("procedure-silent",)


def test_what_can_only_be_come_to_by_another_parting_is_told_as_shown_by_none() -> None:
    """No dispute can be raised in one, so none can be seen to go on in the other."""
    procedure = loaded("london")
    gone = ("dispute-raised", "dispute-to-managers")
    rules = {name: rule for name, rule in procedure.rules.items() if name not in gone}
    missed = effects(procedure, attrs.evolve(procedure, rules=rules)).one_allows.missed
    assert [(one.target.kind, one.fate) for one in missed] == [
        ("dispute-taken-to-managers", Fate.NEVER)
    ]


def test_a_longer_figure_gives_a_later_day() -> None:
    procedure = loaded("luton")
    found = effects(procedure, longer(procedure, "first-core-group-limit"))
    (due,) = found.due
    assert due.owed_one is not None
    assert due.owed_other is not None
    assert due.owed_one.due_on is not None
    assert due.owed_other.due_on is not None
    assert due.owed_one.due_on < due.owed_other.due_on
    assert not every(found)


def test_working_days_and_weeks_part_at_a_holiday() -> None:
    found = between("lead-social-worker", "standards")
    (due,) = (one for one in found.due if one.duty == "visit")
    assert due.apart
    assert loaded("standards").calendar.is_working_day(due.events[0].on)


def test_a_duty_never_seen_to_part_is_not_said_never_to() -> None:
    due = [one for one in between("jersey", "composite").due if not one.apart]
    assert due
    assert all(one.why for one in due)


def test_what_differs_in_words_alone_is_set_apart() -> None:
    procedure = loaded("london")
    told = _with(procedure, "dispute-raised", says="Told otherwise.")
    assert differences(procedure, told) == (
        Difference(
            Sort.RULE,
            "dispute-raised",
            procedure.rules["dispute-raised"],
            told.rules["dispute-raised"],
            ("the words",),
            acts=False,
        ),
    )


def test_what_one_alone_has_is_told_with_its_clauses() -> None:
    found = between("london", "luton").differences
    (interval,) = (one for one in found if one.id == "visit-interval-max")
    assert interval.other is None
    assert interval.clauses(interval.one) == loaded("london").values["visit-interval-max"].cites


@pytest.mark.parametrize(
    ("changed", "in_what", "acts"),
    [
        ({"code": "told-otherwise"}, "the codes it refuses with", True),
        ({"says": "Told otherwise."}, "the words", False),
        ({"cites": ("london/nowhere",)}, "the clauses", False),
    ],
)
def test_what_a_need_alone_tells_otherwise_is_told_of_its_rule(
    changed: dict[str, Any], in_what: str, acts: bool
) -> None:
    procedure = loaded("london")
    told = _with_need(procedure, RULE, **changed)
    (found,) = differences(procedure, told)
    assert (found.id, found.in_what, found.acts) == (RULE, (in_what,), acts)


def test_a_code_that_changed_is_told_as_each_has_it() -> None:
    procedure = loaded("london")
    (found,) = differences(procedure, _with_need(procedure, RULE, code="told-otherwise"))
    assert found.codes(found.one) == (procedure.rules[RULE].needs[0].code,)
    assert found.codes(found.other) == ("told-otherwise",)


def test_a_need_that_only_one_has_changes_no_code() -> None:
    procedure = loaded("london")
    code = procedure.rules[RULE].needs[0].code
    (found,) = differences(procedure, without_code(procedure, RULE, code))
    assert found.in_what == ("what it needs",)
    assert found.codes(found.one) == ()


def _with_need(procedure: Procedure, rule: str, **changed: Any) -> Procedure:
    """Return a procedure in which the first need of a rule is told otherwise."""
    first, *others = procedure.rules[rule].needs
    return _with(procedure, rule, needs=(attrs.evolve(first, **changed), *others))


def _with(procedure: Procedure, rule: str, **changed: Any) -> Procedure:
    new: Rule = attrs.evolve(procedure.rules[rule], **changed)
    return attrs.evolve(procedure, rules={**procedure.rules, rule: new})
