"""What can happen to a duty by its kind: which statuses it can have at all, and why not the others.

Reasons are worked out from what the duty says and from the endings that the procedure has. A status
that can be had by the kind of duty and is never seen is no excuse: it is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from cpplan import Procedure
from cpplan.duties import Duty, Limit
from cpplan.obligations import Status
from cpplan.states import is_ended

_DATED = (Limit.WITHIN, Limit.EVERY, Limit.BEFORE)

NEVER_LATE = "no day is counted for it, so nothing done is late"
NEVER_ENDS = "nothing ends it before it is done: no event, and no end of a plan"
NEVER_MISSED = "it has no last day, and no event by which it has to have been done"
ALWAYS_KNOWN = "its start is always on record and its figure is set"
NEVER_KNOWN = "its figure is not chosen and can't be agreed for a plan"


def statuses(procedure: Procedure) -> Mapping[tuple[str, Status], str]:
    """Return each status of each duty, with why it can't be had; empty if it can."""
    ends = any(is_ended(state) for state in procedure.states)
    return {
        (name, status): why_not(duty, status, plans_end=ends)
        for name, duty in procedure.duties.items()
        for status in Status
    }


def why_not(duty: Duty, status: Status, *, plans_end: bool) -> str:
    """Return why a duty can't have a status; empty if its kind allows it.

    Args:
        duty: the duty.
        status: the status.
        plans_end: whether a plan under its procedure can end.
    """
    ended = bool(duty.until) or (plans_end and not duty.outlives_plan)
    unset = duty.value is not None and duty.value.amount is None
    if status is Status.UNDECIDABLE:
        return "" if duty.expected or unset else ALWAYS_KNOWN
    if unset and not duty.agreed and status is not Status.NOT_STARTED:
        return NEVER_KNOWN
    if status in (Status.MET_LATE, Status.OVERDUE):
        return "" if _is_dated(duty) else NEVER_LATE
    if status is Status.MISSED and not duty.due_at:
        return ("" if ended else NEVER_ENDS) if _is_dated(duty) else NEVER_MISSED
    if status is Status.LAPSED:
        return "" if ended else NEVER_ENDS
    return ""


def _is_dated(duty: Duty) -> bool:
    return duty.limit in _DATED and duty.value is not None
