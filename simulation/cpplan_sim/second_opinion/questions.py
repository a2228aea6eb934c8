"""Questions: what a rule and what is watched ask of an event, and what the answers make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from cpplan.fields import given
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, LatestFieldNeed, Need, RoleNeed
from cpplan.rules import Rule
from cpplan_sim.second_opinion.sayings import Question


class Questions:
    """What a rule and some matches ask of an event.

    Attributes:
        asked: the questions. What the rule can't do without must be answered with yes.
        dating: the fields that date a step which the rule takes.
    """

    def __init__(self, rule: Rule, matches: Iterable[Match]) -> None:
        """Collect the questions, each once."""
        self.dating = frozenset(one.on_field for one in rule.sets if one.on_field)
        musts = [*_of_match(rule.match, open_too=False), *_of_needs(rule.needs, open_too=False)]
        free = [*_of_needs(rule.needs, open_too=True), *map(recorded, sorted(self.dating))]
        for match in (rule.match, *matches):
            free += _of_match(match, open_too=True)
        found = {one: attrs.evolve(one, must=True) for one in musts}
        found.update({one: one for one in free if one not in found})
        self.asked = tuple(found.values())

    def matches(self, match: Match, said: Mapping[Question, bool]) -> bool:
        """Return whether an event that answers so matches."""
        return (
            all(said[_among(path, allowed)] for path, allowed in match.when)
            and all(_passes(test, said) for test in match.where)
            and (not match.on_field or said[recorded(match.on_field)])
        )


def asked_by(need: FieldNeed | RoleNeed) -> Question:
    """Return the question that a need puts to the event."""
    return _among("by", need.roles) if isinstance(need, RoleNeed) else _tested(need.test)


def recorded(path: str) -> Question:
    """Return the question whether a field is recorded."""
    return Question(path, "given True", (), given)


def _of_needs(needs: Iterable[Need], *, open_too: bool) -> Iterator[Question]:
    """Yield what needs ask of the event; what is asked only as one of several, if wanted."""
    for need in needs:
        if isinstance(need, AnyNeed):
            yield from _of_needs(need.needs, open_too=True) if open_too else ()
        elif isinstance(need, LatestFieldNeed):
            yield recorded(need.path)
        elif isinstance(need, (FieldNeed, RoleNeed)):
            yield asked_by(need)


def _of_match(match: Match, *, open_too: bool) -> Iterator[Question]:
    """Yield what decides whether an event matches; what is asked as one of several, if wanted."""
    for path, allowed in match.when:
        yield _among(path, allowed)
    for test in match.where:
        if open_too or isinstance(test, FieldTest):
            yield from map(_tested, _each(test))
    if match.on_field:
        yield recorded(match.on_field)


def _tested(test: FieldTest) -> Question:
    if test.operator == "given":
        return Question(test.path, f"given {test.operand}", (), test.holds_for)
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return Question(test.path, test.operator, operands, test.holds_for)


def _among(path: str, allowed: Iterable[Any]) -> Question:
    valid = tuple(allowed)
    return Question(path, "among", valid, lambda value: value in valid)


def _each(test: FieldTest | AnyTest) -> Iterator[FieldTest]:
    if isinstance(test, AnyTest):
        for one in test.tests:
            yield from _each(one)
    else:
        yield test


def _passes(test: FieldTest | AnyTest, said: Mapping[Question, bool]) -> bool:
    if isinstance(test, AnyTest):
        return any(_passes(one, said) for one in test.tests)
    return said[_tested(test)]
