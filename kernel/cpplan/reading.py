"""Reading YAML with the place of every value, so that a mistake has its file, line and column.

Holds the safe reader and the error it raises. It must not know what the files mean: structure
and vocabulary are checked by the modules that use it.
"""

from __future__ import annotations

import copy
import datetime as dt
import difflib
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

SIZE_LIMIT = 2_000_000
"""Bytes. The largest register shipped has under 100,000; a larger file is a mistake or attack."""

REMEMBERED = 512
"""Files that are not parsed again while their text is the same: all that ship, and as many more."""

KeyPath = tuple[str | int, ...]


@attrs.frozen(order=True)
class Place:
    """Where a value stands: a file, and a line and column counted from 1 (0 if unknown)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``file:line:column``, or the file alone where the line is not known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@attrs.frozen(order=True)
class Problem:
    """One mistake in a file: its place, what is wrong, and the way out."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return one line: place, message, and the hint if there is one."""
        return f"{self.place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class InvalidFileError(ValueError):
    """A file can't be used. Carries every problem found, not only the first.

    Attributes:
        problems: the mistakes, in file order.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: object, valid: Iterable[str]) -> str:
    """Return a hint that names the nearest valid name, or all of them if none is near."""
    names = sorted(set(valid))
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return "one of: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


@attrs.frozen
class Document:
    """A YAML file read to plain values, with the place of each.

    Attributes:
        file: the name to show in messages.
        data: plain ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool``, ``date`` or ``None``.
    """

    file: str
    data: Any
    _places: Mapping[KeyPath, tuple[int, int]] = attrs.field(repr=False, factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return where the value at ``path`` stands, or its nearest parent that has a place."""
        for end in range(len(path), -1, -1):
            found = self._places.get(path[:end])
            if found is not None:
                return Place(self.file, *found)
        return Place(self.file)

    def problem(self, path: Iterable[str | int], message: str, hint: str = "") -> Problem:
        """Return a problem at the place of ``path``."""
        return Problem(self.place(*path), message, hint)


def read_yaml(path: Path, *, name: str | None = None, limit: int = SIZE_LIMIT) -> Document:
    """Read one YAML 1.2 file.

    Aliases, duplicate keys, tags and files over ``limit`` bytes are refused, so that a file is
    neither larger in memory than on disk nor different from what it looks like.

    Args:
        path: the file.
        name: the name to show in messages; the path itself by default.
        limit: the largest size accepted, in bytes.

    Raises:
        InvalidFileError: the file is missing, too large, not UTF-8 or not the YAML described.
    """
    shown = name or str(path)
    try:
        size = path.stat().st_size
        if size > limit:
            raise InvalidFileError(
                [Problem(Place(shown), f"file has {size:,} bytes, more than {limit:,}", "split it")]
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidFileError(
            [Problem(Place(shown), f"can't be read: {error.strerror or error}")]
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidFileError(
            [Problem(Place(shown), "is not UTF-8 text", "save it as UTF-8")]
        ) from error
    return parse_yaml(text, name=shown)


def parse_yaml(text: str, *, name: str = "<text>") -> Document:
    """Read YAML 1.2 text as :func:`read_yaml` does.

    Raises:
        InvalidFileError: the text is not the YAML described there.
    """
    parsed = _parsed(text, name)
    # Its reader may change what it is given, and the next one is not to notice.
    return attrs.evolve(parsed, data=copy.deepcopy(parsed.data))


# Whoever edits one file of a pack has all of them read again, and those that it is based on.
@functools.lru_cache(maxsize=REMEMBERED)
def _parsed(text: str, name: str) -> Document:
    try:
        # Not "rt": it marks the folds of folded text with control characters, for writing it back.
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        message = " ".join(str(error.problem or error.context or "is not YAML").split())
        raise InvalidFileError([Problem(place, message)]) from error
    except YAMLError as error:
        raise InvalidFileError([Problem(Place(name), " ".join(str(error).split()))]) from error
    except RecursionError:
        raise InvalidFileError([Problem(Place(name), "is nested too deeply")]) from None
    reading = _Reading(name)
    data = None if node is None else reading.value(node, ())
    if reading.problems:
        raise InvalidFileError(reading.problems)
    return Document(name, data, reading.places)


class _Reading:
    """Turns the nodes of one file into plain values, noting the place of each and what is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[KeyPath, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def value(self, node: Any, path: KeyPath) -> Any:
        self.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        tag = str(node.tag).rpartition(":")[2]
        if node.anchor:
            # A few lines of aliases can stand for gigabytes.
            self._note(node, "anchors and aliases are not allowed", "write the value out")
        elif tag == "map":
            return self._mapping(node, path)
        elif tag == "seq":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        elif tag in _SCALARS:
            return self._scalar(node, tag)
        else:
            self._note(node, f"the tag {node.tag} is not allowed", "write the value plainly")
        return None

    def _mapping(self, node: Any, path: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, item in node.value:
            key = key_node.value
            if not str(key_node.tag).endswith(":str"):
                self._note(key_node, f"the key {key!r} is not text", "quote it")
            elif key in result:
                self._note(key_node, f"the key {key!r} stands here twice", "keep one of them")
            else:
                mark = key_node.start_mark
                self.places[*path, key] = (mark.line + 1, mark.column + 1)
                result[key] = self.value(item, (*path, key))
        return result

    def _scalar(self, node: Any, tag: str) -> Any:
        try:
            return _SCALARS[tag](node.value)
        except ValueError as error:
            self._note(
                node, f"{node.value!r} is no {_NAMES[tag]}: {error}", "quote it if it is text"
            )
            return None

    def _note(self, node: Any, message: str, hint: str) -> None:
        mark = node.start_mark
        place = Place(self.name, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(place, message, hint))


def _date(text: str) -> dt.date | str:
    """Return a date; a time of day stays text, since no file of ours holds one."""
    return dt.date.fromisoformat(text) if len(text) <= len("2026-01-31") else text


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "int": lambda text: int(text.replace("_", ""), 0 if "o" in text or "x" in text else 10),
    "float": lambda text: float(text.replace("_", "")),
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
    "timestamp": _date,
}
_NAMES = {"int": "whole number", "float": "number", "timestamp": "date, as 2026-01-31"}
