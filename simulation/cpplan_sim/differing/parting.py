"""Parting: the shortest histories that one procedure allows and another refuses at the last event.

Both allow all that comes before. So after the last event the two are no longer on one path, and
what would follow is nobody's difference. What is searched for is whatever the rules differ in: each
need, and each event that another rule or none is for.

A history is told only if both kernels say so. Where the pair of the two has no path, there is no
history of any length, as far as the pair does all that they can; where there is a path and the
kernels would not take it, that is said, and nothing is claimed.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from cpplan import Accepted, Plan, Procedure, Refused
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.rules import Rule
from cpplan_sim.differing.pairing import Link, Pair
from cpplan_sim.differing.pathfinding import Pathfinder, Way
from cpplan_sim.differing.substance import asks, substance
from cpplan_sim.monitors import Moment
from cpplan_sim.plainly import plainly


@attrs.frozen
class Target:
    """What is looked for: a refusal by one need of a rule, or because no rule is for an event.

    Attributes:
        kind: the event.
        rule: a rule that refuses; ``None`` if none is for the event.
        code: the code of its need; empty if none is for the event.
        said: what the event says, if none is.
    """

    kind: str
    rule: Rule | None = None
    code: str = ""
    said: Match | None = None

    @classmethod
    def of(cls, link: Link) -> Target:
        """Return what a parting of a pair would show."""
        match = link.allowing.rule.match
        if link.refusing is None or link.lacking is None:
            return cls(match.event, said=link.said)
        return cls(match.event, link.refusing.rule, link.lacking.code)

    @property
    def asked(self) -> object:
        """What the rule is for and asks for: rules alike in both are told as one."""
        if self.rule is None:
            return substance(self.said)
        return substance(self.rule.match), frozenset(asks(need) for need in self.rule.needs)


@attrs.frozen
class Parting:
    """A history that one procedure allows and the other refuses at its last event.

    Attributes:
        allowing, refusing: the two.
        events: the history; both take all but the last event.
        allowed_by: the rule that lets the last event through.
        refused_by: the rule that does not; ``None`` if none is for it.
        refused: the refusal, with every reason.
        shortest: whether no shorter one is there to be found.
    """

    allowing: Procedure
    refusing: Procedure
    events: tuple[Event, ...]
    allowed_by: Rule
    refused_by: Rule | None
    refused: Refused
    shortest: bool


class Fate(enum.StrEnum):
    """What became of a target for which no history is told."""

    NEVER = "never"
    """The pair of the two has no path to it, of any length."""
    UNDECIDED = "undecided"


@attrs.frozen
class NotFound:
    """A target for which no history is told.

    Attributes:
        target: which.
        fate: whether none is there, or none was found.
        states: how many states of the pair the last search visited.
        why: what stood in the way of one that is undecided.
    """

    target: Target
    fate: Fate
    states: int
    why: str = ""


@attrs.frozen
class Partings:
    """What one procedure allows and another refuses.

    Attributes:
        found: the histories, shortest first for each rule that refuses, each with a reason that
            none before it shows.
        missed: what was looked for and not found.
    """

    found: tuple[Parting, ...]
    missed: tuple[NotFound, ...]


def partings(finder: Pathfinder) -> Partings:
    """Return the shortest histories that one procedure allows and another refuses at the end.

    Args:
        finder: of the pair of the two.
    """
    made = finder.pair
    found: list[Parting] = []
    missed: list[NotFound] = []
    for several in _alike(made):
        ways = [(target, finder.find(_is(target))) for target in several]
        kept = [*_needed(_told(made, way) for _, way in ways if way.events)]
        shown = {code for one in kept for code in one.refused.codes}
        found += map(_plainer, kept)
        missed += [_missed(*way) for way in ways if not way[1].events and way[0].code not in shown]
    return Partings(tuple(found), tuple(missed))


def _alike(made: Pair) -> Iterable[list[Target]]:
    """Return what is to be looked for, with what is told as one together."""
    targets = dict.fromkeys(Target.of(link) for _, link in made.links if link.parting)
    found: dict[object, list[Target]] = {}
    for target in targets:
        found.setdefault(target.asked, []).append(target)
    return found.values()


def _is(target: Target) -> Callable[[Link], bool]:
    return lambda link: link.parting and Target.of(link) == target


def _missed(target: Target, way: Way) -> NotFound:
    fate = Fate.UNDECIDED if way.reachable else Fate.NEVER
    return NotFound(target, fate, way.states, way.why)


def _told(made: Pair, way: Way) -> Parting:
    events, shortest = way.events, way.shortest
    ours, theirs = Plan(made.allowing), Plan(made.refusing)
    for event in events[:-1]:
        ours, theirs = _after(ours, event), _after(theirs, event)
    allowed, refused = ours.record(events[-1]), theirs.record(events[-1])
    assert isinstance(allowed, Accepted), "so it was found"
    assert isinstance(refused, Refused), "so it was found"
    rule = _refusing_rule(theirs, events[-1])
    return Parting(made.allowing, made.refusing, events, allowed.rule, rule, refused, shortest)


def _after(plan: Plan, event: Event) -> Plan:
    decision = plan.record(event)
    assert isinstance(decision, Accepted), "so it was found"
    return decision.plan


def _refusing_rule(plan: Plan, event: Event) -> Rule | None:
    steps, _ = plan.procedure.tally(event, plan.steps, plan.counts)
    edge = plan.procedure.engine.route(plan.state, event, steps)
    return edge.rule if edge else None


def _needed(found: Iterable[Parting]) -> Iterator[Parting]:
    """Yield the partings, shortest first, of which each shows a reason that none before does."""
    shown: set[str] = set()
    for one in sorted(found, key=lambda one: (len(one.events), -len(one.refused.codes))):
        if not shown.issuperset(one.refused.codes):
            shown.update(one.refused.codes)
            yield one


def _plainer(one: Parting) -> Parting:
    """Return a parting with its events as they usually are, but for what matters to it."""

    def still(moments: Sequence[Moment]) -> bool:
        return parts(one.refusing, [moment.event for moment in moments]) == codes

    codes = frozenset(one.refused.codes)
    moments = [Moment(event, True, "", "") for event in one.events]
    events = tuple(moment.event for moment in plainly(one.allowing, moments, still))
    refused = _refusal(one.refusing, events)
    assert refused is not None, "what is told plainly still parts the two"
    return attrs.evolve(one, events=events, refused=refused)


def parts(refusing: Procedure, events: Sequence[Event]) -> frozenset[str]:
    """Return the codes by which a procedure refuses the last of some events and no other."""
    refused = _refusal(refusing, events)
    return frozenset(refused.codes) if refused else frozenset()


def _refusal(refusing: Procedure, events: Sequence[Event]) -> Refused | None:
    plan = Plan(refusing)
    for event in events[:-1]:
        decision = plan.record(event)
        if isinstance(decision, Refused):
            return None
        plan = decision.plan
    last = plan.record(events[-1])
    return last if isinstance(last, Refused) else None
