"""The abstract machine: rules as they are, of which only some steps and some periods are tracked.

What is not tracked is taken to be as it would have to be. So the machine can do whatever the rules
can, and more: if it can't break a requirement, the rules can't either.

Time. Of each tracked period only this is kept: whether it has run since its step, and whether the
requirement's own period began no later than it. Between two events any time may pass. A period
that began earlier has run whenever one of the same length that began later has; nothing else is
assumed of dates, calendars or the lengths of different periods, so no calendar can do what the
machine can't.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from cpplan.requirements import Requirement
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN
from cpplan_sim.proving.effects import Effect
from cpplan_sim.proving.letters import Alphabet, Letter, by_effect
from cpplan_sim.proving.shapes import Shape
from cpplan_sim.proving.tracking import Tracked
from cpplan_sim.proving.watching import Judged, Telling, Watch, later


class Node(NamedTuple):
    """One state of the abstract machine; steps and periods as bits, memory by its number."""

    state: str
    steps: int
    run: int
    memory: int


class Move(NamedTuple):
    """One thing that can happen: an event of some shape, after some time.

    Attributes:
        letter: how its edge is taken.
        waited: the periods that have run by then, as bits.
        after: where it leads.
        broken: whether it breaks the requirement.
        exercised: whether it puts the requirement to the test.
    """

    letter: Letter
    waited: int
    after: Node
    broken: bool
    exercised: bool

    @property
    def edge(self) -> Edge:
        """The rule, from its state."""
        return self.letter.edge

    @property
    def shape(self) -> Shape:
        """What the event says."""
        return self.letter.shape


Way = tuple[Effect, Telling, Letter]
"""What can be done, what it means, and a letter that does it."""

NOTHING = Telling()
NOT_JUDGED: list[Judged] = [(False, False, 0)]


class Machine:
    """The abstract machine of a procedure, with what it remembers of one requirement if any."""

    def __init__(
        self,
        alphabet: Alphabet,
        requirement: Requirement | None,
        wanted: Collection[int] = (),
    ) -> None:
        """Work out the letters that tell something.

        Args:
            alphabet: of the procedure.
            requirement: what is watched.
            wanted: numbers of edges that are to be told apart from all others.

        Raises:
            TooManyShapesError: an event can differ in more ways than can be tried.
        """
        self.alphabet = alphabet
        self.procedure = alphabet.procedure
        self.requirement = requirement
        self.watch = Watch(alphabet, requirement) if requirement else None
        self.telling = frozenset(wanted) | (self.watch.telling if self.watch else frozenset())
        self._named: dict[str, list[Letter]] = {}
        self._views: dict[tuple[int, int], View] = {}
        edges = [self.procedure.edges[number] for number in sorted(self.telling)]
        first, then = (requirement.first, later(requirement)) if requirement else (None, None)
        for letter in alphabet.named(edges, first, then):
            self._named.setdefault(letter.edge.source, []).append(letter)

    def start(self) -> Node:
        """Return the state before anything has happened."""
        return Node(BEFORE_PLAN, 0, 0, 0)

    def view(self, tracked: Tracked) -> View:
        """Return the machine as it is with some steps and periods tracked."""
        bits = self.alphabet.bits(tracked)
        if bits not in self._views:
            self._views[bits] = View(self, *bits)
        return self._views[bits]

    def seen(self, state: str, steps: int, periods: int) -> frozenset[tuple[Effect, Telling]]:
        """Return what can be done in a state and what it means, as far as is tracked."""
        return frozenset(way[:2] for way in self.ways(state, steps, periods))

    def ways(self, state: str, steps: int, periods: int) -> list[Way]:
        """Return what can be done in a state, each thing once, with the first letter that does."""
        found: dict[tuple[Effect, Telling], Letter] = {}
        for effect, letters in by_effect(self._named.get(state, ()), steps, periods).items():
            for letter in letters:
                found.setdefault((effect, self._told(letter)), letter)
        keeps_still = self.watch is None or not self.watch.any_may_break
        nothing = Effect(state)
        for effect, letters in self.alphabet.plain(state, steps, periods).items():
            if effect != nothing or not keeps_still:
                self._add(found, effect, letters)
        for target, letters in self.alphabet.exits(state).items():
            if target != state or not keeps_still:
                idle = (letter for letter in letters if not letter.touches & steps)
                self._add(found, Effect(target), idle)
        ways = [(effect, telling, letter) for (effect, telling), letter in found.items()]
        return sorted(ways, key=lambda way: way[2].edge.number)

    def _add(
        self,
        found: dict[tuple[Effect, Telling], Letter],
        effect: Effect,
        letters: Iterable[Letter],
    ) -> None:
        """Add an effect with the first of those letters that tell nothing by their event."""
        for letter in letters:
            if letter.edge.number not in self.telling:
                found.setdefault((effect, self._moved(letter)), letter)
                return

    def _told(self, letter: Letter) -> Telling:
        # With nothing watched, edges that are wanted are told apart by their number alone.
        return self.watch.told(letter) if self.watch else Telling(wanted=letter.edge.number)

    def _moved(self, letter: Letter) -> Telling:
        return self.watch.moved(letter.edge) if self.watch else NOTHING

    def judged(
        self, telling: Telling, memory: int, fresh: tuple[tuple[int, str], ...], already: int
    ) -> list[Judged]:
        """Return what can come of a move, as :meth:`Watch.judged` does."""
        if self.watch is None:
            return NOT_JUDGED
        return self.watch.judged(telling, memory, fresh, already)


class View:
    """The machine with some steps and periods tracked."""

    def __init__(self, machine: Machine, steps: int, periods: int) -> None:
        """Track these, as bits."""
        self.machine = machine
        self.steps = steps
        self.periods = periods
        self._ways: dict[str, list[Way]] = {}

    def moves(self, node: Node) -> Iterator[Move]:
        """Yield whatever can happen next, as far as is tracked."""
        ways = self._ways.get(node.state)
        if ways is None:
            ways = self.machine.ways(node.state, self.steps, self.periods)
            self._ways[node.state] = ways
        waits: list[tuple[int, int]] | None = None
        for effect, telling, letter in ways:
            steps = node.steps
            if steps & effect.asked != effect.asked or steps & effect.barred:
                continue
            if effect.some and not steps & effect.some:
                continue
            if waits is None:
                waits = list(self._waits(node))
            for waited, memory in waits:
                if all(any(w.met(steps, waited) for w in some) for some in effect.wishes):
                    yield from self._taken(effect, telling, letter, node, waited, memory)

    def _waits(self, node: Node) -> Iterator[tuple[int, int]]:
        """Yield the ways in which time can pass: periods that have run by then, and the memory."""
        watch = self.machine.watch
        for run in self._runs(node):
            for memory in watch.waited(node.memory, run) if watch else (0,):
                yield run, memory

    def _runs(self, node: Node) -> Iterator[int]:
        """Yield the periods that can have run: of those under way, any may have by then."""
        runs = [node.run]
        if self.periods:
            for bit, step in self.machine.alphabet.step_of.items():
                if bit & self.periods and node.steps & step and not node.run & bit:
                    runs += [run | bit for run in runs]
        yield from runs

    def _taken(
        self,
        effect: Effect,
        telling: Telling,
        letter: Letter,
        node: Node,
        waited: int,
        memory: int,
    ) -> Iterator[Move]:
        steps = (node.steps & ~effect.clears) | effect.sets
        run = waited and self._still(waited, steps)
        already = [0]
        for bit, field in effect.fresh:
            run &= ~bit
            if field:
                # A step dated by a field may lie so far back that its period has run already.
                already = [already[0], already[-1] | bit]
        for old in already:
            after = run | old
            for broken, exercised, kept in self.machine.judged(telling, memory, effect.fresh, old):
                node_after = Node(effect.target, steps, after, kept)
                yield Move(letter, waited, node_after, broken, exercised)

    def _still(self, run: int, steps: int) -> int:
        """Return those periods whose steps still stand."""
        for bit, step in self.machine.alphabet.step_of.items():
            if run & bit and not steps & step:
                run &= ~bit
        return run
