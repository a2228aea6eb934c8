"""Procedures: edges from rules, and what is to be written down."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from cpplan import PROCEDURES, load
from cpplan.fields import reader
from cpplan.matching import Match
from cpplan.procedures import Record, states_named
from cpplan.states import ENDED, GROUPS, STATES
from tests.kernel.histories import STANDARDS, START, visit

RULE = STANDARDS.rules["review-opened"]
TINY = Path(__file__).parents[1] / "data" / "packs" / "tiny"


def test_a_rule_has_an_edge_from_each_state() -> None:
    assert [(edge.source, edge.target) for edge in RULE.edges] == [
        (state, "review") for state in GROUPS["live"]
    ]
    assert [edge.sets[-1].step for edge in RULE.edges] == [
        f"review-from-{state}" for state in GROUPS["live"]
    ]


def test_a_return_has_an_edge_to_each_origin_that_asks_for_and_forgets_it() -> None:
    edges = STANDARDS.rules["review-continues-plan"].edges
    assert [edge.target for edge in edges] == list(GROUPS["live"])
    for edge in edges:
        remembered = f"review-from-{edge.target}"
        assert remembered in edge.given
        assert remembered in edge.clears


def test_a_rule_that_stays_in_escalated_remembers_no_new_origin() -> None:
    stays = [e for e in STANDARDS.rules["risk-change-raised"].edges if e.source == "escalated"]
    assert [step.step for step in stays[0].sets] == ["risk-change-open"]


@pytest.mark.parametrize("name", PROCEDURES)
def test_edges_are_numbered_and_found_by_their_state(name: str) -> None:
    procedure = load(name)
    assert [edge.number for edge in procedure.edges] == list(range(len(procedure.edges)))
    assert sum(len(procedure.edges_from(s)) for s in STATES) == len(procedure.edges)
    assert procedure.states[0] == "before-plan"
    assert procedure.edges_from("nowhere") == ()


def test_states_are_named_by_groups_in_the_order_of_the_lifecycle() -> None:
    assert states_named(("ended", "outline")) == ("outline", *ENDED)
    assert states_named(("nowhere",)) == ()


def record(**changed: object) -> Record:
    """Return a wish to have meals recorded."""
    parts: dict[str, object] = {
        "match": Match("visit-made"),
        "path": "meals",
        "read": reader("meals"),
        "says": "What the child eats is not recorded.",
    }
    return Record(**(parts | changed))  # type: ignore[arg-type]


def test_a_field_is_wanted_if_the_steps_stand_as_they_should() -> None:
    event, steps = visit(START), {"on-plan": START}
    assert record().omitted(event, {})
    assert not record().omitted(attrs.evolve(event, meals="x"), {})
    assert record(given=frozenset(["on-plan"])).omitted(event, steps)
    assert not record(given=frozenset(["on-plan"])).omitted(event, {})
    assert not record(given_none=frozenset(["on-plan"])).omitted(event, steps)
    assert not record(match=Match("visit-failed")).omitted(event, {})


def test_a_field_that_is_optional_may_be_left_out() -> None:
    assert not record(optional=True).omitted(visit(START), {})


def test_a_procedure_tells_what_it_wants_of_an_event() -> None:
    tiny = load(TINY)
    (omission,) = tiny.omissions(visit(START), {})
    assert (omission.field, omission.cites) == ("bedroom_seen", ("standards/4a",))
    assert omission.says == "Whether the bedroom was seen is not recorded."
    assert tiny.omissions(attrs.evolve(visit(START), bedroom_seen=False), {}) == ()
