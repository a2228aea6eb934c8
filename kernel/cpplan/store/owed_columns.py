"""What a plan ever owed as JSON and back, for the table that keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cpplan.obligations import Obligation, Status
from cpplan.plans import Plan
from cpplan.procedures import Procedure
from cpplan.store.canonical import written


def plainly(plan: Plan) -> str:
    """Return all that a plan ever owed, soonest first, after its edition."""
    ever = sorted(plan.obligations, key=lambda one: (one.due_on or dt.date.max, one.duty.id))
    return written([plan.procedure.name, plan.procedure.digest, *map(_columns, ever)])


OPENED_ON, CLOSED_ON = 4, 6
"""Where these stand in what is kept of an obligation."""


def _columns(one: Obligation) -> list[str | int | None]:
    return [
        one.duty.id,
        _day(one.anchor),
        _day(one.due_on),
        one.opened_by,
        one.opened_on.isoformat(),
        one.closed_by,
        _day(one.closed_on),
        one.outcome,
    ]


def is_open(columns: Sequence[Any], day: str) -> bool:
    """Whether it is owed on a day, as ``Obligation.is_open`` has it: ISO days sort as days do."""
    return columns[OPENED_ON] <= day and (columns[CLOSED_ON] is None or columns[CLOSED_ON] > day)


def obligation(procedure: Procedure, columns: Sequence[Any]) -> Obligation:
    """Return what is kept in a list of columns, as an obligation under an edition."""
    duty, anchor, due_on, opened_by, opened_on, closed_by, closed_on, outcome = columns
    return Obligation(
        duty=procedure.duties[duty],
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
