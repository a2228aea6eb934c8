"""Making events: one that a rule lets through, one that lacks a need, one that a duty waits for.

Whether an event is what it was meant to be is never assumed: the kernel answers, and is judged.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Mapping, Sequence

import attrs

from cpplan import Plan
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import FieldNeed, Need
from cpplan.roles import Role
from cpplan.rules import Edge
from cpplan_sim.fabricating import ABSENT, fabricate
from cpplan_sim.wanting import Fields, Wanting

BIRTH_UNKNOWN = 0.15
"""Share of events that leave out a date of birth where one could be given."""

_GROWN = 18
_LEAP_YEARS = (1996, 2000, 2004, 2008, 2012, 2016)


@attrs.frozen
class Making:
    """Makes events on a day, for a plan as it stands.

    Attributes:
        plan: the plan.
        on: the day.
        rng: decides what nothing asks for.
        roles: whom to choose from where nobody is wanted.
        unsaid: kinds of event with a field of each that is not to be recorded.
    """

    plan: Plan
    on: dt.date
    rng: random.Random
    roles: Sequence[Role]
    unsaid: Collection[tuple[str, str]] = ()

    def legal(
        self, edge: Edge, match: Match | None = None, more: Mapping[str, object] | None = None
    ) -> Event:
        """Return an event that says what an edge asks for and, if it can, what a match does.

        Args:
            edge: whose needs it is to meet.
            match: what it is to fit too.
            more: fields that it is to have whatever these ask.
        """
        wanted = self._asked(edge, None)
        if match is not None:
            wanted = {**wanted, **self._matching(match), **(more or {})}
        return self._made(edge.rule.match.event, wanted)

    def lacking(self, edge: Edge, need: Need) -> Event:
        """Return an event for an edge that leaves one need unmet, as far as fields decide it."""
        return self._made(edge.rule.match.event, self._asked(edge, need))

    def matching(self, match: Match) -> Event:
        """Return an event that fits a match, whatever rule it may be for."""
        return self._made(match.event, self._matching(match))

    def anything(self, kind: str) -> Event:
        """Return some event of a kind."""
        return self._made(kind, {})

    def _asked(self, edge: Edge, without: Need | None) -> Fields:
        wanting = Wanting(self.plan, self.on, self.rng)
        by: Fields = {"by": self.rng.choice(list(Role))}
        wanted = {**by, **wanting.fields(edge.rule.needs, without)}
        for path, values in edge.rule.match.when:
            wanted[path] = self.rng.choice(values)
        for step in edge.sets:
            if step.on_field and step.on_field not in wanted:
                unknown = self.rng.random() < BIRTH_UNKNOWN
                wanted[step.on_field] = ABSENT if unknown else self._birthday()
        return wanted

    def _matching(self, match: Match) -> Fields:
        wanting = Wanting(self.plan, self.on, self.rng)
        tests = [FieldNeed(code="", says="", cites=(), test=t) for t in match.where]  # type: ignore[arg-type]  # satisfying takes both kinds of test
        wanted = wanting.fields(tests)
        for path, values in match.when:
            wanted[path] = self.rng.choice(values)
        return wanted

    def _made(self, kind: str, wanted: Fields) -> Event:
        unsaid = {field: ABSENT for event, field in self.unsaid if event == kind}
        wanted = {**wanted, **unsaid}
        return fabricate(kind, self.on, wanted, self.rng, self.roles)

    def _birthday(self) -> dt.date:
        """Return a date of birth: of any child, of one nearly grown, or a 29 February."""
        chance = self.rng.random()
        if chance < 0.2:
            leap = [y for y in _LEAP_YEARS if dt.date(y, 2, 29) < self.on]
            return dt.date(self.rng.choice(leap), 2, 29)
        if chance < 0.4:
            return self.on - dt.timedelta(days=round(_GROWN * 365.25) - self.rng.randrange(200))
        return self.on - dt.timedelta(days=self.rng.randrange((_GROWN - 1) * 365))


def on_another_day(event: Event, on: dt.date) -> Event | None:
    """Return the same event on another day; ``None`` if what it says can't be said on that day."""
    try:
        return attrs.evolve(event, on=on)
    except ValueError:
        return None
