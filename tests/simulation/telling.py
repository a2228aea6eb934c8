"""Writing told cases for tests: a few lines of YAML, read as any other scenario."""

from __future__ import annotations

from pathlib import Path

from cpplan_sim.running import Run, run
from cpplan_sim.scenarios import Scenario, read_scenario

OPENED = "on: 2026-01-05, event: initial-conference-opened"
DECIDED = "on: 2026-01-05, event: initial-conference-decided"


def case(folder: Path, *events: str, end: str = "", procedure: str = "standards") -> Scenario:
    """Return a told case of events, each written as the inside of a YAML mapping."""
    lines = "".join(f"  - {{{event}}}\n" for event in events)
    head = f"scenario: A case\nprocedure: {procedure}\nsays: What it shows.\n"
    path = folder / "case.yaml"
    text = f"{head}events:\n{lines}{end}" if events else f"{head}events: []\n{end}"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def ran(folder: Path, *events: str, end: str = "", procedure: str = "standards") -> Run:
    """Return the same case, run."""
    return run(case(folder, *events, end=end, procedure=procedure))
