"""Judging networks: whether what they ask can be kept from every start date, from some, or none.

Of several networks one is enough: each is a way that the rules leave open. First the worst cases of
the units are tried, which settle most networks for every date at once; then each start date of the
calendar's table on its own.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from functools import lru_cache

import attrs

from cpplan_sim.consistency.networks import Bound, Network, Point, Side, Standing


class Certainty(enum.StrEnum):
    """From which start dates something can't be kept."""

    CERTAIN = "certain"
    """From none of them can it be kept."""
    POSSIBLE = "possible"
    """From some it can't, from others it can."""
    NONE = "none"
    """It can be kept from each."""
    UNDECIDED = "undecided"
    """The calendar's table is too short for any start date."""


ROOM = 800
"""Days from the beginning of the table."""


@attrs.frozen
class Judged:
    """What came of judging networks of which one is enough.

    Attributes:
        certainty: whether it can be kept.
        conflicts: for each way, the bounds that can't be kept together, in order.
        on: a start date from which it can't be kept, the first of the table.
        later: another, with :data:`ROOM` before it in the table for a history that leads up to it.
        failing: the start dates from which it can't.
        tried: the start dates tried; 0 where the worst cases settled it.
        by_date: whether the worst cases left it open, so that each start date was tried.
    """

    certainty: Certainty
    conflicts: tuple[tuple[Bound, ...], ...] = ()
    on: dt.date | None = None
    later: dt.date | None = None
    failing: int = 0
    tried: int = 0
    by_date: bool = False


@lru_cache(maxsize=256)
def judge(networks: tuple[Network, ...], first: dt.date, last: dt.date) -> Judged:
    """Judge networks of which one is enough, from each start date between two.

    Where there is no network at all, there is no way, and it can't be kept from any date.
    """
    if any(not network.negative_cycle(generous=False) for network in networks):
        return Judged(Certainty.NONE)
    days = range(first.toordinal(), last.toordinal() + 1)
    cycles = tuple(network.negative_cycle(generous=True) for network in networks)
    if all(cycles):
        clashing = (day for day in days if _standing(networks, day) is Standing.CLASHES)
        room = (day for day in days[ROOM:] if _standing(networks, day) is Standing.CLASHES)
        return Judged(Certainty.CERTAIN, cycles, _first(clashing), _first(room))
    return _by_date([network.narrowed() for network in networks], days)


def _by_date(networks: Sequence[Network], days: range) -> Judged:
    found = {day: _standing(networks, day) for day in days}
    failing = [day for day, standing in found.items() if standing is Standing.CLASHES]
    tried = sum(standing is not Standing.OUTSIDE for standing in found.values())
    if not failing:
        certainty = Certainty.NONE if tried else Certainty.UNDECIDED
        return Judged(certainty, tried=tried, by_date=True)
    certainty = Certainty.CERTAIN if len(failing) == tried else Certainty.POSSIBLE
    return Judged(
        certainty=certainty,
        conflicts=tuple(network.core(failing[0]) for network in networks),
        on=_first(failing),
        later=_first(day for day in failing if day >= days.start + ROOM),
        failing=len(failing),
        tried=tried,
        by_date=True,
    )


def _first(days: Iterable[int]) -> dt.date | None:
    found = next(iter(days), None)
    return None if found is None else dt.date.fromordinal(found)


def _standing(networks: Sequence[Network], day: int) -> Standing:
    """Return whether one of the networks fits on a day, or all clash, or it can't be told."""
    standings = set()
    for network in networks:
        standing = network.on(day).standing
        if standing is Standing.FITS:
            return standing
        standings.add(standing)
    return Standing.OUTSIDE if Standing.OUTSIDE in standings else Standing.CLASHES


@attrs.frozen
class Squeezed:
    """A point that has to be later than it may be.

    Attributes:
        earliest: the first day on which it can be.
        latest: the last day on which it may be.
    """

    earliest: dt.date
    latest: dt.date


def squeezed(origin: Point, conflict: Sequence[Bound], on: dt.date) -> Squeezed | None:
    """Return the days between which a conflict squeezes a point, counted from a start date.

    ``None`` where what is counted from the opening does not meet in one point.
    """
    waits = tuple(bound for bound in conflict if bound.side is Side.AT_LEAST)
    earliest = Network(origin, waits).on(on.toordinal()).days
    latest = {origin: on.toordinal()}
    limits = [bound for bound in conflict if bound.side is Side.AT_MOST]
    for _ in limits:
        for bound in limits:
            if bound.since in latest:
                day = latest[bound.since]
                end = day if bound.length is None else bound.length.after(day)
                latest[bound.point] = min(end, latest.get(bound.point, end))
    for point, day in earliest.items():
        if point in latest and day > latest[point]:
            return Squeezed(dt.date.fromordinal(day), dt.date.fromordinal(latest[point]))
    return None
