"""Letters: each way in which an edge can be taken, with its steps and periods as bits.

One alphabet serves every search over a procedure. What a search does not track is left out of a
letter, and letters that then do the same count as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.requirements import Atom
from cpplan.rules import Edge, Rule
from cpplan_sim.proving.choices import MISSING
from cpplan_sim.proving.effects import FREE, Effect, Wish, seen, touches
from cpplan_sim.proving.judging import Period, period_of
from cpplan_sim.proving.shapes import Shape, dating_fields, shapes_of
from cpplan_sim.proving.tracking import Tracked


@attrs.frozen(eq=False)
class Letter:
    """One way of taking an edge.

    Attributes:
        edge: the edge.
        shape: what the event says.
        effect: all that it asks and does.
        touches: every step that it reads or changes.
    """

    edge: Edge
    shape: Shape
    effect: Effect
    touches: int


_K = TypeVar("_K")
_Sides = tuple[Atom | None, ...]
_Asked = tuple[int, ...]


class Alphabet:
    """The letters of a procedure."""

    def __init__(self, procedure: Procedure, like: Alphabet | None = None) -> None:
        """Number the steps and periods.

        Args:
            procedure: whose.
            like: the alphabet of another, whose rules are in part the same objects.
        """
        self.procedure = procedure
        self.tallied = frozenset(tally.reaches for tally in procedure.tallies)
        named = {name for edge in procedure.edges for name in _steps_named(edge)}
        # Steps and periods known before keep their bits, so that what was seen can be compared.
        self.steps: Mapping[str, int] = _numbered(like.steps if like else {}, sorted(named))
        counted = {
            period_of(need): need for edge in procedure.edges for need in _counted(edge.rule.needs)
        }
        known: Mapping[Period, EarliestNeed] = like.counted if like else {}
        self.counted: Mapping[Period, EarliestNeed] = {**known, **counted}
        self.periods: Mapping[Period, int] = _numbered(
            like.periods if like else {}, sorted(counted)
        )
        self.numbers: dict[str, list[int]] = {name: [] for name in procedure.rules}
        for edge in procedure.edges:
            self.numbers[edge.rule.id].append(edge.number)
        self._period_of = {bit: one for one, bit in self.periods.items()}
        self.step_of = {bit: self.steps[one.step] for one, bit in self.periods.items()}
        self._shapes: dict[_Asked, tuple[Rule, _Sides, tuple[Shape, ...]]] = (
            dict(like._shapes) if like else {}
        )
        self._letters: dict[int, tuple[Letter, ...]] = {}
        self._plain: dict[tuple[str, int, int], Mapping[Effect, list[Letter]]] = {}
        self._states: dict[str, _Leaving] = {}

    def mask(self, steps: Iterable[str]) -> int:
        """Return steps as bits."""
        found = 0
        for step in steps:
            found |= self.steps[step]
        return found

    def bits(self, tracked: Tracked) -> tuple[int, int]:
        """Return what is tracked as bits: steps, and periods."""
        periods = 0
        for period in tracked.periods:
            periods |= self.periods[period]
        return self.mask(tracked.steps), periods

    def period(self, bit: int) -> Period:
        """Return the period of a bit."""
        return self._period_of[bit]

    def named_periods(self, bits: int) -> frozenset[Period]:
        """Return periods given as bits."""
        return frozenset(one for bit, one in self._period_of.items() if bit & bits)

    def letters(self, edge: Edge) -> tuple[Letter, ...]:
        """Return the letters of an edge that no requirement names."""
        known = self._letters.get(edge.number)
        if known is None:
            known = self._letters[edge.number] = tuple(self._spelt(edge, None, None))
        return known

    def named(self, edges: Iterable[Edge], first: Atom | None, then: Atom | None) -> list[Letter]:
        """Return the letters of edges whose events a requirement tells apart."""
        if first is None and then is None:
            return [letter for edge in edges for letter in self.letters(edge)]
        return [letter for edge in edges for letter in self._spelt(edge, first, then)]

    def _shapes_of(self, rule: Rule, *sides: Atom | None) -> tuple[Shape, ...]:
        asked = id(rule), *map(id, sides)
        known = self._shapes.get(asked)
        if known is None:
            # What was asked is kept beside the answer, so that nothing else comes to have its id.
            known = self._shapes[asked] = (rule, sides, shapes_of(rule, *sides))
        return known[2]

    def _spelt(self, edge: Edge, first: Atom | None, then: Atom | None) -> Iterator[Letter]:
        """Yield the letters of an edge: a shape, and whether the field that dates it is given."""
        for shape in self._shapes_of(edge.rule, first, then):
            wishes = self._wishes(shape)
            for dated in _datings(edge.rule, shape):
                taken = {s.step: s.on_field for s in edge.sets if not s.on_field or dated}
                effect = Effect(
                    edge.target,
                    self.mask(edge.given - self.tallied),
                    self.mask(edge.given_none),
                    self.mask(edge.given_any) if self.tallied.isdisjoint(edge.given_any) else 0,
                    wishes,
                    self.mask(taken),
                    self.mask(edge.clears),
                    tuple((b, taken[p.step]) for p, b in self.periods.items() if p.step in taken),
                )
                yield Letter(edge, shape, effect, touches(effect))

    def _wishes(self, shape: Shape) -> tuple[tuple[Wish, ...], ...]:
        found = (tuple(map(self._wish, needs)) for needs in shape.left)
        return tuple(wishes for wishes in found if FREE not in wishes)

    def _wish(self, need: Need) -> Wish:
        if isinstance(need, StepNeed | NoStepNeed) and need.step in self.tallied:
            return FREE  # a count is not tracked: it may be reached at any time, or not
        if isinstance(need, StepNeed | LatestFieldNeed):
            return Wish(stands=self.steps[need.step])
        if isinstance(need, NoStepNeed):
            return Wish(absent=self.steps[need.step])
        if isinstance(need, EarliestNeed):
            return Wish(stands=self.steps[need.step], run=self.periods[period_of(need)])
        return FREE

    def plain(self, state: str, steps: int, periods: int) -> Mapping[Effect, list[Letter]]:
        """Return what letters do in a state that read or change a step that is tracked."""
        known = self._plain.get((state, steps, periods))
        if known is None:
            touching = self._leaving(state).touching
            numbers = {n for bit, found in touching.items() if bit & steps for n in found}
            letters = self._leaving(state).letters
            known = self._plain[state, steps, periods] = by_effect(
                (letters[number] for number in sorted(numbers)), steps, periods
            )
        return known

    def exits(self, state: str) -> Mapping[str, list[Letter]]:
        """Return the letters from a state by the states they lead to."""
        return self._leaving(state).exits

    def _leaving(self, state: str) -> _Leaving:
        known = self._states.get(state)
        if known is None:
            edges = self.procedure.edges_from(state)
            known = self._states[state] = _Leaving.of(
                tuple(letter for edge in edges for letter in self.letters(edge))
            )
        return known


@attrs.frozen(eq=False)
class _Leaving:
    """The letters from one state, found by the steps that they touch and by where they lead."""

    letters: tuple[Letter, ...]
    touching: Mapping[int, list[int]]
    exits: Mapping[str, list[Letter]]

    @classmethod
    def of(cls, letters: tuple[Letter, ...]) -> _Leaving:
        touching: dict[int, list[int]] = {}
        exits: dict[str, list[Letter]] = {}
        for number, letter in enumerate(letters):
            exits.setdefault(letter.effect.target, []).append(letter)
            rest = letter.touches
            while rest:
                bit = rest & -rest
                touching.setdefault(bit, []).append(number)
                rest ^= bit
        return cls(letters, touching, exits)


def _numbered(known: Mapping[_K, int], names: Iterable[_K]) -> Mapping[_K, int]:
    """Return a bit for each name: those known keep theirs."""
    found = dict(known)
    for name in names:
        found.setdefault(name, 1 << len(found))
    return found


def by_effect(letters: Iterable[Letter], steps: int, periods: int) -> Mapping[Effect, list[Letter]]:
    """Return letters by what they do, as far as is tracked."""
    found: dict[Effect, list[Letter]] = {}
    idle: dict[str, Effect] = {}
    for letter in letters:
        if letter.touches & steps:
            effect = seen(letter.effect, steps, periods)
        else:
            target = letter.effect.target
            effect = idle.setdefault(target, Effect(target))
        found.setdefault(effect, []).append(letter)
    return found


def _datings(rule: Rule, shape: Shape) -> tuple[bool, ...]:
    """Return whether the field that dates a step is given: as the shape says, else both ways."""
    fields = dating_fields(rule)
    if not fields:
        return (True,)
    said = dict(shape.values)
    known = {said[field] is not MISSING for field in fields if field in said}
    return tuple(known) if len(known) == 1 else (True, False)


def _counted(needs: Iterable[Need]) -> Iterator[EarliestNeed]:
    for need in needs:
        if isinstance(need, EarliestNeed):
            yield need
        elif isinstance(need, AnyNeed):
            yield from _counted(need.needs)


def _steps_named(edge: Edge) -> set[str]:
    """Return every step that an edge reads or changes."""
    found = set(edge.given | edge.given_any | edge.given_none | edge.clears)
    found |= {one.step for one in edge.sets}
    waiting = list(edge.rule.needs)
    while waiting:
        need = waiting.pop()
        if isinstance(need, AnyNeed):
            waiting += need.needs
        elif isinstance(need, StepNeed | NoStepNeed | EarliestNeed | LatestFieldNeed):
            found.add(need.step)
    return found
