"""Shapes of events: what an event can say, as far as a rule or a requirement asks.

There are endlessly many events of a kind, and few that differ to a test. For each path that some
test reads, a handful of values stands for all: one on each side of every test. A shape is one
choice of values, with what it leaves for steps and dates to decide.
"""

from __future__ import annotations

import enum
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from cpplan.events import KINDS
from cpplan.fields import field_type, is_list
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.requirements import Atom
from cpplan.roles import Role
from cpplan.rules import Edge

MISSING = None
"""The value of a path at which nothing is recorded."""

OTHER = "something else"
"""The value of a path at which something is recorded that no test asks for."""

MOST_ITEMS = 9
"""Items that a list is tried with, and so two to that power lists."""

MOST_CHOICES = 100_000
"""Choices of values that are tried for one edge."""


class TooManyShapesError(ValueError):
    """An event can differ in more ways than can be tried."""


@attrs.frozen
class Shape:
    """One way an event for an edge can be.

    Attributes:
        values: what it says at each path that a test of the requirement or an alternative reads.
        first, then: whether it shows the event part of either side of the requirement.
        left: what the rule still needs: each entry is a need, or several of which one is enough.
    """

    values: tuple[tuple[str, Any], ...]
    first: tuple[Atom, ...]
    then: tuple[Atom, ...]
    left: tuple[tuple[Need, ...], ...]


def shapes_of(edge: Edge, first: Atom | None, then: Atom | None) -> tuple[Shape, ...]:
    """Return the shapes of the events that an edge's own field tests let through.

    Two shapes that no side of the requirement and nothing left to decide tells apart count as one.
    """
    kind = edge.rule.match.event
    atoms = [one for side in (first, then) if side for one in side.alternatives]
    matches = [one.match for one in atoms if one.match is not None and one.match.event == kind]
    found: dict[Any, Shape] = {}
    for values in _choices(edge, matches):
        shape = _shape(edge, values, first, then)
        if shape is not None:
            dating = tuple(values[f] is MISSING for f in _dating_fields(edge) if f in values)
            found.setdefault((shape.first, shape.then, shape.left, dating), shape)
    return tuple(found.values())


def _dating_fields(edge: Edge) -> list[str]:
    return sorted({step.on_field for step in edge.sets if step.on_field})


def _shape(
    edge: Edge, values: Mapping[str, Any], first: Atom | None, then: Atom | None
) -> Shape | None:
    """Return the shape of one choice of values; ``None`` if the rule's own tests refuse it."""
    left = []
    for need in edge.rule.needs:
        rest = _left(need, values)
        if rest is None:
            return None
        if rest:
            left.append(rest)
    kind = edge.rule.match.event
    return Shape(
        tuple(sorted(values.items(), key=lambda item: item[0])),
        _showing(kind, values, first),
        _showing(kind, values, then),
        tuple(left),
    )


def _left(need: Need, values: Mapping[str, Any]) -> tuple[Need, ...] | None:
    """Return what is left of a need: nothing if the values meet it, ``None`` if they can't."""
    if isinstance(need, AnyNeed):
        rests = [_left(one, values) for one in need.needs]
        if any(rest == () for rest in rests):
            return ()
        open_ones = tuple(one for rest in rests if rest for one in rest)
        return open_ones or None
    if isinstance(need, RoleNeed):
        return () if "by" not in values or values["by"] in need.roles else None
    if isinstance(need, FieldNeed):
        return () if _whole(need.test.path) not in values or _holds(need.test, values) else None
    return (need,)


def _showing(kind: str, values: Mapping[str, Any], side: Atom | None) -> tuple[Atom, ...]:
    """Return the alternatives of a side whose event part the values show."""
    if side is None:
        return ()
    return tuple(one for one in side.alternatives if _shows(kind, values, one.match))


def _shows(kind: str, values: Mapping[str, Any], match: Match | None) -> bool:
    if match is None:
        return True
    if match.event != kind:
        return False
    if any(values[path] not in allowed for path, allowed in match.when):
        return False
    if match.on_field and values[match.on_field] is MISSING:
        return False
    return all(_passes(test, values) for test in match.where)


def _passes(test: FieldTest | AnyTest, values: Mapping[str, Any]) -> bool:
    if isinstance(test, AnyTest):
        return any(_passes(one, values) for one in test.tests)
    return _holds(test, values)


def _holds(test: FieldTest, values: Mapping[str, Any]) -> bool:
    """Return whether a test passes; one on the items of a whole list is given the list."""
    value = values[_whole(test.path)]
    return test.holds_for(list(value or ()) if test.path.endswith("[]") else value)


def _whole(path: str) -> str:
    """Return the path of a whole list for the path of its items: they are one value."""
    return path.removesuffix("[]")


def _choices(edge: Edge, matches: Iterable[Match]) -> Iterator[dict[str, Any]]:
    """Yield every choice of values at the paths that matter.

    A path that only a plain need of the rule reads does not matter: it is given a value that
    passes. Those that matter are read by the requirement or by an alternative.
    """
    kind = edge.rule.match.event
    tests = [test for match in matches for test in _tests(match)]
    alternatives = [need for need in edge.rule.needs if isinstance(need, AnyNeed)]
    tests += [test for need in alternatives for test in _needed_tests(need)]
    routed = dict(edge.rule.match.when)
    paths = {_whole(test.path) for test in tests}
    paths |= {path for match in matches for path, _ in match.when}
    paths |= {match.on_field for match in matches if match.on_field}
    if any(isinstance(one, RoleNeed) for need in alternatives for one in need.needs):
        paths.add("by")
    plain = [need.test for need in edge.rule.needs if isinstance(need, FieldNeed)]
    roots = {_root(path) for path in paths}
    paths |= {test.path for test in plain if "[]" in test.path and _root(test.path) in roots}
    every = [*tests, *(test for test in plain if _whole(test.path) in paths)]
    values = {}
    for path in sorted(paths):
        found = list(routed[path]) if path in routed else _values(kind, path, every, matches, edge)
        values[path] = [one for one in found if one is not MISSING or not _required(kind, path)]
    if math.prod(map(len, values.values())) > MOST_CHOICES:
        raise TooManyShapesError(f"{edge.rule.id}: too many fields are tested together")
    for chosen in itertools.product(*values.values()):
        choice = dict(zip(values, chosen, strict=True))
        if _consistent(choice):
            yield choice


def _root(path: str) -> str:
    """Return the list that a path passes through, or the path itself."""
    return path.partition("[]")[0]


def _consistent(choice: Mapping[str, Any]) -> bool:
    """Return whether a list is empty to all paths that read it, or to none."""
    empty: dict[str, bool] = {}
    for path, value in choice.items():
        is_empty = value in (MISSING, (), [])
        if ("[]" in path or path in map(_root, choice)) and empty.setdefault(
            _root(path), is_empty
        ) != is_empty:
            return False
    return True


def _required(kind: str, path: str) -> bool:
    """Return whether an event of a kind can't be made without a value at ``path``."""
    if "." in path or "[]" in path:
        return False
    return attrs.fields_dict(KINDS[kind])[path].default is attrs.NOTHING


def _tests(match: Match) -> Iterator[FieldTest]:
    for test in match.where:
        yield from _plain(test)


def _plain(test: FieldTest | AnyTest) -> Iterator[FieldTest]:
    if isinstance(test, AnyTest):
        for one in test.tests:
            yield from _plain(one)
    else:
        yield test


def _needed_tests(need: AnyNeed) -> Iterator[FieldTest]:
    for one in need.needs:
        if isinstance(one, FieldNeed):
            yield one.test
        elif isinstance(one, AnyNeed):
            yield from _needed_tests(one)


def _values(
    kind: str, path: str, tests: Iterable[FieldTest], matches: Iterable[Match], edge: Edge
) -> list[Any]:
    """Return values for a path, one at least on each side of every test that reads it."""
    tests = [test for test in tests if _whole(test.path) == path]
    operands = [one for test in tests if test.operator != "given" for one in _each(test.operand)]
    operands += [v for m in matches for p, allowed in m.when if p == path for v in allowed]
    if path == "by":
        roles = [r for n in edge.rule.needs if isinstance(n, RoleNeed) for r in n.roles]
        return [MISSING, *dict.fromkeys([*roles, *Role])]
    if is_list(KINDS[kind], path):
        return _lists(path, operands)
    return _singles(field_type(KINDS[kind], path), operands)


def _lists(path: str, operands: list[Any]) -> list[Any]:
    """Return lists with every choice of the wanted items, something else, and a missing item.

    Raises:
        TooManyShapesError: the choices are too many to try.
    """
    flat = list(dict.fromkeys(operands))
    other = not flat[0] if len(flat) == 1 and isinstance(flat[0], bool) else OTHER
    items = [*dict.fromkeys([*flat, other]), *([MISSING] if "[]" in path else [])]
    if len(items) > MOST_ITEMS:
        raise TooManyShapesError(f"{path} is tested for {len(flat)} different items")
    lists = [
        [item for number, item in enumerate(items) if chosen >> number & 1]
        for chosen in range(2 ** len(items))
    ]
    return lists if "[]" in path else [tuple(one) for one in lists]


def _each(operand: Any) -> tuple[Any, ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def _singles(kind: Any, operands: list[Any]) -> list[Any]:
    numbers = [one for one in operands if isinstance(one, int) and not isinstance(one, bool)]
    around = [near for number in numbers for near in (number - 1, number, number + 1)]
    plain = [one for one in operands if not isinstance(one, bool)]
    found = [MISSING, *plain, *around]
    if bool in (kind, *getattr(kind, "__args__", ())):
        found += [True, False]
    enums = [k for k in (kind, *getattr(kind, "__args__", ())) if _is_enum(k)]
    found += [member for each in enums for member in each]
    if not around and not enums and True not in found:
        found.append(OTHER)
    return list(dict.fromkeys(found))


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.Enum)
