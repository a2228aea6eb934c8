"""Measuring: contenders take turns in one run, so that a busy machine is busy for all of them.

Knows nothing of plans: a contender is a name and a way to take its time.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence

import attrs

Take = Callable[[int], float]
"""Do it so many times and return the seconds, or the bytes, that all of them took."""


@attrs.frozen
class Contender:
    """Something to be measured.

    Attributes:
        name: what the table calls it.
        take: does it.
        at_most: the ratio to the first contender that it should not exceed, if it has a target.
    """

    name: str
    take: Take
    at_most: float | None = None


@attrs.frozen
class Group:
    """Contenders that are compared with one another; the first is what the ratios are to.

    Attributes:
        title: what is done.
        contenders: who does it.
        unit: what the figures are in, such as "us".
        per_second: how many of that unit a second has; 1 where the unit is no time.
        steps: how many steps one turn does, to tell the figures for each.
        rounds: how often each contender has its turn, after one turn that is not counted.
        turn: seconds that a turn should take at least; 0 to do it just once.
        skipped: what could not be measured, and why.
    """

    title: str
    contenders: tuple[Contender, ...]
    unit: str = "us"
    per_second: float = 1e6
    steps: int = 1
    rounds: int = 31
    turn: float = 0.005
    skipped: tuple[str, ...] = ()


@attrs.frozen
class Measured:
    """What one contender took, for each round, and its ratio to the first in the same round."""

    name: str
    figures: tuple[float, ...]
    ratios: tuple[float, ...]
    at_most: float | None = None


def calls(run: Callable[[], object]) -> Take:
    """Return a way to take the processor's time of a call."""

    def take(times: int) -> float:
        repeated = range(times)
        start = time.process_time()
        for _ in repeated:
            run()
        return time.process_time() - start

    return take


def measure(group: Group) -> list[Measured]:
    """Measure a group: every round gives each contender a turn, and begins with another."""
    times = [_times(contender.take, group.turn) for contender in group.contenders]
    taken: list[list[float]] = [[] for _ in group.contenders]
    for number in range(group.rounds):
        for place in range(len(group.contenders)):
            index = (number + place) % len(group.contenders)
            seconds = _undisturbed(group.contenders[index].take, times[index])
            taken[index].append(seconds * group.per_second / times[index] / group.steps)
    first = taken[0] if taken else []
    return [
        Measured(
            contender.name,
            tuple(figures),
            tuple(mine / base for mine, base in zip(figures, first, strict=True)),
            contender.at_most,
        )
        for contender, figures in zip(group.contenders, taken, strict=True)
    ]


def spread(figures: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    if len(figures) == 1:
        return figures[0], figures[0], figures[0]
    low, middle, high = statistics.quantiles(figures, n=4, method="inclusive")
    return low, middle, high


def _times(take: Take, turn: float) -> int:
    """Warm up, and find how many times fill a turn, whatever the first time had to set up."""
    times = 1
    take(times)
    while turn and min(take(times), take(times)) < turn:
        times *= 2
    return times


def _undisturbed(take: Take, times: int) -> float:
    """Take the time with the garbage collector off, as ``timeit`` does."""
    gc.collect()
    gc.disable()
    try:
        return take(times)
    finally:
        gc.enable()
