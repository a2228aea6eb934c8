"""Arrows: what a picture shows of a machine: one arrow for each two states with a way between.

A picture of every move would be hundreds of loops. So the moves that stay in their state are only
counted, and those between the same two states share an arrow with their events on it.
"""

from __future__ import annotations

import attrs

from cpplan_sim.exporting.machines import Machine, Move, State


@attrs.frozen
class Arrow:
    """The moves from one state to another.

    Attributes:
        source, target: the two states.
        moves: the moves, in the order of the rules.
    """

    source: str
    target: str
    moves: tuple[Move, ...]

    @property
    def events(self) -> tuple[str, ...]:
        """The kinds of event, each once."""
        return tuple(dict.fromkeys(move.event for move in self.moves))


def arrows(machine: Machine) -> tuple[Arrow, ...]:
    """Return the arrows of a machine, in lifecycle order."""
    found: dict[tuple[str, str], list[Move]] = {}
    for move in machine.moves:
        if not move.stays:
            found.setdefault((move.edge.source, move.edge.target), []).append(move)
    return tuple(Arrow(*ends, tuple(moves)) for ends, moves in found.items())


def staying(state: State) -> tuple[str, ...]:
    """Return the kinds of event that can be recorded in a state and leave it as it is."""
    return tuple(dict.fromkeys(move.event for move in state.moves if move.stays))
