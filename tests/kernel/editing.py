"""Editions made up for tests, by changing the standards, and ledgers to put under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from cpplan import Ledger, Plan, Procedure
from cpplan.duties import Duty
from cpplan.events import Trigger
from cpplan.states import ESCALATED
from tests.kernel.histories import STANDARDS, START, day, opened, raised, visit
from tests.kernel.ledgering import JERSEY, WELL, jersey_decided, kept, recorded

LEDGER = kept(*WELL)
OUTLINED = kept(opened(), jersey_decided(START), visit(day(1)), ledger=Ledger.opened(JERSEY))
ESCALATED_LEDGER = kept(*WELL, raised(Trigger.RISK_CHANGE, day(15)))


def edited(procedure: Procedure, **changed: Any) -> Procedure:
    """Return another edition, made up: the procedure with something changed."""
    return attrs.evolve(procedure, digest=f"made up: {sorted(changed)}", **changed)


def without(procedure: Procedure, part: str, *names: str) -> Procedure:
    """Return another edition, made up: the procedure without some of its rules or duties."""
    left = {key: one for key, one in getattr(procedure, part).items() if key not in names}
    return edited(procedure, **{part: left})


def under(ledger: Ledger, to: Procedure, on: dt.date) -> Ledger:
    """Return the ledger with its plan put under another edition on a day."""
    known = ledger.knowing(to)
    latest = max(on, ledger.entries[-1].recorded_on)
    return recorded(known, known.migrated(to, on, id=f"m{on}", recorded_on=latest))


def owed(plan: Plan) -> Mapping[str, list[Any]]:
    """Return for each duty its due days and outcomes, in order."""
    told: dict[str, list[Any]] = {}
    for one in plan.obligations:
        told.setdefault(one.duty.id, []).append((one.due_on, one.outcome))
    return told


def every(days: int) -> Procedure:
    """Return another edition, made up, with a visit every so many days."""
    duty, unit = STANDARDS.duties["visit"], JERSEY.values["meeting-change-notice"].unit
    assert duty.value is not None
    value = attrs.evolve(duty.value, amount=days, unit=unit)
    changed = attrs.evolve(duty, value=value)
    return edited(STANDARDS, duties={**STANDARDS.duties, "visit": changed})


def with_duty(duty: Duty) -> Procedure:
    """Return another edition, made up: the standards with another duty in place of one."""
    return edited(STANDARDS, duties={**STANDARDS.duties, duty.id: duty})


def escalated_nowhere() -> Procedure:
    """Return the standards without any way into or out of escalated."""
    rules = STANDARDS.rules.values()
    gone = [r.id for r in rules if ESCALATED in (*r.sources, r.target) or r.target == "origin"]
    return without(STANDARDS, "rules", *gone)
