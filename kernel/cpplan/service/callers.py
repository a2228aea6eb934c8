"""Callers: who asks, and what they may do. How a host finds that out is the host's guard."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs


class Permission(enum.StrEnum):
    """What a caller may be allowed to do. Writing does not include reading."""

    READ = "read"
    WRITE = "write"


def _permissions(given: Iterable[str]) -> frozenset[Permission]:
    return frozenset(map(Permission, given))


@attrs.frozen
class Caller:
    """Whoever asks.

    Attributes:
        name: what the log calls the caller; never a person's name in a case.
        may: what the caller may do.
    """

    name: str
    may: frozenset[Permission] = attrs.field(converter=_permissions)


Scope = Mapping[str, Any]
"""The scope of a request, as ASGI defines it: its headers, its client, the host's own state."""

Guard = Callable[[Scope], Caller | None]
"""Says who asks; ``None`` if nobody may be told anything.

It is called for every request but the one for health, in the event loop, so it must not wait. A
host that knows its users already, by a session or a certificate, gives its own.
"""
