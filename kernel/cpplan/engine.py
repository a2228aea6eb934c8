"""The enforcing engine: one ``transitions`` machine for a procedure, built from its edges.

How it works. Each edge becomes one transition whose trigger is the kind of the event and whose
condition asks the edge whether it permits the event. A plan is never registered with the machine:
each event gets a cursor of its own, which is thrown away. The machine has no automatic
transitions, no queue and no callbacks, and every condition is a function, never a name.

What it can't express: why an event was refused. That is asked of the edges (:func:`unmet`).

The stock ``Transition`` logs each event twice, which would write the state of a child's plan to
the host's log, and calls hooks that no procedure has. :class:`LeanTransition` does neither; the
tests show it equal to the stock class over every edge.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from transitions import Machine, MachineError
from transitions.core import EventData, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cpplan.events import Event
    from cpplan.needs import Facts
    from cpplan.rules import Edge


class Cursor:
    """What the machine moves: a state, and the edge that was taken."""

    __slots__ = ("edge", "state")

    def __init__(self, state: str) -> None:
        """Stand in ``state``."""
        self.state = state
        self.edge: Edge | None = None


class LeanTransition(Transition):
    """A transition that judges its conditions, moves the cursor, and does nothing else."""

    def __init__(self, *args: Any, edge: Edge, **kwargs: Any) -> None:
        """Keep the edge beside what the stock class keeps."""
        super().__init__(*args, **kwargs)
        self.edge = edge
        self.permits = edge.permits

    def execute(self, event_data: EventData) -> bool:
        """Move the cursor if the edge permits the event."""
        if not self.permits(*event_data.args):
            return False
        cursor: Any = event_data.model
        cursor.state = self.dest
        cursor.edge = self.edge
        return True


class Engine:
    """Enforces the edges of one procedure."""

    def __init__(
        self, edges: Iterable[Edge], states: Iterable[str], transition_cls: type = LeanTransition
    ) -> None:
        """Build the machine.

        Args:
            edges: the procedure's edges, already validated: the machine itself accepts
                misspelt states and duplicate edges.
            states: every state that an edge names.
            transition_cls: the class that carries out a transition; tests compare others.
        """
        self.table: dict[tuple[str, str], list[Edge]] = {}
        self.states = tuple(states)
        self.machine = _machine(self.states, transition_cls)
        for edge in edges:
            self.table.setdefault((edge.rule.match.event, edge.source), []).append(edge)
            self.machine.add_transition(
                edge.rule.match.event,
                edge.source,
                edge.target,
                conditions=[edge.permits],
                edge=edge,
            )

    def enforce(self, state: str, event: Event, facts: Facts) -> Edge | None:
        """Return the edge that the event takes from ``state``, or ``None`` if it is refused.

        Whatever a need raises is not caught: a rule that crashed has not been passed.
        """
        trigger = self.machine.events.get(event.kind)
        if trigger is None:
            return None
        cursor = Cursor(state)
        try:
            trigger.trigger(cursor, event, facts)
        except MachineError:
            return None
        return cursor.edge

    def candidates(self, state: str, kind: str) -> list[Edge]:
        """Return the edges for a kind of event from ``state``, whatever they need."""
        return self.table.get((kind, state), [])

    def knows(self, event: Event) -> bool:
        """Return whether a rule, in whatever state, is for what this event says."""
        return any(
            not edge.rule.match.rules_out(event)
            for state in self.states_for(event.kind)
            for edge in self.table[event.kind, state]
        )

    def states_for(self, kind: str) -> tuple[str, ...]:
        """Return the states with an edge for a kind of event, in lifecycle order."""
        return self._states_for.get(kind, ())

    @cached_property
    def _states_for(self) -> dict[str, tuple[str, ...]]:
        return {
            kind: tuple(state for state in self.states if (kind, state) in self.table)
            for kind in self.machine.events
        }

    def route(self, state: str, event: Event, steps: Any) -> Edge | None:
        """Return the one edge that an event already accepted takes, without asking its needs.

        For rebuilding a plan from its history: what was accepted is not judged again.
        """
        for edge in self.table.get((event.kind, state), ()):
            if edge.applies(event, steps):
                return edge
        return None


def _machine(states: tuple[str, ...], transition_cls: type) -> Machine:
    class ProcedureMachine(Machine):
        """A machine whose transitions are of the class asked for."""

    ProcedureMachine.transition_cls = transition_cls
    return ProcedureMachine(
        model=None,
        states=list(states),
        initial=None,
        auto_transitions=False,
        send_event=False,
        queued=False,
    )
