"""Replay: the plan that what stands in a ledger amounts to, with what is to be said against it.

An event that was accepted once and would be refused now stays: it happened, and what followed it
followed from it. So the plan goes on along the rule for it, and the reasons are told beside it.
Only an event for which no rule has a place in the state where it now falls stands aside: it stays
in the ledger and is told, and is no part of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from cpplan.decisions import Reason, Refused
from cpplan.editions import UnknownEditionError, moved, reasons_against_moving
from cpplan.entries import Migrated
from cpplan.plans import Plan

if TYPE_CHECKING:
    import datetime as dt

    from cpplan.procedures import Procedure
    from cpplan.standing import Standing


@attrs.frozen
class Turn:
    """One thing that stands in a ledger, as the replay came to it.

    Attributes:
        standing: what stands.
        before: the plan till then.
        after: the plan with it; the same if it stands aside.
        reasons: every reason against it; none if it is lawful where it stands.
    """

    standing: Standing
    before: Plan
    after: Plan
    reasons: tuple[Reason, ...] = ()

    @property
    def aside(self) -> bool:
        """Whether it is no part of the plan, since nothing has a place for it."""
        return self.after is self.before

    @property
    def rule(self) -> str:
        """The rule that it took, by its id; empty for a change of edition or what stands aside."""
        if self.aside or isinstance(self.standing.entry, Migrated):
            return ""
        return self.after.history[-1].rule.id

    @property
    def on(self) -> dt.date:
        """The day that it is about."""
        return self.standing.on


def replay(
    opening: Procedure, standing: Iterable[Standing], editions: Mapping[str, Procedure]
) -> tuple[Turn, ...]:
    """Return the turn of each thing that stands, in order.

    Args:
        opening: the edition that the plan began under.
        standing: what stands, in the order of days.
        editions: every edition that a change leads to, by digest.

    Raises:
        UnknownEditionError: an edition is missing.
    """
    plan = Plan(opening)
    turns = []
    for one in standing:
        turn = _turn(plan, one, editions)
        turns.append(turn)
        plan = turn.after
    return tuple(turns)


def _turn(plan: Plan, standing: Standing, editions: Mapping[str, Procedure]) -> Turn:
    entry = standing.entry
    if isinstance(entry, Migrated):
        return _changed(plan, standing, edition_named(entry, editions))
    decision = plan.record(entry.event)
    if isinstance(decision, Refused):
        return Turn(standing, plan, plan.unjudged(entry.event) or plan, decision.reasons)
    return Turn(standing, plan, decision.plan)


def edition_named(entry: Migrated, editions: Mapping[str, Procedure]) -> Procedure:
    """Return the edition that a change leads to.

    Raises:
        UnknownEditionError: it is not among those given.
    """
    if entry.to_digest not in editions:
        raise UnknownEditionError(entry.to_procedure, entry.to_digest, editions)
    return editions[entry.to_digest]


def _changed(plan: Plan, standing: Standing, to: Procedure) -> Turn:
    reasons = reasons_against_moving(plan, to)
    after = plan if reasons else moved(plan, to, standing.on)
    return Turn(standing, plan, after, reasons)
