"""A writer is killed at a random moment, again and again: ``python -m tests.store.killing``.

Runs in a process of its own, because it forks: a fork of the tests would take their threads' locks
with it. Prints what it found as JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from cpplan.store import Addition, Appended, Head, Store, Verifier
from tests.store.keeping import draft

TURNS = 8
"""How many turns, of two additions each, a writer has time for that is killed last."""

TOGETHER = ("one", "other")
"""The plans of a household, which are added to together."""


def main() -> None:
    """Kill so many writers of the store at an address, and print what was found."""
    where, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    store = Store.open(where)
    longest = _longest(store)
    lost, halves, acknowledged, beyond, idle = [], [], 0, 0, 0
    for number in range(rounds):
        heads = _killed(where, number, chance.random() * longest)
        acknowledged += len(heads)
        idle += not heads
        for plan, head in heads.items():
            rows = store.history(plan)
            if not any((row.version, row.hash) == (head.version, head.hash) for row in rows):
                lost.append([number, plan, head.version, len(rows)])
            beyond += len(rows) > head.version
        halves += _halves(store.heads(after=_plan(number, ""), at_most=3))
    halves += _halves(store.heads())
    verifier = Verifier.against(())
    broken = [str(one) for one in store.verified_by(verifier)]
    store.close()
    print(  # noqa: T201  # this is a program
        json.dumps(
            {
                "lost": lost,
                "halves": halves,
                "broken": broken,
                "rows": verifier.rows,
                "acknowledged": acknowledged,
                "beyond": beyond,
                "idle": idle,
            }
        )
    )


def _longest(store: Store) -> float:
    """Return the seconds that so many turns take here: a disk may take a hundredth of one each."""
    turns = _written(store, -1)
    next(turns)
    start = time.perf_counter()
    for _ in range(2 * TURNS):
        next(turns)
    return time.perf_counter() - start


def _plan(number: int, name: str) -> str:
    """Return the name of a plan, which sorts by its round."""
    return f"{number:04}.{name}"


def _halves(heads: Iterable[Head]) -> list[Any]:
    """Return the rounds whose household was added to by halves.

    The heads are those of one moment, read by one statement: a server that has been told to commit
    does so after its client was killed, which may be between one statement and the next.
    """
    versions = {head.plan: head.version for head in heads}
    rounds = sorted({plan.partition(".")[0] for plan in versions})
    pairs = [tuple(versions.get(f"{one}.{name}", 0) for name in TOGETHER) for one in rounds]
    found = zip(rounds, pairs, strict=True)
    return [(number, one, other) for number, (one, other) in found if one != other or one % 3]


def _killed(where: str, number: int, after: float) -> dict[str, Head]:
    """Start a writer, kill it, and return the last head of each plan that it was told of."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _write(where, number, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        first = told.readline()
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        lines = [first, *told]
    os.waitpid(child, 0)
    said = [Head(*json.loads(line)) for line in lines if line.endswith("\n")]
    return {head.plan: head for head in said if head.version}


def _write(where: str, number: int, told: int) -> None:
    """Add to plans until killed: two together, three entries each, and one by itself."""
    store = Store.open(where)
    # The first line says that it is connected, so that kills don't all hit the connecting.
    store.head("nobody")
    _tell(told, Head("nobody", 0, ""))
    for heads in _written(store, number):
        for head in heads:
            _tell(told, head)


def _written(store: Store, number: int) -> Iterator[tuple[Head, ...]]:
    single: Any = 0
    for turn in itertools.count():
        drafts = [draft(f"{turn}.{part}") for part in range(3)]
        both = [Addition(_plan(number, name), 3 * turn, drafts) for name in TOGETHER]
        yield _heads(store.append_all(both))
        plan = _plan(number, "single")
        single = store.append(plan, [draft(str(turn))], expected=single).head
        yield (single,)


def _heads(answer: Any) -> tuple[Head, ...]:
    assert isinstance(answer, Appended), answer
    return answer.heads


def _tell(told: int, head: Head) -> None:
    os.write(told, (json.dumps([head.plan, head.version, head.hash]) + "\n").encode())


if __name__ == "__main__":
    main()
