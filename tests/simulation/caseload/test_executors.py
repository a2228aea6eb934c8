"""Wherever blocks are run, it is behind the standard interface, or it is told why not."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import socket
import time
from concurrent.futures import CancelledError, Future, wait
from contextlib import suppress
from types import ModuleType

import pytest

from cpplan_sim.caseload.executors import ClusterError, _fetch, executor


def test_one_worker_is_this_process() -> None:
    with executor(1) as pool:
        assert pool.submit(os.getpid).result() == os.getpid()


def test_what_fails_in_this_process_fails_for_whoever_asks_for_the_result() -> None:
    with executor(1) as pool:
        future = pool.submit(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        future.result()


def test_an_interrupt_in_this_process_is_not_a_result() -> None:
    with executor(1) as pool, pytest.raises(KeyboardInterrupt):
        pool.submit(signal.raise_signal, signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize("cluster", ["", "local:2"])
def test_several_workers_are_other_processes_that_leave_ctrl_c_to_this_one(cluster: str) -> None:
    with executor(2, cluster) as pool:
        futures = [pool.submit(os.getpid) for _ in range(4)]
        assert os.getpid() not in {future.result() for future in futures}
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


@pytest.mark.slow
def test_what_has_not_begun_when_a_pool_ends_is_not_run() -> None:
    began = time.monotonic()
    with executor(2) as pool:
        futures = [pool.submit(time.sleep, 0.5) for _ in range(100)]
    assert time.monotonic() - began < 25
    assert any(future.cancelled() for future in futures)
    assert all(future.done() for future in futures)


class Remote:
    """A future of Dask's, as far as fetching goes."""

    def __init__(self, error: BaseException | None) -> None:
        self._error = error

    async def result(self) -> str:
        if self._error is not None:
            raise self._error
        return "found"


def fetched(error: BaseException | None = None, *, cancelled: bool = False) -> Future[str]:
    future: Future[str] = Future()
    if cancelled:
        future.cancel()
    with suppress(asyncio.CancelledError):
        asyncio.run(_fetch(Remote(error), future))
    return future


class TestFetchedFromDask:
    def test_a_result_is_the_result(self) -> None:
        assert fetched().result(timeout=0) == "found"

    def test_an_error_on_the_way_ends_the_future(self) -> None:
        with pytest.raises(OSError, match="lost"):
            fetched(OSError("lost")).result(timeout=0)

    def test_a_client_that_closes_down_ends_the_future(self) -> None:
        future = fetched(asyncio.CancelledError())
        assert wait([future], timeout=0).done == {future}
        with pytest.raises(CancelledError):
            future.result(timeout=0)

    def test_what_was_cancelled_stays_so(self) -> None:
        assert fetched(cancelled=True).cancelled()


def test_fewer_than_one_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="by 0 workers; give at least 1"):
        executor(0)


@pytest.mark.parametrize("cluster", ["local", "local:0", "local:two", "host:8786", "tcp://host"])
def test_what_is_no_address_is_refused_with_what_would_be(cluster: str) -> None:
    with pytest.raises(ClusterError, match=rf"'{cluster}' is no cluster: give local:4 .* tcp://"):
        executor(1, cluster)


@pytest.mark.parametrize("cluster", ["local:2", "tcp://localhost:8786"])
def test_a_missing_dask_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, cluster: str
) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ClusterError, match=r"pip install 'cpplan\[cluster\]'"):
        executor(1, cluster).__enter__()


@pytest.mark.slow
def test_an_unreachable_cluster_is_told_within_seconds() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unheard.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"{address}: no scheduler answered within 5 s"):
            executor(1, address).__enter__()
