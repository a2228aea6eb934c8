"""An SCXML engine runs what is exported, and moves as the kernel does, event by event."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import attrs
import pytest
from statemachine.io.scxml.processor import SCXMLProcessor

from cpplan import PROCEDURES, Procedure
from cpplan_sim.exporting.machines import Machine, machine_of
from cpplan_sim.exporting.scxml import NAMESPACE, RECORDED, TAKEN, scxml
from cpplan_sim.running import loaded
from tests.simulation.exporting.histories import History, Tried, histories, telling


class Engine:
    """One run of a document; the engine doesn't begin a second run of what it has read."""

    def __init__(self, text: str, machine: Machine) -> None:
        self._machine = machine
        processor: Any = SCXMLProcessor()
        processor.parse_scxml("exported", text)
        self._run: Any = processor.start()

    @property
    def kept(self) -> dict[str, Any]:
        """Return what the machine keeps: its state, its steps, what it took."""
        found: dict[str, Any] = vars(self._run.model)
        return found

    def send(self, tried: Tried) -> str | None:
        """Send an event with the host's answers; return the rule that it took, if it took one."""
        answers = self._machine.answers(tried.event, tried.plan)
        before = self.kept[RECORDED]
        self._run.send(tried.event.kind, **{name: int(holds) for name, holds in answers.items()})
        return self.kept[TAKEN] if self.kept[RECORDED] == before + 1 else None

    @property
    def place(self) -> tuple[str, list[str]]:
        """Return the state and the names of the steps that stand."""
        standing = (name for name, value in self.kept.items() if value == 1)
        return self.kept["state"], sorted(n for n in standing if n.startswith("step_"))


@cache
def machine(name: str) -> Machine:
    return machine_of(loaded(name))


def expected(tried: Tried) -> tuple[str, list[str]]:
    return tried.after.state, sorted(f"step_{s.replace('-', '_')}" for s in tried.after.steps)


def differences(one: History, text: str) -> list[str]:
    """Return where a machine did otherwise than the kernel; what is refused is tried there too."""
    engine = Engine(text, machine(one.procedure.name))
    wrong = []
    for tried, probes in zip(one.told, one.probes, strict=True):
        for probe in (*(probe for probe in probes if probe.rule is None), tried):
            rule = engine.send(probe)
            if (rule, engine.place) != (probe.rule, expected(probe)):
                wrong.append(f"{one.title}: {probe.event.kind}: {rule} {engine.place}")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_told_cases_go_as_in_the_kernel_and_what_is_refused_is_refused(name: str) -> None:
    text = scxml(loaded(name))
    found = telling(histories(name), most=10)
    assert [wrong for one in found for wrong in differences(one, text)] == []
    told = [tried for one in found for tried in one.told]
    assert any(tried.rule is None for tried in told)
    assert any(tried.after.state != tried.plan.state for tried in told)


@pytest.mark.slow
def test_a_machine_without_a_guard_is_found_out() -> None:
    root = ET.fromstring(scxml(loaded("luton")))
    for move in root.iter(f"{{{NAMESPACE}}}transition"):
        if move.get("event") == "detailed-plan-agreed":
            move.attrib.pop("cond", None)
    text = ET.tostring(root, encoding="unicode")
    wrong = [line for one in telling(histories("luton"), most=3) for line in differences(one, text)]
    assert any("detailed-plan-agreed" in line for line in wrong)


def test_endings_are_final_and_what_comes_after_them_is_told_as_left_out() -> None:
    procedure = loaded("standards")
    root = ET.fromstring(scxml(procedure))
    final = [one.get("id") for one in root.iter(f"{{{NAMESPACE}}}final")]
    assert final == [state for state in procedure.states if state.startswith("ended.")]
    assert "Left out, since an ending is final: audit-copy-sent" in scxml(procedure)


def test_words_of_a_pack_can_not_leave_their_comment() -> None:
    procedure = loaded("luton")
    rule = attrs.evolve(
        procedure.rules["detailed-plan-agreed"], says="--><final id='x'/> -- & \x01 <!--"
    )
    changed = attrs.evolve(procedure, rules={**procedure.rules, rule.id: rule})
    assert "final id='x'" in scxml(changed)
    assert ids(changed) == ids(procedure)


def ids(procedure: Procedure) -> list[str | None]:
    """Return the ids in a document, which a strict reader could read."""
    return [one.get("id") for one in ET.fromstring(scxml(procedure)).iter()]


def test_the_same_procedure_is_always_written_the_same() -> None:
    assert scxml(loaded("jersey")) == scxml(loaded("jersey"))
