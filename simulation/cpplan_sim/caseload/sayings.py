"""Sayings: what people record, word for word, as concrete events on a day of reference.

A simulated event is the number of a saying and a day. The kernel's own rules, needs and duties
judge the saying once, when a procedure is compiled; here the events are made for them to judge.
What is said is the usual (``scenarios/usual.yaml``), changed only where a rule asks for more.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from cpplan import Plan, Procedure
from cpplan.codec import InvalidEventError, event_from_dict, event_to_dict
from cpplan.events import KINDS, Event
from cpplan.fields import item_type
from cpplan.needs import AnyNeed, FieldNeed, Need, RoleNeed
from cpplan.rules import Rule
from cpplan_sim.fabricating import ABSENT, GIVEN, fabricate
from cpplan_sim.scenarios import iso, usual
from cpplan_sim.wanting import Wanting

REFERENCE = dt.date(2024, 1, 10)
"""The day on which every saying is said until it is put on a day of a case."""
BORN = dt.date(2016, 6, 15)
"""Stands for the child's birthday."""
NAMED = dt.date(2024, 1, 8)
"""Stands for the day that the saying names, such as that of the meeting whose notes are sent."""

BIRTH = "date_of_birth"

AHEAD = {
    "first_core_group_date": 7,
    "first_review_date": 84,
    "planned_on": 28,
    "starts": 7,
    "until": 21,
    "date_of_death": -1,
    "left_on": -1,
}
"""Days from an event to a day that it gives; ours."""

USUALLY_AHEAD = 14
"""The same for any other day."""

Fields = dict[str, Any]


@cache
def day_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of event, but for its own day, that hold one date."""
    hints = typing.get_type_hints(KINDS[kind])
    names = [field.name for field in attrs.fields(KINDS[kind]) if field.name not in ("on", "id")]
    return tuple(
        n for n in names if item_type(hints[n]) is dt.date and "tuple" not in str(hints[n])
    )


def _is_day(kind: Any) -> bool:
    return item_type(kind) is dt.date and "tuple" not in str(kind)


def naming_fields(procedure: Procedure) -> frozenset[str]:
    """Return the fields that name the day of what a duty was opened by, such as a meeting's."""
    return frozenset(duty.for_field for duty in procedure.duties.values() if duty.for_field)


def stand_in(name: str, naming: Collection[str]) -> dt.date:
    """Return the day that a date field of a saying holds on the day of reference."""
    if name == BIRTH:
        return BORN
    if name in naming:
        return NAMED
    return REFERENCE + dt.timedelta(days=AHEAD.get(name, USUALLY_AHEAD))


def put_on(
    saying: Event, on: dt.date, born: dt.date, named: dt.date, naming: Collection[str]
) -> Event:
    """Return a saying as it is said on a day.

    Args:
        saying: as it is said on the day of reference.
        on: the day.
        born: the child's birthday.
        named: the day that it names, if it names one.
        naming: the fields that do; see :func:`naming_fields`.
    """
    moved = on - REFERENCE
    days: Fields = {}
    for name in day_fields(saying.kind):
        value = getattr(saying, name)
        if value is None:
            continue
        if name == BIRTH:
            days[name] = born
        elif name in naming:
            days[name] = named
        else:
            days[name] = value + moved
    return attrs.evolve(saying, on=on, **days)


class Speaker:
    """Makes the sayings of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        """Speak under a procedure."""
        self.procedure = procedure
        self.naming = naming_fields(procedure)
        self._proper: dict[tuple[str, str, tuple[str, ...]], Event | None] = {}
        self._spoilt: dict[tuple[Event, Need], Event | None] = {}

    def proper(self, kind: str, said: Mapping[str, Any], rules: Iterable[Rule]) -> Event | None:
        """Return a saying that holds all that rules ask of the event itself.

        Args:
            kind: which event.
            said: field paths with the values that they are to have.
            rules: the rules that it is meant for.

        Returns:
            The event; ``None`` if none can be made that says what is wanted.
        """
        asked = tuple(rules)
        key = (kind, repr(sorted(said.items())), tuple(rule.id for rule in asked))
        if key not in self._proper:
            self._proper[key] = self._said(kind, said, asked)
        return self._proper[key]

    def _said(self, kind: str, said: Mapping[str, Any], rules: Iterable[Rule]) -> Event | None:
        event = _made(_usual(kind, self.naming), said)
        if event is None:
            return None
        needs = [need for rule in rules for need in rule.needs]
        for need in needs:
            if _fails(need, event):
                event = self._mended(event, need, needs, said)
        return event

    def spoilt(self, event: Event, need: Need) -> Event | None:
        """Return a saying that leaves a need unmet, as far as it can; ``None`` if it can't."""
        if (event, need) not in self._spoilt:
            self._spoilt[event, need] = self._unmet(event, need)
        return self._spoilt[event, need]

    def _unmet(self, event: Event, need: Need) -> Event | None:
        wanting = Wanting(Plan(self.procedure), REFERENCE, random.Random(1))
        for fields in (wanting.spoiling(need), _left_out(need)):
            changed = _made(event_to_dict(event), fields) if fields else None
            if changed is not None and _fails(need, changed):
                return changed
        return None

    def spoilings(self, event: Event, need: Need) -> Iterator[Event]:
        """Yield a saying for each way to leave a need unmet, or to risk that it is.

        What the event alone doesn't decide, as whether a day that it gives is too late, may turn
        out well all the same.
        """
        wanting = Wanting(Plan(self.procedure), REFERENCE, random.Random(1))
        for fields in (wanting.spoiling(need), _left_out(need)):
            changed = _made(event_to_dict(event), fields) if fields else None
            if changed is not None and (_fails(need, changed) or not settled(need)):
                yield changed

    def _mended(
        self, event: Event, need: Need, needs: Iterable[Need], said: Mapping[str, Any]
    ) -> Event:
        """Return the event so that it meets a need as well as those that it meets already."""
        met = [one for one in needs if not _fails(one, event)]
        several = need.needs if isinstance(need, AnyNeed) else (need,)
        for alternative in filter(settled, several):
            wanting = Wanting(Plan(self.procedure), REFERENCE, random.Random(1))
            wanted = {k: v for k, v in wanting.satisfying(alternative).items() if k not in said}
            whole = event_to_dict(fabricate(event.kind, REFERENCE, wanted, random.Random(1)))
            plain = event_to_dict(event)
            tried = (_made(plain, wanted), _made(plain, _longer(plain, wanted)), _made(whole, said))
            for changed in tried:
                if changed is not None and not any(_fails(one, changed) for one in (*met, need)):
                    return changed
        return event


def _longer(plain: Fields, wanted: Mapping[str, Any]) -> Fields:
    """Return what is wanted, each list with what stands in it already."""
    return {
        path: [*plain[path], *value]
        if isinstance(plain.get(path), list) and isinstance(value, (list, tuple))
        else value
        for path, value in wanted.items()
    }


def settled(need: Need) -> bool:
    """Return whether the event alone decides a need."""
    if isinstance(need, AnyNeed):
        return all(settled(one) for one in need.needs)
    return isinstance(need, (FieldNeed, RoleNeed))


def _fails(need: Need, event: Event) -> bool:
    """Return whether an event leaves a need unmet, as far as the event alone decides it."""
    if isinstance(need, AnyNeed) and not settled(need):
        decided = [one for one in need.needs if settled(one)]
        return bool(decided) and not any(_holds(one, event) for one in decided)
    return settled(need) and not _holds(need, event)


def _holds(need: Need, event: Event) -> bool:
    return need.holds(event, _NOTHING)


class _Nothing:
    """The facts of a plan of which nothing is known: for needs that ask the event alone."""

    steps: Mapping[str, dt.date] = {}
    events: tuple[Event, ...] = ()


_NOTHING = _Nothing()


def _left_out(need: Need) -> Fields:
    """Return what leaves out the fields that a need reads."""
    if isinstance(need, AnyNeed):
        return {path: ABSENT for one in need.needs for path in _left_out(one)}
    if isinstance(need, FieldNeed):
        return {path.split(".")[0].removesuffix("[]"): ABSENT for path in _paths(need.test)}
    return {"by": ABSENT} if isinstance(need, RoleNeed) else {}


def _paths(test: Any) -> Iterator[str]:
    if hasattr(test, "tests"):
        for one in test.tests:
            yield from _paths(one)
    else:
        yield test.path


@cache
def _usual(kind: str, naming: frozenset[str]) -> Fields:
    """Return what an event usually says, with its days, and with what it can't do without."""
    fields = {**iso(usual(kind)), "event": kind, "on": REFERENCE.isoformat()}
    some = event_to_dict(fabricate(kind, REFERENCE, {}, random.Random(1)))
    for field in attrs.fields(KINDS[kind]):
        if field.default is attrs.NOTHING and field.name not in fields and field.name != "on":
            fields[field.name] = some[field.name]
    for name in day_fields(kind):
        fields[name] = stand_in(name, naming).isoformat()
    return fields


def _made(plain: Mapping[str, Any], changes: Mapping[str, Any]) -> Event | None:
    """Return the event that plain data gives with some paths changed; ``None`` if it is none."""
    fields = copy.deepcopy(dict(plain))
    for path, value in changes.items():
        _put(fields, path.split("."), value, str(plain["event"]))
    if fields.get("child_unborn") and BIRTH in fields:
        del fields[BIRTH]
    try:
        return event_from_dict(fields)
    except (InvalidEventError, ValueError):
        return None


def _put(fields: Fields, parts: list[str], value: Any, kind: str) -> None:
    name = parts[0].removesuffix("[]")
    if len(parts) == 1:
        _set(fields, name, value, kind)
        return
    if parts[0].endswith("[]"):
        for item in fields.get(name) or []:
            _put(item, parts[1:], value, kind)
    else:
        inner = fields.setdefault(name, {})
        if isinstance(inner, dict):
            _put(inner, parts[1:], value, kind)


def _set(fields: Fields, name: str, value: Any, kind: str) -> None:
    if value is ABSENT:
        fields.pop(name, None)
    elif value is GIVEN:
        fields.setdefault(name, _some(kind, name))
    else:
        fields[name] = iso(list(value) if isinstance(value, tuple) else value)


def _some(kind: str, name: str) -> Any:
    """Return some value of a field, ``noted`` where it stands deeper in the event."""
    fields = {field.name for field in attrs.fields(KINDS[kind])}
    if name not in fields:
        return "noted"
    made = fabricate(kind, REFERENCE, {name: GIVEN}, random.Random(1))
    return event_to_dict(made).get(name, "noted")
