"""What must stay possible: shown by a history for each of its events in each of its states.

A history is found by the prover and told to the kernel, so that something is possible is never the
prover's word alone. That something is not possible is: no path of the abstract machine leads there,
and that machine can do all that the rules can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import attrs

from cpplan import Accepted, Plan, Procedure
from cpplan.events import Event
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.needs import AnyNeed, FieldNeed, Need
from cpplan.refusals import unmet_beforehand
from cpplan.requirements import Atom, Possibility
from cpplan.rules import Edge
from cpplan_sim.monitors import Moment
from cpplan_sim.proving.choices import TooManyShapesError
from cpplan_sim.proving.prover import Proof, Prover
from cpplan_sim.taking import FIRST_DAY, moments_of, way_on
from cpplan_sim.twins import among, is_twin, laid, twin

MOST_KEPT = 8
"""Plans kept for each state, each with other steps, from which an event is tried."""

NOT_TAKEN = "the history that was found does not have it as wanted"


@attrs.frozen
class Way:
    """One event in one state, and what was found of it.

    Attributes:
        atom: the event, with what it has to say.
        state: the state.
        proof: proved if a history was found, broken if there is none.
        history: the history, the event its last.
        why: for undecided, what stood in the way.
    """

    atom: Atom
    state: str
    proof: Proof
    history: tuple[Moment, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        """Return the event and the state."""
        return f"{' or '.join(map(_said, self.atom.alternatives))} in {self.state}"


@attrs.frozen
class Shown:
    """What was found of a possibility: of each event in each state, whether a history has it."""

    possibility: Possibility
    ways: tuple[Way, ...]

    @property
    def proof(self) -> Proof:
        """Proved if every way was found, broken if there is none for one."""
        found = {way.proof for way in self.ways}
        return next((one for one in (Proof.BROKEN, Proof.UNDECIDED) if one in found), Proof.PROVED)

    @property
    def lacking(self) -> tuple[Way, ...]:
        """The events in states for which no history was found."""
        return tuple(way for way in self.ways if way.proof is not Proof.PROVED)


class Shower:
    """Shows what is possible under one procedure; plans that come to its states are kept."""

    def __init__(self, procedure: Procedure, like: Prover | None = None) -> None:
        """Take the procedure.

        Args:
            procedure: whose rules.
            like: the prover of the same procedure, or of one that differs little.
        """
        self.procedure = procedure
        self._like = like
        self._standing: dict[str, list[Plan]] = {}
        self._beside: dict[int, tuple[Atom, Prover]] = {}
        self._keep(Plan(self.procedure))

    @cached_property
    def prover(self) -> Prover:
        """The prover of the procedure, made when it is first asked."""
        like = self._like
        same = like is not None and like.procedure is self.procedure
        return like if like is not None and same else Prover(self.procedure, like)

    def show(self, possibility: Possibility, before: Shown | None = None) -> Shown:
        """Return what was found of a possibility.

        Args:
            possibility: what must be possible.
            before: what was found of it under a procedure that differs little. Its histories are
                told again first.
        """
        known = {(one.state, one.atom): one for one in before.ways} if before is not None else {}
        ways = []
        for state in possibility.states:
            for atom in possibility.each:
                way = known.get((state, atom))
                if way is None or not takes(self.procedure, way):
                    way = self.way(atom, state)
                ways.append(way)
        return Shown(possibility, tuple(ways))

    def way(self, atom: Atom, state: str) -> Way:
        """Return what was found of one event in one state."""
        why = ""
        for one in atom.alternatives:
            edges = fitting(self.procedure, one, state)
            quick = self._tried(edges, one)
            if quick is not None:
                return Way(atom, state, Proof.PROVED, moments_of(quick))
            history, stuck = self._searched(edges, one)
            way = Way(atom, state, Proof.PROVED, history)
            if history and takes(self.procedure, way):
                self._keep(Plan.rebuild(self.procedure, [moment.event for moment in history]))
                return way
            why = why or (NOT_TAKEN if history else stuck)
        return Way(atom, state, Proof.UNDECIDED if why else Proof.BROKEN, why=why)

    def _tried(self, edges: Sequence[Edge], one: Atom) -> Plan | None:
        """Return a plan that just took an edge as wanted, from one that is known to come so far."""
        for edge in edges:
            for plan in self._plans(edge.source):
                if unmet_beforehand(edge, plan, plan.last_day or FIRST_DAY) is None:
                    continue
                after = way_on(plan, edge)
                if after is not None and _shows(one, after.history[-1].event):
                    return after
        return None

    def _plans(self, state: str) -> list[Plan]:
        if state not in self._standing:
            found = self.prover.witness(lambda edge: edge.target == state)
            self._standing[state] = []
            self._keep(Plan.rebuild(self.procedure, [moment.event for moment in found.history]))
        return self._standing[state]

    def _keep(self, plan: Plan) -> None:
        """Keep a plan, and those it came by, for the states that they stand in."""
        events = plan.events
        for number in range(len(events) + 1):
            one = Plan.rebuild(self.procedure, events[:number])
            kept = self._standing.setdefault(one.state, [])
            if len(kept) < MOST_KEPT and all(set(one.steps) != set(two.steps) for two in kept):
                kept.append(one)

    def _searched(self, edges: Sequence[Edge], one: Atom) -> tuple[tuple[Moment, ...], str]:
        """Return a history in which one of some edges is taken as wanted, or why none was found.

        Neither means that there is none.
        """
        if not edges:
            return (), ""
        numbers = {edge.number for edge in edges}
        try:
            if one.match is None or not (one.match.when or one.match.where):
                found = self.prover.witness(lambda edge: edge.number in numbers)
            else:
                state = edges[0].source
                twins = self._twins(one)
                found = twins.witness(lambda edge: is_twin(edge) and edge.source == state)
        except TooManyShapesError as error:
            return (), str(error)
        return found.history, found.why if found.reachable else ""

    def _twins(self, one: Atom) -> Prover:
        """Return a prover of the procedure with twins of the edges that fit, as wanted."""
        if id(one) not in self._beside:
            assert one.match is not None, "only an event is wanted with something to say"
            wanted = tuple(_needs(one.match))
            fitting = [edge for edge in self.procedure.edges if _fits(edge, one)]
            twins = [twin(edge, (*edge.rule.needs, *wanted)) for edge in fitting]
            both = laid(self.procedure, (*twins, *self.procedure.edges), str(one.match))
            self._beside[id(one)] = (one, Prover(both, self.prover))
        return self._beside[id(one)][1]


def takes(procedure: Procedure, way: Way) -> bool:
    """Return whether a procedure takes the history of a way, its last event in the state wanted."""
    plan, before = Plan(procedure), ""
    for moment in way.history:
        decision = plan.record(moment.event)
        if not isinstance(decision, Accepted):
            return False
        before, plan = plan.state, decision.plan
    if before != way.state:
        return False
    event = way.history[-1].event
    return any(
        _shows(one, event) and (not one.enters or plan.state in one.enters)
        for one in way.atom.alternatives
    )


def fitting(procedure: Procedure, one: Atom, state: str) -> list[Edge]:
    """Return the edges from a state that are for an event: without any, it is not possible."""
    return [edge for edge in procedure.edges_from(state) if _fits(edge, one)]


def _shows(one: Atom, event: Event) -> bool:
    return one.match is not None and one.match.matches(event)


def _fits(edge: Edge, one: Atom) -> bool:
    """Return whether an edge is for the event of an atom, and leads where it says."""
    if one.match is None or edge.rule.match.event != one.match.event:
        return False
    if one.enters and (edge.target not in one.enters or edge.target == edge.source):
        return False
    said = dict(edge.rule.match.when)
    return not any(
        path in said and set(said[path]).isdisjoint(allowed) for path, allowed in one.match.when
    )


def _needs(match: Match) -> Iterator[Need]:
    """Yield what an event has to say to be the one wanted, as needs."""
    for path, allowed in match.when:
        yield among(path, allowed)
    for test in match.where:
        yield AnyNeed(needs=tuple(_tests(test)), code="said", says="", cites=())


def _tests(test: FieldTest | AnyTest) -> Iterator[Need]:
    if isinstance(test, AnyTest):
        for one in test.tests:
            yield from _tests(one)
    else:
        yield FieldNeed(test=test, code="said", says="", cites=())


def _said(atom: Atom) -> str:
    if atom.match is None:
        return "nothing"
    fields = [f"{path}: {'/'.join(map(str, allowed))}" for path, allowed in atom.match.when]
    tests = [_told(test) for test in atom.match.where]
    told = ", ".join([*fields, *tests])
    return f"{atom.match.event} ({told})" if told else atom.match.event


def _told(test: FieldTest | AnyTest) -> str:
    if isinstance(test, AnyTest):
        return " or ".join(map(_told, test.tests))
    return f"{test.path} {test.operator} {test.operand}"
