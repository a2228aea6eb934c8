"""Living through a case: what people do next, what they try, what they put off.

A case runs from event to event. The next act is the one with the earliest day; it is recorded if
the law lets it be, else what it lacks is done first. Whatever is drawn is addressed by the act and
by how often it was done, so that the same child does the same under another procedure.
"""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.counting import count_refusal
from cpplan_sim.caseload.drawing import draw
from cpplan_sim.caseload.happening import ask, next_time, record, replan
from cpplan_sim.caseload.judging import attempt, refuse
from cpplan_sim.caseload.keeping_time import delay, wait, working_day
from cpplan_sim.caseload.preparing import ask_again, prepare, put_off

SAYING, LEAVING_OUT = 1, 2
"""Added to an act's purpose for draws beside those on when it happens."""

EARLY = 0.05
"""Share of what is tried at random that is dated before the latest event."""

NEAR = 0.5
"""Share of what is tried at random that a rule of the state may be for."""

ACTS = 4096
"""More than a procedure has acts; a power of two."""

TRIES_APART = 64
"""More than an act is tried before it is given up, so that each try has draws of its own."""

MOST_ACTS = 100_000
"""Acts in a case, tried or put off. More means that a case goes round in a circle."""


@compiled
def live(law, odds, life, counts, seed, closes, logs):
    """Run a case to its last act, or to the last day."""
    for _ in range(MOST_ACTS):
        act, day = next_act(law, life)
        if day > closes or life[c.C_FAULT] != c.NO_FAULT:
            return
        do(law, odds, life, counts, seed, act, day, logs)
    life[c.C_FAULT] = c.TOO_LONG


@compiled
def next_act(law, life):
    """Return the act with the earliest day; of several on one day, the first listed."""
    at = law[c.H_DIARY]
    first = c.NEVER * ACTS
    # Day and number in one: the least of a row is what a processor is quick to find.
    for number in range(law[c.H_DIARY_END] - at):
        first = min(first, life[at + number] * ACTS + number)
    return law[c.H_ACTS] + first % ACTS * c.A_WIDTH, first // ACTS


@compiled
def do(law, odds, life, counts, seed, act, day, logs):
    """Do an act on a day, or put it off, or do something in its stead."""
    plan = law[act + c.A_PLAN]
    life[law[act + c.A_DAY]] = c.NEVER
    life[plan + c.P_ASKED] = c.NEVER
    cause = law[act + c.A_CAUSE]
    if cause == c.AT_RANDOM:
        next_time(law, odds, life, seed, act, day)
        try_anything(law, odds, life, counts, seed, act, day, logs)
        return
    if cause == c.MONTHLY:
        next_time(law, odds, life, seed, act, day)
    saying = what_is_said(law, odds, life, seed, act)
    if saying < 0 or not law[act + c.A_STATES] >> life[c.C_STATE] & 1:
        if cause != c.MONTHLY:
            put_off(law, life, act, day)
        return
    if law[saying + c.S_NEEDS_BIRTH] and life[c.C_BORN] > day:
        ask(law, life, act, working_day(law, life[c.C_BORN]))
        return
    if life[plan + c.P_TRIES] == 0:
        if instead(law, odds, life, counts, seed, act, day, logs):
            return
        leave_out(law, odds, life, counts, seed, act, day, logs)
    named = named_by(law, life, act, day)
    move = attempt(law, life, saying, day, named)
    if move >= 0:
        life[plan + c.P_DONE] += 1
        life[plan + c.P_TRIES] = 0
        record(law, odds, life, counts, seed, saying, move, day, named, logs)
        done(law, odds, life, seed, act, day)
    else:
        lacking(law, odds, life, counts, seed, act, saying, day, named, logs)


@compiled
def lacking(law, odds, life, counts, seed, act, saying, day, named, logs):
    """Try all the same, or not, what is not ready; then see to what it lacks."""
    plan = law[act + c.A_PLAN]
    number = life[plan + c.P_TRIES] + TRIES_APART * life[plan + c.P_DONE]
    hasty, slow, _, _ = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE] + SAYING, number)
    if hasty < odds[c.F_TOO_EARLY]:
        refuse(law, life, saying, day, named)
        count_refusal(law, life, counts, saying, day, named, logs)
    prepare(law, odds, life, act, saying, day, named, slow)


@compiled
def what_is_said(law, odds, life, seed, act):
    """Return the saying for an act as the case stands; ``NONE`` if there is none."""
    variant, number = 0, law[act + c.A_VARIANTS_N]
    if law[act + c.A_BIRTH] > 0 and life[c.C_UNBORN] > 0:
        variant = law[act + c.A_BIRTH] + life[c.C_UNBORN] - 1
    elif number > 0:
        plan = law[act + c.A_PLAN]
        tried = life[plan + c.P_TRIES] + TRIES_APART * life[plan + c.P_DONE]
        chance = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE] + SAYING, tried)[2]
        at = law[act + c.A_VARIANTS]
        for entry in range(number):
            if chance < odds[at + entry]:
                variant = entry + 1
                break
    return law[law[act + c.A_SAYS] + variant * law[c.H_STATES] + life[c.C_STATE]]


@compiled
def instead(law, odds, life, counts, seed, act, day, logs):
    """Do what sometimes comes of an act in its stead, as a visit that fails; tell if it did."""
    at = law[act + c.A_INSTEAD]
    for entry in range(at, at + law[act + c.A_INSTEAD_N]):
        other = law[entry]
        saying = law[law[other + c.A_SAYS] + life[c.C_STATE]]
        if saying < 0 or not law[other + c.A_STATES] >> life[c.C_STATE] & 1:
            continue
        seen = law[other + c.A_PLAN] + c.P_SEEN
        number = life[seen]
        life[seen] = number + 1
        chance, how_long, _, _ = draw(seed, life[c.C_CASE], law[other + c.A_PURPOSE], number)
        if chance >= odds[law[other + c.A_CHANCE]]:
            continue
        move = attempt(law, life, saying, day, day)
        if move >= 0:
            record(law, odds, life, counts, seed, saying, move, day, day, logs)
            later = max(day + 1, delay(law, odds, other, day, how_long))
            ask_again(law, life, act, day, working_day(law, later))
            return True
    return False


@compiled
def leave_out(law, odds, life, counts, seed, act, day, logs):
    """Sometimes somebody first records it without something that is asked for."""
    place = law[act + c.A_SPOILT] + 2 * life[c.C_STATE]
    number = law[place + 1]
    if number == 0:
        return
    purpose = law[act + c.A_PURPOSE] + LEAVING_OUT
    times = life[law[act + c.A_PLAN] + c.P_DONE]
    chance, which, _, _ = draw(seed, life[c.C_CASE], purpose, times)
    if chance < odds[c.F_LEFT_OUT]:
        saying = law[law[place] + int(which * number)]
        trial(law, odds, life, counts, seed, saying, day, logs)


@compiled
def try_anything(law, odds, life, counts, seed, act, day, logs):
    """Try to record anything at all, at times before what was recorded last."""
    number = life[law[act + c.A_PLAN] + c.P_SEEN]
    purpose = law[act + c.A_PURPOSE] + SAYING
    which, early, near, ending = draw(seed, life[c.C_CASE], purpose, number)
    here = law[c.H_HERE] + 2 * life[c.C_STATE]
    if near < NEAR and law[here + 1] > 0:
        saying = law[law[here] + int(which * law[here + 1])]
    else:
        saying = law[c.H_SAYS] + int(which * law[c.H_SAYINGS]) * law[c.H_SAYS_WIDTH]
    on = life[c.C_LAST] - 1 if early < EARLY and life[c.C_EVENTS] > 0 else day
    move = attempt(law, life, saying, on, on)
    ends = move >= 0 and law[move + c.M_ENDS] and life[c.C_ENDED] == 0
    if ends and ending >= odds[c.F_ENDING]:
        return
    trial(law, odds, life, counts, seed, saying, on, logs)


@compiled
def trial(law, odds, life, counts, seed, saying, day, logs):
    """Try to record something that need not be allowed."""
    if law[saying + c.S_NEEDS_BIRTH] and life[c.C_BORN] > day:
        return
    move = attempt(law, life, saying, day, day)
    if move >= 0:
        record(law, odds, life, counts, seed, saying, move, day, day, logs)
    else:
        refuse(law, life, saying, day, day)
        count_refusal(law, life, counts, saying, day, day, logs)


@compiled
def named_by(law, life, act, day):
    """Return the day that an act names: that of the meeting that the first planned duty is for."""
    at = law[act + c.A_DUTIES]
    named, first = day, c.NEVER
    for entry in range(at, at + law[act + c.A_DUTIES_N]):
        one = life[law[law[entry] + c.D_OWED] + c.W_HEAD]
        while one >= 0:
            if life[one + c.O_PLANNED] < first and life[one + c.O_ANCHOR] >= 0:
                first, named = life[one + c.O_PLANNED], life[one + c.O_ANCHOR]
            one = life[one + c.O_NEXT]
    return named


@compiled
def done(law, odds, life, seed, act, day):
    """Plan again what an act was to meet and did not."""
    at = law[act + c.A_DUTIES]
    for entry in range(at, at + law[act + c.A_DUTIES_N]):
        duty = law[entry]
        one = life[law[duty + c.D_OWED] + c.W_HEAD]
        while one >= 0:
            if life[one + c.O_PLANNED] <= day:
                times = life[law[act + c.A_PLAN] + c.P_DONE]
                chance = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE], times)[1]
                table = int(odds[law[duty + c.D_KEEPING] + c.K_UNSTATED])
                later = working_day(law, day + 1 + wait(odds, table, chance))
                life[one + c.O_PLANNED] = later
            one = life[one + c.O_NEXT]
    replan(law, life, act)
