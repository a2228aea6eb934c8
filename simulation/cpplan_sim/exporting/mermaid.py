"""Mermaid: a procedure as a state diagram for pages that draw one from text.

Mermaid has no guards and no data, so what a move needs stands in comments. These are kept short:
Mermaid takes 50,000 characters at most, comments included, unless its page allows more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cpplan import Procedure
from cpplan_sim.exporting.arrows import arrows, staying
from cpplan_sim.exporting.machines import Machine, State, machine_of
from cpplan_sim.exporting.names import Names
from cpplan_sim.exporting.saying import head, plain, summed, untold, words

UNSAID = (
    "Mermaid can't say guards, steps or fields: a comment above each arrow has the rule, its",
    "clauses and when it can be taken. What is recorded without leaving a state is not drawn.",
)


def mermaid(procedure: Procedure) -> str:
    """Return a procedure as a Mermaid state diagram."""
    return "\n".join(_lines(machine_of(procedure))) + "\n"


def _lines(machine: Machine) -> Iterator[str]:
    names = Names()
    procedure = machine.procedure
    yield "stateDiagram-v2"
    yield from map(_remark, (*head(procedure), *UNSAID, *untold(machine)))
    yield f"    accTitle: {_label(f'The lifecycle of a plan under {procedure.name}')}"
    yield f"    accDescr: {_label(procedure.title)}, states and what leads from one to another"
    for state in machine.states:
        yield from _state(state, names)
    yield f"    [*] --> {names.of(machine.states[0].name)}"
    for arrow in arrows(machine):
        yield from (_remark(summed(move)) for move in arrow.moves)
        said = ", ".join(_label(words(event)) for event in arrow.events)
        yield f"    {names.of(arrow.source)} --> {names.of(arrow.target)} : {said}"
    for state in machine.states:
        if state.final:
            yield f"    {names.of(state.name)} --> [*]"


def _state(state: State, names: Names) -> Iterator[str]:
    yield _remark(f"{state.name}: {state.says}")
    if stays := staying(state):
        yield _remark(f"kinds of event that can be recorded here without leaving it: {len(stays)}")
    yield f'    state "{_label(words(state.name))}" as {names.of(state.name)}'


def _remark(text: str) -> str:
    """Return a comment; one that began with a brace would be an instruction to Mermaid."""
    return f"    %% {plain(text).replace('{', '(').replace('}', ')')}"


def _label(text: str) -> str:
    """Return words without what has a meaning in Mermaid."""
    return plain(re.sub(r"[^\w ,.()/'-]+", " ", text))
