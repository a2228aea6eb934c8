"""Judging what is recorded: which rule applies, what it needs, what it changes.

The kernel's engine in tables (:mod:`cpplan.engine`, :mod:`cpplan.refusals`), for one saying on one
day. Every function runs compiled and, slowly, as it stands. Held against the kernel, decision by
decision, in :mod:`cpplan_sim.caseload.replaying`.
"""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled

BEFORE_LAST = 0
"""The number of the code of an event dated before the latest."""


@compiled
def attempt(law, life, saying, day, named):
    """Return the move that a saying takes on a day; ``NONE`` if it is refused."""
    if life[c.C_EVENTS] > 0 and day < life[c.C_LAST]:
        return c.NONE
    place = saying + c.S_PLACE + c.S_PER_STATE * life[c.C_STATE]
    move = law[place]
    reached = reached_by(law, life, saying)
    for _ in range(law[place + 1]):
        if applies(law, life, move, reached) and permits(law, life, move, day, named, reached):
            return move
        move += c.M_WIDTH
    return c.NONE


@compiled
def refuse(law, life, saying, day, named):
    """Note the codes of every reason against a saying, in the kernel's order."""
    life[c.C_CODES] = 0
    if life[c.C_EVENTS] > 0 and day < life[c.C_LAST]:
        give_code(law, life, BEFORE_LAST)
    reached = reached_by(law, life, saying)
    place = saying + c.S_PLACE + c.S_PER_STATE * life[c.C_STATE]
    move = law[place]
    routed = False
    for _ in range(law[place + 1]):
        if applies(law, life, move, reached):
            routed = True
            need = law[move + c.M_NEEDS]
            for _ in range(law[move + c.M_NEEDS_N]):
                if not meets(law, life, need, day, named, reached):
                    give_code(law, life, law[need + c.N_CODE])
                need += c.N_WIDTH
        move += c.M_WIDTH
    if not routed:
        give_code(law, life, law[place + 2])


@compiled
def give_code(law, life, code):
    """Note a reason of a refusal."""
    at = law[c.H_CODES] + life[c.C_CODES]
    if at >= law[c.H_DIARY]:
        life[c.C_FAULT] = c.TOO_MUCH
        return
    life[at] = code
    life[c.C_CODES] += 1


@compiled
def reached_by(law, life, saying):
    """Return the step that a count reaches with this saying; ``NONE`` if none does."""
    entry = law[saying + c.S_TALLIES]
    reached = c.NONE
    for _ in range(law[saying + c.S_TALLIES_N]):
        tally, counts, slot = law[entry], law[entry + 1], law[entry + 2]
        if counts and life[slot] + 1 >= law[tally + 1]:
            reached = law[tally]
        entry += 3
    return reached


@compiled
def applies(law, life, move, reached):
    """Return whether a move is the one for the steps that stand."""
    at = law[move + c.M_GIVEN]
    for entry in range(at, at + law[move + c.M_GIVEN_N]):
        if life[law[entry]] == 0 and law[entry] != reached:
            return False
    at = law[move + c.M_NONE]
    for entry in range(at, at + law[move + c.M_NONE_N]):
        if life[law[entry]] != 0 or law[entry] == reached:
            return False
    number = law[move + c.M_ANY_N]
    at = law[move + c.M_ANY]
    for entry in range(at, at + number):
        if life[law[entry]] != 0 or law[entry] == reached:
            return True
    return number == 0


@compiled
def permits(law, life, move, day, named, reached):
    """Return whether all that a move needs holds."""
    need = law[move + c.M_NEEDS]
    for _ in range(law[move + c.M_NEEDS_N]):
        if not meets(law, life, need, day, named, reached):
            return False
        need += c.N_WIDTH
    return True


@compiled
def meets(law, life, need, day, named, reached):
    """Return whether one need holds, alone or as one of several of which one is enough."""
    if law[need + c.N_KIND] != c.ANY:
        return meets_one(law, life, need, day, named, reached)
    inner = law[need + c.N_A]
    for _ in range(law[need + c.N_B]):
        if meets_one(law, life, inner, day, named, reached):
            return True
        inner += c.N_WIDTH
    return False


@compiled
def meets_one(law, life, need, day, named, reached):
    """Return whether a need holds that is not made of others."""
    kind = law[need + c.N_KIND]
    if kind <= c.TRUE:
        return kind == c.TRUE
    what = law[need + c.N_A]
    if kind == c.COVERS:
        earlier = life[what]
        return earlier >= 0 and law[law[need + c.N_B] + law[earlier + c.S_NUMBER]] == 1
    anchor = day if what == reached else life[what]
    if kind == c.STEP:
        return anchor != 0
    if kind == c.NO_STEP:
        return anchor == 0
    if anchor == 0:
        return False
    limit = last_day(law, life, law[need + c.N_B], anchor)
    if kind == c.EARLIEST:
        return day >= limit + law[need + c.N_C]
    at = law[need + c.N_C]
    return told_day(law[at], law[at + 1], day, life[c.C_BORN], named) <= limit


@compiled
def last_day(law, life, period, day):
    """Return the last day of a period counted from a day; a fault where that is not known."""
    if day < law[period + c.T_FIRST] or day >= law[period + c.T_END]:
        life[c.C_FAULT] = c.OUTSIDE
        return c.NONE
    last = law[period + c.T_DAYS + day - law[period + c.T_FIRST]]
    if last < 0:
        life[c.C_FAULT] = c.OUTSIDE
    return last


@compiled
def told_day(mode, offset, day, born, named):
    """Return a day that an event gives, by how it is found."""
    if mode == c.ON:
        return day + offset
    if mode == c.BIRTH:
        return born
    return named


@compiled
def change(law, life, saying, move, day, named):
    """Take the move: its steps, its state, and what the tallies count."""
    at = law[move + c.M_CLEARS]
    for entry in range(at, at + law[move + c.M_CLEARS_N]):
        life[law[entry]] = 0
    entry = law[move + c.M_SETS]
    for _ in range(law[move + c.M_SETS_N]):
        mode, offset = law[entry + 1], law[entry + 2]
        if mode != c.ABSENT:
            life[law[entry]] = told_day(mode, offset, day, life[c.C_BORN], named)
        entry += 3
    entry = law[saying + c.S_TALLIES]
    for _ in range(law[saying + c.S_TALLIES_N]):
        slot = law[entry + 2]
        life[slot] = life[slot] + 1 if law[entry + 1] else 0
        entry += 3
    life[law[saying + c.S_SAID]] = saying
    life[c.C_STATE] = law[move + c.M_TARGET]
    life[c.C_LAST] = day
    life[c.C_EVENTS] += 1
