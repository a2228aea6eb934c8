"""The second opinion: SPIN's verdict on each requirement, held against the prover's.

They agree if both find no breach, or breaches of the same length; and if SPIN can put to the test
what the prover could, so that neither proof is empty. All else is no agreement: a verdict that is
missing, undecided or given up is never counted as one.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs

from cpplan import Plan, Procedure
from cpplan.requirements import Requirement
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.prover import Proof, Proven, Prover
from cpplan_sim.second_opinion.promela import asking, promela
from cpplan_sim.second_opinion.sayings import InexpressibleError
from cpplan_sim.second_opinion.spin import LONGEST, Ended, Model, Search, check_tools
from cpplan_sim.second_opinion.watched import Watched, halves, watched

JOBS = 2
"""Searches run side by side."""

Progress = Callable[[int, int], None]
"""Told how many requirements are done, of how many."""


def _silent(done: int, of: int, /) -> None:
    """Tell nobody."""


class Standing(enum.StrEnum):
    """How the two verdicts stand to each other."""

    AGREED = "agreed"
    DISAGREED = "disagreed"
    NOT_COMPARED = "not compared"


@attrs.frozen
class Opinion:
    """Two verdicts on one requirement, or on one half of a succession.

    Attributes:
        requirement: which.
        ours: the prover's finding.
        breach: SPIN's search for a breach.
        exercise: SPIN's search for a history that puts it to the test.
        everything: whether SPIN kept every step that matters, or those that the prover tracked.
        lengths: the fewest and the most events that our shortest breach can have without what was
            put in to complete a count; none if we found no breach.
        tested: the same of our shortest history that puts it to the test.
        standing: how the two stand to each other.
        why: in what they differ, or what is missing.
    """

    requirement: Requirement
    ours: Proven
    breach: Search
    exercise: Search
    everything: bool
    lengths: tuple[int, int] | None
    tested: tuple[int, int] | None
    standing: Standing
    why: str = ""

    @property
    def theirs(self) -> str:
        """SPIN's verdict in the prover's words."""
        words = {Ended.FOUND: Proof.BROKEN, Ended.NONE: Proof.PROVED, Ended.GIVEN_UP: "given up"}
        return str(words[self.breach.ended])


@attrs.frozen
class Seconds:
    """The wall time of a second opinion, in seconds.

    Attributes:
        proving: our own proofs.
        generating: writing the model.
        translating: SPIN making a program of it.
        compiling: the compiler making a search of that.
        searching: all searches, run side by side.
    """

    proving: float
    generating: float
    translating: float
    compiling: float
    searching: float

    @property
    def theirs(self) -> float:
        """Everything that SPIN's verdicts take."""
        return self.generating + self.translating + self.compiling + self.searching


@attrs.frozen
class Compared:
    """The second opinion on one procedure.

    Attributes:
        procedure: which.
        opinions: on each requirement; a succession has two.
        seconds: how long it took.
        why: what kept it from being written at all, if anything did.
    """

    procedure: Procedure
    opinions: tuple[Opinion, ...]
    seconds: Seconds
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether there were verdicts to compare, and all agree."""
        return bool(self.opinions) and all(o.standing is Standing.AGREED for o in self.opinions)

    def count(self, standing: Standing) -> int:
        """Return how many stand so."""
        return sum(one.standing is standing for one in self.opinions)


def compare(
    procedure: Procedure,
    requirements: Iterable[Requirement] | None = None,
    *,
    everything: bool = False,
    jobs: int = JOBS,
    longest: float = LONGEST,
    progress: Progress = _silent,
) -> Compared:
    """Ask SPIN for its verdicts and hold them against the prover's.

    Args:
        procedure: the procedure.
        requirements: those of interest; all of the procedure's by default.
        everything: whether SPIN keeps every step that can matter, so that its verdicts owe nothing
            to the prover; else it keeps the steps that the prover tracked.
        jobs: how many searches to run side by side.
        longest: seconds after which a search is given up.
        progress: told of each requirement done.

    Raises:
        ToolsMissingError: SPIN or a compiler is not installed; there is no opinion then.
        SpinError: SPIN could not make sense of the model, or we of its answer.
    """
    check_tools()
    chosen = procedure.requirements.values() if requirements is None else requirements
    began = time.perf_counter()
    prover = Prover(procedure)
    proofs = [prover.prove(half) for one in chosen for half in halves(one)]
    proving = time.perf_counter() - began
    if not proofs:
        return Compared(procedure, (), Seconds(proving, 0, 0, 0, 0), "it has no requirement")
    list_of = watched((proof.requirement, proof.tracked.steps) for proof in proofs)
    try:
        text = promela(procedure, list_of)
    except InexpressibleError as error:
        return Compared(procedure, (), Seconds(proving, 0, 0, 0, 0), str(error))
    generating = time.perf_counter() - began - proving
    with Model(text, optimised=everything) as model:
        started = time.perf_counter()
        asker = _Asker(procedure, model, everything, longest)
        with ThreadPoolExecutor(jobs) as pool:
            opinions = []
            for opinion in pool.map(asker.opinion, list_of, proofs):
                opinions.append(opinion)
                progress(len(opinions), len(proofs))
        searching = time.perf_counter() - started
        seconds = Seconds(proving, generating, model.spin_seconds, model.compile_seconds, searching)
    return Compared(procedure, tuple(opinions), seconds)


@attrs.frozen
class _Asker:
    """Asks one model about one requirement after another."""

    procedure: Procedure
    model: Model
    everything: bool
    longest: float

    def opinion(self, one: Watched, ours: Proven) -> Opinion:
        """Return both verdicts on a requirement, and how they stand to each other."""
        breach, exercise = (
            self.model.search(
                asking(one.number, everything=self.everything, exercise=exercise),
                telling=not exercise,
                longest=self.longest,
            )
            for exercise in (False, True)
        )
        lengths, tested = self._lengths(ours.history), self._lengths(ours.exercise)
        standing, why = _Verdicts(ours, breach, exercise, lengths, tested).judged(
            exactly=self.everything
        )
        return Opinion(
            requirement=one.requirement,
            ours=ours,
            breach=breach,
            exercise=exercise,
            everything=self.everything,
            lengths=lengths,
            tested=tested,
            standing=standing,
            why=why,
        )

    def _lengths(self, history: Sequence[Moment]) -> tuple[int, int] | None:
        """Return the fewest and the most events of a history without those put in for a count.

        A replay that takes a rule for a count reached records what completes the count first.
        """
        if not history:
            return None
        taken = Plan.rebuild(self.procedure, [moment.event for moment in history]).history
        counts = {tally.reaches: tally.at - 1 for tally in self.procedure.tallies}
        put_in = sum(counts.get(step, 0) for entry in taken for step in entry.edge.given)
        return max(1, len(history) - put_in), len(history)


@attrs.frozen
class _Verdicts:
    """What is held against each other."""

    ours: Proven
    breach: Search
    exercise: Search
    lengths: tuple[int, int] | None
    tested: tuple[int, int] | None

    def judged(self, *, exactly: bool) -> tuple[Standing, str]:
        """Return how the verdicts stand; exactly, if SPIN kept every step that matters."""
        if self.ours.proof is Proof.UNDECIDED:
            return Standing.NOT_COMPARED, f"we have not decided it: {self.ours.why}"
        for search in (self.breach, self.exercise):
            if search.ended is Ended.GIVEN_UP:
                return Standing.NOT_COMPARED, f"SPIN's search was given up: {search.why}"
        why = self._breaches() or self._exercises(exactly=exactly)
        return (Standing.DISAGREED, why) if why else (Standing.AGREED, "")

    def _breaches(self) -> str:
        """Return in what the verdicts differ."""
        broken = self.breach.ended is Ended.FOUND
        if broken != (self.ours.proof is Proof.BROKEN):
            told = f"a breach of {self.breach.events} events" if broken else "no breach"
            return f"SPIN finds {told}"
        if self.lengths and not self.lengths[0] <= self.breach.events <= self.lengths[1]:
            return f"SPIN's shortest breach has {self.breach.events} events"
        return ""

    def _exercises(self, *, exactly: bool) -> str:
        """Return why SPIN's verdict might be empty, or how its shortest test differs."""
        if self.tested is None:
            return ""
        if self.exercise.ended is Ended.NONE:
            return "SPIN finds no history that puts it to the test"
        length, (fewest, most) = self.exercise.events, self.tested
        if length > most or (exactly and length < fewest):
            return f"SPIN's shortest history to test it has {length} events, ours {most}"
        return ""
