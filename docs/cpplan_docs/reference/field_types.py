"""What a field of an event may hold, in words: its type, its limits, whether it has to be given.

Read from the classes of events, so that a new field or choice is told without an edit here.
"""

from __future__ import annotations

import datetime as dt
import enum
import typing
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import attrs

from cpplan.events import kind_of
from cpplan.events.base import LABEL, Count
from cpplan.fields import item_type
from cpplan_docs import addresses
from cpplan_docs.words.linking import capital
from cpplan_docs.words.markdown import code, link, plain

FEW = 8
"""So many choices are told with the field; more than that, a link leads to them."""

PLAIN_TYPES = {
    str: "text",
    int: "a whole number",
    bool: "`true` or `false`",
    dt.date: "a date",
    Any: "anything",
}


def field_says(cls: type, field: attrs.Attribute[Any], path: str) -> str:
    """Return one field of a class: its name, whether it is required, its meaning, what it holds."""
    required = ", required" if field.default is attrs.NOTHING else ""
    words = plain(str(field.metadata.get(LABEL, field.name)))
    holds = type_says(typing.get_type_hints(cls)[field.name], path)
    limits = "".join(f", {limit}" for limit in limits_of(field))
    return f"`{field.name}`{required}: {words}. {capital(holds)}{limits}."


def type_says(kind: Any, path: str) -> str:
    """Return a type in words, with links to its choices or its own fields."""
    inner = item_type(kind)
    if _is_list(kind):
        return f"a list, each item {_one_says(inner, path)}"
    return _one_says(inner, path)


def _is_list(kind: Any) -> bool:
    return typing.get_origin(kind) is tuple


def _one_says(kind: Any, path: str) -> str:
    if attrs.has(kind):
        return f"as {link(title_of(kind), addresses.part(kind_of(kind)), path)}"
    if not issubclass(kind, enum.Enum):
        return PLAIN_TYPES[kind]
    choices = [code(str(one.value)) for one in kind]
    told = link(title_of(kind), addresses.choice(kind_of(kind)), path)
    return f"a choice of {told}" + (f": {', '.join(choices)}" if len(choices) <= FEW else "")


def title_of(cls: type) -> str:
    """Return the name of a class in words."""
    words = kind_of(cls).replace("-", " ")
    return words[:1].upper() + words[1:]


def limits_of(field: attrs.Attribute[Any]) -> Iterator[str]:
    """Yield what a field's validator asks for, by the bound or the name that it has.

    One that is named after a type, as ``a_day``, asks for no more than the type does.
    """
    checks: Any = field.validator
    checks = getattr(checks, "validator", checks)
    if isinstance(checks, Count):
        yield f"at least {checks.bound}"
    elif isinstance(checks, FunctionType) and not checks.__name__.startswith("_a_"):
        yield checks.__name__.strip("_").replace("_", " ")


def classes_in(kind: Any) -> Iterator[type]:
    """Yield the parts and choices that a type is made of, each before those inside it."""
    inner = item_type(kind)
    if attrs.has(inner):
        yield inner
        for name in typing.get_type_hints(inner).values():
            yield from classes_in(name)
    elif isinstance(inner, type) and issubclass(inner, enum.Enum):
        yield inner
