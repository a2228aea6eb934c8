"""Mishaps that befall a program as a whole: each is run as one, and says in JSON what came of it.

Apart from the tests, since a client that lost its scheduler leaves sockets and threads behind it.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cpplan_sim.caseload.blocks import blocks
from cpplan_sim.caseload.executors import ClusterError, executor
from cpplan_sim.caseload.keeping import Keep, Label
from cpplan_sim.caseload.running import Ran, run
from tests.simulation.caseload.clusters import Cluster
from tests.simulation.caseload.jobs import Dice

CASES = 1_003
SIZE = 50


def interrupted(cluster: str) -> None:
    """Say so once under way, and go on until Ctrl-C. Not all workers need have started by then."""

    def told(done: int) -> None:
        if done == SIZE:
            _say("under way")

    pool = functools.partial(executor, 2, cluster)
    ran = run(Dice(seconds=0.02), 100_000, size=SIZE, executor=pool, told=told)
    _say({"done": len(ran.done), "left": len(ran.left), "cases": _cases(ran)})


def scheduler_killed(folder: str) -> None:
    """Lose the scheduler for good; then run again on another cluster."""
    seen, kept = Path(folder) / "seen", Keep(f"{folder}/kept")
    seen.mkdir()
    job = Dice(seconds=0.05, folder=str(seen))
    said = ""
    with Cluster(workers=2) as cluster:

        def kill(done: int) -> None:
            if done >= 8 * SIZE:
                cluster.scheduler.kill()

        pool = functools.partial(executor, 1, cluster.address)
        try:
            run(job, CASES, size=SIZE, executor=pool, keep=kept, told=kill)
        except ClusterError as error:
            said = str(error)
    finished = [b for b, _ in kept.read(Label(job.digest, SIZE), blocks(CASES, SIZE))]
    for path in seen.iterdir():
        path.unlink()
    with Cluster(workers=2) as cluster:
        pool = functools.partial(executor, 1, cluster.address)
        ran = run(job, CASES, size=SIZE, executor=pool, keep=kept)
    again = len(list(seen.iterdir()))
    _say({"said": said, "kept": len(finished), "again": again, "figures": _figures(ran)})


def scheduler_back(_folder: str) -> None:
    """Lose the scheduler, and find another at the same address soon."""
    again: list[Cluster] = []
    with Cluster(workers=1) as cluster, ExitStack() as stack:

        def restart(done: int) -> None:
            if done >= 8 * SIZE and not again:
                cluster.scheduler.kill()
                cluster.scheduler.wait()
                again.append(stack.enter_context(Cluster(workers=1, port=cluster.port)))

        pool = functools.partial(executor, 1, cluster.address)
        ran = run(Dice(seconds=0.05), CASES, size=SIZE, executor=pool, told=restart)
    _say({"again": len(again), "left": len(ran.left), "figures": _figures(ran)})


def _figures(ran: Ran) -> str:
    return ran.summary.to_bytes().hex() if ran.summary is not None else ""


def _cases(ran: Ran) -> int:
    return int(ran.summary.counts["cases"]) if ran.summary is not None else 0


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def started(mishap: str, argument: str) -> subprocess.Popen[bytes]:
    """Start a mishap as a program, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.caseload.mishaps", mishap, argument],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def came_of(mishap: str, argument: str) -> dict[str, Any]:
    """Run a mishap, and return what it says."""
    process = started(mishap, argument)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained.decode()
    found: dict[str, Any] = json.loads(said)
    return found


MISHAPS = {mishap.__name__: mishap for mishap in (interrupted, scheduler_killed, scheduler_back)}

if __name__ == "__main__":
    MISHAPS[sys.argv[1]](sys.argv[2])
