"""XState: a procedure as the JSON that ``createMachine`` of XState 5 takes.

JSON holds no functions, so a guard is the name of a rule with its expression as parameters, and an
action is one of three words with a step. Whoever runs the machine gives the functions for them:
one for every guard, and one for each of the three actions.
"""

from __future__ import annotations

import json
from typing import Any as Anything

from cpplan import Procedure
from cpplan_sim.exporting.guards import All, Any, Asked, Guard, Step
from cpplan_sim.exporting.machines import Machine, Move, State, Take, machine_of
from cpplan_sim.exporting.saying import head, told, untold

HOW = (
    "Guards are named after rules, with an expression in params: all or any of several, a step"
    " that stands or does not, a condition. Actions are undo and take, with a step in params, and"
    " record, with the rule. Give one function for all guards, which reads params, and one for each"
    " action."
    " An event has the name of its kind as type. Conditions are defined in meta: where the"
    " definition has a field, the event decides; else the host does."
)


def xstate(procedure: Procedure) -> str:
    """Return a procedure as the JSON of a machine for XState."""
    machine = machine_of(procedure)
    data = {
        "id": procedure.name,
        "description": " ".join([*head(procedure), HOW, *untold(machine)]),
        "initial": key(machine.states[0].name),
        "context": {"steps": dict.fromkeys(machine.steps, False)},
        "meta": {"digest": procedure.digest, "conditions": _conditions(machine)},
        "states": {key(state.name): _state(state) for state in machine.states},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def key(state: str) -> str:
    """Return the key of a state: without dots, which XState reads as a path."""
    return state.replace(".", "-")


def _conditions(machine: Machine) -> dict[str, Anything]:
    return {
        one.name: {"says": one.says, "definition": dict(one.definition)}
        for one in machine.conditions
    }


def _state(state: State) -> dict[str, Anything]:
    made: dict[str, Anything] = {"description": state.says, "meta": {"state": state.name}}
    if state.final:
        return {"type": "final", **made}
    events = dict.fromkeys(move.event for move in state.moves)
    made["on"] = {
        event: [_move(move) for move in state.moves if move.event == event] for event in events
    }
    return made


def _move(move: Move) -> dict[str, Anything]:
    rule = move.edge.rule
    made: dict[str, Anything] = {} if move.stays else {"target": key(move.edge.target)}
    if move.guard.parts:
        made["guard"] = {"type": rule.id, "params": _guard(move.guard)}
    made["actions"] = [
        *({"type": "undo", "params": {"step": step}} for step in move.undoes),
        *({"type": "take", "params": _take(take)} for take in move.takes),
        {"type": "record", "params": {"rule": rule.id}},
    ]
    made["description"] = "\n".join(told(move))
    made["meta"] = {"rule": rule.id, "cites": list(move.cites)}
    return made


def _take(take: Take) -> dict[str, str]:
    recorded = {} if take.recorded is None else {"if": take.recorded.name}
    return {"step": take.step, **recorded}


def _guard(guard: Guard) -> dict[str, Anything]:
    match guard:
        case Step():
            return {"step" if guard.stands else "no-step": guard.name}
        case Asked():
            return {"condition": guard.condition.name}
        case All():
            return {"all": [_guard(part) for part in guard.parts]}
        case Any():
            return {"any": [_guard(part) for part in guard.parts]}
