"""Replaying a simulated case through the kernel: every decision, state and obligation the same.

The tables run a procedure fast; the kernel says what is right. Here a case is run once more with
its log kept, each entry is made into the event that it stands for, and the kernel is asked. Any
difference is a fault of the simulation, and fails the run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs

from cpplan import Plan, Refused
from cpplan.events import Event
from cpplan.obligations import Status
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.sayings import naming_fields, put_on
from cpplan_sim.caseload.tables import Tables

OUTCOMES = {
    c.OPEN: None,
    c.MET: Status.MET,
    c.MET_LATE: Status.MET_LATE,
    c.MISSED: Status.MISSED,
    c.LAPSED: Status.LAPSED,
    c.UNDECIDABLE: Status.UNDECIDABLE,
}


class MismatchError(AssertionError):
    """A simulated case and the kernel differ: the figures of the run are not to be trusted."""


@attrs.frozen
class Moment:
    """One thing tried in a simulated case.

    Attributes:
        event: the event.
        edge: the number of the edge taken; ``None`` if it was refused.
        codes: the codes of the refusal.
        state: the state before it.
    """

    event: Event
    edge: int | None
    codes: tuple[str, ...]
    state: str


@attrs.frozen
class Owed:
    """One obligation, as the simulation or the kernel has it."""

    duty: str
    anchor: dt.date | None
    due_on: dt.date | None
    opened_by: int
    opened_on: dt.date
    closed_by: int | None
    closed_on: dt.date | None
    outcome: Status | None


@attrs.frozen
class SimulatedCase:
    """One case of a run, told in full.

    Attributes:
        number: its number in the run.
        born: the child's birthday.
        opened: the day on which it opened.
        moments: what was tried and recorded, in order.
        owed: what was owed.
        statuses: how what is open stands on the last day.
        state: the state on the last day.
    """

    number: int
    born: dt.date
    opened: dt.date
    moments: tuple[Moment, ...]
    owed: tuple[Owed, ...]
    statuses: tuple[Status, ...]
    state: str

    def replay(self, plan: Plan, closes: dt.date) -> Plan:
        """Hold the case against the kernel.

        Args:
            plan: a plan with nothing recorded, under the procedure of the run.
            closes: the last day of the run.

        Returns:
            The kernel's plan.

        Raises:
            MismatchError: with the first difference, the case and the place in it.
        """
        for number, moment in enumerate(self.moments):
            plan = self._step(plan, number, moment)
        self._same(plan.state, self.state, "the state at the end")
        owed = tuple(owed_in(plan))
        for number, (told, kernel) in enumerate(zip(self.owed, owed, strict=False)):
            self._same(kernel, told, f"obligation {number + 1}")
        self._same(len(owed), len(self.owed), "how many obligations there are")
        known = tuple(sorted(status for _, status in plan.due(closes)))
        self._same(known, tuple(sorted(self.statuses)), f"what is due on {closes}")
        return plan

    def _step(self, plan: Plan, number: int, moment: Moment) -> Plan:
        where = f"attempt {number + 1}, {moment.event.kind} of {moment.event.on}"
        self._same(plan.state, moment.state, f"{where}: the state before")
        decision = plan.record(moment.event)
        if isinstance(decision, Refused):
            self._same(None, moment.edge, f"{where}: the rule")
            self._same(decision.codes, moment.codes, f"{where}: the reasons")
            return plan
        self._same(decision.plan.history[-1].edge.number, moment.edge, f"{where}: the rule")
        return decision.plan

    def _same(self, kernel: object, told: object, what: str) -> None:
        if kernel != told:
            raise MismatchError(
                f"case {self.number}: {what}: the kernel has {kernel}, the simulation {told}"
            )


def owed_in(plan: Plan) -> Iterator[Owed]:
    """Yield what was owed on a plan, as it is compared."""
    for one in plan.obligations:
        yield Owed(
            one.duty.id,
            one.anchor,
            one.due_on,
            one.opened_by,
            one.opened_on,
            one.closed_by,
            one.closed_on,
            one.outcome,
        )


def simulated_case(runner: Runner, number: int) -> SimulatedCase:
    """Return one case of a run in full, run again alone.

    Args:
        runner: the run.
        number: which case.
    """
    tables, life = runner.tables, runner.run_one(number)
    day = tables.span.day
    born = day(life[c.C_BORN])
    return SimulatedCase(
        number=number,
        born=born,
        opened=day(life[c.C_OPENED]),
        moments=tuple(_moments(tables, life, born)),
        owed=tuple(_owed(tables, life)),
        statuses=tuple(_statuses(tables, life)),
        state=tables.states[life[c.C_STATE]],
    )


def _moments(tables: Tables, life: Any, born: dt.date) -> Iterator[Moment]:
    naming, day = naming_fields(tables.procedure), tables.span.day
    at = int(tables.law[c.H_LOG])
    for row in range(at, at + int(life[c.C_LOGGED]) * c.L_WIDTH, c.L_WIDTH):
        saying = tables.sayings[life[row + c.L_SAYING]]
        on, named = day(life[row + c.L_DAY]), day(life[row + c.L_NAMED])
        edge, codes = int(life[row + c.L_EDGE]), row + c.L_CODES
        yield Moment(
            event=put_on(saying, on, born, named, naming),
            edge=edge if edge >= 0 else None,
            codes=tuple(tables.codes[life[codes + n]] for n in range(life[row + c.L_CODES_N])),
            state=tables.states[life[row + c.L_STATE]],
        )


def _obligations(tables: Tables, life: Any) -> Iterator[int]:
    at = int(tables.law[c.H_OBLIGATIONS])
    for row in range(at, at + int(life[c.C_OBLIGATIONS]) * c.O_WIDTH, c.O_WIDTH):
        if life[row + c.O_OUTCOME] != c.DROPPED:
            yield row


def _owed(tables: Tables, life: Any) -> Iterator[Owed]:
    def day(number: int) -> dt.date | None:
        return tables.span.day(number) if number >= 0 else None

    for row in _obligations(tables, life):
        closed = int(life[row + c.O_CLOSED_BY])
        yield Owed(
            tables.duties[tables.law[life[row + c.O_DUTY] + c.D_NUMBER]],
            day(life[row + c.O_ANCHOR]),
            day(life[row + c.O_DUE]),
            int(life[row + c.O_OPENED_BY]),
            tables.span.day(life[row + c.O_OPENED_ON]),
            closed if closed >= 0 else None,
            day(life[row + c.O_CLOSED_ON]),
            OUTCOMES[int(life[row + c.O_OUTCOME])],
        )


def _statuses(tables: Tables, life: Any) -> Iterator[Status]:
    """Yield how what is open stands on the last day, as the run counts it."""
    closes = tables.span.number(tables.span.closes)
    for row in _obligations(tables, life):
        if life[row + c.O_OUTCOME] != c.OPEN:
            continue
        due = life[row + c.O_DUE]
        unchosen = due < 0 and tables.law[life[row + c.O_DUTY] + c.D_UNCHOSEN]
        if life[row + c.O_ANCHOR] < 0 or unchosen:
            yield Status.UNDECIDABLE
        else:
            yield Status.OVERDUE if 0 <= due < closes else Status.DUE


def replay(runner: Runner, number: int) -> Plan:
    """Run one case again and hold it against the kernel; see :meth:`SimulatedCase.replay`."""
    case = simulated_case(runner, number)
    return case.replay(Plan(runner.tables.procedure), runner.tables.span.closes)
