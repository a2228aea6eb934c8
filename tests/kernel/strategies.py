"""Hypothesis strategies for events of any kind, made from the fields they declare."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from typing import Any

import attrs
from hypothesis import strategies as st

from cpplan.events import KINDS, Event, ReviewDateChanged
from cpplan.events.base import PAST

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@functools.cache
def of_type(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of a field's type."""
    if isinstance(kind, types.UnionType):
        inner = next(part for part in typing.get_args(kind) if part is not types.NoneType)
        return st.none() | of_type(inner)
    if typing.get_origin(kind) is tuple:
        return st.lists(of_type(typing.get_args(kind)[0]), max_size=3).map(tuple)
    if attrs.has(kind):
        return of_class(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    return _PLAIN[kind]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "x", "Zoë", '"\\ \n']),
    int: st.integers(1, 20),
    bool: st.booleans(),
    dt.date: DAYS,
}


@functools.cache
def of_class(cls: Any) -> st.SearchStrategy[Any]:
    """Return values of an attrs class; what it does not need is mostly left out."""
    hints = typing.get_type_hints(cls)
    fields = attrs.fields(cls)
    needed = {f.name: of_type(hints[f.name]) for f in fields if f.default is attrs.NOTHING}
    others = [f.name for f in fields if f.name not in needed]

    @st.composite
    def made(draw: st.DrawFn) -> Any:
        chosen = draw(st.lists(st.sampled_from(others), max_size=4, unique=True)) if others else []
        given = {name: draw(strategy) for name, strategy in needed.items()}
        given |= {name: draw(of_type(hints[name])) for name in chosen}
        return cls(**_possible(cls, given))

    return made()


def _possible(cls: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields without what no event of the class can say: see its validators."""
    for field in attrs.fields(cls):
        day = given.get(field.name)
        if field.metadata.get(PAST) and day is not None:
            given[field.name] = min(day, given["on"])
    if cls is ReviewDateChanged:
        given["new_date"] = max(given["new_date"], given["on"])
    if given.get("child_unborn"):
        given.pop("date_of_birth", None)
    return given


def moved(event: Event, on: dt.date) -> Event:
    """Return the event on another day, with the dates in it that the day allows."""
    cls: Any = type(event)
    told = {field.name: getattr(event, field.name) for field in attrs.fields(cls)}
    made: Event = cls(**_possible(cls, told | {"on": on}))
    return made


def events(*kinds: str) -> st.SearchStrategy[Event]:
    """Return events of some kinds, or of any."""
    classes: list[Any] = [KINDS[kind] for kind in kinds or KINDS]
    return st.sampled_from(classes).flatmap(of_class)
