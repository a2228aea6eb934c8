"""Scopes: one opening with all that hangs on it, as temporal networks.

Holds what may be held against each other: the duties that one event opens, those that what meets
them can't but open, and the events by which one of them has to be done, where such an event meets
another. Where the rules leave ways open there is a network for each, and only what none of them
allows can't be done.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from cpplan.duties import Duty, Limit
from cpplan.events import KINDS
from cpplan.events.base import PAST
from cpplan.needs import LatestFieldNeed
from cpplan.rules import Edge
from cpplan_sim.consistency.cells import implies
from cpplan_sim.consistency.lengths import length_of, told
from cpplan_sim.consistency.networks import Bound, Network, Point, Side
from cpplan_sim.consistency.openings import Opening, taken_by
from cpplan_sim.consistency.ways import NOTHING, Way, Ways, bounded, together, words


@attrs.frozen
class Owed:
    """A duty in a scope.

    Attributes:
        duty: which.
        anchor: the point that its time is counted from.
        after: the point from which it is owed.
        done: the point at which it is met.
    """

    duty: Duty
    anchor: Point
    after: Point
    done: Point

    @property
    def dated(self) -> bool:
        """Whether it has a due date that can be counted."""
        return is_dated(self.duty)


def is_dated(duty: Duty) -> bool:
    """Return whether a duty's due date can be counted: it has a figure, and that is chosen."""
    counted = duty.limit in (Limit.WITHIN, Limit.EVERY, Limit.BEFORE)
    return counted and duty.value is not None and duty.value.amount is not None


# Without slots: a cached property needs a dict.
@attrs.frozen(eq=False, slots=False)
class Scope:
    """An opening, the duties owed from it, and the networks that they make."""

    opening: Opening

    @cached_property
    def origin(self) -> Point:
        """The opening."""
        return Point(words(self.opening.edge.rule.match.event), "opening")

    @cached_property
    def fields(self) -> Mapping[str, Point]:
        """The days that fields of the opening event name."""
        kind = self.opening.edge.rule.match.event
        return {
            field: Point(_label(kind, field), "named by the opening")
            for _, field in self.opening.duties
            if field
        }

    @cached_property
    def roots(self) -> tuple[Owed, ...]:
        """The duties that the opening opens."""
        return tuple(
            Owed(duty, self.fields[field] if field else self.origin, self.origin, _done(duty))
            for duty, field in self.opening.duties
        )

    def chained(self, roots: Iterable[Owed]) -> tuple[Owed, ...]:
        """Return duties with those added that what meets one of them can't but open.

        None that recurs: one that is open already is not opened again.
        """
        found = list(roots)
        known = {owed.duty.id for owed in self.roots}
        for owed in found:
            for duty in self.opening.opened.procedure.duties.values():
                if duty.id in known or duty.recurs or owed.duty.earlier_counts:
                    continue
                if implies(owed.duty.met_by, duty.opens):
                    known.add(duty.id)
                    found.append(Owed(duty, owed.done, owed.done, _done(duty)))
        return tuple(found)

    def networks(self, owed: Iterable[Owed]) -> tuple[Network, ...]:
        """Return a network for each way of meeting some of the duties; none if there is no way.

        Raises:
            TooManyWaysError: the rules leave too many ways.
            OutsideTableError: the calendar's table is too short for a period.
        """
        chosen = tuple(owed)
        fixed = [bound for one in chosen for bound in self._owing(one)]
        fixed += self._reached(chosen)
        fixed += [bound for field in self.fields for bound in self._named(field)]
        finder = Ways(self.opening.opened, self.origin, dict(self.fields))
        ways = together([self._ways(one, finder) for one in chosen])
        made = ((*fixed, *way, *self._touching(chosen, way, finder.done)) for way in ways)
        return tuple(Network(self.origin, tuple(dict.fromkeys(bounds))) for bounds in made)

    def _touching(
        self, chosen: tuple[Owed, ...], way: Way, done: Mapping[Point, Edge]
    ) -> Iterator[Bound]:
        """Yield what an event on a way does to the duties that the opening opens.

        If it can't but count for one, it is not before the first that does, which meets it; and
        one that has to have been done by then has been.
        """
        points = dict.fromkeys(bound.point for bound in way if bound.point in done)
        roots = [one for one in chosen if one.after == self.origin]
        for point, one in itertools.product(points, roots):
            match = (done[point].rule.match,)
            first = not one.duty.for_field and not self._may_be_early(one.duty)
            if first and implies(match, one.duty.met_by):
                yield Bound(
                    side=Side.AT_LEAST,
                    point=point,
                    since=one.done,
                    length=None,
                    says=f"{point}: no earlier than the first of its kind, which meets"
                    f" {one.duty.id}",
                    cites=one.duty.cites,
                )
            if _once(one.duty) and implies(match, one.duty.due_at):
                yield _by_then(one, point)

    def _ways(self, owed: Owed, finder: Ways) -> tuple[Way, ...]:
        """Return the ways to what meets a duty."""
        opened, duty = self.opening.opened, owed.duty
        if self._may_be_early(duty):
            return NOTHING
        found: list[Way] = []
        for match in duty.met_by:
            for edge in taken_by(match, opened.later_edges):
                found += finder.to(edge, owed.done)
        return bounded(found)

    def _may_be_early(self, duty: Duty) -> bool:
        """Return whether what meets a duty may come before it is opened."""
        opened = self.opening.opened
        return duty.earlier_counts and any(
            edge.number in opened.before.edges
            for match in duty.met_by
            for edge in taken_by(match, opened.procedure.edges)
        )

    def _owing(self, owed: Owed) -> Iterator[Bound]:
        """Yield the due date of a duty, and that it is met after it is opened."""
        duty, done = owed.duty, owed.done
        if owed.dated:
            assert duty.value is not None, "a dated duty has a figure"
            back = duty.limit is Limit.BEFORE
            side = "before" if back else "after"
            yield Bound(
                side=Side.AT_MOST,
                point=done,
                since=owed.anchor,
                length=length_of(duty.value, self.opening.opened.procedure.calendar, back=back),
                says=f"{done}: no later than {told(duty.value)} {side} {owed.anchor}",
                cites=duty.cites,
                duty=duty.id,
            )
        if not self._may_be_early(duty):
            yield Bound(
                side=Side.AT_LEAST,
                point=done,
                since=owed.after,
                length=None,
                says=f"{done}: no earlier than {owed.after}, from which it is owed",
                cites=duty.cites,
            )

    def _reached(self, chosen: tuple[Owed, ...]) -> Iterator[Bound]:
        """Yield that a duty is met by the event at which it has to have been, if that meets one."""
        for one in chosen:
            if one.after != self.origin or not _once(one.duty):
                continue
            for other in chosen:
                if other.duty.id == one.duty.id or self._may_be_early(other.duty):
                    continue
                if implies(other.duty.met_by, one.duty.due_at):
                    yield _by_then(one, other.done)

    def _named(self, field: str) -> Iterator[Bound]:
        """Yield what limits a day that the opening event names."""
        rule, point = self.opening.edge.rule, self.fields[field]
        if _is_past(rule.match.event, field):
            yield Bound(
                side=Side.AT_MOST,
                point=point,
                since=self.origin,
                length=None,
                says=f"{point}: no later than {self.origin}, which tells of it",
            )
        for need in rule.needs:
            if isinstance(need, LatestFieldNeed) and need.path == field:
                taken = Point(need.step.replace("-", " "), "step before the opening")
                length = length_of(need.value, self.opening.opened.procedure.calendar)
                yield Bound(
                    side=Side.AT_MOST,
                    point=point,
                    since=taken,
                    length=length,
                    says=f"{point}: no later than {told(need.value)} after {taken}",
                    cites=need.cites,
                    rule=rule.id,
                )
                yield Bound(
                    side=Side.AT_MOST,
                    point=taken,
                    since=self.origin,
                    length=None,
                    says=f"{taken}: no later than {self.origin}, which needs it",
                    cites=need.cites,
                    rule=rule.id,
                )


def _done(duty: Duty) -> Point:
    kinds = dict.fromkeys(words(match.event) for match in duty.met_by)
    return Point(" or ".join(kinds), f"meets {duty.id}")


def _by_then(owed: Owed, point: Point) -> Bound:
    """Return that a duty is met by an event at which it has to have been."""
    return Bound(
        side=Side.AT_MOST,
        point=owed.done,
        since=point,
        length=None,
        says=f"{owed.done}: no later than {point}, by which it is to be done",
        cites=owed.duty.cites,
        duty=owed.duty.id,
    )


def _once(duty: Duty) -> bool:
    """Return whether the first event at which a duty has to have been met is the last for it."""
    if not duty.due_at:
        return False
    return duty.limit is not Limit.EVERY_EVENTS or (
        duty.value is not None and duty.value.amount == 1
    )


def _is_past(kind: str, field: str) -> bool:
    return bool(attrs.fields_dict(KINDS[kind])[field].metadata.get(PAST))


def _label(kind: str, field: str) -> str:
    return str(attrs.fields_dict(KINDS[kind])[field].metadata.get("label", field))
