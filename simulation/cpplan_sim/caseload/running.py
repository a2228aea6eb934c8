"""Running a job block by block, wherever the blocks are run, and whatever happens to a worker.

Holds the loop: some blocks under way, each finished one kept and added up, those of a lost pool
run again in a new one. It must not know what an executor is made of, nor what a job counts.
"""

from __future__ import annotations

import functools
import pickle
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager

import attrs

from cpplan_sim.caseload.blocks import Block, Job, blocks
from cpplan_sim.caseload.executors import Pool
from cpplan_sim.caseload.keeping import Keep, Label
from cpplan_sim.caseload.summaries import Summary

Executors = Callable[[], AbstractContextManager[Pool]]
"""Makes a new pool each time it is called, as ``partial(executor, 4)`` does."""

LOSSES = 3
"""How often a block's worker may be lost before the block is reported; the last time, alone."""


class BlockError(RuntimeError):
    """A block can't be run.

    Attributes:
        block: which.
    """

    def __init__(self, block: Block, why: str) -> None:
        """Keep the block, and say which cases it has and why."""
        self.block = block
        super().__init__(f"{block}: {why}")


@attrs.frozen
class Ran:
    """What a run came to.

    Attributes:
        summary: what the blocks that are done come to together; none if none is done.
        done: the blocks that are done, kept ones included, by number.
        left: those that are not, because the run was interrupted.
    """

    summary: Summary | None
    done: tuple[Block, ...]
    left: tuple[Block, ...]


def run(
    job: Job,
    cases: int,
    *,
    size: int,
    executor: Executors,
    keep: Keep | None = None,
    told: Callable[[int], None] | None = None,
) -> Ran:
    """Run a job on cases, in blocks; the figures don't depend on how.

    Memory holds one summary, and one for each block under way. A worker or pool that is lost
    costs the blocks under way there, which are run again.

    Interrupted (Ctrl-C), it submits no more, waits for what this machine's processes have begun,
    and returns what is done. What a cluster has begun is given up.

    Args:
        job: what to run.
        cases: how many cases, numbered from 0.
        size: how many cases a block has.
        executor: makes the pool that runs blocks, and another if that one is lost.
        keep: where finished blocks are kept, and found again by the next run.
        told: is told how many cases are done, now and then.

    Raises:
        BlockError: the job failed on a block, or its worker was lost :data:`LOSSES` times, the
            last time with no other block under way. Finished blocks stay kept.
        InvalidFileError: what is kept is of another job or size of block, or damaged.
        KeepError: a block can't be kept.
        ClusterError: the cluster can't be reached, or not any more.
    """
    running = _Running(job, size, blocks(cases, size), keep, told)
    try:
        running.resume()
        while running.waiting:
            with executor() as pool:
                running.run_in(pool)
    except KeyboardInterrupt:
        # What is done is right as far as it goes; `left` tells that it isn't all.
        pass
    return running.ran()


@attrs.frozen
class _Failure:
    """An exception of a job, as words: not every exception survives the way from a worker."""

    says: str
    trace: str


def _summarised(job: bytes, block: Block) -> Summary | _Failure:
    """Run one block; this is what the workers do."""
    try:
        return _unpickled(job).summarise(block.first, block.last)
    except Exception as error:  # told to whoever asked for the run, with the block's cases
        return _Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


@functools.lru_cache(maxsize=1)
def _unpickled(job: bytes) -> Job:
    """Return the job, made once in each worker, so that what it works out is not lost."""
    found: Job = pickle.loads(job)
    return found


class _Running:
    """A run under way: the one thing here that changes."""

    def __init__(
        self,
        job: Job,
        size: int,
        all_blocks: tuple[Block, ...],
        keep: Keep | None,
        told: Callable[[int], None] | None,
    ) -> None:
        self.waiting = deque(all_blocks)
        self._all = all_blocks
        self._label = Label(job.digest, size)
        self._job = pickle.dumps(job)
        self._keep = keep
        self._told = told
        self._cases = 0
        self._finished: list[Block] = []
        self._tally: tuple[Summary | None, int] = (None, 0)
        self._under_way: dict[Future[Summary | _Failure], Block] = {}
        self._lost: Counter[Block] = Counter()

    def ran(self) -> Ran:
        summary, count = self._tally
        done = frozenset(self._finished[:count])
        return Ran(
            summary, tuple(sorted(done)), tuple(block for block in self._all if block not in done)
        )

    def resume(self) -> None:
        """Take what is kept, all or nothing: a folder with one bad file is told, not half used."""
        if self._keep is None:
            return
        for block, summary in self._keep.read(self._label, self._all):
            self._add(block, summary)
        done = frozenset(self._finished)
        self.waiting = deque(block for block in self._all if block not in done)

    def run_in(self, pool: Pool) -> None:
        """Run blocks until none is waiting, or until the pool has lost one and ended the others."""
        self._under_way = {}
        lost = False
        try:
            while self._under_way or (self.waiting and not lost):
                lost = lost or not self._submitted(pool)
                done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
                lost = not self._taken(done) or lost
        except (KeyboardInterrupt, BlockError):
            self._end()
            raise

    def _end(self) -> None:
        """Submit no more, call back what has not begun, and take what is finished all the same."""
        begun = [future for future in self._under_way if not future.cancel()]
        wait(begun)
        self._taken(begun)

    def _submitted(self, pool: Pool) -> bool:
        """Submit as many blocks as there is room for; tell whether the pool took them."""
        while self.waiting and len(self._under_way) < self._room(pool):
            block = self.waiting[0]
            try:
                future = pool.submit(_summarised, self._job, block)
            except Exception as error:  # the pool's, not the job's: nothing has been run yet
                self._lose({self.waiting.popleft(): error})
                return False
            self._under_way[future] = self.waiting.popleft()
        return True

    def _room(self, pool: Pool) -> int:
        """Return how many may be under way: one, if the next loss has to show whose fault it is."""
        near = (self.waiting[0], *self._under_way.values())
        return 1 if any(self._lost[block] == LOSSES - 1 for block in near) else pool.ahead

    def _taken(self, done: Iterable[Future[Summary | _Failure]]) -> bool:
        """Take the blocks that ended, the good ones first; tell whether none was lost."""
        failed: dict[Block, _Failure] = {}
        lost: dict[Block, Exception] = {}
        for future in sorted(done, key=self._under_way.__getitem__):
            block = self._under_way.pop(future)
            try:
                found = future.result()
            except Exception as error:  # a job's own would have come as a failure
                lost[block] = error
                continue
            if isinstance(found, _Failure):
                failed[block] = found
            else:
                self._finish(block, found)
        for block, failure in failed.items():
            told = BlockError(block, failure.says)
            told.add_note(failure.trace)
            raise told
        self._lose(lost)
        return not lost

    def _finish(self, block: Block, summary: Summary) -> None:
        if self._keep is not None:
            self._keep.write(self._label, block, summary)
        self._add(block, summary)

    def _add(self, block: Block, summary: Summary) -> None:
        before, count = self._tally
        merged = summary if before is None else before.merge(summary)
        # Ctrl-C can come between any two lines: the sum and what it is of change in one.
        self._finished[count:] = [block]
        self._tally = (merged, count + 1)
        self._cases += block.cases
        if self._told is not None:
            self._told(self._cases)

    def _lose(self, lost: Mapping[Block, Exception]) -> None:
        """Put blocks back in front. Any of them may have been what their pool broke on."""
        self.waiting.extendleft(reversed(tuple(lost)))
        self._lost.update(lost.keys())
        for block, error in lost.items():
            if self._lost[block] >= LOSSES:
                raise BlockError(
                    block,
                    f"their worker was lost {LOSSES} times, the last time with nothing else under"
                    f" way (smaller blocks need less memory, if it was that): {error}",
                ) from error
