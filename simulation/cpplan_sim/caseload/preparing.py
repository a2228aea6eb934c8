"""Preparing: what an act lacks is asked of others, and the act is put off until it is there."""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.happening import ask, replan
from cpplan_sim.caseload.judging import applies, last_day, meets, reached_by
from cpplan_sim.caseload.keeping_time import working_day

TRIES = 40
"""How often an act is put off before it is given up."""


@compiled
def put_off(law, life, act, day):
    """Put an act off by a day, and give it up in the end."""
    again_on(law, life, act, day, working_day(law, day + 1))


@compiled
def again_on(law, life, act, day, later):
    """Try an act again on a later day, but for one that was tried too often."""
    tries = law[act + c.A_PLAN] + c.P_TRIES
    life[tries] += 1
    if life[tries] > TRIES:
        life[tries] = 0
        later = c.NEVER
    ask_again(law, life, act, day, later)


@compiled
def ask_again(law, life, act, day, later):
    """Put off what an act was to do by a day, for each obligation that it was to meet."""
    at = law[act + c.A_DUTIES]
    for entry in range(at, at + law[act + c.A_DUTIES_N]):
        one = life[law[law[entry] + c.D_OWED] + c.W_HEAD]
        while one >= 0:
            if life[one + c.O_PLANNED] <= day:
                life[one + c.O_PLANNED] = later
            one = life[one + c.O_NEXT]
    if later < c.NEVER:
        ask(law, life, act, later)
    replan(law, life, act)


@compiled
def prepare(law, odds, life, act, saying, day, named, slow):
    """Ask for what an act lacks, and try it again after; give up what nothing can mend."""
    least, most = odds[c.F_PREPARE_LEAST], odds[c.F_PREPARE_MOST]
    ready = working_day(law, day + max(1, int(least + slow * (most - least + 1))))
    place = saying + c.S_PLACE + c.S_PER_STATE * life[c.C_STATE]
    move = law[place]
    reached = reached_by(law, life, saying)
    again, routed = c.NEVER, False
    for _ in range(law[place + 1]):
        if applies(law, life, move, reached):
            routed = True
            need = law[move + c.M_NEEDS]
            for _ in range(law[move + c.M_NEEDS_N]):
                if not meets(law, life, need, day, named, reached):
                    again = min(again, mend(law, life, act, need, ready))
                need += c.N_WIDTH
        move += c.M_WIDTH
    again_on(law, life, act, day, again if routed else working_day(law, day + 1))


@compiled
def mend(law, life, act, need, ready):
    """Ask for what one need lacks; return the day on which to try again."""
    if law[need + c.N_KIND] != c.ANY:
        return mend_one(law, life, act, need, ready)
    inner = law[need + c.N_A]
    for _ in range(law[need + c.N_B]):
        again = mend_one(law, life, act, inner, ready)
        if again < c.NEVER:
            return again
        inner += c.N_WIDTH
    return c.NEVER


@compiled
def mend_one(law, life, act, need, ready):
    """Ask for the act that takes or undoes a step, or wait for a day."""
    kind, what = law[need + c.N_KIND], law[need + c.N_A]
    if kind == c.EARLIEST and life[what] != 0:
        last = last_day(law, life, law[need + c.N_B], life[what])
        return working_day(law, last + law[need + c.N_C])
    if kind in (c.STEP, c.EARLIEST):
        table = law[c.H_SETTER]
    elif kind == c.NO_STEP:
        table = law[c.H_CLEARER]
    else:
        return c.NEVER
    other = law[table + life[c.C_STATE] * law[c.H_STEPS] + what - c.C_WIDTH]
    if other < 0 or other == act:
        return c.NEVER
    ask(law, life, other, ready)
    return working_day(law, life[law[other + c.A_DAY]] + 1)
