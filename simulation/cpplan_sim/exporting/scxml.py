"""SCXML: a procedure as a state machine that an engine runs.

Source: W3C, "State Chart XML (SCXML): State Machine Notation for Control Abstraction",
Recommendation of 1 September 2015. Steps are 0 or 1 in the data model, since the expressions then
mean the same to engines that read ECMAScript and to those that read Python.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from cpplan import Procedure
from cpplan_sim.exporting.guards import All, Any, Asked, Guard, Step
from cpplan_sim.exporting.machines import Machine, Move, State, machine_of
from cpplan_sim.exporting.names import Names
from cpplan_sim.exporting.saying import head, plain, told, untold

NAMESPACE = "http://www.w3.org/2005/07/scxml"

TAKEN, RECORDED = "rule_taken", "recorded"
"""Where a machine keeps the rule that let the latest event through, and how many were recorded."""


def scxml(procedure: Procedure) -> str:
    """Return a procedure in SCXML."""
    return _Document(machine_of(procedure)).text()


class _Document:
    """One document being written."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.names = Names()
        for kept in (TAKEN, RECORDED):
            self.names.of(kept)

    def text(self) -> str:
        root = ET.Element(
            "scxml",
            {
                "xmlns": NAMESPACE,
                "version": "1.0",
                "datamodel": "ecmascript",
                "name": self.machine.procedure.name,
                "initial": self.machine.states[0].name,
            },
        )
        for line in self._head():
            _remark(root, line)
        self._data(ET.SubElement(root, "datamodel"))
        for state in self.machine.states:
            self._state(root, state)
        ET.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'

    def _head(self) -> Iterator[str]:
        yield from head(self.machine.procedure)
        yield "An event has the name of its kind. The machine keeps the steps; the host answers the"
        yield "conditions below with each event: _event.data holds 1 under the name of each that is"
        yield "true, and 0 under that of every other that the kind of event is asked for."
        yield f"{RECORDED} counts what was let through, and {TAKEN} is the latest rule: an event"
        yield "after which both are as they were is refused."
        yield from untold(self.machine)
        for one in self.machine.conditions:
            yield plain(f"Condition {one.name}: {one.says}")

    def _data(self, parent: ET.Element) -> None:
        ET.SubElement(parent, "data", {"id": TAKEN, "expr": "''"})
        ET.SubElement(parent, "data", {"id": RECORDED, "expr": "0"})
        for step in self.machine.steps:
            _remark(parent, plain(f"{step}: {self.machine.procedure.steps.get(step, '')}"))
            ET.SubElement(parent, "data", {"id": self._step(step), "expr": "0"})

    def _state(self, parent: ET.Element, state: State) -> None:
        _remark(parent, plain(f"{state.name}: {state.says}"))
        tag = "final" if state.final else "state"
        made = ET.SubElement(parent, tag, {"id": state.name})
        for move in state.moves:
            self._move(made, move)

    def _move(self, parent: ET.Element, move: Move) -> None:
        for line in told(move):
            _remark(parent, line)
        said = {"event": move.event}
        if move.guard.parts:
            said["cond"] = self._guard(move.guard)
        if not move.stays:
            said["target"] = move.edge.target
        made = ET.SubElement(parent, "transition", said)
        for step in move.undoes:
            _assign(made, self._step(step), "0")
        for take in move.takes:
            into = made
            if take.recorded is not None:
                into = ET.SubElement(made, "if", {"cond": _asked(take.recorded.name)})
            _assign(into, self._step(take.step), "1")
        _assign(made, TAKEN, f"'{move.edge.rule.id}'")
        _assign(made, RECORDED, f"{RECORDED} + 1")

    def _guard(self, guard: Guard, *, inner: bool = False) -> str:
        match guard:
            case Step():
                return f"{self._step(guard.name)} == {int(guard.stands)}"
            case Asked():
                return _asked(guard.condition.name)
            case All() | Any():
                sign = " && " if isinstance(guard, All) else " || "
                said = sign.join(self._guard(part, inner=True) for part in guard.parts)
                return f"({said})" if inner else said

    def _step(self, step: str) -> str:
        return self.names.of(step, f"step_{step}")


def _asked(condition: str) -> str:
    return f"_event.data.{condition} == 1"


def _assign(parent: ET.Element, location: str, value: str) -> None:
    ET.SubElement(parent, "assign", {"location": location, "expr": value})


def _remark(parent: ET.Element, text: str) -> None:
    """Add a comment, in which two hyphens may not follow one another, nor one end it."""
    parent.append(ET.Comment(f" {text.replace('--', '- -')} "))
