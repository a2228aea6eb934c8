"""What a plan ever owed as JSON and back, for the table that keeps it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from cpplan.duties import Duty
from cpplan.editions import UnknownEditionError
from cpplan.entries import Migrated
from cpplan.ledgers import Ledger
from cpplan.obligations import Obligation, Status
from cpplan.procedures import Procedure
from cpplan.store.canonical import written


def plainly(ledger: Ledger) -> str:
    """Return all that a plan ever owed, soonest first, after the editions that it was under."""
    under = list(_editions(ledger))
    ever = sorted(ledger.plan.obligations, key=lambda o: (o.due_on or dt.date.max, o.duty.id))
    editions = [(since, one.name, one.digest) for since, one in under]
    return written([editions, [_columns(one, _edition(one.duty, under)) for one in ever]])


def _editions(ledger: Ledger) -> Iterator[tuple[str, Procedure]]:
    """Yield the editions that a plan was under, each with its first day; none for the first."""
    last = ledger.opening
    yield "", last
    if any(isinstance(entry, Migrated) for entry in ledger.entries):
        for turn in ledger.turns:
            if turn.after.procedure is not last:
                last = turn.after.procedure
                yield turn.on.isoformat(), last


def _edition(duty: Duty, under: Sequence[tuple[str, Procedure]]) -> int:
    """Return the number of the edition whose duty it is, the last one if they share it."""
    return max(n for n, (_, one) in enumerate(under) if one.duties.get(duty.id) == duty)


def _columns(one: Obligation, edition: int) -> list[str | int | None]:
    return [
        edition,
        one.duty.id,
        _day(one.anchor),
        _day(one.due_on),
        one.opened_by,
        one.opened_on.isoformat(),
        one.closed_by,
        _day(one.closed_on),
        one.outcome,
    ]


OPENED_ON, CLOSED_ON = 5, 7
"""Where these stand in what is kept of an obligation."""


@attrs.frozen
class Kept:
    """What is kept of a plan, read again.

    Attributes:
        editions: those that it was under, each after its first day.
        ever: the columns of all that it ever owed.
    """

    editions: Sequence[tuple[str, Procedure]]
    ever: Sequence[Sequence[Any]]

    @classmethod
    def read(cls, text: str, known: Mapping[str, Procedure]) -> Kept:
        """Return it from its text.

        Raises:
            UnknownEditionError: an edition is missing.
        """
        editions, ever = json.loads(text)
        for _, name, digest in editions:
            if digest not in known:
                raise UnknownEditionError(name, digest, known)
        return cls([(since, known[digest]) for since, _, digest in editions], ever)

    def edition(self, day: str) -> Procedure:
        """Return the edition that the plan is under on a day."""
        return next(one for since, one in reversed(self.editions) if since <= day)

    def owed(self, day: str) -> Iterator[Obligation]:
        """Yield what is owed on a day, as ``Obligation.is_open`` has it: ISO days sort as days."""
        for one in self.ever:
            if one[OPENED_ON] <= day and (one[CLOSED_ON] is None or one[CLOSED_ON] > day):
                yield self._obligation(one)

    def _obligation(self, columns: Sequence[Any]) -> Obligation:
        edition, duty, anchor, due_on, opened_by, opened_on, closed_by, closed_on, outcome = columns
        return Obligation(
            duty=self.editions[edition][1].duties[duty],
            anchor=_date(anchor),
            due_on=_date(due_on),
            opened_by=opened_by,
            opened_on=dt.date.fromisoformat(opened_on),
            closed_by=closed_by,
            closed_on=_date(closed_on),
            outcome=None if outcome is None else Status(outcome),
        )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(day: str | None) -> dt.date | None:
    return None if day is None else dt.date.fromisoformat(day)
