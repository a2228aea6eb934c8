"""Pairing: two procedures as one machine that does what both allow, up to where they part.

A state of the pair is a state of each, and its steps are the steps of each. An edge is an edge of
each for one event, with all that both need; or a parting: an edge of the procedure that allows,
together with what the one that refuses would have to lack. Nothing follows a parting. The pair does
all that both can do together: what it can't do, they can't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import attrs

from cpplan import Plan, Procedure
from cpplan.matching import Match
from cpplan.needs import Need
from cpplan.rules import Edge, Rule, StepSet
from cpplan.states import BEFORE_PLAN
from cpplan_sim.differing.denying import covers, denied, may_match, ways_not_applying
from cpplan_sim.differing.issues import Issues
from cpplan_sim.differing.marking import Marks, marks
from cpplan_sim.differing.substance import substance

PARTED = "parted"
"""The state after a parting; nothing leaves it."""


@attrs.frozen
class Link:
    """What an edge of a pair stands for.

    Attributes:
        allowing: the edge of the procedure that allows.
        refusing: the edge of the other: taken too, or at a parting the one that refuses;
            ``None`` where no rule of it is for the event.
        parting: whether the other refuses.
        lacking: the need by which it refuses, where a rule of it is for the event.
        said: what the event says, where no rule of the other is for it.
    """

    allowing: Edge
    refusing: Edge | None
    parting: bool = False
    lacking: Need | None = None
    said: Match | None = None


Linked = tuple[Edge, Link]
"""An edge of a pair, with what it stands for."""


# Without slots, as the procedure that it is.
@attrs.frozen(kw_only=True, slots=False)
class Pair(Procedure):
    """Two procedures as one, for searching.

    Attributes:
        allowing: the procedure that allows whatever a history says.
        refusing: the one that allows all but the last event.
        ours, theirs: name the steps of the two.
        links: the edges, each with what it stands for, by its number.
    """

    allowing: Procedure
    refusing: Procedure
    ours: Marks
    theirs: Marks
    links: tuple[Linked, ...]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges of both together, and the partings."""
        return tuple(edge for edge, _ in self.links)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states of both together, in the order in which they are found."""
        ends = (state for edge in self.edges for state in (edge.source, edge.target))
        return tuple(dict.fromkeys([BEFORE_PLAN, *ends]))

    @cached_property
    def uncounted(self) -> Pair:
        """The same without what turns on a count: fewer histories, and none made longer by it."""
        reached = {tally.reaches for tally in self.tallies}
        kept = (one for one in self.links if reached.isdisjoint(one[0].given))
        return attrs.evolve(self, links=_numbered(kept), tallies=())

    def link(self, edge: Edge) -> Link:
        """Return what an edge stands for."""
        return self.links[edge.number][1]

    def plan(self, allowed: Plan, refused: Plan) -> Plan:
        """Return two plans of one history as one, for the needs of the pair to be asked of."""
        steps = {**self.ours.days(allowed), **self.theirs.days(refused)}
        counts = {**self.ours.counts(allowed), **self.theirs.counts(refused)}
        return Plan(self, state_of(allowed.state, refused.state), steps, allowed.history, counts)


def pair(allowing: Procedure, refusing: Procedure) -> Pair:
    """Return two procedures as one.

    Args:
        allowing: the one that allows whatever a history says.
        refusing: the one that allows all but the last event.
    """
    pairing = _Pairing(Issues(allowing, refusing))
    links = _numbered(pairing.linked())
    tallies = (
        *(pairing.ours.tally(one) for one in allowing.tallies),
        *(pairing.theirs.tally(one) for one in refusing.tallies),
    )
    same: dict[str, Any] = {f.name: getattr(allowing, f.name) for f in attrs.fields(Procedure)}
    same |= {"rules": {edge.rule.id: edge.rule for edge, _ in links}, "tallies": tallies}
    return Pair(
        **same,
        allowing=allowing,
        refusing=refusing,
        ours=pairing.ours,
        theirs=pairing.theirs,
        links=links,
    )


def _numbered(linked: Iterable[Linked]) -> tuple[Linked, ...]:
    return tuple((attrs.evolve(e, number=n), link) for n, (e, link) in enumerate(linked))


def state_of(one: str, other: str) -> str:
    """Return the state of a pair: one name where both are in the same."""
    return one if one == other else f"{one} and {other}"


class _Pairing:
    def __init__(self, issues: Issues) -> None:
        self.issues = issues
        self.allowing, self.refusing = issues.allowing, issues.refusing
        self.kinds = issues.kinds()
        self.counted = _counted_alike(self.allowing, self.refusing)
        self.reached = self._reached()
        met = [(a, b) for here in self.reached for a, found in self._meeting(*here) for b in found]
        self.ours, self.theirs = marks(met)
        # Edges of one rule share what is asked of it, so that its shapes are worked out once.
        self.rules: dict[tuple[str, ...], Rule] = {}

    def linked(self) -> Iterator[Linked]:
        """Yield the edges that leave each pair of states, as far as rules lead there."""
        for one, other in self.reached:
            for ours, matched in self._meeting(one, other):
                for theirs in matched:
                    yield self._together(ours, theirs)
                    yield from self._partings(ours, theirs)
                if ours.rule.match.event in self.kinds:
                    yield from self._unruled(ours, other, matched)

    def _reached(self) -> list[tuple[str, str]]:
        """Return the pairs of states that can be come to, if nothing needs anything."""
        reached = [(BEFORE_PLAN, BEFORE_PLAN)]
        for here in reached:  # grows as it goes
            for ours, matched in self._meeting(*here):
                for theirs in matched:
                    there = ours.target, theirs.target
                    if there not in reached:
                        reached.append(there)
        return reached

    def _meeting(self, one: str, other: str) -> Iterator[tuple[Edge, list[Edge]]]:
        """Yield the edges from one state, each with those of the other that one event can take."""
        theirs: dict[str, list[Edge]] = {}
        for edge in self.refusing.edges_from(other):
            theirs.setdefault(edge.rule.match.event, []).append(edge)
        for ours in self.allowing.edges_from(one):
            found = theirs.get(ours.rule.match.event, [])
            yield ours, [edge for edge in found if self._may_meet(ours, edge)]

    def _may_meet(self, ours: Edge, theirs: Edge) -> bool:
        """Return whether an event can be one for both, with what both count alike."""
        unlike = (ours.given & theirs.given_none) | (ours.given_none & theirs.given)
        return unlike.isdisjoint(self.counted) and may_match(ours.rule.match, theirs.rule.match)

    def _together(self, ours: Edge, theirs: Edge) -> Linked:
        needs = (*self.ours.needs(ours), *self.theirs.needs(theirs))
        rule = self._rule("both", [ours, theirs], needs)
        made = attrs.evolve(
            self._edge(rule, ours, theirs),
            target=state_of(ours.target, theirs.target),
            sets=_once([*self.ours.sets(ours.sets), *self.theirs.sets(theirs.sets)]),
            clears=self.ours.names(ours.clears) | self.theirs.names(theirs.clears),
        )
        return made, Link(ours, theirs)

    def _partings(self, ours: Edge, theirs: Edge) -> Iterator[Linked]:
        for number, need in enumerate(theirs.rule.needs):
            if self.issues.at_issue(ours.rule, theirs.rule, need):
                lacks = (*self.theirs.some(theirs), *denied(need, self.theirs))
                needs = (*self.ours.needs(ours), *lacks)
                rule = self._rule(f"parting {number}", [ours, theirs], needs)
                link = Link(ours, theirs, parting=True, lacking=need)
                yield self._edge(rule, ours, theirs), link

    def _unruled(self, ours: Edge, other: str, matched: list[Edge]) -> Iterator[Linked]:
        """Yield the partings at which no rule of the other is for the event: one for each way."""
        certain = [edge for edge in matched if covers(edge.rule.match, ours.rule.match)]
        for number, way in enumerate(ways_not_applying(certain, self.counted, self.theirs)):
            needs = (*self.ours.needs(ours), *way)
            for match in self._said(ours, other):
                what = f"unruled {other} {number} {match.when}"
                rule = attrs.evolve(self._rule(what, [ours], needs), match=match)
                source = state_of(ours.source, other)
                made = attrs.evolve(self._edge(rule, ours, None), source=source)
                yield made, Link(ours, None, parting=True, said=match)

    def _said(self, ours: Edge, other: str) -> list[Match]:
        """Return what an event is to say for which the other has no rule as it stands.

        Anything that ours is for; and what a rule of the other is for in another state.
        """
        kind = ours.rule.match.event
        found = [ours.rule.match]
        if not self.refusing.engine.candidates(other, kind):
            known = [
                rule.match for rule in self.refusing.rules.values() if rule.match.event == kind
            ]
            fitting = [match for match in known if may_match(ours.rule.match, match)]
            found += [_joined([ours.rule.match, match]) for match in fitting]
        return list({match.when: match for match in found}.values())

    def _edge(self, rule: Rule, ours: Edge, theirs: Edge | None) -> Edge:
        """Return an edge that parts the two."""
        given, given_none = self.ours.names(ours.given), self.ours.names(ours.given_none)
        if theirs is not None:
            given |= self.theirs.names(theirs.given)
            given_none |= self.theirs.names(theirs.given_none)
        return Edge(
            rule=rule,
            source=state_of(ours.source, theirs.source if theirs else ours.source),
            target=PARTED,
            given=given,
            given_any=frozenset(),
            given_none=given_none,
            sets=(),
            clears=frozenset(),
        )

    def _rule(self, what: str, edges: list[Edge], needs: tuple[Need, ...]) -> Rule:
        name = (what, *(edge.rule.id for edge in edges))
        known = self.rules.get(name)
        if known is None:
            sets: tuple[StepSet, ...] = ()
            if what == "both":
                ours, theirs = edges
                sets = _once([*self.ours.sets(ours.rule.sets), *self.theirs.sets(theirs.rule.sets)])
            known = self.rules[name] = Rule(
                id=" ".join(name),
                says="",
                topic="",
                match=_joined([edge.rule.match for edge in edges]),
                sources=(),
                target="",
                needs=needs,
                sets=sets,
            )
        return known


def _once(sets: Iterable[StepSet]) -> tuple[StepSet, ...]:
    return tuple(dict.fromkeys(sets))


def _counted_alike(one: Procedure, other: Procedure) -> frozenset[str]:
    """Return the steps that stand once a count is reached, where both count the same."""
    theirs = {tally.reaches: substance(tally) for tally in other.tallies}
    return frozenset(t.reaches for t in one.tallies if substance(t) == theirs.get(t.reaches))


def _joined(matches: list[Match]) -> Match:
    """Return the events that count for all."""
    when: dict[str, tuple[Any, ...]] = {}
    for match in matches:
        for path, allowed in match.when:
            known = when.get(path, allowed)
            when[path] = tuple(value for value in known if value in allowed)
    where = tuple(test for match in matches for test in match.where)
    return Match(matches[0].event, tuple(when.items()), where)
