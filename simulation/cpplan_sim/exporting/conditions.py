"""Conditions: what a machine can't find out by itself, and asks of its host with each event.

A machine keeps states and steps. What an event says, how long ago something was, what an earlier
event listed and how often something happened is for the host to judge: each such question is a
condition with a name, and with a definition in plain data by which a host can judge it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from cpplan.events import Event
from cpplan.fields import given, one_of, reader
from cpplan.matching import FieldTest
from cpplan.needs import CoversNeed, EarliestNeed, Facts, LatestFieldNeed, RoleNeed
from cpplan.rules import Tally
from cpplan.values import Value
from cpplan_sim.exporting.names import Names

Test = Callable[[Event, Facts], bool]


@attrs.frozen(kw_only=True)
class Condition:
    """One question to the host.

    Attributes:
        name: what it is called in an event's data.
        says: when it holds, in words.
        definition: when it holds, as plain data. With a ``field``, the event alone decides.
        holds: judges it in Python.
    """

    name: str
    says: str
    definition: Mapping[str, Any] = attrs.field(hash=False)
    holds: Test = attrs.field(repr=False, eq=False)

    @property
    def said(self) -> bool:
        """Whether the event alone decides it, whatever was before."""
        return "field" in self.definition


class Conditions:
    """The conditions of one machine: one for each definition, in the order of their first use."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[str, Condition] = {}
        self._names = Names()

    @property
    def all(self) -> tuple[Condition, ...]:
        """Every condition that was asked for."""
        return tuple(self._found.values())

    def field(self, test: FieldTest) -> Condition:
        """Return the condition that a field passes a test."""
        operand = list(test.operand) if isinstance(test.operand, tuple) else test.operand
        return self._said(test.path, test.operator, operand, lambda event, _: test.holds(event))

    def among(self, path: str, allowed: tuple[Any, ...]) -> Condition:
        """Return the condition that a field is recorded as one of some values."""
        read, test = reader(path), one_of(allowed)
        return self._said(path, "in", list(allowed), lambda event, _: test(read(event)))

    def recorded(self, path: str) -> Condition:
        """Return the condition that a field is recorded."""
        read = reader(path)
        return self._said(path, "given", True, lambda event, _: given(read(event)))

    def by(self, need: RoleNeed) -> Condition:
        """Return the condition that the event was done by one of some roles."""
        return self._said("by", "in", [role.value for role in need.roles], need.holds)

    def run(self, need: EarliestNeed) -> Condition:
        """Return the condition that a period has run since a step."""
        says = f"{need.value} ({need.value.says}) have run since {need.step}"
        definition = {
            "asks": "period run",
            "since": need.step,
            **_period(need.value),
            "last-day-included": need.day_after,
        }
        return self._add(f"{need.value.id} run since {need.step}", says, definition, need.holds)

    def within(self, need: LatestFieldNeed) -> Condition:
        """Return the condition that a date in the event lies within a period from a step."""
        says = f"{need.path} is within {need.value} ({need.value.says}) of {need.step}"
        definition = {
            "asks": "date within",
            "date": need.path,
            "of": need.step,
            **_period(need.value),
        }
        name = f"{need.path} within {need.value.id} of {need.step}"
        return self._add(name, says, definition, need.holds)

    def covers(self, need: CoversNeed) -> Condition:
        """Return the condition that a list holds all of a list in an earlier event."""
        says = f"{need.path} holds all of {need.field} in the latest {need.event}"
        definition = {
            "asks": "list covered",
            "list": need.path,
            "by": {"event": need.event, "field": need.field},
        }
        name = f"{need.path} covers {need.event} {need.field}"
        return self._add(name, says, definition, need.holds)

    def counted(self, tally: Tally, *, reached: bool = True) -> Condition:
        """Return the condition that a count is reached with this event, or is not."""
        says = f"{tally.says}: {'' if reached else 'fewer than '}{tally.at} with this event"
        definition = {
            "asks": "count reached" if reached else "count not reached",
            "counts": tally.counts.event,
            "per": tally.per,
            "resets": tally.resets.event,
            "at": tally.at,
        }
        name = tally.reaches if reached else f"no {tally.reaches}"
        step = tally.reaches
        return self._add(name, says, definition, lambda _, facts: (step in facts.steps) is reached)

    def _said(self, path: str, operator: str, operand: Any, holds: Test) -> Condition:
        """Return a condition on one field; to be among one value is to be it."""
        if operator == "in" and len(operand) == 1:
            operator, operand = "is", operand[0]
        shown = _shown(operand)
        name = path if operator == "given" else f"{path} {operator} {shown}"
        if operator == "given":
            name, shown = f"{path} {'given' if operand else 'not given'}", _yes(operand)
        definition = {"field": path, "operator": operator, "operand": operand}
        return self._add(name, f"{path} {operator} {shown}", definition, holds)

    def _add(self, name: str, says: str, definition: Mapping[str, Any], holds: Test) -> Condition:
        key = json.dumps(definition, sort_keys=True)
        if key not in self._found:
            self._found[key] = Condition(
                name=self._names.of(key, name), says=says, definition=definition, holds=holds
            )
        return self._found[key]


def _period(value: Value) -> dict[str, Any]:
    return {"amount": value.amount, "unit": value.in_force}


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _shown(operand: Any) -> str:
    if isinstance(operand, bool):
        return _yes(operand)
    return " ".join(map(str, operand)) if isinstance(operand, list) else str(operand)
