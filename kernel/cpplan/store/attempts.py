"""Attempts: what was refused, kept for auditors, apart from the history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

import attrs
from sqlalchemy import Connection, Table, select

from cpplan.decisions import Reason
from cpplan.store.canonical import canonical
from cpplan.store.rows import DRAFTED, Draft


@attrs.frozen
class Attempt:
    """What somebody asked to have recorded, and why it was not.

    Attributes:
        plan: the name of the plan.
        draft: what was to be kept.
        reasons: every reason against it.
    """

    plan: str
    draft: Draft
    reasons: tuple[Reason, ...]

    @property
    def on(self) -> dt.date:
        """The day on which it was to be recorded."""
        return dt.date.fromisoformat(self.draft.recorded_on)


def keep(conn: Connection, table: Table, attempts: Iterable[Attempt]) -> None:
    """Insert attempts into their table."""
    rows = [
        {
            "plan": attempt.plan,
            **{name: getattr(attempt.draft, name) for name in DRAFTED},
            "reasons": canonical([_plain(reason) for reason in attempt.reasons]),
        }
        for attempt in attempts
    ]
    if rows:
        conn.execute(table.insert(), rows)


def kept(conn: Connection, table: Table, plan: str) -> list[Attempt]:
    """Return what was refused for a plan, oldest first."""
    drafted = [table.c[name] for name in DRAFTED]
    mine = select(table.c.reasons, *drafted).where(table.c.plan == plan)
    return [
        Attempt(plan, Draft(**dict(zip(DRAFTED, values, strict=True))), _reasons(text))
        for text, *values in conn.execute(mine.order_by(table.c.number))
    ]


def _plain(reason: Reason) -> dict[str, object]:
    return {"code": reason.code, "says": reason.says, "cites": list(reason.cites)}


def _reasons(text: str) -> tuple[Reason, ...]:
    return tuple(Reason(one["code"], one["says"], tuple(one["cites"])) for one in json.loads(text))
