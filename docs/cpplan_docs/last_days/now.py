"""A plan on one day of its life: what is open on it, and what an event would do to the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

import attrs

from cpplan import Plan, Procedure
from cpplan.obligations import Obligation
from cpplan_docs.last_days.judging import Harm, harm
from cpplan_docs.last_days.making import Maker
from cpplan_sim.taking import FIRST_DAY

LAST = FIRST_DAY + dt.timedelta(days=420)
"""The day after which a plan is told no further."""


# Without slots, for what is found once.
@attrs.frozen(slots=False)
class Now:
    """A plan on a day.

    Attributes:
        maker: makes the events.
        plan: as it stands.
        on: the day.
        left: the duties that the plan is still to show.
    """

    maker: Maker
    plan: Plan
    on: dt.date
    left: tuple[str, ...]

    @property
    def procedure(self) -> Procedure:
        """The rules that the plan is under."""
        return self.plan.procedure

    @cached_property
    def open(self) -> tuple[Obligation, ...]:
        """What is owed."""
        return tuple(one for one in self.plan.obligations if one.closed_by is None)

    @cached_property
    def due(self) -> tuple[Obligation, ...]:
        """What is owed today for the last time."""
        return tuple(one for one in self.open if one.due_on == self.on)

    def to_come(self, one: Obligation) -> bool:
        """Return whether the last day of an obligation is still to come, and is told."""
        return one.due_on is not None and self.on <= one.due_on <= LAST

    def harmless(self, plan: Plan) -> bool:
        """Return whether what has happened by then leaves every other obligation alone."""
        fresh = plan.history[len(self.plan.history) :]
        touched = self.procedure.duty_index.touched_by
        if not any(touched(entry.event.kind) for entry in fresh):
            return True
        return harm(self.plan, plan, self.left).none

    def least(self, found: Iterable[Plan]) -> Plan | None:
        """Return the plan that does the least harm, the first if it does none; no failure."""
        best: tuple[Harm, Plan] | None = None
        for plan in found:
            done = harm(self.plan, plan, self.left)
            if not done.failed and (best is None or done < best[0]):
                best = done, plan
            if done.none and not done.opened:
                break
        return best[1] if best is not None else None
