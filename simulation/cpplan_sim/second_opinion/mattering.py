"""Mattering: the steps that can make any difference to a requirement, found without a search.

What moves the plan matters, and what is watched. So do the steps that those ask about; and the
moves that change such a step, with the steps that these ask about, and so on. Nothing is lost by
leaving out the rest: a step that no such move asks about decides nothing.

The same idea as the cone of influence in Clarke, Grumberg and Peled, "Model Checking" (1999).
"""

from __future__ import annotations

from collections.abc import Mapping

from cpplan_sim.second_opinion.moves import Move
from cpplan_sim.second_opinion.possible import Possible
from cpplan_sim.second_opinion.watched import Watched


def mattering(possible: Possible) -> Mapping[int, frozenset[str]]:
    """Return the steps that can make a difference to each requirement watched, by its number.

    For each requirement it takes time linear in the moves that ask about a step and stay in their
    state, for each step found.
    """
    asking = [move for move in possible.all if move.effect.reads]
    always = [move.effect.reads for move in asking if move.edge.source != move.edge.target]
    staying = [move for move in asking if move.edge.source == move.edge.target]
    known = frozenset(possible.steps)
    return {
        one.number: _closed(possible, one, frozenset[str]().union(*always), staying) & known
        for one in possible.watched
    }


def _closed(
    possible: Possible, one: Watched, found: frozenset[str], staying: list[Move]
) -> frozenset[str]:
    """Return steps with those that decide whether they change, or what is shown meanwhile."""
    waiting = staying
    while True:
        asked, others = list[Move](), list[Move]()
        for move in waiting:
            (asked if _matters(possible, move, one, found) else others).append(move)
        if not asked:
            return found
        waiting = others
        found = found.union(*(move.effect.reads for move in asked))


def _matters(possible: Possible, move: Move, one: Watched, known: frozenset[str]) -> bool:
    """Return whether a move that stays in its state makes a difference."""
    effect, shows = move.effect, move.shows
    if not known.isdisjoint((*effect.takes, *effect.drops)):
        return True
    if one.number in move.watched and shows.anything:
        return True
    clocks = {clock.step for clock in possible.clocks}
    told = effect.waits or not clocks.isdisjoint(effect.takes)
    moved = not set(possible.limiting).isdisjoint(effect.takes)
    return bool((one.timed and told) or (one.limited and moved))
