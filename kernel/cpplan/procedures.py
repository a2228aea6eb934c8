"""A procedure: clauses, figures, rules, duties and requirements, checked and ready to enforce.

Holds the finished thing. How it is made from files is in :mod:`cpplan.loading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from cpplan.decisions import Omission
from cpplan.duties import Duty, DutyIndex
from cpplan.engine import Engine
from cpplan.fields import MISSING, given, label
from cpplan.states import BEFORE_PLAN, GROUPS, STATES, is_ended

if TYPE_CHECKING:
    from cpplan.calendars import Calendar
    from cpplan.clauses import Clause
    from cpplan.events import Event
    from cpplan.fields import Read
    from cpplan.matching import Match
    from cpplan.requirements import Possibility, Requirement
    from cpplan.rules import Edge, Rule, Tally
    from cpplan.values import Value


@attrs.frozen(kw_only=True)
class Record:
    """A field that a procedure wants recorded with an event.

    Attributes:
        match: the events it is for.
        path: the field.
        given: steps that must stand for it to be wanted.
        given_none: steps that must not stand.
        optional: whether its absence means only that there was nothing to record.
        cites: the clauses that ask for it.
    """

    match: Match
    path: str
    read: Read = attrs.field(repr=False, eq=False)
    says: str
    given: frozenset[str] = frozenset()
    given_none: frozenset[str] = frozenset()
    optional: bool = False
    cites: tuple[str, ...] = ()

    def omitted(self, event: Event, steps: Mapping[str, dt.date]) -> bool:
        """Return whether the field is wanted with this event and not there."""
        value = self.read(event)
        if given(value) or (self.optional and value in (*MISSING, [])):
            return False
        wanted = self.given <= steps.keys() and self.given_none.isdisjoint(steps)
        return wanted and self.match.matches(event)


# Without slots: with them, a cached property slows every other attribute to a third of its speed.
@attrs.frozen(kw_only=True, slots=False)
class Procedure:
    """One procedure in one edition.

    Attributes:
        name: the name users see.
        title: its full title.
        edition: which edition of the source, and of what date.
        valid_from: the first date on which that edition is in force, where known.
        valid_to: the last one, where known.
        jurisdiction: whose law and holidays apply.
        says: what it is, in a sentence or two.
        calendar: decides what a working day is.
        values: its figures.
        steps: the steps it knows, with what each means.
        topics: what a procedure can speak of, with what each means.
        rules: how its lifecycle moves.
        tallies: what it counts.
        duties: what falls due.
        records: what it wants recorded.
        requirements: what no path may skip.
        possible: what must stay possible.
        silent: the topics that its source says nothing of, with a remark.
        filled: the topics that were filled from another pack, and which.
        excused: clauses that nothing enforces, with the reason.
        clauses: the clauses of its sources.
        digest: a hash over everything that decides what it does.
    """

    name: str
    title: str
    edition: str
    jurisdiction: str
    says: str
    calendar: Calendar = attrs.field(repr=False)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    values: Mapping[str, Value] = attrs.field(repr=False)
    steps: Mapping[str, str] = attrs.field(repr=False)
    topics: Mapping[str, str] = attrs.field(repr=False)
    rules: Mapping[str, Rule] = attrs.field(repr=False)
    tallies: tuple[Tally, ...] = attrs.field(repr=False)
    duties: Mapping[str, Duty] = attrs.field(repr=False)
    records: Mapping[str, tuple[Record, ...]] = attrs.field(repr=False)
    requirements: Mapping[str, Requirement] = attrs.field(repr=False)
    possible: Mapping[str, Possibility] = attrs.field(repr=False, factory=dict)
    silent: Mapping[str, str] = attrs.field(repr=False)
    filled: Mapping[str, str] = attrs.field(repr=False, factory=dict)
    excused: Mapping[str, str] = attrs.field(repr=False)
    clauses: Mapping[str, Clause] = attrs.field(repr=False)
    digest: str

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every rule from every state it applies in, numbered in order."""
        found = [edge for rule in self.rules.values() for edge in rule.edges]
        entered = {edge.target for edge in found if edge.source != edge.target}
        # What can be noted after any ending is noted after those that the procedure has.
        kept = [edge for edge in found if edge.source in entered or not is_ended(edge.source)]
        return tuple(edge.numbered(number) for number, edge in enumerate(kept))

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states that its rules lead from or to, in lifecycle order."""
        named = {BEFORE_PLAN}
        for edge in self.edges:
            named |= {edge.source, edge.target}
        return tuple(state for state in STATES if state in named)

    @cached_property
    def engine(self) -> Engine:
        """The machine that enforces the edges."""
        return Engine(self.edges, self.states)

    @cached_property
    def duty_index(self) -> DutyIndex:
        """Finds the duties that an event can change."""
        return DutyIndex.of(tuple(self.duties.values()))

    @cached_property
    def tallied(self) -> frozenset[str]:
        """The kinds of event that a tally counts or is reset by."""
        return frozenset(kind for t in self.tallies for kind in (t.counts.event, t.resets.event))

    @cached_property
    def _edges_from(self) -> Mapping[str, tuple[Edge, ...]]:
        return {s: tuple(e for e in self.edges if e.source == s) for s in self.states}

    def edges_from(self, state: str) -> tuple[Edge, ...]:
        """Return the edges that leave a state, or stay in it."""
        return self._edges_from.get(state, ())

    @cached_property
    def rules_ahead(self) -> Mapping[str, Mapping[str, Rule]]:
        """For each state, the rules that can still matter to a plan in it, by id, in order."""
        return {state: self._rules_from(self._reached(state)) for state in self.states}

    def _rules_from(self, states: Collection[str]) -> Mapping[str, Rule]:
        return {edge.rule.id: edge.rule for edge in self.edges if edge.source in states}

    def _reached(self, state: str) -> Collection[str]:
        """Return the states that can follow a state, and that state itself."""
        reached = [state]
        for one in reached:
            targets = dict.fromkeys(edge.target for edge in self.edges_from(one))
            reached += [target for target in targets if target not in reached]
        return reached

    def tally(
        self,
        event: Event,
        steps: Mapping[str, dt.date],
        counts: Mapping[tuple[str, str], int],
    ) -> tuple[Mapping[str, dt.date], Mapping[tuple[str, str], int]]:
        """Return the steps, with those of tallies that ``event`` completes, and the new counts.

        Either is the mapping given where the event changes nothing in it.
        """
        for tally in self.tallies:
            count = tally.after(event, counts)
            if count:
                counts = {**counts, tally.key(event): count}
                if count >= tally.at:
                    steps = {**steps, tally.reaches: event.on}
            elif count == 0 and tally.key(event) in counts:
                reset = tally.key(event)
                counts = {key: count for key, count in counts.items() if key != reset}
        return steps, counts

    def omissions(self, event: Event, steps: Mapping[str, dt.date]) -> tuple[Omission, ...]:
        """Return the fields that this procedure wants recorded with an event and doesn't find."""
        wanted = self.records.get(event.kind, ())
        return tuple(
            Omission(record.path, record.says, record.cites)
            for record in wanted
            if record.omitted(event, steps)
        )


def states_named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the states that a list of states and groups stands for, in lifecycle order."""
    wanted = {state for name in names for state in GROUPS.get(name, (name,))}
    return tuple(state for state in STATES if state in wanted)


def field_says(event: type, path: str) -> str:
    """Return the sentence for a field that is not recorded."""
    words = label(event, path)
    return f"{words[:1].upper()}{words[1:]} is not recorded."
