"""Jobs: what a run is of, small enough to be sent to any worker, and run there in blocks.

A job names its procedure, profile and days; each process loads and compiles them once. Its digest
is of the tables that these come to, so that kept blocks of another edition, or with other figures,
are refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache

import attrs
import numpy as np

from cpplan import Plan, Procedure, load
from cpplan.states import is_ended
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.compiled import sources_digest
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.replaying import simulated_case
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.tables import Tables

ENDINGS_FROM = "standards"
"""Who speaks of endings where a procedure is silent on all of them: no other source does."""

SAMPLE = 5_000
"""One case in so many is replayed through the kernel."""

ONE, OTHER = "one.", "other."
SUMS, SQUARES = "paired_sums", "paired_squares"
"""Names in the summary of a pair: the counts of each, and sums over cases of their differences."""


@attrs.frozen(kw_only=True)
class Setting:
    """What cases are run under.

    Attributes:
        procedure: a shipped procedure or a folder.
        fill: who speaks where it is silent; nobody if empty.
        values: figures of the procedure set for this run, by name.
        profile: a shipped profile or a file.
        figures: figures of the profile set for this run, by path.
        opens: the first day of the run.
        closes: the last day of the run.
    """

    procedure: str
    fill: str = ""
    values: tuple[tuple[str, int], ...] = ()
    profile: str = "england-2024"
    figures: tuple[tuple[str, float], ...] = ()
    opens: dt.date = dt.date(2019, 4, 1)
    closes: dt.date = dt.date(2024, 3, 31)

    @property
    def span(self) -> Span:
        """The days of the run."""
        return Span(self.opens, self.closes)

    @property
    def label(self) -> str:
        """What it is called: its procedure, with what is filled and set."""
        changed = [f"{name}={number}" for name, number in (*self.values, *self.figures)]
        filled_from = f" + {self.fill}" if self.fill else ""
        return self.procedure + filled_from + (f", with {', '.join(changed)}" if changed else "")

    def loaded(self) -> Procedure:
        """Return the procedure."""
        return _loaded(self.procedure, self.fill, self.values)

    def behaviour(self) -> Profile:
        """Return the profile, with the figures that are set."""
        profile = load_profile(self.profile, self.loaded())
        return profile.with_figures(dict(self.figures)) if self.figures else profile

    def runner(self, seed: int) -> Runner:
        """Return what runs its cases; compiled once in a process."""
        return Runner(_tables(self), seed)

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides the figures, but for the seed."""
        return _digest(self)


@lru_cache(maxsize=16)
def _loaded(name: str, fill: str, values: tuple[tuple[str, int], ...]) -> Procedure:
    return load(name, fill=fill, values=dict(values))


@lru_cache(maxsize=4)
def _tables(setting: Setting) -> Tables:
    return compile_tables(setting.loaded(), setting.behaviour(), setting.span)


@lru_cache(maxsize=64)
def _digest(setting: Setting) -> str:
    tables = _tables(setting)
    parts = (
        tables.procedure.digest.encode(),
        sources_digest().encode(),
        tables.law.tobytes(),
        tables.odds.tobytes(),
    )
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def filled(procedure: str, fill: str | None) -> str:
    """Return who speaks where a procedure is silent.

    Args:
        procedure: the procedure.
        fill: as it was asked for; ``None`` if nothing was said. A plan that no rule can end would
            go on to the last day; so where none can, endings are taken from those who speak of
            them.
    """
    if fill is not None:
        return fill
    ends = any(is_ended(state) for state in _loaded(procedure, "", ()).states)
    return "" if ends else ENDINGS_FROM


@attrs.frozen
class CaseloadJob:
    """Cases of one procedure."""

    setting: Setting
    seed: int

    @property
    def digest(self) -> str:
        """What decides the figures."""
        return hashlib.sha256(f"{self.setting.digest}\n{self.seed}".encode()).hexdigest()

    def summarise(self, first: int, last: int) -> Summary:
        """Run cases, and replay a sample of them.

        Raises:
            MismatchError: a case of the sample differs from the kernel.
            CaseError: a case could not be run to its end.
        """
        runner = self.setting.runner(self.seed)
        replay_sample(runner, first, last)
        return runner.run(first, last)


@attrs.frozen
class PairJob:
    """The same cases under two settings, with the same draws."""

    one: Setting
    other: Setting
    seed: int

    @property
    def digest(self) -> str:
        """What decides the figures."""
        both = f"{self.one.digest}\n{self.other.digest}\n{self.seed}"
        return hashlib.sha256(both.encode()).hexdigest()

    def summarise(self, first: int, last: int) -> Summary:
        """Run the cases under both; raises as :meth:`CaseloadJob.summarise` does."""
        counts: dict[str, np.ndarray] = {}
        rows = []
        for prefix, setting in ((ONE, self.one), (OTHER, self.other)):
            runner = setting.runner(self.seed)
            replay_sample(runner, first, last)
            summary, row = runner.run_with_rows(first, last, last - first)
            counts |= {prefix + name: found for name, found in summary.counts.items()}
            rows.append(row)
        difference = rows[1] - rows[0]
        counts[SUMS] = difference.sum(axis=0)
        counts[SQUARES] = (difference * difference).sum(axis=0)
        return Summary(counts)


def part(summary: Summary, prefix: str) -> Summary:
    """Return one side of a pair's summary."""
    found = {n.removeprefix(prefix): c for n, c in summary.counts.items() if n.startswith(prefix)}
    return Summary(found)


def replay_sample(runner: Runner, first: int, last: int) -> None:
    """Hold one case in :data:`SAMPLE` against the kernel."""
    for number in range(-(-first // SAMPLE) * SAMPLE, last, SAMPLE):
        replay_one(runner, number)


def replay_one(runner: Runner, number: int) -> Plan:
    """Hold one case against the kernel, and return the kernel's plan."""
    procedure, span = runner.tables.procedure, runner.tables.span
    return simulated_case(runner, number).replay(Plan(procedure), span.closes)


def replay_endings(
    runner: Runner, counts: Mapping[str, int], most: int
) -> Iterator[tuple[str, int]]:
    """Hold the first case of each ending against the kernel.

    Args:
        runner: the run.
        counts: by ending, how many there are.
        most: how many cases to look through; an ending that only later ones have is not replayed.

    Yields:
        Each ending found, and the number of its case.
    """
    wanted = {ending for ending, count in counts.items() if count and is_ended(ending)}
    for number in range(most):
        if not wanted:
            return
        state = runner.state_of(number)
        if state in wanted:
            wanted.discard(state)
            replay_one(runner, number)
            yield state, number
