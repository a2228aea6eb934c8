"""A profile made into tables, for one procedure: who does what, when, and what is then said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from cpplan.events import Event
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, is_ended
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.acts import Act, Cause
from cpplan_sim.caseload.compiling_law import LawCompiler
from cpplan_sim.caseload.drawing import purpose_of
from cpplan_sim.caseload.heap import Heap
from cpplan_sim.caseload.keeping_time import LONGEST_WAIT
from cpplan_sim.caseload.phrases import Phrases
from cpplan_sim.caseload.profiles import Profile

DAYS_A_MONTH = 30
"""As the profile counts a month."""

BY_ITSELF = (Cause.MONTHLY, Cause.AGE)
"""What happens by itself is never done because something else lacks it."""


@attrs.frozen(kw_only=True)
class ActPlaces:
    """Where things stand for acts: the rows in the law, the plans and the diary in a life."""

    acts: int
    plans: int
    diary: int

    def row(self, number: int) -> int:
        """Return where the row of an act stands."""
        return self.acts + number * c.A_WIDTH


@attrs.define(eq=False)
class HabitCompiler:
    """Compiles a profile for one procedure.

    Attributes:
        profile: what is compiled.
        phrases: what its acts say.
        laws: the procedure's compiler, which has its tables by now.
        law, odds: where the tables are put.
        places: where things stand.
    """

    profile: Profile
    phrases: Phrases
    laws: LawCompiler
    law: Heap
    odds: Heap
    places: ActPlaces
    _waits: dict[float, int] = attrs.field(factory=dict)

    @property
    def acts(self) -> tuple[Act, ...]:
        """The acts."""
        return self.phrases.acts.all

    def keeping(self, duty: str, topic: str) -> int:
        """Put in the odds how a duty is kept, and return where."""
        one = self.profile.punctual(duty, topic)
        share = one.share_of_time
        spread = (2 * share - 1, 1.0) if share > 0.5 else (0.0, 2 * share)
        late, unstated = self.wait(max(0.0, one.days_late - 1)), self.wait(one.unstated_days)
        return self.odds.add([one.on_time, *spread, one.never, late, unstated])

    def wait(self, mean: float) -> int:
        """Return where the chances stand to wait so many days, by the mean."""
        return self.chance_to_wait(mean / (1 + mean))

    def chance_to_wait(self, daily: float) -> int:
        """Return where the chances stand to wait so many days, by the chance to wait another.

        Worked out by repeated multiplication, which gives the same on every machine.
        """
        if daily not in self._waits:
            chances = [1.0]
            for _ in range(LONGEST_WAIT - 1):
                chances.append(chances[-1] * daily)
            self._waits[daily] = self.odds.add(chances)
        return self._waits[daily]

    def compile(self) -> None:
        """Put every act in the tables, and tell each move which acts follow it."""
        doers = Doers(self)
        for number, act in enumerate(self.acts):
            self.law.put(self.places.row(number), self._act(number, act))
        self.law.put(self.places.row(len(self.acts)), self._at_random())
        followed: dict[tuple[int, int], tuple[int, int]] = {}
        for move, (saying, edge) in self.laws.edges.items():
            key = (self.phrases.events[saying], edge.number)
            if key not in followed:
                followed[key] = self.law.listed(self._following(saying, edge))
            self.law.put(move + c.M_FOLLOW, followed[key])
        begins = (self.places.row(n) for n, act in enumerate(self.acts) if _begins(act))
        self.law.put(c.H_BEGINS, self.law.listed(begins))
        self.law.put(c.H_SETTER, [doers.table(sets=True), doers.table(sets=False)])
        self._children()

    # -------------------------------------------------------------------------------- acts

    def _act(self, number: int, act: Act) -> list[int]:
        one = act.happening
        states = one.states if one else self.laws.procedure.states
        least, most, wait = (one.days.least, one.days.most, c.NONE) if one else (0, 0, c.NONE)
        if one and one.days.mean is not None:
            wait = self.wait(one.days.mean)
        if one and one.each_month is not None:
            wait = self.chance_to_wait(1 - one.each_month / DAYS_A_MONTH)
        contents = self.profile.contents.get(act.event, ())
        names = [other.name for other in self.acts]
        return [
            int(act.cause),
            purpose_of(act.name) & 0x7FFFFFF0,
            sum(1 << self.laws.states[state] for state in states if state in self.laws.states),
            *self.odds.listed(one.chance if one else (1.0,)),
            self.places.row(names.index(one.otherwise))
            if one and one.otherwise in names
            else c.NONE,
            least,
            most,
            wait,
            self.laws.age(one.at_age) if one and one.at_age is not None else c.NONE,
            *self.law.listed(self.laws.duties[duty] for duty in act.duties),
            *self.law.listed(self._in_stead_of(act)),
            *self.odds.listed(summed(content.share for content in contents)),
            self.phrases.birth.get(number, 0),
            self._says(number),
            self._spoilt(number),
            self.places.plans + number * c.P_WIDTH,
            self.places.diary + number,
            self.laws.classes.get(act.event, c.OTHER),
        ]

    def _at_random(self) -> list[int]:
        number = len(self.acts)
        row = [0] * c.A_WIDTH
        row[c.A_CAUSE] = int(Cause.AT_RANDOM)
        row[c.A_PURPOSE] = purpose_of("at-random") & 0x7FFFFFF0
        row[c.A_OTHERWISE] = row[c.A_AGE] = c.NONE
        monthly = self.profile.attempts.at_random
        row[c.A_WAIT] = self.chance_to_wait(max(0.0, 1 - monthly / DAYS_A_MONTH))
        row[c.A_PLAN] = self.places.plans + number * c.P_WIDTH
        row[c.A_DAY] = self.places.diary + number
        return row

    def _in_stead_of(self, act: Act) -> Iterator[int]:
        for number, other in enumerate(self.acts):
            if other.happening and other.happening.instead_of == act.event:
                yield self.places.row(number)

    def saying(self, number: int) -> int:
        """Return where the row of a saying stands."""
        return self.laws.places.sayings + number * self.laws.saying_width

    def _says(self, act: int) -> int:
        """Put what an act says by variant and state."""
        variants = 1 + max((v for a, v, _ in self.phrases.said if a == act), default=0)
        found = [
            self.phrases.said.get((act, variant, state), c.NONE)
            for variant in range(variants)
            for state in self.laws.states
        ]
        return self.law.add(n if n == c.NONE else self.saying(n) for n in found)

    def _spoilt(self, act: int) -> int:
        """Put where, by state, the sayings stand that leave something out."""
        spoilt = (self.phrases.spoilt.get((act, state), []) for state in self.laws.states)
        pairs = [self.law.listed(self.saying(n) for n in numbers) for numbers in spoilt]
        return self.law.add(number for pair in pairs for number in pair)

    # ----------------------------------------------------------------------------- follows

    def _following(self, event: Event, edge: Edge) -> list[int]:
        """Return the acts that may follow; last those that come in the place of another."""
        found = [n for n, act in enumerate(self.acts) if _follows(act, event, edge)]
        return [self.places.row(n) for n in sorted(found, key=self._comes_in_place)]

    def _comes_in_place(self, act: int) -> bool:
        one = self.acts[act].happening
        return one is not None and bool(one.otherwise)

    # --------------------------------------------------------------------------- the whole

    def _children(self) -> None:
        attempts, child, days = self.profile.attempts, self.profile.child, self.profile.preparation
        figures = [attempts.too_early, attempts.left_out, days.least, days.most]
        of_child = [child.birth_recorded, child.unborn, child.earlier_plan]
        self.odds.put(0, [*figures, *of_child, attempts.ending])
        shares = summed(band.share for band in child.ages)
        rows = [(s, b.from_, b.to) for s, b in zip(shares, child.ages, strict=True)]
        at = self.odds.add(value for row in rows for value in row)
        self.law.put(c.H_AGES, [at, len(rows)])
        self.law.put(c.H_CATEGORIES, self.odds.listed(summed(child.categories.values())))
        self.law.put(c.H_SIBLINGS, self.odds.listed(summed(child.siblings.values())))


@attrs.define(eq=False)
class Doers:
    """Finds, by state and step, the act that takes or undoes it, or leads to where one does."""

    habits: HabitCompiler

    def table(self, *, sets: bool) -> int:
        """Put the acts by state and step, and return where."""
        laws = self.habits.laws
        does: dict[tuple[int, int], int] = {}
        leads: dict[tuple[int, int], int] = {}
        for act, state, edge in self._deliberate():
            steps = [one.step for one in edge.sets] if sets else sorted(edge.clears)
            for step in steps:
                does.setdefault((state, laws.steps[step]), act)
            if edge.target != edge.source:
                leads.setdefault((state, laws.states[edge.target]), act)
        return self.habits.law.add(self._spread(does, leads))

    def _spread(
        self, does: Mapping[tuple[int, int], int], leads: Mapping[tuple[int, int], int]
    ) -> Iterator[int]:
        """Yield the act for each state and step; from state to state where none is at hand."""
        states, steps = range(len(self.habits.laws.states)), self.habits.laws.steps.values()
        found = dict(does)
        for _ in states:
            for (state, target), act in leads.items():
                for step in steps:
                    if (target, step) in found:
                        found.setdefault((state, step), act)
        for state in states:
            for step in steps:
                act_found = found.get((state, step))
                yield c.NONE if act_found is None else self.habits.places.row(act_found)

    def _deliberate(self) -> Iterator[tuple[int, int, Edge]]:
        """Yield each act that is done on purpose, with a state and an edge that does not end."""
        events = list(self.habits.phrases.events)
        for (act, variant, state), saying in self.habits.phrases.said.items():
            one = self.habits.acts[act]
            if variant or one.cause in BY_ITSELF or (one.happening and one.happening.instead_of):
                continue
            event = events[saying]
            for edge in self.habits.laws.procedure.engine.candidates(state, event.kind):
                if edge.rule.match.holds(event) and not is_ended(edge.target):
                    yield act, self.habits.laws.states[state], edge


def _begins(act: Act) -> bool:
    trigger = act.happening.follows if act.happening else None
    return trigger is not None and BEFORE_PLAN in trigger.enters


def _follows(act: Act, event: Event, edge: Edge) -> bool:
    trigger = act.happening.follows if act.happening else None
    if trigger is None:
        return False
    if trigger.enters:
        return edge.target != edge.source and edge.target in trigger.enters
    if trigger.event != event.kind:
        return False
    if trigger.takes and trigger.takes not in {one.step for one in edge.sets}:
        return False
    said = all(getattr(event, name) in values for name, values in trigger.when.items())
    return said and all(getattr(event, name) in (None, "", ()) for name in trigger.without)


def summed(shares: Iterable[float]) -> list[float]:
    """Return shares summed up, each with those before it."""
    total, found = 0.0, []
    for share in shares:
        total += share
        found.append(total)
    return found
