"""Choices of values: what the fields of an event can say, as far as any test asks.

For each path that a test reads, one value for each way in which the tests can come out.
"""

from __future__ import annotations

import enum
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from cpplan.events import KINDS
from cpplan.fields import field_type, is_list
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.roles import Role
from cpplan.rules import Rule

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


def choices(rule: Rule, matches: Sequence[Match]) -> Iterator[dict[str, Any]]:
    """Yield every choice of values at the paths that matter.

    A path that only a plain need of the rule reads does not matter: it is given a value that
    passes. Those that matter are read by the requirement or by an alternative.
    """
    kind = rule.match.event
    tests = [test for match in matches for test in _tests(match)]
    alternatives = [need for need in rule.needs if isinstance(need, AnyNeed)]
    tests += [test for need in alternatives for test in _needed_tests(need)]
    paths = {whole(test.path) for test in tests}
    paths |= {path for match in matches for path, _ in match.when}
    paths |= {match.on_field for match in matches if match.on_field}
    if any(isinstance(one, RoleNeed) for need in alternatives for one in need.needs):
        paths.add("by")
    plain = [need.test for need in rule.needs if isinstance(need, FieldNeed)]
    roots = {_root(path) for path in paths}
    paths |= {test.path for test in plain if "[]" in test.path and _root(test.path) in roots}
    every = [*tests, *(test for test in plain if whole(test.path) in paths)]
    routed = dict(rule.match.when)
    values = {}
    for path in sorted(paths):
        found = list(routed[path]) if path in routed else _values(kind, path, every, matches, rule)
        possible = [one for one in found if one is not MISSING or not _required(kind, path)]
        values[path] = _told_apart(path, possible, every, matches, rule)
    if math.prod(map(len, values.values())) > MOST_CHOICES:
        raise TooManyShapesError(f"{rule.id}: too many fields are tested together")
    for chosen in itertools.product(*values.values()):
        choice = dict(zip(values, chosen, strict=True))
        if _consistent(choice):
            yield choice


def _told_apart(
    path: str,
    values: Iterable[Any],
    tests: Iterable[FieldTest],
    matches: Iterable[Match],
    rule: Rule,
) -> list[Any]:
    """Return the first of all values that no test tells apart: every test reads one path."""
    reading = [test for test in tests if whole(test.path) == path]
    groups = [allowed for match in matches for at, allowed in match.when if at == path]
    if path == "by":
        groups += [need.roles for need in _role_needs(rule.needs)]
    found: dict[Any, Any] = {}
    for value in values:
        told = (
            value is MISSING,
            _empty(value),
            *(holds(test, {path: value}) for test in reading),
            *(value in allowed for allowed in groups),
        )
        found.setdefault(told, value)
    return list(found.values())


def _role_needs(needs: Iterable[Need]) -> Iterator[RoleNeed]:
    for need in needs:
        if isinstance(need, RoleNeed):
            yield need
        elif isinstance(need, AnyNeed):
            yield from _role_needs(need.needs)


def _empty(value: Any) -> bool:
    return value in (MISSING, (), [])


def _root(path: str) -> str:
    """Return the list that a path passes through, or the path itself."""
    return path.partition("[]")[0]


def _consistent(choice: Mapping[str, Any]) -> bool:
    """Return whether a list is empty to all paths that read it, or to none."""
    empty: dict[str, bool] = {}
    for path, value in choice.items():
        is_empty = _empty(value)
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
    kind: str, path: str, tests: Iterable[FieldTest], matches: Iterable[Match], rule: Rule
) -> list[Any]:
    """Return values for a path, one at least on each side of every test that reads it."""
    tests = [test for test in tests if whole(test.path) == path]
    operands = [one for test in tests if test.operator != "given" for one in _each(test.operand)]
    operands += [v for m in matches for p, allowed in m.when if p == path for v in allowed]
    if path == "by":
        roles = [role for need in _role_needs(rule.needs) for role in need.roles]
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


def holds(test: FieldTest, values: Mapping[str, Any]) -> bool:
    """Return whether a test passes; one on the items of a whole list is given the list."""
    value = values[whole(test.path)]
    return test.holds_for(list(value or ()) if test.path.endswith("[]") else value)


def whole(path: str) -> str:
    """Return the path of a whole list for the path of its items: they are one value."""
    return path.removesuffix("[]")
