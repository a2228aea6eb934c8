"""Watching: what each move of a search means to one requirement, and what is remembered of it.

Memories and meanings are few, so each is kept once and judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge
from cpplan.states import is_ended
from cpplan_sim.proving.judging import Memory, judge, limits, remembered, seen, tries
from cpplan_sim.proving.letters import Alphabet, Letter
from cpplan_sim.proving.shapes import Shape


@attrs.frozen(cache_hash=True)
class Telling:
    """What a move means to the requirement.

    Attributes:
        shown: the alternatives of the first side that it shows.
        then: whether it shows the later side.
        ends: whether it ends the plan.
        tried: whether it is one by which what must never be could be tried.
        limits: the steps from which its rule limits the date that the requirement limits.
        newer: those of the limiting steps that it takes.
        wanted: the number of the edge, if a search wants it.
    """

    shown: tuple[Atom, ...] = ()
    then: bool = False
    ends: bool = False
    tried: bool = False
    limits: tuple[frozenset[str], ...] = ()
    newer: frozenset[str] = frozenset()
    wanted: int = -1


Judged = tuple[bool, bool, int]
"""Whether a move breaks the requirement, whether it tests it, and the memory after it."""


class Watch:
    """Watches one requirement over the moves of a procedure."""

    def __init__(self, alphabet: Alphabet, requirement: Requirement) -> None:
        """Find the edges whose events tell something of the requirement."""
        self.alphabet = alphabet
        self.requirement = requirement
        edges = alphabet.procedure.edges
        self.limits: Mapping[int, tuple[frozenset[str], ...]] = {
            edge.number: found for edge in edges if (found := limits(edge, requirement))
        }
        self.limiting = frozenset[str]().union(*(one for g in self.limits.values() for one in g))
        kinds = _kinds(requirement)
        self.telling = frozenset(
            edge.number
            for edge in edges
            if edge.rule.match.event in kinds
            or not self.limiting.isdisjoint(step.step for step in edge.sets)
        )
        self.timed = bool(requirement.after or requirement.not_before)
        self.any_may_break = bool(requirement.within) and requirement.template is Template.RESPONSE
        self._alike: dict[Telling, Telling] = {}
        self._told: dict[Letter, Telling] = {}
        self._moved: dict[tuple[str, str], Telling] = {}
        self._memories = [Memory()]
        self._numbers = {Memory(): 0}
        self._judged: dict[tuple[Telling, int, tuple[tuple[int, str], ...], int], list[Judged]] = {}

    def told(self, letter: Letter) -> Telling:
        """Return what a letter of a telling edge means."""
        if letter not in self._told:
            self._told[letter] = self._means(letter.edge, letter.shape)
        return self._told[letter]

    def moved(self, edge: Edge) -> Telling:
        """Return what any other edge means: only the states count that it leaves and enters."""
        at = edge.source, edge.target
        if at not in self._moved:
            one = self.requirement
            first, then = (
                tuple(atom for atom in side.alternatives if atom.match is None) if side else ()
                for side in (one.first, one.then)
            )
            self._moved[at] = self._means(edge, Shape((), first, then, ()))
        return self._moved[at]

    def _means(self, edge: Edge, shape: Shape) -> Telling:
        found = Telling(
            seen(shape.first, edge),
            bool(seen(shape.then, edge)),
            is_ended(edge.target) and not is_ended(edge.source),
            tries(self.requirement.first, edge),
            self.limits.get(edge.number, ()),
            frozenset(step.step for step in edge.sets) & self.limiting,
        )
        return self._alike.setdefault(found, found)

    def waited(self, number: int, run: int) -> Iterator[int]:
        """Yield what a memory can be once some periods have run, given as bits."""
        memory = self._memories[number]
        if memory.run or not memory.first or not self.timed:
            yield number
            return
        # What began no later than a period of its own length that has run, has run.
        if not self.alphabet.named_periods(run) & memory.no_later:
            yield number
        yield self._numbered(attrs.evolve(memory, run=True))

    def _numbered(self, memory: Memory) -> int:
        number = self._numbers.setdefault(memory, len(self._memories))
        if number == len(self._memories):
            self._memories.append(memory)
        return number

    def judged(
        self, telling: Telling, memory: int, fresh: tuple[tuple[int, str], ...], already: int
    ) -> list[Judged]:
        """Return what can come of a move: each way of breaking or keeping the requirement.

        Args:
            telling: what the move means.
            memory: the number of what was remembered before.
            fresh: the tracked periods that begin with it, with the field that dates each.
            already: those of them that have run at once, dated long ago.
        """
        key = telling, memory, fresh, already
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = list(self._judgements(*key))
        return found

    def _judgements(
        self, telling: Telling, number: int, fresh: tuple[tuple[int, str], ...], already: int
    ) -> Iterator[Judged]:
        one, memory = self.requirement, self._memories[number]
        first, then = bool(telling.shown), telling.then
        broken, exercised = judge(
            one, memory, first=first, then=then, ends=telling.ends, tried=telling.tried
        )
        kept_in_time = any(memory.newer.isdisjoint(steps) for steps in telling.limits)
        if then and memory.first and kept_in_time:
            # The rule itself keeps the date within the limit, counted from no later a day.
            broken = tuple(wrong for wrong in broken if not wrong) or broken
        newer = frozenset() if first else memory.newer | telling.newer
        begun = {self.alphabet.period(bit): field for bit, field in fresh}
        run = self.alphabet.named_periods(already)
        for wrong in broken:
            for answers in _answers(one, then=then):
                kept = remembered(one, memory, begun, run, shown=telling.shown, then=answers)
                after = attrs.evolve(kept, newer=newer, run=kept.run and self.timed)
                yield wrong, exercised, self._numbered(after)


def _kinds(requirement: Requirement) -> frozenset[str]:
    """Return the kinds of event that a requirement names."""
    sides = [side for side in (requirement.first, requirement.then) if side]
    atoms = [one for side in sides for one in side.alternatives]
    return frozenset(one.match.event for one in atoms if one.match is not None)


def _answers(one: Requirement, *, then: bool) -> tuple[bool, ...]:
    """Return whether a later side answers; one that may be too early may leave things open."""
    early = one.template is Template.RESPONSE and (one.after or one.not_before)
    return (True, False) if then and early else (then,)
