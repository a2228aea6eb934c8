"""The peer of the store: eventsourcing, its least recorder, and what its applications store by.

All are as it ships: SQLite in WAL mode with synchronous FULL, PostgreSQL with the server's
synchronous_commit, which is on, so that what is acknowledged is on the disk, as with ours.

- *Its recorder alone* is given bytes, and inserts them under one key, the plan and version. It does
  less than we do: no second key for the entry's id, no hash, no columns to search by, no index, no
  trigger. On PostgreSQL it sends one statement that is a transaction by itself.
- *As its applications store* is what ``Application.save`` does: events are written as JSON, and
  stored by the recorder that also numbers all events of all plans. On PostgreSQL that takes a lock
  on the table, so that one writer at a time comes in.
"""

from __future__ import annotations

import atexit
import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from benchmarks import peers
from benchmarks.measuring import Contender
from benchmarks.store_setting import NAMES, after, entries, folder, server
from cpplan.entries import LedgerEntry, entry_to_dict
from cpplan.store import drafted


def beside(database: str, *, together: bool) -> tuple[Contender, ...]:
    """Return the peer, if it is installed: adding a plan's entries one by one or together."""
    if not peers.installed("eventsourcing"):
        return ()
    return (_kept(database, together=together), _applied(database, together=together))


def _recorder(database: str, kind: str = "Aggregate") -> Any:
    """Return a recorder of eventsourcing, the part of it that only stores."""
    name = f"peer{next(NAMES)}"
    if database == "SQLite":
        from eventsourcing import sqlite  # noqa: PLC0415  # may not be installed

        made: Any = getattr(sqlite, f"SQLite{kind}Recorder")
        recorder: Any = made(sqlite.SQLiteDatastore(f"{folder()}/{name}.db"))
    else:
        from eventsourcing import postgres  # noqa: PLC0415  # may not be installed

        server().database(name)
        store = postgres.PostgresDatastore(name, str(server().folder), "5432", "postgres", "")
        atexit.register(store.close)
        made = getattr(postgres, f"Postgres{kind}Recorder")
        recorder = made(datastore=store, events_table_name="events")
    recorder.create_table()
    return recorder


def _stored_events(plan: str) -> list[Any]:
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415  # may not be installed

    drafts = [drafted(entry) for entry in entries()]
    plan_id = UUID(int=int(plan))
    return [
        StoredEvent(plan_id, number, draft.kind, draft.body.encode())
        for number, draft in enumerate(drafts, start=1)
    ]


def _kept(database: str, *, together: bool) -> Contender:
    recorder = _recorder(database)

    def run(events: Sequence[Any]) -> None:
        if together:
            recorder.insert_events(events)
        else:
            for event in events:
                recorder.insert_events([event])

    return Contender("eventsourcing, its recorder alone", after(_stored_events, run))


def _applied(database: str, *, together: bool) -> Contender:
    """Return the same as an application of it does: events with days in them, to be written."""
    from eventsourcing.domain import DomainEvent  # noqa: PLC0415  # may not be installed
    from eventsourcing.persistence import (  # noqa: PLC0415  # may not be installed
        DatetimeAsISO,
        EventStore,
        JSONTranscoder,
        Mapper,
        Transcoding,
    )

    class DayAsISO(Transcoding):
        """Writes a day as its own class writes a time."""

        type = dt.date
        name = "day_iso"

        def encode(self, obj: dt.date) -> str:
            return obj.isoformat()

        def decode(self, data: str) -> dt.date:
            return dt.date.fromisoformat(data)

    transcoder = JSONTranscoder()
    transcoder.register(DayAsISO())
    transcoder.register(DatetimeAsISO())
    kept: Any = EventStore(Mapper(transcoder), _recorder(database, "Application"))
    made: Any = DomainEvent

    def events(plan: str) -> list[Any]:
        now = made.create_timestamp()
        plan_id = UUID(int=int(plan))
        found = [made(plan_id, number, now) for number, _ in enumerate(entries(), start=1)]
        for event, entry in zip(found, entries(), strict=True):
            event.__dict__.update(_fields(entry))
        return found

    def run(told: Sequence[Any]) -> None:
        for some in [told] if together else [[one] for one in told]:
            kept.put(some)

    return Contender("eventsourcing, as its applications store", after(events, run))


def _fields(entry: LedgerEntry) -> dict[str, Any]:
    """Return what an entry and its event hold, days as days."""
    plain = entry_to_dict(entry)
    event = plain.pop("event")
    mine = {key: getattr(entry, key, value) for key, value in plain.items()}
    happened = getattr(entry, "event", None)
    return mine | {key: _day(getattr(happened, key, None), value) for key, value in event.items()}


def _day(held: object, written: Any) -> Any:
    return held if isinstance(held, dt.date) else written
