"""Editions: a plan put under another edition of its procedure, or the reasons why it can't be.

What happened before is read by the other edition and not judged by it: each event keeps the state
that it led to, and the steps are those that the other edition takes from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cpplan.decisions import Reason
from cpplan.plans import NO_COUNTS, NO_STEPS, Came, Entry, Plan
from cpplan.refusals import PLAN_ENDED
from cpplan.states import BEFORE_PLAN, RETURNING, STATES, origin_step

if TYPE_CHECKING:
    from cpplan.procedures import Procedure
    from cpplan.rules import Edge

SAME_EDITION = "same-edition"
STATE_WITHOUT_EQUAL = "state-without-equal"
ORIGIN_WITHOUT_EQUAL = "origin-without-equal"
"""Codes of the reasons against a change of edition."""


class UnknownEditionError(LookupError):
    """An edition is named that was not given. Give every edition that the plan has been under."""

    def __init__(self, procedure: str, digest: str, known: Mapping[str, Procedure]) -> None:
        """Say which is missing and which are there."""
        given = ", ".join(f"{one.name} ({digest:.12})" for digest, one in known.items()) or "none"
        super().__init__(
            f"no edition of {procedure!r} with the digest {digest!r:.80} was given; given: {given}."
            " Load the pack as it was, and give it too"
        )


def reasons_against_moving(plan: Plan, to: Procedure) -> tuple[Reason, ...]:
    """Return every reason why a plan can't be put under another edition as it stands."""
    reasons = []
    if plan.procedure.digest == to.digest:
        reasons.append(
            Reason(SAME_EDITION, f"The plan is under this edition of {to.name} already.")
        )
    if plan.ended:
        reasons.append(Reason(PLAN_ENDED, f"The plan is over: {STATES[plan.state]}."))
    elif plan.state != BEFORE_PLAN and plan.state not in to.states:
        says = f"{to.name} ({to.edition}) has no state {plan.state}, in which the plan is."
        reasons.append(Reason(STATE_WITHOUT_EQUAL, says))
    elif plan.state in RETURNING and not _can_return(plan, to):
        says = f"{to.name} ({to.edition}) has no way back from {plan.state} to where the plan was."
        reasons.append(Reason(ORIGIN_WITHOUT_EQUAL, says))
    return tuple(reasons)


def _can_return(plan: Plan, to: Procedure) -> bool:
    """Return whether some rule of the other edition leads back to the state of origin."""
    origins = {
        origin for origin in RETURNING[plan.state] if origin_step(plan.state, origin) in plan.steps
    }
    return origins <= {edge.target for edge in to.edges_from(plan.state)}


def moved(plan: Plan, to: Procedure, on: dt.date) -> Plan:
    """Return the plan under another edition.

    Args:
        plan: the plan, against which there is no reason (:func:`reasons_against_moving`).
        to: the other edition.
        on: its first day.
    """
    steps, counts = NO_STEPS, NO_COUNTS
    history = []
    for entry in plan.history:
        known, counts = to.tally(entry.event, steps, counts)
        edge = _edge(entry, to, known)
        steps = edge.step_days(entry.event, steps)
        history.append(Entry(entry.event, edge))
    return Plan(to, plan.state, steps, tuple(history), counts, Came(plan, on))


def _edge(entry: Entry, to: Procedure, steps: Mapping[str, dt.date]) -> Edge:
    """Return the other edition's rule for an event, if it leads where the event has led."""
    edge = to.engine.route(entry.edge.source, entry.event, steps)
    return edge if edge is not None and edge.target == entry.edge.target else entry.edge
