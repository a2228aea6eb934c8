"""XState runs what is exported for it, and moves as the kernel does, event by event."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from cpplan import PROCEDURES
from cpplan.codec import event_to_dict
from cpplan_sim.covering import suite
from cpplan_sim.exporting.machines import Machine, machine_of
from cpplan_sim.exporting.xstate import key, xstate
from cpplan_sim.reaching import reach
from cpplan_sim.running import loaded
from tests.simulation.exporting import node
from tests.simulation.exporting.histories import (
    History,
    Tried,
    all_histories,
    histories,
    replayed,
)

NODE = node.NODE


@cache
def machine(name: str) -> Machine:
    return machine_of(loaded(name))


def sent(tried: Tried) -> dict[str, Any]:
    """Return an event, with what the definitions of the conditions leave to the host."""
    made = machine(tried.plan.procedure.name)
    answers = made.answers(tried.event, tried.plan)
    host = {one.name for one in made.conditions if not one.said}
    told = {name: answer for name, answer in answers.items() if name in host}
    return {"recorded": event_to_dict(tried.event), "told": told}


def run(found: Sequence[History], machines: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    wanted = [
        {
            "machine": one.procedure.name,
            "events": [
                {**sent(tried), "probes": [sent(probe) for probe in probes]}
                for tried, probes in zip(one.told, one.probes, strict=True)
            ],
        }
        for one in found
    ]
    given = json.dumps({"machines": machines, "histories": wanted})
    answered: list[list[dict[str, Any]]] = json.loads(node.run("run_xstate.mjs", given))
    return answered


def exported(*names: str) -> dict[str, Any]:
    return {name: json.loads(xstate(loaded(name))) for name in names}


def expected(tried: Tried) -> dict[str, Any]:
    after = tried.after
    return {"state": key(after.state), "rule": tried.rule, "steps": sorted(after.steps)}


def differences(found: Sequence[History], answered: list[list[dict[str, Any]]]) -> list[str]:
    """Return where a machine did otherwise than the kernel."""
    wrong = []
    for one, answers in zip(found, answered, strict=True):
        for tried, probes, answer in zip(one.told, one.probes, answers, strict=True):
            can = answer.pop("can")
            if {**answer, "steps": sorted(answer["steps"])} != expected(tried):
                wrong.append(f"{one.title}: {tried.event.kind}: {answer}, not {expected(tried)}")
            wrong += [
                f"{one.title}: {probe.event.kind} before {tried.event.kind}: {allowed}"
                for probe, allowed in zip(probes, can, strict=True)
                if allowed is not (probe.rule is not None)
            ]
    return wrong


@pytest.mark.slow
def test_every_told_case_goes_as_in_the_kernel_and_what_is_refused_is_refused() -> None:
    found = all_histories()
    assert differences(found, run(found, exported(*PROCEDURES))) == []
    told = [tried for one in found for tried in one.told]
    probes = [probe for one in found for several in one.probes for probe in several]
    for tried in (told, probes):
        assert sum(one.rule is None for one in tried) > 50
        assert sum(one.rule is not None for one in tried) > 1000


@pytest.mark.slow
def test_every_move_of_a_machine_is_taken_as_in_the_kernel() -> None:
    procedure = loaded("standards")
    plans = suite(reach(procedure))
    found = [replayed(f"witness {number}", plan) for number, plan in enumerate(plans, start=1)]
    assert differences(found, run(found, exported("standards"))) == []
    taken = {entry.edge.number for plan in plans for entry in plan.history}
    assert {move.edge.number for move in machine("standards").moves} <= taken


@pytest.mark.slow
def test_a_machine_without_a_guard_is_found_out() -> None:
    found = histories("luton")
    machines = exported("luton")
    for state in machines["luton"]["states"].values():
        for move in state.get("on", {}).get("detailed-plan-agreed", ()):
            del move["guard"]
    wrong = differences(found, run(found, machines))
    assert any("detailed-plan-agreed" in one for one in wrong)


@pytest.mark.parametrize("name", PROCEDURES)
def test_what_an_export_names_it_defines(name: str) -> None:
    data = exported(name)[name]
    for state in data["states"].values():
        assert state.get("type") == "final" or state["on"]
        for moves in state.get("on", {}).values():
            for move in moves:
                assert move.get("target", data["initial"]) in data["states"]
                assert _named(move) <= {*data["context"]["steps"], *data["meta"]["conditions"]}


def _named(move: dict[str, Any]) -> set[str]:
    params = [action["params"] for action in move["actions"] if action["type"] != "record"]
    return {name for one in params for name in one.values()} | _in(
        move.get("guard", {}).get("params", {})
    )


def _in(guard: dict[str, Any]) -> set[str]:
    (value,) = guard.values() or ([],)
    return {value} if isinstance(value, str) else {name for one in value for name in _in(one)}


def test_endings_are_final_and_nothing_else_is() -> None:
    states = exported("standards")["standards"]["states"]
    assert [name for name, one in states.items() if one.get("type") == "final"] == [
        name for name in states if name.startswith("ended-")
    ]


def test_the_same_procedure_is_always_written_the_same() -> None:
    assert xstate(loaded("jersey")) == xstate(loaded("jersey"))


def test_the_lock_holds_a_hash_for_each_module_and_no_address() -> None:
    text = (NODE / "package-lock.json").read_text(encoding="utf-8")
    stated = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(text)["packages"]
    assert "://" not in text
    for name, version in stated.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(one["integrity"].startswith("sha512-") for name, one in packages.items() if name)
