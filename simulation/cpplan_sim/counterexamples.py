"""Counterexamples: a history that breaks a requirement, with the rule that let it through."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from cpplan import Procedure
from cpplan.codec import event_to_dict
from cpplan.requirements import Requirement
from cpplan.rules import Rule
from cpplan_sim.monitors import Moment, Monitor
from cpplan_sim.plainly import plainly
from cpplan_sim.proving.prover import Proof, Proven
from cpplan_sim.taking import retold
from cpplan_sim.writing import Source, written


@attrs.frozen
class Counterexample:
    """A history, told plainly, that breaks a requirement.

    Attributes:
        procedure: under whose rules the kernel took all of it.
        requirement: what it breaks.
        history: the history.
        at: the number of the event with which it is broken, counted from 0.
        rule: the rule that let that event through.
    """

    procedure: Procedure
    requirement: Requirement
    history: tuple[Moment, ...]
    at: int
    rule: Rule

    @property
    def told(self) -> str:
        """What is broken, where, and by which rule, in a sentence or two."""
        kind = self.history[self.at].event.kind.replace("-", " ")
        return (
            f"Breaks: {self.requirement.says} Event {self.at + 1}, {kind}, breaks it; the rule"
            f" {self.rule.id} let it through: {self.rule.says}"
        )


def counterexample_of(procedure: Procedure, proven: Proven) -> Counterexample | None:
    """Return the counterexample that the prover found; ``None`` if it found none.

    Args:
        procedure: whose requirement was to be proved.
        proven: what the prover found.
    """
    if proven.proof is not Proof.BROKEN:
        return None
    monitor = Monitor(proven.requirement, procedure.calendar)
    at = monitor.judge(proven.history).broken_at
    assert at is not None, "a history that the prover tells of breaks its requirement"

    def still(moments: Sequence[Moment]) -> bool:
        return monitor.judge(moments).broken_at == at

    history = plainly(procedure, proven.history, still)
    rule = retold(procedure, history).history[at].rule
    return Counterexample(procedure, proven.requirement, history, at, rule)


def write_counterexample(one: Counterexample, source: Source, folder: Path) -> Path:
    """Write a counterexample as a scenario file, and return where it stands.

    Args:
        one: the counterexample.
        source: how its procedure was loaded.
        folder: where to write it; made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{one.procedure.name}-{one.requirement.id}.yaml"
    text = written(
        one.procedure,
        one.history,
        title=f"Breaks {one.requirement.id}",
        why=one.told,
        cites=one.requirement.cites,
        source=source,
        folder=folder,
    )
    path.write_text(text, encoding="utf-8")
    return path


def counterexample_data(one: Counterexample | None) -> dict[str, Any] | None:
    """Return a counterexample as plain data, for machines; ``None`` if there is none."""
    if one is None:
        return None
    return {
        "events": [event_to_dict(moment.event) for moment in one.history],
        "number": one.at + 1,
        "rule": one.rule.id,
        "rule-cites": list(one.rule.cites),
        "told": one.told,
    }
