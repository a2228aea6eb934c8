"""Handling: what the handlers of requests share: their parameters, and how they are described."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
from collections.abc import Awaitable, Callable
from typing import Annotated, ParamSpec, TypeVar

from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter, SkipValidation

from cpplan.service.asking import NAME, require_name
from cpplan.service.callers import Caller, Permission
from cpplan.service.desk import Desk, Kept
from cpplan.service.permitting import PERMISSION
from cpplan.service.problems import MEDIA_TYPE, Problem, ProblemError, problem

P = ParamSpec("P")
T = TypeVar("T")

PAGE, LARGEST_PAGE = 100, 500
"""How many plans or entries are told at once, unless asked otherwise, and at most."""
LONGEST = 200
NO_ZERO = r"^[^\x00]*$"
"""Of no text does PostgreSQL take a zero character."""

_DESCRIBED = {
    400: "The request is malformed: every mistake, with its place.",
    401: "Nobody is known by this token.",
    403: "The caller may not do this.",
    404: "There is no such thing.",
    409: "Refused, or decided on another version: every reason, and where the plans stand.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The body is in order, but its values can't be so, or not together.",
    500: "The service has failed, or what is stored of the plan can't be read.",
    503: "The database is busy or away: ask again with the same ids.",
}


def problems_of(*statuses: int) -> dict[int, ResponseSpec]:
    """Return how the problems that can be answered are described."""
    return {
        status: ResponseSpec(
            Problem,
            generate_examples=False,
            description=_DESCRIBED[status],
            media_type=MEDIA_TYPE,
        )
        for status in (*statuses, 500, 503)
    }


ASKED = problems_of(400, 401, 403, 404)
TOLD = problems_of(400, 401, 403, 404, 409, 413, 415, 422)
WRITING = {PERMISSION: Permission.WRITE}


def in_thread(handler: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return what runs a handler in a thread: a database makes it wait.

    Litestar's own way wraps a handler twice if another has the same address, and then answers with
    something that nothing has looked at.
    """

    @functools.wraps(handler)
    async def waiting(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(handler, *args, **kwargs)

    return waiting


TheCaller = NamedDependency[SkipValidation[Caller]]
TheDesk = NamedDependency[SkipValidation[Desk]]
Name = Annotated[
    str, PathParameter(pattern=NAME, max_length=LONGEST, description="The plan's name.")
]
Day = Annotated[dt.date, QueryParameter(description="At the end of which day, as 2026-01-31.")]
KnownOn = Annotated[
    dt.date,
    QueryParameter(description="As it was known at the end of that day; as it is now if absent."),
]
NOW = dt.date.max
"""Whatever was recorded was known by then."""
Limit = Annotated[int, QueryParameter(ge=1, le=LARGEST_PAGE, description="How many at most.")]
Digest = Annotated[
    str,
    QueryParameter(
        max_length=LONGEST, description="Which edition; the last that is served if absent."
    ),
]


def there(desk: Desk, plan: str, known_on: dt.date = NOW) -> Kept:
    """Return a plan that has to be there, by a name that it can have.

    Raises:
        ProblemError: 400, it can't; 404, nothing was recorded of it by then.
    """
    require_plan(plan)
    return desk.there(plan, known_on)


def require_plan(plan: str) -> None:
    """Refuse what the pattern of the description lets pass: an end of line at the end."""
    try:
        require_name("plan", plan)
    except ValueError as error:
        raise ProblemError(problem(400, "malformed", str(error))) from error
