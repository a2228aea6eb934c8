"""Where blocks are run: in this process, in several of this machine, or on a Dask cluster.

Each is a standard ``concurrent.futures.Executor``, so that what runs blocks needs to know none of
them. Dask is an extra: it is imported only when a cluster is asked for.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
)
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 5.0
"""Seconds after which a cluster that doesn't answer, or has no worker, is given up."""

_AT_LEAST = 64
"""Blocks under way on a cluster, however few workers it begins with: it may grow."""

_SILENT = logging.CRITICAL
"""Dask logs what is merely closing down as an error; what befalls a block is told in any case."""

_LOCAL = re.compile(r"local:([1-9]\d*)")
_ADDRESS = re.compile(r"(tcp|tls)://[^/:]+:\d+|(tcp|tls)://\[[0-9a-fA-F:]+\]:\d+")


class ClusterError(RuntimeError):
    """A cluster can't be used: not installed, not understood, or out of reach."""


class Pool(Executor):
    """An executor that says how many blocks it should have.

    Attributes:
        ahead: how many blocks should be under way, so that no worker waits for one.
    """

    def __init__(self, executor: Executor, ahead: int) -> None:
        """Stand before an executor, which whoever made it will shut down."""
        self.ahead = ahead
        self._executor = executor

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have it run."""
        return self._executor.submit(fn, *args, **kwargs)


class InThisProcess(Executor):
    """Runs what is submitted at once, before ``submit`` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it. Ctrl-C is not caught: it is for whoever submitted."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # what a future is for: whoever asks for the result gets it
            future.set_exception(error)
        return future


class OnDask(Executor):
    """Runs what is submitted on the cluster of a Dask client.

    Dask has an executor of its own (``Client.get_executor``). Its futures may never end, or end
    in a ``TypeError``, when a worker dies after it has finished a task and before the result was
    fetched (``_cascade_future`` in distributed 2026.8). Here each future ends, one way or another.
    """

    def __init__(self, client: Any) -> None:
        """Stand before a client, which whoever made it will close."""
        self._client = client

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have it run. What is cancelled before its result is fetched is cancelled there too."""
        future: Future[T] = Future()
        # Impure: the same block twice is work twice, not an answer that Dask remembers.
        remote = self._client.submit(fn, *args, pure=False, **kwargs)
        future.add_done_callback(lambda done: remote.cancel() if done.cancelled() else None)
        self._client.loop.add_callback(_fetch, remote, future)
        return future


async def _fetch(remote: Any, future: Future[Any]) -> None:
    """End a future as the one on the cluster ends."""
    try:
        found, error = await remote.result(), None
    except Exception as raised:  # what a future is for: whoever asks for the result gets it
        found, error = None, raised
    except BaseException:
        # The client is closing down with this still open.
        future.cancel()
        future.set_running_or_notify_cancel()
        raise
    if not future.set_running_or_notify_cancel():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(found)


def executor(workers: int, cluster: str = "") -> AbstractContextManager[Pool]:
    """Return what runs blocks; it is there as long as the ``with`` block lasts.

    Args:
        workers: processes of this machine; 1 is this process itself. Not asked with a cluster.
        cluster: ``local:4`` for a Dask cluster of four processes here, ``tcp://host:port`` (or
            ``tls://``) for the scheduler of one that is running; none by default.

    Raises:
        ValueError: there are fewer workers than one.
        ClusterError: the address is not understood. On entering: Dask is not installed, the
            scheduler doesn't answer, or no worker of its does.
    """
    if cluster:
        return _on_cluster(cluster)
    if workers < 1:
        raise ValueError(f"nothing can be run by {workers} workers; give at least 1")
    if workers == 1:
        return nullcontext(Pool(InThisProcess(), ahead=1))
    return _in_processes(workers)


@contextmanager
def _in_processes(workers: int) -> Iterator[Pool]:
    # Spawned, not forked: a copy of a process with threads (Numba's, Dask's) may hang.
    context = multiprocessing.get_context("spawn")
    processes = _Processes(workers, context, initializer=ignore_interrupts)
    try:
        yield Pool(processes, ahead=2 * workers)
    finally:
        processes.shutdown(cancel_futures=True)


class _Processes(ProcessPoolExecutor):
    """Processes that don't get Ctrl-C, not even while they start, which ``submit`` has them do."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back: a process that is started meanwhile never gets it, this one afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a starting process may complain
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all of its processes, to the one that submits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def dask_setup(_worker: object) -> None:
    """Ready a worker of a local cluster; Dask calls it by this name."""
    ignore_interrupts()
    logging.getLogger("distributed").setLevel(_SILENT)


def _on_cluster(cluster: str) -> AbstractContextManager[Pool]:
    if local := _LOCAL.fullmatch(cluster):
        return _local(int(local[1]))
    if _ADDRESS.fullmatch(cluster):
        return _remote(cluster)
    raise ClusterError(
        f"{cluster!r} is no cluster: give local:4 for four processes here, or the address of a"
        " scheduler, as tcp://host:8786"
    )


@contextmanager
def _local(workers: int) -> Iterator[Pool]:
    dask = _dask()
    with (
        dask.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=_SILENT,
            preload=[__name__],
        ) as cluster,
        dask.Client(cluster, set_as_default=False) as client,
    ):
        yield Pool(OnDask(client), ahead=2 * workers)


@contextmanager
def _remote(address: str) -> Iterator[Pool]:
    dask = _dask()
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        raise ClusterError(
            f"{address}: no scheduler answered within {PATIENCE:g} s (is it running, and is the"
            " address right?)"
        ) from error
    try:
        threads = _threads(client, address)
        yield Pool(OnDask(client), ahead=max(_AT_LEAST, 2 * threads))
    finally:
        # A client whose scheduler is gone may fail at saying goodbye to it.
        with suppress(OSError, RuntimeError):
            client.close()


def _threads(client: Any, address: str) -> int:
    """Wait for a worker, then count the threads of all."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterError(
            f"{address}: its scheduler has no workers (start one there: dask worker {address})"
        ) from error
    return sum(client.nthreads().values())


def _dask() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            f"clusters need Dask, which can't be imported ({error}): pip install 'cpplan[cluster]'"
        ) from error
