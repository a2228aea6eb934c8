"""Attempts: what was refused, kept for auditors, apart from the history."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
import cattrs
from sqlalchemy import Connection, Select, Table, select

from cpplan.codec import json_converter
from cpplan.decisions import Reason
from cpplan.store.canonical import canonical
from cpplan.store.rows import DRAFTED, Draft, InvalidRowError, require_plan
from cpplan.store.transactions import streamed
from cpplan.structuring import INVALID, mistakes

KEYS = ("plan", *DRAFTED, "reasons")
"""The keys of an attempt as data."""


@attrs.frozen
class Attempt:
    """What somebody asked to have recorded, and why it was not.

    Attributes:
        plan: the name of the plan.
        draft: what was to be kept.
        reasons: every reason against it.
    """

    plan: str = attrs.field(validator=lambda _, __, value: require_plan(value))
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
    mine = _all(table).where(table.c.plan == plan)
    return [_attempt(*values) for values in conn.execute(mine.order_by(table.c.number))]


def every(conn: Connection, table: Table) -> Iterator[Attempt]:
    """Yield what was refused for each plan, in the order of their names, oldest first."""
    for values in streamed(conn, _all(table).order_by(table.c.plan, table.c.number)):
        yield _attempt(*values)


def attempt_to_dict(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt as data, with its body as the object that it is."""
    draft = {name: getattr(attempt.draft, name) for name in DRAFTED}
    reasons = [_plain(reason) for reason in attempt.reasons]
    body = json.loads(attempt.draft.body)
    return {"plan": attempt.plan, **draft, "body": body, "reasons": reasons}


def attempt_from_dict(data: Mapping[str, Any]) -> Attempt:
    """Return the attempt that data describes: what :func:`attempt_to_dict` gives.

    Raises:
        InvalidRowError: it describes none.
    """
    require_plan(data["plan"])
    drafted = {name: data[name] for name in DRAFTED}
    draft = Draft(**{**drafted, "body": canonical(data["body"])})
    return Attempt(data["plan"], draft, _reasons(data["reasons"]))


def _all(table: Table) -> Select[Any]:
    return select(table.c.plan, table.c.reasons, *(table.c[name] for name in DRAFTED))


def _attempt(plan: str, reasons: str, *values: str) -> Attempt:
    draft = Draft(**dict(zip(DRAFTED, values, strict=True)))
    return Attempt(plan, draft, _reasons(json.loads(reasons)))


def _plain(reason: Reason) -> dict[str, object]:
    return {"code": reason.code, "says": reason.says, "cites": list(reason.cites)}


def _reasons(data: Any) -> tuple[Reason, ...]:
    try:
        return _converter().structure(data, tuple[Reason, ...])
    except INVALID as error:
        says = "; ".join(message for _, message, *_ in mistakes(error, str))
        raise InvalidRowError(f"the reasons are none: {says}") from error


@functools.cache
def _converter() -> cattrs.Converter:
    return json_converter()
