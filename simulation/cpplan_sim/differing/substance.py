"""Substance: what a statement of a pack does, without the words, clauses and reasons it comes with.

Two statements of equal substance do the same, however they are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.values import Value

TOLD = frozenset({"id", "says", "cites", "why", "origin", "topic", "code", "number"})
"""Fields that tell of a statement, and change nothing of what it does."""

Substance = Any
"""Nested tuples and sets that are equal where two statements do the same."""


def substance(thing: Any) -> Substance:
    """Return what a statement does, to be held against another's."""
    if isinstance(thing, Value):
        return figure(thing)
    if attrs.has(type(thing)):
        kept = [f.name for f in attrs.fields(type(thing)) if f.eq and f.name not in TOLD]
        return (type(thing).__name__, *(substance(getattr(thing, name)) for name in kept))
    if isinstance(thing, Mapping):
        return frozenset((key, substance(value)) for key, value in thing.items())
    if isinstance(thing, list | tuple):
        return tuple(substance(one) for one in thing)
    if isinstance(thing, set | frozenset):
        return frozenset(substance(one) for one in thing)
    return thing


def figure(value: Value) -> Substance:
    """Return the number of a figure with the unit in force."""
    return value.amount, value.in_force


def asks(need: Need) -> Substance:
    """Return what a need asks for, in whatever order it names alternatives."""
    if isinstance(need, AnyNeed):
        return frozenset(asks(one) for one in need.needs)
    if isinstance(need, RoleNeed):
        return frozenset(need.roles)
    return substance(need)


def implied(need: Need, by: Need) -> bool:
    """Return whether whatever meets one need of an event's fields meets another as well.

    Where it says no, the one may still imply the other.
    """
    if asks(need) == asks(by):
        return True
    if isinstance(by, AnyNeed):
        return all(implied(need, one) for one in by.needs)
    if isinstance(need, AnyNeed):
        return any(implied(one, by) for one in need.needs)
    if isinstance(need, RoleNeed) and isinstance(by, RoleNeed):
        return set(by.roles) <= set(need.roles)
    if isinstance(need, FieldNeed) and isinstance(by, FieldNeed):
        return _field_implied(need, by)
    return False


def _field_implied(need: FieldNeed, by: FieldNeed) -> bool:
    one, other = need.test, by.test
    if one.operator == "given" and one.operand and _within(other.path, one.path):
        # What is asked of a field, or of one inside it, asks for it to be recorded, unless it
        # holds of nothing too.
        return not other.holds_for(None)
    if one.path != other.path:
        return False
    if one.operator != other.operator:
        return False
    if one.operator == "at-most":
        return bool(other.operand <= one.operand)
    if one.operator == "at-least":
        return bool(other.operand >= one.operand)
    return one.operator == "includes" and set(one.operand) <= set(other.operand)


def _within(path: str, outer: str) -> bool:
    """Return whether a path is that of a field or leads through it."""
    return path == outer or path.startswith((f"{outer}.", f"{outer}[]"))
