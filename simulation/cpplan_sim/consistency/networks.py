"""Temporal networks: points in time, bounds between them, and whether all can be kept.

Holds the two judgements. With lengths in days, each unit at its worst or at its best anywhere in
the calendar, a network is a simple temporal network: it can't be kept if its graph has a negative
cycle (Dechter, Meiri and Pearl, "Temporal constraint networks", Artificial Intelligence 49, 1991).
From one start date on the calendar itself it is judged exactly. It must not know a procedure.
"""

from __future__ import annotations

import enum
import itertools
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import attrs
import networkx as nx

from cpplan_sim.consistency.lengths import Length, OutsideTableError

PATIENCE = 366
"""How often one point may be moved on for the sake of another before no later day will do.

Each time moves it by a day at least, so it has been tried for a year. Only bounds that don't go
back to the opening can move each other on like this.
"""


class Side(enum.StrEnum):
    """Which way a bound holds."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


@attrs.frozen(cache_hash=True)
class Point:
    """Something that happens on a day, or a day that is named.

    Attributes:
        says: what, in words.
        role: what it is here, so that two events of a kind are two points.
    """

    says: str
    role: str = ""

    def __str__(self) -> str:
        """Return what it is."""
        return self.says


@attrs.frozen
class Bound:
    """One point is no earlier, or no later, than a length after another.

    Attributes:
        side: which of the two.
        point: the point that is bound.
        since: the point that it is counted from.
        length: how far; ``None`` for the same day.
        says: the bound in a sentence.
        cites: the clauses it stands on.
        duty: the duty whose due date it is; empty for what the rules ask.
        rule: the rule that asks for it; empty for a duty.
    """

    side: Side
    point: Point
    since: Point
    length: Length | None
    says: str
    cites: tuple[str, ...] = ()
    duty: str = ""
    rule: str = ""

    @property
    def weighs(self) -> bool:
        """Whether it puts off what it binds: a least distance of its own, not only an order."""
        return self.side is Side.AT_LEAST and self.length is not None

    @property
    def longest(self) -> int:
        """The distance in days, at the most anywhere in the table."""
        return 0 if self.length is None else self.length.longest

    @property
    def shortest(self) -> int:
        """The distance in days, at the least anywhere in the table."""
        return 0 if self.length is None else self.length.shortest


class Standing(enum.StrEnum):
    """What came of judging a network from one start date."""

    FITS = "fits"
    CLASHES = "clashes"
    OUTSIDE = "outside"
    """The calendar's table does not reach far enough to tell."""


@attrs.frozen
class Tried:
    """A network from one start date.

    Attributes:
        standing: whether it fits.
        days: the earliest day of each point that has one, as far as it was worked out.
    """

    standing: Standing
    days: Mapping[Point, int]


# Without slots: a cached property needs a dict.
@attrs.frozen(slots=False)
class Network:
    """Bounds on points, one of which is the opening, whose day is given.

    Attributes:
        origin: the opening.
        bounds: what binds the points.
    """

    origin: Point
    bounds: tuple[Bound, ...]

    def negative_cycle(self, *, generous: bool) -> tuple[Bound, ...]:
        """Return the bounds of a negative cycle, or nothing if there is none.

        Args:
            generous: whether each limit is taken at its longest and each wait at its shortest
                (then a cycle is there on every date), or the other way about (then without a
                cycle every date fits).
        """
        graph = self._graph(generous=generous)
        root = Point("", "root")
        graph.add_edges_from([(root, point, {"weight": 0}) for point in list(graph)])
        if root not in graph:
            return ()
        try:
            cycle = nx.find_negative_cycle(graph, root)
        except nx.NetworkXError:
            return ()
        return tuple(graph.edges[pair]["bound"] for pair in itertools.pairwise(cycle))

    def _graph(self, *, generous: bool) -> nx.DiGraph[Point]:
        """Return the distance graph, with the tighter of two bounds between the same points."""
        graph: nx.DiGraph[Point] = nx.DiGraph()
        for bound in self.bounds:
            start, end, weight = _edge(bound, generous=generous)
            if not graph.has_edge(start, end) or weight < graph.edges[start, end]["weight"]:
                graph.add_edge(start, end, weight=weight, bound=bound)
        return graph

    def narrowed(self) -> Network:
        """Return the network without what no clash can turn on, on any date.

        A clash goes round a cycle that the worst cases make negative, so only what can move such a
        cycle on is kept.
        """
        graph = self._graph(generous=False)
        found: set[Point] = set()
        for component in nx.strongly_connected_components(graph):
            if nx.negative_edge_cycle(graph.subgraph(component).copy()):
                found |= component
        moving: nx.DiGraph[Point] = nx.DiGraph()
        for source, pushed in self._pushed.items():
            moving.add_edges_from((source, target) for _, target in pushed)
        kept = found.union(*(nx.ancestors(moving, point) for point in found))
        bounds = (b for b in self.bounds if b.point in kept and b.since in kept)
        return attrs.evolve(self, bounds=tuple(bounds))

    def on(self, day: int) -> Tried:
        """Judge the network with the opening on ``day``, on the calendar as it is.

        Each point is moved to the earliest day that the bounds allow it, till all are kept or the
        opening itself would have to move. Since no length ends earlier for starting later, the
        earliest days fit if any days do, and this is exact. A day beyond the table is not guessed.
        """
        days: dict[Point, int] = {self.origin: day}
        moved: Counter[Point] = Counter()
        waiting = deque([self.origin])
        outside = False
        while waiting:
            source = waiting.popleft()
            for bound, target in self._pushed.get(source, ()):
                try:
                    earliest = _earliest(bound, days[source])
                except OutsideTableError:
                    outside = True
                    continue
                if earliest <= days.get(target, -1):
                    continue
                moved[target] += 1
                if target == self.origin or moved[target] > PATIENCE:
                    return Tried(Standing.CLASHES, days)
                days[target] = earliest
                waiting.append(target)
        return Tried(Standing.OUTSIDE if outside else Standing.FITS, days)

    @cached_property
    def _pushed(self) -> Mapping[Point, Sequence[tuple[Bound, Point]]]:
        """The bounds by which a point that moves on moves others on, with those others."""
        found: dict[Point, list[tuple[Bound, Point]]] = {}
        for bound in self.bounds:
            ahead = bound.side is Side.AT_LEAST
            source, target = (bound.since, bound.point) if ahead else (bound.point, bound.since)
            found.setdefault(source, []).append((bound, target))
        return found

    def without(self, dropped: Iterable[Bound]) -> Network:
        """Return the network without some of its bounds."""
        gone = set(map(id, dropped))
        return attrs.evolve(self, bounds=tuple(b for b in self.bounds if id(b) not in gone))

    def core(self, day: int) -> tuple[Bound, ...]:
        """Return bounds that clash on ``day`` of which none can be spared, in order.

        By deletion: each bound is left out in turn, and stays out if the rest still clash
        (Chinneck and Dravnieks, "Locating minimal infeasible constraint sets", 1991).
        """
        kept = self
        for bound in self.bounds:
            fewer = kept.without([bound])
            if fewer.on(day).standing is Standing.CLASHES:
                kept = fewer
        return in_order(kept.bounds)


def in_order(bounds: Iterable[Bound]) -> tuple[Bound, ...]:
    """Return bounds so that each goes on from where the one before ended, round a cycle first."""
    graph: nx.MultiDiGraph[Point] = nx.MultiDiGraph()
    given = tuple(bounds)
    for bound in given:
        start, end, _ = _edge(bound, generous=True)
        graph.add_edge(start, end, bound=bound)
    try:
        cycle = nx.find_cycle(graph)
    except nx.NetworkXNoCycle:
        return given
    round_it = tuple(graph.edges[edge]["bound"] for edge in cycle)
    ids = set(map(id, round_it))
    return (*round_it, *(bound for bound in given if id(bound) not in ids))


def _edge(bound: Bound, *, generous: bool) -> tuple[Point, Point, int]:
    """Return the edge of the distance graph: its end is at most its weight after its start."""
    if bound.side is Side.AT_MOST:
        return bound.since, bound.point, bound.longest if generous else bound.shortest
    return bound.point, bound.since, -(bound.shortest if generous else bound.longest)


def _earliest(bound: Bound, day: int) -> int:
    """Return the earliest day of the point that a bound moves on."""
    if bound.length is None:
        return day
    return bound.length.after(day) if bound.side is Side.AT_LEAST else bound.length.reaching(day)
