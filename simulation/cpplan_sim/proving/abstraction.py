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

from collections.abc import Iterator, Mapping

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, is_ended
from cpplan.values import Value
from cpplan_sim.proving.shapes import MISSING, Shape, shapes_of

Period = tuple[str, str]
"""A step, and the figure counted from it."""


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
            return Tracked(frozenset({period[0]}), frozenset({period}))
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
class Memory:
    """What is remembered of a requirement: whether its sides were seen, and since when.

    Attributes:
        first: whether a first side counts now.
        then: whether a later side was seen.
        run: whether the requirement's period has run since the first side that counts.
        no_later: tracked periods of the same length that began no earlier than it.
        newer: steps, of those that limit a date, taken since the latest first side.
    """

    first: bool = False
    then: bool = False
    run: bool = False
    no_later: frozenset[Period] = frozenset()
    newer: frozenset[str] = frozenset()


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

        self.limits: Mapping[int, frozenset[str]] = {
            edge.number: _limits(edge, requirement) for edge in procedure.edges
        }
        self.limiting = frozenset(step for steps in self.limits.values() for step in steps)
        self.telling = frozenset(
            number
            for number, shapes in self.shapes.items()
            if requirement is None
            or any(shape.first or shape.then for shape in shapes)
            or _tries(requirement.first, procedure.edges[number])
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
        if edge.source != edge.target or edge.number in self.telling:
            return True
        changed = {step.step for step in edge.sets} | edge.clears
        return not changed.isdisjoint(tracked.steps)

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
        under_way = [p for p in sorted(tracked.periods) if p[0] in node.steps and p not in node.run]
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
            taken = {s.step for s in edge.sets if not s.on_field or dated}
            steps = (node.steps - edge.clears) | (taken & tracked.steps)
            fresh = frozenset(p for p in tracked.periods if p[0] in taken)
            run = frozenset(p for p in waited - fresh if p[0] in steps)
            # A step dated by a field may lie so far back that its period has run already.
            old = {s.step for s in edge.sets if s.on_field} if dated else set()
            for already in {frozenset[Period](), frozenset(p for p in fresh if p[0] in old)}:
                after = Node(edge.target, steps, run | already, memory)
                yield from self._judged(edge, shape, waited, after, fresh, already)

    def _judged(
        self,
        edge: Edge,
        shape: Shape,
        waited: frozenset[Period],
        after: Node,
        fresh: frozenset[Period],
        already: frozenset[Period],
    ) -> Iterator[Move]:
        one = self.requirement
        if one is None:
            yield Move(edge, shape, waited, after, broken=False, exercised=False)
            return
        first = _seen(shape.first, edge)
        then = _seen(shape.then, edge)
        ends = is_ended(edge.target) and not is_ended(edge.source)
        memory = after.memory
        tried = _tries(one.first, edge)
        broken, exercised = _judge(one, memory, first=first, then=then, ends=ends, tried=tried)
        if then and memory.first and self.limits[edge.number] - memory.newer:
            # The rule itself keeps the date within the limit, counted from no later a day.
            broken = tuple(wrong for wrong in broken if not wrong) or broken
        for wrong in broken:
            kept = self._remembered(one, memory, fresh, already, first=first, then=then)
            taken = {step.step for step in edge.sets} & self.limiting
            kept = attrs.evolve(kept, newer=frozenset() if first else memory.newer | taken)
            node_after = attrs.evolve(after, memory=kept)
            yield Move(edge, shape, waited, node_after, wrong, exercised)

    def _remembered(
        self,
        one: Requirement,
        memory: Memory,
        fresh: frozenset[Period],
        already: frozenset[Period],
        *,
        first: bool,
        then: bool,
    ) -> Memory:
        """Return what is remembered after a move that showed the sides it did."""
        keeps = memory.first and not (one.template is Template.ALTERNATE_PRECEDENCE and then)
        answered = one.template in (Template.RESPONSE, Template.SUCCESSION) and then
        counts = first or (keeps and not (one.template is Template.RESPONSE and answered))
        length = one.after or one.not_before
        same = frozenset(p for p in fresh if length is not None and p[1] == length.id)
        if not counts:
            return Memory(then=memory.then or then)
        if keeps:
            run = memory.run or bool(first and already & same)
            return Memory(True, memory.then or then, run, (memory.no_later - fresh) | same)
        return Memory(True, memory.then or then, bool(already & same), same)


def _limits(edge: Edge, requirement: Requirement | None) -> frozenset[str]:
    """Return the steps from which a rule limits the date that a requirement limits, no longer."""
    then = requirement.then if requirement else None
    if requirement is None or requirement.within is None or then is None or then.match is None:
        return frozenset()
    if any(one.match and one.match.on_field for one in requirement.first.alternatives):
        return frozenset()  # a first side dated by a field may lie before the step
    longest, path = requirement.within, then.match.on_field
    return frozenset(
        need.step
        for need in edge.rule.needs
        if isinstance(need, LatestFieldNeed)
        and need.path == path
        and edge.rule.match.event == then.match.event
        and _no_longer(need.value, longest)
    )


def _no_longer(one: Value, other: Value) -> bool:
    """Return whether a figure is no longer than another in the same unit; others can't be told."""
    if one.amount is None or other.amount is None:
        return False
    return one.in_force == other.in_force and one.amount <= other.amount


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
        period = (need.step, need.value.id)
        return period not in tracked.periods or period in waited
    if isinstance(need, AnyNeed):
        return any(_met(inner, node, waited, tracked) for inner in need.needs)
    return True


def _seen(shown: tuple[Atom, ...], edge: Edge) -> bool:
    """Return whether an event that shows these atoms' events also shows their states."""
    moved = edge.source != edge.target
    return any(
        (not one.enters or (moved and edge.target in one.enters))
        and (not one.leaves or (moved and edge.source in one.leaves))
        for one in shown
    )


def _tries(side: Atom, edge: Edge) -> bool:
    """Return whether an edge is one by which what must never be could be tried."""
    moved = edge.source != edge.target
    return any(
        edge.rule.match.event == one.match.event
        if one.match is not None
        else moved and edge.target in one.enters
        for one in side.alternatives
    )


def _judge(
    one: Requirement, memory: Memory, *, first: bool, then: bool, ends: bool, tried: bool
) -> tuple[tuple[bool, ...], bool]:
    """Return whether a move breaks the requirement, or may, and whether it tests it."""
    maybe = (False, True) if one.within is not None else (False,)
    untimed = one.after is None and one.not_before is None
    right = memory.first and (untimed or memory.run)
    match one.template:
        case Template.ABSENCE:
            return (first,), first or tried
        case Template.EXISTENCE:
            return (ends and not (memory.first or first),), ends
        case Template.PRECEDENCE | Template.ALTERNATE_PRECEDENCE:
            return ((True,) if then and not right else maybe if then else (False,)), then
        case Template.RESPONSE:
            waiting = memory.first and not then
            return ((True,) if waiting and ends else maybe if memory.first else (False,)), first
        case Template.SUCCESSION:
            wrong = (then and not right) or (memory.first and not then and ends)
            return ((True,) if wrong else maybe if then or memory.first else (False,)), first
        case Template.NOT_SUCCESSION:
            return ((then and right,) if untimed else (False, then and memory.first)), first
        case Template.NOT_CO_EXISTENCE:
            both = (memory.first or first) and (memory.then or then)
            return (both,), first or then
