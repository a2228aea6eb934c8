"""Twins: edges laid beside those of a procedure, to ask whether something can ever happen.

Whether a point can be reached is a question to the prover's ``witness``. A twin edge is taken only
there: when the event would be refused for one need alone, or when a step stands in one procedure
and not in the other. A twin that no history can take is a point that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, cast

import attrs

from cpplan import Procedure
from cpplan.events import Event
from cpplan.fields import reader
from cpplan.matching import FieldTest
from cpplan.needs import (
    AnyNeed,
    Facts,
    FieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.roles import Role
from cpplan.rules import Edge

TWIN = "~twin"
"""In the name of the rule of a twin, with a number after it."""


@attrs.frozen(kw_only=True, slots=False)
class Laid(Procedure):
    """A procedure whose edges are given, and not made from its rules.

    Attributes:
        laid: the edges, in the order in which they are tried.
    """

    laid: tuple[Edge, ...] = attrs.field(repr=False)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges given, numbered in order."""
        return tuple(attrs.evolve(edge, number=number) for number, edge in enumerate(self.laid))


def laid(procedure: Procedure, edges: Iterable[Edge], name: str) -> Laid:
    """Return a procedure that differs in its edges, with a digest of its own.

    Args:
        procedure: what it is like in all else.
        edges: its edges.
        name: what tells it from others made from the same procedure.
    """
    parts: dict[str, Any] = {
        field.name: getattr(procedure, field.name) for field in attrs.fields(Procedure)
    }
    parts["digest"] = f"{procedure.digest} {name}"
    found = tuple(_named(edge, number) for number, edge in enumerate(edges))
    parts["rules"] = {**procedure.rules, **{edge.rule.id: edge.rule for edge in found}}
    return Laid(**parts, laid=found)


def _named(edge: Edge, number: int) -> Edge:
    """Return an edge, the rule of a twin with a name that no other has."""
    if not is_twin(edge):
        return edge
    return attrs.evolve(edge, rule=attrs.evolve(edge.rule, id=f"{edge.rule.id}{number}"))


def twin(edge: Edge, needs: Iterable[Need], **changed: Any) -> Edge:
    """Return an edge beside another that needs something else."""
    rule = attrs.evolve(edge.rule, id=edge.rule.id + TWIN, needs=tuple(needs))
    return attrs.evolve(edge, rule=rule, **changed)


def is_twin(edge: Edge) -> bool:
    """Return whether an edge is a twin."""
    return TWIN in edge.rule.id


@attrs.frozen(kw_only=True)
class Unmet(Need):
    """A need that holds where another does not: for those that no other kind can say."""

    of: Need

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the other need is not met."""
        return not self.of.holds(event, facts)


def stands(step: str) -> Need:
    """Return the need that a step stands."""
    return StepNeed(step=step, code=f"{step}-missing", says="", cites=())


def stands_not(step: str) -> Need:
    """Return the need that a step does not stand."""
    return NoStepNeed(step=step, code=f"{step}-stands", says="", cites=())


def among(path: str, allowed: tuple[Any, ...]) -> Need:
    """Return the need that a field says one of some values; as an alternative, each is tried."""
    test = FieldTest(path, "", reader(path), lambda value: value in allowed, "in", allowed)
    field = FieldNeed(test=test, code=f"{path}-unmet", says="", cites=())
    return AnyNeed(needs=(field,), code=field.code, says="", cites=())


def failing(need: Need) -> tuple[Need, ...]:
    """Return needs that all hold just where another does not.

    Said as far as can be in the kinds that the prover knows. Of what it does not know it takes
    the best for granted, so it may reach too much but never too little.
    """
    common: dict[str, Any] = {
        "code": f"not-{need.code}",
        "says": f"Not so: {need.says}",
        "cites": need.cites,
    }
    if isinstance(need, StepNeed):
        return (NoStepNeed(step=need.step, **common),)
    if isinstance(need, NoStepNeed):
        return (StepNeed(step=need.step, **common),)
    if isinstance(need, AnyNeed):
        return tuple(part for one in need.needs for part in failing(one))
    if isinstance(need, RoleNeed):
        others = (None, *(role for role in Role if role not in need.roles))
        # Nobody named is one of those who may not. As an alternative, the prover tries each.
        by = RoleNeed(roles=cast("tuple[Role, ...]", others), **common)
        return (AnyNeed(needs=(by,), **common),)
    if isinstance(need, FieldNeed):
        unlike = FieldNeed(test=_failing_test(need.test), **common)
        return (AnyNeed(needs=(unlike,), **common),)
    return (Unmet(of=need, **common),)


def _failing_test(test: FieldTest) -> FieldTest:
    holds_for = test.holds_for
    return attrs.evolve(test, holds_for=_negated(holds_for))


def _negated(holds_for: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: not holds_for(value)
