"""Requests that are wrong, each in one known way, made at random from good ones."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from cpplan.codec import event_to_dict
from cpplan.service.plain_data import DEEPEST, LARGEST
from tests.kernel.ledgering import WELL

PATHS = ("/v1/plans/p1/entries", "/v1/plans/p1/why-not", "/v1/entries", "/v1/plans/p1/team")
JUNK: tuple[Any, ...] = (1.5, -1e308, [1.5], {"x": 1.5}, [[[]]], [None], {"": {}})
"""Values that no field takes."""
QUERIES = (
    "on=%ff",
    "on=",
    "on=9999-99-99",
    "on=-1",
    "on=1&on=2",
    "of=2026-01-01",
    "on=NaN",
    "%00=1",
)
LARGE = b'{"team": "' + b"x" * LARGEST


@attrs.frozen
class Wrong:
    """A request that has to be refused, and in which way it is wrong."""

    way: str
    method: str
    path: str
    body: bytes | list[bytes] = b""
    query: str = ""
    kind: str = "application/json"


def good(rng: random.Random, path: str) -> Any:
    """Return what could be asked at an address."""
    event = event_to_dict(rng.choice(WELL))
    entry = rng.choice(
        [
            {"entry": "happened", "id": "e1", "event": event, "before": ""},
            {"entry": "withdrawn", "id": "e1", "of": "e0", "why": "A mistake."},
            {"entry": "replaced", "id": "e1", "of": "e0", "event": event, "why": "A mistake."},
        ]
    )
    asked = {"entry": entry, "procedure": "standards", "accepting": "0"}
    if path.endswith("why-not"):
        return asked
    if path.endswith("team"):
        return {"team": "north"}
    asked["expected"] = 0
    return {"entries": [{**asked, "plan": "p1"}]} if path == "/v1/entries" else asked


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to everything inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inside:
        yield (*path, key)
        if isinstance(one, (dict, list)):
            yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    """Return a value with another at a path."""
    made = copy.deepcopy(value)
    inside = made
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = to
    return made


def wrongly_typed(rng: random.Random) -> Wrong:
    """Put what no field takes in the place of something."""
    path = rng.choice(PATHS)
    body = good(rng, path)
    body = changed(body, rng.choice(list(places(body))), rng.choice(JUNK))
    return _asked("wrongly typed", rng, path, json.dumps(body).encode())


def unknown(rng: random.Random) -> Wrong:
    """Add a key that nothing knows."""
    path = rng.choice(PATHS)
    body = good(rng, path)
    objects = [p for p in places(body) if isinstance(_at(body, p), dict)]
    where = rng.choice([(), *objects])
    body = changed(body, (*where, f"x{rng.randrange(99)}"), rng.choice(["", 1, None]))
    return _asked("unknown", rng, path, json.dumps(body).encode())


def malformed(rng: random.Random) -> Wrong:
    """Cut a body off, or put bytes into it that JSON doesn't have."""
    path = rng.choice(PATHS)
    body = json.dumps(good(rng, path)).encode()
    cut = rng.randrange(len(body))
    how = rng.randrange(3)
    if how == 0:
        body = body[:cut]
    elif how == 1:
        body = body[:cut] + bytes([rng.choice([0, 1, 10, 31, 255])]) + b'"' + body[cut:] + b"\xfe"
    else:
        body = rng.randbytes(rng.randrange(1, 200)) + b"\xff"
    return _asked("malformed", rng, path, body)


def nested(rng: random.Random) -> Wrong:
    """Nest lists or objects deeper than is allowed, as the whole or inside."""
    path = rng.choice(PATHS)
    depth = rng.choice([DEEPEST + 1, 100, 2_000, 20_000])
    if rng.random() < 0.5:
        inner = b"[" * depth + b"]" * depth
    else:
        inner = b'{"a":' * depth + b"1" + b"}" * depth
    body = inner if rng.random() < 0.5 else b'{"entry": ' + inner + b', "expected": 0}'
    return _asked("nested", rng, path, body)


def oversized(rng: random.Random) -> Wrong:
    """Send more than is taken, at once or part by part."""
    whole = rng.random() < 0.5
    body: bytes | list[bytes] = LARGE if whole else [LARGE[:65536]] * 5
    return _asked("oversized", rng, rng.choice(PATHS), body)


def misdirected(rng: random.Random) -> Wrong:
    """Ask at an address, or in a way, that there is not."""
    how = rng.randrange(4)
    path = rng.choice(PATHS)
    if how == 0:
        name = "".join(rng.choices("ab/.%\n é\x00", k=rng.randrange(1, 40)))
        return Wrong("misdirected", "GET", f"/v1/plans/ {name}")
    if how == 1:
        return Wrong("misdirected", "GET", "/v1/plans/p1/due", query=rng.choice(QUERIES))
    if how == 2:
        return Wrong("misdirected", rng.choice(["PATCH", "DELETE", "HEAD"]), path, b"{}")
    return Wrong("misdirected", _method(path), path, b"{}", kind=rng.choice(["text/xml", "", "é"]))


WAYS: tuple[Callable[[random.Random], Wrong], ...] = (
    wrongly_typed,
    unknown,
    malformed,
    nested,
    oversized,
    misdirected,
)


def wrong(rng: random.Random) -> Wrong:
    """Return a request that is wrong in some way; the large ones are one in twenty."""
    return rng.choices(WAYS, weights=(6, 4, 4, 2, 1, 3))[0](rng)


def _method(path: str) -> str:
    return "PUT" if path.endswith("team") else "POST"


def _asked(way: str, _: random.Random, path: str, body: bytes | list[bytes]) -> Wrong:
    return Wrong(way, _method(path), path, body)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value
