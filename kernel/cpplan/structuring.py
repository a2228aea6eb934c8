"""From plain values to classes, strictly: no coercion, no unknown key, each problem with its place.

Holds the converter and its error report. It must not know what a procedure is.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import attrs
import cattrs
from cattrs.cols import list_structure_factory, mapping_structure_factory
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)
from cattrs.gen import make_dict_structure_fn, override

from cpplan.reading import Document, InvalidFileError, KeyPath, nearest

T = TypeVar("T")

_TOLD = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dt.date: "a date, as 2026-01-31",
    list: "a list",
    dict: "a mapping of keys to values",
}


def key_of(name: str) -> str:
    """Return how a field is written in a file: ``read_as`` is ``read-as``, ``is_`` is ``is``."""
    return name.rstrip("_").replace("_", "-")


class Mistake(NamedTuple):
    """One thing wrong in plain data: the path to it, what is wrong, and the way out."""

    path: KeyPath
    message: str
    hint: str = ""


def structure(document: Document, cls: type[T]) -> T:
    """Return ``document`` as a ``cls``.

    Raises:
        InvalidFileError: with every unknown key, missing key and value of the wrong type.
    """
    try:
        return converter().structure(document.data, cls)
    except INVALID as error:
        problems = [document.problem(*one) for one in mistakes(error, key_of)]
        raise InvalidFileError(problems) from error


@functools.cache
def converter() -> cattrs.Converter:
    """Return the strict converter for pack and scenario files."""
    made = strict_converter(key_of)
    made.register_structure_hook(dt.date, _exactly)
    made.register_structure_hook_func(_is_union, _one_of)
    return made


def strict_converter(written: Callable[[str], str]) -> cattrs.Converter:
    """Return a converter without coercion that refuses unknown keys.

    Args:
        written: how the name of a field is written in the data.
    """
    made = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind in (str, int, bool):
        made.register_structure_hook(kind, _exactly)

    def of_class(cls: type[Any]) -> Callable[[Any, Any], Any]:
        renamed: dict[str, Any] = {
            field.name: override(rename=written(field.name)) for field in attrs.fields(cls)
        }
        return _only(dict, make_dict_structure_fn(cls, made, **renamed))

    made.register_structure_hook_factory(attrs.has, of_class)
    made.register_structure_hook_factory(
        lambda kind: _origin(kind) is list,
        lambda kind: _only(list, list_structure_factory(kind, made)),
    )
    made.register_structure_hook_factory(
        lambda kind: _origin(kind) is dict,
        lambda kind: _only(dict, mapping_structure_factory(kind, made)),
    )
    return made


def _origin(kind: Any) -> Any:
    return typing.get_origin(kind)


def _only(kind: type, inner: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return a hook that is for values of one type: a text is not a list of letters."""

    def hook(value: Any, wanted: Any) -> Any:
        if not isinstance(value, kind):
            raise WrongValueError(f"{_shown(value)} is not {_TOLD[kind]}")
        return inner(value, wanted)

    return hook


class WrongValueError(ValueError):
    """A value is not of the kind that its key asks for.

    Attributes:
        hint: the way out, where the message does not say it already.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the message and the hint."""
        self.hint = hint
        super().__init__(message)


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WrongValueError(f"{_shown(value)} is not {_TOLD[kind]}")
    return value


def _is_union(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) or _origin(kind) is typing.Union


def _one_of(value: Any, kind: Any) -> Any:
    """Structure a union by the value's type; a mapping or list goes to the part that takes it."""
    parts = typing.get_args(kind)
    if value is None and types.NoneType in parts:
        return None
    for part in parts:
        takes_dict = attrs.has(part) and isinstance(value, dict)
        takes_list = _origin(part) is list and isinstance(value, list)
        if takes_dict or takes_list:
            return converter().structure(value, part)
        if type(value) is part:
            return value
    told = [
        _TOLD.get(part, "a list" if _origin(part) is list else "a mapping")
        for part in parts
        if part is not types.NoneType
    ]
    raise WrongValueError(f"{_shown(value)} is not {' or '.join(told)}")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "a mapping"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def mistakes(
    error: BaseException, written: Callable[[str], str], path: KeyPath = ()
) -> Iterator[Mistake]:
    """Walk cattrs' groups of errors, keeping the path, to the single mistakes in them.

    Args:
        error: what a :func:`strict_converter` raised.
        written: how the name of a field is written in the data.
        path: where ``error`` stands.
    """
    if isinstance(error, (ClassValidationError, IterableValidationError)):
        noted, plain = error.group_exceptions()
        for inner, note in noted:
            step = written(note.name) if isinstance(note, AttributeValidationNote) else note.index
            yield from mistakes(inner, written, (*path, step))
        for inner in plain:
            yield from mistakes(inner, written, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        names = [written(field.name) for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield Mistake((*path, key), f"unknown key {key!r}", nearest(key, names))
    elif isinstance(error, KeyError):
        yield Mistake(path[:-1], f"the key {path[-1]!r} is missing")
    elif isinstance(error, WrongValueError):
        yield Mistake(path, str(error), error.hint)
    elif isinstance(error, ValueError):  # a class refused values that can't stand together
        yield Mistake(path, str(error))
    else:
        raise error


INVALID = (cattrs.BaseValidationError, WrongValueError)
"""What a :func:`strict_converter` raises about the data."""


def enum_values(kind: type[enum.Enum]) -> list[str]:
    """Return the values of an enumeration, as files write them."""
    return [str(member.value) for member in kind]
