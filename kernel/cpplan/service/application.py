"""The application: everything put together, for a server or for a host to mount."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag

from cpplan.procedures import Procedure
from cpplan.service.callers import Guard
from cpplan.service.desk import Desk, Today
from cpplan.service.door import Door
from cpplan.service.failures import HANDLERS
from cpplan.service.permitting import caller_of, json_only, nothing_unknown, permitted
from cpplan.service.plain_data import LARGEST
from cpplan.service.reading_routes import READING
from cpplan.service.recording_routes import RECORDING
from cpplan.service.schemas import Schemas
from cpplan.service.transfer import Strict
from cpplan.store import Store

SAYS = """\
Child protection plans under published procedures: what is recorded is judged, and what is refused
comes with every reason and clause. Not legal advice.

A plan is the list of its entries. To record one, say on which version it was decided (`expected`):
if others were quicker, the answer is 409 and says where the plan stands. An entry's id is its
idempotency key: given again, it is answered as it was the first time. An entry that changes what
was decided or owed before is refused with its consequences, until `accepting` names them.
"""
_TAGS = {
    "procedures": "What plans are held against.",
    "plans": "Where plans stand; nothing here writes.",
    "recording": "What writes.",
    "service": "The service itself.",
}


def create_app(
    store: Store,
    procedures: Iterable[Procedure],
    guard: Guard,
    today: Today,
    *,
    keeps_refused: bool = False,
) -> Door:
    """Return the service as an ASGI application.

    Args:
        store: where the plans are. Its tables have to be there; see :meth:`Store.make`.
        procedures: every edition that plans are or were under. A new plan is opened under the last
            one of the name that it asks for.
        guard: says who asks: :class:`cpplan.service.tokens.Tokens`, or the host's own.
        today: says which day it is, where the plans are; what is recorded bears it.
        keeps_refused: whether attempts that were refused are kept, apart from the history.

    Raises:
        ValueError: no procedure is given.
    """
    editions = tuple(procedures)
    if not editions:
        raise ValueError("give at least one procedure: without any, no plan can be read or opened")
    desk = Desk(store, editions, today, keeps_refused)
    app = _application(desk)
    app.state.description = _description().encode()
    return Door(app, guard)


def description(app: Door) -> str:
    """Return the description that an application gives at ``/openapi.json``: OpenAPI 3.1."""
    found: Any = app.app
    return bytes(found.state.description).decode()


@functools.cache
def _description() -> str:
    """Draw the description, in an application that nobody can reach.

    Beside a description Litestar serves pages that draw on other servers, so the one that is
    reached has none.
    """
    schema = _application(None, _openapi()).openapi_schema.to_schema()
    # A default may be a date.
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def _application(desk: Desk | None, openapi: OpenAPIConfig | None = None) -> Litestar:
    return Litestar(
        [*READING, *RECORDING],
        debug=False,
        dependencies={
            "caller": Provide(caller_of),
            "desk": Provide(lambda: desk, sync_to_thread=False),
        },
        dto=Strict,
        return_dto=Strict,
        exception_handlers=dict(HANDLERS),  # type: ignore[arg-type]  # of exceptions, by class
        guards=[permitted, nothing_unknown, json_only],
        logging_config=None,
        openapi_config=openapi,
        pdb_on_exception=False,
        plugins=[Schemas()],
        request_max_body_size=LARGEST,
        state=State(),
    )


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="cpplan",
        version=metadata.version("cpplan"),
        description=SAYS,
        tags=[Tag(name=name, description=says) for name, says in _TAGS.items()],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
        ),
        security=[{"bearer": []}],
        use_handler_docstrings=True,
    )
