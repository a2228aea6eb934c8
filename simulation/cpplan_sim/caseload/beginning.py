"""The beginning of a case: who the child is, when it opens, and what may happen by itself."""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.drawing import draw
from cpplan_sim.caseload.happening import follow, next_time
from cpplan_sim.caseload.judging import last_day
from cpplan_sim.caseload.keeping_time import delay, working_day

CHILD = 1
"""The purpose of the draws about the child."""

NOT_RECORDED, UNBORN = 1, 2
"""Why a conference records no date of birth."""

SOONEST_BORN, LATEST_BORN = 14, 164
"""Days from the opening of a case to the birth of a child not yet born; ours."""


@compiled
def begin(law, odds, life, seed, case, opens, span):
    """Begin a case."""
    clear(law, life)
    life[c.C_CASE] = case
    opened = draw(seed, case, CHILD, 1)[3]
    day = working_day(law, opens + int(opened * span))
    life[c.C_OPENED] = day
    life[c.C_LAST] = day
    life[c.C_SINCE] = day
    meet_child(law, odds, life, seed, case, day)
    for act in range(law[c.H_ACTS], law[c.H_ACTS_END], c.A_WIDTH):
        cause = law[act + c.A_CAUSE]
        if cause == c.MONTHLY or cause == c.AT_RANDOM:
            next_time(law, odds, life, seed, act, day)
        elif cause == c.AGE:
            wait_for_birthday(law, odds, life, seed, act, day)
    at = law[c.H_BEGINS]
    for entry in range(at, at + law[c.H_BEGINS_N]):
        follow(law, odds, life, seed, law[entry], day)


@compiled
def clear(law, life):
    """Forget the case before."""
    for entry in range(law[c.H_SAID]):
        life[entry] = 0
    for entry in range(law[c.H_SAID], law[c.H_CODES]):
        life[entry] = c.NONE
    for entry in range(law[c.H_DIARY], law[c.H_DIARY_END]):
        life[entry] = c.NEVER
    for duty in range(law[c.H_DUTIES], law[c.H_DUTIES_END], c.D_WIDTH):
        owed = law[duty + c.D_OWED]
        life[owed + c.W_HEAD] = c.NONE
        life[owed + c.W_TAIL] = c.NONE
        life[owed + c.W_TABLE] = law[duty + c.D_TABLE]
    for act in range(law[c.H_ACTS], law[c.H_ACTS_END], c.A_WIDTH):
        life[law[act + c.A_PLAN] + c.P_ASKED] = c.NEVER


@compiled
def meet_child(law, odds, life, seed, case, day):
    """Draw who the child is."""
    band, within, category, siblings = draw(seed, case, CHILD, 0)
    second, unborn, recorded, _ = draw(seed, case, CHILD, 1)
    row = law[c.H_AGES] + 3 * chosen(odds, law[c.H_AGES], law[c.H_AGES_N], 3, band)
    years = odds[row + 1] + within * (odds[row + 2] - odds[row + 1])
    life[c.C_BORN] = day - 1 - int(years * 365.25)
    life[c.C_CATEGORY] = chosen(odds, law[c.H_CATEGORIES], law[c.H_CATEGORIES_N], 1, category)
    life[c.C_SIBLINGS] = 1 + chosen(odds, law[c.H_SIBLINGS], law[c.H_SIBLINGS_N], 1, siblings)
    life[c.C_SECOND] = 1 if second < odds[c.F_EARLIER_PLAN] else 0
    if recorded >= odds[c.F_BIRTH_RECORDED]:
        life[c.C_UNBORN] = NOT_RECORDED
    if unborn < odds[c.F_UNBORN]:
        life[c.C_UNBORN] = UNBORN
        life[c.C_BORN] = day + SOONEST_BORN + int(within * (LATEST_BORN - SOONEST_BORN))


@compiled
def chosen(odds, at, number, width, chance):
    """Return which of several shares, summed up, a draw falls in."""
    for entry in range(number):
        if chance < odds[at + entry * width]:
            return entry
    return number - 1


@compiled
def wait_for_birthday(law, odds, life, seed, act, day):
    """Plan what follows a birthday that is still to come."""
    reached = last_day(law, life, law[act + c.A_AGE], life[c.C_BORN])
    chance, how_long, _, _ = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE], 0)
    if reached >= day and chance < odds[law[act + c.A_CHANCE]]:
        planned = delay(law, odds, act, reached, how_long)
        life[law[act + c.A_DAY]] = working_day(law, planned)
