"""Routes that read: each a few lines that ask the desk and show what it finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from cpplan.service import answering as told
from cpplan.service import answering_procedures as shown
from cpplan.service.handling import (
    ASKED,
    LONGEST,
    NO_ZERO,
    NOW,
    PAGE,
    Day,
    Digest,
    KnownOn,
    Limit,
    Name,
    TheDesk,
    in_thread,
    problems_of,
    there,
)
from cpplan.service.permitting import BASE, PERMISSION
from cpplan.service.problems import ProblemError, problem


@get(
    "/health",
    operation_id="health",
    tags=["service"],
    opt={PERMISSION: None},
    responses=problems_of(),
    security=[{}],
)
@in_thread
def health(desk: TheDesk) -> told.Health:
    """Tell whether the service and its database answer. This alone needs no token."""
    list(desk.store.heads(at_most=1))
    return told.Health()


@get("/openapi.json", include_in_schema=False)
async def description(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell what can be asked, and below which path."""
    base = request.scope.get(BASE, "")
    told_of = _served_at(request.app.state.description, str(base))
    return Response(told_of, media_type="application/json")


def _served_at(description: bytes, base: str) -> bytes:
    """Return a description of what is served below a path."""
    if not base:
        return description
    return json.dumps({**json.loads(description), "servers": [{"url": base}]}).encode()


# ------------------------------------------------------------------------------- procedures


@get(
    "/v1/procedures",
    operation_id="procedures",
    tags=["procedures"],
    responses=problems_of(400, 401, 403),
)
@in_thread
def procedures(desk: TheDesk) -> shown.ProcedureList:
    """List the editions of procedures that plans may be under."""
    return shown.ProcedureList(procedures=tuple(map(shown.ProcedureName.of, desk.editions)))


@get(
    "/v1/procedures/{name:str}",
    operation_id="procedure",
    tags=["procedures"],
    responses=ASKED,
)
@in_thread
def procedure(desk: TheDesk, name: FromPath[str], digest: Digest = "") -> shown.ProcedureShown:
    """Show a procedure: its states, its rules and its duties, each with its clauses."""
    return shown.ProcedureShown.of(desk.procedure(name, digest))


@get(
    "/v1/procedures/{name:str}/clauses",
    operation_id="clauses",
    tags=["procedures"],
    responses=ASKED,
)
@in_thread
def clauses(desk: TheDesk, name: FromPath[str], digest: Digest = "") -> shown.ClauseList:
    """List the clauses of a procedure's sources."""
    found = desk.procedure(name, digest).clauses.values()
    return shown.ClauseList(clauses=tuple(map(shown.ClauseShown.of, found)))


@get(
    "/v1/clauses/{source:str}/{number:str}",
    operation_id="clause",
    tags=["procedures"],
    responses=ASKED,
)
@in_thread
def clause(desk: TheDesk, source: FromPath[str], number: FromPath[str]) -> shown.ClauseShown:
    """Show one clause; its id is the source and the number, with a stroke between."""
    for edition in desk.editions:
        found = edition.clauses.get(f"{source}/{number}")
        if found is not None:
            return shown.ClauseShown.of(found)
    raise ProblemError(problem(404, "unknown-clause", "No procedure that is served has it."))


# ------------------------------------------------------------------------------------ plans


@get(
    "/v1/plans",
    operation_id="plans",
    tags=["plans"],
    responses=problems_of(400, 401, 403),
)
@in_thread
def plans(
    desk: TheDesk,
    after: Annotated[
        str,
        QueryParameter(
            pattern=NO_ZERO, max_length=LONGEST, description="The name before the first."
        ),
    ] = "",
    limit: Limit = PAGE,
) -> told.PlanList:
    """List plans by their names, a page at a time."""
    heads = list(desk.store.heads(after=after, at_most=limit + 1))
    page = heads[:limit]
    return told.PlanList(
        plans=tuple(told.PlanName(plan=h.plan, version=h.version, hash=h.hash) for h in page),
        next=page[-1].plan if len(heads) > limit else "",
    )


@get(
    "/v1/plans/{plan:str}",
    operation_id="plan",
    tags=["plans"],
    responses=ASKED,
)
@in_thread
def plan_(desk: TheDesk, plan: Name, known_on: KnownOn = NOW) -> told.PlanShown:
    """Show where a plan stands today, or stood at the end of a day as it was known then."""
    kept = there(desk, plan, known_on)
    ledger = kept.ledger
    # What is recorded for a later day, such as a change of edition, is not so yet.
    now = ledger.plan_on(min(known_on, desk.today()))
    return told.PlanShown(
        plan=plan,
        version=kept.head.version,
        hash=kept.head.hash,
        procedure=now.procedure.name,
        digest=now.procedure.digest,
        state=now.state,
        ended=now.ended,
        last_day=now.last_day,
        steps=dict(now.steps),
        unlawful=tuple(map(told.Unlawful.of, ledger.unlawful)),
        team=desk.store.team(plan),
    )


@get(
    "/v1/plans/{plan:str}/entries",
    operation_id="entries",
    tags=["plans"],
    responses=ASKED,
)
@in_thread
def entries(
    desk: TheDesk,
    plan: Name,
    known_on: KnownOn = NOW,
    after: Annotated[
        int, QueryParameter(ge=0, le=2**31 - 1, description="The version before.")
    ] = 0,
    limit: Limit = PAGE,
) -> told.EntryList:
    """List what was recorded for a plan, in order of recording, a page at a time."""
    kept = there(desk, plan, known_on)
    both = list(zip(kept.rows, kept.ledger.entries, strict=True))[after : after + limit]
    more = after + limit < len(kept.rows)
    return told.EntryList(
        entries=tuple(
            told.EntryShown(version=row.version, hash=row.hash, entry=entry) for row, entry in both
        ),
        next=after + limit if more else None,
    )


@get(
    "/v1/plans/{plan:str}/allowed",
    operation_id="allowed",
    tags=["plans"],
    responses=ASKED,
)
@in_thread
def allowed(desk: TheDesk, plan: Name, on: Day, known_on: KnownOn = NOW) -> told.AllowedList:
    """Tell what can be recorded of a day, as far as steps and dates decide it.

    By the edition of that day, after what happened by then. Of what comes before later events,
    consider the entry too: what it changes has to be accepted.
    """
    options = there(desk, plan, known_on).ledger.plan_on(on).allowed(on)
    return told.AllowedList(on=on, allowed=tuple(map(told.Allowed.of, options)))


@get(
    "/v1/plans/{plan:str}/due",
    operation_id="due",
    tags=["plans"],
    responses=ASKED,
)
@in_thread
def due(desk: TheDesk, plan: Name, on: Day, known_on: KnownOn = NOW) -> told.DueList:
    """Tell what is owed on a plan at the end of a day, soonest first.

    By the edition of that day, after what happened by then.
    """
    owed = there(desk, plan, known_on).ledger.plan_on(on).due(on)
    return told.DueList(on=on, due=tuple(told.Due.of(one, status) for one, status in owed))


READING: Sequence[Any] = (
    health,
    description,
    procedures,
    procedure,
    clauses,
    clause,
    plans,
    plan_,
    entries,
    allowed,
    due,
)
