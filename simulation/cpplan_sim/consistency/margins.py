"""Margins: how much of a duty's time is left when all that has to come first is done at once.

Holds the earliest day on which what meets a duty can be recorded, against its due date.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from cpplan_sim.consistency.findings import Margin
from cpplan_sim.consistency.lengths import OutsideTableError
from cpplan_sim.consistency.networks import Bound, Network, Point, Standing
from cpplan_sim.consistency.scopes import Owed, Scope
from cpplan_sim.consistency.ways import words


def margin(scope: Scope, owed: Owed, first: dt.date, last: dt.date) -> Margin:
    """Return what is left of the time of a dated duty, at the fewest over all start dates.

    It is counted from the day that the duty's time is counted from. Of several ways the one that
    leaves most is taken.

    Raises:
        TooManyWaysError: the rules leave too many ways.
        OutsideTableError: the calendar's table is too short for a period.
    """
    networks = scope.networks([owed])
    bounds = [bound for network in networks for bound in network.bounds]
    waits = tuple(dict.fromkeys(bound for bound in bounds if bound.weighs))
    due = next((b for b in bounds if b.duty == owed.duty.id and b.length is not None), None)
    opening = (words(scope.opening.edge.rule.match.event),)
    if due is None or (not waits and owed.anchor != scope.origin):
        return Margin(owed.duty, opening, waits, None, None)
    if not waits:
        return Margin(owed.duty, opening, waits, due.shortest, None)
    elsewhere = None if owed.anchor == scope.origin else scope.origin
    counted = tuple(_from_anchor(network, owed.anchor, elsewhere) for network in networks)
    days, on = _fewest(counted, due, first, last)
    return Margin(owed.duty, opening, waits, days, on)


def _from_anchor(network: Network, anchor: Point, elsewhere: Point | None) -> Network:
    """Return a network counted from the day that a duty is, without due dates.

    Where that day is another than the opening, what the opening binds is left out.
    """
    kept = (b for b in network.bounds if not b.duty and elsewhere not in (b.point, b.since))
    return Network(anchor, tuple(kept))


@lru_cache(maxsize=256)
def _fewest(
    networks: tuple[Network, ...], due: Bound, first: dt.date, last: dt.date
) -> tuple[int | None, dt.date | None]:
    possible = [network for network in networks if not network.negative_cycle(generous=True)]
    if not possible:
        return None, None
    fewest: tuple[int, int] | None = None
    for day in range(first.toordinal(), last.toordinal() + 1):
        known = [left for one in possible if (left := _left(one, due, day)) is not None]
        if known and (fewest is None or max(known) < fewest[0]):
            fewest = (max(known), day)
    return (None, None) if fewest is None else (fewest[0], dt.date.fromordinal(fewest[1]))


def _left(network: Network, due: Bound, day: int) -> int | None:
    """Return the days left when the duty's time is counted from a day; ``None`` if untold."""
    tried = network.on(day)
    if tried.standing is not Standing.FITS or due.length is None:
        return None
    try:
        return due.length.after(day) - tried.days.get(due.point, day)
    except OutsideTableError:
        return None
