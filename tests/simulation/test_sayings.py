"""What an event can say: every way in which the questions put to it can come out, and no other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from cpplan import fields
from cpplan.events import (
    ActionPlanAgreed,
    ChildDied,
    DetailedPlanAgreed,
    InitialConferenceDecided,
    VisitIntervalChanged,
)
from cpplan.roles import Role
from cpplan_sim.running import loaded
from cpplan_sim.second_opinion import sayings as module
from cpplan_sim.second_opinion.questions import Questions
from cpplan_sim.second_opinion.sayings import InexpressibleError, Question, sayings


def asked(path: str, test: Callable[[Any], bool], *operands: Any, must: bool = False) -> Question:
    return Question(path, f"{path} {operands}", operands, test, must)


GIVEN = asked("plan.concerns", fields.given)
MADE = asked("plan_made", fields.one_of([True]), True)


def said(event: type, *questions: Question) -> set[tuple[bool, ...]]:
    return set(sayings(event.kind, questions))  # type: ignore[attr-defined]


def test_questions_about_different_fields_are_independent() -> None:
    found = said(InitialConferenceDecided, GIVEN, MADE)
    assert found == set(itertools.product([True, False], repeat=2))


def test_questions_about_one_field_are_answered_together() -> None:
    at_most = asked("visit_interval", fields.at_most(2), 2)
    at_least = asked("visit_interval", fields.at_least(3), 3)
    found = said(VisitIntervalChanged, at_most, at_least)
    assert found == {(True, False), (False, True)}


def test_what_must_be_answered_with_yes_is() -> None:
    found = said(InitialConferenceDecided, GIVEN, asked("plan_made", fields.given, must=True))
    assert found == {(True, True), (False, True)}


def test_a_field_that_an_event_can_not_be_without_is_always_recorded() -> None:
    assert said(ChildDied, asked("on", fields.given)) == {(True,)}


def test_a_list_holds_any_of_the_items_and_is_never_empty_to_one_question_alone() -> None:
    police = asked("agreed_by", fields.includes([Role.POLICE]), Role.POLICE)
    health = asked("agreed_by", fields.includes([Role.HEALTH]), Role.HEALTH)
    given = asked("agreed_by", fields.given)
    found = said(ActionPlanAgreed, police, health, given)
    assert found == {
        (False, False, False),
        (False, False, True),
        (True, False, True),
        (False, True, True),
        (True, True, True),
    }


def test_the_items_of_a_list_have_their_fields_each_for_itself() -> None:
    owner = asked("plan.actions[].owner", fields.given)
    due = asked("plan.actions[].due", fields.given)
    found = said(DetailedPlanAgreed, owner, due)
    assert found == set(itertools.product([True, False], repeat=2))


def test_a_list_without_items_is_one_for_every_question_about_it() -> None:
    any_given = asked("plan.actions", fields.given)
    none_lacks = asked("plan.actions[].owner", fields.none_of(["nobody"]), "nobody")
    given = asked("plan.actions[].owner", fields.given)
    assert (False, True, True) not in said(DetailedPlanAgreed, any_given, none_lacks, given)
    assert (False, True, False) in said(DetailedPlanAgreed, any_given, none_lacks, given)


def test_too_many_sayings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SAYINGS", 3)
    with pytest.raises(InexpressibleError, match="initial-conference-decided: too many fields"):
        said(InitialConferenceDecided, GIVEN, MADE)


def test_every_saying_of_a_shipped_rule_can_be_had_and_lets_the_rule_match() -> None:
    for rule in loaded("standards").rules.values():
        questions = Questions(rule, ())
        found = list(sayings(rule.match.event, questions.asked))
        assert found, rule.id
        for answers in found:
            assert questions.matches(rule.match, dict(zip(questions.asked, answers, strict=True)))
