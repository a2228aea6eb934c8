"""Making events: one for a rule, that says what is wanted and else only what is usual.

What a duty might turn on is left out unless it is wanted, so that an event meets no duty by chance.
Whether an event is recorded is the kernel's to say.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from cpplan import Accepted, Plan, Procedure, event_from_dict, event_to_dict
from cpplan.codec import InvalidEventError
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, CoversNeed, FieldNeed, LatestFieldNeed, Need, RoleNeed
from cpplan.refusals import unmet_beforehand
from cpplan.rules import Edge
from cpplan_sim.scenarios import iso, usual
from cpplan_sim.taking import FIRST_DAY, event_for
from cpplan_sim.wanting import Fields, Wanting

SEEDS = 2
"""Events made with other choices, once the first of every choice has been refused."""

ONE_WEEK = dt.timedelta(weeks=1)


LONG, SHORT = 52, 2
"""Figures to agree for a duty that has none of its own: one that does not come in the way of what
is looked at, and one that does not wait for it."""


class FirstOf(random.Random):
    """Chooses the first of everything: what a pack names first is its plainest case."""

    def choice(self, seq: Any) -> Any:
        """Return the first."""
        return seq[0]

    def randrange(self, *_: Any, **__: Any) -> int:
        """Return nothing, to be added."""
        return 0


# Without slots, for what is found once.
@attrs.frozen(slots=False)
class Maker:
    """Makes events for one procedure.

    Attributes:
        procedure: whose.
        agreed: duties for which a figure of the plan's own is to be agreed where one can be.
    """

    procedure: Procedure
    agreed: frozenset[str] = frozenset()

    def taken(self, plan: Plan, match: Match, on: dt.date, said: Fields) -> Iterator[Plan]:
        """Yield the plans after an event that counts, one for each rule that can take it.

        Args:
            plan: as it stands.
            match: which event, with what it has to say.
            on: the day it happens.
            said: what it says besides.
        """
        for edge in plan.procedure.edges_from(plan.state):
            if fits(edge, match) and unmet_beforehand(edge, plan, on) is not None:
                for counting in self.counting(match, plan, on):
                    after = self.after(plan, edge, on, {**counting, **said})
                    if after is not None and match.holds(after.history[-1].event):
                        yield after

    def counting(self, match: Match, plan: Plan, on: dt.date) -> Iterator[Fields]:
        """Yield what an event can say to count, one for each choice that its tests leave."""
        for tests in itertools.product(*map(_choices, match.where)):
            needs = [FieldNeed(test=test, code="", says="", cites=()) for test in tests]
            said = Wanting(plan, on, FirstOf(0)).fields(needs)
            yield {**said, **{path: allowed[0] for path, allowed in match.when}}

    def after(self, plan: Plan, edge: Edge, on: dt.date, said: Fields) -> Plan | None:
        """Return the plan after an event that takes an edge, if one was found that does."""
        if unmet_beforehand(edge, plan, on) is None:
            return None
        for rng in (FirstOf(0), *(random.Random(seed) for seed in range(SEEDS))):
            whole = _event(plan, edge, on, said, rng)
            if whole is None:
                continue
            for event in (*self._plainer(whole, edge, said), whole):
                decision = plan.record(event)
                if not isinstance(decision, Accepted):
                    continue
                if decision.plan.history[-1].edge.number == edge.number:
                    return decision.plan
        return None

    def _plainer(self, event: Event, edge: Edge, said: Fields) -> Iterator[Event]:
        """Yield the event with the usual in place of what is not wanted, the plainest first."""
        data = event_to_dict(event)
        as_usual = _usual_on(event)
        wanted = _heads([*said, *(path for path, _ in edge.rule.match.when)])
        needed = _heads(path for need in edge.rule.needs for path in _paths(need))
        kept = {"event", "on", *wanted}
        telling = self._telling.get(event.kind, frozenset())
        plainest = {name: value for name, value in as_usual.items() if name not in telling}
        required = {f.name for f in attrs.fields(type(event)) if f.default is attrs.NOTHING}
        own = {name: value for name, value in data.items() if name in kept}
        usually = {n: v for n, v in as_usual.items() if n in needed | required}
        made = {name: value for name, value in data.items() if name in needed | required}
        figures = self._figures.get(event.kind, {})
        agreed = _only(figures, required | needed | (as_usual.keys() - telling))
        for fields in (
            plainest | agreed,
            plainest | _only(usually, required),
            plainest | usually,
            plainest | made,
        ):
            try:
                yield event_from_dict({**_only(made, required), **fields, **own})
            except InvalidEventError:
                continue

    @cached_property
    def _figures(self) -> Mapping[str, Mapping[str, int]]:
        """The figures that a plan is to agree, by the kind of event and the field."""
        found: dict[str, dict[str, int]] = {}
        for duty in filter(only_agreed, self.procedure.duties.values()):
            for agreed in duty.agreed:
                figure = SHORT if duty.id in self.agreed else LONG
                found.setdefault(agreed.event, {})[agreed.field] = figure
        return found

    @cached_property
    def _telling(self) -> Mapping[str, frozenset[str]]:
        """The fields that a duty turns on, by the kind of event."""
        found: dict[str, set[str]] = {}
        for duty in self.procedure.duties.values():
            for kind, path in _turns_on(duty):
                found.setdefault(kind, set()).add(path.partition(".")[0])
            if duty.id not in self.agreed:
                for agreed in duty.agreed:
                    found.setdefault(agreed.event, set()).add(agreed.field)
        return {kind: frozenset(names) for kind, names in found.items()}


def only_agreed(duty: Duty) -> bool:
    """Return whether a duty has no figure until one is agreed for a plan."""
    return duty.value is not None and duty.value.amount is None


def fits(edge: Edge, match: Match) -> bool:
    """Return whether an edge can be for an event that counts."""
    if edge.rule.match.event != match.event:
        return False
    if match.takes and all(one.step != match.takes for one in edge.sets):
        return False
    said = dict(edge.rule.match.when)
    return not any(
        path in said and set(said[path]).isdisjoint(allowed) for path, allowed in match.when
    )


def _only(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in names}


def _event(plan: Plan, edge: Edge, on: dt.date, said: Fields, rng: random.Random) -> Event | None:
    try:
        return event_for(plan, edge, on, said, rng)
    except ValueError:  # fields that exclude each other: other choices may not
        return None


def _choices(test: FieldTest | AnyTest) -> Iterator[FieldTest]:
    if isinstance(test, AnyTest):
        for one in test.tests:
            yield from _choices(one)
    else:
        yield test


def _usual_on(event: Event) -> Mapping[str, Any]:
    """Return what is usual of an event, its dates as far from its day as in most told cases."""
    weeks = max(0, -(-(event.on - FIRST_DAY).days // 7))
    fields: Mapping[str, Any] = iso(_later(usual(event.kind), weeks * ONE_WEEK))
    return fields


def _later(value: Any, by: dt.timedelta) -> Any:
    if isinstance(value, dt.date):
        return value + by if value >= FIRST_DAY else value
    if isinstance(value, Mapping):
        return {key: _later(item, by) for key, item in value.items()}
    return [_later(item, by) for item in value] if isinstance(value, list) else value


def _heads(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path.partition(".")[0].removesuffix("[]") for path in paths)


def _paths(need: Need) -> Iterator[str]:
    if isinstance(need, RoleNeed):
        yield "by"
    elif isinstance(need, FieldNeed):
        yield need.test.path
    elif isinstance(need, LatestFieldNeed | CoversNeed):
        yield need.path
    elif isinstance(need, AnyNeed):
        for one in need.needs:
            yield from _paths(one)


def _turns_on(duty: Duty) -> Iterator[tuple[str, str]]:
    for match in (*duty.opens, *duty.due_at, *duty.met_by, *duty.until):
        for path, _ in match.when:
            yield match.event, path
        for test in match.where:
            for one in _choices(test):
                yield match.event, one.path
