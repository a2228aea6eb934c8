"""Running cases one after another, each from its own number alone."""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.beginning import begin
from cpplan_sim.caseload.compiled import bare, compiled
from cpplan_sim.caseload.counting import SUMMED, count_case
from cpplan_sim.caseload.living import live


@compiled
def run_cases(law, odds, life, counts, seed, first, last, opens, span, closes, rows, logs):
    """Run the cases from ``first`` up to, and without, ``last``.

    Args:
        law: the procedure and what people do; see :class:`cpplan_sim.caseload.tables.Tables`.
        odds: shares and chances.
        life: room for a case that runs.
        counts: what is counted.
        seed: of the run.
        first: the number of the first case.
        last: the number after that of the last.
        opens: the first day on which a case opens.
        span: over how many days cases open.
        closes: the last day that is looked at.
        rows: for the sums of each case; room for one is used by all in turn.
        logs: whether to keep what is tried and recorded, of the last case run.

    Returns:
        The first case that could not be run to its end; ``last`` if all could.
    """
    return _run(
        bare(law),
        bare(odds),
        bare(life),
        bare(counts),
        seed,
        first,
        last,
        opens,
        span,
        closes,
        bare(rows),
        SUMMED if len(rows) > SUMMED else 0,
        logs,
    )


@compiled
def _run(law, odds, life, counts, seed, first, last, opens, span, closes, rows, each, logs):
    for case in range(first, last):
        begin(law, odds, life, seed, case, opens, span)
        live(law, odds, life, counts, seed, closes, logs)
        if life[c.C_FAULT] != c.NO_FAULT:
            return case
        count_case(law, life, counts, closes, rows, (case - first) * each)
    return last
