"""A run comes to the same figures however it is cut, spread, interrupted and gone on with."""

from __future__ import annotations

import functools
import json
import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan.reading import InvalidFileError
from cpplan_sim.caseload.blocks import blocks
from cpplan_sim.caseload.executors import Pool
from cpplan_sim.caseload.keeping import Keep, KeepError, Label
from cpplan_sim.caseload.running import BlockError, Executors, run
from cpplan_sim.caseload.summaries import Summary
from tests.simulation.caseload.jobs import Dice, Failing
from tests.simulation.caseload.mishaps import started
from tests.simulation.caseload.pools import ALL_POOLS, CASES, HERE, PLAIN, SIZE


class Shuffled(Executor):
    """Holds back as much as it may, and runs what it holds in any order."""

    def __init__(self, total: int, ahead: int, order: random.Random) -> None:
        self._total = total
        self._ahead = ahead
        self._order = order
        self._held: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        self._held.append((future, functools.partial(fn, *args, **kwargs)))
        self._total -= 1
        if self._total == 0 or len(self._held) == self._ahead:
            self.release()
        return future

    def release(self, _done: int = 0) -> None:
        """Run one of those held back, whichever."""
        if self._held:
            future, work = self._held.pop(self._order.randrange(len(self._held)))
            future.set_result(work())


@given(st.integers(0, 400), st.integers(1, 500), st.integers(1, 9))
@settings(deadline=None, max_examples=50)
def test_the_figures_do_not_depend_on_size_or_workers(cases: int, size: int, ahead: int) -> None:
    with ThreadPoolExecutor(ahead) as threads:
        ran = run(Dice(), cases, size=size, executor=lambda: nullcontext(Pool(threads, ahead)))
    assert ran.summary == (Dice().summarise(0, cases) if cases else None)
    assert ran.done == blocks(cases, size)
    assert ran.left == ()


@given(st.integers(1, 60), st.integers(1, 9), st.randoms())
@settings(deadline=None, max_examples=50)
def test_the_figures_do_not_depend_on_the_order(
    size: int, ahead: int, order: random.Random
) -> None:
    pool = Shuffled(len(blocks(300, size)), ahead, order)
    here = lambda: nullcontext(Pool(pool, ahead))  # noqa: E731
    ran = run(Dice(), 300, size=size, executor=here, told=pool.release)
    assert ran.summary == Dice().summarise(0, 300)
    assert ran.done == blocks(300, size)


@pytest.mark.parametrize("pool", ALL_POOLS)
def test_every_pool_comes_to_the_same_bytes(pool: Executors) -> None:
    told: list[int] = []
    ran = run(Dice(), CASES, size=SIZE, executor=pool, told=told.append)
    assert ran.summary is not None
    assert ran.summary.to_bytes() == PLAIN.to_bytes()
    assert ran.done == blocks(CASES, SIZE)
    assert told[-1] == CASES
    assert told == sorted(told)


def test_no_more_than_a_few_blocks_are_under_way_at_a_time() -> None:
    under_way: list[int] = []
    with ThreadPoolExecutor(2) as threads:

        class Counting(Pool):
            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                future = super().submit(fn, *args, **kwargs)
                futures.append(future)
                under_way.append(sum(not one.done() for one in futures))
                return future

        futures: list[Future[Any]] = []
        run(Dice(), 5_000, size=10, executor=lambda: nullcontext(Counting(threads, 4)))
    assert len(futures) == 500
    assert 1 <= max(under_way) <= 4


@pytest.mark.parametrize("pool", ALL_POOLS)
def test_a_job_that_fails_is_told_with_the_cases_and_what_is_finished_stays(
    pool: Executors, tmp_path: Path
) -> None:
    keep = Keep(str(tmp_path))
    with pytest.raises(BlockError) as raised:
        run(Failing(case=520), CASES, size=SIZE, executor=pool, keep=keep)
    assert str(raised.value) == "cases 500 to 549: ArgumentsError: this and that"
    assert "in summarise" in raised.value.__notes__[0]
    assert len(list(tmp_path.iterdir())) >= 8


class TestKept:
    def test_the_next_run_runs_only_what_is_left(self, tmp_path: Path) -> None:
        seen, keep = tmp_path / "seen", Keep(str(tmp_path / "kept"))
        seen.mkdir()
        job = Dice(folder=str(seen))
        first = run(job, CASES, size=SIZE, executor=HERE, keep=keep, told=interrupting(400))
        assert (len(first.done), len(first.left)) == (8, 13)
        assert first.summary == Dice().summarise(0, 400)
        for path in seen.iterdir():
            path.unlink()
        told: list[int] = []
        second = run(job, CASES, size=SIZE, executor=HERE, keep=keep, told=told.append)
        assert {path.name for path in seen.iterdir()} == {f"{b.first}-{b.last}" for b in first.left}
        assert second.summary == PLAIN
        assert told == [*range(SIZE, CASES, SIZE), CASES]

    def test_a_run_that_is_all_kept_needs_no_pool(self, tmp_path: Path) -> None:
        keep = Keep(str(tmp_path))
        run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep)
        assert run(Dice(), CASES, size=SIZE, executor=no_pool, keep=keep).summary == PLAIN

    def test_a_longer_run_goes_on_from_a_shorter_one(self, tmp_path: Path) -> None:
        keep = Keep(str(tmp_path))
        run(Dice(), 520, size=SIZE, executor=HERE, keep=keep)
        assert run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep).summary == PLAIN

    def test_another_job_or_size_is_refused_before_anything_is_run(self, tmp_path: Path) -> None:
        keep = Keep(str(tmp_path))
        run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep)
        with pytest.raises(InvalidFileError, match="dice-1, where this is dice-2"):
            run(Dice(seed=2), CASES, size=SIZE, executor=no_pool, keep=keep)
        with pytest.raises(InvalidFileError, match="50 cases, where this run has 51"):
            run(Dice(), CASES, size=51, executor=no_pool, keep=keep)

    def test_after_damage_only_that_block_is_run_again(self, tmp_path: Path) -> None:
        seen, kept = tmp_path / "seen", tmp_path / "kept"
        seen.mkdir()
        keep = Keep(str(kept))
        run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep)
        path = kept / "block-000000007.summary"
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(InvalidFileError, match="only cases 350 to 399 are then run again"):
            run(Dice(), CASES, size=SIZE, executor=no_pool, keep=keep)
        path.unlink()
        again = run(Dice(folder=str(seen)), CASES, size=SIZE, executor=HERE, keep=keep)
        assert [one.name for one in seen.iterdir()] == ["350-400"]
        assert again.summary == PLAIN

    def test_a_full_disk_ends_the_run_and_the_next_one_goes_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep = Keep(str(tmp_path))
        write = keep._files.pipe_file
        written: list[str] = []

        def full(path: str, value: bytes) -> None:
            if len(written) == 5:
                raise OSError(28, "No space left on device")
            written.append(path)
            write(path, value)

        monkeypatch.setattr(keep._files, "pipe_file", full)
        with pytest.raises(KeepError, match="cases 250 to 299 can't be kept: No space left"):
            run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep)
        monkeypatch.undo()
        assert len(list(keep.read(Label("dice-1", SIZE), blocks(CASES, SIZE)))) == 5
        assert run(Dice(), CASES, size=SIZE, executor=HERE, keep=keep).summary == PLAIN


def interrupting(after: int) -> Callable[[int], None]:
    """Return what is told of progress and presses Ctrl-C once so many cases are done."""

    def told(done: int) -> None:
        if done >= after:
            signal.raise_signal(signal.SIGINT)

    return told


def no_pool() -> AbstractContextManager[Pool]:
    raise AssertionError("nothing is left to run")


class TestInterrupted:
    @pytest.mark.parametrize("pool", ALL_POOLS)
    def test_what_is_done_is_returned_with_what_is_left(self, pool: Executors) -> None:
        ran = run(Dice(), CASES, size=SIZE, executor=pool, told=interrupting(400))
        assert 8 <= len(ran.done) < 21
        assert sorted((*ran.done, *ran.left)) == list(blocks(CASES, SIZE))
        assert ran.summary == Summary.total(
            Dice().summarise(block.first, block.last) for block in ran.done
        )

    def test_before_anything_is_done_there_is_no_summary(self) -> None:
        def interrupted() -> AbstractContextManager[Pool]:
            raise KeyboardInterrupt

        ran = run(Dice(), CASES, size=SIZE, executor=interrupted)
        assert (ran.summary, ran.done, ran.left) == (None, (), blocks(CASES, SIZE))

    def test_what_was_finished_but_not_yet_taken_is_not_lost(self) -> None:
        """Ctrl-C at the first of three that are finished: the other two count as well."""
        with ThreadPoolExecutor(1) as threads:
            job = Dice(seconds=0.01)
            pool = Pool(threads, 3)
            ran = run(
                job, CASES, size=SIZE, executor=lambda: nullcontext(pool), told=interrupting_once()
            )
        assert 1 <= len(ran.done) <= 3
        assert ran.summary == Dice().summarise(0, ran.done[-1].last)

    @pytest.mark.slow
    @pytest.mark.parametrize("cluster", ["", "local:2"])
    def test_ctrl_c_at_a_terminal_reaches_all_processes_and_leaves_a_right_answer(
        self, cluster: str
    ) -> None:
        """A terminal sends SIGINT to all processes of the group: so does this."""
        process = started("interrupted", cluster)
        assert process.stdout is not None
        assert process.stdout.readline() == b'"under way"\n'
        os.killpg(process.pid, signal.SIGINT)
        said, complained = process.communicate(timeout=60)
        assert (process.returncode, complained) == (0, b"")
        came = json.loads(said)
        assert 1 <= came["done"] < came["done"] + came["left"] == 2_000
        assert came["cases"] == came["done"] * SIZE


def interrupting_once() -> Callable[[int], None]:
    """Return what is told of progress and presses Ctrl-C a while after the first block."""
    told: list[int] = []

    def interrupt(done: int) -> None:
        told.append(done)
        if len(told) == 1:
            time.sleep(0.1)
            raise KeyboardInterrupt

    return interrupt
