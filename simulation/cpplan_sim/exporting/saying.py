"""Saying: the words that all languages share, in the head of a file and beside a move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpplan import Procedure
from cpplan.rules import Edge
from cpplan_sim.exporting.guards import All, Any, Asked, Guard, Step
from cpplan_sim.exporting.machines import Machine, Move


def plain(text: str) -> str:
    """Return text on one line, without characters that can't be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def words(name: str) -> str:
    """Return a name in words: ``core-group-met`` as ``core group met``."""
    return name.replace("-", " ").replace(".", ": ").replace("_", " ")


def cited(clauses: Iterable[str]) -> str:
    """Return clauses in brackets, or nothing where there are none."""
    found = ", ".join(clauses)
    return f" [{found}]" if found else ""


def head(procedure: Procedure) -> Iterator[str]:
    """Yield what a file is of: procedure, edition and digest."""
    yield plain(f"{procedure.name}: {procedure.title}, {procedure.edition}")
    yield f"Made by cpplan export. Procedure digest {procedure.digest}"


def untold(machine: Machine) -> Iterator[str]:
    """Yield what no machine keeps, in whatever language."""
    yield "Not in it: due dates, the order of days, what is wanted recorded but blocks nothing, and"
    yield "the reasons of a refusal."
    for event, states in _left_out(machine.after_end).items():
        yield f"Left out, since an ending is final: {event}, in {', '.join(states)}."


def _left_out(edges: Iterable[Edge]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for edge in edges:
        found.setdefault(edge.rule.match.event, {})[edge.source] = None
    return {event: list(states) for event, states in found.items()}


def told(move: Move) -> Iterator[str]:
    """Yield a move in words: its rule, what it needs, takes and undoes, and the clauses."""
    rule = move.edge.rule
    yield plain(f"{rule.id}: {rule.says}{cited(rule.cites)}")
    for need in rule.needs:
        yield plain(f"refused with {need.code}: {need.says}{cited(need.cites)}")
    if move.guard.parts:
        yield f"if {spelt(move.guard)}"
    if move.undoes:
        yield f"undoes {', '.join(move.undoes)}"
    if move.takes:
        yield f"takes {', '.join(take.step for take in move.takes)}"


def summed(move: Move) -> str:
    """Return a move on one line: its rule, all clauses, and when it can be made.

    For pictures, whose comments count against the length that a tool takes.
    """
    condition = f": if {spelt(move.guard)}" if move.guard.parts else ""
    return plain(f"{move.edge.rule.id}{cited(move.cites)}{condition}")


def spelt(guard: Guard, *, inner: bool = False) -> str:
    """Return a guard in words, with brackets around alternatives that stand among others."""
    match guard:
        case Step():
            return f"{guard.name} {'stands' if guard.stands else 'does not stand'}"
        case Asked():
            return plain(guard.condition.says)
        case All():
            return " and ".join(spelt(part, inner=True) for part in guard.parts)
        case Any():
            said = " or ".join(spelt(part, inner=True) for part in guard.parts)
            return f"({said})" if inner else said
