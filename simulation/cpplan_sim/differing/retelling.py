"""Retelling: a path of a pair told to both kernels, with real events and dates.

The kernels have the last word. Where they do not take a path, what stood in its way is given, to be
tracked by the next search.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import TypeGuard

import attrs

from cpplan import Accepted, Decision, Plan, Refused
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import (
    AnyNeed,
    EarliestNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.differing.denying import DeniedField
from cpplan_sim.differing.pairing import Link, Pair
from cpplan_sim.differing.saying import (
    one_role,
    other_role,
    said,
    say,
    tightest,
    touching,
    unmatching,
)
from cpplan_sim.differing.substance import implied
from cpplan_sim.fabricating import ABSENT, GIVEN, fabricate
from cpplan_sim.proving.abstraction import Machine, Move
from cpplan_sim.proving.judging import period_of
from cpplan_sim.proving.tracking import Tracked
from cpplan_sim.taking import FIRST_DAY
from cpplan_sim.wanting import Fields, Wanting

_AGENCIES = (Role.CHILDRENS_SOCIAL_CARE, Role.HEALTH, Role.SCHOOL, Role.POLICE)
_CHILDHOOD = dt.timedelta(days=8 * 365)
_GROWN = dt.timedelta(days=18 * 366)


@attrs.frozen
class Retold:
    """What came of telling a path to both kernels.

    Attributes:
        events: what both took, and at a parting the event that only the one took.
        reasons: why the other refused that; none where both took all.
        blocked_by: what has to be tracked to see that the path is none.
        why: what stood in the way, in words; empty if the kernels took the path.
    """

    events: tuple[Event, ...]
    reasons: Refused | None = None
    blocked_by: Tracked = attrs.field(factory=Tracked)
    why: str = ""


@attrs.frozen
class Teller:
    """Tells paths of a machine to both kernels.

    Attributes:
        machine: whose paths.
        pair: the two procedures.
        said: what the last event has to be one of, for its kind.
        start: the day on which a history begins.
    """

    machine: Machine
    pair: Pair
    said: Sequence[Match] = ()
    start: dt.date = FIRST_DAY

    def told(self, path: Sequence[Move], seed: int) -> Retold:
        """Tell a path; the seed decides what is left open of its events."""
        return _Retelling(self, random.Random(seed)).told(path)


class _Retelling:
    def __init__(self, teller: Teller, rng: random.Random) -> None:
        self.machine, self.pair, self.said = teller.machine, teller.pair, teller.said
        self.rng = rng
        self.allowed, self.refused = Plan(self.pair.allowing), Plan(self.pair.refusing)
        self.on = teller.start

    def told(self, path: Sequence[Move]) -> Retold:
        """Tell the path, as far as the kernels take it."""
        for move in path:
            link = self.pair.link(move.edge)
            self._until_reached(move.edge)
            self.on = self._day(move)
            wanted = self._wanted(move)
            if move is path[-1]:
                for match in self.said:
                    say(wanted, match, move.edge, self.on)
            if link.parting:
                return self._parted(move, link, wanted)
            event = fabricate(move.edge.rule.match.event, self.on, wanted, self.rng, _AGENCIES)
            blocked = self._both(move.edge, link, event)
            if blocked is not None:
                return blocked
        return Retold(self.allowed.events)

    @property
    def _facts(self) -> Plan:
        return self.pair.plan(self.allowed, self.refused)

    def _both(self, edge: Edge, link: Link, event: Event) -> Retold | None:
        """Record an event with both; return what blocked it if one did not take its edge."""
        ours, theirs = self.allowed.record(event), self.refused.record(event)
        if _took(ours, link.allowing) and _took(theirs, link.refusing):
            self.allowed, self.refused = ours.plan, theirs.plan
            return None
        return self._blocked(edge, event)

    def _parted(self, move: Move, link: Link, wanted: Fields) -> Retold:
        """Try events that may part them: first one that lacks all that the other needs besides."""
        kind, blocked = move.edge.rule.match.event, Retold((), why="nothing could be tried")
        for fields in self._parting_fields(move, link, wanted):
            event = fabricate(kind, self.on, fields, self.rng, _AGENCIES)
            theirs = self.refused.record(event)
            blocked = self._blocked(move.edge, event)
            if isinstance(self.allowed.record(event), Refused):
                blocked = attrs.evolve(blocked, why=f"{kind} is refused by both")
            elif isinstance(theirs, Refused) and _shows(theirs, self.refused, event, link):
                return Retold((*self.allowed.events, event), theirs)
        return blocked

    def _parting_fields(self, move: Move, link: Link, wanted: Fields) -> Iterator[Fields]:
        if link.refusing is None or link.lacking is None:
            yield from self._unruled_fields(move, wanted)
            return
        ours, shape = link.allowing.rule.needs, [path for path, _ in move.shape.values]
        more = [n for n in link.refusing.rule.needs if not any(implied(n, one) for one in ours)]
        for lacking, over in ((more, False), ([link.lacking], False), ([link.lacking], True)):
            yield self._spoilt(wanted, ours, lacking, shape if over else [*wanted])
        yield wanted

    def _unruled_fields(self, move: Move, wanted: Fields) -> Iterator[Fields]:
        """Yield fields of an event for which the other has no rule."""
        yield wanted
        for fields in unmatching(self.pair.refusing, move.edge.rule.match.event):
            yield {**wanted, **fields}
            yield {**self._wanted(move, shaped=False), **fields}

    def _spoilt(
        self, wanted: Fields, ours: Sequence[Need], lacking: Sequence[Need], kept: Sequence[str]
    ) -> Fields:
        """Return what is wanted of an event that lacks some of what the other needs.

        Args:
            wanted: what our rule wants of it.
            ours: what our rule needs.
            lacking: what it is to lack.
            kept: the paths at which nothing is changed.
        """
        wanting, spoilt = Wanting(self._facts, self.on, self.rng), dict(wanted)
        for need in lacking:
            if isinstance(need, RoleNeed):
                other_role(spoilt, ours, need, self.rng)
                continue
            more = wanting.spoiling(need)
            spoilt.update((path, v) for path, v in more.items() if not touching(path, kept))
        return spoilt

    def _blocked(self, edge: Edge, event: Event) -> Retold:
        facts = self._facts
        found = _routing(edge, facts)
        for need in edge.rule.needs:
            if not need.holds(event, facts):
                found |= _stakes(need)
        found = attrs.evolve(found, steps=found.steps - self.machine.alphabet.tallied)
        return Retold((), blocked_by=found, why=f"{event.kind} does not part them")

    def _day(self, move: Move) -> dt.date:
        """Return the first day on which all that has to have run by then has run."""
        facts, counted = self._facts, self.machine.alphabet.counted
        periods = self.machine.alphabet.named_periods(move.waited)
        counting = [need for need in move.edge.rule.needs if isinstance(need, EarliestNeed)]
        days = [need.earliest(facts) for need in [*counting, *(counted[p] for p in periods)]]
        return max([self.on, *(day for day in days if day is not None)])

    def _wanted(self, move: Move, *, shaped: bool = True) -> Fields:
        """Return what an event has to say to take an edge, in its shape or another."""
        edge, facts = move.edge, self._facts
        needs = [need for need in edge.rule.needs if not isinstance(need, DeniedField)]
        wanted = Wanting(facts, self.on, self.rng).fields(needs)
        one_role(wanted, needs, self.rng)
        tightest(wanted, needs)
        for path, values in edge.rule.match.when:
            wanted[path] = values[0]
        for path, value in move.shape.values if shaped else ():
            wanted.pop(f"{path}[]", None)
            wanted[path] = said(value)
        for dated in (step for step in edge.rule.sets if step.on_field):
            if not move.letter.effect.sets & self.machine.alphabet.steps[dated.step]:
                wanted[dated.on_field] = ABSENT
            elif wanted.get(dated.on_field) in (None, GIVEN):
                wanted[dated.on_field] = self.on - self._age(move, dated.step)
        self._agency(edge, wanted, facts)
        return wanted

    def _age(self, move: Move, step: str) -> dt.timedelta:
        run = self.machine.alphabet.named_periods(move.after.run)
        return _GROWN if any(one.step == step for one in run) else _CHILDHOOD

    def _agency(self, edge: Edge, wanted: Fields, facts: Plan) -> None:
        """Choose whose count an event changes: the one that has reached, or one that has not."""
        for tally in self.pair.tallies:
            if edge.rule.match.event == tally.counts.event:
                counts = {one: facts.counts.get((tally.id, str(one)), 0) for one in _AGENCIES}
                chosen = max if tally.reaches in edge.given else min
                wanted[tally.per] = chosen(_AGENCIES, key=lambda one: counts[one])

    def _until_reached(self, edge: Edge) -> None:
        """Let a tally be completed by the next event, if the edge is for that."""
        for tally in self.pair.tallies:
            if tally.reaches in edge.given:
                key = (tally.id, str(_AGENCIES[0]))
                while self._facts.counts.get(key, 0) < tally.at - 1:
                    if not self._counted(tally.counts.event, tally.per):
                        return

    def _counted(self, kind: str, per: str) -> bool:
        """Record an event that a tally counts; return whether both took it."""
        event = fabricate(kind, self.on, {per: _AGENCIES[0]}, self.rng)
        ours, theirs = self.allowed.record(event), self.refused.record(event)
        if isinstance(ours, Accepted) and isinstance(theirs, Accepted):
            self.allowed, self.refused = ours.plan, theirs.plan
            return True
        return False


def _took(decision: Decision, edge: Edge | None) -> TypeGuard[Accepted]:
    taken = decision.plan.history[-1].edge if isinstance(decision, Accepted) else None
    return taken is not None and edge is not None and taken.number == edge.number


def _shows(refused: Refused, plan: Plan, event: Event, link: Link) -> bool:
    """Return whether a refusal is by what the parting is for."""
    steps, _ = plan.procedure.tally(event, plan.steps, plan.counts)
    edge = plan.procedure.engine.route(plan.state, event, steps)
    if link.refusing is None or link.lacking is None:
        return edge is None
    by_rule = edge is not None and edge.rule.id == link.refusing.rule.id
    return by_rule and link.lacking.code in refused.codes


def _routing(edge: Edge, facts: Plan) -> Tracked:
    """Return the steps by which an edge is not the one for an event."""
    missing = edge.given - facts.steps.keys()
    return Tracked(missing | (edge.given_none & facts.steps.keys()))


def _stakes(need: Need) -> Tracked:
    """Return what has to be tracked to see whether a need is met."""
    found = Tracked()
    for one in _simple(need):
        if isinstance(one, StepNeed | NoStepNeed | LatestFieldNeed):
            found |= Tracked(frozenset({one.step}))
        elif isinstance(one, EarliestNeed):
            found |= Tracked(frozenset({one.step}), frozenset({period_of(one)}))
    return found


def _simple(need: Need) -> Iterator[Need]:
    for one in need.needs if isinstance(need, AnyNeed) else (need,):
        if isinstance(one, AnyNeed):
            yield from _simple(one)
        else:
            yield one
