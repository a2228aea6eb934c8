"""Ways to what histories missed: a shortest one from the prover, or that there is none.

Asks :mod:`cpplan_sim.proving.prover`. What no history of any length reaches is excused by that;
what could not be decided is not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import compress, product

import attrs

from cpplan import Plan, Procedure, Refused
from cpplan.events import KINDS, Event
from cpplan.matching import Match
from cpplan.needs import AnyNeed, Need, NoStepNeed, StepNeed
from cpplan.roles import Role
from cpplan.rules import Edge, Rule
from cpplan.states import SAME
from cpplan_sim.exploring.making import Making
from cpplan_sim.proving.prover import witness
from cpplan_sim.proving.searching import Found

PROBE = "probe"
"""The rule that is added to a procedure to see whether its state and steps can be reached."""

TRIES = 40
"""Events made at the end of a way, each lacking what is to be refused."""

MOST_STEPS = 14
"""Steps that decide between the rules for one event, beyond which not every choice is tried."""


@attrs.frozen
class Ways:
    """Ways to something, or that there is none.

    Attributes:
        found: histories that lead there, or near; none if none was found.
        why_not: why no history does; empty if one does, or if nobody knows.
    """

    found: tuple[tuple[Event, ...], ...] = ()
    why_not: str = ""


def to_rule(procedure: Procedure, name: str) -> Ways:
    """Return a history in which a rule lets an event through, or that there is none."""
    found = witness(procedure, lambda edge: edge.rule.id == name)
    if found.history:
        return Ways((_events(found),))
    return Ways() if found.reachable else Ways(why_not=proved(found.states))


def to_code(procedure: Procedure, name: str) -> Ways:
    """Return a history that ends with a refusal for a need's code, or that none does.

    The code can be given where a rule with such a need is the one for its event and the need can be
    unmet. A rule of that kind, with nothing else to meet, is put beside the others and searched.
    """
    states = 0
    undecided = False
    for edge in procedure.edges:
        for need in (one for one in edge.rule.needs if one.code == name):
            for unmet in _unmet(need):
                found = _probe(procedure, _probe_rule(procedure, edge, unmet))
                states += found.states
                way = _refused(procedure, _events(found), edge, need)
                if way.found:
                    return way
                undecided = undecided or found.reachable
    return Ways() if undecided or not states else Ways(why_not=proved(states))


def to_no_rule(procedure: Procedure) -> Ways:
    """Return a history that ends with an event whose rules are all for other steps or fields.

    Every choice of the steps that decide between the rules for a kind of event in a state is tried,
    with every choice of the values that they are for; those that leave it to none are searched for.
    """
    states = 0
    undecided = False
    for (kind, state), edges in procedure.engine.table.items():
        for standing, absent in _gaps(procedure, kind, edges):
            rule = _rule(procedure, state, given=standing, given_none=absent)
            found = _probe(procedure, rule)
            states += found.states
            way = _unruled(procedure, _events(found), kind)
            if way.found:
                return way
            undecided = undecided or found.reachable
    if undecided:
        return Ways()
    return Ways(why_not=f"one of an event's rules is always for it: {states:,} states searched")


def proved(states: int) -> str:
    """Return that a search found no history, and how large it was."""
    return f"no history of any length comes there: {states:,} states searched"


def _events(found: Found) -> tuple[Event, ...]:
    return tuple(moment.event for moment in found.history)


def _probe(procedure: Procedure, rule: Rule) -> Found:
    """Search for a state in which a rule beside the others lets its event through."""
    probed = attrs.evolve(procedure, rules={**procedure.rules, PROBE: rule})
    return witness(probed, lambda edge: edge.rule.id == PROBE)


def _probe_rule(procedure: Procedure, edge: Edge, unmet: tuple[Need, ...]) -> Rule:
    rule = _rule(procedure, edge.source, given=edge.given, given_none=edge.given_none)
    return attrs.evolve(rule, given_any=edge.given_any, needs=unmet)


def _rule(
    procedure: Procedure, state: str, *, given: frozenset[str], given_none: frozenset[str]
) -> Rule:
    """Return a rule that changes nothing, for a kind of event that has none in a state."""
    used = {edge.rule.match.event for edge in procedure.edges_from(state)}
    return Rule(
        id=PROBE,
        says="Shows that its state and its steps can be reached.",
        topic=next(iter(procedure.topics)),
        match=Match(next(kind for kind in KINDS if kind not in used)),
        sources=(state,),
        target=SAME,
        given=given,
        given_none=given_none,
    )


def _unmet(need: Need) -> Iterator[tuple[Need, ...]]:
    """Yield how steps leave a need unmet; what fields and days decide is left open."""
    if isinstance(need, AnyNeed):
        for ways in product(*(list(_unmet(one)) for one in need.needs)):
            yield tuple(one for way in ways for one in way)
    elif isinstance(need, StepNeed):
        yield (NoStepNeed(step=need.step, code=PROBE, says="Unmet.", cites=()),)
    elif isinstance(need, NoStepNeed):
        yield (StepNeed(step=need.step, code=PROBE, says="Unmet.", cites=()),)
    else:
        yield ()


def _refused(procedure: Procedure, way: tuple[Event, ...], edge: Edge, need: Need) -> Ways:
    """Return the way with an event at its end that is refused for a need, if one can be made."""
    if not way:
        return Ways()
    plan = Plan.rebuild(procedure, way[:-1])
    for seed in range(TRIES):
        making = Making(plan, way[-1].on, random.Random(seed), tuple(Role))
        event = making.lacking(edge, need)
        decision = plan.record(event)
        if isinstance(decision, Refused) and need.code in decision.codes:
            return Ways(((*way[:-1], event),))
    return Ways()


def _unruled(procedure: Procedure, way: tuple[Event, ...], kind: str) -> Ways:
    """Return the way with an event at its end for which no rule is, if one can be made."""
    if not way:
        return Ways()
    plan = Plan.rebuild(procedure, way[:-1])
    for seed in range(TRIES):
        event = Making(plan, way[-1].on, random.Random(seed), tuple(Role)).anything(kind)
        decision = plan.record(event)
        applies = any(e.applies(event, plan.steps) for e in procedure.edges_from(plan.state))
        if isinstance(decision, Refused) and procedure.engine.knows(event) and not applies:
            return Ways(((*way[:-1], event),))
    return Ways()


def _gaps(
    procedure: Procedure, kind: str, edges: list[Edge]
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield the steps that stand, and that do not, where an event may find no rule for it."""
    steps = sorted({step for e in edges for step in (*e.given, *e.given_any, *e.given_none)})
    if len(steps) > MOST_STEPS:
        yield frozenset(), frozenset()
        return
    fields = _fields(procedure, kind)
    for bits in product((False, True), repeat=len(steps)):
        standing = frozenset(compress(steps, bits))
        for values in product(*fields.values()):
            said = dict(zip(fields, values, strict=True))
            if _is_known(procedure, kind, said) and not any(
                _is_for(edge, standing, said) for edge in edges
            ):
                yield standing, frozenset(steps) - standing
                break


def _fields(procedure: Procedure, kind: str) -> Mapping[str, list[object]]:
    """Return the fields by which rules for a kind of event differ, with the values that matter."""
    found: dict[str, list[object]] = {}
    for edge in (one for one in procedure.edges if one.rule.match.event == kind):
        for path, allowed in edge.rule.match.when:
            values = found.setdefault(path, [] if _is_required(kind, path) else [None])
            values.extend(one for one in allowed if one not in values)
    return found


def _is_required(kind: str, path: str) -> bool:
    fields = attrs.fields_dict(KINDS[kind])
    return path in fields and fields[path].default is attrs.NOTHING


def _is_known(procedure: Procedure, kind: str, said: Mapping[str, object]) -> bool:
    """Return whether some rule, in whatever state, is for an event that says this."""
    return any(
        all(said[path] is None or said[path] in allowed for path, allowed in edge.rule.match.when)
        for edge in procedure.edges
        if edge.rule.match.event == kind
    )


def _is_for(edge: Edge, standing: frozenset[str], said: Mapping[str, object]) -> bool:
    if not edge.given <= standing or edge.given_none & standing:
        return False
    if edge.given_any and not edge.given_any & standing:
        return False
    return all(said[path] in allowed for path, allowed in edge.rule.match.when)
