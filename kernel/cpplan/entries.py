"""Entries: what was recorded for a plan, and when, one kind for each thing that can be recorded.

An event says on which day something happened; an entry says on which day somebody recorded it. A
mistake is set right by a further entry: nothing here changes or removes one. What the entries of a
plan amount to is in :mod:`cpplan.ledgers`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import attrs
import cattrs

from cpplan.codec import event_to_dict, json_converter
from cpplan.events import KINDS, Event
from cpplan.reading import KeyPath, nearest
from cpplan.structuring import INVALID, WrongValueError, mistakes

KIND = "entry"
"""The key under which an entry's data says of which kind it is."""


class InvalidEntryError(ValueError):
    """Data is no entry. Carries every problem found, not only the first.

    Attributes:
        problems: the mistakes, each with the path to it. They show what stands there.
        places: the paths alone.
    """

    def __init__(self, problems: Iterable[str], places: Iterable[str] = ()) -> None:
        """Keep the problems in their order."""
        self.problems, self.places = tuple(problems), tuple(places)
        super().__init__("\n".join(self.problems))


def _a_day(_: Any, attribute: Any, value: Any) -> None:
    if type(value) is not dt.date:
        raise ValueError(f"{attribute.name} is {value!r}, not a date such as date(2026, 1, 31)")


def _said(_: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{attribute.name} is {value!r:.60}; it has to say something")


@attrs.frozen(kw_only=True)
class Recording:
    """What every entry has.

    Attributes:
        id: the caller's own name for it, once in a ledger. The same entry given twice is one.
        recorded_on: the day on which it was recorded, whatever day it is about.
        procedure: the procedure in force on the day that it is about, by name.
        digest: the edition of that procedure, by its digest.
    """

    kind: ClassVar[str]

    id: str = attrs.field(validator=_said)
    recorded_on: dt.date = attrs.field(validator=_a_day)
    procedure: str = attrs.field(validator=_said)
    digest: str = attrs.field(validator=_said)

    @property
    def effective(self) -> dt.date | None:
        """The day that it is about; ``None`` for a withdrawal, which is about another entry."""
        return None


@attrs.frozen(kw_only=True)
class Happened(Recording):
    """An event took place.

    Attributes:
        event: what happened, on the day ``event.on``.
        before: the entry whose event of the same day it came before; empty for after all that are
            recorded of that day so far.
    """

    kind: ClassVar[str] = "happened"

    event: Event
    before: str = ""

    @property
    def effective(self) -> dt.date:
        """The day of the event."""
        return self.event.on


@attrs.frozen(kw_only=True)
class Withdrawn(Recording):
    """An earlier entry was a mistake. A withdrawal can itself be withdrawn.

    Attributes:
        of: the entry that was a mistake.
        why: the reason, for whoever reads the record later.
    """

    kind: ClassVar[str] = "withdrawn"

    of: str = attrs.field(validator=_said)
    why: str = attrs.field(validator=_said, repr=False)


@attrs.frozen(kw_only=True)
class Replaced(Recording):
    """An earlier entry was a mistake, and it was so instead.

    Attributes:
        of: the entry that was a mistake: what happened, or an earlier replacement of it.
        event: what happened.
        why: the reason, for whoever reads the record later.
    """

    kind: ClassVar[str] = "replaced"

    of: str = attrs.field(validator=_said)
    event: Event
    why: str = attrs.field(validator=_said, repr=False)

    @property
    def effective(self) -> dt.date:
        """The day of the event."""
        return self.event.on


@attrs.frozen(kw_only=True)
class Migrated(Recording):
    """The plan is under another edition. The one that it leaves is in ``procedure``, ``digest``.

    Attributes:
        on: the first day under the other edition.
        to_procedure: the procedure that the plan is under from that day, by name.
        to_digest: the edition of it, by its digest.
    """

    kind: ClassVar[str] = "migrated"

    on: dt.date = attrs.field(validator=_a_day)
    to_procedure: str = attrs.field(validator=_said)
    to_digest: str = attrs.field(validator=_said)

    @property
    def effective(self) -> dt.date:
        """The first day under the other edition."""
        return self.on


LedgerEntry = Happened | Withdrawn | Replaced | Migrated

ENTRIES: Mapping[str, type[LedgerEntry]] = {
    cls.kind: cls for cls in (Happened, Withdrawn, Replaced, Migrated)
}
"""The kinds of entry, by the name that their data gives them."""


def entry_to_dict(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry as plain data, ready for JSON.

    Example:
        >>> entry = Withdrawn(
        ...     id="2",
        ...     recorded_on=dt.date(2026, 3, 2),
        ...     procedure="standards",
        ...     digest="5f0c",
        ...     of="1",
        ...     why="another child",
        ... )
        >>> entry_to_dict(entry)["of"]
        '1'
    """
    data: dict[str, Any] = _converter().unstructure(entry)
    return {KIND: entry.kind, **data}


def entry_from_dict(data: Mapping[str, Any]) -> LedgerEntry:
    """Return the entry that plain data describes.

    Args:
        data: what :func:`entry_to_dict` gives; nothing is coerced.

    Raises:
        InvalidEntryError: with every unknown kind or key, missing key and value of a wrong type.
    """
    try:
        entry: LedgerEntry = _converter().structure(data, LedgerEntry)  # type: ignore[arg-type]
    except INVALID as error:
        found = tuple(mistakes(error, str))
        places = (_place(path) for path, *_ in found)
        raise InvalidEntryError((_told(*one) for one in found), places) from error
    return entry


def _place(path: KeyPath) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _told(path: KeyPath, message: str, hint: str = "") -> str:
    where = _place(path)
    return (f"{where}: " if where else "") + message + (f" ({hint})" if hint else "")


@functools.cache
def _converter() -> cattrs.Converter:
    """Return the converter for entries, with the event in them by its kind."""
    made = json_converter()
    made.register_structure_hook_func(
        lambda kind: kind is Event, lambda value, _: _by_kind(made, value, "event", KINDS)
    )
    made.register_structure_hook_func(
        lambda kind: kind == LedgerEntry, lambda value, _: _by_kind(made, value, KIND, ENTRIES)
    )
    made.register_unstructure_hook_func(lambda kind: kind is Event, event_to_dict)
    return made


def _by_kind(made: cattrs.Converter, value: Any, key: str, kinds: Mapping[str, type[Any]]) -> Any:
    """Structure an object whose class stands in it under ``key``."""
    if not isinstance(value, Mapping):
        raise WrongValueError(f"{value!r:.60} is not a mapping of fields to values")
    if key not in value:
        raise WrongValueError(f"the key {key!r} is missing", f"one of: {', '.join(kinds)}")
    kind = value[key]
    if not isinstance(kind, str) or kind not in kinds:
        raise WrongValueError(f"unknown {key} {kind!r:.60}", nearest(kind, kinds))
    return made.structure({k: v for k, v in value.items() if k != key}, kinds[kind])
