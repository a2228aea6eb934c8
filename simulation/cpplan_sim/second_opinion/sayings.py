"""Sayings: all that an event can say, as the ways in which the questions put to it can come out.

A question is a test on one field. Questions about different fields are independent; questions about
one field, or about the items of one list, are answered together, by trying values. Nothing here
knows what the prover tries.
"""

from __future__ import annotations

import datetime as dt
import enum
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from cpplan.events import KINDS
from cpplan.fields import field_type, is_list, item_type

MOST_SAYINGS = 50_000
"""Ways in which an event can differ that are tried for one rule and one requirement."""

_SOME_DAY = dt.date(2026, 1, 5)
_SOME_TEXT = "(something that no question asks for)"


class InexpressibleError(ValueError):
    """Something of a procedure can't be written in the model, or not in a size that is of use."""


@attrs.frozen
class Question:
    """A yes-or-no question to an event.

    Two questions are one if they ask the same of the same field.

    Attributes:
        path: the field it reads.
        asks: what it asks, such as ``is`` or ``given``.
        operands: the values that the answer can turn on.
        answer: gives the answer for what stands at the path.
        must: whether only an event that answers yes is of interest.
    """

    path: str
    asks: str
    operands: tuple[Any, ...]
    answer: Callable[[Any], bool] = attrs.field(eq=False, repr=False)
    must: bool = attrs.field(eq=False, default=False)

    @property
    def root(self) -> str:
        """The field whose value decides the answer: for the items of a list, the whole list."""
        return self.path.partition("[]")[0]


def sayings(kind: str, questions: Sequence[Question]) -> Iterator[tuple[bool, ...]]:
    """Yield every way in which the questions can come out together, in their order.

    Args:
        kind: the kind of event.
        questions: what it is asked.

    Raises:
        InexpressibleError: there are more than can be written out.
    """
    by_root: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        by_root.setdefault(question.root, []).append(number)
    found = [
        _answers(kind, root, [questions[number] for number in numbers])
        for root, numbers in by_root.items()
    ]
    if math.prod(map(len, found)) > MOST_SAYINGS:
        raise InexpressibleError(f"{kind}: too many fields are asked about together")
    order = [number for numbers in by_root.values() for number in numbers]
    for together in itertools.product(*found):
        answers = [answer for one in together for answer in one]
        yield tuple(answer for _, answer in sorted(zip(order, answers, strict=True)))


def _answers(kind: str, root: str, asked: Sequence[Question]) -> list[tuple[bool, ...]]:
    """Return the ways in which the questions about one field come out, as far as they must."""
    listed = is_list(KINDS[kind], root)
    worlds = _lists(kind, asked) if listed else _singles(kind, root, asked)
    found = dict.fromkeys(tuple(q.answer(world[q.path]) for q in asked) for world in worlds)
    return [
        one for one in found if all(yes or not q.must for yes, q in zip(one, asked, strict=True))
    ]


def _singles(kind: str, path: str, asked: Sequence[Question]) -> Iterator[Mapping[str, Any]]:
    operands = [operand for question in asked for operand in question.operands]
    for value in _values(field_type(KINDS[kind], path), operands):
        if value is not None or not _required(kind, path):
            yield {path: value}


def _lists(kind: str, asked: Sequence[Question]) -> Iterator[Mapping[str, Any]]:
    """Yield lists, told by which values stand at each path somewhere in the list.

    No test asks for order or number, so a list is as good as the sets of its values; those are
    found by adding one item after another until nothing new comes.
    """
    paths = list(dict.fromkeys(question.path for question in asked))
    items = _items(kind, asked)
    empty = tuple(frozenset[Any]() for _ in items)
    known, waiting = {empty}, [empty]
    while waiting:
        sets = waiting.pop()
        for values in itertools.product(*items.values()):
            longer = tuple(one | {value} for one, value in zip(sets, values, strict=True))
            if longer not in known:
                known.add(longer)
                waiting.append(longer)
            if len(known) > MOST_SAYINGS:
                raise InexpressibleError(f"{kind}: the items of {paths[0]} differ in too many ways")
    for sets in known:
        by_path = dict(zip(items, map(list, sets), strict=True))
        yield {
            path: by_path[_item_path(path)] if "[]" in path else tuple(by_path[_item_path(path)])
            for path in paths
        }


def _items(kind: str, asked: Sequence[Question]) -> Mapping[str, list[Any]]:
    """Return the values that one item can have, by path; a question on the list asks the items."""
    operands: dict[str, list[Any]] = {}
    for question in asked:
        operands.setdefault(_item_path(question.path), []).extend(question.operands)
    found = {}
    for path, wanted in operands.items():
        if path.count("[]") > 1:
            raise InexpressibleError(f"{kind}: {path} lies in a list of lists")
        item = item_type(field_type(KINDS[kind], path))
        # Something stands in each place of a list, if only an empty text.
        empty = item is str or not path.endswith("[]")
        found[path] = [one for one in _values(item, wanted) if one is not None or empty]
    return found


def _item_path(path: str) -> str:
    return path if "[]" in path else f"{path}[]"


def _values(kind: Any, operands: Iterable[Any]) -> list[Any]:
    """Return nothing, each operand, and values beside them: one at least for each answer."""
    plain = item_type(kind)
    wanted = list(dict.fromkeys(operands))
    numbers = [one for one in wanted if isinstance(one, int) and not isinstance(one, bool)]
    if plain is bool:
        return [None, True, False]
    if isinstance(plain, type) and issubclass(plain, enum.Enum):
        others = [member for member in plain if member not in wanted][:1]
        return [None, *(member for member in plain if member in wanted), *others]
    if plain is int:
        return [None, *sorted({near for one in numbers or [1] for near in (one - 1, one, one + 1)})]
    if plain is dt.date:
        return [None, _SOME_DAY]
    return [None, *wanted, _SOME_TEXT]


def _required(kind: str, path: str) -> bool:
    """Return whether an event can't be made without a value in a field of its own."""
    return "." not in path and attrs.fields_dict(KINDS[kind])[path].default is attrs.NOTHING
