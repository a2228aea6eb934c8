"""Ways to an event: what the rules want done between an opening and what meets a duty.

Holds the bounds that rules put on days: a period that has to have run since a step, and the order
of the steps. Where rules leave a choice there are several ways, each with its own bounds. Only what
can't be done on the day of the opening is followed up; the rest puts nothing off.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import attrs

from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, StepNeed
from cpplan.rules import Edge
from cpplan_sim.consistency.lengths import length_of, told
from cpplan_sim.consistency.networks import Bound, Point, Side
from cpplan_sim.consistency.reach import Opened

Way = tuple[Bound, ...]
"""Bounds that hold together."""

NOTHING: tuple[Way, ...] = ((),)
"""One way, which asks for nothing."""

MOST_WAYS = 1_000
"""Ways of one question before it is given up as undecided."""


class TooManyWaysError(RuntimeError):
    """The rules leave so many ways that they can't all be looked at."""


def words(kind: str) -> str:
    """Return the name of a kind of event in words."""
    return kind.replace("-", " ")


def bounded(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Return ways that are worth keeping: where one asks for nothing, the others say no more.

    Raises:
        TooManyWaysError: they are more than :data:`MOST_WAYS`.
    """
    if len(ways) > MOST_WAYS:
        raise TooManyWaysError(f"more than {MOST_WAYS:,} ways")
    return NOTHING if () in ways else tuple(dict.fromkeys(ways))


def together(parts: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Return the ways of doing all of several things, each of which can be done in some ways."""
    joined = NOTHING
    for part in parts:
        if len(joined) * len(part) > MOST_WAYS:
            raise TooManyWaysError(f"more than {MOST_WAYS:,} ways")
        joined = tuple(
            tuple(dict.fromkeys((*one, *other))) for one, other in itertools.product(joined, part)
        )
    return joined


@attrs.frozen
class Ways:
    """Finds the ways from one opening.

    Attributes:
        opened: the opening and what can be reached from it.
        origin: the day of the opening.
        fields: the days that given fields of the opening name.
        done: what is done on the ways found, with the edge by which it is.
    """

    opened: Opened
    origin: Point
    fields: dict[str, Point] = attrs.field(eq=False)
    done: dict[Point, Edge] = attrs.field(eq=False, factory=dict)

    def to(self, edge: Edge, point: Point, within: frozenset[str] = frozenset()) -> tuple[Way, ...]:
        """Return the ways to take an edge; none if it can't be taken from the opening on.

        Args:
            edge: the edge.
            point: the day on which it is taken.
            within: the states and steps on the way to which this is asked: what they need can't
                need them in turn, since whatever stands was taken for a first time.
        """
        if edge.number in self.opened.at_once.edges:
            return NOTHING
        asked = [self._state(edge, point, within)]
        asked += [
            self._step(step, edge, point, within) for step in sorted(edge.given - self._counted)
        ]
        if edge.given_any:
            some = (self._step(step, edge, point, within) for step in sorted(edge.given_any))
            asked.append(bounded([way for ways in some for way in ways]))
        asked += [self._need(need, edge, point, within) for need in edge.rule.needs]
        return bounded(together(asked))

    @property
    def _counted(self) -> frozenset[str]:
        return frozenset(tally.reaches for tally in self.opened.procedure.tallies)

    def _need(
        self, need: Need, edge: Edge, point: Point, within: frozenset[str]
    ) -> tuple[Way, ...]:
        if isinstance(need, AnyNeed):
            found = [way for one in need.needs for way in self._need(one, edge, point, within)]
            return bounded(found)
        if isinstance(need, EarliestNeed):
            return self._period(need, edge, point, within)
        if isinstance(need, (StepNeed, LatestFieldNeed)):
            return self._step(need.step, edge, point, within, need.cites)
        return NOTHING

    def _state(self, edge: Edge, point: Point, within: frozenset[str]) -> tuple[Way, ...]:
        state = edge.source
        if state in self.opened.at_once.states:
            return NOTHING
        name = f"state {state}"
        entering = [e for e in self.opened.later_edges if e.target == state != e.source]
        return self._by(entering, name, edge, point, within)

    def _step(
        self,
        step: str,
        edge: Edge,
        point: Point,
        within: frozenset[str],
        cites: tuple[str, ...] = (),
    ) -> tuple[Way, ...]:
        if step in self.opened.at_once.steps:
            return NOTHING
        return self._by(self._setting(step), step, edge, point, within, cites)

    def _setting(self, step: str) -> list[Edge]:
        return [e for e in self.opened.later_edges if any(one.step == step for one in e.sets)]

    def _by(
        self,
        edges: Iterable[Edge],
        name: str,
        asking: Edge,
        point: Point,
        within: frozenset[str],
        cites: tuple[str, ...] = (),
    ) -> tuple[Way, ...]:
        """Return the ways to have something done by one of several edges, before ``point``."""
        if name in within:
            return ()
        found: list[Way] = []
        for edge in edges:
            done = self._done(edge, name)
            after = _order(point, done, asking, name, cites)
            found += [
                (after, *self._begun(done), *way) for way in self.to(edge, done, within | {name})
            ]
        return bounded(found)

    def _period(
        self, need: EarliestNeed, edge: Edge, point: Point, within: frozenset[str]
    ) -> tuple[Way, ...]:
        """Return the ways in which a period has run: since the opening, or since a later step."""
        opened, step = self.opened, need.step
        if opened.long_ago(step, opened.at_once.steps):
            return NOTHING
        if step in opened.set_now:
            return ((self._run(need, edge, point, self.origin),),)
        found: list[Way] = []
        if field := opened.dated_by(step):
            found.append((self._run(need, edge, point, self.fields[field]),))
        if step not in within:
            for setting in self._setting(step):
                done = self._done(setting, step)
                # A field can date the step long ago; the event that says so still has to come.
                dated = any(one.step == step and one.on_field for one in setting.sets)
                run = (
                    _order(point, done, edge, step, need.cites)
                    if dated
                    else self._run(need, edge, point, done)
                )
                found += [
                    (run, *self._begun(done), *way)
                    for way in self.to(setting, done, within | {step})
                ]
        return bounded(found)

    def _run(self, need: EarliestNeed, edge: Edge, point: Point, since: Point) -> Bound:
        length = length_of(need.value, self.opened.procedure.calendar, day_after=need.day_after)
        must = "after the last of" if need.day_after else "not before the last of"
        return Bound(
            side=Side.AT_LEAST,
            point=point,
            since=since,
            length=length,
            says=f"{point}: {must} {told(need.value)} from {since}",
            cites=need.cites,
            rule=edge.rule.id,
        )

    def _done(self, edge: Edge, name: str) -> Point:
        point = Point(words(edge.rule.match.event), f"{edge.rule.id} for {name}")
        self.done[point] = edge
        return point

    def _begun(self, done: Point) -> Way:
        """Return that what is done on the way is done from the opening on."""
        return (
            Bound(
                side=Side.AT_LEAST,
                point=done,
                since=self.origin,
                length=None,
                says=f"{done}: no earlier than {self.origin}, since it can't be done before",
            ),
        )


def _order(point: Point, done: Point, edge: Edge, name: str, cites: tuple[str, ...]) -> Bound:
    return Bound(
        side=Side.AT_LEAST,
        point=point,
        since=done,
        length=None,
        says=f"{point}: no earlier than {done}, as it needs {name.replace('-', ' ')}",
        cites=cites or edge.rule.cites,
        rule=edge.rule.id,
    )
