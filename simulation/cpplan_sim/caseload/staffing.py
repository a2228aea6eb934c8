"""Staffing: what a team of each size keeps up with, and from which size more staff bring little.

Holds the curve and its knee. It must not simulate a team.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from cpplan_sim.caseload.intervals import Estimate, Z


@attrs.frozen(kw_only=True)
class StaffFinding:
    """What a team of one size comes to.

    Attributes:
        staff: social workers.
        share: of what was decided, the share done on time.
        days_late: calendar days late, on average, of what was done late.
        backlog: what is overdue on the last day.
    """

    staff: int
    share: Estimate
    days_late: float
    backlog: float


def knee(curve: Sequence[StaffFinding]) -> StaffFinding | None:
    """Return from which size of team more staff bring less than they do on average.

    The knee is where the curve of the share on time lies furthest above the straight line from its
    smallest team to its largest. That is the offline form of Kneedle, with no smoothing, since a
    curve has few points here and each has its interval. A curve has a knee only if it lies further
    above the line than chance alone could put it: teams that keep everything or nothing in time,
    or gain the same by each worker, have none.

    It depends on which sizes were tried: a much larger largest team moves it.

    Source: V. Satopaa, J. Albrecht, D. Irwin and B. Raghavan, Finding a "Kneedle" in a haystack:
    detecting knee points in system behavior, 31st International Conference on Distributed
    Computing Systems Workshops (2011), 166-171. It takes time linear in the number of sizes, once
    they are in order.

    Args:
        curve: teams of different sizes, in any order.

    Returns:
        The team at the knee; ``None`` if there is none that this run could show.
    """
    teams = sorted(curve, key=lambda team: team.staff)
    if len({team.staff for team in teams}) < 3:
        return None
    first, last = teams[0], teams[-1]
    # Of two as high, max takes the first: the smaller team.
    best = max(teams, key=lambda team: _above(team, first, last))
    return best if _above(best, first, last) > _noise(best, first, last) else None


def _place(team: StaffFinding, first: StaffFinding, last: StaffFinding) -> float:
    return (team.staff - first.staff) / (last.staff - first.staff)


def _above(team: StaffFinding, first: StaffFinding, last: StaffFinding) -> float:
    """Return how far a team lies above the line; below it if the curve falls as a whole."""
    rise = last.share.value - first.share.value
    line = first.share.value + rise * _place(team, first, last)
    return team.share.value - line if rise > 0 else 0.0


def _noise(team: StaffFinding, first: StaffFinding, last: StaffFinding) -> float:
    """Return how far chance alone could put a team above the line."""
    place = _place(team, first, last)
    line = math.hypot((1 - place) * first.share.error, place * last.share.error)
    return Z * math.hypot(team.share.error, line)
