"""Converting: JSON to what was asked, strictly, and what is answered to plain data."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import cattrs

from cpplan.codec import event_to_dict, json_converter
from cpplan.entries import (
    InvalidEntryError,
    LedgerEntry,
    Recording,
    entry_from_dict,
    entry_to_dict,
)
from cpplan.events import Event
from cpplan.service.asking import Said, require_name
from cpplan.service.plain_data import InvalidDataError, UnstorableTextError, plain
from cpplan.service.problems import ProblemError, problem
from cpplan.structuring import INVALID, WrongValueError, mistakes

T = TypeVar("T")

FILLED_IN = {"recorded_on": "0001-01-01", "procedure": "-", "digest": "-"}
"""What the service fills in, and what stands in for it until then."""
MOST = 100
"""Problems that are told; a request may have one for each of its bytes."""


def asked(body: bytes, cls: type[T]) -> T:
    """Return what the body of a request says.

    Raises:
        ProblemError: 400, with everything that is wrong with it; 422 if it is as it should be, but
            for values that can't be so, or not together.
    """
    try:
        return _converter().structure(plain(body), cls)
    except InvalidDataError as error:
        raise _wrong([str(error)], shape=not isinstance(error, UnstorableTextError)) from error
    except INVALID as error:
        shape = any(type(leaf) is not ValueError for leaf in _leaves(error))
        raise _wrong(list(_told(error)), shape=shape) from error


def answered(value: Any) -> Any:
    """Return an answer as plain data; what is empty is left out."""
    return _converter().unstructure(value)


def _wrong(problems: list[str], *, shape: bool) -> ProblemError:
    told = problems[:MOST]
    if shape:
        detail = "The body of the request is not as the description of the service has it."
        return ProblemError(problem(400, "malformed", detail, problems=told))
    detail = "The body of the request is in order, but what it says can't be so."
    return ProblemError(problem(422, "contradictory", detail, problems=told))


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the single mistakes; a plain ``ValueError`` is a class that refuses its values."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    elif isinstance(error.__cause__, InvalidEntryError) and error.__cause__.__cause__ is not None:
        yield from _leaves(error.__cause__.__cause__)
    else:
        yield error


def _told(error: BaseException) -> Iterator[str]:
    for path, message, hint in mistakes(error, str):
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        where = "".join(steps).removeprefix(".")
        for line in message.splitlines():
            yield (f"{where}: " if where else "") + line + (f" ({hint})" if hint else "")


@functools.cache
def _converter() -> cattrs.Converter:
    made = json_converter()
    made.register_structure_hook(Said, lambda value, _: _said(value))
    made.register_unstructure_hook_func(lambda kind: kind is Event, event_to_dict)
    made.register_unstructure_hook_func(lambda kind: kind == LedgerEntry, entry_to_dict)
    return made


def _said(value: Any) -> Said:
    """Return an entry that lacks what is filled in."""
    if not isinstance(value, Mapping):
        raise WrongValueError(f"{value!r:.60} is not a mapping of fields to values")
    given = sorted(FILLED_IN.keys() & value.keys())
    if given:
        raise WrongValueError(f"the service fills in {', '.join(given)}; leave it out")
    try:
        entry = entry_from_dict({**value, **FILLED_IN})
    except InvalidEntryError as error:
        raise WrongValueError("\n".join(error.problems)) from error
    _require_names(entry)
    return Said(entry)


def _require_names(entry: Recording) -> None:
    try:
        require_name("id", entry.id)
    except ValueError as error:
        raise WrongValueError(str(error)) from error
