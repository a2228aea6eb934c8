"""What is measured of caseloads: events a second beside programs written by hand, growth, workers,
memory, and the way from nothing to the first case.

``python -m benchmarks.caseload [NAME ...]``. Memory and workers take minutes and run when named.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

import cpplan
from benchmarks import caseload_hard, caseload_main, caseload_simpy
from benchmarks.growth import BASE, grown
from benchmarks.measuring import Contender, Group, Take, measure, spread
from benchmarks.reporting import print_setting, print_table
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.counting import U_LATE, U_MET, U_MISSED
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.summaries import Summary

SEED = 7
PEER_AT_LEAST, HARD_AT_MOST = 100, 10
SIZES = (1, 2, 4)
BLOCK = 5_000
"""As the command line has it."""
PAIRS = 3
"""How often one worker is held against two."""
MEBIBYTE = 2**20
ALIKE = 20_000
"""Cases for which the three are held against one another; SimPy runs a tenth of them."""


def runner(procedure: cpplan.Procedure) -> Runner:
    """Return what runs cases of a procedure under ``england-2024``."""
    profile = load_profile("england-2024", procedure)
    return Runner(compile_tables(procedure, profile, caseload_main.SPAN), SEED)


# ------------------------------------------------------------------------------ events a second


def beside_others() -> Group:
    """Return an event of the composite: the engine, the loop by hand, SimPy."""
    procedure = cpplan.load("composite")
    ours, days = runner(procedure), caseload_main.days_of(procedure)
    calendar = caseload_simpy.Calendar(days)
    contenders = (
        Contender("engine, every rule and duty", an_event(_by_engine(ours, 4_000))),
        Contender("compiled loop by hand, main process", an_event(_by_hand(days, 20_000))),
        Contender("SimPy, main process", an_event(_by_simpy(calendar, 100))),
    )
    title = (
        "composite, england-2024, an event recorded; to aim at: SimPy"
        f" at least {PEER_AT_LEAST}, by hand at least {1 / HARD_AT_MOST:g}"
    )
    return Group(title, contenders, rounds=15, turn=0)


def growing() -> Group:
    """Return an event of procedures with more rules and duties."""
    larger = {f"{BASE}, {n} times its duties": _with_duties(n) for n in SIZES}
    larger |= {f"{BASE}, {n} times its rules": grown(n) for n in SIZES}
    contenders = [
        Contender(
            f"{name}: {len(procedure.rules)} rules, {len(procedure.duties)} duties",
            an_event(_by_engine(runner(procedure), 1_000)),
        )
        for name, procedure in larger.items()
    ]
    return Group("an event of procedures that grow", tuple(contenders), rounds=15, turn=0)


def an_event(count: Callable[[], int]) -> Take:
    """Return a way to take the processor's time of one event, from a run that says how many."""

    def take(times: int) -> float:
        total = 0.0
        for _ in range(times):
            start = time.process_time()
            events = count()
            total += (time.process_time() - start) / events
        return total

    return take


def _by_engine(ours: Runner, cases: int) -> Callable[[], int]:
    return lambda: int(ours.run(0, cases).counts["events"].sum())


def _by_hand(days: caseload_main.Days, cases: int) -> Callable[[], int]:
    calendar = caseload_hard.rows(days)

    def count() -> int:
        found = caseload_hard.nothing()
        caseload_hard.run_cases(SEED, 0, cases, calendar, *found)
        return int(found[0].sum())

    return count


def _by_simpy(calendar: caseload_simpy.Calendar, cases: int) -> Callable[[], int]:
    def count() -> int:
        return caseload_simpy.run_cases(SEED, cases, calendar).events.total()

    return count


def _with_duties(times: int) -> cpplan.Procedure:
    """Return ``standards`` with its duties several times over, each copy under its own name."""
    procedure = cpplan.load(BASE)
    copies = {
        one.id: one
        for number in range(times)
        for duty in procedure.duties.values()
        for one in [attrs.evolve(duty, id=f"{duty.id}-{number}") if number else duty]
    }
    return attrs.evolve(procedure, duties=copies)


# ------------------------------------------------------------------------------------- alikeness

Shape = tuple[dict[str, float], dict[str, float], dict[str, float]]
"""Events a case by kind, shares on time by duty, shares of endings among plans ended."""


def shapes() -> dict[str, Shape]:
    """Return what the three programs make of the composite."""
    procedure = cpplan.load("composite")
    days = caseload_main.days_of(procedure)
    return {
        "engine": _engine_shape(runner(procedure)),
        "by hand": _hand_shape(days),
        "SimPy": _simpy_shape(caseload_simpy.Calendar(days)),
    }


def tell_shapes(found: Mapping[str, Shape]) -> None:
    """Print, for each of the others, how far it is from the engine."""
    engine = found["engine"]
    _line(f"{'':34}" + "".join(f"{name:>10}" for name in found))
    for part, told in enumerate(("events a case", "share on time", "share of endings")):
        for key in [key for key in found["SimPy"][part] if key in engine[part]]:
            figures = (f"{shape[part].get(key, 0):10.3f}" for shape in found.values())
            _line(f"{key:34}" + "".join(figures))
        modelled = [
            sum(shape[part].get(key, 0) for key in found["SimPy"][part]) for shape in found.values()
        ]
        if part == 0:
            whole = sum(engine[0].values())
            _line(f"{told}, of {whole:.1f}".ljust(34) + "".join(f"{one:10.1f}" for one in modelled))


def _engine_shape(ours: Runner) -> Shape:
    found, tables = ours.run(0, ALIKE).counts, ours.tables
    events = zip(tables.kinds, (found["events"] / ALIKE).tolist(), strict=True)
    rows = zip(tables.duties, found["duties"].tolist(), strict=True)
    shares = {duty: _on_time(row[U_MET], row[U_LATE], row[U_MISSED]) for duty, row in rows}
    endings = dict(zip(tables.states, found["endings"].tolist(), strict=False))
    of_them = {
        caseload_main.ENDINGS[caseload_main.BY_REVIEW]: endings["ended.rcpc"],
        caseload_main.ENDINGS[caseload_main.BY_LETTER]: endings["ended.looked-after"],
        caseload_main.ENDINGS[caseload_main.BY_MOVE]: endings["ended.move"],
        caseload_main.ENDINGS[caseload_main.BY_LEAVING]: endings["ended.left-jurisdiction"],
    }
    return dict(events), shares, _shares(of_them)


def _hand_shape(days: caseload_main.Days) -> Shape:
    events, duties, endings = caseload_hard.nothing()
    caseload_hard.run_cases(SEED, 0, ALIKE, caseload_hard.rows(days), events, duties, endings)
    rows = duties.reshape(-1, caseload_hard.COLUMNS).tolist()
    return _shape(events / ALIKE, rows, endings)


def _simpy_shape(calendar: caseload_simpy.Calendar) -> Shape:
    tally = caseload_simpy.run_cases(SEED, ALIKE // 10, calendar)
    events = [tally.events[n] * 10 / ALIKE for n in range(len(caseload_main.EVENTS))]
    rows = [[tally.duties[d, n] for n in range(5)] for d in range(len(caseload_main.DUTIES))]
    return _shape(events, rows, [tally.endings[n] for n in range(6)])


def _shape(events: Any, rows: Any, endings: Any) -> Shape:
    kinds = dict(zip(caseload_main.EVENTS, map(float, events), strict=True))
    named = zip(caseload_main.DUTIES, rows, strict=True)
    shares = {duty: _on_time(row[0], row[1], row[2]) for duty, row in named}
    ended = dict(zip(caseload_main.ENDINGS, map(float, endings), strict=False))
    return kinds, shares, _shares(ended)


def _on_time(met: float, late: float, missed: float) -> float:
    return met / max(1, met + late + missed)


def _shares(numbers: Mapping[str, float]) -> dict[str, float]:
    total = sum(numbers.values())
    return {name: number / total for name, number in numbers.items()}


# ----------------------------------------------------------------------------- memory and workers


_RUN = """if True:
    import functools, sys
    from cpplan_sim.caseload.executors import executor
    from cpplan_sim.caseload.jobs import CaseloadJob, Setting
    from cpplan_sim.caseload.running import run
    cases, workers, size, seed = map(int, sys.argv[1:])
    job = CaseloadJob(Setting(procedure="composite"), seed)
    run(job, cases, size=size, executor=functools.partial(executor, workers))
"""


@attrs.frozen
class Told:
    """A whole run: seconds by the clock, and the most memory of all its processes together."""

    cases: int
    workers: int
    seconds: float
    mebibytes: float


def whole_run(cases: int, workers: int) -> Told:
    """Run cases in blocks, replaying a sample as any run does, in a process of its own."""
    command = [sys.executable, "-c", _RUN, str(cases), str(workers), str(BLOCK), str(SEED)]
    start = time.perf_counter()
    process = subprocess.Popen(command)
    watch = _Watch(process.pid)
    watch.start()
    if process.wait():
        raise RuntimeError(f"the run of {cases:,} cases failed")
    return Told(cases, workers, time.perf_counter() - start, watch.most / MEBIBYTE)


class _Watch(threading.Thread):
    """Looks five times a second at what a process and its children hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most = pid, 0

    def run(self) -> None:
        while Path(f"/proc/{self.pid}").exists():
            self.most = max(self.most, _held(self.pid))
            time.sleep(0.2)


def _held(pid: int) -> int:
    """Return what a process and its children hold; what several share is divided among them."""
    total = 0
    with suppress(OSError, ValueError, IndexError):
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total = 1024 * sum(int(row.split()[1]) for row in rolled if row.startswith("Pss:"))
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += _held(int(child))
    return total


def tell_memory() -> None:
    """Print wall time and memory of a million cases, and of a tenth of them."""
    for cases in (100_000, 1_000_000):
        _tell(whole_run(cases, 2))


def tell_workers() -> None:
    """Print what a second worker is worth, in pairs that take turns."""
    gains = []
    for number in range(PAIRS):
        order = (1, 2) if number % 2 else (2, 1)
        took = {workers: whole_run(100_000, workers) for workers in order}
        gains.append(took[1].seconds / took[2].seconds)
        _tell(took[1])
        _tell(took[2])
    low, middle, high = spread(gains)
    _line(f"two workers against one: {middle:.2f} [{low:.2f} to {high:.2f}] times as fast")


def _tell(told: Told) -> None:
    _line(
        f"{told.cases:,} cases, workers {told.workers}: {told.seconds:.1f} s,"
        f" {told.mebibytes:.0f} MiB at most"
    )


# -------------------------------------------------------------------------------------- the start

_START = """if True:
    import time
    began = time.process_time()
    def told(name):
        global began
        now = time.process_time()
        print(name, now - began, sep="=")
        began = time.process_time()
    import numba
    told("import numba")
    from cpplan_sim.caseload.jobs import Setting
    told("import the rest")
    setting = Setting(procedure="composite")
    setting.loaded()
    told("load the procedure")
    setting.behaviour()
    told("read the profile")
    runner = setting.runner(7)
    told("compile the tables")
    runner.run(0, 1)
    told("load machine code, first case")
"""


def tell_start(rounds: int = 7) -> None:
    """Print the parts of the way to the first case of a new process, the code being compiled.

    The parts are the processor's time, since a busy machine would tell its neighbours' as well; the
    whole is told by the clock.
    """
    parts: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        start = time.perf_counter()
        command = [sys.executable, "-c", _START]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        if number == 0:
            continue
        parts.setdefault("whole process, by the clock", []).append(time.perf_counter() - start)
        for line in done.stdout.split("\n"):
            name, _, seconds = line.partition("=")
            if seconds:
                parts.setdefault(name, []).append(float(seconds))
    for name, seconds_of in parts.items():
        low, middle, high = spread(seconds_of)
        _line(f"{name:34}{middle:6.2f} s [{low:.2f} to {high:.2f}]")


# -------------------------------------------------------------------------------------- merging


def tell_merging() -> None:
    """Print what the summary of a block weighs, and how long two take to read and add up."""
    summary = runner(cpplan.load("composite")).run(0, 100)
    written = summary.to_bytes()
    reading = [_seconds(lambda: Summary.from_bytes(written)) for _ in range(501)]
    adding = [_seconds(lambda: summary.merge(summary)) for _ in range(501)]
    _line(f"a summary is {len(written) / 1024:.0f} KiB, whatever the number of its cases")
    for name, took in (("reading one", reading), ("adding up two", adding)):
        low, middle, high = (1e6 * one for one in spread(took))
        _line(f"{name}: {middle:.0f} us [{low:.0f} to {high:.0f}]")


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _group(make: Callable[[], Group]) -> None:
    group = make()
    print_table(group, measure(group))


PARTS: Mapping[str, Callable[[], None]] = {
    "events": lambda: _group(beside_others),
    "alike": lambda: tell_shapes(shapes()),
    "growth": lambda: _group(growing),
    "start": tell_start,
    "merging": tell_merging,
    "workers": tell_workers,
    "memory": tell_memory,
}
LONG = ("workers", "memory")


def main(asked: list[str]) -> None:
    """Measure what is asked for, or all that takes no minutes."""
    print_setting()
    for name in asked or [name for name in PARTS if name not in LONG]:
        PARTS[name]()


def _line(told: str) -> None:
    sys.stdout.write(told + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
