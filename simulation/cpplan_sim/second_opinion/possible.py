"""What can be done: the moves of a procedure, worked out from its edges, their rules and needs."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import attrs

from cpplan import Procedure
from cpplan.matching import Match
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.requirements import Atom, Template
from cpplan.rules import Edge, Rule, StepSet
from cpplan.states import is_ended
from cpplan_sim.second_opinion.moves import Effect, Guard, Move, Shows
from cpplan_sim.second_opinion.questions import Questions, asked_by, recorded
from cpplan_sim.second_opinion.sayings import Question, sayings
from cpplan_sim.second_opinion.watched import Clock, Watched


@attrs.frozen
class _Way:
    """One way in which an event can be right for a rule.

    Attributes:
        guards: what the steps have to be.
        waits: the clocks that it waits for.
        recorded: the fields that date a step and are recorded.
        holds: the matches that were asked about and hold of the event.
    """

    guards: tuple[Guard, ...]
    waits: tuple[Clock, ...]
    recorded: frozenset[str]
    holds: frozenset[Match]


class Possible:
    """The moves of one procedure, with what each shows of the requirements watched."""

    def __init__(self, procedure: Procedure, watched: Sequence[Watched]) -> None:
        """Take what is to be written."""
        self.procedure = procedure
        self.watched = watched
        self.tallied = frozenset(tally.reaches for tally in procedure.tallies)
        self._dated = {s.step for edge in procedure.edges for s in edge.sets if s.on_field}
        self.clocks = self._clocks()
        self.limiting = tuple(
            sorted(
                {
                    step
                    for one in watched
                    for rule in procedure.rules.values()
                    for steps in self._limits(rule, one)
                    for step in steps
                }
            )
        )
        self._known: dict[tuple[str, tuple[Match, ...]], tuple[_Way, ...]] = {}
        self.all = tuple(move for edge in procedure.edges for move in self._of(edge))
        self.steps = tuple(sorted(self._steps()))

    def of(self, edge: Edge) -> Iterator[Move]:
        """Yield the moves of one edge."""
        return (move for move in self.all if move.edge is edge)

    def _clocks(self) -> tuple[Clock, ...]:
        """Return the clocks that can tell something of a requirement's period."""
        counted = {c for rule in self.procedure.rules.values() for c in _clocks(rule.needs)}
        return tuple(sorted(c for c in counted if any(w.runs_with(c) for w in self.watched)))

    def _steps(self) -> set[str]:
        """Return every step that a move takes, undoes or asks about."""
        effects = [move.effect for move in self.all]
        named = {step for one in effects for step in (*one.reads, *one.takes, *one.drops)}
        return named - self.tallied

    def _of(self, edge: Edge) -> Iterator[Move]:
        found: dict[Effect, dict[Shows, set[int]]] = {}
        deaf = {one.number for one in self.watched if not one.hears(edge)}
        nothing = Shows(ends=_ends(edge))
        for way, _ in self._ways(edge.rule, ()) if deaf else ():
            found.setdefault(self._effect(edge, way), {})[nothing] = set(deaf)
        for one in self.watched:
            for way, atoms in (
                self._ways(edge.rule, one.requirement.atoms) if one.number not in deaf else ()
            ):
                shows = self._shows(edge, way, one, atoms)
                effect = self._effect(edge, way)
                found.setdefault(effect, {}).setdefault(shows, set()).add(one.number)
        for effect, variants in found.items():
            for shows, numbers in variants.items():
                yield Move(edge, effect, shows, frozenset(numbers))

    def _ways(self, rule: Rule, atoms: Sequence[Atom]) -> tuple[tuple[_Way, tuple[Atom, ...]], ...]:
        """Return each way for a rule, with the atoms of which the event is as asked."""
        kind = rule.match.event
        asked = tuple(a.match for a in atoms if a.match is not None and a.match.event == kind)
        key = rule.id, asked
        if key not in self._known:
            self._known[key] = tuple(dict.fromkeys(self._answered(rule, asked)))
        return tuple(
            (way, tuple(a for a in atoms if a.match is None or a.match in way.holds))
            for way in self._known[key]
        )

    def _answered(self, rule: Rule, asked: Sequence[Match]) -> Iterator[_Way]:
        questions = Questions(rule, asked)
        for answers in sayings(rule.match.event, questions.asked):
            said = dict(zip(questions.asked, answers, strict=True))
            if not questions.matches(rule.match, said):
                continue
            holds = frozenset(match for match in asked if questions.matches(match, said))
            dated = frozenset(field for field in questions.dating if said[recorded(field)])
            for guards, waits in self._open(rule.needs, said):
                yield _Way(guards, waits, dated, holds)

    def _open(
        self, needs: Iterable[Need], said: Mapping[Question, bool]
    ) -> Iterator[tuple[tuple[Guard, ...], tuple[Clock, ...]]]:
        """Yield each choice of alternatives that the event leaves open, as guards and clocks."""
        choices = [list(dict.fromkeys(self._alternatives(need, said))) for need in needs]
        for chosen in itertools.product(*choices):
            guards = dict.fromkeys(guard for guards, _ in chosen for guard in guards)
            waits = dict.fromkeys(clock for _, clocks in chosen for clock in clocks)
            yield tuple(guards), tuple(waits)

    def _alternatives(
        self, need: Need, said: Mapping[Question, bool]
    ) -> Iterator[tuple[tuple[Guard, ...], tuple[Clock, ...]]]:
        """Yield each way of meeting a need; none if what the event says rules it out."""
        match need:
            case AnyNeed():
                found = [one for inner in need.needs for one in self._alternatives(inner, said)]
                yield from [((), ())] if ((), ()) in found else found
            case FieldNeed() | RoleNeed():
                if said[asked_by(need)]:
                    yield (), ()
            case StepNeed():
                yield self._guard(need.step), ()
            case NoStepNeed():
                yield self._guard(need.step, lacks=True), ()
            case EarliestNeed():
                clock = Clock.of(need)
                yield self._guard(need.step), (clock,) if clock in self.clocks else ()
            case LatestFieldNeed():
                if said[recorded(need.path)]:
                    yield self._guard(need.step), ()
            case CoversNeed():
                yield (), ()  # one list against an earlier one is taken to be met
            case _:
                raise TypeError(f"{type(need).__name__} has no translation")

    def _guard(self, *steps: str, lacks: bool = False) -> tuple[Guard, ...]:
        """Return the guard on steps; none if a tally reaches one, which may be at any time."""
        return () if not self.tallied.isdisjoint(steps) else (Guard(steps, lacks),)

    def _effect(self, edge: Edge, way: _Way) -> Effect:
        guards = [guard for step in sorted(edge.given) for guard in self._guard(step)]
        for step in sorted(edge.given_none):
            guards += self._guard(step, lacks=True)
        guards += self._guard(*sorted(edge.given_any)) if edge.given_any else ()
        takes = {one.step for one in edge.sets if not one.on_field or one.on_field in way.recorded}
        return Effect(
            guards=tuple(dict.fromkeys([*guards, *way.guards])),
            takes=tuple(sorted(takes)),
            drops=tuple(sorted(edge.clears - takes)),
            waits=way.waits,
        )

    def _shows(self, edge: Edge, way: _Way, one: Watched, atoms: Iterable[Atom]) -> Shows:
        """Return what an edge shows of a requirement, by events and by states entered and left."""
        required = one.requirement
        seen = [atom for atom in atoms if _at(atom, edge)]
        first = [atom for atom in required.first.alternatives if atom in seen]
        begun = [s for s in edge.sets if not s.on_field or s.on_field in way.recorded]
        return Shows(
            first=bool(first),
            later=_any_of(required.then, seen),
            lifts=_any_of(required.until, seen),
            ends=_ends(edge),
            tried=_tries(one, edge),
            covered=one.covered_by(edge.rule),
            since=tuple(c for c in self.clocks if _begins(one, c, begun, first)),
            limits=self._limits(edge.rule, one),
        )

    def _limits(self, rule: Rule, one: Watched) -> tuple[tuple[str, ...], ...]:
        """Return a rule's limits; not those from a step that a field may date in the future."""
        return tuple(steps for steps in one.keeping(rule) if self._dated.isdisjoint(steps))


def _clocks(needs: Iterable[Need]) -> Iterator[Clock]:
    for need in needs:
        if isinstance(need, EarliestNeed):
            yield Clock.of(need)
        elif isinstance(need, AnyNeed):
            yield from _clocks(need.needs)


def _begins(one: Watched, clock: Clock, begun: Iterable[StepSet], first: Sequence[Atom]) -> bool:
    """Return whether a clock begins with a move, and surely no earlier than a first side."""
    taken = [each for each in begun if each.step == clock.step]
    no_earlier = all(one.begins_no_later(each, first) for each in taken)
    return bool(taken) and no_earlier and one.runs_with(clock)


def _any_of(side: Atom | None, seen: Collection[Atom]) -> bool:
    return side is not None and any(atom in seen for atom in side.alternatives)


def _ends(edge: Edge) -> bool:
    return is_ended(edge.target) and not is_ended(edge.source)


def _at(atom: Atom, edge: Edge) -> bool:
    """Return whether the states of an edge are those that an atom asks for."""
    moved = edge.source != edge.target
    entered = not atom.enters or (moved and edge.target in atom.enters)
    return entered and (not atom.leaves or (moved and edge.source in atom.leaves))


def _tries(one: Watched, edge: Edge) -> bool:
    """Return whether an edge is an occasion on which what must never be could have been."""
    if one.requirement.template is not Template.ABSENCE:
        return False
    return any(
        atom.match.event == edge.rule.match.event
        if atom.match
        else edge.source != edge.target and edge.target in atom.enters
        for atom in one.requirement.first.alternatives
    )
