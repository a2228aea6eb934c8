"""Saying: what an event has to say for one procedure to take it, and another or none with it.

For making events. Whether one really is taken is the kernel's to say.
"""

from __future__ import annotations

import datetime as dt
import enum
import random
from collections.abc import Iterable, Iterator, Sequence

from cpplan import Procedure
from cpplan.events import KINDS
from cpplan.fields import field_type, item_type
from cpplan.matching import Match
from cpplan.needs import FieldNeed, Need, RoleNeed
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.fabricating import ABSENT, GIVEN
from cpplan_sim.proving.choices import MISSING, OTHER
from cpplan_sim.wanting import Fields


def touching(path: str, others: Iterable[str]) -> bool:
    """Return whether a path is one of others, above one or below one."""
    root = path.partition("[]")[0]
    roots = [one.partition("[]")[0] for one in others]
    return any(
        one == root or one.startswith(f"{root}.") or root.startswith(f"{one}.") for one in roots
    )


def unmatching(procedure: Procedure, kind: str) -> Iterator[Fields]:
    """Yield what to say of an event so that rules that are for some fields alone are not for it."""
    allowed: dict[str, set[object]] = {}
    for rule in procedure.rules.values():
        if rule.match.event == kind:
            for path, values in rule.match.when:
                allowed.setdefault(path, set()).update(values)
    for path, said_of in allowed.items():
        of_type = item_type(field_type(KINDS[kind], path))
        others = list(of_type) if issubclass(of_type, enum.Enum) else [True, False]
        yield from ({path: other} for other in (ABSENT, *others) if other not in said_of)


def one_role(wanted: Fields, needs: Sequence[Need], rng: random.Random) -> None:
    """Choose somebody whom all needs allow, if there is one."""
    allowed = [set(need.roles) for need in needs if isinstance(need, RoleNeed)]
    both = sorted(set.intersection(*allowed)) if allowed else []
    if both:
        wanted["by"] = rng.choice(both)


def other_role(wanted: Fields, ours: Sequence[Need], need: RoleNeed, rng: random.Random) -> None:
    """Choose somebody whom our needs allow and another does not, if there is one."""
    allowed = [set(one.roles) for one in ours if isinstance(one, RoleNeed)]
    others = sorted(set.intersection(set(Role), *allowed) - set(need.roles))
    if others:
        wanted["by"] = rng.choice(others)


def tightest(wanted: Fields, needs: Sequence[Need]) -> None:
    """Want the least number of several that bound one field."""
    for need in needs:
        if isinstance(need, FieldNeed) and need.test.operator == "at-most":
            known = wanted.get(need.test.path)
            if isinstance(known, int):
                wanted[need.test.path] = min(known, need.test.operand)


def say(wanted: Fields, match: Match, edge: Edge, on: dt.date) -> None:
    """Want of an event that it is one for a match."""
    if match.event != edge.rule.match.event:
        return
    for path, values in match.when:
        if path not in dict(edge.rule.match.when):
            wanted[path] = values[0]
    if match.on_field and wanted.get(match.on_field) in (None, ABSENT, GIVEN):
        wanted[match.on_field] = on


def said(value: object) -> object:
    """Return what to ask for at a path, so that the event is of its shape."""
    if value is MISSING or value in ([], ()):
        return ABSENT
    if isinstance(value, str) and value == OTHER:
        return GIVEN
    if isinstance(value, list | tuple):
        items = [item for item in value if not (isinstance(item, str) and item == OTHER)]
        return [ABSENT if item is MISSING else item for item in items] or GIVEN
    return value
