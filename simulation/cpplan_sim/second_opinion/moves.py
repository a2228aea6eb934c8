"""Moves: what an edge of a procedure can do to what is watched, told apart from any language.

One move is one edge with one choice of what the event leaves for steps and time to decide, and with
one thing that it shows of the requirements.
"""

from __future__ import annotations

import attrs

from cpplan.rules import Edge
from cpplan_sim.second_opinion.watched import Clock


@attrs.frozen
class Guard:
    """What must stand, or not.

    Attributes:
        steps: the steps, of which one has to stand.
        lacks: whether it is the other way about: none may stand.
    """

    steps: tuple[str, ...]
    lacks: bool = False


@attrs.frozen
class Shows:
    """What a move shows of a requirement.

    Attributes:
        first, later: whether it shows either side.
        lifts: whether it lifts a ban on the later side.
        ends: whether it ends the plan.
        tried: whether it is an occasion for what must never be.
        covered: whether its rule asks for the list that the later side has to hold.
        since: the clocks begun on no earlier a day than a first side that counts.
        limits: the rule's own limits that keep the later side in time: the steps each counts from.
    """

    first: bool = False
    later: bool = False
    lifts: bool = False
    ends: bool = False
    tried: bool = False
    covered: bool = False
    since: tuple[Clock, ...] = ()
    limits: tuple[tuple[str, ...], ...] = ()

    @property
    def anything(self) -> bool:
        """Whether it shows a side, or an occasion for one."""
        return self.first or self.later or self.lifts or self.tried


@attrs.frozen
class Effect:
    """What a move asks and does, whatever is watched.

    Attributes:
        guards: what must stand or not, beside the state.
        takes, drops: the steps taken and undone.
        waits: the clocks that have run by then.
    """

    guards: tuple[Guard, ...]
    takes: tuple[str, ...]
    drops: tuple[str, ...]
    waits: tuple[Clock, ...]

    @property
    def reads(self) -> frozenset[str]:
        """The steps that decide whether it can be."""
        return frozenset(step for guard in self.guards for step in guard.steps)


@attrs.frozen
class Move:
    """One move.

    Attributes:
        edge: the edge.
        effect: what it asks and does.
        shows: what it shows of the requirements below.
        watched: the numbers of those requirements.
    """

    edge: Edge
    effect: Effect
    shows: Shows
    watched: frozenset[int]
