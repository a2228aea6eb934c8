"""A step that is no longer cleared: where that comes to make a difference.

Beside the step runs another that stands as it would in the mutant. As long as the two procedures
decide alike, that one stands wherever the step does, and from the same day; so they can only differ
where it stands and the step does not. There, each edge that reads the step has twins, taken where
it is open to one of the two and not to the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from cpplan import Procedure
from cpplan.fields import given
from cpplan.matching import FieldTest
from cpplan.needs import (
    AnyNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    StepNeed,
)
from cpplan.procedures import Record
from cpplan.rules import Edge, StepSet
from cpplan_sim.twins import among, failing, stands, stands_not, twin

KEPT = "~kept"
"""Ends the name of a step as it stands in a mutant that does not clear it."""


def unclearing(procedure: Procedure, broken: Procedure, step: str) -> Iterator[Edge]:
    """Yield the edges of a procedure, each with its twins before it.

    Args:
        procedure: the whole procedure.
        broken: the same, with a rule that no longer clears the step.
        step: the step.
    """
    for edge, changed in zip(procedure.edges, broken.edges, strict=True):
        kept = _keeping(edge, changed, step)
        yield from _differing(kept, step)
        for record in procedure.records.get(edge.rule.match.event, ()):
            if step in record.given | record.given_none:
                yield _omitting(kept, record, step)
        yield kept


def _keeping(edge: Edge, changed: Edge, step: str) -> Edge:
    """Return an edge that also moves the step as the mutant's edge does."""
    sets = tuple(StepSet(step + KEPT, one.on_field) for one in edge.sets if one.step == step)
    clears = {step + KEPT} if step in changed.clears else set[str]()
    return attrs.evolve(edge, sets=(*edge.sets, *sets), clears=edge.clears | clears)


def _only_kept(step: str) -> tuple[Need, ...]:
    return stands_not(step), stands(step + KEPT)


def _omitting(edge: Edge, record: Record, step: str) -> Edge:
    """Return a twin by which one of the two tells a field as left out and the other does not."""
    test = FieldTest(record.path, "is not recorded", record.read, given, "given", True)
    field = FieldNeed(test=test, code=f"{record.path}-not-recorded", says="", cites=())
    said = (among(path, allowed) for path, allowed in record.match.when)
    return twin(edge, (*edge.rule.needs, *said, *failing(field), *_only_kept(step)))


def _differing(edge: Edge, step: str) -> Iterator[Edge]:
    """Yield twins taken where an edge is open to one of the two procedures and not to the other."""
    kept, only = step + KEPT, _only_kept(step)
    needs = edge.rule.needs
    theirs = tuple(_read(need, step, kept) for need in needs)
    routes = {
        "given": _renamed(edge.given, step, kept),
        "given_any": _renamed(edge.given_any, step, kept),
        "given_none": _renamed(edge.given_none, step, kept),
    }
    if step in edge.given:
        yield twin(edge, (*theirs, *only), **routes)
    if step in edge.given_none:
        yield twin(edge, (*needs, *only))
    if step in edge.given_any:
        others = edge.given_any - {step}
        none = {**routes, "given_any": frozenset(), "given_none": routes["given_none"] | others}
        yield twin(edge, (*theirs, *only), **none)
    for mine, other in zip(needs, theirs, strict=True):
        if mine != other:
            yield twin(edge, (*theirs, *failing(mine), *only), **routes)
            yield twin(edge, (*needs, *failing(other), *only))


def _renamed(steps: frozenset[str], step: str, kept: str) -> frozenset[str]:
    return frozenset(kept if one == step else one for one in steps)


def _read(need: Need, step: str, kept: str) -> Need:
    """Return a need that reads the step as it stands in the mutant."""
    if isinstance(need, AnyNeed):
        return attrs.evolve(need, needs=tuple(_read(one, step, kept) for one in need.needs))
    if isinstance(need, (StepNeed, NoStepNeed, EarliestNeed, LatestFieldNeed)):
        return attrs.evolve(need, step=kept) if need.step == step else need
    return need
