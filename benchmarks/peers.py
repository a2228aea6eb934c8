"""The same table in other libraries: every edge of a procedure, with our needs as conditions.

Each returns a way to record one event. Refusals are plain answers: no exception is let out.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from transitions import Machine, MachineError

from cpplan.engine import Cursor

if TYPE_CHECKING:
    from cpplan import Plan, Procedure
    from cpplan.events import Event

Recording = Callable[[], object]


def installed(module: str) -> bool:
    """Return whether a peer is there to be measured."""
    return importlib.util.find_spec(module) is not None


def bare_machine(procedure: Procedure) -> Machine:
    """Return a ``transitions`` machine with nothing of ours but the table and its conditions."""
    machine = Machine(
        model=None, states=list(procedure.states), initial=None, auto_transitions=False
    )
    for edge in procedure.edges:
        machine.add_transition(
            edge.rule.match.event, edge.source, edge.target, conditions=[edge.permits]
        )
    return machine


def bare_trigger(plan: Plan, event: Event) -> Recording:
    """Return one trigger of that machine on an unregistered model, to measure the others by."""
    events = bare_machine(plan.procedure).events

    def record() -> bool:
        try:
            return events[event.kind].trigger(Cursor(plan.state), event, plan)
        except MachineError:
            return False

    return record


def statemachine_class(procedure: Procedure) -> Any:
    """Return the procedure as a python-statemachine class."""
    from statemachine import State, StateMachine  # noqa: PLC0415  # may not be installed

    states = {name: State(name, initial=name == procedure.states[0]) for name in procedure.states}
    events: dict[str, Any] = {}
    for edge in procedure.edges:
        name = _identifier(edge.rule.match.event)
        transition = states[edge.source].to(states[edge.target], cond=_condition(edge.permits))
        events[name] = events[name] | transition if name in events else transition
    body = {_identifier(name): state for name, state in states.items()} | events
    metaclass: Any = type(StateMachine)
    return metaclass("ProcedureMachine", (StateMachine,), body)


def statemachine_send(plan: Plan, event: Event) -> Recording:
    """Return one ``send`` to a python-statemachine that stands where the plan stands."""
    machine = statemachine_class(plan.procedure)(start_value=plan.state)
    name = _identifier(event.kind)
    return lambda: machine.send(name, happened=event, facts=plan)


def sismic_chart(procedure: Procedure, state: str) -> Any:
    """Return the procedure as a sismic statechart that begins in a state."""
    from sismic import model  # noqa: PLC0415  # may not be installed

    chart = model.Statechart(procedure.name)
    chart.add_state(model.CompoundState("plan", initial=state), None)
    for name in procedure.states:
        chart.add_state(model.BasicState(name), "plan")
    for edge in procedure.edges:
        guard = f"permits[{edge.number}](event.happened, event.facts)"
        kind = edge.rule.match.event
        chart.add_transition(model.Transition(edge.source, edge.target, event=kind, guard=guard))
    return chart


def sismic_execute(plan: Plan, event: Event) -> Recording:
    """Return one event executed by a sismic interpreter that stands where the plan stands."""
    from sismic.interpreter import Interpreter  # noqa: PLC0415  # may not be installed

    permits = [edge.permits for edge in plan.procedure.edges]
    chart = sismic_chart(plan.procedure, plan.state)
    interpreter = Interpreter(chart, initial_context={"permits": permits})
    interpreter.execute()

    def record() -> object:
        interpreter.queue(event.kind, happened=event, facts=plan)
        return interpreter.execute_once()

    return record


def _condition(permits: Callable[[Event, Plan], bool]) -> Callable[[Event, Plan], bool]:
    """Name the arguments as they are sent: python-statemachine hands them over by name."""

    def condition(happened: Event, facts: Plan) -> bool:
        return permits(happened, facts)

    return condition


def _identifier(name: str) -> str:
    return name.replace("-", "_").replace(".", "_")
