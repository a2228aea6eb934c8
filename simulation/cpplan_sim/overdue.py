"""Overdue: what is owed on many plans, added up by duty and by team, one plan at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from cpplan.duties import Duty
from cpplan.obligations import Obligation, Status
from cpplan.store.owing import PlanOwed


@attrs.define
class Tally:
    """How much of something is owed.

    Attributes:
        owed, overdue, undecidable: obligations that are open, past their day, without a known day.
        plans: plans with something overdue.
        oldest: the earliest day that was missed; ``None`` if none was.
    """

    owed: int = 0
    overdue: int = 0
    undecidable: int = 0
    plans: int = 0
    oldest: dt.date | None = None

    def add(self, obligation: Obligation, status: Status) -> None:
        """Count one obligation."""
        self.owed += 1
        self.undecidable += status is Status.UNDECIDABLE
        if status is Status.OVERDUE and obligation.due_on is not None:
            self.overdue += 1
            self.oldest = min(self.oldest or obligation.due_on, obligation.due_on)

    def as_data(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {**attrs.asdict(self), "oldest": str(self.oldest or "")}


@attrs.define
class Overdue:
    """What is owed on a day, so far as plans were added.

    Attributes:
        on: the day.
        plans: plans added.
        whole: all of it.
        by_duty: by the name of the procedure and the duty.
        by_team: by the name of the team; empty for plans without one.
        duties: the duties themselves, by the same.
    """

    on: dt.date
    plans: int = 0
    whole: Tally = attrs.field(factory=Tally)
    by_duty: dict[tuple[str, str], Tally] = attrs.field(factory=dict)
    by_team: dict[str, Tally] = attrs.field(factory=dict)
    duties: dict[tuple[str, str], Duty] = attrs.field(factory=dict)

    def add(self, plan: PlanOwed) -> None:
        """Count what is owed on one plan."""
        self.plans += 1
        team = self.by_team.setdefault(plan.team, Tally())
        late: dict[int, Tally] = {}
        for obligation, status in plan.owed:
            key = (plan.procedure.name, obligation.duty.id)
            self.duties[key] = obligation.duty
            for tally in (self.whole, team, self.by_duty.setdefault(key, Tally())):
                tally.add(obligation, status)
                if status is Status.OVERDUE:
                    late[id(tally)] = tally
        for tally in late.values():
            tally.plans += 1

    def as_data(self) -> dict[str, Any]:
        """Return it as data for JSON, most overdue first."""
        return {
            "on": str(self.on),
            "plans": self.plans,
            "whole": self.whole.as_data(),
            "by_duty": [
                {"procedure": name, "duty": duty, **self._of(name, duty), **tally.as_data()}
                for (name, duty), tally in most_overdue(self.by_duty)
            ],
            "by_team": [
                {"team": team, **tally.as_data()} for team, tally in most_overdue(self.by_team)
            ],
        }

    def _of(self, name: str, duty: str) -> dict[str, Any]:
        known = self.duties[name, duty]
        return {"says": known.says, "strength": known.strength.value, "cites": list(known.cites)}


def most_overdue(tallies: Mapping[Any, Tally]) -> list[tuple[Any, Tally]]:
    """Return tallies, those with the most overdue first."""
    return sorted(tallies.items(), key=lambda one: (-one[1].overdue, -one[1].owed, one[0]))
