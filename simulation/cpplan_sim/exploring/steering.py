"""Steering: what to prefer when an event is chosen, so that rare things happen too.

Made before a round of histories and left alone during it, so that the same bytes tell the same
history. It prefers what was seldom exercised; nothing that it prefers is judged more kindly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs

from cpplan import Procedure
from cpplan.drafts import NOTING
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.obligations import Status
from cpplan.rules import Edge
from cpplan.states import REVIEW
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.table import ends

T = TypeVar("T")

_UNSEEN = 60.0
"""How much what was never seen is preferred to what was seen once."""

Goal = tuple[Duty, Status]
"""That a duty be in a status."""


@attrs.frozen
class Steering:
    """What a round of histories prefers.

    Attributes:
        rules: how much each rule is preferred.
        codes: how much each refusal code is.
        goals: how much each goal is, of those that can be had.
        beginnings: histories to go on from.
    """

    rules: Mapping[str, float]
    codes: Mapping[str, float]
    goals: Mapping[Goal, float]
    beginnings: Sequence[tuple[Event, ...]] = ()

    def of_edge(self, edge: Edge, standing: Iterable[str], *, ending: bool) -> float:
        """Return how much an edge is preferred: what leads on, what is new, what is rare."""
        weight = self.rules[edge.rule.id]
        standing = set(standing)
        if not edge.clears.isdisjoint(standing):
            weight *= 5
        elif edge.sets:
            weight *= 0.3 if all(one.step in standing for one in edge.sets) else 2
        if ends(edge):
            return weight * (0.3 if ending else 0.002)
        if edge.rule.topic == NOTING:
            return weight * 0.4
        if edge.target == edge.source:
            return weight
        return weight * (40 if edge.source == REVIEW else 4)

    def goal(self, number: float) -> Goal:
        """Return the goal at a share, from 0 up to 1, of how much all are preferred."""
        return weighed(list(self.goals), list(self.goals.values()), number)


def steering(
    procedure: Procedure,
    seen: Exercise,
    possible: Iterable[tuple[str, Status]],
    beginnings: Sequence[tuple[Event, ...]],
) -> Steering:
    """Return what to prefer after what was seen so far.

    Args:
        procedure: the procedure.
        seen: what was exercised.
        possible: the statuses that each duty can have.
        beginnings: histories to go on from.
    """
    codes = {need.code for rule in procedure.rules.values() for need in rule.needs}
    return Steering(
        rules={name: _rarity(seen.rules[name]) for name in procedure.rules},
        codes={code: _rarity(seen.refusals[code]) for code in codes},
        goals={
            (procedure.duties[name], status): _rarity(seen.statuses[name, status])
            for name, status in possible
        },
        beginnings=tuple(beginnings),
    )


def _rarity(times: int) -> float:
    return 1 / math.sqrt(times) if times else _UNSEEN


def weighed(items: Sequence[T], weights: Sequence[float], number: float) -> T:
    """Return the item that lies at a share, from 0 up to 1, of the whole weight."""
    left = number * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        left -= weight
        if left < 0:
            return item
    return items[-1]
