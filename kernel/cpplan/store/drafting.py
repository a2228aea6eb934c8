"""Drafting: an entry as what the store keeps of it, and back."""

from __future__ import annotations

import json

from cpplan.entries import InvalidEntryError, LedgerEntry, entry_from_dict, entry_to_dict
from cpplan.store.canonical import canonical
from cpplan.store.rows import DRAFTED, Draft, Row


def drafted(entry: LedgerEntry) -> Draft:
    """Return what the store keeps of an entry: all of it, and what is searched for in columns.

    Raises:
        InvalidRowError: its id is too long.
        NotCanonicalError: it holds what no store could give back, such as a float, or text that is
            not Unicode.
        InvalidEntryError: it holds what its fields are not for, such as text for yes or no: it
            could never be read again. Types are not looked at when an event is made.
    """
    effective, data = entry.effective, entry_to_dict(entry)
    body = canonical(data)
    entry_from_dict(data)
    return Draft(
        entry_id=entry.id,
        kind=entry.kind,
        effective="" if effective is None else effective.isoformat(),
        recorded_on=entry.recorded_on.isoformat(),
        procedure=entry.procedure,
        digest=entry.digest,
        body=body,
    )


def entry_of(row: Row) -> LedgerEntry:
    """Return the entry that a row keeps.

    Raises:
        InvalidEntryError: the row keeps none; with the plan and version, and the places that are
            wrong. What stands there is of a case, and no message holds it.
    """
    try:
        return _entry(row.body)
    except InvalidEntryError as error:
        where = f"plan {row.plan!r}, version {row.version}"
        wrong = ", ".join(filter(None, error.places)) or "the whole"
        raise InvalidEntryError([f"{where}: no entry can be read from it: {wrong}"]) from None


def disagreeing(row: Row | Draft) -> str:
    """Return the columns of a row that say other than the entry it keeps; empty if none does.

    Raises:
        InvalidEntryError: the row keeps none; with what is wrong and what stands there.
    """
    said = drafted(_entry(row.body))
    return ", ".join(name for name in DRAFTED if getattr(row, name) != getattr(said, name))


def _entry(body: str) -> LedgerEntry:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidEntryError([f"the body is no JSON: {error}"]) from error
    return entry_from_dict(data)
