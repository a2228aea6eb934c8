"""What is owed: obligations opened, met, missed and ended by what is recorded.

The kernel's ledger in tables (:mod:`cpplan.obligations`), one event at a time instead of a history
at once. Held against it, obligation by obligation, in :mod:`cpplan_sim.caseload.replaying`.
"""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.judging import last_day, told_day
from cpplan_sim.caseload.keeping_time import plan_for


@compiled
def take(law, odds, life, seed, move, day, named):
    """Read one recorded event: what it meets, counts, ends, agrees and opens, duty by duty."""
    number = life[c.C_EVENTS] - 1
    effect = law[move + c.M_EFFECTS]
    for _ in range(law[move + c.M_EFFECTS_N]):
        duty = law[effect + c.E_DUTY]
        if law[effect + c.E_MEETS]:
            meet(law, odds, life, seed, duty, number, day, named, law[effect + c.E_NAMES])
        elif law[effect + c.E_DUE_AT]:
            reach(law, odds, life, seed, duty, number, day)
        if law[effect + c.E_UNTIL]:
            end(law, life, duty, number, day)
        if law[effect + c.E_AGREES] >= 0:
            agree(law, life, duty, law[effect + c.E_AGREES], day)
        start(law, odds, life, seed, effect, number, day, named)
        effect += c.E_WIDTH
    if law[move + c.M_ENDS]:
        on = day + law[move + c.M_IN_EFFECT]
        for duty in range(law[c.H_DUTIES], law[c.H_DUTIES_END], c.D_WIDTH):
            if not law[duty + c.D_OUTLIVES]:
                end(law, life, duty, number, on)


@compiled
def meet(law, odds, life, seed, duty, number, day, named, names):
    """Close the obligation that an event is for: the one that it names, else the oldest."""
    owed = law[duty + c.D_OWED]
    one = life[owed + c.W_HEAD]
    if names:
        while one >= 0 and life[one + c.O_ANCHOR] != named:
            one = life[one + c.O_NEXT]
    if one < 0:
        if law[duty + c.D_EARLIER]:
            life[owed + c.W_EARLY] = 1
        return
    unlink(life, owed, one)
    close(law, life, one, number, day, c.MET_LATE, c.MET)
    if law[duty + c.D_RECURS]:
        open_one(law, odds, life, seed, duty, number, day, day)


@compiled
def reach(law, odds, life, seed, duty, number, day):
    """Count an event by which a duty has to have been done, and miss it at the last."""
    owed = law[duty + c.D_OWED]
    one, tail = life[owed + c.W_HEAD], life[owed + c.W_TAIL]
    while one >= 0:
        after = life[one + c.O_NEXT]
        life[one + c.O_COUNT] += 1
        if life[one + c.O_COUNT] >= law[duty + c.D_ALLOWED]:
            unlink(life, owed, one)
            shut(life, one, number, day, c.MISSED)
            if law[duty + c.D_RECURS]:
                open_one(law, odds, life, seed, duty, number, day, day)
        if one == tail:
            return
        one = after


@compiled
def end(law, life, duty, number, day):
    """Close what is owed no more; what the same event opened again was never owed."""
    owed = law[duty + c.D_OWED]
    one = life[owed + c.W_HEAD]
    while one >= 0:
        if law[duty + c.D_RECURS] and life[one + c.O_OPENED_BY] == number:
            shut(life, one, number, day, c.DROPPED)
        else:
            close(law, life, one, number, day, c.MISSED, c.LAPSED)
        one = life[one + c.O_NEXT]
    life[owed + c.W_HEAD] = c.NONE
    life[owed + c.W_TAIL] = c.NONE


@compiled
def agree(law, life, duty, period, day):
    """Give open obligations the day that a new figure gives, unless they are overdue already."""
    owed = law[duty + c.D_OWED]
    life[owed + c.W_TABLE] = period
    one = life[owed + c.W_HEAD]
    while one >= 0:
        anchor, due = life[one + c.O_ANCHOR], life[one + c.O_DUE]
        if anchor >= 0 and (due < 0 or day <= due):
            life[one + c.O_DUE] = max(last_day(law, life, period, anchor), day)
        one = life[one + c.O_NEXT]


@compiled
def start(law, odds, life, seed, effect, number, day, named):
    """Open a duty, or expect it where its anchor may not be recorded."""
    duty, mode = law[effect + c.E_DUTY], law[effect + c.E_OPENS]
    if mode != c.ABSENT:
        anchor = told_day(mode, law[effect + c.E_OPENS_BY], day, life[c.C_BORN], named)
        open_from(law, odds, life, seed, duty, number, day, anchor)
    elif law[effect + c.E_EXPECTED] and life[law[duty + c.D_OWED] + c.W_HEAD] < 0:
        open_one(law, odds, life, seed, duty, number, day, c.NONE)


@compiled
def open_from(law, odds, life, seed, duty, number, day, anchor):
    """Open a duty, in place of one whose anchor was not known till now."""
    owed = law[duty + c.D_OWED]
    one = life[owed + c.W_HEAD]
    while one >= 0:
        after = life[one + c.O_NEXT]
        if life[one + c.O_ANCHOR] < 0:
            unlink(life, owed, one)
            shut(life, one, number, day, c.DROPPED)
        one = after
    if not (law[duty + c.D_RECURS] and life[owed + c.W_HEAD] >= 0):
        open_one(law, odds, life, seed, duty, number, day, anchor)


@compiled
def open_one(law, odds, life, seed, duty, number, day, anchor):
    """Open one obligation, and plan when it will be done."""
    one = law[c.H_OBLIGATIONS] + life[c.C_OBLIGATIONS] * c.O_WIDTH
    if one >= law[c.H_OBLIGATIONS_END]:
        life[c.C_FAULT] = c.TOO_MUCH
        return
    life[c.C_OBLIGATIONS] += 1
    owed = law[duty + c.D_OWED]
    period = life[owed + c.W_TABLE]
    due = c.NONE
    if anchor >= 0 and period >= 0:
        due = last_day(law, life, period, anchor)
    life[one + c.O_DUTY] = duty
    life[one + c.O_ANCHOR] = anchor
    life[one + c.O_DUE] = due
    life[one + c.O_OPENED_BY] = number
    life[one + c.O_OPENED_ON] = day
    life[one + c.O_CLOSED_BY] = c.NONE
    life[one + c.O_CLOSED_ON] = c.NONE
    life[one + c.O_OUTCOME] = c.OPEN
    life[one + c.O_COUNT] = 0
    life[one + c.O_NEXT] = c.NONE
    life[one + c.O_PLANNED] = c.NEVER
    if life[owed + c.W_EARLY]:
        life[owed + c.W_EARLY] = 0
        shut(life, one, number, day, c.MET)
        return
    tail = life[owed + c.W_TAIL]
    if tail >= 0:
        life[tail + c.O_NEXT] = one
    else:
        life[owed + c.W_HEAD] = one
    life[owed + c.W_TAIL] = one
    # Whose time has no beginning yet waits for it.
    if anchor >= 0:
        life[one + c.O_PLANNED] = plan_for(law, odds, life, seed, duty, day, due)


@compiled
def close(law, life, one, number, day, late, in_time):
    """Close an obligation by the day: late, in time, or by a day that nobody knows."""
    due = life[one + c.O_DUE]
    unchosen = due < 0 and law[life[one + c.O_DUTY] + c.D_UNCHOSEN]
    if life[one + c.O_ANCHOR] < 0 or unchosen:
        shut(life, one, number, day, c.UNDECIDABLE)
    elif due >= 0 and day > due:
        shut(life, one, number, day, late)
    else:
        shut(life, one, number, day, in_time)


@compiled
def shut(life, one, number, day, outcome):
    """Give an obligation its outcome."""
    life[one + c.O_CLOSED_BY] = number
    life[one + c.O_CLOSED_ON] = day
    life[one + c.O_OUTCOME] = outcome


@compiled
def unlink(life, owed, one):
    """Take an obligation out of those that a duty has open."""
    before, found = c.NONE, life[owed + c.W_HEAD]
    while found != one:
        before, found = found, life[found + c.O_NEXT]
    after = life[one + c.O_NEXT]
    if before < 0:
        life[owed + c.W_HEAD] = after
    else:
        life[before + c.O_NEXT] = after
    if after < 0:
        life[owed + c.W_TAIL] = before
