"""A service over a store in a file, asked without a server: a request goes straight to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from cpplan import Procedure
from cpplan.codec import event_to_dict
from cpplan.events import Event
from cpplan.ledgers import Ledger
from cpplan.service import Caller, Door, Guard, create_app
from cpplan.service.converting import answered
from cpplan.store import Store
from tests.kernel.histories import STANDARDS, day, opened

TODAY = day(100)
BOTH = Caller("a-system", ["read", "write"])


@attrs.frozen
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The body, as JSON."""
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons of a problem, in their order."""
        return [reason["code"] for reason in self.data["reasons"]]


async def asked(  # the parts of a request
    app: Any,
    method: str,
    path: str,
    body: bytes | list[bytes] = b"",
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    below: str = "",
) -> Answer:
    """Ask an application, without a server between."""
    parts = [body] if isinstance(body, bytes) else list(body)
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not parts:
            return {"type": "http.disconnect"}
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    given = {"content-type": "application/json", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": below,
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "extensions": {},
    }
    await app(scope, receive, send)
    start, *rest = said
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], told, b"".join(one.get("body", b"") for one in rest))


@attrs.define
class Service:
    """A service, and what is usually asked of it."""

    store: Store
    app: Door

    @classmethod
    def over(
        cls,
        store: Store,
        *procedures: Procedure,
        guard: Guard = lambda _: BOTH,
        today: dt.date = TODAY,
        keeps_refused: bool = False,
    ) -> Service:
        """Return a service over a store."""
        editions = procedures or (STANDARDS,)
        app = create_app(store, editions, guard, lambda: today, keeps_refused=keeps_refused)
        return cls(store, app)

    @classmethod
    def new(cls, folder: Path, *procedures: Procedure, **options: Any) -> Service:
        """Return a service over a new store."""
        return cls.over(Store.create(folder / "plans.db"), *procedures, **options)

    def ask(self, method: str, path: str, body: Any = None, query: str = "", **rest: Any) -> Answer:
        """Ask, with a body that is written as JSON unless it is bytes."""
        raw = isinstance(body, (bytes, list))
        data = body if raw else b"" if body is None else json.dumps(body).encode()
        return asyncio.run(asked(self.app, method, path, data, query=query, **rest))

    def get(self, path: str, query: str = "") -> Answer:
        """Ask what is there."""
        return self.ask("GET", path, query=query)

    def record(self, plan: str, entry: Any, expected: int, **rest: Any) -> Answer:
        """Ask to record an entry."""
        body = {"entry": entry, "expected": expected, **rest}
        return self.ask("POST", f"/v1/plans/{plan}/entries", body)

    def tell(self, plan: str, *events: Event) -> Answer:
        """Record events by the ids e1, e2, ...; return the last answer."""
        answers = []
        for number, event in enumerate(events):
            procedure = {} if number else {"procedure": STANDARDS.name}
            entry = happened(f"e{number + 1}", event)
            answers.append(self.record(plan, entry, number, **procedure))
            assert answers[-1].status == 201, answers[-1].data
        return answers[-1]


def happened(name: str, event: Event, **rest: Any) -> dict[str, Any]:
    """Return an event as it is asked to be recorded."""
    return {"entry": "happened", "id": name, "event": event_to_dict(event), **rest}


def opening_changes() -> Any:
    """Return what the first entry of a plan, e1, changes, as it is answered."""
    ledger = Ledger.opened(STANDARDS)
    return answered(ledger.preview(ledger.happened(opened(), id="e1", recorded_on=TODAY)))


def withdrawn(name: str, of: str) -> dict[str, Any]:
    """Return a withdrawal as it is asked to be recorded."""
    return {"entry": "withdrawn", "id": name, "of": of, "why": "Another child."}
