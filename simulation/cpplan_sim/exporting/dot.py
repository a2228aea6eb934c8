"""DOT: a procedure as a graph that Graphviz lays out.

DOT has no guards and no data. What a move needs is in the tooltip of its arrow.
Source of the escapes: Graphviz documentation, "The DOT Language" and ``escString``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cpplan import Procedure
from cpplan_sim.exporting.arrows import Arrow, arrows, staying
from cpplan_sim.exporting.machines import Machine, State, machine_of
from cpplan_sim.exporting.saying import head, plain, summed, untold, words

UNSAID = (
    "DOT can't say guards, steps or fields: the tooltip of an arrow has the rules, their clauses",
    "and when each can be taken. What is recorded without leaving a state is in its tooltip.",
)

_START = "[*]"
"""The point that the first state is entered from; no state has such a name."""


def dot(procedure: Procedure) -> str:
    """Return a procedure as a graph in DOT."""
    return "\n".join(_lines(machine_of(procedure))) + "\n"


def _lines(machine: Machine) -> Iterator[str]:
    procedure = machine.procedure
    yield from (f"// {line}" for line in (*head(procedure), *UNSAID, *untold(machine)))
    yield f"digraph {_quoted([procedure.name])} {{"
    yield f"  graph [label={_quoted([procedure.title])}, labelloc=t, rankdir=TB]"
    yield '  node [shape=box, style=rounded, fontname="sans-serif"]'
    yield '  edge [fontname="sans-serif", fontsize=10]'
    yield f"  {_quoted([_START])} [shape=point]"
    for state in machine.states:
        yield f"  {_state(state)}"
    yield f"  {_quoted([_START])} -> {_quoted([machine.states[0].name])}"
    for arrow in arrows(machine):
        yield f"  {_arrow(arrow)}"
    yield "}"


def _state(state: State) -> str:
    says = [state.says]
    if stays := staying(state):
        says.append(f"Recorded here without leaving it: {', '.join(stays)}")
    given = {"label": [words(state.name)], "tooltip": says}
    ends = ", peripheries=2" * state.final
    return f"{_quoted([state.name])} [{_attributes(given)}{ends}]"


def _arrow(arrow: Arrow) -> str:
    given = {
        "label": [words(event) for event in arrow.events],
        "tooltip": [summed(move) for move in arrow.moves],
    }
    return f"{_quoted([arrow.source])} -> {_quoted([arrow.target])} [{_attributes(given)}]"


def _attributes(given: dict[str, list[str]]) -> str:
    return ", ".join(f"{name}={_quoted(lines)}" for name, lines in given.items())


def _quoted(lines: list[str]) -> str:
    """Return a quoted string of several lines; in it, a backslash is an escape."""
    escaped = (plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
