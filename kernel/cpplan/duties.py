"""Duties: what falls due, when, and what meets it.

Holds the definitions. What is owed on a plan, and its status on a day, is in
:mod:`cpplan.obligations`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import attrs

from cpplan.clauses import Strength
from cpplan.matching import Match
from cpplan.roles import Role
from cpplan.values import Origin, Value


class Limit(enum.StrEnum):
    """How a duty says by when."""

    WITHIN = "within"
    EVERY = "every"
    BEFORE = "before"
    EVERY_EVENTS = "every-events"
    BEFORE_EVENT = "before-event"
    UNSTATED = "unstated"


@attrs.frozen
class Agreed:
    """A field by which people agree a figure of their own for a plan."""

    event: str
    field: str


@attrs.frozen(kw_only=True)
class Duty:
    """A dated obligation.

    Attributes:
        id: its name.
        says: what is to be done, in a sentence.
        topic: what it is about.
        strength: must, should or may, as its clause words it.
        owed_by: who owes it, where the source says.
        limit: how its date is fixed.
        value: the figure; ``None`` where the source gives none.
        opens: events from which it is owed.
        expected: events from which it is owed though its anchor may not be recorded: until one of
            ``opens`` is, its date can't be known.
        due_at: events at which it has to have been done.
        met_by: events that meet it.
        until: events after which it is owed no more.
        agreed: fields that fix another figure for a plan.
        for_field: the field of a meeting event that names the day of the opening one.
        outlives_plan: whether it is owed after the plan has ended.
        earlier_counts: whether what was done before it was opened, and met nothing yet, meets it.
        cites: the clauses it stands on.
        origin: the source's own, inherited or the modeller's choice.
        why: the reason for a choice.
    """

    id: str
    says: str
    topic: str
    strength: Strength
    owed_by: tuple[Role, ...]
    limit: Limit
    value: Value | None
    opens: tuple[Match, ...]
    expected: tuple[Match, ...] = ()
    due_at: tuple[Match, ...] = ()
    met_by: tuple[Match, ...] = ()
    until: tuple[Match, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    for_field: str = ""
    outlives_plan: bool = False
    earlier_counts: bool = False
    cites: tuple[str, ...] = ()
    origin: Origin = Origin.OWN
    why: str = ""

    @property
    def recurs(self) -> bool:
        """Whether meeting it opens it again."""
        return self.limit in (Limit.EVERY, Limit.EVERY_EVENTS)


@attrs.frozen
class DutyIndex:
    """Finds the duties that a kind of event can change."""

    _by_kind: dict[str, tuple[Duty, ...]]

    @classmethod
    def of(cls, duties: Iterable[Duty]) -> DutyIndex:
        """Index the duties of a procedure."""
        kinds: dict[str, dict[str, Duty]] = {}
        for duty in duties:
            matches = (*duty.opens, *duty.expected, *duty.due_at, *duty.met_by, *duty.until)
            for kind in [*(m.event for m in matches), *(a.event for a in duty.agreed)]:
                kinds.setdefault(kind, {})[duty.id] = duty
        return cls({kind: tuple(found.values()) for kind, found in kinds.items()})

    def touched_by(self, kind: str) -> tuple[Duty, ...]:
        """Return the duties that an event of ``kind`` can open, meet, count or end."""
        return self._by_kind.get(kind, ())
