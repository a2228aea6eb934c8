"""Openings: events that open duties, and which of them one and the same event opens.

Two duties are only held against each other here if one event opens both, or if what meets the one
can't but open the other. So no contradiction is claimed between duties that never stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import attrs

from cpplan import Procedure
from cpplan.duties import Duty
from cpplan.matching import FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need
from cpplan.rules import Edge, Rule
from cpplan_sim.consistency.cells import Cell, allows, cells, holds, paths_of
from cpplan_sim.consistency.reach import Opened


@attrs.frozen(eq=False)
class Opening:
    """An edge by which one event opens some duties.

    Attributes:
        opened: the edge, and what can stand and follow.
        duties: the duties with the field of the event that names the day of each, or nothing
            where the event's own day counts.
        cell: what the event says, so that it opens all of them.
        renews: whether the event meets a duty that recurs, and so opens it anew.
    """

    opened: Opened
    duties: tuple[tuple[Duty, str], ...]
    cell: Cell
    renews: bool = False

    @property
    def edge(self) -> Edge:
        """The edge that is taken."""
        return self.opened.edge


def openings(procedure: Procedure) -> Iterator[Opening]:
    """Yield the openings of a procedure: of each edge, every largest set of duties it can open.

    Raises:
        TooManyCellsError: an event is tested on too many fields.
    """
    kinds = {match.event for duty in procedure.duties.values() for match in duty.opens}
    for kind in sorted(kinds):
        yield from _Kind(procedure, kind).openings()
    for duty in procedure.duties.values():
        if duty.recurs:
            yield from _renewals(procedure, duty)


def taken_by(match: Match, edges: Iterable[Edge]) -> Iterator[Edge]:
    """Yield the edges that an event which counts for a match can take."""
    for edge in edges:
        if _said(match, edge) is not None:
            yield edge


def _said(match: Match, edge: Edge) -> Cell | None:
    """Return what an event says that counts for a match and takes an edge, if any can."""
    if edge.rule.match.event != match.event or not _takes(match, edge):
        return None
    return _said_by(match, edge.rule)


@lru_cache(maxsize=4096)
def _said_by(match: Match, rule: Rule) -> Cell | None:
    several = _cells([match], [rule])
    return next((cell for cell in several if fits(rule, cell) and holds(match, cell)), None)


def fits(rule: Rule, cell: Cell) -> bool:
    """Return whether a rule can be for an event that says what a cell says, and let it through."""
    return holds(rule.match, cell) and all(allows(need, cell) for need in rule.needs)


def _cells(matches: Iterable[Match], rules: Iterable[Rule]) -> Iterator[Cell]:
    """Yield what an event can say to matches, to rules, and to needs that test the same fields."""
    given = tuple(rules)
    told = list(dict.fromkeys((*matches, *(rule.match for rule in given))))
    paths = paths_of(told)
    needs = [need for rule in given for need in rule.needs]
    return cells(told, [test for need in needs for test in _tests(need) if test.path in paths])


def _takes(match: Match, edge: Edge) -> bool:
    return not match.takes or any(one.step == match.takes for one in edge.sets)


def _renewals(procedure: Procedure, duty: Duty) -> Iterator[Opening]:
    """Yield the edges by which a duty that recurs is met and opened anew, each duty on its own."""
    for match in duty.met_by:
        for edge in procedure.edges:
            cell = _said(match, edge)
            opened = Opened(procedure, edge, openers=frozenset(), fields=frozenset())
            if cell is not None and opened.can_happen:
                yield Opening(opened, ((duty, ""),), cell, renews=True)


class _Kind:
    """The openings by one kind of event."""

    def __init__(self, procedure: Procedure, kind: str) -> None:
        self.procedure = procedure
        self.duties = [
            (duty, [match for match in duty.opens if match.event == kind])
            for duty in procedure.duties.values()
            if any(match.event == kind for match in duty.opens)
        ]
        self.edges = [edge for edge in procedure.edges if edge.rule.match.event == kind]
        matches = [match for _, many in self.duties for match in many]
        self.cells = list(_cells(matches, {e.rule.id: e.rule for e in self.edges}.values()))

    def openings(self) -> Iterator[Opening]:
        for edge in self.edges:
            found = self._found(edge)
            sets = [frozenset(duty.id for duty, _ in opens) for opens, _ in found]
            for (opens, cell), ids in zip(found, sets, strict=True):
                if opens and not any(ids < other for other in sets):
                    fields = frozenset(field for _, field in opens if field)
                    opened = Opened(self.procedure, edge, self._openers(ids), fields)
                    if opened.can_happen:
                        yield Opening(opened, opens, cell)

    def _found(self, edge: Edge) -> list[tuple[tuple[tuple[Duty, str], ...], Cell]]:
        """Return the different sets of duties that an edge can open, with an event for each."""
        found: dict[tuple[tuple[str, str], ...], tuple[tuple[tuple[Duty, str], ...], Cell]] = {}
        for cell in self.cells:
            if fits(edge.rule, cell):
                opens = self._opened(edge, cell)
                key = tuple((duty.id, field) for duty, field in opens)
                found.setdefault(key, (opens, cell))
        return list(found.values())

    def _opened(self, edge: Edge, cell: Cell) -> tuple[tuple[Duty, str], ...]:
        opens = []
        for duty, matches in self.duties:
            match = next((m for m in matches if holds(m, cell) and _takes(m, edge)), None)
            if match is not None and (not match.on_field or cell.get(match.on_field) is not None):
                opens.append((duty, match.on_field))
        return tuple(opens)

    def _openers(self, ids: frozenset[str]) -> frozenset[int]:
        """Return the edges that can't be taken without opening one of some duties."""
        return frozenset(
            edge.number
            for edge in self.edges
            if all(
                any(duty.id in ids for duty, _ in self._opened(edge, cell))
                for cell in self.cells
                if fits(edge.rule, cell)
            )
        )


def _tests(need: Need) -> Iterator[FieldTest]:
    if isinstance(need, FieldNeed):
        yield need.test
    elif isinstance(need, AnyNeed):
        for one in need.needs:
            yield from _tests(one)
