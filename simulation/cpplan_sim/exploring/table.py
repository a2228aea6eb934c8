"""The table of enabled events: for a state and its steps, the rules that can let one through.

Remembered by state and steps, because a history asks it at every turn. It only guides: whether an
event is recorded is the kernel's to say, and whether that was right, its judges'.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan import Plan, Procedure
from cpplan.events import KINDS
from cpplan.needs import EarliestNeed, Need
from cpplan.refusals import unmet_beforehand
from cpplan.rules import Edge
from cpplan.states import is_ended

_FAR_OFF = dt.date.max
"""A day by which every period has run."""


@attrs.frozen
class Enabled:
    """What a state and its steps allow.

    Attributes:
        edges: those that can be taken now or, once a period has run, later.
        counted: the periods that each of those waits for, by its number.
        routed: those that are the rule for their event, whether their needs are met or not.
    """

    edges: tuple[Edge, ...]
    counted: dict[int, tuple[EarliestNeed, ...]]
    routed: tuple[Edge, ...]

    def ready(self, plan: Plan, on: dt.date) -> list[Edge]:
        """Return the edges that can be taken on a day."""
        return [edge for edge in self.edges if not self.too_early(edge, plan, on)]

    def too_early(self, edge: Edge, plan: Plan, on: dt.date) -> bool:
        """Return whether a period that an edge waits for has not run."""
        return any(
            (earliest := need.earliest(plan)) is None or on < earliest
            for need in self.counted.get(edge.number, ())
        )

    def first_days(self, plan: Plan) -> list[tuple[Edge, dt.date]]:
        """Return the edges that wait for a period, each with the first day on which it has run."""
        found = []
        for edge in self.edges:
            days = [need.earliest(plan) for need in self.counted.get(edge.number, ())]
            known = [day for day in days if day is not None]
            if known:
                found.append((edge, max(known)))
        return found


class Table:
    """The enabled events of one procedure, worked out as they are asked for.

    Attributes:
        procedure: which.
        going_on: its edges without those that end a plan.
        kinds: every kind of event there is.
        kinds_going_on: those without the kinds that can end a plan.
    """

    def __init__(self, procedure: Procedure) -> None:
        """Begin with nothing worked out."""
        self.procedure = procedure
        self.going_on = tuple(edge for edge in procedure.edges if not ends(edge))
        last = {edge.rule.match.event for edge in procedure.edges if ends(edge)}
        self.kinds = tuple(KINDS)
        self.kinds_going_on = tuple(kind for kind in KINDS if kind not in last)
        self._known: dict[tuple[str, frozenset[str]], Enabled] = {}

    def enabled(self, plan: Plan) -> Enabled:
        """Return what a plan's state and steps allow."""
        key = (plan.state, frozenset(plan.steps))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._worked_out(plan)
        return found

    def _worked_out(self, plan: Plan) -> Enabled:
        here = self.procedure.edges_from(plan.state)
        edges = tuple(e for e in here if unmet_beforehand(e, plan, _FAR_OFF) is not None)
        counted = {edge.number: _counted(edge.rule.needs) for edge in edges}
        routed = tuple(edge for edge in here if _routed(edge, plan))
        return Enabled(edges, {n: needs for n, needs in counted.items() if needs}, routed)


def _counted(needs: tuple[Need, ...]) -> tuple[EarliestNeed, ...]:
    return tuple(need for need in needs if isinstance(need, EarliestNeed))


def _routed(edge: Edge, plan: Plan) -> bool:
    standing = plan.steps.keys()
    if not edge.given <= standing or not edge.given_none.isdisjoint(standing):
        return False
    return not edge.given_any or not edge.given_any.isdisjoint(standing)


def ends(edge: Edge) -> bool:
    """Return whether an edge ends the plan."""
    return is_ended(edge.target) and not is_ended(edge.source)
