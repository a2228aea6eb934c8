"""Failures: every exception as a problem, and none of what it says of the case or the code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import SQLAlchemyError

from cpplan.calendars import CalendarRangeError
from cpplan.editions import UnknownEditionError
from cpplan.entries import InvalidEntryError
from cpplan.entry_checks import InvalidLedgerError
from cpplan.service.converting import answered
from cpplan.service.plain_data import LARGEST
from cpplan.service.problems import MEDIA_TYPE, Problem, ProblemError, problem
from cpplan.store import RetryableError, StoreError

LOG = logging.getLogger("cpplan.service")
"""Says who asked what kind of thing and what came of it: no address, no body, no text of a case."""

AnyRequest = Request[Any, Any, Any]
SOON, LATER = "1", "30"
"""Seconds after which to try again: when the database is busy, and when it needs somebody."""

_MALFORMED = ("malformed", "The request is not as the description of the service has it.")
_SAID = {
    404: ("not-found", "There is nothing at this address; /openapi.json says what there is."),
    405: ("method-not-allowed", "This can't be done at this address; see the header Allow."),
    413: ("too-large", f"The body may have {LARGEST} bytes."),
}
NOT_FOUND = problem(404, *_SAID[404])
INTERNAL = problem(
    500,
    "internal",
    "The service has failed. Ask again with the same ids: nothing is recorded twice.",
)


def _answer(told: Problem, headers: dict[str, str] | None = None) -> Response[Any]:
    return Response(answered(told), status_code=told.status, headers=headers, media_type=MEDIA_TYPE)


def _problem(_: AnyRequest, error: ProblemError) -> Response[Any]:
    return _answer(error.problem, error.headers)


def _of_http(_: AnyRequest, error: HTTPException) -> Response[Any]:
    """Return what Litestar refuses; of what it says, the places and what they should hold."""
    status = error.status_code
    if status >= 500:
        return _failed(_, error)
    places = [_place(one) for one in error.extra] if isinstance(error.extra, list) else []
    if status == 400 and not places:
        places = [error.detail.partition(" for path ")[0]]
    code, detail = _SAID.get(status, _MALFORMED)
    told = problem(status, code, detail, problems=places)
    return _answer(told, dict(error.headers or {}))


def _place(wrong: Mapping[str, Any]) -> str:
    """Return what is wrong with a parameter, or that a body is missing, which is said oddly."""
    if wrong.get("key") == "data":
        return "the body is empty"
    return f"{wrong.get('key')}: {wrong.get('message')}"


def _busy(_: AnyRequest, __: RetryableError) -> Response[Any]:
    detail = "The database is busy or away. Ask again with the same ids: nothing is recorded twice."
    return _answer(problem(503, "store-busy", detail), {"retry-after": SOON})


def _unavailable(_: AnyRequest, error: Exception) -> Response[Any]:
    log_failure(error)
    detail = "The database can't be used as it is. Nothing was recorded."
    return _answer(problem(503, "store-unavailable", detail), {"retry-after": LATER})


def _unreadable(_: AnyRequest, error: Exception) -> Response[Any]:
    log_failure(error)
    detail = (
        "What is stored of the plan can't be read: an edition that it was under is not served, or"
        " the store is damaged. `cpplan store verify` tells."
    )
    return _answer(problem(500, "history-unreadable", detail))


def _failed(_: AnyRequest, error: Exception) -> Response[Any]:
    log_failure(error)
    return _answer(INTERNAL)


def log_failure(error: BaseException) -> None:
    """Write the kind of an error and where it came up; what it says may be of a case."""
    trace, where = error.__traceback__, "nowhere"
    while trace is not None:
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    LOG.error("%s at %s", type(error).__name__, where)


HANDLERS: dict[type[Exception], Callable[[AnyRequest, Any], Response[Any]]] = {
    ProblemError: _problem,
    HTTPException: _of_http,
    RetryableError: _busy,
    StoreError: _unavailable,
    SQLAlchemyError: _unavailable,
    InvalidEntryError: _unreadable,
    InvalidLedgerError: _unreadable,
    UnknownEditionError: _unreadable,
    CalendarRangeError: _unreadable,
    Exception: _failed,
}
"""What is answered to each kind of exception; the nearest class counts."""
