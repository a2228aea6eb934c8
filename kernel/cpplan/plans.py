"""A plan: a value that knows its procedure, its state, its steps and its history.

Nothing here changes in place. Recording an event gives a decision, and an accepted decision holds
the new plan. The history alone rebuilds a plan that has stayed under one edition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from cpplan.carried_duties import carried_over
from cpplan.decisions import Accepted, Decision, Refused
from cpplan.explaining import explain
from cpplan.obligations import Obligation, Reckoning, Status
from cpplan.refusals import reasons_against, unmet_beforehand
from cpplan.states import BEFORE_PLAN, is_ended

if TYPE_CHECKING:
    from cpplan.decisions import Reason
    from cpplan.events import Event
    from cpplan.procedures import Procedure
    from cpplan.rules import Edge, Rule

NO_STEPS: Mapping[str, dt.date] = MappingProxyType({})
NO_COUNTS: Mapping[tuple[str, str], int] = MappingProxyType({})


class HistoryError(ValueError):
    """A history can't have been accepted by this procedure.

    Attributes:
        number: which event, counted from 0.
    """

    def __init__(self, number: int, message: str) -> None:
        """Keep the event's number and say what is wrong with it."""
        self.number = number
        super().__init__(f"event {number + 1}: {message}")


@attrs.frozen
class Entry:
    """One event of a history, with the edge it took.

    Attributes:
        event: what was recorded.
        edge: the rule, from the state in which it was recorded.
    """

    event: Event
    edge: Edge

    @property
    def rule(self) -> Rule:
        """The rule that let the event through."""
        return self.edge.rule

    @property
    def state(self) -> str:
        """The state after the event."""
        return self.edge.target


@attrs.frozen
class Option:
    """An event that can be recorded now, if its fields are as they should be.

    Attributes:
        event: its kind.
        rule: the rule for it.
        target: the state it leads to.
        asks: what the event itself has to hold.
    """

    event: str
    rule: Rule
    target: str
    asks: tuple[Reason, ...]


@attrs.frozen(eq=False)
class Plan:
    """One child's plan under one procedure.

    Its repr, which ends in logs by default, says nothing of what was recorded: see :meth:`explain`.
    Two plans are equal if their procedures have the same content, their histories the same
    events, and they came from the same plan of another edition, if from any.

    Attributes:
        procedure: the rules it is under.
        state: the state it is in.
        steps: the steps that stand, with the day each was taken.
        history: the events recorded, oldest first, with the rule each took.
        counts: the tallies, as the procedure counts them.
        came: the plan as it left another edition, and when; ``None`` if it began under this one.
    """

    procedure: Procedure = attrs.field(repr=lambda procedure: procedure.name)
    state: str = attrs.field(default=BEFORE_PLAN, repr=False)
    steps: Mapping[str, dt.date] = attrs.field(default=NO_STEPS, repr=False)
    history: tuple[Entry, ...] = attrs.field(default=(), repr=lambda of: f"{len(of)} events")
    counts: Mapping[tuple[str, str], int] = attrs.field(default=NO_COUNTS, repr=False)
    came: Came | None = attrs.field(default=None, repr=False)
    _obligations: tuple[Obligation, ...] | None = attrs.field(init=False, default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return whether the other is the same history under the same procedure."""
        if not isinstance(other, Plan):
            return NotImplemented
        return (
            self.procedure.digest == other.procedure.digest
            and self.events == other.events
            and self.came == other.came
        )

    def __hash__(self) -> int:
        """Return a hash that equal plans share."""
        return hash((self.procedure.digest, self.events))

    @classmethod
    def rebuild(cls, procedure: Procedure, events: Iterable[Event]) -> Plan:
        """Return the plan that a history gives, without judging the events again.

        Args:
            procedure: the procedure under which the events were accepted.
            events: the events, oldest first.

        Raises:
            HistoryError: an event has no rule where it stands, or is dated before the one that it
                follows, so this procedure never accepted it.
        """
        state = BEFORE_PLAN
        steps: Mapping[str, dt.date] = NO_STEPS
        counts: Mapping[tuple[str, str], int] = NO_COUNTS
        entries: list[Entry] = []
        engine, tallies = procedure.engine, procedure.tallied
        for number, event in enumerate(events):
            known = steps
            if event.kind in tallies:
                known, counts = procedure.tally(event, steps, counts)
            if entries and event.on < entries[-1].event.on:
                raise HistoryError(number, f"{event.on} is before {entries[-1].event.on}")
            edge = engine.route(state, event, known)
            if edge is None:
                raise HistoryError(number, f"{event.kind} has no rule in {state}")
            steps = edge.step_days(event, steps)
            state = edge.target
            entries.append(Entry(event, edge))
        return cls(procedure, state, steps, tuple(entries), counts)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events recorded, oldest first."""
        return tuple(entry.event for entry in self.history)

    @property
    def ended(self) -> bool:
        """Whether the plan is over."""
        return is_ended(self.state)

    @property
    def last_day(self) -> dt.date | None:
        """The day of the latest event."""
        return self.history[-1].event.on if self.history else None

    def record(self, event: Event) -> Decision:
        """Judge an event, and give the plan with it if it is accepted.

        Args:
            event: what happened. It is dated no earlier than the latest event.

        Returns:
            ``Accepted`` with the new plan, or ``Refused`` with every reason.
        """
        facts, counts = self._facts(event)
        history = self.history
        late = history and event.on < history[-1].event.on
        edge = None if late else self.procedure.engine.enforce(self.state, event, facts)
        if edge is None:
            return Refused(reasons_against(self, event, facts))
        return Accepted(self._after(event, edge, counts), edge.rule, self)

    def unjudged(self, event: Event) -> Plan | None:
        """Return the plan with an event that happened whatever is to be said against it.

        For a history in which something is put right: what came later happened all the same.
        ``None`` if no rule has a place for the event in this state, or it is dated before the
        latest.
        """
        facts, counts = self._facts(event)
        if self.last_day is not None and event.on < self.last_day:
            return None
        edge = self.procedure.engine.route(self.state, event, facts.steps)
        return None if edge is None else self._after(event, edge, counts)

    def _after(self, event: Event, edge: Edge, counts: Mapping[tuple[str, str], int]) -> Plan:
        steps = edge.step_days(event, self.steps)
        history = (*self.history, Entry(event, edge))
        return Plan(self.procedure, edge.target, steps, history, counts, self.came)

    def why_not(self, event: Event) -> Refused | None:
        """Return every reason why ``event`` would be refused; ``None`` if it would be accepted."""
        facts, _ = self._facts(event)
        reasons = reasons_against(self, event, facts)
        return Refused(reasons) if reasons else None

    def allowed(self, on: dt.date) -> tuple[Option, ...]:
        """Return what can be recorded on a day, as far as steps and dates decide it.

        What the event itself has to hold is listed with each: whether it does is known only once
        there is an event. On a day before the latest event, nothing can be.
        """
        if self.last_day is not None and on < self.last_day:
            return ()
        options = []
        for edge in self.procedure.edges_from(self.state):
            unmet = unmet_beforehand(edge, self, on)
            if unmet is not None:
                options.append(Option(edge.rule.match.event, edge.rule, edge.target, unmet))
        return tuple(options)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """Everything that was ever owed on this plan, in order of opening."""
        # Remembered by hand: a cached property would slow every other attribute to a third.
        if self._obligations is None:
            found = self._owed()
            object.__setattr__(self, "_obligations", found)
            return found
        return self._obligations

    def due(self, on: dt.date) -> tuple[tuple[Obligation, Status], ...]:
        """Return what is owed at the end of a day, soonest first: due, overdue or undecidable.

        An event after ``on`` is part of what is known, and still counts: ask an earlier plan for
        what was known then.

        Raises:
            CalendarRangeError: something falls due outside the years that the calendar covers.
        """
        owed = [(one, one.status(on)) for one in self.obligations]
        waiting = [(one, status) for one, status in owed if status in _OWED and one.is_open(on)]
        return tuple(sorted(waiting, key=_soonest))

    def _owed(self) -> tuple[Obligation, ...]:
        reckoning = Reckoning(self.procedure.duty_index, self.procedure.calendar)
        if self.came is None:
            return reckoning.read(self.history)
        former, duties = self.came.plan, self.procedure.duties
        past = len(former.history)
        found = reckoning.read(self.history[:past])
        reckoning.go_on_with(
            carried_over(former.obligations, found, duties, reckoning.due, self.came.on)
        )
        return reckoning.read(self.history[past:])

    def explain(self) -> str:
        """Return where the plan stands, how it got there, what is open and what can follow."""
        return explain(self)

    def _facts(self, event: Event) -> tuple[_Facts | Plan, Mapping[tuple[str, str], int]]:
        """Return what the needs may know, with the step of a tally that this event completes."""
        if event.kind not in self.procedure.tallied:
            return self, self.counts
        steps, counts = self.procedure.tally(event, self.steps, self.counts)
        return (self if steps is self.steps else _Facts(steps, self.events)), counts


@attrs.frozen
class Came:
    """Where a plan came from when it was put under another edition.

    Attributes:
        plan: the plan as it stood under the edition that it left.
        on: its first day under the other.
    """

    plan: Plan
    on: dt.date


_OWED = (Status.DUE, Status.OVERDUE, Status.UNDECIDABLE)


def _soonest(owed: tuple[Obligation, Status]) -> tuple[dt.date, str]:
    return (owed[0].due_on or dt.date.max, owed[0].duty.id)


@attrs.frozen
class _Facts:
    """A plan's facts with the step of a tally added for one event."""

    steps: Mapping[str, dt.date]
    events: tuple[Event, ...]
