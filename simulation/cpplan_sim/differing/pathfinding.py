"""Pathfinding: the shortest history to an edge of a pair, as both kernels take it.

Searches the pair with nothing tracked, and tracks from then on what stands in the way, as
:mod:`cpplan_sim.proving.searching` does for one procedure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property

import attrs

from cpplan.events import Event
from cpplan.matching import Match
from cpplan_sim.differing.pairing import Link, Pair
from cpplan_sim.differing.retelling import Retold, Teller
from cpplan_sim.proving.abstraction import Machine, Move
from cpplan_sim.proving.choices import TooManyShapesError
from cpplan_sim.proving.effects import seen
from cpplan_sim.proving.letters import Alphabet
from cpplan_sim.proving.searching import MOST_REFINEMENTS, SearchTooLargeError, shortest
from cpplan_sim.proving.tracking import Tracked
from cpplan_sim.taking import FIRST_DAY

Goal = Callable[[Link], bool]
"""Whether an edge is one that is wanted, by what it stands for."""

TRIES = 4
"""Tellings of one path, with other choices in each, before it is given up."""


@attrs.frozen
class Way:
    """What a search came to.

    Attributes:
        events: the history, if one was found.
        reachable: whether the pair has a path, with all that was tracked.
        states: how many of its states the last search visited.
        shortest: whether no shorter history is there to be found.
        why: what stood in the way, if there is a path and no history.
    """

    events: tuple[Event, ...]
    reachable: bool
    states: int
    shortest: bool = False
    why: str = ""


class Pathfinder:
    """Finds shortest histories of a pair; what the searches share is worked out once."""

    def __init__(self, pair: Pair) -> None:
        """Take a pair."""
        self.pair = pair
        self.alphabet = Alphabet(pair)
        self.counted = {tally.counts.event for tally in pair.tallies}

    @cached_property
    def uncounted(self) -> Pathfinder:
        """The same for the pair without what turns on a count."""
        return Pathfinder(self.pair.uncounted)

    def find(self, goal: Goal, said: Sequence[Match] = (), start: dt.date = FIRST_DAY) -> Way:
        """Return the shortest history that takes an edge that is wanted, or that none does.

        A count is not tracked: replay puts in what completes it. So where a history counts, or
        none was found, one that does not count is looked for too, and the shorter is given.

        Args:
            goal: says by what they stand for which edges of the pair are wanted.
            said: what the last event has to be one of, for its kind.
            start: the day on which a history begins.
        """
        found = self._find(goal, said, start)
        counts = any(event.kind in self.counted for event in found.events)
        if not (self.counted and found.reachable and (counts or not found.events)):
            return found
        other = self.uncounted.find(goal, said, start)
        if not other.events or (found.events and len(found.events) <= len(other.events)):
            return found
        return attrs.evolve(other, shortest=other.shortest and bool(found.events))

    def _find(self, goal: Goal, said: Sequence[Match], start: dt.date) -> Way:
        wanted = frozenset(edge.number for edge, link in self.pair.links if goal(link))
        if not wanted:
            return Way((), False, 0)
        try:
            teller = Teller(Machine(self.alphabet, None, wanted), self.pair, said, start)
            return _found(teller, wanted)
        except (SearchTooLargeError, TooManyShapesError) as error:
            return Way((), True, 0, why=str(error))


def _found(teller: Teller, wanted: frozenset[int]) -> Way:
    tracked, states = Tracked(), 0
    for _ in range(MOST_REFINEMENTS):
        path, states = shortest(teller.machine, lambda move: move.edge.number in wanted, tracked)
        if path is None:
            return Way((), False, states)
        told = _retold(teller, path)
        if not told.why:
            return Way(told.events, True, states, len(told.events) == len(path))
        finer = tracked | told.blocked_by.first_not_in(tracked)
        if finer == tracked:
            return Way((), True, states, why=told.why)
        tracked = finer
    return Way((), True, states, why="too many refinements")


def _retold(teller: Teller, path: Sequence[Move]) -> Retold:
    """Tell a path to the kernels; first take it by its steps alone, at a hundredth of the cost."""
    blocked = _walked(teller.machine, path)
    if blocked:
        return Retold((), blocked_by=Tracked(blocked), why=", ".join(sorted(blocked)))
    told = Retold((), why="nothing could be tried")
    for seed in range(TRIES):
        told = teller.told(path, seed)
        if not told.why:
            break
    return told


def _walked(machine: Machine, path: Sequence[Move]) -> frozenset[str]:
    """Return the steps by which a path can't be taken, with all of them looked at and no time."""
    every, steps = sum(machine.alphabet.steps.values()), 0
    for move in path:
        effect = seen(move.letter.effect, every, 0)
        wrong = (effect.asked & ~steps) | (effect.barred & steps)
        for group in effect.wishes:
            if not any(wish.met(steps, 0) for wish in group):
                for wish in group:
                    wrong |= wish.stands | wish.absent
        if wrong:
            return frozenset(s for s, bit in machine.alphabet.steps.items() if bit & wrong)
        steps = (steps & ~effect.clears) | effect.sets
    return frozenset()
