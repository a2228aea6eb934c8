"""Fabricating events: a plausible event of a kind, with chosen fields as they are wanted.

For synthetic cases only. Whatever is not wanted is filled at random, so that a case also shows
what a procedure does not ask for.
"""

from __future__ import annotations

import datetime as dt
import enum
import random
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from cpplan.events import KINDS, Event
from cpplan.events.base import PAST
from cpplan.roles import Role

ABSENT = object()
"""Wanted of a field that it is not recorded."""

GIVEN = object()
"""Wanted of a field that it is recorded, whatever it says."""

Wanted = Mapping[str, Any]
"""Field paths, as packs write them, with the value wanted at each."""

_CHANCE_GIVEN = 0.75
_CHANCE_TRUE = 0.8
_INTERVALS = range(5, 21)


def fabricate(
    kind: str,
    on: dt.date,
    wanted: Wanted,
    rng: random.Random,
    roles: Sequence[Role] = tuple(Role),
) -> Event:
    """Return an event of a kind.

    Args:
        kind: which event.
        on: the day it happens.
        wanted: fields with the values they must have; ``ABSENT`` for one not to be recorded.
        rng: decides the rest.
        roles: whom to choose from where nobody is wanted, so that some do the same thing twice.
    """
    fields = _Maker(on, rng, roles).fields(KINDS[kind], _tree(wanted))
    fields["on"] = on
    if fields.get("child_unborn") and "date_of_birth" in fields:
        # The two exclude each other: what was not wanted gives way.
        del fields["child_unborn" if "date_of_birth" in wanted else "date_of_birth"]
    return KINDS[kind](**fields)


def _tree(wanted: Wanted) -> dict[str, Any]:
    """Return dotted paths as nested mappings; ``a[].b``: each item of the list has a ``b``."""
    tree: dict[str, Any] = {}
    for path, value in wanted.items():
        branch, parts = tree, path.split(".")
        for part in parts[:-1]:
            if not isinstance(branch.get(part), dict):
                branch[part] = {}
            branch = branch[part]
        if not isinstance(branch.get(parts[-1]), dict):
            branch[parts[-1]] = value
    return tree


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return typing.get_type_hints(cls)


class _Maker:
    def __init__(self, on: dt.date, rng: random.Random, roles: Sequence[Role]) -> None:
        self.on = on
        self.rng = rng
        self.roles = roles

    def fields(self, cls: Any, tree: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        hints = _hints(cls)
        for field in attrs.fields(cls):
            if field.name in ("on", "id"):
                continue
            required = field.default is attrs.NOTHING
            wanted = tree.get(field.name)
            free = wanted in (None, GIVEN) or (required and wanted is ABSENT)
            if field.metadata.get(PAST) and free:
                value = self._past(required or wanted is GIVEN)
            else:
                value = self._field(field.name, hints[field.name], tree, required)
            if value is not ABSENT:
                made[field.name] = value
        return made

    def _past(self, required: bool) -> Any:
        """Return a day on or before the event's, or that none is recorded."""
        if not required and self.rng.random() >= _CHANCE_GIVEN:
            return ABSENT
        return self.on - dt.timedelta(days=self.rng.randrange(30))

    def _field(self, name: str, kind: Any, tree: Mapping[str, Any], required: bool) -> Any:
        each = tree.get(f"{name}[]")
        if each is not None and tree.get(name) is not ABSENT:
            return self._each(kind, each)
        if name in tree and not (required and tree[name] is ABSENT):
            return self._wanted(kind, tree[name])
        if name in tree and kind is bool:
            return False
        if required or self.rng.random() < _CHANCE_GIVEN:
            return self.value(kind)
        return ABSENT

    def _each(self, kind: Any, each: Any) -> Any:
        """Return a list whose items have what is wanted; one item for each of several values."""
        inner = typing.get_args(kind)[0]
        if not isinstance(each, Mapping):
            return (each,) if each is not ABSENT else ()
        rows = _rows(each)
        return tuple(inner(**self.fields(inner, row)) for row in rows)

    def _wanted(self, kind: Any, value: Any) -> Any:
        if value is ABSENT:
            return ABSENT
        if isinstance(value, Mapping):
            inner = _without_none(kind)
            return inner(**self.fields(inner, value))
        if value is GIVEN:
            return self.value(kind, certain=True)
        if typing.get_origin(kind) is tuple and isinstance(value, (list, tuple)):
            item = typing.get_args(kind)[0]
            return tuple(_as(item, one) for one in value)
        return _as(_without_none(kind), value)

    def value(self, kind: Any, *, certain: bool = False) -> Any:
        """Return some value of a type."""
        kind = _without_none(kind)
        if typing.get_origin(kind) is tuple:
            item = typing.get_args(kind)[0]
            return tuple(self.value(item) for _ in range(self.rng.randint(1, 3)))
        if kind is bool:
            return certain or self.rng.random() < _CHANCE_TRUE
        if kind is str:
            return "noted"
        if kind is int:
            return self.rng.choice(_INTERVALS)
        if kind is dt.date:
            return self.on + dt.timedelta(days=self.rng.randint(1, 60))
        if kind is Role:
            return self.rng.choice(self.roles)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self.rng.choice(list(kind))
        return kind(**self.fields(kind, {}))


def _rows(each: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a mapping for each item: several values of one field make several items."""
    several = {name: value for name, value in each.items() if isinstance(value, (list, tuple))}
    if not several:
        return [dict(each)]
    longest = max(map(len, several.values()))
    return [
        {**each, **{name: values[row % len(values)] for name, values in several.items() if values}}
        for row in range(longest)
    ]


def _without_none(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not types.NoneType)
    return kind


def _as(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, enum.Enum) and not isinstance(value, kind):
        return kind(value)
    return value
