"""A case-management system on SQLite that keeps cpplan's entries in its own transactions.

Shown: cpplan's table in the host's MetaData; an entry and the host's own row stored together, or
neither; a refusal with every reason; a conflict, met by reading again; what is due on every case.
Start it on a new file: ``python examples/sqlite_host.py cases.db``
"""

import datetime as dt
import sys
import uuid
from collections.abc import Iterator

import attrs
from sqlalchemy import CheckConstraint, Column, MetaData, Table, Text, create_engine, select
from sqlalchemy.exc import IntegrityError

from cpplan import Ledger, LedgerRefused, Role, events, load
from cpplan.store import Appended, Store, entries_table

PROCEDURE = load("lead-social-worker")
METADATA = MetaData()
NOTES = Table(
    "notes",
    METADATA,
    Column("entry", Text, primary_key=True),
    Column("on_case", Text, nullable=False, index=True),
    Column("text", Text, CheckConstraint("text <> ''"), nullable=False),
)
entries_table(METADATA)


class Cases:
    """The cases of this system: notes of the host's own, and a plan for each case."""

    def __init__(self, path: str) -> None:
        """Open the file, and make what is not there of tables and triggers."""
        self.engine = create_engine(f"sqlite:///{path}")
        METADATA.create_all(self.engine)
        self.store = Store(self.engine)

    def read(self, case: str) -> Ledger:
        """Return what was recorded on a case."""
        return self.store.ledger(case, [PROCEDURE]) or Ledger.opened(PROCEDURE)

    def record(
        self, case: str, event: events.Event, note: str, on: dt.date, seen: Ledger
    ) -> Ledger:
        """Record an event with a note, both or neither. What was decided on is what was seen."""
        name = str(uuid.uuid4())
        while True:
            entry = seen.happened(event, id=name, recorded_on=on)
            judged = seen.record(entry)
            if isinstance(judged, LedgerRefused):
                print(f"{event.kind} is refused:", *judged.reasons, sep="\n  ")
                return seen
            with self.engine.connect() as conn:  # without a commit, nothing is kept
                answer = self.store.append(case, [entry], expected=len(seen.entries), conn=conn)
                conn.execute(NOTES.insert(), {"entry": name, "on_case": case, "text": note})
                if isinstance(answer, Appended):
                    conn.commit()
                    return judged.ledger
            print("conflict, so read it again:", *answer.reasons)
            seen = self.read(case)

    def due(self, on: dt.date) -> Iterator[str]:
        """Yield a line for whatever is owed on any case at the end of a day."""
        with self.engine.connect() as conn:
            cases = conn.execute(select(NOTES.c.on_case).distinct().order_by("on_case")).scalars()
            for case in cases.all():
                for one, status in self.read(case).plan.due(on):
                    yield f"{case}: {one.duty.id} {status}, by {one.due_on or 'no stated day'}"


def main(path: str) -> None:
    """Open a case, and let two people record on it at the same time."""
    monday, thursday = dt.date(2026, 1, 5), dt.date(2026, 1, 8)
    cases = Cases(path)
    opened = events.InitialConferenceOpened(on=monday)
    seen = cases.record("case-1", opened, "All came.", monday, cases.read("case-1"))
    decided = events.InitialConferenceDecided(on=monday, plan_made=True)
    seen = cases.record("case-1", decided, "A plan.", monday, seen)
    worker = events.LeadSocialWorker(name="worker A", qualified=True)
    decided = attrs.evolve(decided, by=Role.CONFERENCE_CHAIR, lead_social_worker=worker)
    seen = cases.record("case-1", decided, "A plan.", monday, seen)
    # Both look at the same screen; the second is told that it is no longer what is stored.
    cases.record("case-1", events.CoreGroupHeld(on=thursday), "Five came.", thursday, seen)
    visit = events.VisitMade(on=thursday, location=events.VisitLocation.HOME, child_seen=True)
    cases.record("case-1", visit, "Seen at home.", thursday, seen)
    try:
        cases.record("case-1", visit, "", thursday, cases.read("case-1"))
    except IntegrityError:
        print("the note was empty, so neither is stored")
    print(*cases.due(dt.date(2026, 3, 1)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
