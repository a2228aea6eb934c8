"""A machine: what every exported state machine is made of, whatever the language.

States, moves with guards, steps taken and undone, conditions asked of the host. A machine keeps no
days: that events come in the order of their days, and what falls due, is not in it. An ending is
final, as it is in the languages written, so that what may be noted after one is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from cpplan import Plan, Procedure
from cpplan.events import Event
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, STATES, is_ended
from cpplan_sim.exporting.conditions import Condition, Conditions
from cpplan_sim.exporting.guards import All, Guards, conditions_in, steps_in


@attrs.frozen
class Take:
    """A step that a move takes.

    Attributes:
        step: the step.
        recorded: the condition that the field that dates it is recorded, if one does.
    """

    step: str
    recorded: Condition | None = None


@attrs.frozen
class Move:
    """One way in which an event moves a machine.

    Attributes:
        edge: the edge of the procedure, with its rule.
        guard: when it can be made.
        takes: the steps that it takes, once those that it undoes are undone.
    """

    edge: Edge
    guard: All
    takes: tuple[Take, ...]

    @property
    def event(self) -> str:
        """The kind of event."""
        return self.edge.rule.match.event

    @property
    def stays(self) -> bool:
        """Whether it leaves the machine in its state."""
        return self.edge.source == self.edge.target

    @property
    def undoes(self) -> tuple[str, ...]:
        """The steps that it undoes."""
        return tuple(sorted(self.edge.clears))

    @property
    def cites(self) -> tuple[str, ...]:
        """The clauses of its rule and of what the rule needs."""
        rule = self.edge.rule
        needed = (clause for need in rule.needs for clause in need.cites)
        return tuple(dict.fromkeys([*rule.cites, *needed]))


@attrs.frozen
class State:
    """One state.

    Attributes:
        name: as the procedure has it.
        says: what it means.
        final: whether it is an ending.
        moves: what leaves it, or stays in it, in the order of the rules.
    """

    name: str
    says: str
    final: bool
    moves: tuple[Move, ...]


@attrs.frozen
class _Facts:
    """What a need may know of a plan, with the steps of the tallies that an event completes."""

    steps: Mapping[str, dt.date]
    events: Sequence[Event]


@attrs.frozen
class Machine:
    """A procedure as a machine.

    Attributes:
        procedure: what it is made from.
        states: its states, in lifecycle order; it begins in the first.
        steps: the steps that it keeps.
        conditions: what it asks of its host.
        after_end: the edges left out because they come after an ending.
    """

    procedure: Procedure
    states: tuple[State, ...]
    steps: tuple[str, ...]
    conditions: tuple[Condition, ...]
    after_end: tuple[Edge, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every move, state by state."""
        return tuple(move for state in self.states for move in state.moves)

    def answers(self, event: Event, plan: Plan) -> Mapping[str, bool]:
        """Return what a host answers when an event is about to be recorded.

        Args:
            event: what happened.
            plan: the plan as it stands.

        Returns:
            For each condition that this kind of event can be asked for, whether it holds.
        """
        steps, _ = self.procedure.tally(event, plan.steps, plan.counts)
        facts = _Facts(steps, plan.events)
        asked = self._asked.get(event.kind, ())
        return {condition.name: condition.holds(event, facts) for condition in asked}

    _asked: Mapping[str, tuple[Condition, ...]] = attrs.field(init=False, repr=False, eq=False)

    @_asked.default
    def _by_kind(self) -> Mapping[str, tuple[Condition, ...]]:
        found: dict[str, dict[str, Condition]] = {}
        for move in self.moves:
            asked = [*conditions_in(move.guard), *(t.recorded for t in move.takes if t.recorded)]
            found.setdefault(move.event, {}).update((one.name, one) for one in asked)
        return {kind: tuple(asked.values()) for kind, asked in found.items()}


def machine_of(procedure: Procedure) -> Machine:
    """Return a procedure as a machine."""
    conditions = Conditions()
    guards = Guards(conditions, procedure.tallies)
    states = tuple(
        State(name, STATES[name], is_ended(name), _moves(procedure, name, guards, conditions))
        for name in procedure.states
    )
    assert states[0].name == BEFORE_PLAN, "states are in lifecycle order"
    return Machine(
        procedure=procedure,
        states=states,
        steps=_steps(states),
        conditions=conditions.all,
        after_end=tuple(edge for edge in procedure.edges if is_ended(edge.source)),
    )


def _moves(
    procedure: Procedure, state: str, guards: Guards, conditions: Conditions
) -> tuple[Move, ...]:
    if is_ended(state):
        return ()
    return tuple(
        Move(edge, guards.of(edge), _takes(edge, conditions))
        for edge in procedure.edges_from(state)
    )


def _takes(edge: Edge, conditions: Conditions) -> tuple[Take, ...]:
    return tuple(
        Take(one.step, conditions.recorded(one.on_field) if one.on_field else None)
        for one in edge.sets
    )


def _steps(states: tuple[State, ...]) -> tuple[str, ...]:
    """Return every step that a move takes, in the order of the alphabet.

    One that is asked for and that nothing takes is a step too: it never stands.
    """
    moves = [move for state in states for move in state.moves]
    named = {take.step for move in moves for take in move.takes}
    for move in moves:
        named |= {*move.undoes, *steps_in(move.guard)}
    return tuple(sorted(named))
