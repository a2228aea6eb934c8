"""Denying: what has to be so for a rule not to be met, or not to be the one for an event.

Says as much as is needed for a search not to look in vain; whether a rule really refuses is the
kernel's to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import attrs

from cpplan.matching import FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import Edge
from cpplan_sim.differing.marking import Marks, step_need


@attrs.frozen(kw_only=True)
class DeniedField(FieldNeed):
    """A field that must not be as a need wants it."""


def denied(need: Need, marks: Marks) -> tuple[Need, ...]:
    """Return what has to hold for a need to be unmet, as far as steps and fields tell."""
    if isinstance(need, StepNeed | NoStepNeed):
        return (step_need(marks.name(need.step), stands=isinstance(need, NoStepNeed)),)
    if isinstance(need, AnyNeed):
        return tuple(found for one in need.needs for found in denied(one, marks))
    if isinstance(need, FieldNeed):
        return (DeniedField(code=need.code, says="", cites=(), test=_failed(need.test)),)
    return ()


def _failed(test: FieldTest) -> FieldTest:
    """Return the test that passes where another fails; it is about the same values."""
    return attrs.evolve(test, holds_for=lambda value: not test.holds_for(value))


def ways_not_applying(
    edges: Sequence[Edge], counted: frozenset[str], marks: Marks
) -> Iterator[tuple[Need, ...]]:
    """Yield the ways in which none of some edges is for an event, by the steps that stand.

    Args:
        edges: which.
        counted: steps of which it is not known whether they stand; of two edges that one decides
            between, one is for the event.
        marks: names the steps.
    """
    reached = {step for edge in edges for step in edge.given & counted}
    if any(not reached.isdisjoint(edge.given_none) for edge in edges):
        return
    for way in itertools.product(*map(_not_applying, edges)):
        told = {one for literals in way for one in literals}
        if not any((name, not stands) in told for name, stands in told):
            yield tuple(step_need(marks.name(n), stands=stands) for n, stands in sorted(told))


def _not_applying(edge: Edge) -> list[frozenset[tuple[str, bool]]]:
    """Return the ways in which an edge does not apply: steps, and whether each would stand."""
    ways = [frozenset({(name, False)}) for name in sorted(edge.given)]
    ways += [frozenset({(name, True)}) for name in sorted(edge.given_none)]
    if edge.given_any:
        ways.append(frozenset((name, False) for name in edge.given_any))
    return ways


def may_match(one: Match, other: Match) -> bool:
    """Return whether an event can be one for both."""
    theirs = dict(other.when)
    return all(
        path not in theirs or not set(allowed).isdisjoint(theirs[path])
        for path, allowed in one.when
    )


def covers(one: Match, other: Match) -> bool:
    """Return whether every event that the other is for is one for the first."""
    said = dict(other.when)
    fields = all(path in said and set(said[path]) <= set(a) for path, a in one.when)
    return fields and set(one.where) <= set(other.where)
