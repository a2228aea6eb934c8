"""Forgoing: the same procedure, in which a step, an event, a rule or a state never comes about.

Everything else can happen as before, and nothing more: each history of what is returned is a
history of the whole procedure in which what is forgone never came about, and the other way round.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

import attrs

from cpplan import Procedure
from cpplan.events import KINDS, Event
from cpplan.fields import given, reader
from cpplan.matching import FieldTest
from cpplan.needs import FieldNeed, NoStepNeed
from cpplan.rules import Edge, Rule
from cpplan.states import ORIGIN, RETURNING, origin_step


class Sort(enum.StrEnum):
    """What sort of thing a history can have in it."""

    STEP = "step"
    EVENT = "event"
    RULE = "rule"
    STATE = "state"


@attrs.frozen(order=True)
class Thing:
    """Something that a history has in it, or not.

    Attributes:
        sort: what sort of thing.
        name: a step, a kind of event, a rule's id, or a state.
    """

    sort: Sort
    name: str

    def __str__(self) -> str:
        """Return its name, with what sort of thing it is."""
        return f"{self.sort} {self.name}"


def forgoing(procedure: Procedure, thing: Thing) -> Procedure:
    """Return the procedure in which a thing never comes about."""
    changed = _CHANGES[thing.sort]
    kept = {
        f"{name}.{number}" if number else name: left
        for name, rule in procedure.rules.items()
        for number, left in enumerate(changed(rule, thing.name))
        if left.sources
    }
    return attrs.evolve(procedure, rules=kept)


def things_of(edge: Edge, event: Event) -> frozenset[Thing]:
    """Return what an event that takes an edge brings into a history."""
    taken = edge.step_days(event, {})
    return frozenset(
        {
            *(Thing(Sort.STEP, step) for step in taken),
            Thing(Sort.EVENT, event.kind),
            Thing(Sort.RULE, edge.rule.id),
            Thing(Sort.STATE, edge.target),
        }
    )


def surely_taken(edge: Edge) -> frozenset[str]:
    """Return the steps that are taken whenever an edge is: not those dated by an absent field."""
    return frozenset(
        one.step for one in edge.sets if not one.on_field or _always_said(edge.rule, one.on_field)
    )


def _always_said(rule: Rule, field: str) -> bool:
    """Return whether an event that a rule lets through always has a field."""
    if attrs.fields_dict(KINDS[rule.match.event])[field].default is attrs.NOTHING:
        return True
    tests = (need.test for need in rule.needs if isinstance(need, FieldNeed))
    return any(t.path == field and t.operator == "given" and t.operand for t in tests)


def _without_event(rule: Rule, name: str) -> list[Rule]:
    return [] if rule.match.event == name else [rule]


def _without_rule(rule: Rule, name: str) -> list[Rule]:
    return [] if rule.id == name else [rule]


def _without_state(rule: Rule, name: str) -> list[Rule]:
    """Return what is left of a rule where nothing leads to a state, nor on from it."""
    if rule.target == name:
        return []
    left = _from(rule, lambda source: source != name)
    if rule.target != ORIGIN:
        return [left]
    return [_not_back(attrs.evolve(left, sources=(one,)), one, name) for one in left.sources]


def _not_back(rule: Rule, source: str, name: str) -> Rule:
    """Return a rule that leads back from one state to where it was entered from, but for one."""
    if name not in RETURNING.get(source, ()):
        return rule
    step = origin_step(source, name)
    need = NoStepNeed(code=f"{step}-forgone", says="Forgone.", cites=(), step=step)
    return attrs.evolve(rule, needs=(*rule.needs, need))


def _without_step(rule: Rule, name: str) -> list[Rule]:
    for one in rule.sets:
        if one.step != name:
            continue
        if not one.on_field or _always_said(rule, one.on_field):
            return []
        rule = _unsaid(rule, name, one.on_field)
    if rule.target in RETURNING:
        # Entering escalated or review takes the step that remembers where from.
        return [_from(rule, lambda source: origin_step(rule.target, source) != name)]
    return [rule]


def _unsaid(rule: Rule, step: str, field: str) -> Rule:
    """Return a rule that lets through only events without the field that dates a step."""
    test = FieldTest(
        field, "is not recorded", reader(field), lambda value: not given(value), "given", False
    )
    need = FieldNeed(code=f"{step}-forgone", says="Forgone.", cites=(), test=test)
    sets = tuple(one for one in rule.sets if one.step != step)
    return attrs.evolve(rule, sets=sets, needs=(*rule.needs, need))


def _from(rule: Rule, keeps: Callable[[str], bool]) -> Rule:
    kept = tuple(source for source in rule.sources if keeps(source))
    return rule if kept == rule.sources else attrs.evolve(rule, sources=kept)


_CHANGES: dict[Sort, Callable[[Rule, str], list[Rule]]] = {
    Sort.STEP: _without_step,
    Sort.EVENT: _without_event,
    Sort.RULE: _without_rule,
    Sort.STATE: _without_state,
}
