"""The abstract machine: rules as they are, of which only some steps and some periods are tracked.

What is not tracked is taken to be as it would have to be. So the machine can do whatever the rules
can, and more: if it can't break a requirement, the rules can't either.

Time. Of each tracked period only this is kept: whether it has run since its step, and whether the
requirement's own period began no later than it. Between two events any time may pass. A period
that began earlier has run whenever one of the same length that began later has; nothing else is
assumed of dates, calendars or the lengths of different periods, so no calendar can do what the
machine can't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, EarliestNeed, Need, NoStepNeed, StepNeed
from cpplan.requirements import Requirement, Template
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, is_ended
from cpplan_sim.proving.judging import (
    Memory,
    Period,
    judge,
    limits,
    period_of,
    remembered,
    seen,
    tries,
)
from cpplan_sim.proving.shapes import MISSING, Shape, shapes_of


@attrs.frozen
class Tracked:
    """What the abstract machine keeps of a plan beside its state.

    Attributes:
        steps: whether each of these stands.
        periods: whether each of these has run.
    """

    steps: frozenset[str] = frozenset()
    periods: frozenset[Period] = frozenset()

    def __or__(self, other: Tracked) -> Tracked:
        """Return both together."""
        return Tracked(self.steps | other.steps, self.periods | other.periods)

    def first_not_in(self, known: Tracked) -> Tracked:
        """Return one thing that ``known`` lacks, with its step if it is a period; else nothing.

        One at a time: what else stood in the way may no longer do so, and each doubles the search.
        """
        for period in sorted(self.periods - known.periods):
            return Tracked(frozenset({period.step}), frozenset({period}))
        for step in sorted(self.steps - known.steps):
            return Tracked(frozenset({step}))
        return Tracked()

    def __bool__(self) -> bool:
        """Whether anything is tracked."""
        return bool(self.steps or self.periods)

    def __len__(self) -> int:
        """How many things are tracked."""
        return len(self.steps) + len(self.periods)


@attrs.frozen
class Node:
    """One state of the abstract machine."""

    state: str
    steps: frozenset[str]
    run: frozenset[Period]
    memory: Memory


@attrs.frozen
class Move:
    """One thing that can happen: an event of some shape, after some time.

    Attributes:
        edge: the rule, from its state.
        shape: what the event says.
        waited: the periods that have run by then.
        after: where it leads.
        broken: whether it breaks the requirement.
        exercised: whether it puts the requirement to the test.
    """

    edge: Edge
    shape: Shape
    waited: frozenset[Period]
    after: Node
    broken: bool
    exercised: bool


class Machine:
    """The abstract machine of one procedure and one requirement, or of the procedure alone."""

    def __init__(self, procedure: Procedure, requirement: Requirement | None) -> None:
        """Work out the shapes of the events of each edge."""
        self.procedure = procedure
        self.requirement = requirement
        self.tallied = frozenset(tally.reaches for tally in procedure.tallies)
        first = requirement.first if requirement else None
        then = requirement.then if requirement else None
        self.shapes: Mapping[int, tuple[Shape, ...]] = {
            edge.number: shapes_of(edge, first, then) for edge in procedure.edges
        }

        self.counted = {
            period_of(need): need for edge in procedure.edges for need in _counted(edge.rule.needs)
        }
        self.limits: Mapping[int, tuple[frozenset[str], ...]] = {
            edge.number: limits(edge, requirement) for edge in procedure.edges
        }
        self.limiting = frozenset(
            step for groups in self.limits.values() for steps in groups for step in steps
        )
        self.telling = frozenset(
            number
            for number, shapes in self.shapes.items()
            if requirement is None
            or any(shape.first or shape.then for shape in shapes)
            or tries(requirement.first, procedure.edges[number])
            or any(step.step in self.limiting for step in procedure.edges[number].sets)
        )

    def start(self) -> Node:
        """Return the state before anything has happened."""
        return Node(BEFORE_PLAN, frozenset(), frozenset(), Memory())

    def moves(self, node: Node, tracked: Tracked) -> Iterator[Move]:
        """Yield whatever can happen next, as far as is tracked."""
        for edge in self.procedure.edges_from(node.state):
            if self._matters(edge, tracked) and self._applies(edge, node, tracked):
                for waited, memory in self._waits(node, tracked):
                    for shape in self.shapes[edge.number]:
                        yield from self._taken(edge, shape, node, waited, memory, tracked)

    def _matters(self, edge: Edge, tracked: Tracked) -> bool:
        """Return whether an edge changes anything that is kept, or shows a side."""
        if edge.source != edge.target or edge.number in self.telling or self._watches_time():
            return True
        changed = {step.step for step in edge.sets} | edge.clears
        return not changed.isdisjoint(tracked.steps)

    def _watches_time(self) -> bool:
        """Return whether any event can break the requirement by coming too late."""
        one = self.requirement
        return one is not None and one.within is not None and one.template is Template.RESPONSE

    def _applies(self, edge: Edge, node: Node, tracked: Tracked) -> bool:
        asked = (edge.given - self.tallied) & tracked.steps
        barred = edge.given_none & tracked.steps
        if not asked <= node.steps or not barred.isdisjoint(node.steps):
            return False
        # One of several is enough: if one is not tracked it may be that one.
        some = edge.given_any
        return not some or not some <= tracked.steps or not some.isdisjoint(node.steps)

    def _waits(self, node: Node, tracked: Tracked) -> Iterator[tuple[frozenset[Period], Memory]]:
        """Yield the ways in which time can pass: which of the periods under way have run since."""
        under_way = [
            p for p in sorted(tracked.periods) if p.step in node.steps and p not in node.run
        ]
        for number in range(2 ** len(under_way)):
            more = {p for i, p in enumerate(under_way) if number >> i & 1}
            waited = node.run | more
            memory = node.memory
            # What began no later than a period of its own length that has run, has run.
            forced = bool(waited & memory.no_later)
            if memory.run or forced or not memory.first:
                yield waited, attrs.evolve(memory, run=memory.run or (forced and memory.first))
            else:
                yield waited, memory
                yield waited, attrs.evolve(memory, run=True)

    def _taken(
        self,
        edge: Edge,
        shape: Shape,
        node: Node,
        waited: frozenset[Period],
        memory: Memory,
        tracked: Tracked,
    ) -> Iterator[Move]:
        if not all(any(_met(n, node, waited, tracked) for n in some) for some in shape.left):
            return
        for dated in _datings(edge, shape):
            taken = {s.step: s.on_field for s in edge.sets if not s.on_field or dated}
            steps = (node.steps - edge.clears) | (frozenset(taken) & tracked.steps)
            fresh = {p: taken[p.step] for p in tracked.periods if p.step in taken}
            run = frozenset(p for p in waited - fresh.keys() if p.step in steps)
            # A step dated by a field may lie so far back that its period has run already.
            old = frozenset(p for p, field in fresh.items() if field)
            for already in {frozenset[Period](), old}:
                after = Node(edge.target, steps, run | already, memory)
                yield from self._judged(edge, shape, waited, after, fresh, already)

    def _judged(
        self,
        edge: Edge,
        shape: Shape,
        waited: frozenset[Period],
        after: Node,
        fresh: Mapping[Period, str],
        already: frozenset[Period],
    ) -> Iterator[Move]:
        one = self.requirement
        if one is None:
            yield Move(edge, shape, waited, after, broken=False, exercised=False)
            return
        shown = seen(shape.first, edge)
        first, then = bool(shown), bool(seen(shape.then, edge))
        ends = is_ended(edge.target) and not is_ended(edge.source)
        memory = after.memory
        tried = tries(one.first, edge)
        broken, exercised = judge(one, memory, first=first, then=then, ends=ends, tried=tried)
        kept_in_time = any(memory.newer.isdisjoint(steps) for steps in self.limits[edge.number])
        if then and memory.first and kept_in_time:
            # The rule itself keeps the date within the limit, counted from no later a day.
            broken = tuple(wrong for wrong in broken if not wrong) or broken
        taken = {step.step for step in edge.sets} & self.limiting
        newer = frozenset() if first else memory.newer | taken
        for wrong in broken:
            for answers in _answers(one, then=then):
                kept = remembered(one, memory, fresh, already, shown=shown, then=answers)
                node_after = attrs.evolve(after, memory=attrs.evolve(kept, newer=newer))
                yield Move(edge, shape, waited, node_after, wrong, exercised)


def _counted(needs: Iterable[Need]) -> Iterator[EarliestNeed]:
    for need in needs:
        if isinstance(need, EarliestNeed):
            yield need
        elif isinstance(need, AnyNeed):
            yield from _counted(need.needs)


def _answers(one: Requirement, *, then: bool) -> tuple[bool, ...]:
    """Return whether a later side answers; one that may be too early may leave things open."""
    early = one.template is Template.RESPONSE and (one.after or one.not_before)
    return (True, False) if then and early else (then,)


def _datings(edge: Edge, shape: Shape) -> tuple[bool, ...]:
    """Return whether the field that dates a step is given: as the shape says, else both ways."""
    fields = {s.on_field for s in edge.sets if s.on_field}
    if not fields:
        return (True,)
    said = dict(shape.values)
    known = {said[field] is not MISSING for field in fields if field in said}
    return tuple(known) if len(known) == 1 else (True, False)


def _met(need: Need, node: Node, waited: frozenset[Period], tracked: Tracked) -> bool:
    """Return whether a need can be met here; what is not tracked is as it would have to be."""
    if isinstance(need, StepNeed):
        return need.step not in tracked.steps or need.step in node.steps
    if isinstance(need, NoStepNeed):
        return need.step not in tracked.steps or need.step not in node.steps
    if isinstance(need, EarliestNeed):
        if need.step in tracked.steps and need.step not in node.steps:
            return False
        period = period_of(need)
        return period not in tracked.periods or period in waited
    if isinstance(need, AnyNeed):
        return any(_met(inner, node, waited, tracked) for inner in need.needs)
    return True
