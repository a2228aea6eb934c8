"""Watching: what each move of a search means to one requirement, and what is remembered of it.

Memories and meanings are few, so each is kept once and judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from cpplan.matching import Match
from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge, Rule
from cpplan.states import is_ended
from cpplan_sim.proving.judging import Memory, covered, judge, limits, remembered, seen, tries
from cpplan_sim.proving.letters import Alphabet, Letter
from cpplan_sim.proving.shapes import Shape


@attrs.frozen(cache_hash=True)
class Telling:
    """What a move means to the requirement.

    Attributes:
        shown: the alternatives of the first side that it shows.
        then: whether it shows the later side.
        lifts: whether it lifts a ban on the later side.
        ends: whether it ends the plan.
        tried: whether it is one by which what must never be could be tried.
        limits: the steps from which its rule limits the date that the requirement limits.
        newer: those of the limiting steps that it takes.
        covered: whether its rule holds the list in full that the requirement wants so.
        wanted: the number of the edge, if a search wants it.
    """

    shown: tuple[Atom, ...] = ()
    then: bool = False
    lifts: bool = False
    ends: bool = False
    tried: bool = False
    limits: tuple[frozenset[str], ...] = ()
    newer: frozenset[str] = frozenset()
    covered: bool = False
    wanted: int = -1


Judged = tuple[bool, bool, int]
"""Whether a move breaks the requirement, whether it tests it, and the memory after it."""


class Watch:
    """Watches one requirement over the moves of a procedure."""

    def __init__(self, alphabet: Alphabet, requirement: Requirement) -> None:
        """Find the edges whose events tell something of the requirement."""
        self.alphabet = alphabet
        self.requirement = requirement
        self.limits = self._limits()
        self.limiting = frozenset[str]().union(*(one for g in self.limits.values() for one in g))
        self.telling = frozenset(
            number for rule in self._telling_rules() for number in alphabet.numbers[rule.id]
        )
        self.timed = bool(requirement.after or requirement.not_before)
        self.any_may_break = bool(requirement.within) and requirement.template is Template.RESPONSE
        self._alike: dict[Telling, Telling] = {}
        self._told: dict[Letter, Telling] = {}
        self._moved: dict[tuple[str, str], Telling] = {}
        self._memories = [Memory()]
        self._numbers = {Memory(): 0}
        self._judged: dict[tuple[Telling, int, tuple[tuple[int, str], ...], int], list[Judged]] = {}

    def _limits(self) -> Mapping[int, tuple[frozenset[str], ...]]:
        """Return the edges whose rules limit the same date as the requirement, and from what."""
        one = self.requirement
        if one.within is None:
            return {}
        edges = self.alphabet.procedure.edges
        # A step that a field dates may lie later than the event: a limit from it says too little.
        dated = {step.step for edge in edges for step in edge.sets if step.on_field}
        found = {
            edge.number: tuple(steps for steps in limits(edge, one) if dated.isdisjoint(steps))
            for edge in edges
        }
        return {number: groups for number, groups in found.items() if groups}

    def _telling_rules(self) -> Iterator[Rule]:
        """Yield the rules whose events tell something of the requirement."""
        matches = _matches(self.requirement)
        kinds = {match.event for match in matches}
        # What must never be can also be tried by an event that another rule is for.
        any_of_kind = self.requirement.template is Template.ABSENCE
        for rule in self.alphabet.procedure.rules.values():
            named = rule.match.event in kinds and (any_of_kind or _may_show(rule, matches))
            if named or not self.limiting.isdisjoint(step.step for step in rule.sets):
                yield rule

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
                for side in (one.first, later(one))
            )
            self._moved[at] = self._means(edge, Shape((), first, then, ()))
        return self._moved[at]

    def _means(self, edge: Edge, shape: Shape) -> Telling:
        lifting = self.requirement.until.alternatives if self.requirement.until else ()
        shown = seen(shape.then, edge)
        found = Telling(
            seen(shape.first, edge),
            any(one not in lifting for one in shown),
            any(one in lifting for one in shown),
            is_ended(edge.target) and not is_ended(edge.source),
            tries(self.requirement.first, edge),
            self.limits.get(edge.number, ()),
            frozenset(step.step for step in edge.sets) & self.limiting,
            covered(edge, self.requirement),
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
        if telling.lifts:
            # Before the move itself is judged, as the monitor has it.
            memory = attrs.evolve(memory, first=False)
        first, then = bool(telling.shown), telling.then
        broken, exercised = judge(
            one, memory, first=first, then=then, ends=telling.ends, tried=telling.tried
        )
        # With a period to wait as well, one first side may be too early and another too late.
        limited = any(memory.newer.isdisjoint(steps) for steps in telling.limits)
        in_time = one.within is None or (limited and not self.timed)
        in_full = one.covers is None or telling.covered
        bounded = one.within is not None or one.covers is not None
        if bounded and then and memory.first and in_time and in_full:
            # The rule itself keeps the date within the limit, counted from no later a day; or it
            # holds the list against the latest event of the first side, as the requirement does.
            broken = tuple(wrong for wrong in broken if not wrong) or broken
        newer = frozenset() if first else memory.newer | telling.newer
        begun = {self.alphabet.period(bit): field for bit, field in fresh}
        run = self.alphabet.named_periods(already)
        for wrong in broken:
            for answers in _answers(one, then=then):
                kept = remembered(one, memory, begun, run, shown=telling.shown, then=answers)
                after = attrs.evolve(kept, newer=newer, run=kept.run and self.timed)
                yield wrong, exercised, self._numbered(after)


def _matches(requirement: Requirement) -> list[Match]:
    """Return the events that a requirement names."""
    return [one.match for one in requirement.atoms if one.match is not None]


def _may_show(rule: Rule, matches: Iterable[Match]) -> bool:
    """Return whether an event for a rule can be one of those."""
    routed = dict(rule.match.when)
    return any(
        match.event == rule.match.event
        and all(
            path not in routed or not set(allowed).isdisjoint(routed[path])
            for path, allowed in match.when
        )
        for match in matches
    )


def _answers(one: Requirement, *, then: bool) -> tuple[bool, ...]:
    """Return whether a later side answers; one that may be too early may leave things open."""
    early = one.template is Template.RESPONSE and (one.after or one.not_before)
    return (True, False) if then and early else (then,)


def later(one: Requirement) -> Atom | None:
    """Return the later side of a requirement, with what lifts the ban on it if anything does."""
    if one.until is None or one.then is None:
        return one.then
    return Atom(any_of=(*one.then.alternatives, *one.until.alternatives))
