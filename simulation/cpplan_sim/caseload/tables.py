"""A procedure and a profile as tables of whole numbers: what the compiled functions run.

Holds the finished tables and the names of what is in them. They are filled in
:mod:`cpplan_sim.caseload.compiling`, by asking the kernel's rules, needs and duties about every
saying; no rule is written here a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from cpplan import Procedure
from cpplan.events import Event
from cpplan_sim.caseload.acts import Act
from cpplan_sim.caseload.compiled import is_compiled
from cpplan_sim.caseload.counting import COUNTED, SUMMED
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.summaries import Summary

Longs = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Tables:
    """Everything that a run needs, compiled.

    Attributes:
        procedure, profile: what it was compiled from.
        span: the days of the run.
        law: the procedure and what people do; ``columns`` says what stands where.
        odds: shares and chances.
        life_size: how many numbers a running case takes.
        shapes: of the counts, by name.
        states, steps, kinds, codes, duties: the names of the numbers.
        sayings: the events that stand for what is recorded.
        acts: what people do.
    """

    procedure: Procedure
    profile: Profile
    span: Span
    law: npt.NDArray[np.int32]
    odds: npt.NDArray[np.float64]
    life_size: int
    shapes: Mapping[str, tuple[int, ...]]
    states: tuple[str, ...]
    steps: tuple[str, ...]
    kinds: tuple[str, ...]
    codes: tuple[str, ...]
    duties: tuple[str, ...]
    sayings: tuple[Event, ...]
    acts: tuple[Act, ...]

    def rows(self) -> tuple[Any, Any, Any, Any]:
        """Return law, odds, a life and counts of nothing, as the functions take them.

        Without the compiler, lists: Python reads them three times as fast as arrays.
        """
        life = np.zeros(self.life_size, dtype=np.int64)
        counts = np.zeros(sum(map(_size, self.shapes.values())), dtype=np.int64)
        found = (self.law, self.odds, life, counts)
        return found if is_compiled() else tuple(one.tolist() for one in found)  # type: ignore[return-value]

    def summary(self, counts: Any) -> Summary:
        """Return what was counted, by name."""
        row = np.asarray(counts, dtype=np.int64)
        found, at = {}, 0
        for name in COUNTED:
            size = _size(self.shapes[name])
            found[name] = row[at : at + size].reshape(self.shapes[name]).copy()
            at += size
        return Summary(found)


def case_rows(number: int) -> Longs:
    """Return room for the sums of so many cases."""
    return np.zeros(number * SUMMED, dtype=np.int64)


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=np.int64))


def year_ends(span: Span) -> list[int]:
    """Return the numbers of each 31 March up to the last day, and of the last day itself."""
    opens, closes = span.number(span.opens), span.number(span.closes)
    years = range(span.opens.year, span.closes.year + 1)
    ends = (span.number(dt.date(year, 3, 31)) for year in years)
    return [*(day for day in ends if opens <= day < closes), closes]
