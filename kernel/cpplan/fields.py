"""Fields of an event by path, and tests on them: what a pack may ask of a field, as data.

A path is dotted and may pass through a list: ``plan.actions[].owner`` is the owner of each action.
No text of a pack is ever run: every test is one of the functions below.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from cpplan.events import Event
from cpplan.reading import nearest

Read = Callable[[Event], Any]

MISSING: tuple[object, ...] = (None, "", ())
"""Values that mean not recorded."""


class FieldPathError(LookupError):
    """A path names no field of its event."""


def field_type(event: type, path: str) -> Any:
    """Return the type of the values at ``path``.

    Raises:
        FieldPathError: a part of the path is no field; the message names the nearest.
    """
    current: Any = event
    for part in path.split("."):
        name = part.removesuffix("[]")
        known = _types_of_fields(item_type(current))
        if name not in known:
            raise FieldPathError(f"no field {part!r}: {nearest(name, known)}")
        current = known[name]
        if part.endswith("[]") and typing.get_origin(current) is not tuple:
            raise FieldPathError(f"{name!r} is not a list, so write it without []")
    return current


@functools.cache
def _types_of_fields(owner: Any) -> Mapping[str, Any]:
    if not attrs.has(owner):
        return {}
    types_of = typing.get_type_hints(owner)  # slow: it runs each annotation as code
    return {field.name: types_of[field.name] for field in attrs.fields(owner)}


def item_type(kind: Any) -> Any:
    """Return what a field holds, without ``None`` and without the list around it."""
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        kind = typing.get_args(kind)[0]
    return kind


def is_list(event: type, path: str) -> bool:
    """Return whether ``path`` gives several values."""
    kind = field_type(event, path)
    return "[]" in path or typing.get_origin(kind) is tuple


def value_problem(event: type, path: str, value: object) -> str:
    """Return why ``value`` can't be a value at ``path``, or an empty string."""
    kind = item_type(field_type(event, path))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        valid = [str(member.value) for member in kind]
        return "" if value in valid else f"{value!r} is no value of {path}: {nearest(value, valid)}"
    if isinstance(kind, type) and (type(value) is not kind):
        return f"{value!r} is not of the type of {path}, {kind.__name__}"
    return ""


def reader(path: str) -> Read:
    """Return a reader of ``path`` in an event; it gives a list if the path passes through one."""
    if "[]" not in path:
        return attrgetter(path) if "." not in path else _dotted(path.split("."))
    head, _, tail = path.partition("[]")
    outer = reader(head)
    inner = reader(tail.lstrip(".")) if tail else None
    if inner is None:
        return lambda event: list(outer(event) or ())
    return lambda event: [inner(item) for item in outer(event) or ()]


def _dotted(parts: list[str]) -> Read:
    def read(event: Event) -> Any:
        value: Any = event
        for part in parts:
            if value is None:
                return None
            value = getattr(value, part)
        return value

    return read


def label(event: type, path: str) -> str:
    """Return the words for a field, as its event gives them."""
    current: Any = event
    words = path
    for part in path.split("."):
        name = part.removesuffix("[]")
        owner = item_type(current)
        words = attrs.fields_dict(owner)[name].metadata.get("label", name)
        current = _types_of_fields(owner)[name]
    return str(words)


def given(value: Any) -> bool:
    """Return whether something is recorded; of a list, whether each item is, and there is one."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(given(item) for item in value)
    return bool(value.strip()) if isinstance(value, str) else value is not None


def one_of(valid: Iterable[object]) -> Callable[[Any], bool]:
    """Return a test that a value, or every item of a list that has one, is among ``valid``."""
    allowed = tuple(valid)

    def test(value: Any) -> bool:
        if isinstance(value, list):
            return bool(value) and all(item in allowed for item in value)
        return value in allowed

    return test


def none_of(barred: Iterable[object]) -> Callable[[Any], bool]:
    """Return a test that a value, or every item of a list, is something else, or not recorded."""
    refused = tuple(barred)

    def test(value: Any) -> bool:
        if isinstance(value, list):
            return all(item not in refused for item in value)
        return value not in refused

    return test


def includes(needed: Iterable[object]) -> Callable[[Any], bool]:
    """Return a test that a list holds every one of ``needed``."""
    wanted = tuple(needed)
    return lambda value: value is not None and all(item in value for item in wanted)


def at_most(limit: int) -> Callable[[Any], bool]:
    """Return a test that a number is recorded and no more than ``limit``."""
    return lambda value: value is not None and value <= limit


def at_least(limit: int) -> Callable[[Any], bool]:
    """Return a test that a number is recorded and no less than ``limit``."""
    return lambda value: value is not None and value >= limit


def not_after(value: dt.date | None, limit: dt.date) -> bool:
    """Return whether a date is recorded and no later than ``limit``."""
    return value is not None and value <= limit
