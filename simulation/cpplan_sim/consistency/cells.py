"""Cells: what an event can say, as far as given tests tell events apart.

Holds the enumeration and the judging of matches on a cell, so that it can be known which duties
one and the same event opens, and what an event that meets one does to another. Two events that no
test tells apart fall into one cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need

Cell = Mapping[str, Any]
"""Field paths with a value each; ``None`` for a field that is not recorded."""

SOMETHING = "-something-else-"
"""A value that no test names, or a date."""

MOST_CELLS = 50_000
"""Cells of one question before it is given up as undecided."""


class TooManyCellsError(RuntimeError):
    """So many fields are tested that their combinations can't all be looked at."""


def cells(matches: Iterable[Match], more: Iterable[FieldTest] = ()) -> Iterator[Cell]:
    """Yield what an event can say to some matches and tests.

    Raises:
        TooManyCellsError: there would be more than :data:`MOST_CELLS`.
    """
    values = _values(tuple(matches), tuple(more))
    number = 1
    for choices in values.values():
        number *= len(choices)
    if number > MOST_CELLS:
        raise TooManyCellsError(f"{number:,} combinations of {', '.join(values)}")
    for chosen in itertools.product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _values(matches: tuple[Match, ...], more: tuple[FieldTest, ...]) -> dict[str, list[Any]]:
    """Return the fields looked at, with values on each side of every test."""
    values: dict[str, list[Any]] = {}
    listed: dict[str, dict[Any, None]] = {}
    for match in matches:
        for path, allowed in match.when:
            for one in allowed:
                _add(values, path, one)
        if match.on_field:
            _add(values, match.on_field, SOMETHING)
    for test in (*more, *(one for match in matches for one in _flat(match.where))):
        if test.operator == "includes":
            listed.setdefault(test.path, {}).update(dict.fromkeys(test.operand))
        for value in _told_apart(test):
            _add(values, test.path, value)
    for path, items in listed.items():
        for value in _lists(path, tuple(items)):
            _add(values, path, value)
    for choices in values.values():
        if any(type(one) is int for one in choices) and SOMETHING in choices:
            choices.remove(SOMETHING)  # a number is something, and can be held against another
    return values


def _add(values: dict[str, list[Any]], path: str, value: Any) -> None:
    known = values.setdefault(path, [None])
    more: list[Any] = [value, SOMETHING] if isinstance(value, str) else [value]
    if isinstance(value, bool):
        more = [True, False]
    for one in more:
        if one not in known:
            known.append(one)


def paths_of(matches: Iterable[Match]) -> frozenset[str]:
    """Return the fields that some matches look at."""
    given = tuple(matches)
    tested = (test.path for match in given for test in _flat(match.where))
    listed = (path for match in given for path, _ in match.when)
    dated = (match.on_field for match in given if match.on_field)
    return frozenset((*tested, *listed, *dated))


def _flat(tests: Iterable[FieldTest | AnyTest]) -> Iterator[FieldTest]:
    for test in tests:
        if isinstance(test, AnyTest):
            yield from _flat(test.tests)
        else:
            yield test


def _told_apart(test: FieldTest) -> Iterator[Any]:
    """Yield values on each side of a test."""
    if test.operator in ("at-most", "at-least"):
        yield from (test.operand - 1, test.operand, test.operand + 1)
    elif test.operator == "in":
        yield from test.operand
    elif test.operator == "includes":
        return
    elif test.operator == "given":
        yield SOMETHING
    else:
        yield test.operand


def _lists(path: str, items: tuple[Any, ...]) -> Iterator[list[Any]]:
    """Yield every list that holds some of the items, or something else."""
    if 2 ** len(items) > MOST_CELLS:
        raise TooManyCellsError(f"{len(items)} items of {path}")
    for number in range(len(items) + 1):
        yield from map(list, itertools.combinations(items, number))
    yield [SOMETHING]


def holds(match: Match, cell: Cell) -> bool:
    """Return whether an event that says what a cell says counts for a match."""
    return all(cell.get(path) in allowed for path, allowed in match.when) and all(
        _passes(test, cell) for test in match.where
    )


def _passes(test: FieldTest | AnyTest, cell: Cell) -> bool:
    if isinstance(test, AnyTest):
        return any(_passes(one, cell) for one in test.tests)
    value = cell.get(test.path)
    return test.holds_for([] if value is None and "[]" in test.path else value)


def allows(need: Need, cell: Cell) -> bool:
    """Return whether a need leaves a cell possible; a need that other things decide does."""
    if isinstance(need, FieldNeed):
        return need.test.path not in cell or _passes(need.test, cell)
    return not isinstance(need, AnyNeed) or any(allows(one, cell) for one in need.needs)


@lru_cache(maxsize=4096)
def implies(first: tuple[Match, ...], then: tuple[Match, ...]) -> bool:
    """Return whether every event that counts for one of the first counts for one of the others.

    A match that asks which step is taken, or is dated by a field, is never implied.
    """
    others = [one for one in then if not one.takes and not one.on_field]
    for one in first:
        same = [other for other in others if other.event == one.event]
        if not same:
            return False
        for cell in cells([one, *same]):
            if holds(one, cell) and not any(holds(other, cell) for other in same):
                return False
    return bool(first)
