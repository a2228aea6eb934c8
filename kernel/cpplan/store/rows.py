"""Rows: an entry as the store keeps it, chained to the row before it.

A row's hash is over every other column and the hash of the row before, so that nothing in a plan's
history can be changed, left out or put in without changing every hash after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from cpplan.codec import day_of
from cpplan.store.canonical import canonical, fault_of, written

FIRST = ""
"""What stands for the hash before a plan's first row."""
LONGEST = 200
"""The most characters that the name of a plan or the id of an entry may have."""


class InvalidRowError(ValueError):
    """A value can't stand in a row. The message names the column, the value and the way out."""


def _name(_: Any, attribute: Any, value: Any) -> None:
    _require_name(attribute.name, value)


def _text(_: Any, attribute: Any, value: Any) -> None:
    require_text(attribute.name, value)


def _json(_: Any, attribute: Any, value: Any) -> None:
    require_text(attribute.name, value)
    try:
        as_it_is = canonical(json.loads(value)) == value
    except (ValueError, RecursionError):
        as_it_is = False
    if not as_it_is:  # what it holds is of a case, and may have been read from a row
        raise InvalidRowError(f"{attribute.name} is no canonical JSON: give what `canonical` does")


def _day(_: Any, attribute: Any, value: Any) -> None:
    if type(value) is not str or day_of(value) is None:
        raise InvalidRowError(f"{attribute.name} is {value!r:.60}, not a day such as '2026-01-31'")


def _day_or_none(_: Any, attribute: Any, value: Any) -> None:
    if value != "":
        _day(_, attribute, value)


@attrs.frozen(kw_only=True)
class Draft:
    """What a caller gives to be kept: a row that has no place in a chain yet.

    Attributes:
        entry_id: the caller's id; the same id in the same plan is the same entry.
        kind: what the entry is: happened, withdrawn, replaced, migrated.
        effective: the day it is about, as ISO text; empty if it is about another entry.
        recorded_on: the day it was recorded, as ISO text.
        procedure: the procedure's name.
        digest: the digest of its edition.
        body: the whole entry, as canonical JSON.
    """

    entry_id: str = attrs.field(validator=_name)
    kind: str = attrs.field(validator=_name)
    effective: str = attrs.field(validator=_day_or_none)
    recorded_on: str = attrs.field(validator=_day)
    procedure: str = attrs.field(validator=_text)
    digest: str = attrs.field(validator=_text)
    body: str = attrs.field(validator=_json, repr=False)


@attrs.frozen
class Row:
    """One row of a plan's history, as it is stored.

    Attributes:
        plan: the name of the plan.
        version: its place in the plan's history, counted from 1.
        entry_id, kind, effective, recorded_on, procedure, digest, body: as in :class:`Draft`.
        previous: the hash of the row before; empty for the first.
        hash: SHA-256 over all of these, as hexadecimal text.
    """

    plan: str
    version: int
    entry_id: str
    kind: str
    effective: str
    recorded_on: str
    procedure: str
    digest: str
    body: str = attrs.field(repr=False)
    previous: str
    hash: str

    @property
    def draft(self) -> Draft:
        """What was given to be kept."""
        return Draft(**{name: getattr(self, name) for name in DRAFTED})

    @property
    def head(self) -> Head:
        """Where the plan's history stood with this row."""
        return Head(self.plan, self.version, self.hash)


DRAFTED = tuple(field.name for field in attrs.fields(Draft))
COLUMNS = tuple(field.name for field in attrs.fields(Row))
"""The columns, in the order in which they are hashed."""
_VERSION, _PREVIOUS, _HASH = map(COLUMNS.index, ("version", "previous", "hash"))


@attrs.frozen
class Head:
    """Where a plan's history stands. Kept elsewhere, it shows whether anything before it changed.

    Attributes:
        plan: the name of the plan.
        version: how many rows it has; 0 if it has none.
        hash: the hash of the last one; empty if there is none.
    """

    plan: str
    version: int
    hash: str


def nothing_of(plan: str) -> Head:
    """Return the head of a plan of which nothing is stored."""
    return Head(plan, 0, FIRST)


def require_plan(plan: str) -> None:
    """Raise ``InvalidRowError`` unless a plan can have this name."""
    _require_name("plan", plan)


def require_text(what: str, text: str) -> None:
    """Raise ``InvalidRowError``, naming what it is, unless text can stand in either database."""
    if type(text) is not str or fault_of(text):
        raise InvalidRowError(f"{what} is {text!r:.60}, not Unicode text")


def require_page(after: str, at_most: int | None) -> None:
    """Raise ``InvalidRowError`` unless these ask for some plans, or all, whose names come later."""
    require_text("after", after)
    if at_most is not None and not 0 <= at_most < 2**31:
        raise InvalidRowError(f"at_most is {at_most!r:.60}, not a number of plans")


def _require_name(what: str, name: str) -> None:
    if type(name) is not str or not 0 < len(name) <= LONGEST or fault_of(name):
        raise InvalidRowError(f"{what} is {name!r:.60}, not 1 to {LONGEST} characters of text")


def sealed(draft: Draft, after: Head) -> Row:
    """Return the row that comes after the head of a plan's history."""
    return Row(*chained([draft], after)[0])


def chained(drafts: Iterable[Draft], after: Head) -> list[tuple[Any, ...]]:
    """Return the columns of the rows that come after a head, in the order of ``COLUMNS``."""
    rows, previous = [], after.hash
    for version, draft in enumerate(drafts, start=after.version + 1):
        columns = (
            after.plan,
            version,
            draft.entry_id,
            draft.kind,
            draft.effective,
            draft.recorded_on,
            draft.procedure,
            draft.digest,
            draft.body,
            previous,
        )
        previous = hash_of(columns)
        rows.append((*columns, previous))
    return rows


def link_fault(columns: Sequence[Any], version: int, previous: str) -> str:
    """Return why a row is not the next of its plan; empty if it is.

    Args:
        columns: the row's columns, in the order of ``COLUMNS``.
        version: the version that is next.
        previous: the hash of the row before.
    """
    if columns[_VERSION] != version:
        return f"version {version} should stand in its place, and is missing"
    if columns[_PREVIOUS] != previous:
        return "it does not follow from the row before: previous is another hash"
    if columns[_HASH] != hash_of(columns[:_HASH]):
        return "its hash is not that of its columns"
    return ""


def hash_of(columns: Sequence[str | int]) -> str:
    """Return the hash of a row's columns, all but the hash itself, in the order of ``COLUMNS``.

    SHA-256 over the canonical JSON of the list of them, in UTF-8, so any language can work it out.

    Example:
        >>> hash_of(["Ada", 1]) == hashlib.sha256(b'["Ada",1]').hexdigest()
        True
    """
    return hashlib.sha256(written(columns).encode("utf-8", "surrogatepass")).hexdigest()
