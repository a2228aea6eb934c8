"""Graphviz and Mermaid draw what is exported, with the states and arrows that the procedure has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import attrs
import mermaidx
import pytest

from cpplan import PROCEDURES, Procedure
from cpplan_sim.exporting.arrows import arrows
from cpplan_sim.exporting.dot import dot
from cpplan_sim.exporting.machines import machine_of
from cpplan_sim.exporting.mermaid import mermaid
from cpplan_sim.exporting.names import Names, identifier
from cpplan_sim.running import loaded

MERMAID_TAKES = 50_000
"""The most characters that Mermaid takes unless its page allows more (``maxTextSize``)."""

HARMFUL = 'a "quoted" \\ -- %%{init: {}}%% ; # <b>x</b> }\nb --> c'


def graph(text: str) -> dict[str, Any]:
    """Return a graph as Graphviz has read it and laid it out."""
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not there: the Debian package graphviz has it")
    done = subprocess.run(
        ["dot", "-Tjson"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ends(procedure: Procedure) -> set[tuple[str, str]]:
    return {(e.source, e.target) for e in procedure.edges if e.source != e.target}


@pytest.mark.parametrize("name", PROCEDURES)
def test_graphviz_reads_every_state_and_every_way_between_two(name: str) -> None:
    procedure = loaded(name)
    found = graph(dot(procedure))
    names = {one["_gvid"]: one["name"] for one in found["objects"]}
    assert set(names.values()) == {*procedure.states, "[*]"}
    drawn = [(names[one["tail"]], names[one["head"]]) for one in found["edges"]]
    assert sorted(drawn) == sorted({*ends(procedure), ("[*]", procedure.states[0])})


def test_graphviz_shows_events_and_has_needs_and_clauses_in_tooltips() -> None:
    found = graph(dot(loaded("london")))
    names = {one["_gvid"]: one["name"] for one in found["objects"]}
    (made,) = [one for one in found["edges"] if names[one["tail"]] == "before-plan"]
    assert made["label"] == "initial conference decided"
    assert "plan-made [london/5.1.1a" in made["tooltip"]
    assert "initial-conference-sitting stands" in made["tooltip"]


def harmful() -> Procedure:
    procedure = loaded("lead-social-worker")
    changed = {key: attrs.evolve(r, cites=(HARMFUL,)) for key, r in procedure.rules.items()}
    return attrs.evolve(procedure, title=HARMFUL, edition=HARMFUL, rules=changed)


def test_graphviz_shows_the_words_of_a_pack_as_they_are() -> None:
    found = graph(dot(harmful()))
    assert found["label"].replace("\\\\", "\\") == " ".join(HARMFUL.split())
    assert len(found["objects"]) == len(loaded("lead-social-worker").states) + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "procedure", [loaded("lead-social-worker"), harmful()], ids=["", "harmful"]
)
def test_mermaid_draws_every_state_and_every_way_between_two(procedure: Procedure) -> None:
    drawn = mermaidx.render(mermaid(procedure)).svg()
    labels = set(re.findall(r"<(?:p|span|tspan|text)[^>]*>([^<]+)<", drawn))
    shown = " ".join(labels)
    for state in procedure.states:
        assert state.removeprefix("ended.").replace("-", " ").split()[-1] in shown
    events = {event for arrow in arrows(machine_of(procedure)) for event in arrow.events}
    for event in events:
        assert event.split("-")[-1] in shown
    begun = sum(state.startswith("ended.") for state in procedure.states) + 1
    assert drawn.count('data-edge="true"') == len(ends(procedure)) + begun


def test_mermaid_refuses_what_is_no_diagram() -> None:
    with pytest.raises(Exception, match="Parse error"):
        mermaidx.render("stateDiagram-v2\n a -->\n b -- c").svg()


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_diagram_is_no_longer_than_mermaid_takes(name: str) -> None:
    assert len(mermaid(loaded(name))) < MERMAID_TAKES


@pytest.mark.parametrize("write", [dot, mermaid])
def test_the_same_procedure_is_always_written_the_same(write: Any) -> None:
    assert write(loaded("jersey")) == write(loaded("jersey"))


def test_two_things_never_have_one_name() -> None:
    names = Names()
    assert [names.of(one) for one in ("a-b", "a.b", "a b", "a-b")] == [
        "a_b",
        "a_b_2",
        "a_b_3",
        "a_b",
    ]
    assert identifier("...") == "nameless"
