"""What a team has, what it keeps of its cases, and what is counted of teams: the columns.

As in :mod:`cpplan_sim.caseload.columns`, what a compiled function reads is a row of whole numbers,
and each place in the row has a name here.
"""

from __future__ import annotations

MOST_STAFF = 64
"""Workers that a team can have: their draws are numbered by day and worker."""

WHOLE = 1000
"""Slots are counted in thousandths, so that 1.5 a day is three in two days, exactly."""

WAITS = 90
"""Working days waited that are told apart; more is counted with the last."""

MOST_OVERDUE, HIGHEST_RISK, NEWEST = range(3)
"""Who is seen first, as in :class:`cpplan_sim.caseload.profile_parts.First`."""

# What a team is, and what it has left of a day. From G_MADE on by class: G_MADE + c.VISIT.
G_NUMBER, G_STAFF, G_RULE, G_LIMITED, G_FROM, G_OPENS, G_CLOSES, G_AWAKE, G_MADE = range(9)
G_LEFT = G_MADE + 3
G_SLOTS = G_LEFT + 3
G_WIDTH = G_SLOTS + 3

# What a team keeps of a case: the act that asks for a slot, whether it is given one, its rank; the
# day of the next act; acts done. From D_ACTS on, for each act, the day that it first asked and the
# day that it was put off to.
D_ASKS, D_GIVEN, D_RANK, D_WAKES, D_DONE, D_ACTS = range(6)

# What is counted of teams, first sums over them, from the first day that is measured.
(
    T_TEAMS,
    T_KEPT_2,
    T_DECIDED_2,
    T_BOTH,
    T_KEPT,
    T_DECIDED,
    T_LATE,
    T_DAYS_LATE,
    T_OVERDUE,
    T_DAYS,
    T_OUT_OF_HOURS,
    T_OFFERED,
) = range(12)
T_USED = T_OFFERED + 3
T_DONE = T_USED + 3
T_BACKLOG = T_DONE + 3
T_WAITS = T_BACKLOG + 3
T_WIDTH = T_WAITS + 3 * (WAITS + 1)
"""From ``T_OFFERED`` on by class; ``T_WAITS + kind * (WAITS + 1)`` begins a row by days."""
