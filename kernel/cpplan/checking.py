"""What only shows once a procedure stands together: dead rules, overlaps, states without exit."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cpplan.drafts import NOTING
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import OTHERS_OPEN
from cpplan.states import BEFORE_PLAN, GROUPS, RETURNING, is_ended, origin_step

if TYPE_CHECKING:
    from cpplan.layers import Where
    from cpplan.packs import Pack
    from cpplan.procedures import Procedure
    from cpplan.reading import Problem
    from cpplan.rules import Edge, Rule

ENDING = "ending."
"""Topics that begin so are endings: a source silent on all of them gives no way out."""


def check_whole(procedure: Procedure, pack: Pack) -> list[Problem]:
    """Return what is wrong with a procedure whose parts are all right."""
    where = _places(procedure, pack)
    found = [
        *_dead_rules(procedure, where),
        *_overlaps(procedure, where),
        *_states(procedure, pack),
        *_silence(procedure, pack),
        *_unsettable_requirements(procedure, pack),
    ]
    return sorted(set(found))


def _places(procedure: Procedure, pack: Pack) -> dict[str, Where]:
    return {
        name: pack.rules[name.removesuffix(OTHERS_OPEN) if name not in pack.rules else name].where
        for name in procedure.rules
    }


def _dead_rules(procedure: Procedure, where: dict[str, Where]) -> Iterator[Problem]:
    """Find rules that ask for a step that nothing takes, or for a step to stand and not to."""
    settable = {step.step for edge in procedure.edges for step in edge.sets}
    settable |= {tally.reaches for tally in procedure.tallies}
    for rule in procedure.rules.values():
        needed = {need.step for need in rule.needs if isinstance(need, StepNeed)} | rule.given
        barred = {
            need.step for need in rule.needs if isinstance(need, NoStepNeed)
        } | rule.given_none
        anchors = {n.step for n in rule.needs if isinstance(n, (EarliestNeed, LatestFieldNeed))}
        for step in sorted((needed | anchors) - settable):
            yield where[rule.id].problem(
                f"the rule {rule.id!r} can never apply: it needs the step {step!r},"
                " which no rule takes"
            )
        for step in sorted((needed | anchors) & barred):
            yield where[rule.id].problem(
                f"the rule {rule.id!r} can never apply: {step!r} has both to stand and not to"
            )
        for need in rule.needs:
            if isinstance(need, AnyNeed) and not any(_can_hold(n, settable) for n in need.needs):
                yield where[rule.id].problem(
                    f"the rule {rule.id!r} can never apply: no rule takes a step that would do"
                )
        if rule.given_any and not rule.given_any & settable:
            yield where[rule.id].problem(
                f"the rule {rule.id!r} can never apply: no rule takes any of"
                f" {sorted(rule.given_any)}"
            )


def _can_hold(need: Need, settable: set[str]) -> bool:
    return not isinstance(need, (StepNeed, EarliestNeed)) or need.step in settable


def _overlaps(procedure: Procedure, where: dict[str, Where]) -> Iterator[Problem]:
    """Find two rules that could both be the one for an event."""
    for edges in procedure.engine.table.values():
        for one, other in itertools.combinations(edges, 2):
            if one.rule.id != other.rule.id and not _disjoint(one, other):
                yield where[other.rule.id].problem(
                    f"the rules {one.rule.id!r} and {other.rule.id!r} overlap on"
                    f" {one.rule.match.event} in {one.source}",
                    "tell them apart with when, given or given-none",
                )


def _disjoint(one: Edge, other: Edge) -> bool:
    if one.given & other.given_none or other.given & one.given_none:
        return True
    for first, second in ((one, other), (other, one)):
        if first.given_any and first.given_any <= second.given_none:
            return True
    mine, theirs = dict(one.rule.match.when), dict(other.rule.match.when)
    return any(not set(mine[path]) & set(theirs[path]) for path in mine.keys() & theirs.keys())


def _states(procedure: Procedure, pack: Pack) -> Iterator[Problem]:
    """Find states that can't be reached, and states from which no ending can be."""
    usable = usable_edges(procedure)
    reached = {BEFORE_PLAN, *(edge.target for edge in usable)}
    where = pack.head.where
    for state in procedure.states:
        if state not in reached and state in _meant(procedure, reached):
            yield where.problem(f"the state {state!r} can't be reached", "is a rule missing?")
    endings = {topic for topic in procedure.topics if topic.startswith(ENDING)}
    if endings <= procedure.silent.keys():
        return
    stuck = reached - _leading_to_an_end(usable)
    for state in procedure.states:
        if state in stuck:
            yield where.problem(
                f"no ending can be reached from the state {state!r}",
                "add a rule, or list the endings under silent if the source says nothing of them",
            )


def _meant(procedure: Procedure, reached: set[str]) -> set[str]:
    """Return the states that the rules are written for, and not only for groups that hold them.

    A source that never escalates does not have that state, though shared rules cover it.
    """
    lost = [rule.sources for rule in procedure.rules.values() if reached.isdisjoint(rule.sources)]
    entered = {edge.target for edge in procedure.edges if edge.rule.target == edge.target}
    return entered.union(*lost)


def usable_edges(procedure: Procedure) -> list[Edge]:
    """Return the edges that some path of states takes: a return only to where one has come from."""
    reached = {BEFORE_PLAN}
    while True:
        usable = [e for e in procedure.edges if e.source in reached and _origins(e) <= reached]
        targets = {edge.target for edge in usable}
        if targets <= reached:
            return usable
        reached |= targets


def _origins(edge: Edge) -> set[str]:
    """Return the states that an edge remembers having come from."""
    origins = RETURNING.get(edge.source, ())
    return {origin for origin in origins if origin_step(edge.source, origin) in edge.given}


def _leading_to_an_end(usable: Iterable[Edge]) -> set[str]:
    """Return the ends, and the states from which one of them can be reached."""
    import networkx as nx  # noqa: PLC0415  # slow to import, and only needed here

    graph: nx.DiGraph[str] = nx.DiGraph((edge.source, edge.target) for edge in usable)
    ends = {state for state in graph if is_ended(state)}
    return ends.union(*(nx.ancestors(graph, end) for end in ends))


def _silence(procedure: Procedure, pack: Pack) -> Iterator[Problem]:
    """Find topics that are neither spoken of nor said to be silent, and those that are both."""
    spoken = {rule.topic for rule in procedure.rules.values() if not _only_shared(rule, pack)}
    spoken |= {duty.topic for duty in procedure.duties.values()}
    spoken |= {part.draft.topic for part in pack.requirements.values()}
    where = pack.head.where.at("silent")
    for topic in procedure.topics:
        if topic != NOTING and topic not in spoken and topic not in procedure.silent:
            yield where.problem(f"nothing is said of the topic {topic!r}", "list it under silent")
        if topic in spoken and topic in procedure.silent and topic not in procedure.filled:
            yield where.at(topic).problem(f"the topic {topic!r} is said to be silent, and is not")


def _only_shared(rule: Rule, pack: Pack) -> bool:
    part = pack.rules.get(rule.id)
    return part is not None and part.own is None


def _unsettable_requirements(procedure: Procedure, pack: Pack) -> Iterator[Problem]:
    """Find requirements about events and states that no rule of the procedure knows.

    Those of the shared lifecycle are left out: they only hold for what a procedure has.
    """
    kinds = {rule.match.event for rule in procedure.rules.values()}
    entered = {BEFORE_PLAN, *(edge.target for edge in usable_edges(procedure))}
    for name, part in pack.requirements.items():
        one = procedure.requirements.get(name) or procedure.possible.get(name)
        for atom in one.atoms if one is not None else ():
            if atom.match is not None and atom.match.event not in kinds:
                yield part.where.problem(
                    f"the requirement {name!r} speaks of {atom.match.event},"
                    " which no rule lets happen"
                )
            for states in (atom.enters, atom.leaves):
                if states and not set(states) & set(procedure.states):
                    yield part.where.problem(
                        f"the requirement {name!r} speaks of {states[0]!r}, which no rule enters"
                    )
        for index, state in enumerate(part.draft.in_):
            if entered.isdisjoint(GROUPS.get(state, (state,))):
                yield part.where.at("in", index).problem(
                    f"the requirement {name!r} speaks of {state!r}, which no rule enters"
                )
