"""A route that no longer asks about a step: where its rule comes to be the one for an event.

Rules for one event are tried in order. Where an earlier one lets the event through, it makes no
difference that a later one would too; so a twin here also asks that no earlier one does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from cpplan import Procedure
from cpplan.needs import Need
from cpplan.rules import Edge
from cpplan_sim.twins import among, failing, stands, stands_not, twin

MOST_TWINS = 64
"""Ways in which the earlier rules can all be closed; with more of them, they are not asked."""

Term = tuple[Need, ...]


def detours(procedure: Procedure, edge: Edge, step: str) -> Iterator[Edge]:
    """Yield the twins of an edge whose route no longer asks about a step, or about several.

    They are routes too, since a step that a count completes stands for a route alone.

    Args:
        procedure: the whole procedure.
        edge: the edge, as the procedure has it.
        step: the step; empty for the steps of which one has to stand.
    """
    route = _detour(edge, step)
    if route is None:
        return
    earlier = [
        one
        for one in procedure.edges_from(edge.source)
        if one.number < edge.number and one.rule.match.event == edge.rule.match.event
    ]
    tallied = frozenset(tally.reaches for tally in procedure.tallies)
    closed = [_closed(one, route, tallied) for one in earlier]
    if math.prod(map(len, closed)) > MOST_TWINS:
        yield twin(route, route.rule.needs)
        return
    for terms in itertools.product(*closed):
        yield twin(route, (*route.rule.needs, *itertools.chain(*terms)))


def _detour(edge: Edge, step: str) -> Edge | None:
    """Return the edge as it is where it is only the route because the step is not asked about."""
    given, barred = edge.given, edge.given_none
    if not step:
        return twin(
            edge, edge.rule.needs, given_any=frozenset(), given_none=barred | edge.given_any
        )
    if step in given:
        return twin(edge, edge.rule.needs, given=given - {step}, given_none=barred | {step})
    if step in barred:
        return twin(edge, edge.rule.needs, given=given | {step}, given_none=barred - {step})
    if step in edge.given_any:
        others = barred | (edge.given_any - {step})
        changed = {"given": given | {step}, "given_any": frozenset(), "given_none": others}
        return twin(edge, edge.rule.needs, **changed)
    return None


def _closed(earlier: Edge, route: Edge, tallied: frozenset[str]) -> list[Term]:
    """Return the ways in which an earlier edge lets nothing through that takes a route.

    Each is needs that all hold there. None at all means that it always lets it through; one
    without needs, that it may never.
    """
    if _apart(earlier, route):
        return [()]
    known = route.given | route.given_none
    found: list[Term] = []
    for step in earlier.given - known:
        found.append(() if step in tallied else (stands_not(step),))
    for step in earlier.given_none - known:
        found.append(() if step in tallied else (stands(step),))
    if earlier.given_any and not earlier.given_any & route.given:
        found.append(tuple(stands_not(step) for step in earlier.given_any - tallied))
    said = dict(route.rule.match.when)
    for path, allowed in earlier.rule.match.when:
        if not set(said.get(path, ())) or not set(said[path]) <= set(allowed):
            found.append(failing(among(path, allowed)))
    return found + [failing(need) for need in earlier.rule.needs if need not in route.rule.needs]


def _apart(one: Edge, other: Edge) -> bool:
    """Return whether steps or fields always tell two edges apart."""
    if one.given & other.given_none or one.given_none & other.given:
        return True
    said = dict(other.rule.match.when)
    return any(
        path in said and set(said[path]).isdisjoint(allowed)
        for path, allowed in one.rule.match.when
    )
