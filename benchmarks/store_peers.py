"""The peer of the store: eventsourcing, its recorder alone, and with its way to write events."""

from __future__ import annotations

import atexit
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
    return (_kept(database, together=together), _written(database, together=together))


def _recorder(database: str) -> Any:
    """Return the recorder of eventsourcing, the part of it that only stores."""
    if database == "SQLite":
        from eventsourcing.sqlite import (  # noqa: PLC0415  # may not be installed
            SQLiteAggregateRecorder,
            SQLiteDatastore,
        )

        recorder: Any = SQLiteAggregateRecorder(SQLiteDatastore(f"{folder()}/{next(NAMES)}.db"))
    else:
        from eventsourcing.postgres import (  # noqa: PLC0415  # may not be installed
            PostgresAggregateRecorder,
            PostgresDatastore,
        )

        name = f"peer{next(NAMES)}"
        server().database(name)
        store = PostgresDatastore(name, str(server().folder), "5432", "postgres", "")
        atexit.register(store.close)
        recorder = PostgresAggregateRecorder(datastore=store, events_table_name="events")
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


def _written(database: str, *, together: bool) -> Contender:
    """Return the same with the part of it that writes an event's fields, as we write an entry's."""
    from eventsourcing.domain import DomainEvent  # noqa: PLC0415  # may not be installed
    from eventsourcing.persistence import (  # noqa: PLC0415  # may not be installed
        DatetimeAsISO,
        EventStore,
        JSONTranscoder,
        Mapper,
        UUIDAsHex,
    )

    transcoder = JSONTranscoder()
    transcoder.register(UUIDAsHex())
    transcoder.register(DatetimeAsISO())
    kept: Any = EventStore(Mapper(transcoder), _recorder(database))

    def events(plan: str) -> list[Any]:
        made: Any = DomainEvent
        now = made.create_timestamp()
        plan_id = UUID(int=int(plan))
        return [_domain_event(made, plan_id, n, now, e) for n, e in enumerate(entries(), start=1)]

    def run(told: Sequence[Any]) -> None:
        for some in [told] if together else [[one] for one in told]:
            kept.put(some)

    return Contender("eventsourcing, events to be written", after(events, run))


def _domain_event(made: Any, plan: UUID, version: int, now: Any, entry: LedgerEntry) -> Any:
    found = made(plan, version, now)
    found.__dict__.update(entry_to_dict(entry))
    return found
