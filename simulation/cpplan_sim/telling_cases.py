"""One case of a run, told as a timeline."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from cpplan import Plan, Procedure
from cpplan.obligations import Status
from cpplan_sim.caseload.replaying import Moment, SimulatedCase
from cpplan_sim.story import Line, Tone

CLOSED = {
    Status.MET: ("in time", Tone.GOOD),
    Status.MET_LATE: ("late", Tone.WARNING),
    Status.MISSED: ("missed", Tone.BAD),
    Status.LAPSED: ("owed no more", Tone.QUIET),
    Status.UNDECIDABLE: ("by a day that nobody knows", Tone.WARNING),
}


def timeline(case: SimulatedCase, plan: Plan, closes: dt.date) -> Iterator[Line]:
    """Yield a case line by line: what was tried, what it met or missed, what is owed at the end.

    Args:
        case: the case.
        plan: the same, as the kernel has it.
        closes: the last day of the run.
    """
    procedure = plan.procedure
    yield Line(Tone.TITLE, f"Case {case.number}, under {procedure.name}")
    yield Line(Tone.QUIET, f"An invented child, born {case.born}. Opened {case.opened}.")
    closed = defaultdict(list)
    for one in plan.obligations:
        if one.closed_by is not None and one.outcome is not None:
            closed[one.closed_by].append((one.duty.id, one.outcome, one.due_on))
    recorded = 0
    for moment in case.moments:
        yield _line(procedure, moment)
        if moment.edge is None:
            continue
        for duty, outcome, due in closed[recorded]:
            words, tone = CLOSED[outcome]
            day = f", due {due}" if due else ""
            yield Line(tone, f"              {duty}: {words}{day}")
        recorded += 1
    yield Line(Tone.TITLE, f"{closes}  {case.state}")
    for one, status in plan.due(closes):
        day = f" by {one.due_on}" if one.due_on else ""
        tone = Tone.BAD if status is Status.OVERDUE else Tone.PLAIN
        yield Line(tone, f"              {one.duty.id}{day}: {status}")


def _line(procedure: Procedure, moment: Moment) -> Line:
    told = f"{moment.event.on}  {moment.state}: {moment.event.kind}"
    if moment.edge is None:
        return Line(Tone.WARNING, f"{told}: refused ({', '.join(moment.codes)})")
    target = procedure.edges[moment.edge].target
    return Line(Tone.PLAIN, told if target == moment.state else f"{told} -> {target}")
