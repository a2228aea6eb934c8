"""Beginnings: told cases of a procedure, from which histories go on."""

from __future__ import annotations

from cpplan import Procedure
from cpplan.events import Event
from cpplan_sim.scenarios import read_all, shipped

Beginning = tuple[Event, ...]


def told(procedure: Procedure) -> tuple[Beginning, ...]:
    """Return the events of the told cases that are shipped under a procedure's name.

    A case that was told under other figures, or with silences filled, is a history all the same:
    what it says is attempted, and whatever the kernel answers is judged.
    """
    cases = read_all(shipped(procedure.name))
    return tuple(tuple(step.event for step in case.steps) for case in cases if case.steps)
