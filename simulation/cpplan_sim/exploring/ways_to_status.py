"""Ways to a status of a duty: short histories to it from the prover, or that there is none.

What has to happen in which order is put as a requirement that nothing of the kind ever happens, and
given to the prover to break. What it proves is that no history has the status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from cpplan import Plan, Procedure
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.fields import given, reader
from cpplan.matching import FieldTest, Match
from cpplan.obligations import Status
from cpplan.requirements import Atom, Requirement, Template
from cpplan.states import is_ended
from cpplan_sim.exploring.making import on_another_day
from cpplan_sim.exploring.naive_dates import ONE_DAY
from cpplan_sim.exploring.ways import PROBE, Ways
from cpplan_sim.proving.prover import Proof, Prover

_LATE = (Status.MET_LATE, Status.MISSED)

_History = tuple[Event, ...]


def to_status(procedure: Procedure, duty: Duty, status: Status) -> Ways:
    """Return histories by which a duty may come to a status, or why none does.

    What opens a duty only with a step that a rule takes is opened more often here than it is: such
    a duty may have ways that miss, and a proof about it holds.

    Args:
        procedure: whose duty it is.
        duty: the duty.
        status: one that the kind of duty allows.
    """
    return _Search(procedure, duty).ways(status)


class _Search:
    def __init__(self, procedure: Procedure, duty: Duty) -> None:
        self.procedure = procedure
        self.duty = duty
        self.prover = Prover(procedure)
        self.states = 0
        self.undecided = False

    def ways(self, status: Status) -> Ways:
        if status is Status.UNDECIDABLE and self.duty.agreed and not self.duty.expected:
            found = list(self._unagreed())
            return self._ways(found, "every history agrees its figure first")
        openings = self.duty.opens
        if status is Status.UNDECIDABLE and self.duty.expected:
            openings = self.duty.expected
        opened = list(self._breaking(_any(openings)))
        closings = list(self._closings(status))
        if not (opened and closings):
            return self._ways(opened, "nothing opens it")
        self.undecided = self._at_once(status)
        found = [
            self._dated(history, status)
            for closing in closings
            for history in self._breaking(_any(openings), closing)
        ]
        return self._ways(found, "once it is open nothing follows that would do it")

    def _ways(self, found: list[_History], why_not: str) -> Ways:
        if found or self.undecided:
            return Ways(tuple(found))
        return Ways(why_not=f"{why_not}: {self.states:,} states searched")

    def _at_once(self, status: Status) -> bool:
        """Return whether the duty may come to a status with the very event that opens it.

        What was done in advance meets it then; the end of the plan ends it then. Of one event after
        another, which is what is searched for, neither is.
        """
        if status in (Status.MET, Status.MET_LATE):
            return self.duty.earlier_counts
        kinds = {one.event for one in (*self.duty.opens, *self.duty.expected)}
        ending = {e.rule.match.event for e in self.procedure.edges if is_ended(e.target)}
        return not kinds.isdisjoint(ending)

    def _closings(self, status: Status) -> Iterator[Atom]:
        """Yield what brings the duty, once open, to a status; nothing if only time has to pass."""
        if status in (Status.MET, Status.MET_LATE):
            yield from map(Atom, self.duty.met_by)
        if status is Status.MISSED:
            yield from map(Atom, self.duty.due_at)
        if status in (Status.MISSED, Status.LAPSED):
            yield from map(Atom, self.duty.until)
            ended = () if self.duty.outlives_plan else filter(is_ended, self.procedure.states)
            yield from (Atom(enters=(state,)) for state in ended)

    def _breaking(self, first: Atom, then: Atom | None = None) -> Iterator[_History]:
        """Yield a history that has something, or one thing after another, if one can."""
        template = Template.ABSENCE if then is None else Template.NOT_SUCCESSION
        yield from self._broken(template, first, then)

    def _broken(self, template: Template, first: Atom, then: Atom | None) -> Iterator[_History]:
        proven = self.prover.prove(
            Requirement(
                id=PROBE,
                says="Not so.",
                topic=self.duty.topic,
                template=template,
                first=first,
                then=then,
            )
        )
        self.states += proven.states
        self.undecided = self.undecided or proven.proof is Proof.UNDECIDED
        if proven.proof is Proof.BROKEN:
            yield tuple(moment.event for moment in proven.history)

    def _unagreed(self) -> Iterator[_History]:
        """Yield a history that opens the duty before its figure is agreed, if one does."""
        agreed = _any(_with(Match(a.event), a.field, is_given=True) for a in self.duty.agreed)
        for opening in self.duty.opens:
            then = opening
            for one in self.duty.agreed:
                if one.event == opening.event:
                    then = _with(then, one.field, is_given=False)
            yield from self._broken(Template.PRECEDENCE, agreed, Atom(then))

    def _dated(self, way: _History, status: Status) -> _History:
        """Return a way whose last event is for the oldest that is open, and late if it is to be."""
        if self.duty.for_field and way[-1].kind in {one.event for one in self.duty.met_by}:
            unnamed: dict[str, Any] = {self.duty.for_field: None}
            way = (*way[:-1], attrs.evolve(way[-1], **unnamed))
        if status not in _LATE:
            return way
        plan = Plan.rebuild(self.procedure, way[:-1])
        days = [
            one.due_on
            for one in plan.obligations
            if one.duty.id == self.duty.id and one.outcome is None and one.due_on is not None
        ]
        late = max([way[-1].on, *(day + ONE_DAY for day in days)])
        moved = on_another_day(way[-1], late)
        return (*way[:-1], moved) if moved is not None else way


def _any(matches: Iterable[Match]) -> Atom:
    """Return what shows where one of some events does.

    Raises:
        ValueError: there are none, and an atom of nothing would be shown by everything.
    """
    atoms = tuple(Atom(one) for one in matches)
    if not atoms:
        raise ValueError("an atom needs an event")
    return Atom(any_of=atoms)


def _with(match: Match, field: str, *, is_given: bool) -> Match:
    """Return a match that asks in addition that a field is recorded, or that it is not."""
    test = FieldTest(
        path=field,
        says="is recorded" if is_given else "is not recorded",
        read=reader(field),
        holds_for=given if is_given else _missing,
        operand=is_given,
    )
    return attrs.evolve(match, where=(*match.where, test), tests=(*match._tests, test.holds))


def _missing(value: object) -> bool:
    return not given(value)
