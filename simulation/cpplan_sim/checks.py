"""The check of a procedure: account, told cases, synthetic cases, and requirements proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from cpplan import Procedure
from cpplan.codec import event_to_dict
from cpplan.requirements import Requirement
from cpplan_sim.account import Account, Fate, account_of
from cpplan_sim.counterexamples import Counterexample, counterexample_data, counterexample_of
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.possibility import Shower, Shown
from cpplan_sim.proving.prover import Proof, Proven, Prover
from cpplan_sim.running import Run
from cpplan_sim.trials import Case, codes_of, synthetic_cases

Progress = Callable[[int, int], None]
"""Told how many cases and proofs are done, of how many."""


def _silent(done: int, of: int, /) -> None:
    """Tell nobody."""


@attrs.frozen
class Breach:
    """A requirement that a case broke.

    Attributes:
        requirement: what was required.
        case: the number of the case in its run.
        moment: what broke it.
        number: the number of that moment, counted from 1.
        rule: the rule that let it through.
    """

    requirement: Requirement
    case: int
    moment: Moment
    number: int
    rule: str


@attrs.frozen
class Tested:
    """One requirement over a run of cases.

    Attributes:
        requirement: what is required.
        held: the cases that could have broken it and did not.
        broken: the cases that broke it.
        example: the first of those.
    """

    requirement: Requirement
    held: int
    broken: int
    example: Breach | None

    @property
    def verdict(self) -> Verdict:
        """Broken if any case broke it; not exercised if none could have."""
        if self.broken:
            return Verdict.BROKEN
        return Verdict.HELD if self.held else Verdict.NOT_EXERCISED


@attrs.frozen
class Checked:
    """What the check of one procedure found.

    Attributes:
        procedure: which.
        account: what becomes of each clause.
        runs: the scenarios that were run.
        cases: how many synthetic cases were run.
        accepted: how many of their events were accepted.
        refused: how many were refused.
        codes: how often each refusal code was given.
        ungiven: the codes that the procedure can give and no case was given.
        tested: the requirements over the cases.
        unused: rules that no case used.
        unopened: duties that no case opened.
        states: how many cases ended in each state.
        proofs: what the prover found of each requirement; empty if it was not asked.
        counterexamples: of those that it found broken, the history that shows it.
        shown: of what must be possible, whether a history was found that does it.
    """

    procedure: Procedure
    account: Account
    runs: tuple[Run, ...]
    cases: int
    accepted: int
    refused: int
    codes: Mapping[str, int]
    ungiven: tuple[str, ...]
    tested: tuple[Tested, ...]
    unused: tuple[str, ...]
    unopened: tuple[str, ...]
    states: Mapping[str, int]
    proofs: tuple[Proven, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()
    shown: tuple[Shown, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is missing, unexpected or broken, and each requirement was tested.

        If the prover was asked, each requirement must be proved, and able to be exercised, and all
        that must be possible shown to be.
        """
        return not (
            self.account.of(Fate.MISSING)
            or any(not one.passed for one in self.runs)
            or any(one.verdict is not Verdict.HELD for one in self.tested)
            or any(one.proof is not Proof.PROVED or not one.exercise for one in self.proofs)
            or any(one.proof is not Proof.PROVED for one in self.shown)
        )

    def proof_of(self, requirement: Requirement) -> Proven | None:
        """Return what the prover found of a requirement, if it was asked."""
        return next((one for one in self.proofs if one.requirement == requirement), None)

    def counterexample_to(self, requirement: Requirement) -> Counterexample | None:
        """Return the history that breaks a requirement, if the prover found one."""
        return next((one for one in self.counterexamples if one.requirement == requirement), None)

    def verdicts(self) -> Counter[Verdict]:
        """Return how many requirements came to each verdict."""
        return Counter(one.verdict for one in self.tested)


def check(
    procedure: Procedure,
    runs: tuple[Run, ...],
    *,
    cases: int,
    seed: int = 0,
    proving: bool = False,
    progress: Progress = _silent,
) -> Checked:
    """Check one procedure.

    Args:
        procedure: the procedure.
        runs: the told cases, already run under it.
        cases: how many synthetic cases to run.
        seed: of the run of them.
        proving: whether to prove each requirement too, over histories of any length.
        progress: told of each case and each proof done.
    """
    required = procedure.requirements.values() if proving else ()
    possible = procedure.possible.values() if proving else ()
    of = cases + len(required) + len(possible)
    tally = _Tally(procedure)
    for done, case in enumerate(synthetic_cases(procedure, cases, seed), start=1):
        tally.add(case)
        progress(done, of)
    proofs = []
    prover = Prover(procedure)
    for done, one in enumerate(required, start=cases + 1):
        proofs.append(prover.prove(one))
        progress(done, of)
    shown, shower = [], Shower(procedure, prover)
    for done, wanted in enumerate(possible, start=cases + len(required) + 1):
        shown.append(shower.show(wanted))
        progress(done, of)
    found = [counterexample_of(procedure, one) for one in proofs]
    return Checked(
        procedure=procedure,
        account=account_of(procedure),
        runs=runs,
        cases=cases,
        accepted=tally.accepted,
        refused=tally.refused,
        codes=tally.codes,
        ungiven=tuple(code for code in codes_of(procedure) if not tally.codes[code]),
        tested=tally.tested(),
        unused=tuple(name for name in procedure.rules if not tally.rules[name]),
        unopened=tuple(name for name in procedure.duties if not tally.duties[name]),
        states=tally.states,
        proofs=tuple(proofs),
        counterexamples=tuple(one for one in found if one is not None),
        shown=tuple(shown),
    )


class _Tally:
    """Adds up what synthetic cases show."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        required = procedure.requirements.values()
        self.monitors = [Monitor(one, procedure.calendar) for one in required]
        self.held: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.examples: dict[str, Breach] = {}
        self.codes: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.duties: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.accepted = self.refused = 0

    def add(self, case: Case) -> None:
        self.accepted += case.accepted
        self.refused += case.refused
        self.codes.update(case.refusals)
        self.rules.update(entry.rule.id for entry in case.plan.history)
        self.duties.update(one.duty.id for one in case.plan.obligations)
        self.states[case.plan.state] += 1
        rules = iter(case.plan.history)
        taken = [next(rules).rule.id if moment.recorded else "" for moment in case.moments]
        for monitor in self.monitors:
            finding = monitor.judge(case.moments)
            name = finding.requirement.id
            self.held[name] += finding.verdict is Verdict.HELD
            if finding.broken_at is not None:
                at = finding.broken_at
                moment = case.moments[at]
                breach = Breach(finding.requirement, case.number, moment, at + 1, taken[at])
                self.examples.setdefault(name, breach)
                self.broken[name] += 1

    def tested(self) -> tuple[Tested, ...]:
        return tuple(
            Tested(one, self.held[name], self.broken[name], self.examples.get(name))
            for name, one in self.procedure.requirements.items()
        )


def as_data(checked: Checked) -> dict[str, Any]:
    """Return what was found as plain data, for machines."""
    counts = checked.account.counts
    return {
        "procedure": checked.procedure.name,
        "edition": checked.procedure.edition,
        "digest": checked.procedure.digest,
        "filled": dict(checked.procedure.filled),
        "passed": checked.passed,
        "clauses": {fate.value: counts[fate] for fate in Fate},
        "missing": [one.clause.id for one in checked.account.of(Fate.MISSING)],
        "rules": len(checked.procedure.rules),
        "duties": len(checked.procedure.duties),
        "scenarios": {
            "passed": sum(one.passed for one in checked.runs),
            "failed": [one.scenario.file for one in checked.runs if not one.passed],
        },
        "cases": checked.cases,
        "events": {"accepted": checked.accepted, "refused": checked.refused},
        "refusal-codes": dict(sorted(checked.codes.items())),
        "codes-not-given": list(checked.ungiven),
        "ended-in": dict(sorted(checked.states.items())),
        "requirements": [
            {
                **_tested_data(one),
                "proof": _proof_data(checked.proof_of(one.requirement)),
                "counterexample": counterexample_data(checked.counterexample_to(one.requirement)),
            }
            for one in checked.tested
        ],
        "possible": [_shown_data(one) for one in checked.shown],
        "unused-rules": list(checked.unused),
        "unopened-duties": list(checked.unopened),
    }


def _tested_data(one: Tested) -> dict[str, Any]:
    breach = one.example
    return {
        "requirement": one.requirement.id,
        "says": one.requirement.says,
        "cites": list(one.requirement.cites),
        "verdict": one.verdict.value,
        "cases": one.held + one.broken,
        "broken-by": None
        if breach is None
        else {
            "case": breach.case,
            "event": breach.moment.event.kind,
            "on": breach.moment.event.on.isoformat(),
            "number": breach.number,
            "rule": breach.rule,
        },
    }


def _proof_data(one: Proven | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "proof": one.proof.value,
        "states": one.states,
        "tracked": sorted([*one.tracked.steps, *map(str, one.tracked.periods)]),
        "refinements": one.refinements,
        "history": [event_to_dict(moment.event) for moment in one.history],
        "exercised-by": [event_to_dict(moment.event) for moment in one.exercise],
        "why": one.why,
    }


def _shown_data(one: Shown) -> dict[str, Any]:
    return {
        "requirement": one.possibility.id,
        "says": one.possibility.says,
        "cites": list(one.possibility.cites),
        "proof": one.proof.value,
        "ways": len(one.ways),
        "lacking": [{"what": str(way), "why": way.why} for way in one.lacking],
    }
