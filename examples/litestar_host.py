"""A Litestar application with cpplan's service mounted in it, behind its own authentication.

Shown: the host's middleware finds out who asks, for its own routes as for the service's, and the
service's guard says what that person may do there; a route of the host's own reads the same store.
By hand: ``python examples/litestar_host.py plans.db 8000`` prints a session for each of two people,
and then ``curl localhost:8000/cpplan/v1/procedures -H 'x-session: ...'``
"""

import datetime as dt
import hashlib
import secrets
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import uvicorn
from litestar import Litestar, asgi, get
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.base import DefineMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from cpplan import load
from cpplan.service import Caller, create_app, impatient
from cpplan.store import Store
from cpplan.store.owing import PlanOwed, Unread, owed_on

PEOPLE = {"reader": ["read"], "recorder": ["read", "write"]}
PROCEDURE = load("lead-social-worker")


class Sessions(AbstractAuthenticationMiddleware):
    """Finds who asks by a session, which the host would begin when somebody signs in."""

    def __init__(self, app: ASGIApp, known: Mapping[bytes, str]) -> None:
        """Take the names of who is signed in, by the hashes of their sessions."""
        super().__init__(app)
        self._known = known

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """Return who asks."""
        session = connection.headers.get("x-session", "").encode()
        name = self._known.get(hashlib.sha256(session).digest())
        if name is None:
            raise NotAuthorizedException("sign in first")
        return AuthenticationResult(user=name, auth=None)


def guard(scope: Mapping[str, Any]) -> Caller | None:
    """Say what the service lets somebody do, whom the middleware has found."""
    name = scope.get("user")
    return Caller(name, PEOPLE[name]) if name in PEOPLE else None


def said(one: PlanOwed | Unread) -> Iterator[str]:
    """Yield what is owed on a plan; of one that can't be read, that it isn't known."""
    if isinstance(one, Unread):
        yield f"not known: {one.says}"
    else:
        yield from (f"{owed.duty.id} {status}" for owed, status in one.owed)


def host(store: Store, known: Mapping[bytes, str]) -> Litestar:
    """Return the host's application: a route of its own, and the service under ``/cpplan``."""
    service = create_app(store, [PROCEDURE], guard, dt.date.today)

    @asgi("/cpplan", is_mount=True, copy_scope=True)
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        # Litestar does not tell it where it is mounted, and its description names its addresses.
        await service({**scope, "root_path": "/cpplan"}, receive, send)

    @get("/due", sync_to_thread=True)
    def due(on: dt.date) -> dict[str, list[str]]:
        return {one.plan: list(said(one)) for one in owed_on(store, on, [PROCEDURE])}

    # Litestar's own pages of documentation would fetch scripts from elsewhere.
    behind = [DefineMiddleware(Sessions, known=known)]
    return Litestar([mounted, due], middleware=behind, openapi_config=None)


def main(path: str, port: int) -> None:
    """Serve on this machine alone, to two people who are signed in from the start."""
    sessions = {secrets.token_urlsafe(): name for name in PEOPLE}
    for session, name in sessions.items():
        print(f"{name}: {session}", flush=True)
    known = {hashlib.sha256(one.encode()).digest(): name for one, name in sessions.items()}
    Store.create(path).close()
    store = impatient(Store.open(path))
    uvicorn.run(host(store, known), port=port, access_log=False)  # an address names a plan


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
