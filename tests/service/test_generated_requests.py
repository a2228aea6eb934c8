from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.kernel.service.asgi import Service, asked
from tests.service.generating import WAYS, Wrong, wrong

MANY = 100_000
"""Requests that are made up, all of them wrong."""
MEGABYTES = 64
"""What the process may grow by while they are answered."""

# Two processors, alone: about a thousand a second.
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no rusage")]


async def _answered(service: Service, requests: list[Wrong]) -> list[tuple[Wrong, int, bytes]]:
    found = []
    for one in requests:
        kind = {"content-type": one.kind}
        answer = await asked(
            service.app, one.method, one.path, one.body, query=one.query, headers=kind
        )
        found.append((one, answer.status, answer.body))
    return found


def _megabytes() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def test_every_wrong_request_is_refused_with_a_reason_in_bounded_memory(tmp_path: Path) -> None:
    service = Service.new(tmp_path)
    rng = random.Random("wrong requests")
    told: Counter[tuple[str, int]] = Counter()
    before = 0.0
    for batch in range(MANY // 1000):
        requests = [wrong(rng) for _ in range(1000)]
        for one, status, body in asyncio.run(_answered(service, requests)):
            assert 400 <= status < 500, (status, one, body)
            problem = json.loads(body)
            assert problem["code"], one
            assert problem["detail"], one
            told[one.way, status] += 1
        before = before or _megabytes()
        assert _megabytes() - before < MEGABYTES, batch
    assert sum(told.values()) == MANY
    assert {way for way, _ in told} == {way.__name__.replace("_", " ") for way in WAYS}
    assert {status for _, status in told} == {400, 404, 405, 413, 415}
    assert list(service.store.heads()) == []
