"""Procedures of any size: ``standards``, with made-up rules beside its own, as many as asked for.

The made-up part is chains of five steps: each step is taken after the one before it, can be undone,
and has a requirement of its own. It is written as a pack and loaded as any other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import cpplan

BASE = "standards"
CHAIN = 5
"""Steps in a chain."""


def grown(times: int) -> cpplan.Procedure:
    """Return a procedure with so many times the rules of its base, as nearly as chains allow."""
    rules = len(cpplan.load(BASE).rules) * (times - 1)
    chains = round(rules / (2 * CHAIN))
    if not chains:
        return cpplan.load(BASE)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / f"{BASE}-times-{times}"
        written.mkdir()
        (written / "pack.yaml").write_text("\n".join(_pack(times, chains)) + "\n")
        (written / "rules.yaml").write_text("\n".join(_rules(chains)) + "\n")
        (written / "requirements.yaml").write_text("\n".join(_requirements(chains)) + "\n")
        return cpplan.load(written)


def _steps(chains: int) -> Iterator[tuple[str, str]]:
    """Yield each made-up step, with the one before it in its chain if there is one."""
    for chain in range(chains):
        for number in range(CHAIN):
            yield f"made-up-{chain}-{number}", f"made-up-{chain}-{number - 1}" if number else ""


def _pack(times: int, chains: int) -> Iterator[str]:
    yield f"pack: {BASE}-times-{times}"
    yield f"based-on: {BASE}"
    yield f"title: {BASE}, {times} times the size"
    yield "edition: made up, to measure"
    yield "jurisdiction: england-and-wales"
    yield "says: Made up to measure how the cost of a proof grows."
    yield f"sources: [{BASE}]"
    yield "steps:"
    for step, _ in _steps(chains):
        yield f"  {step}: {step} is done"
        yield f"  not-{step}: {step} is undone"


def _rules(chains: int) -> Iterator[str]:
    yield "rules:"
    shared = "topic: compliance, from: [live], to: same, origin: choice, why: Made up."
    for number, (step, before) in enumerate(_steps(chains)):
        needs = f"needs: [{{step: {before}, why: Made up.}}], " if before else ""
        # The first takes the place of the shared rule that notes any step.
        name = f"{step}-taken" if number else "step-recorded"
        yield (
            f"  {name}: {{event: step-recorded, says: Made up., when: {{step: {step}}}, "
            f"{needs}sets: [{step}], {shared}}}"
        )
        yield (
            f"  {step}-undone: {{event: step-recorded, says: Made up., "
            f"when: {{step: not-{step}}}, clears: [{step}], {shared}}}"
        )


def _requirements(chains: int) -> Iterator[str]:
    yield "requirements:"
    for step, before in _steps(chains):
        if before:
            yield (
                f"  {before}-first: {{says: Made up., topic: compliance, template: precedence, "
                f"first: {{event: step-recorded, when: {{step: {before}}}}}, "
                f"then: {{event: step-recorded, when: {{step: {step}}}}}, "
                "origin: choice, why: Made up.}"
            )
