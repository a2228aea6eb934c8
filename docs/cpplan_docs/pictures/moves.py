"""Moves: the edges of a lifecycle, merged so that a person can take them in.

Where a rule leads from every state of a group to one state, or from one state to every state of a
group, the group is told once (as a statechart does). Holds no drawing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

import attrs

from cpplan import Procedure
from cpplan.rules import Rule
from cpplan.states import GROUPS, STATES, is_ended

Pair = tuple[str, str]


@attrs.frozen
class Move:
    """What leads from one place to another.

    Attributes:
        source: a state, or a group of states.
        target: a state, or a group: then the plan returns to the one that it came from.
        rules: by which rules, in the order of the procedure.
    """

    source: str
    target: str
    rules: tuple[Rule, ...]


def groups(states: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups with two states or more, from the smallest, each with those it has."""
    named = tuple(states)
    found = {name: tuple(s for s in named if s in members) for name, members in GROUPS.items()}
    return dict(sorted(((n, m) for n, m in found.items() if len(m) > 1), key=lambda p: len(p[1])))


def moves(procedure: Procedure) -> tuple[Move, ...]:
    """Return what leads from one state to another, in lifecycle order."""
    known = groups(procedure.states)
    rules: dict[Pair, list[Rule]] = {}
    for rule, pairs in _pairs(procedure).items():
        for pair in _merged(pairs, known):
            rules.setdefault(pair, []).append(procedure.rules[rule])
    places = _places(known)
    ordered = sorted(rules, key=lambda pair: (places[pair[0]], places[pair[1]]))
    return tuple(Move(*pair, tuple(rules[pair])) for pair in ordered)


def staying(procedure: Procedure, state: str) -> tuple[Rule, ...]:
    """Return the rules that a plan stays in a state by."""
    edges = procedure.edges_from(state)
    return tuple({edge.rule.id: edge.rule for edge in edges if edge.target == state}.values())


def members(place: str, procedure: Procedure) -> tuple[str, ...]:
    """Return the states that the end of a move stands for."""
    return groups(procedure.states).get(place, (place,))


def said(name: str) -> str:
    """Return the id of a state or a rule in words."""
    words = name.removeprefix("ended.").replace("-", " ")
    return re.sub(r"\bnon ", "non-", words)


def told(state: str) -> str:
    """Return a state in words, where it doesn't stand among the endings."""
    return f"ended: {said(state)}" if is_ended(state) else said(state)


def _pairs(procedure: Procedure) -> dict[str, set[Pair]]:
    found: dict[str, set[Pair]] = {}
    for edge in procedure.edges:
        if edge.source != edge.target:
            found.setdefault(edge.rule.id, set()).add((edge.source, edge.target))
    return found


def _merged(pairs: set[Pair], known: Mapping[str, tuple[str, ...]]) -> set[Pair]:
    merged = set(pairs)
    ends = sorted({end for pair in pairs for end in pair})
    for (group, states), other in itertools.product(reversed(list(known.items())), ends):
        _merge(merged, {(state, other) for state in states}, (group, other))
        _merge(merged, {(other, state) for state in states}, (other, group))
    return merged


def _merge(pairs: set[Pair], several: set[Pair], one: Pair) -> None:
    if several <= pairs:
        pairs -= several
        pairs.add(one)


def _places(known: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    order: dict[str, float] = {state: number for number, state in enumerate(STATES)}
    # A group stands behind the last of its states, a larger one behind a smaller.
    for number, (group, states) in enumerate(known.items(), start=1):
        order[group] = order[states[-1]] + number / 100
    return order
