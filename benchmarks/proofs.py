"""What is measured of proofs: whole procedures, one edit, and how the cost grows with size.

Plain search is breadth first over the same machine with everything tracked from the start. The
outside checker is measured with the commands that export and run its models.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import attrs

import cpplan
from benchmarks.growth import BASE, grown
from benchmarks.measuring import Contender, Group, Take
from cpplan.requirements import Requirement
from cpplan_sim.proving.abstraction import Machine
from cpplan_sim.proving.letters import Alphabet
from cpplan_sim.proving.prover import Prover
from cpplan_sim.proving.searching import MOST_STATES, SearchTooLargeError, shortest
from cpplan_sim.proving.tracking import Tracked
from cpplan_sim.second_opinion.opinion import compare
from cpplan_sim.second_opinion.spin import ToolsMissingError, check_tools

TARGET_MS = 100
SIZES = (1, 2, 4, 8)
AHEAD_OF_SPIN = 100


def outside(name: str) -> Group:
    """Return proving a procedure beside SPIN on its exported model: generate, compile, run."""
    procedure = cpplan.load(name)
    title = f"proving {name}, beside SPIN; to aim at: {AHEAD_OF_SPIN} times ahead"
    try:
        check_tools()
    except ToolsMissingError as error:
        return Group(title, (), skipped=(str(error),))
    return Group(
        title,
        (
            Contender("Prover, every requirement", _taking(procedure, ours=True)),
            Contender("SPIN, every requirement, one model", _taking(procedure, ours=False)),
        ),
        unit="ms",
        per_second=1e3,
        rounds=3,
        turn=0,
    )


def whole(name: str) -> Group:
    """Return proving all requirements of a procedure, beside an edit and beside plain search."""
    procedure = cpplan.load(name)
    contenders = [
        Contender("Prover, every requirement", _proving(procedure)),
        Contender("Prover, every requirement after an edit", _editing(procedure)),
    ]
    skipped = []
    try:
        _plain(procedure, _first(procedure))
    except SearchTooLargeError as error:
        skipped.append(f"plain search: {error}; it may visit {MOST_STATES:,}")
    else:
        contenders.append(
            Contender("Prover, one requirement", _proving(procedure, only_first=True))
        )
        contenders.append(
            Contender(
                "plain search, one requirement",
                _timed(lambda: _plain(procedure, _first(procedure))),
            )
        )
    return Group(
        f"proving {name}: {len(procedure.requirements)} requirements, {len(procedure.rules)} rules;"
        f" to aim at: {TARGET_MS} ms",
        tuple(contenders),
        unit="ms",
        per_second=1e3,
        rounds=5,
        turn=0,
        skipped=tuple(skipped),
    )


def growing() -> Group:
    """Return proving procedures of several sizes."""
    return Group(
        f"proving procedures grown from {BASE}, every requirement",
        tuple(
            Contender(
                f"{times} times: {len(procedure.rules)} rules,"
                f" {len(procedure.steps)} steps, {len(procedure.requirements)} requirements",
                _proving(procedure),
            )
            for times in SIZES
            for procedure in [grown(times)]
        ),
        unit="ms",
        per_second=1e3,
        rounds=3,
        turn=0,
    )


WHOLE: tuple[Callable[[], Group], ...] = tuple(
    functools.partial(whole, name) for name in cpplan.PROCEDURES
)


OUTSIDE: tuple[Callable[[], Group], ...] = tuple(
    functools.partial(outside, name) for name in cpplan.PROCEDURES
)


def _taking(procedure: cpplan.Procedure, *, ours: bool) -> Take:
    """Return a way to take the wall time of either side of a comparison, made anew each turn."""

    def take(times: int) -> float:
        found = [compare(procedure, jobs=1).seconds for _ in range(times)]
        return sum(one.proving if ours else one.theirs for one in found)

    return take


def _first(procedure: cpplan.Procedure) -> Requirement:
    return next(iter(procedure.requirements.values()))


def _proving(procedure: cpplan.Procedure, *, only_first: bool = False) -> Take:
    required = [_first(procedure)] if only_first else list(procedure.requirements.values())

    def prove() -> None:
        prover = Prover(procedure)
        for one in required:
            prover.prove(one)

    return _timed(prove)


def _editing(procedure: cpplan.Procedure) -> Take:
    """Return a way to time proving again after one need of one rule is gone, each turn another."""
    before = Prover(procedure)
    required = list(procedure.requirements.values())
    for one in required:
        before.prove(one)
    edits = [rule.id for rule in procedure.rules.values() if rule.needs]
    turn = iter(range(10**6))

    def edit() -> None:
        rule = procedure.rules[edits[(7 * next(turn)) % len(edits)]]
        rules = {**procedure.rules, rule.id: attrs.evolve(rule, needs=rule.needs[1:])}
        after = Prover(attrs.evolve(procedure, rules=rules), before)
        for one in required:
            after.prove(one)

    return _timed(edit)


def _plain(procedure: cpplan.Procedure, one: Requirement) -> None:
    """Search with everything tracked.

    Raises:
        SearchTooLargeError: it does not end within the limit.
    """
    alphabet = Alphabet(procedure)
    everything = Tracked(frozenset(alphabet.steps) - alphabet.tallied, frozenset(alphabet.periods))
    path, _ = shortest(Machine(alphabet, one), lambda move: move.broken, everything)
    assert path is None, f"{one.id} is proved, and plain search finds a way around it"


def _timed(run: Callable[[], object]) -> Take:
    def take(times: int) -> float:
        start = time.process_time()
        for _ in range(times):
            run()
        return time.process_time() - start

    return take
