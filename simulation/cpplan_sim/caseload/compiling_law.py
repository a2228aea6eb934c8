"""A procedure made into tables, by asking its own rules, needs and duties about every saying.

What a saying decides by itself is settled here for good, by the kernel's objects. What turns on
steps, days and what was recorded before is left as numbers for :mod:`cpplan_sim.caseload.judging`
and :mod:`cpplan_sim.caseload.owing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from cpplan import Procedure
from cpplan.duties import Duty, Limit
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    StepNeed,
)
from cpplan.refusals import (
    BEFORE_LAST_EVENT,
    NO_RULE_FOR_THESE_FIELDS,
    NOT_IN_THIS_STATE,
    PLAN_ENDED,
    PROCEDURE_SILENT,
)
from cpplan.rules import Edge
from cpplan.states import ACTIVE, ESCALATED, REVIEW, is_ended
from cpplan.values import Value
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.day_tables import Span, age_table, period_table
from cpplan_sim.caseload.heap import Heap
from cpplan_sim.caseload.sayings import BIRTH, REFERENCE, naming_fields, settled

OURS = (
    BEFORE_LAST_EVENT,
    PLAN_ENDED,
    PROCEDURE_SILENT,
    NOT_IN_THIS_STATE,
    NO_RULE_FOR_THESE_FIELDS,
)
"""Codes of refusals that come from the machinery. The first is numbered 0."""


STAGES = {ACTIVE: c.STAGE_ACTIVE, ESCALATED: c.STAGE_ESCALATED, REVIEW: c.STAGE_REVIEW}


@attrs.frozen(kw_only=True)
class Places:
    """Where things stand that others point to.

    Attributes:
        duties, sayings: where the rows begin in the law.
        owed, said: where what is owed and the last sayings begin in a life.
        slots: where each count of a tally stands in a life.
    """

    duties: int
    sayings: int
    owed: int
    said: int
    slots: Mapping[tuple[str, str], int]


@attrs.define(eq=False)
class LawCompiler:
    """Compiles one procedure for a list of sayings.

    Attributes:
        procedure: what is compiled.
        sayings: what can be said.
        span: the days of the run.
        classes: the kinds of event that take a visit or a meeting of a team's day.
        heap: where the tables are put.
        places: where things stand.
        codes: the codes of refusals, numbered.
        edges: by the place of a move, its saying and its edge.
    """

    procedure: Procedure
    sayings: Sequence[Event]
    span: Span
    classes: Mapping[str, int]
    heap: Heap
    places: Places
    codes: dict[str, int] = attrs.field(factory=lambda: {code: n for n, code in enumerate(OURS)})
    edges: dict[int, tuple[Event, Edge]] = attrs.field(factory=dict)
    _periods: dict[tuple[str, int], int] = attrs.field(factory=dict)

    @cached_property
    def states(self) -> dict[str, int]:
        """The states, numbered."""
        return {state: number for number, state in enumerate(self.procedure.states)}

    @cached_property
    def steps(self) -> dict[str, int]:
        """Where each step stands, those that remember an origin or that a tally reaches too."""
        return {step: c.C_WIDTH + n for n, step in enumerate(steps_of(self.procedure))}

    @cached_property
    def kinds(self) -> dict[str, int]:
        """The kinds of event that are said, numbered."""
        said = dict.fromkeys(saying.kind for saying in self.sayings)
        return {kind: number for number, kind in enumerate(said)}

    @cached_property
    def duties(self) -> dict[str, int]:
        """Where the row of each duty stands."""
        return {d: self.places.duties + n * c.D_WIDTH for n, d in enumerate(self.procedure.duties)}

    @property
    def saying_width(self) -> int:
        """The length of the row of a saying."""
        return c.S_PLACE + c.S_PER_STATE * len(self.states)

    def compile(self) -> None:
        """Put every saying with its moves in the tables."""
        tallies = [self.heap.add([self.steps[t.reaches], t.at]) for t in self.procedure.tallies]
        for number, saying in enumerate(self.sayings):
            row = self._says(number, saying, tallies)
            for state in self.states:
                row += [*self._moves(saying, state), self.codes[self._no_rule(saying, state)]]
            self.heap.put(self.places.sayings + number * self.saying_width, row)
        self.heap.put(c.H_HERE, [self._here()])

    def _here(self) -> int:
        """Put where, by state, the sayings stand that a rule may let in without ending the plan."""
        pairs: list[int] = []
        for state in self.states:
            here = [
                self.places.sayings + number * self.saying_width
                for number, saying in enumerate(self.sayings)
                if self._goes_on(saying, state)
            ]
            pairs += self.heap.listed(here)
        return self.heap.add(pairs)

    def _goes_on(self, saying: Event, state: str) -> bool:
        candidates = self.procedure.engine.candidates(state, saying.kind)
        edges = [edge for edge in candidates if edge.rule.match.holds(saying)]
        ends = is_ended(state)
        return any(ends or not is_ended(edge.target) for edge in edges)

    def _says(self, number: int, saying: Event, tallies: Sequence[int]) -> list[int]:
        tallied = []
        for place, tally in zip(tallies, self.procedure.tallies, strict=True):
            if (after := tally.after(saying, {})) is not None:
                tallied += [place, int(after > 0), self.places.slots[tally.key(saying)]]
        at, length = self.heap.listed(tallied)
        kind = self.kinds[saying.kind]
        return [
            number,
            kind,
            self.places.said + kind,
            at,
            length // 3,
            int(saying.kind == VISIT_MADE and saying.child_seen is not False),  # type: ignore[attr-defined]
            self.classes.get(saying.kind, c.OTHER),
            int(getattr(saying, BIRTH, None) is not None),
        ]

    @cached_property
    def naming(self) -> frozenset[str]:
        """The fields that name the day of what a duty was opened by."""
        return naming_fields(self.procedure)

    # ------------------------------------------------------------------------------ moves

    def _moves(self, saying: Event, state: str) -> tuple[int, int]:
        candidates = self.procedure.engine.candidates(state, saying.kind)
        edges = [edge for edge in candidates if edge.rule.match.holds(saying)]
        rows = [self._move(saying, edge) for edge in edges]
        at = self.heap.add([number for row in rows for number in row])
        for number, edge in enumerate(edges):
            self.edges[at + number * c.M_WIDTH] = (saying, edge)
        return at, len(rows)

    def _move(self, saying: Event, edge: Edge) -> list[int]:
        sets = [
            number
            for one in sorted(edge.sets, key=lambda one: bool(one.on_field))
            for number in (self.steps[one.step], *self.day_of(saying, one.on_field))
        ]
        at, length = self.heap.listed(sets)
        return [
            edge.number,
            self.states[edge.target],
            *self._steps(edge.given),
            *self._steps(edge.given_any),
            *self._steps(edge.given_none),
            *self._needs(edge.rule.needs, saying),
            at,
            length // 3,
            *self._steps(edge.clears),
            *self._effects(saying, edge),
            0,
            0,
            int(is_ended(edge.target)),
            (saying.in_effect_on - REFERENCE).days,
            int(edge.target != edge.source),
        ]

    def _steps(self, steps: frozenset[str]) -> tuple[int, int]:
        return self.heap.listed(self.steps[step] for step in sorted(steps))

    def day_of(self, saying: Event, field: str) -> tuple[int, int]:
        """Return how a day that a saying gives is found from its own day, birth or naming."""
        if not field:
            return c.ON, 0
        value: dt.date | None = getattr(saying, field)
        if value is None:
            return c.ABSENT, 0
        if field == BIRTH:
            return c.BIRTH, 0
        return (c.NAMED, 0) if field in self.naming else (c.ON, (value - REFERENCE).days)

    # ------------------------------------------------------------------------------ needs

    def _needs(self, needs: Sequence[Need], saying: Event) -> tuple[int, int]:
        rows = [[*self._asked(need, saying), self._code(need)] for need in needs]
        return self.heap.add([number for row in rows for number in row]), len(rows)

    def _code(self, need: Need) -> int:
        return self.codes.setdefault(need.code, len(self.codes))

    def _asked(self, need: Need, saying: Event) -> tuple[int, int, int, int]:
        match need:
            case StepNeed():
                return c.STEP, self.steps[need.step], 0, 0
            case NoStepNeed():
                return c.NO_STEP, self.steps[need.step], 0, 0
            case EarliestNeed():
                period = self.period(need.value, need.value.amount)
                return c.EARLIEST, self.steps[need.step], period, int(need.day_after)
            case LatestFieldNeed() if need.read(saying) is not None:
                period = self.period(need.value, need.value.amount)
                day = self.heap.add(self.day_of(saying, need.path))
                return c.LATEST, self.steps[need.step], period, day
            case CoversNeed() if need.event in self.kinds:
                earlier = self.places.said + self.kinds[need.event]
                return c.COVERS, earlier, self._covered(need, saying), 0
            case AnyNeed() if not settled(need):
                inner = [[*self._asked(one, saying), c.NONE] for one in need.needs]
                return c.ANY, self.heap.add(n for row in inner for n in row), len(inner), 0
        return (c.TRUE if need.holds(saying, _NO_FACTS) else c.FALSE), 0, 0, 0

    def _covered(self, need: CoversNeed, saying: Event) -> int:
        """List, for each saying that could be the earlier event, whether this one covers it."""
        return self.heap.add(
            int(earlier.kind == need.event and need.holds(saying, _Facts({}, (earlier,))))
            for earlier in self.sayings
        )

    def period(self, value: Value, amount: int | None) -> int:
        """Return where a period stands; ``NONE`` if its figure was never chosen."""
        if amount is None:
            return c.NONE
        if (value.id, amount) not in self._periods:
            table = period_table(self.span, value, amount, self.procedure.calendar)
            self._periods[value.id, amount] = self.heap.add(table)
        return self._periods[value.id, amount]

    def age(self, years: int) -> int:
        """Return where the birthdays of an age stand."""
        if ("", years) not in self._periods:
            self._periods["", years] = self.heap.add(age_table(self.span, years))
        return self._periods["", years]

    # ---------------------------------------------------------------------------- refusals

    def _no_rule(self, saying: Event, state: str) -> str:
        """Return the code where no rule applies, as :mod:`cpplan.refusals` words it."""
        engine = self.procedure.engine
        if is_ended(state):
            return PLAN_ENDED
        if not engine.states_for(saying.kind) or not engine.knows(saying):
            return PROCEDURE_SILENT
        if not engine.candidates(state, saying.kind):
            return NOT_IN_THIS_STATE
        return NO_RULE_FOR_THESE_FIELDS

    # ------------------------------------------------------------------------------ duties

    def _effects(self, saying: Event, edge: Edge) -> tuple[int, int]:
        touched = self.procedure.duty_index.touched_by(saying.kind)
        rows = [row for duty in touched if (row := self._effect(duty, saying, edge))]
        return self.heap.add([number for row in rows for number in row]), len(rows)

    def _effect(self, duty: Duty, saying: Event, edge: Edge) -> list[int]:
        """Return what an event does to a duty; nothing if it does nothing."""
        opens = _matching(duty.opens, saying, edge)
        mode, offset = self.day_of(saying, opens.on_field) if opens else (c.ABSENT, 0)
        meets, due_at, until, expected = (
            int(_matching(matches, saying, edge) is not None)
            for matches in (duty.met_by, duty.due_at, duty.until, duty.expected)
        )
        agreed = self._agreed(duty, saying)
        if not (meets or due_at or until or expected) and mode == c.ABSENT and agreed == c.NONE:
            return []
        has = bool(duty.for_field) and hasattr(saying, duty.for_field)
        names = has and self.day_of(saying, duty.for_field)[0] == c.NAMED
        duty_at = self.duties[duty.id]
        return [duty_at, meets, due_at, until, agreed, mode, offset, expected, int(names)]

    def _agreed(self, duty: Duty, saying: Event) -> int:
        period = c.NONE
        for agreed in duty.agreed:
            figure = getattr(saying, agreed.field) if agreed.event == saying.kind else None
            if figure is not None:
                period = self.limit(duty, figure)
        return period

    def limit(self, duty: Duty, amount: int | None) -> int:
        """Return where a duty's time stands, with the figure in force."""
        if duty.value is None or duty.limit in (Limit.EVERY_EVENTS, Limit.BEFORE_EVENT):
            return c.NONE
        signed = -amount if amount is not None and duty.limit is Limit.BEFORE else amount
        return self.period(duty.value, signed)

    def duty_row(self, duty: Duty, number: int, act: int, keeping: int) -> list[int]:
        """Return a duty as a row.

        Args:
            duty: the duty.
            number: how many-th it is.
            act: where the act that is done for it stands.
            keeping: where in the odds it stands how it is kept.
        """
        value = duty.value
        counted = value is not None and duty.limit is Limit.EVERY_EVENTS
        return [
            number,
            self.limit(duty, value.amount if value else None),
            int(value is not None and value.amount is None),
            int(duty.recurs),
            int(duty.outlives_plan),
            int(duty.earlier_counts),
            (value.amount or 1) if counted and value is not None else 1,
            int(any(match.event == REVIEW_OPENED for match in duty.met_by)),
            act,
            self.places.owed + number * c.W_WIDTH,
            keeping,
        ]


VISIT_MADE = "visit-made"
"""A visit; by one at which the child was seen the gap between visits is measured."""

REVIEW_OPENED = "review-conference-opened"
"""What meets a duty to hold a review: by it plans are told that were reviewed in time."""


def steps_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the steps of a procedure, those that rules alone know of included."""
    named = dict.fromkeys(procedure.steps)
    for edge in procedure.edges:
        named |= dict.fromkeys([*(one.step for one in edge.sets), *edge.clears, *edge.given])
    named |= dict.fromkeys(tally.reaches for tally in procedure.tallies)
    return tuple(named)


def tally_keys(procedure: Procedure, sayings: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    """Return whose counts sayings can change."""
    keys = {
        tally.key(saying): None
        for saying in sayings
        for tally in procedure.tallies
        if tally.after(saying, {}) is not None
    }
    return tuple(keys)


@attrs.frozen
class _Facts:
    """What a need may know of a plan, as far as it is asked for here."""

    steps: dict[str, dt.date]
    events: tuple[Event, ...]


_NO_FACTS = _Facts({}, ())


def _matching(matches: Sequence[Match], saying: Event, edge: Edge) -> Match | None:
    """Return the first match that means this event on this edge, as an obligation reads it."""
    taken = {one.step for one in edge.sets}
    for match in matches:
        if match.matches(saying) and (not match.takes or match.takes in taken):
            return match
    return None
