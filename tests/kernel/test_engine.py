"""The engine: the lean transition and the table against the stock library, over every edge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import Transition
from transitions.core import EventData

from cpplan.engine import Engine
from cpplan.events import KINDS, ChildDied, Event
from cpplan.rules import Edge
from tests.kernel.histories import STANDARDS, day, decided, visit
from tests.kernel.strategies import events

STEPS = sorted(STANDARDS.steps)
GUARDED = sorted({edge.rule.match.event for edge in STANDARDS.edges if edge.rule.topic != "noting"})


class StockTransition(Transition):
    """The library's own transition, which also notes the edge it took."""

    def __init__(self, *args: Any, edge: Edge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edge = edge

    def execute(self, event_data: EventData) -> bool:
        taken = super().execute(event_data)
        if taken:
            cursor: Any = event_data.model
            assert cursor.state == self.edge.target
            cursor.edge = self.edge
        return bool(taken)


STOCK = Engine(STANDARDS.edges, STANDARDS.states, transition_cls=StockTransition)
LEAN = Engine(STANDARDS.edges, STANDARDS.states)


@attrs.frozen
class Facts:
    """Steps and events as a need sees them."""

    steps: Mapping[str, dt.date]
    events: Sequence[Event] = ()


def agree(state: str, event: Event, facts: Facts) -> Edge | None:
    """Ask the stock engine, the lean one and the procedure's own, and return what all say."""
    answers = [one.enforce(state, event, facts) for one in (STOCK, LEAN, STANDARDS.engine)]
    assert answers[0] is answers[1]
    assert answers[0] is answers[2]
    by_hand = [e for e in STANDARDS.edges_from(state) if e.rule.match.event == event.kind]
    permitted = [edge for edge in by_hand if edge.permits(event, facts)]
    assert permitted[:1] == ([] if answers[0] is None else [answers[0]])
    if answers[0] is not None:
        assert STANDARDS.engine.route(state, event, facts.steps) is answers[0]
    return answers[0]


def facts_for(steps: Iterable[str], on: dt.date = dt.date(2008, 1, 2)) -> Facts:
    """Return facts in which these steps were taken on a day."""
    return Facts(dict.fromkeys(steps, on))


def fitting(edge: Edge) -> dict[str, object]:
    """Return values for the fields by which an edge's rule chooses its events."""
    fields = attrs.fields_dict(KINDS[edge.rule.match.event])
    return {path: allowed[0] for path, allowed in edge.rule.match.when if path in fields}


def test_the_lean_transition_is_the_stock_one_on_every_edge() -> None:
    taken: set[int] = set()
    for edge in STANDARDS.edges:
        event = event_for(edge)
        needed = {need.step for need in edge.rule.needs if hasattr(need, "step")}
        for steps in (set(), edge.given, edge.given | needed, set(STEPS)):
            for one in {*edge.given_any} or {""}:
                standing = (steps | {one} - {""}) - edge.given_none
                found = agree(edge.source, event, facts_for(standing))
                taken |= {found.number} if found else set()
    assert len(taken) > 0.8 * len(STANDARDS.edges)


def event_for(edge: Edge) -> Event:
    """Return a plain event that the edge's rule is for."""
    kind = KINDS[edge.rule.match.event]
    plain: dict[str, object] = {
        "on": day(400),
        "plan_made": True,
        "plan_continues": True,
        "earlier": True,
        "unplanned": True,
        "location": "home",
        "scheduled_for": day(410),
        "new_date": day(410),
        "date_of_birth": day(1),
        "planned_on": day(410),
        "visit_interval": 2,
    }
    known = attrs.fields_dict(kind)
    needed = {n: plain.get(n, "x") for n, f in known.items() if f.default is attrs.NOTHING}
    return kind(**(needed | fitting(edge)))  # type: ignore[arg-type]


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_the_lean_transition_is_the_stock_one_on_any_event_and_steps(data: st.DataObject) -> None:
    state = data.draw(st.sampled_from(STANDARDS.states))
    kind = data.draw(st.sampled_from(GUARDED) | st.sampled_from(sorted(KINDS)))
    event = data.draw(events(kind))
    chosen = data.draw(st.lists(st.sampled_from(STEPS), max_size=12, unique=True))
    on = data.draw(st.dates(dt.date(2009, 1, 1), dt.date(2034, 1, 1)))
    history = data.draw(st.lists(events("letter-route-agreed"), max_size=2))
    agree(state, event, Facts(dict.fromkeys(chosen, on), history))


def test_both_answers_come_up() -> None:
    opened = facts_for(["initial-conference-sitting"])
    assert agree("before-plan", decided(), opened) is not None
    assert agree("before-plan", decided(threshold_basis=None), opened) is None
    assert agree("before-plan", decided(), facts_for([])) is None
    assert agree("ended.death", visit(day(1)), facts_for([])) is None
    assert agree("active", ChildDied(on=day(1), date_of_death=day(1)), facts_for([])) is not None


def test_an_event_that_no_rule_knows_is_refused() -> None:
    class NeverHeardOf(Event):
        pass

    assert STANDARDS.engine.enforce("active", NeverHeardOf(on=day(1)), facts_for([])) is None
    assert STANDARDS.engine.candidates("active", "never-heard-of") == []
    assert STANDARDS.engine.route("active", NeverHeardOf(on=day(1)), {}) is None


def test_a_need_that_crashes_is_not_passed() -> None:
    class Broken:
        @property
        def steps(self) -> Mapping[str, dt.date]:
            return {}

        @property
        def events(self) -> Sequence[Event]:
            raise ZeroDivisionError

    edge = STANDARDS.engine.candidates("outline", "chair-satisfied")[0]
    covers = next(need for need in edge.rule.needs if hasattr(need, "read_earlier"))
    crashing = attrs.evolve(edge, rule=attrs.evolve(edge.rule, needs=(covers,)))
    engine = Engine([crashing], STANDARDS.states)
    event = KINDS["chair-satisfied"](on=day(1))
    with pytest.raises(ZeroDivisionError):
        engine.enforce("outline", event, Broken())


def test_a_machine_holds_no_plan_and_has_no_transition_of_its_own() -> None:
    machine = STANDARDS.engine.machine
    assert machine.models == []
    assert set(machine.events) == {edge.rule.match.event for edge in STANDARDS.edges}
