"""Telling a difference: as a scenario file that ``cpplan run`` replays, and as plain data."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cpplan import Plan, Procedure
from cpplan.codec import event_to_dict
from cpplan.obligations import Obligation
from cpplan_sim.exploring.differences import Difference, Oracle
from cpplan_sim.exploring.explored import Explored
from cpplan_sim.exploring.naive_dates import NaiveDates
from cpplan_sim.exploring.naive_duties import NaiveDuty, Owed
from cpplan_sim.exploring.owing import days_of, happened
from cpplan_sim.exploring.shrinking import Shrunk
from cpplan_sim.exploring.things import Sort
from cpplan_sim.writing import Source, written


def file_name(procedure: Procedure, difference: Difference) -> str:
    """Return a name for the scenario file of a difference."""
    words = f"{procedure.name} {difference.oracle} {difference.subject}"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") + ".yaml"


def scenario(procedure: Procedure, found: Shrunk, source: Source, folder: Path) -> str:
    """Return the text of a scenario file that tells a difference.

    The events expect what the kernel answers now. A difference over days adds what is due as it is
    counted one day at a time, so that the file fails until the two agree.

    Args:
        procedure: whose difference it is.
        found: the difference with its history.
        source: how the procedure was loaded.
        folder: where the file will stand.
    """
    difference, moments = found.difference, found.moments
    if difference.oracle is Oracle.CRASH:
        moments = moments[:-1]  # nothing can be expected of what was never answered
    text = written(
        procedure,
        moments,
        title=f"{difference.oracle} {difference.subject}: found by exploring",
        why=_why(found),
        cites=difference.cites,
        source=source,
        folder=folder,
    )
    return text + "".join(_due(procedure, found))


def _why(found: Shrunk) -> str:
    difference = found.difference
    if difference.oracle is Oracle.CRASH:
        last = json.dumps(event_to_dict(found.moments[-1].event), ensure_ascii=False)
        return f"The kernel raises {difference.says}, when after these events comes {last}"
    if difference.oracle is Oracle.REQUIREMENT:
        return f"The last event breaks a requirement. {difference.says}"
    return difference.says


def _due(procedure: Procedure, found: Shrunk) -> Iterator[str]:
    """Yield the lines that say what is due, as counted, when the kernel has it otherwise."""
    if found.difference.oracle is not Oracle.DATES:
        return
    duty = found.difference.subject
    plan, counted = _counted(procedure, found, duty)
    ours = [one for one in plan.obligations if one.duty.id == duty]
    if not ours or not counted.owed:
        return
    day = _day_apart(ours[-1], counted, counted.owed[-1], plan)
    if day is None:
        return
    due, status = counted.owed[-1].due, counted.status(counted.owed[-1], day)
    by = f", due: {due}" if due is not None else ""
    yield f"due:\n  - on: {day}\n    duties: {{{duty}: {{status: {status}{by}}}}}\n"


def _day_apart(ours: Obligation, counted: NaiveDuty, theirs: Owed, plan: Plan) -> dt.date | None:
    """Return a day on which the two statuses differ, or the last if only the day due does."""
    assert plan.last_day is not None, "something is owed, so something happened"
    days = days_of(ours, plan.last_day)
    if theirs.due is not None:
        days |= {theirs.due, theirs.due + dt.timedelta(days=1)}
    apart = [day for day in sorted(days) if ours.status(day) != counted.status(theirs, day)]
    known = [day for day in apart if day >= theirs.opened_on]
    if known:
        return known[0]
    return plan.last_day if ours.due_on != theirs.due else None


def _counted(procedure: Procedure, found: Shrunk, duty: str) -> tuple[Plan, NaiveDuty]:
    recorded = [moment.event for moment in found.moments if moment.recorded]
    plan = Plan.rebuild(procedure, recorded)
    counted = NaiveDuty(procedure.duties[duty], NaiveDates.of(procedure.calendar))
    for number, entry in enumerate(plan.history):
        counted.read(happened(number, entry))
    return plan, counted


def as_data(explored: Explored) -> dict[str, Any]:
    """Return what was found as plain data, for machines."""
    seen = explored.exercise
    return {
        "procedure": explored.procedure.name,
        "edition": explored.procedure.edition,
        "digest": explored.procedure.digest,
        "filled": dict(explored.procedure.filled),
        "seed": explored.seed,
        "passed": explored.passed,
        "histories": seen.histories,
        "longest": seen.longest,
        "events": {"accepted": seen.accepted, "refused": seen.refused},
        "exercised": {
            sort.value: {
                one.name: times for one, times in explored.counts.items() if one.sort is sort
            }
            for sort in Sort
        },
        "excused": {str(one): why for one, why in explored.excused.items()},
        "wrongly-excused": [str(one) for one in explored.wrongly_excused],
        "never-exercised": [str(one) for one in explored.unseen],
        "stopped-early": explored.stopped,
        "differences": [_difference(one) for one in explored.differences],
    }


def _difference(found: Shrunk) -> dict[str, Any]:
    difference = found.difference
    return {
        "held-against": difference.oracle.value,
        "about": difference.subject,
        "says": difference.says,
        "cites": list(difference.cites),
        "history": [
            {"event": event_to_dict(one.event), "accepted": one.recorded, "state": one.after}
            for one in found.moments
        ],
    }
