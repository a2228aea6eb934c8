"""Endings: what each ending, and each state, can't do without, and the shortest way round the rest.

What the rules show at once (:mod:`cpplan_sim.musts`) is completed by search: the same procedure in
which a thing never comes about either still leads there, by a shortest history, or no longer does.
"""

from __future__ import annotations

import enum
from collections.abc import Container, Iterable, Iterator

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, Need
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN
from cpplan_sim.finding import Finder
from cpplan_sim.forgoing import Sort, Thing, forgoing, things_of
from cpplan_sim.monitors import Moment
from cpplan_sim.musts import STANDS, Musts, states_passed
from cpplan_sim.reaching import enters
from cpplan_sim.taking import retold


class Shown(enum.StrEnum):
    """How it is known that there is no way without a thing."""

    RULES = "rules"
    SEARCH = "search"


@attrs.frozen
class Must:
    """A thing that every history to a state has in it.

    Attributes:
        thing: what.
        shown: how it is known.
        cites: the clauses that ask for it on the way; empty where none does and the way is such.
    """

    thing: Thing
    shown: Shown
    cites: tuple[str, ...]


@attrs.frozen
class Bypass:
    """A thing that a state can be reached without.

    Attributes:
        thing: what.
        history: the shortest history without it.
        longer: whether that is longer than the shortest of all.
        shown: whether there is shown to be no shorter one.
    """

    thing: Thing
    history: tuple[Moment, ...]
    longer: bool
    shown: bool


@attrs.frozen
class Ways:
    """The ways to one state.

    Attributes:
        state: which.
        shortest: the shortest history to it; empty if there is none or none was found.
        shown: whether there is shown to be no shorter one.
        reachable: whether there may be one.
        passes: the states that every way passes.
        musts: what every history to it has in it.
        bypasses: what it can be reached without.
        undecided: things of which neither was found, each with what stood in the way.
    """

    state: str
    shortest: tuple[Moment, ...]
    shown: bool
    reachable: bool
    passes: tuple[str, ...] = ()
    musts: tuple[Must, ...] = ()
    bypasses: tuple[Bypass, ...] = ()
    undecided: tuple[tuple[Thing, str], ...] = ()

    def needs(self, sort: Sort) -> tuple[Must, ...]:
        """Return the musts of one sort."""
        return tuple(one for one in self.musts if one.thing.sort is sort)


def ways_to(procedure: Procedure, states: Iterable[str] = ()) -> tuple[Ways, ...]:
    """Return what each state can't do without.

    Args:
        procedure: whose.
        states: which; all but the one before any plan if empty.
    """
    search = _Search(procedure)
    wanted = tuple(states) or tuple(s for s in procedure.states if s != BEFORE_PLAN)
    return tuple(map(search.ways, wanted))


def things_in(procedure: Procedure, history: Iterable[Moment]) -> frozenset[Thing]:
    """Return what a history has in it, as the kernel takes it."""
    entries = retold(procedure, tuple(history)).history
    brought = (thing for entry in entries for thing in things_of(entry.edge, entry.event))
    return frozenset({Thing(Sort.STATE, BEFORE_PLAN), *brought})


class _Search:
    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.finder = Finder(procedure)
        self.musts = Musts(procedure)
        self.passed = states_passed(procedure)
        self.things = _universe(procedure)
        self.without: dict[Thing, Finder] = {}

    def ways(self, state: str) -> Ways:
        found = self.finder.shortest(lambda edge: enters(edge) == state)
        if not found.history:
            return Ways(state, (), shown=False, reachable=found.reachable)
        had = things_in(self.procedure, found.history)
        at_once = self._at_once(state)
        musts = dict.fromkeys(at_once, Shown.RULES)
        bypasses, undecided = [], []
        for thing in self.things:
            if thing in at_once:
                continue
            if thing not in had:
                bypasses.append(Bypass(thing, found.history, longer=False, shown=not found.why))
                continue
            other = self._without(thing).shortest(lambda edge: enters(edge) == state)
            if other.history:
                longer = len(other.history) > len(found.history)
                bypasses.append(Bypass(thing, other.history, longer, not other.why))
            elif other.reachable:
                undecided.append((thing, other.why))
            else:
                musts[thing] = Shown.SEARCH
        return Ways(
            state=state,
            shortest=found.history,
            shown=not found.why,
            reachable=True,
            passes=tuple(s for s in self.procedure.states if Thing(Sort.STATE, s) in musts),
            musts=tuple(
                Must(thing, musts[thing], self._cites(thing, state, musts))
                for thing in self.things
                if thing in musts and thing.sort is not Sort.STATE
            ),
            bypasses=tuple(sorted(bypasses, key=lambda one: (len(one.history), one.thing))),
            undecided=tuple(undecided),
        )

    def _at_once(self, state: str) -> frozenset[Thing]:
        """Return what the rules show at once that no way to a state does without."""
        states = {Thing(Sort.STATE, one) for one in self.passed[state]}
        return frozenset(self.musts.of_state(state) or ()) | states

    def _without(self, thing: Thing) -> Finder:
        if thing not in self.without:
            self.without[thing] = Finder(forgoing(self.procedure, thing), self.finder)
        return self.without[thing]

    def _cites(self, thing: Thing, state: str, musts: Container[Thing]) -> tuple[str, ...]:
        """Return the clauses that ask for a thing on the way; failing that, those that bring it."""
        way = [
            edge
            for edge in self.procedure.edges
            if enters(edge) == state
            or Thing(Sort.RULE, edge.rule.id) in musts
            or any(Thing(Sort.STEP, one.step) in musts for one in edge.sets)
        ]
        asked: list[str] = []
        if thing.sort is Sort.STEP:
            asked = [clause for edge in way for clause in _asked(edge, thing.name)]
        return tuple(dict.fromkeys(asked or self._brought(thing, way)))

    def _brought(self, thing: Thing, way: Iterable[Edge]) -> list[str]:
        def cited(edges: Iterable[Edge]) -> list[str]:
            return [clause for e in edges if _brings(e, thing) for clause in e.rule.cites]

        return cited(way) or cited(self.procedure.edges)


def _universe(procedure: Procedure) -> tuple[Thing, ...]:
    """Return everything that a history can have in it, in the order of the lifecycle and rules."""
    steps = {one.step for edge in procedure.edges for one in edge.sets}
    kinds = dict.fromkeys(edge.rule.match.event for edge in procedure.edges)
    rules = dict.fromkeys(edge.rule.id for edge in procedure.edges)
    return (
        *(Thing(Sort.STATE, state) for state in procedure.states),
        *(Thing(Sort.STEP, step) for step in procedure.steps if step in steps),
        *(Thing(Sort.EVENT, kind) for kind in kinds),
        *(Thing(Sort.RULE, rule) for rule in rules),
    )


def _brings(edge: Edge, thing: Thing) -> bool:
    if thing.sort is Sort.STEP:
        return any(one.step == thing.name for one in edge.sets)
    return thing.name == (edge.rule.id if thing.sort is Sort.RULE else edge.rule.match.event)


def _asked(edge: Edge, step: str) -> Iterator[str]:
    """Yield the clauses by which an edge asks for a step to stand."""
    for need in edge.rule.needs:
        if _asks(need, step):
            yield from need.cites or edge.rule.cites
    if step in edge.given:
        yield from edge.rule.cites


def _asks(need: Need, step: str) -> bool:
    """Return whether a need can't be met unless a step stands."""
    if isinstance(need, AnyNeed):
        return all(_asks(one, step) for one in need.needs)
    return isinstance(need, STANDS) and need.step == step
