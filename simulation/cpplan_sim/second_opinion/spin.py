"""SPIN at work: a model made into a search, and the search run, as processes of their own.

Nothing is taken on trust: an answer counts only if the search says that it was completed, or shows
the history that it found.

Reference: Holzmann, "The SPIN Model Checker" (2003).
"""

from __future__ import annotations

import enum
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import attrs

TOOLS = {"spin": "spin", "cc": "gcc"}
"""What has to be installed, with the Debian package of each."""

LONGEST = 600.0
"""Seconds after which a search, or a compilation, is given up."""

_MEGABYTES = 4000
STEPS_AN_EVENT = 2
"""Steps of the search that are one event: the move and its judgement."""

_OPTIONS = ("-E", "-m1000000", "-w18")
"""Plans may end or stand still; as deep as need be; a hash table that is quick to make."""

_EDGE = re.compile(r"^\s*edge (\d+)$", re.MULTILINE)
_STATES = re.compile(r"^\s*([\d.e+]+) states, stored", re.MULTILINE)
_ERRORS = re.compile(r"errors: (\d+)$", re.MULTILINE)
_VIOLATED = re.compile(r"assertion violated .*\(at depth (\d+)\)$", re.MULTILINE)
_NO_SUCH = re.compile(r"assertion violated \(?0\)? ", re.MULTILINE)
_CUT_SHORT = ("max search depth too small", "reached -DMEMLIM", "out of memory", "hashtable full")


class SpinError(RuntimeError):
    """SPIN or the compiler did not do what it should have."""


class ToolsMissingError(RuntimeError):
    """SPIN or a compiler is not installed.

    Attributes:
        packages: the Debian packages that have them.
    """

    def __init__(self, packages: Sequence[str]) -> None:
        """Keep the packages and say what to do."""
        self.packages = tuple(packages)
        told = " ".join(packages)
        super().__init__(f"not installed: {told}. On Debian: apt-get install {told} libc6-dev")


class Ended(enum.StrEnum):
    """How a search ended."""

    FOUND = "found"
    NONE = "none"
    GIVEN_UP = "given up"


@attrs.frozen
class Search:
    """What one search came to.

    Attributes:
        ended: whether it found a history, went through all of them, or was given up.
        events: how long the shortest history is that it found; 0 if none.
        edges: the numbers of its edges, if they were asked for.
        states: the states stored, before and after the judgement of each event.
        why: for one that was given up, why.
    """

    ended: Ended
    events: int
    states: int
    edges: tuple[int, ...] = ()
    why: str = ""


def check_tools() -> None:
    """Make sure that SPIN and a compiler are installed.

    Raises:
        ToolsMissingError: one is not.
    """
    packages = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if packages:
        raise ToolsMissingError(packages)


class Model:
    """A model compiled into a search that can be run again and again."""

    def __init__(self, text: str, *, optimised: bool = False) -> None:
        """Compile a model in a folder of its own.

        Args:
            text: the model in Promela.
            optimised: whether to compile for long searches, which takes longer itself.

        Raises:
            SpinError: it is no model to SPIN, or no program to the compiler.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="cpplan-spin-")
        self._path = Path(self._folder.name)
        (self._path / "model.pml").write_text(text, encoding="utf-8")
        began = time.perf_counter()
        try:
            _run(["spin", "-a", "model.pml"], self._path)
            self.spin_seconds = time.perf_counter() - began
            level = "-O1" if optimised else "-O0"
            limit = f"-DMEMLIM={_MEGABYTES}"
            _run(["cc", level, "-w", "-DBFS", limit, "-o", "pan", "pan.c"], self._path)
        except SpinError:
            self._folder.cleanup()
            raise
        self.compile_seconds = time.perf_counter() - began - self.spin_seconds

    def __enter__(self) -> Model:
        """Return the model, whose folder goes when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove its folder."""
        self._folder.cleanup()

    def search(
        self, asked: Mapping[str, str], *, telling: bool = False, longest: float = LONGEST
    ) -> Search:
        """Run the search, breadth first, so that what it finds is the shortest.

        Args:
            asked: the variables of the environment that say what to look for.
            telling: whether to tell the history found, edge by edge.
            longest: seconds after which it is given up.

        Raises:
            SpinError: it failed, or what it says can't be understood.
        """
        environment = {**os.environ, **asked}
        with tempfile.TemporaryDirectory(dir=self._path) as folder:
            pan = str(self._path / "pan")
            try:
                found = _read(_said([pan, *_OPTIONS], Path(folder), environment, longest))
            except subprocess.TimeoutExpired:
                return Search(Ended.GIVEN_UP, 0, 0, why=f"not done in {longest:g} s")
            if found.ended is not Ended.FOUND or not telling:
                return found
            told = _said([pan, "-r"], Path(folder), environment, LONGEST)
        edges = tuple(int(number) for number in _EDGE.findall(told))
        if len(edges) != found.events:
            raise SpinError(f"a history of {found.events} events is told in {len(edges)}:\n{told}")
        return attrs.evolve(found, edges=edges)


def _read(said: str) -> Search:
    """Return what a search says of itself."""
    if _NO_SUCH.search(said):
        raise SpinError("the model has no such requirement")
    cut = next((words for words in _CUT_SHORT if words in said), "")
    if cut:
        return Search(Ended.GIVEN_UP, 0, 0, why=cut)
    errors, states, violated = (p.search(said) for p in (_ERRORS, _STATES, _VIOLATED))
    if errors is None or states is None or (errors[1] != "0") != (violated is not None):
        raise SpinError(f"the search said nothing that can be understood:\n{said[-2000:]}")
    count = int(float(states[1]))
    if violated is not None:
        events, odd = divmod(int(violated[1]), STEPS_AN_EVENT)
        if odd or not events:
            raise SpinError(f"the search found something amiss between events:\n{said[-2000:]}")
        return Search(Ended.FOUND, events, count)
    if "Search not completed" in said:
        raise SpinError(f"the search ended early and does not say why:\n{said[-2000:]}")
    return Search(Ended.NONE, 0, count)


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise SpinError(f"{command[0]} was not done in {LONGEST:g} s") from None
    said = f"{done.stdout}\n{done.stderr}"
    if done.returncode != 0 or "Error:" in said:
        raise SpinError(f"{command[0]} refused the model:\n{said.strip()[-2000:]}")


def _said(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], longest: float
) -> str:
    """Run a program and return what it says. Its exit code says no more than its words."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=longest,
    )
    if done.returncode < 0:
        raise SpinError(f"the search was stopped by signal {-done.returncode}")
    return f"{done.stdout}\n{done.stderr}"
