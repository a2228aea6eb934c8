"""Canonical JSON: one text for one value, so that equal content has an equal hash.

Keys in the order of their code points, no spaces, nothing escaped that need not be, whole numbers
only: what RFC 8785 gives for such data, so long as no key goes past U+FFFF. Text is kept as it is
given: two ways to write an accent are two texts.
"""

from __future__ import annotations

import json
from typing import Any

from cpplan.events.base import LARGEST

DEEPEST = 64
"""How many lists and objects may stand in one another; an entry needs fewer than ten."""


class NotCanonicalError(ValueError):
    """A value has no canonical JSON. The message says where it stands and what can be written."""


def canonical(value: Any) -> str:
    """Return the canonical JSON of plain data.

    Args:
        value: dicts with text keys, lists, text, whole numbers, ``True``, ``False`` and ``None``.

    Raises:
        NotCanonicalError: something else is in it: a float, a date, a number past 2**53 - 1, text
            that is not Unicode.

    Example:
        >>> canonical({"on": "2026-03-02", "event": "child-born", "seen": [True, None]})
        '{"event":"child-born","on":"2026-03-02","seen":[true,null]}'
    """
    _require(value, "$", 0)
    return written(value)


# Made once: to make an encoder takes longer than to use it.
written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""Write what is known to have a canonical JSON, without looking at it again."""


def _require(value: Any, where: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        _require_text(value, where)
    elif kind is dict:
        _require_depth(where, depth)
        for key, one in value.items():
            if type(key) is not str:
                raise NotCanonicalError(f"{where}: the key {key!r:.60} is not text")
            _require_text(key, where)
            _require(one, f"{where}.{key}", depth + 1)
    elif kind is list:
        _require_depth(where, depth)
        for number, one in enumerate(value):
            _require(one, f"{where}[{number}]", depth + 1)
    elif kind is int:
        _require_exact(value, where)
    elif value is not None and kind is not bool:
        raise NotCanonicalError(
            f"{where}: {value!r:.60} is {kind.__name__}; write text, a whole number, true, false,"
            " null, a list or an object"
        )


def fault_of(text: str) -> str:
    """Return why no database could give text back as it is; empty if both can."""
    # Surrogates alone can't be UTF-8, and no column of PostgreSQL takes a zero.
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "is not Unicode text"
    return "holds a zero character" if "\0" in text else ""


def _require_text(text: str, where: str) -> None:
    fault = fault_of(text)
    if fault:
        raise NotCanonicalError(f"{where}: {text!r:.60} {fault}")


def _require_exact(number: int, where: str) -> None:
    if not -LARGEST <= number <= LARGEST:
        raise NotCanonicalError(f"{where}: {number} is past 2**53 - 1; write it as text")


def _require_depth(where: str, depth: int) -> None:
    if depth >= DEEPEST:
        raise NotCanonicalError(f"{where:.60}: nested deeper than {DEEPEST}")
