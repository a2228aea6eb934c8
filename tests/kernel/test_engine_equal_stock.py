"""The engine decides as the stock classes of ``transitions`` do, on every edge of every procedure.

The stock engine below is given one condition for each need, so it shares neither the lean
transition nor the edge's own loop over its needs.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import itertools
import types
import typing
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from transitions.core import EventData, Transition

import cpplan
from cpplan.decisions import Reason
from cpplan.engine import Engine
from cpplan.events import KINDS
from cpplan.needs import Need, NoStepNeed
from cpplan.rules import Edge

DAY = dt.date(2026, 3, 2)
LONG_AGO = dt.date(2008, 1, 2)


class StockTransition(Transition):
    """The stock transition, told which edge it stands for, with each need a condition."""

    def __init__(self, *args: Any, edge: Edge, **kwargs: Any) -> None:
        source, dest = args[:2]
        needs = [need.holds for need in edge.rule.needs]
        super().__init__(source, dest, conditions=[_routed(edge), *needs])  # type: ignore[arg-type]
        self.edge = edge

    def execute(self, event_data: EventData) -> bool:
        taken = super().execute(event_data)
        if taken:
            cursor: Any = event_data.model
            assert cursor.state == self.dest
            cursor.edge = self.edge
        return taken


def _routed(edge: Edge) -> Any:
    return lambda event, facts: edge.applies(event, facts.steps)


class CrashedError(Exception):
    """What a switch that is broken raises."""


@attrs.frozen(kw_only=True)
class Switch(Need):
    """A need that the test turns on, off, or breaks."""

    def holds(self, event: Any, facts: Any) -> bool:
        if self.code in facts.broken:
            raise CrashedError(self.code)
        return self.code in facts.on


@attrs.frozen
class Wiring:
    """Facts that say which switches are on, and which are broken."""

    steps: Mapping[str, dt.date]
    on: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    events: tuple[Any, ...] = ()


@functools.cache
def loaded(name: str) -> cpplan.Procedure:
    return cpplan.load(name)


def engines(procedure: cpplan.Procedure, edges: tuple[Edge, ...]) -> tuple[Engine, Engine]:
    return Engine(edges, procedure.states), Engine(edges, procedure.states, StockTransition)


def switched(edge: Edge) -> Edge:
    """Return the edge with a switch in place of each need."""
    needs = tuple(
        Switch(code=f"{edge.rule.id}:{number}", says="Off.", cites=())
        for number, _ in enumerate(edge.rule.needs)
    )
    return attrs.evolve(edge, rule=attrs.evolve(edge.rule, needs=needs))


def settings(edge: Edge) -> Iterator[frozenset[str]]:
    """Give the switches that are on: all, none, each alone, all but each."""
    codes = frozenset(need.code for need in edge.rule.needs)
    yield codes
    yield frozenset()
    for code in codes:
        yield frozenset({code})
        yield codes - {code}


def step_sets(edge: Edge) -> Iterator[frozenset[str]]:
    """Give the steps that stand: those that the edge asks for, and every way to miss by one."""
    fitting = edge.given | frozenset(sorted(edge.given_any)[:1])
    yield fitting
    yield frozenset()
    for step in fitting:
        yield fitting - {step}
    for step in sorted(edge.given_none | edge.given_any):
        yield fitting | {step}


def happenings(edges: list[Edge]) -> Iterator[Any]:
    """Give an event for each combination of the values that the edges tell apart, or of none."""
    values: dict[str, list[Any]] = {}
    for edge in edges:
        for path, allowed in edge.rule.match.when:
            values.setdefault(path, [None]).extend(v for v in allowed if v not in values[path])
    kind = edges[0].rule.match.event
    for chosen in itertools.product(*values.values()):
        yield SimpleNamespace(kind=kind, on=DAY, **dict(zip(values, chosen, strict=True)))


def outcome(engine: Engine, state: str, event: Any, facts: Any) -> Any:
    try:
        return engine.enforce(state, event, facts)
    except CrashedError as error:
        return str(error)


@pytest.mark.parametrize("name", cpplan.PROCEDURES)
def test_whatever_needs_are_met_both_take_the_same_edge_or_none(name: str) -> None:
    procedure = loaded(name)
    lean, stock = engines(procedure, tuple(switched(edge) for edge in procedure.edges))
    taken = set()
    for (_, state), edges in lean.table.items():
        for event, edge in itertools.product(list(happenings(edges)), edges):
            for standing, on in itertools.product(step_sets(edge), settings(edge)):
                facts: Any = Wiring(dict.fromkeys(standing, DAY), on)
                found = lean.enforce(state, event, facts)
                assert found is stock.enforce(state, event, facts)
                if found is not None:
                    taken.add(found.number)
                    assert found is lean.route(state, event, facts.steps)
    assert taken == {edge.number for edge in procedure.edges}


@pytest.mark.parametrize("name", cpplan.PROCEDURES)
def test_a_need_that_raises_is_let_through_by_both(name: str) -> None:
    procedure = loaded(name)
    lean, stock = engines(procedure, tuple(switched(edge) for edge in procedure.edges))
    crashed = 0
    for (_, state), edges in lean.table.items():
        for event, edge in itertools.product(list(happenings(edges)), edges):
            codes = frozenset(need.code for need in edge.rule.needs)
            for code in codes:
                steps = dict.fromkeys(next(step_sets(edge)), DAY)
                facts: Any = Wiring(steps, codes - {code}, frozenset({code}))
                result = outcome(lean, state, event, facts)
                assert result == outcome(stock, state, event, facts)
                crashed += result == code
    assert crashed


@pytest.mark.parametrize("name", cpplan.PROCEDURES)
def test_an_event_without_an_edge_in_a_state_is_refused_by_both(name: str) -> None:
    procedure = loaded(name)
    lean, stock = engines(procedure, procedure.edges)
    refused = 0
    for state, kind in itertools.product(procedure.states, KINDS):
        if not lean.candidates(state, kind):
            event: Any = SimpleNamespace(kind=kind, on=DAY)
            facts: Any = Wiring({})
            assert lean.enforce(state, event, facts) is None
            assert stock.enforce(state, event, facts) is None
            refused += 1
    assert refused


@pytest.mark.parametrize("name", cpplan.PROCEDURES)
def test_with_the_real_needs_both_decide_alike_and_reasons_are_given_for_each_refusal(
    name: str,
) -> None:
    procedure = loaded(name)
    lean, stock = engines(procedure, procedure.edges)
    accepted = refused = 0
    for edge in procedure.edges:
        for event, facts in itertools.product(samples(edge), circumstances(edge)):
            found = lean.enforce(edge.source, event, facts)
            assert found is stock.enforce(edge.source, event, facts)
            if edge.applies(event, facts.steps):
                unmet = edge.unmet(event, facts)
                assert edge.permits(event, facts) == (not unmet)
                assert [reason.code for reason in unmet] == [
                    need.code for need in edge.rule.needs if not need.holds(event, facts)
                ]
                assert all(isinstance(reason, Reason) for reason in unmet)
                accepted += not unmet
                refused += bool(unmet)
    assert accepted
    assert refused


def samples(edge: Edge) -> list[Any]:
    """Return events of the edge's kind: with nothing but what is required, and with everything."""
    cls = KINDS[edge.rule.match.event]
    when = {path: allowed[0] for path, allowed in edge.rule.match.when if "." not in path}
    roles = [role for need in edge.rule.needs for role in getattr(need, "roles", ())[:1]]
    bare = {field.name: filled(cls, field) for field in needed(cls)} | when
    everything = {field.name: filled(cls, field) for field in attrs.fields(cls)} | when
    if "child_unborn" in everything:
        everything["child_unborn"] = False  # since the date of birth is given too
    last = {"by": roles[0]} if roles else {}
    return [cls(**bare), cls(**(everything | last))]


def circumstances(edge: Edge) -> Iterator[Any]:
    """Give facts: no step, the edge's steps, and those with every step its needs can read."""
    fitting = next(step_sets(edge))
    yield Wiring({})
    yield Wiring(dict.fromkeys(fitting, DAY))
    inner = [one for need in edge.rule.needs for one in getattr(need, "needs", (need,))]
    read = {one.step for one in inner if hasattr(one, "step")}
    barred = {one.step for one in inner if isinstance(one, NoStepNeed)}
    yield Wiring(dict.fromkeys(fitting | read, DAY))
    yield Wiring(dict.fromkeys(fitting | (read - barred), LONG_AGO))


def needed(cls: type) -> list[Any]:
    return [field for field in attrs.fields(cls) if field.default is attrs.NOTHING]


def filled(cls: type, field: Any) -> Any:
    """Return some value for a field, by its type."""
    return value_of_type(typing.get_type_hints(cls)[field.name])


def value_of_type(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        return (value_of_type(typing.get_args(kind)[0]),)
    if attrs.has(kind):
        return kind(**{field.name: filled(kind, field) for field in attrs.fields(kind)})
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    return {dt.date: DAY, bool: True, int: 1, str: "some"}[kind]
