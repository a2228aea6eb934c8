"""The explorer: rounds of long histories, each preferring what those before it seldom reached.

Hypothesis makes the bytes, :mod:`cpplan_sim.exploring.interpreting` reads them as a history, and
:mod:`cpplan_sim.exploring.watching` judges each attempt. What is still unseen after the rounds is
looked for with the prover, and excused only by what that shows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cpplan import Procedure
from cpplan.obligations import Status
from cpplan.refusals import NO_RULE_FOR_THESE_FIELDS
from cpplan_sim.exploring import ways
from cpplan_sim.exploring.api import try_the_api
from cpplan_sim.exploring.beginnings import Beginning, told
from cpplan_sim.exploring.bytes_of import leaving_nothing, many
from cpplan_sim.exploring.differences import DifferenceError
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.explored import Explored
from cpplan_sim.exploring.interpreting import SIZE, Interpreter
from cpplan_sim.exploring.possible import statuses
from cpplan_sim.exploring.shrinking import Shrunk, shrink
from cpplan_sim.exploring.steering import Steering, steering
from cpplan_sim.exploring.table import Table
from cpplan_sim.exploring.things import Sort, Thing, by_kind, things
from cpplan_sim.exploring.watching import Oracles, Watch
from cpplan_sim.exploring.ways_to_status import to_status

ROUND = 25
"""Histories in a round, after which it is seen afresh what is rare."""

MOST_DIFFERENCES = 5
"""Differences after which the search of a procedure stops: there is enough to repair."""

EXTRA_ROUNDS = 8
"""Rounds more, at most, for what is still unseen after those asked for."""

Progress = Callable[[int, int], None]
"""Told how many histories are done, of how many."""


def _silent(done: int, of: int, /) -> None:
    """Tell nobody."""


def explore(
    procedure: Procedure,
    examples: int,
    *,
    seed: int = 0,
    extra: int = EXTRA_ROUNDS,
    progress: Progress = _silent,
) -> Explored:
    """Explore one procedure.

    Args:
        procedure: the procedure.
        examples: how many histories to tell.
        seed: which histories.
        extra: how many rounds more, at most, if something is still unseen after them.
        progress: told of each history done.
    """
    with leaving_nothing():
        return _Exploration(procedure, examples, seed, extra, progress).explored()


class _Exploration:
    def __init__(
        self, procedure: Procedure, examples: int, seed: int, extra: int, progress: Progress
    ) -> None:
        self.procedure = procedure
        self.examples = examples
        self.seed = seed
        self.extra = extra
        self.progress = progress
        self.oracles = Oracles(procedure)
        self.table = Table(procedure)
        self.seen = Exercise()
        self.possible = [key for key, why in statuses(procedure).items() if not why]
        self.beginnings: list[Beginning] = list(told(procedure))
        self.found: list[Shrunk] = []
        self.excused: dict[Thing, str] = dict(by_kind(procedure))

    def explored(self) -> Explored:
        for beginning in self.beginnings:
            self._watch(beginning)
        done = number = 0
        while done < self.examples and not self._is_enough():
            size = min(ROUND, self.examples - done)
            self._round(number, size)
            done, number = done + size, number + 1
            self.progress(done, self.examples)
        for extra in range(self.extra):
            if not self._unseen() or self._is_enough():
                break
            if extra == 0:
                self._reach()
            self._round(number + extra, ROUND)
        if not self._is_enough():
            self._api()
        return self._result()

    def _result(self) -> Explored:
        counts = things(self.procedure, self.seen)
        return Explored(
            procedure=self.procedure,
            seed=self.seed,
            exercise=self.seen,
            counts=counts,
            differences=tuple(self.found),
            excused={one: why for one, why in self.excused.items() if not counts[one]},
            wrongly_excused=tuple(one for one in self.excused if counts[one]),
            unseen=() if self._is_enough() else tuple(self._unseen()),
            stopped=self._is_enough(),
        )

    def _is_enough(self) -> bool:
        return len(self.found) >= MOST_DIFFERENCES

    def _unseen(self) -> list[Thing]:
        counts = things(self.procedure, self.seen)
        return [one for one, times in counts.items() if not times and one not in self.excused]

    def _known(self) -> frozenset[tuple[str, str]]:
        return frozenset(one.difference.key for one in self.found)

    def _round(self, number: int, size: int) -> None:
        """Tell a round of histories, going on after each difference with what is left of it."""
        steer = steering(self.procedure, self.seen, self.possible, self.beginnings)
        gathered = Exercise()
        for attempt in range(MOST_DIFFERENCES + 1):
            left = size - gathered.histories
            if left <= 0 or self._is_enough():
                break
            tell = partial(self._tell, steer, self._known(), gathered)
            error = many(tell, size=SIZE, examples=left, seed=f"{self.seed}/{number}/{attempt}")
            if error is None:
                break
            self._difference(error)
        self.seen.add(gathered)

    def _tell(
        self,
        steer: Steering,
        known: frozenset[tuple[str, str]],
        gathered: Exercise,
        data: bytes,
    ) -> None:
        watch = Watch(self.oracles, known)
        try:
            Interpreter(data, watch, self.table, steer).tell()
        except DifferenceError as error:
            if error.difference.key not in known:
                raise
        gathered.add(watch.exercise)

    def _watch(self, events: Beginning) -> None:
        """Judge a history that was told or found."""
        watch = Watch(self.oracles, self._known())
        try:
            for event in events:
                watch.attempt(event)
            watch.finish()
        except DifferenceError as error:
            if error.difference.key not in self._known():
                self._difference(error)
        self.seen.add(watch.exercise)

    def _difference(self, error: DifferenceError) -> None:
        self.found.append(shrink(self.oracles, error))

    def _reach(self) -> None:
        """Ask the prover for a way to each thing that is still unseen, or that there is none."""
        for thing in self._unseen():
            found = self._ways(thing)
            if found.why_not:
                self.excused[thing] = found.why_not
            for way in found.found:
                self._watch(way)
                self.beginnings.append(way)

    def _ways(self, thing: Thing) -> ways.Ways:
        procedure = self.procedure
        if thing.sort is Sort.RULE:
            return ways.to_rule(procedure, thing.name)
        if thing.sort is Sort.STATUS:
            duty, _, status = thing.name.partition(": ")
            return to_status(procedure, procedure.duties[duty], Status(status))
        if thing.name == NO_RULE_FOR_THESE_FIELDS:
            return ways.to_no_rule(procedure)
        return ways.to_code(procedure, thing.name)

    def _api(self) -> None:
        seed = f"{self.seed}/api"
        error = try_the_api(self.procedure, self.table, self.beginnings, seed=seed)
        if error is not None:
            self.found.append(Shrunk(error.difference, error.moments, 0))
