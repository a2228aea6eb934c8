"""Kept: what a plan ever owed, as JSON and back, for the table that keeps it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import attrs

from cpplan.duties import Duty
from cpplan.editions import UnknownEditionError
from cpplan.entries import Migrated
from cpplan.ledgers import Ledger
from cpplan.obligations import Obligation, Status
from cpplan.procedures import Procedure
from cpplan.store.canonical import written

SHAPE = 2
"""Raise it when what is kept changes: what was kept before is then worked out anew."""


class _Columns(NamedTuple):
    """What is kept of an obligation, in the order in which it is written; days as ISO text."""

    edition: int
    duty: str
    anchor: str | None
    due_on: str | None
    opened_by: int
    opened_on: str
    closed_by: int | None
    closed_on: str | None
    outcome: str | None


_OPENED_ON, _CLOSED_ON = map(_Columns._fields.index, ("opened_on", "closed_on"))


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


def _columns(one: Obligation, edition: int) -> _Columns:
    return _Columns(
        edition=edition,
        duty=one.duty.id,
        anchor=_day(one.anchor),
        due_on=_day(one.due_on),
        opened_by=one.opened_by,
        opened_on=one.opened_on.isoformat(),
        closed_by=one.closed_by,
        closed_on=_day(one.closed_on),
        outcome=one.outcome,
    )


@attrs.frozen
class Kept:
    """What is kept of a plan, read again.

    Attributes:
        editions: those that it was under, each after its first day.
        ever: the columns of all that it ever owed, soonest first.
    """

    editions: Sequence[tuple[str, Procedure]]
    ever: Sequence[Sequence[Any]]

    @staticmethod
    def text_of(ledger: Ledger) -> str:
        """Return the text that keeps what a plan ever owed, and the editions that it was under."""
        under = list(_editions(ledger))
        ever = sorted(ledger.plan.obligations, key=lambda o: (o.due_on or dt.date.max, o.duty.id))
        editions = [(since, one.name, one.digest) for since, one in under]
        return written([editions, [_columns(one, _edition(one.duty, under)) for one in ever]])

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
            if one[_OPENED_ON] <= day and (one[_CLOSED_ON] is None or one[_CLOSED_ON] > day):
                yield self._obligation(_Columns(*one))

    def _obligation(self, one: _Columns) -> Obligation:
        return Obligation(
            duty=self.editions[one.edition][1].duties[one.duty],
            anchor=_date(one.anchor),
            due_on=_date(one.due_on),
            opened_by=one.opened_by,
            opened_on=dt.date.fromisoformat(one.opened_on),
            closed_by=one.closed_by,
            closed_on=_date(one.closed_on),
            outcome=None if one.outcome is None else Status(one.outcome),
        )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(day: str | None) -> dt.date | None:
    return None if day is None else dt.date.fromisoformat(day)
