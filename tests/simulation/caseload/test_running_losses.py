"""Workers and schedulers that are lost cost time and no figures, and the right block is blamed."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan_sim.caseload.executors import ClusterError, Pool, executor
from cpplan_sim.caseload.keeping import Keep
from cpplan_sim.caseload.running import LOSSES, BlockError, Executors, run
from tests.simulation.caseload.clusters import Cluster
from tests.simulation.caseload.jobs import Deadly, Dice
from tests.simulation.caseload.mishaps import came_of
from tests.simulation.caseload.pools import CASES, DASK, PLAIN, POOLS, SIZE, TWO


class Breaking(Executor):
    """Breaks, as a pool whose worker died, on whatever is chosen by number of submission."""

    def __init__(self, breaks: set[int]) -> None:
        self._breaks = breaks
        self.submitted = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        self.submitted += 1
        if self.submitted in self._breaks:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@given(st.sets(st.integers(1, 60)), st.integers(1, 9))
@settings(deadline=None, max_examples=50)
def test_the_figures_do_not_depend_on_what_was_lost(breaks: set[int], ahead: int) -> None:
    pool = Breaking(breaks)
    try:
        ran = run(Dice(), 300, size=17, executor=lambda: nullcontext(Pool(pool, ahead)))
    except BlockError as error:
        assert "lost 3 times" in str(error)  # noqa: PT017
    else:
        assert ran.summary == Dice().summarise(0, 300)


@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_that_is_killed_costs_no_figures(pool: Executors, tmp_path: Path) -> None:
    ran = run(Deadly(case=520, folder=str(tmp_path)), CASES, size=SIZE, executor=pool)
    assert len(list(tmp_path.iterdir())) == 1
    assert ran.summary == PLAIN
    assert ran.left == ()


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_that_is_killed_from_outside_costs_no_figures(
    pool: Executors, tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill(done: int) -> None:
        if not killed:
            victim = next(child for child in multiprocessing.active_children() if child.pid)
            assert victim.pid is not None
            killed.append(victim.pid)
            os.kill(victim.pid, signal.SIGKILL)

    job = Dice(seconds=0.05, folder=str(tmp_path))
    ran = run(job, CASES, size=SIZE, executor=pool, told=kill)
    assert killed
    assert ran.summary == PLAIN


@pytest.mark.slow
def test_a_block_that_dask_gives_up_is_run_again_in_a_new_pool(tmp_path: Path) -> None:
    opened: list[int] = []

    def counted() -> AbstractContextManager[Pool]:
        opened.append(1)
        return DASK()

    ran = run(Deadly(case=520, folder=str(tmp_path), deaths=4), CASES, size=SIZE, executor=counted)
    assert len(opened) == 2
    assert ran.summary == PLAIN


@pytest.mark.slow
def test_a_block_that_always_kills_its_worker_is_reported_by_its_cases(tmp_path: Path) -> None:
    dead, kept = tmp_path / "dead", tmp_path / "kept"
    dead.mkdir()
    job = Deadly(case=520, folder=str(dead), deaths=99)
    with pytest.raises(BlockError) as raised:
        run(job, CASES, size=SIZE, executor=TWO, keep=Keep(str(kept)))
    assert str(raised.value).startswith("cases 500 to 549: their worker was lost 3 times")
    assert len(list(dead.iterdir())) == 3
    assert len(list(kept.iterdir())) >= 8


def test_a_block_beside_one_that_breaks_its_pool_is_not_blamed() -> None:
    """Blocks 0 to 2 are under way when the pool breaks, twice; then each is run alone."""

    class Fatal(Executor):
        """Is slow to finish a block, and breaks at once with all that it has at block 2."""

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = Future[Any]()
            together.append(future)
            tries.append(args[1].number)
            if args[1].number == 2:
                for one in together:
                    one.set_exception(BrokenExecutor())
                together.clear()
            elif tries.count(args[1].number) == LOSSES:
                threading.Timer(0.05, finish, (future, fn, args)).start()
            return future

    def finish(future: Future[Any], fn: Any, args: Any) -> None:
        if future in together:
            together.remove(future)
            future.set_result(fn(*args))

    tries: list[int] = []
    together: list[Future[Any]] = []
    with pytest.raises(BlockError) as raised:
        run(Dice(), 100, size=10, executor=lambda: nullcontext(Pool(Fatal(), 3)))
    assert raised.value.block.number == 2
    assert tries == [0, 1, 2] * LOSSES


def test_a_pool_that_takes_nothing_is_given_up() -> None:
    class Refusing(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            raise BrokenExecutor

    with pytest.raises(BlockError, match="cases 0 to 9: their worker was lost 3 times"):
        run(Dice(), 100, size=10, executor=lambda: nullcontext(Pool(Refusing(), 3)))


@pytest.mark.slow
def test_a_scheduler_that_is_killed_costs_nothing_but_time(tmp_path: Path) -> None:
    said = came_of("scheduler_killed", str(tmp_path))
    assert re.match(r"tcp://127.0.0.1:\d+: no scheduler answered within 5 s", said["said"])
    assert 8 <= said["kept"] < 21
    assert said["again"] == 21 - said["kept"]
    assert said["figures"] == PLAIN.to_bytes().hex()


@pytest.mark.slow
def test_a_scheduler_that_is_back_soon_does_not_end_the_run(tmp_path: Path) -> None:
    said = came_of("scheduler_back", str(tmp_path))
    assert (said["again"], said["left"]) == (1, 0)
    assert said["figures"] == PLAIN.to_bytes().hex()


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told() -> None:
    with (
        Cluster(workers=0) as cluster,
        pytest.raises(ClusterError, match=f"no workers .*: dask worker {cluster.address}"),
    ):
        executor(1, cluster.address).__enter__()
