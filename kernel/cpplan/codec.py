"""Events and plans as JSON and back, without loss.

An event is an object with its kind under ``event`` and its fields beside it: dates as
``2026-01-31``, choices by their value, whatever is not recorded left out. A plan is the procedure
that it is under and its events; everything else about it is worked out again from these.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import functools
import json
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import iterable_unstructure_factory
from cattrs.gen import make_dict_unstructure_fn, override

from cpplan.events import KINDS, Event
from cpplan.fields import MISSING
from cpplan.plans import Plan
from cpplan.procedures import Procedure
from cpplan.reading import KeyPath, nearest
from cpplan.structuring import INVALID, WrongValueError, enum_values, mistakes, strict_converter

KIND = "event"
FORMAT = "cpplan-plan/1"
"""What a plan's JSON says of itself. It changes when the shape does."""


class InvalidEventError(ValueError):
    """Data is no event. Carries every problem found, not only the first.

    Attributes:
        problems: the mistakes, each with the path to it.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in their order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class InvalidPlanError(ValueError):
    """Text is not a plan as :func:`dumps` writes it."""


class SeveralEditionsError(ValueError):
    """A plan has been under more than one edition, so that its events alone don't rebuild it."""


class OtherProcedureError(ValueError):
    """A plan was recorded under another procedure, or another version of it."""


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as plain data, ready for JSON.

    Example:
        >>> from cpplan.events import ChildBorn
        >>> event_to_dict(ChildBorn(on=dt.date(2026, 3, 2), date_of_birth=dt.date(2026, 3, 1)))
        {'event': 'child-born', 'on': '2026-03-02', 'date_of_birth': '2026-03-01'}
    """
    return {KIND: event.kind, **_converter().unstructure(event)}


def event_from_dict(data: Mapping[str, Any]) -> Event:
    """Return the event that plain data describes.

    Args:
        data: what :func:`event_to_dict` gives; nothing is coerced.

    Raises:
        InvalidEventError: with every unknown kind or key, missing key and value of a wrong type.

    Example:
        >>> event_from_dict({"event": "child-died", "on": "2026-03-02"}).on
        datetime.date(2026, 3, 2)
    """
    event, problems = _read(data)
    if event is None:
        raise InvalidEventError(problems)
    return event


def dumps(plan: Plan) -> str:
    """Return a plan as JSON: its procedure by name, edition and digest, and its events.

    Raises:
        SeveralEditionsError: the plan came from another edition; keep its ledger.
    """
    procedure = plan.procedure
    if plan.came is not None:
        raise SeveralEditionsError(
            f"the plan has been under this edition of {procedure.name} only since {plan.came.on};"
            " keep the entries of its ledger, which say so"
        )
    content = {
        "format": FORMAT,
        "procedure": {
            "name": procedure.name,
            "edition": procedure.edition,
            "digest": procedure.digest,
        },
        "events": [event_to_dict(event) for event in plan.events],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def loads(text: str, procedure: Procedure, *, check_digest: bool = True) -> Plan:
    """Return the plan that :func:`dumps` wrote.

    The events are not judged again: each takes the rule that it took when it was recorded.

    Args:
        text: the JSON.
        procedure: the procedure that the plan is under.
        check_digest: whether it has to be the very one under which the events were recorded;
            otherwise they are laid on whatever procedure is given, if its rules have a place for
            each.

    Raises:
        InvalidPlanError: the text is not the JSON of a plan.
        OtherProcedureError: the plan was recorded under something else; both are named.
        InvalidEventError: with the problems of all events.
        HistoryError: an event has no rule where it stands.
    """
    content = _plan_data(text)
    if check_digest:
        _check_procedure(content["procedure"], procedure)
    events, problems = [], []
    for number, data in enumerate(content["events"], start=1):
        event, wrong = _read(data)
        problems += [f"event {number}: {one}" for one in wrong]
        if event is not None:
            events.append(event)
    if problems:
        raise InvalidEventError(problems)
    return Plan.rebuild(procedure, events)


def _read(data: Any) -> tuple[Event | None, list[str]]:
    """Return the event, or what is wrong with its data."""
    if not isinstance(data, Mapping):
        return None, [f"{data!r:.60} is not a mapping of fields to values"]
    if KIND not in data:
        return None, [f"the key {KIND!r} is missing"]
    kind = data[KIND]
    if not isinstance(kind, str) or kind not in KINDS:
        return None, [_told((KIND,), f"unknown event {kind!r:.60}", nearest(kind, KINDS))]
    fields = {key: value for key, value in data.items() if key != KIND}
    try:
        return _converter().structure(fields, KINDS[kind]), []
    except INVALID as error:
        return None, [_told(*mistake) for mistake in mistakes(error, str)]


def _told(path: KeyPath, message: str, hint: str = "") -> str:
    """Return one line: where, what is wrong, and the way out."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    where = "".join(steps).removeprefix(".")
    return (f"{where}: " if where else "") + message + (f" ({hint})" if hint else "")


@functools.cache
def _converter() -> cattrs.Converter:
    """Return the converter for the fields of events."""
    return json_converter()


def json_converter() -> cattrs.Converter:
    """Return a new strict converter: dates as text, choices by value, lists as tuples."""
    made = strict_converter(str)
    made.register_structure_hook(dt.date, _date)
    made.register_unstructure_hook(dt.date, dt.date.isoformat)
    made.register_structure_hook(enum.StrEnum, _choice)
    made.register_unstructure_hook(enum.StrEnum, attrgetter("value"))
    made.register_structure_hook_factory(_is_tuple, lambda kind: _several(made, kind))
    made.register_unstructure_hook_factory(
        _is_tuple, lambda kind: iterable_unstructure_factory(kind, made, unstructure_to=list)
    )
    made.register_unstructure_hook_factory(attrs.has, lambda cls: _recorded(made, cls))
    return made


def _recorded(made: cattrs.Converter, cls: type[Any]) -> Callable[[Any], dict[str, Any]]:
    """Return what leaves out the fields that are not recorded, and no others."""
    optional: dict[str, Any] = {
        field.name: override(omit_if_default=field.default in MISSING)
        for field in attrs.fields(cls)
    }
    return make_dict_unstructure_fn(cls, made, **optional)


def _date(value: Any, _: Any) -> dt.date:
    found = day_of(value) if isinstance(value, str) else None
    if found is None:
        raise WrongValueError(f"{value!r:.60} is not a date, as 2026-01-31")
    return found


@functools.lru_cache(maxsize=10_000)  # some twenty-seven years: the same days come again and again
def day_of(text: str) -> dt.date | None:
    """Return the day that text is, written as 2026-01-31 and no other way; ``None`` if none."""
    with contextlib.suppress(ValueError):
        found = dt.date.fromisoformat(text)
        if found.isoformat() == text:
            return found
    return None


def _choice(value: Any, kind: type[enum.StrEnum]) -> enum.StrEnum:
    found = _choices(kind).get(value) if isinstance(value, str) else None
    if found is None:
        raise WrongValueError(f"unknown value {value!r:.60}", nearest(value, enum_values(kind)))
    return found


@functools.cache
def _choices(kind: type[enum.StrEnum]) -> Mapping[str, enum.StrEnum]:
    return {member.value: member for member in kind}


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _several(made: cattrs.Converter, kind: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    each = made.get_structure_hook(list[get_args(kind)[0]])  # type: ignore[misc]  # read at run time
    return lambda value, _: tuple(each(value, list))


def _plan_data(text: str) -> dict[str, Any]:
    """Return the JSON of a plan, of the right shape but with its events still to be read."""
    try:
        data = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise InvalidPlanError(f"not the JSON of a plan: {error}") from error
    shape = {"format": str, "procedure": dict, "events": list}
    if not isinstance(data, dict) or data.keys() != shape.keys():
        raise InvalidPlanError(f"a plan is an object with the keys {', '.join(shape)}")
    if data["format"] != FORMAT:
        raise InvalidPlanError(f"the format is {data['format']!r:.60}, not {FORMAT!r}")
    for key, kind in shape.items():
        if not isinstance(data[key], kind):
            raise InvalidPlanError(f"{key!r} is {data[key]!r:.60}, not {_KINDS_OF_JSON[kind]}")
    return data


_KINDS_OF_JSON = {dict: "an object", list: "a list"}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, refusing a key given twice: one of its values would be lost.

    Raises:
        ValueError: with the keys that are given twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"given twice: {', '.join(twice)}")
    return found


def _check_procedure(recorded: Mapping[str, Any], procedure: Procedure) -> None:
    if recorded.get("digest") == procedure.digest:
        return
    theirs = _version(recorded.get("name"), recorded.get("edition"), recorded.get("digest"))
    ours = _version(procedure.name, procedure.edition, procedure.digest)
    raise OtherProcedureError(
        f"the plan was recorded under {theirs}, and this is {ours};"
        " give that procedure, or check_digest=False to lay the events on this one"
    )


def _version(name: object, edition: object, digest: object) -> str:
    return f"{name} ({edition}; digest {str(digest)[:12]})"
