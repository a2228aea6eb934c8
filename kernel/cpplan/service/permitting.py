"""Permitting: what is looked at before a request is let to its handler.

Each is async though none waits: Litestar runs others in a thread, which takes longer than they do.
"""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Scope

from cpplan.service.callers import Caller, Permission
from cpplan.service.problems import ProblemError, problem

CALLER = "cpplan_caller"
"""Where a request's scope says who asks."""
BASE = "cpplan_base"
"""Where a request's scope says below which path the service is mounted; empty for none."""
PERMISSION = "permission"
"""Where a handler says what a caller has to be allowed."""
_FILLED = {"caller", "data", "desk", "request"}

Connection = ASGIConnection[Any, Any, Any, Any]


async def caller_of(scope: Scope) -> Caller:
    """Return who asks."""
    caller: Caller = scope[CALLER]  # type: ignore[literal-required]  # by the door
    return caller


async def permitted(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a caller who may not do what the handler does.

    Raises:
        ProblemError: 403, what is needed.
    """
    needed: Permission | None = handler.opt.get(PERMISSION, Permission.READ)
    if needed is None:
        return
    caller = await caller_of(connection.scope)
    if needed not in caller.may:
        detail = f"This needs the permission to {needed}."
        raise ProblemError(problem(403, "not-permitted", detail))


async def nothing_unknown(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse what is asked beside what the handler knows: a misspelt name must not go unseen.

    Raises:
        ProblemError: 400, with each that is unknown or given twice.
    """
    known = set(handler.parsed_fn_signature.parameters) - _FILLED - connection.path_params.keys()
    asked = [name for name, _ in connection.query_params.multi_items()]
    told = [f"{name!r:.60} is not known" for name in asked if name not in known]
    told += [f"{name!r} is given twice" for name in known if asked.count(name) > 1]
    if told:
        known_ones = ", ".join(sorted(known)) or "none"
        detail = f"The parameters that are known here: {known_ones}."
        raise ProblemError(problem(400, "unknown-parameter", detail, problems=told[:10]))


async def json_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a body that says it is something else.

    Raises:
        ProblemError: 415.
    """
    if handler.parsed_data_field is None:
        return
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        detail = "The body has to be application/json."
        raise ProblemError(problem(415, "not-json", detail))
