"""Jobs for tests: a case's figures rest on its number alone, and some kill their worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import attrs
import numpy as np

from cpplan_sim.caseload.summaries import Summary

_STEP = 0x9E3779B97F4A7C15


@attrs.frozen
class Dice:
    """Counts the throws of a die, one a case, by a stream that the case's number gives.

    Attributes:
        seed: of the streams.
        seconds: how long a block takes.
        folder: where each block that is run leaves a file with its name, if anywhere.
    """

    seed: int = 1
    seconds: float = 0.0
    folder: str = ""

    @property
    def digest(self) -> str:
        """The seed: how long it takes decides no figure."""
        return f"dice-{self.seed}"

    def summarise(self, first: int, last: int) -> Summary:
        """Throw."""
        time.sleep(self.seconds)
        if self.folder:
            (Path(self.folder) / f"{first}-{last}").touch()
        faces = (_mixed(np.arange(first, last, dtype=np.uint64), self.seed) % 6).astype(np.int64)
        numbers = np.arange(first, last, dtype=np.int64)
        return Summary(
            {
                "faces": np.bincount(faces, minlength=6).astype(np.int64),
                "cases": np.array(last - first),
                "weighed": np.array([[(faces * numbers).sum(), -faces.sum()]]),
            }
        )


def _mixed(numbers: np.ndarray[tuple[int, ...], np.dtype[np.uint64]], seed: int) -> np.ndarray:
    """Return splitmix64 of each number (Steele, Lea and Flood, 2014)."""
    mixed = (numbers + np.uint64(seed)) * np.uint64(_STEP)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@attrs.frozen
class Deadly:
    """Throws dice, but the worker that gets a certain case is killed outright.

    Attributes:
        case: which one.
        folder: where each death leaves a file.
        deaths: how often it kills before it lets itself be run.
    """

    case: int
    folder: str
    deaths: int = 1

    @property
    def digest(self) -> str:
        """That of the dice, whose figures they are."""
        return Dice().digest

    def summarise(self, first: int, last: int) -> Summary:
        """Throw, or die."""
        if first <= self.case < last:
            died = len(list(Path(self.folder).iterdir()))
            if died < self.deaths:
                (Path(self.folder) / f"{died}").touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return Dice().summarise(first, last)


class ArgumentsError(Exception):
    """An exception that can be pickled and not unpickled."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


@attrs.frozen
class Failing:
    """Throws dice, but fails on one case."""

    case: int

    @property
    def digest(self) -> str:
        """Its own."""
        return f"failing-{self.case}"

    def summarise(self, first: int, last: int) -> Summary:
        """Throw, or fail."""
        if first <= self.case < last:
            raise ArgumentsError("this", "that")
        return Dice().summarise(first, last)
