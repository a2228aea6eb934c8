"""Witnessing: what can be reached in a procedure, as scenario files and as plain data.

The files are a suite that takes every rule from every state in which any history can, the ways on
to an ending by review, and the trap if there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from cpplan import Plan
from cpplan.codec import event_to_dict
from cpplan_sim.covering import suite
from cpplan_sim.monitors import Moment
from cpplan_sim.plainly import plainly
from cpplan_sim.reaching import Reach, Reached
from cpplan_sim.taking import moments_of
from cpplan_sim.traps import Leave
from cpplan_sim.writing import Source, written


@attrs.frozen
class Suite:
    """Scenario files, not written yet.

    Attributes:
        texts: what each file says, by its name.
        first: the file in which each edge, by its number, is first taken.
    """

    texts: Mapping[str, str]
    first: Mapping[int, str]


def suite_of(reached: Reach, left: Leave, source: Source, folder: Path) -> Suite:
    """Return scenario files that show what can be reached.

    Args:
        reached: what can be reached.
        left: whether every plan can still be ended by a review.
        source: how the procedure was loaded.
        folder: where the files will stand.
    """
    files = _Files(reached, source, folder)
    files.cover()
    files.lead_on(left)
    return Suite(files.texts, files.first)


class _Files:
    def __init__(self, reached: Reach, source: Source, folder: Path) -> None:
        self.procedure = reached.procedure
        self.reached = reached
        self.source = source
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.first: dict[int, str] = {}

    def cover(self) -> None:
        plans = suite(self.reached)
        for number, plan in enumerate(plans, start=1):
            name = f"{number:0{len(str(len(plans)))}}-{plan.state.replace('.', '-')}.yaml"
            new = self._new(plan, name)
            why = f"Takes every rule from every state, with the other files; first here: {new}."
            title = f"Witness {number} of {len(plans)}, to {plan.state}"
            self._add(name, moments_of(plan), title, why)

    def _new(self, plan: Plan, name: str) -> str:
        """Note the edges that are first taken here, and return them in words."""
        new: dict[str, None] = {}
        for entry in plan.history:
            if self.first.setdefault(entry.edge.number, name) == name:
                new.setdefault(f"{entry.rule.id} from {entry.edge.source}")
        return ", ".join(new)

    def lead_on(self, left: Leave) -> None:
        for state, one in left.continuations.items():
            why = f"From {state} the last {one.further} events end the plan at a review."
            self._add(f"review-from-{state}.yaml", one.history, f"From {state} to a review", why)
        if left.trap:
            self._add("trap.yaml", left.trap, "A trap", f"After this {left.why}.")

    def _add(self, name: str, moments: tuple[Moment, ...], title: str, why: str) -> None:
        self.texts[name] = written(
            self.procedure,
            plainly(self.procedure, moments),
            title=title,
            why=why,
            source=self.source,
            folder=self.folder,
        )


def write_suite(made: Suite, folder: Path) -> tuple[Path, ...]:
    """Write the files of a suite, and return the scenarios in the folder that are none of them.

    What stands there already is written over if it has the same name, else left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(path for path in sorted(folder.glob("*.yaml")) if path.name not in made.texts)


def as_data(reached: Reach, left: Leave, made: Suite | None) -> dict[str, Any]:
    """Return what can be reached as plain data, for machines."""
    procedure = reached.procedure
    first = made.first if made else {}
    return {
        "procedure": procedure.name,
        "digest": procedure.digest,
        "rules": [{**_edge(one), "file": first.get(one.edge.number, "")} for one in reached.edges],
        "states": [
            {"state": state, "fate": "unused" if state in reached.unused else _fate(reached, state)}
            for state in procedure.states
        ],
        "dead-rules": list(reached.dead_rules),
        "ended-by-review": {
            "leaving": left.leaving.value,
            "why": left.why,
            "furthest": left.furthest,
            "spots": left.spots,
            "tracked": sorted(left.tracked),
            "refinements": left.refinements,
            "from": {
                state: {"events": one.further, "shortest": one.shortest}
                for state, one in left.continuations.items()
            },
            "trap": [event_to_dict(moment.event) for moment in left.trap],
        },
    }


def _fate(reached: Reach, state: str) -> str:
    found = reached.of_state(state)
    return found.fate.value if found else "live"


def _edge(one: Reached) -> dict[str, Any]:
    return {
        "rule": one.edge.rule.id,
        "from": one.edge.source,
        "to": one.edge.target,
        "fate": one.fate.value,
        "shortest": len(one.witness) or None,
        "shown-shortest": one.shortest,
        "states-searched": one.found.states,
        "why": one.found.why,
        "witness": [event_to_dict(moment.event) for moment in one.witness],
    }
