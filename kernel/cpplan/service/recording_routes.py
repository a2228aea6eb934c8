"""Routes that record, and the one that only asks what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import post, put
from litestar.params import JSONBody

from cpplan.service import answering as told
from cpplan.service.asking import EntryFor, NewEntries, NewEntry, Question, Team
from cpplan.service.callers import Caller
from cpplan.service.desk import Desk
from cpplan.service.discretion import refused_to, told_to
from cpplan.service.handling import (
    TOLD,
    WRITING,
    Name,
    TheCaller,
    TheDesk,
    in_thread,
    require_plan,
    there,
)
from cpplan.service.problems import ProblemError
from cpplan.service.recording import consider, record


@post(
    "/v1/plans/{plan:str}/why-not",
    operation_id="whyNot",
    tags=["plans"],
    responses=TOLD,
    status_code=200,
)
@in_thread
def why_not(desk: TheDesk, plan: Name, data: JSONBody[Question]) -> told.Considered:
    """Tell what would be answered if an entry were recorded, and what it would change.

    Nothing is recorded: permission to read is enough.
    """
    require_plan(plan)
    return consider(desk, plan, data)


# -------------------------------------------------------------------------------- recording


@post(
    "/v1/plans/{plan:str}/entries",
    operation_id="record",
    tags=["recording"],
    responses=TOLD,
    opt=WRITING,
)
@in_thread
def record_one(
    desk: TheDesk, caller: TheCaller, plan: Name, data: JSONBody[NewEntry]
) -> told.Recorded:
    """Record an entry for a plan; the first opens it, under the procedure that it names.

    The same entry given again, by its id, gets the same answer: it is not recorded twice.
    """
    require_plan(plan)
    return _recorded(desk, caller, [_for_plan(plan, data)])[0]


@post(
    "/v1/entries",
    operation_id="recordForSeveral",
    tags=["recording"],
    responses=TOLD,
    opt=WRITING,
)
@in_thread
def record_several(
    desk: TheDesk, caller: TheCaller, data: JSONBody[NewEntries]
) -> told.RecordedList:
    """Record one thing for several plans of a household: for all of them, or for none."""
    return told.RecordedList(recorded=_recorded(desk, caller, data.entries))


@put(
    "/v1/plans/{plan:str}/team",
    operation_id="setTeam",
    tags=["recording"],
    responses=TOLD,
    opt=WRITING,
)
@in_thread
def set_team(desk: TheDesk, plan: Name, data: JSONBody[Team]) -> Team:
    """Say which team answers for a plan from now on."""
    there(desk, plan)
    desk.store.set_team(plan, data.team)
    return data


def _recorded(desk: Desk, caller: Caller, entries: Sequence[EntryFor]) -> tuple[told.Recorded, ...]:
    """Record entries, and return as much of the answer as the caller may know."""
    try:
        return tuple(told_to(caller, one) for one in record(desk, entries))
    except ProblemError as error:
        raise ProblemError(refused_to(caller, error.problem)) from error


def _for_plan(plan: str, entry: NewEntry) -> EntryFor:
    return EntryFor(
        plan=plan,
        expected=entry.expected,
        entry=entry.entry,
        procedure=entry.procedure,
        accepting=entry.accepting,
    )


RECORDING: Sequence[Any] = (
    why_not,
    record_one,
    record_several,
    set_team,
)
