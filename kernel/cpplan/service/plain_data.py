"""Plain data: the JSON of a request, read within limits, and refused as a whole otherwise."""

from __future__ import annotations

import json
from typing import Any

LARGEST = 256 * 1024
"""Bytes that the body of a request may have; a plan with every field filled has a tenth."""
DEEPEST = 16
"""How many lists and objects may stand in one another; an entry needs fewer than ten."""
_TOO_DEEP = f"nested deeper than {DEEPEST}"


class InvalidDataError(ValueError):
    """Bytes are no JSON that the service takes. The message says why, and shows none of it."""


class UnstorableTextError(InvalidDataError):
    """JSON as it should be holds text that no database keeps."""


def plain(body: bytes) -> Any:
    """Return what JSON says.

    Raises:
        InvalidDataError: it is not UTF-8 or not JSON, nests too deep, gives a key twice, or holds a
            number that is no number or text that is no Unicode.
    """
    try:
        text = body.decode("utf-8")
        data = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number
        )
        _require(data, 0)
    except RecursionError as error:
        raise InvalidDataError(_TOO_DEEP) from error
    except UnicodeDecodeError as error:
        raise InvalidDataError(f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidDataError(f"no JSON at {where}: {error.msg}") from error
    except ValueError as error:
        if isinstance(error, InvalidDataError):
            raise
        raise InvalidDataError("a number has too many digits") from error
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidDataError("an object gives the same key twice")
    return found


def _number(text: str) -> int | float:
    """Return a number with a point in it: JSON has one kind, and 12.0 is the whole number 12."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _no_number(name: str) -> Any:
    raise InvalidDataError(f"{name} is no number of JSON")


def _require(value: Any, depth: int) -> None:
    """Refuse deep nesting, and text that no database keeps."""
    if isinstance(value, str):
        if "\0" in value or not _is_unicode(value):
            raise UnstorableTextError("a text holds a zero character or half a surrogate pair")
    elif isinstance(value, (dict, list)):
        if depth == DEEPEST:
            raise InvalidDataError(_TOO_DEEP)
        for one in (*value, *value.values()) if isinstance(value, dict) else value:
            _require(one, depth + 1)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
