"""A run of cases: the tables, the seed, and the cases that are run with them."""

from __future__ import annotations

import threading
from typing import Any

import attrs

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.cases import run_cases
from cpplan_sim.caseload.counting import SUMMED
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.tables import Tables, case_rows

FAULTS = {
    c.OUTSIDE: "a deadline lies where the calendar of the procedure does not reach",
    c.TOO_MUCH: "more happened in it than there is room for",
    c.TOO_LONG: "its acts go round in a circle",
}


class CaseError(RuntimeError):
    """A case could not be run to its end; the message names it and says why."""


@attrs.frozen(eq=False)
class Runner:
    """Runs cases of one run.

    Attributes:
        tables: the procedure and the profile.
        seed: of the run.
    """

    tables: Tables
    seed: int
    _kept: threading.local = attrs.field(factory=threading.local, init=False, repr=False)

    def _held(self) -> tuple[Any, Any, Any, Any]:
        """Return rows that this thread uses again and again, where the counts don't matter."""
        if not hasattr(self._kept, "rows"):
            self._kept.rows = self.tables.rows()
        rows: tuple[Any, Any, Any, Any] = self._kept.rows
        return rows

    def run(self, first: int, last: int) -> Summary:
        """Return what is counted over the cases from ``first`` up to, and without, ``last``.

        Raises:
            CaseError: one of them could not be run to its end.
        """
        return self.run_with_rows(first, last, 1)[0]

    def run_with_rows(self, first: int, last: int, number: int) -> tuple[Summary, Any]:
        """Return what is counted, and the sums of each case if there is room for so many."""
        law, odds, life, counts = self.tables.rows()
        rows = case_rows(number)
        self._run((law, odds, life, counts), first, last, rows, logs=False)
        return self.tables.summary(counts), rows.reshape(-1, SUMMED)

    def run_one(self, number: int) -> Any:
        """Return the life of one case, with its log."""
        held = self._held()
        self._run(held, number, number + 1, case_rows(1), logs=True)
        return held[2]

    def state_of(self, number: int) -> str:
        """Return the state that a case is in on the last day."""
        held = self._held()
        self._run(held, number, number + 1, case_rows(1), logs=False)
        return self.tables.states[int(held[2][c.C_STATE])]

    def _run(self, held: Any, first: int, last: int, rows: Any, *, logs: bool) -> None:
        span = self.tables.span
        opens, closes = span.number(span.opens), span.number(span.closes)
        which = (self.seed, first, last, opens, closes - opens, closes)
        reached = run_cases(*held, *which, rows, logs)  # type: ignore[call-arg]  # mypy counts no stars
        if reached < last:
            why = FAULTS[int(held[2][c.C_FAULT])]
            raise CaseError(f"case {reached} could not be run: {why}")
