"""When people do things: how a duty is kept, how long something takes, when it happens next.

Nothing here needs a logarithm, whose last digit may differ from machine to machine: a wait is
looked up in a table of chances, and the part of its time that a duty takes is spread evenly.
"""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.drawing import draw

LONGEST_WAIT = 2048
"""Days that a wait can last. What would last longer does not come: no run is as long."""


@compiled
def plan_for(law, odds, life, seed, duty, day, due):
    """Return the day on which an obligation that opens on ``day`` will be done.

    In time: spread evenly over a part of the time that it has. Late: by a geometric number of days.
    What is never done and recurs is left out once; else the day does not come.
    """
    act = law[duty + c.D_ACT]
    if act < 0:
        return c.NEVER
    owed, keeping = law[duty + c.D_OWED], law[duty + c.D_KEEPING]
    number = life[owed + c.W_OPENED]
    life[owed + c.W_OPENED] = number + 1
    late, how_late, part, never = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE], number)
    if due < 0:
        if never < odds[keeping + c.K_NEVER]:
            return c.NEVER
        return working_day(law, day + wait(odds, int(odds[keeping + c.K_UNSTATED]), how_late))
    if never < odds[keeping + c.K_NEVER]:
        return due + max(1, due - day) if law[duty + c.D_RECURS] else c.NEVER
    if late >= odds[keeping + c.K_ON_TIME]:
        waited = wait(odds, int(odds[keeping + c.K_LATE]), how_late)
        return working_day(law, max(day, due) + 1 + waited)
    least, most = odds[keeping + c.K_FROM], odds[keeping + c.K_TO]
    planned = day + int((least + (most - least) * part) * max(0, due - day))
    if planned >= law[c.H_LAST_DAY]:
        return c.NEVER
    before = law[law[c.H_DAYS] + planned * c.Y_WIDTH + c.Y_BEFORE]
    return before if before > day else planned


@compiled
def wait(odds, table, chance):
    """Return a geometric number of days: the most for which the chance to wait is above a draw."""
    low, high = 0, LONGEST_WAIT
    while high - low > 1:
        middle = (low + high) // 2
        if odds[table + middle] > chance:
            low = middle
        else:
            high = middle
    return low


@compiled
def delay(law, odds, act, day, chance):
    """Return the day on which an act is done that follows something of ``day``."""
    table = law[act + c.A_WAIT]
    if table >= 0:
        return working_day(law, day + wait(odds, table, chance))
    least, most = law[act + c.A_LEAST], law[act + c.A_MOST]
    if most == 0:
        return day
    return working_day(law, day + least + int(chance * (most - least + 1)))


@compiled
def working_day(law, day):
    """Return the day if it is a working day, else the next one; what lies past them never comes."""
    if day >= law[c.H_LAST_DAY]:
        return c.NEVER
    after = law[law[c.H_DAYS] + day * c.Y_WIDTH + c.Y_NEXT]
    return after if after >= 0 else day
