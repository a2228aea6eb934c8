"""From plain values to classes, strictly: no coercion, no unknown key, every problem with its place.

Holds the converter and its error report. It must not know what a procedure is.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Iterator
from typing import Any, TypeVar

import attrs
import cattrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, override

from cpplan.reading import Document, InvalidFileError, KeyPath, Problem, nearest

T = TypeVar("T")

_TOLD = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dt.date: "a date, as 2026-01-31",
}


def key_of(name: str) -> str:
    """Return how a field is written in a file: ``read_as`` is ``read-as``, ``is_`` is ``is``."""
    return name.rstrip("_").replace("_", "-")


def structure(document: Document, cls: type[T]) -> T:
    """Return ``document`` as a ``cls``.

    Raises:
        InvalidFileError: with every unknown key, missing key and value of the wrong type.
    """
    try:
        return converter().structure(document.data, cls)
    except Exception as error:
        problems = list(_problems(error, document, ()))
        if not problems:
            raise
        raise InvalidFileError(problems) from error


@functools.cache
def converter() -> cattrs.Converter:
    """Return the strict converter for pack and scenario files."""
    made = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind in (str, int, bool, dt.date):
        made.register_structure_hook(kind, _exactly)
    made.register_structure_hook_func(_is_scalar_union, _one_of_scalars)
    made.register_structure_hook_factory(
        attrs.has,
        lambda cls: make_dict_structure_fn(
            cls,
            made,
            _cattrs_forbid_extra_keys=True,
            **{field.name: override(rename=key_of(field.name)) for field in attrs.fields(cls)},
        ),
    )
    return made


class WrongValueError(ValueError):
    """A value is not of the kind that its key asks for."""


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WrongValueError(f"{_shown(value)} is not {_TOLD[kind]}")
    return value


def _is_scalar_union(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union


def _one_of_scalars(value: Any, kind: Any) -> Any:
    """Structure a union by the value's own type: a mapping or a list goes to the part that takes it."""
    parts = typing.get_args(kind)
    if value is None and types.NoneType in parts:
        return None
    for part in parts:
        takes_dict = attrs.has(part) and isinstance(value, dict)
        takes_list = typing.get_origin(part) is list and isinstance(value, list)
        if takes_dict or takes_list:
            return converter().structure(value, part)
        if type(value) is part:
            return value
    told = [
        _TOLD.get(part, "a list" if typing.get_origin(part) is list else "a mapping")
        for part in parts
        if part is not types.NoneType
    ]
    raise WrongValueError(f"{_shown(value)} is not {' or '.join(told)}")


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, (dict, list)) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def _problems(error: BaseException, document: Document, path: KeyPath) -> Iterator[Problem]:
    """Walk cattrs' groups of errors, keeping the path, to the single mistakes in them."""
    if isinstance(error, ClassValidationError):
        noted, plain = error.group_exceptions()
        for inner, note in noted:
            yield from _problems(inner, document, (*path, key_of(note.name)))
        for inner in plain:
            yield from _problems(inner, document, path)
    elif isinstance(error, IterableValidationError):
        noted_items, plain_items = error.group_exceptions()
        for inner, item in noted_items:
            yield from _problems(inner, document, (*path, item.index))
        for inner in plain_items:
            yield from _problems(inner, document, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        names = [key_of(field.name) for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield document.problem((*path, key), f"unknown key {key!r}", nearest(key, names))
    elif isinstance(error, KeyError):
        yield document.problem(path[:-1], f"the key {path[-1]!r} is missing" if path else "empty")
    elif isinstance(error, WrongValueError):
        yield document.problem(path, str(error))
    elif isinstance(error, (TypeError, AttributeError, ValueError)):
        yield document.problem(path, f"{_shown(_at(document.data, path))} is not what stands here")


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return data
    return data


def enum_values(kind: type[enum.Enum]) -> list[str]:
    """Return the values of an enumeration, as files write them."""
    return [str(member.value) for member in kind]
