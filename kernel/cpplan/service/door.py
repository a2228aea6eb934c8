"""The door: every request comes through it, and every answer goes out by it.

Nobody is let in unasked but for health, nothing is answered without the headers that keep it safe,
and what fails inside comes out as a problem and no more.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import attrs

from cpplan.service.callers import Guard
from cpplan.service.converting import answered
from cpplan.service.failures import INTERNAL, LOG, NOT_FOUND, log_failure
from cpplan.service.permitting import BASE, CALLER
from cpplan.service.problems import MEDIA_TYPE, Problem, problem

HEALTH = ("GET", "/health")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

SAFE = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
"""Headers of every answer: it is kept nowhere, shown nowhere, and is what it says it is."""

UNKNOWN = problem(401, "not-known", "This needs a bearer token, or whatever the host asks for.")


@attrs.define
class _Answer:
    """What goes out: the headers added, and whether it has begun."""

    send: Send
    status: int = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            names = {name for name, _ in SAFE}
            given = [one for one in message.get("headers", ()) if one[0].lower() not in names]
            message = {**message, "headers": [*given, *SAFE]}
        await self.send(message)

    async def tell(self, told: Problem, *headers: tuple[bytes, bytes]) -> None:
        """Answer with a problem."""
        body = json.dumps(answered(told)).encode()
        length = (b"content-length", str(len(body)).encode())
        start = (b"content-type", MEDIA_TYPE.encode()), length, *headers
        await self({"type": "http.response.start", "status": told.status, "headers": start})
        await self({"type": "http.response.body", "body": body})


@attrs.frozen
class Door:
    """An ASGI application before another.

    Attributes:
        app: the other.
        guard: says who asks.
    """

    app: App
    guard: Guard

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Let a request in, or not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, _Answer(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Any, receive: Receive, answer: _Answer) -> None:
        caller, inside = None, _unmounted(scope)
        try:
            caller = inside[CALLER] = self.guard(scope)
            if caller is None and (inside["method"], inside["path"]) != HEALTH:
                await answer.tell(UNKNOWN, (b"www-authenticate", b"Bearer"))
            elif "//" in inside["path"]:
                # Whoever routes takes two strokes for one, and a plan without a name for another.
                await answer.tell(NOT_FOUND)
            else:
                await self.app(inside, receive, answer)
        except Exception as error:  # nothing of it may go out
            log_failure(error)
            if not answer.status:
                await answer.tell(INTERNAL)
        name = "-" if caller is None else caller.name
        # The path as the description has it, and not as it was asked: that names a plan.
        path = inside.get("path_template", "-")
        LOG.info("%s %s %s %s", name, scope["method"], path, answer.status)


def _unmounted(scope: Any) -> dict[str, Any]:
    """Return a scope as if nothing stood above the service, but for what says where it is."""
    base = scope.get("root_path", "").rstrip("/")
    path = scope["path"]
    below = path[len(base) :] if path.startswith(f"{base}/") else path
    return {**scope, "path": below, "root_path": "", BASE: base}
