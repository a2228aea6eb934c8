"""What comes of what is recorded: the state moves on, duties open, other things follow."""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled
from cpplan_sim.caseload.counting import count_event, count_state, log
from cpplan_sim.caseload.drawing import draw
from cpplan_sim.caseload.judging import change
from cpplan_sim.caseload.keeping_time import LONGEST_WAIT, delay, wait, working_day
from cpplan_sim.caseload.owing import take

AFTER_THE_END = 60
"""Days after the end in which something may still be tried at random; ours."""


@compiled
def record(law, odds, life, counts, seed, saying, move, day, named, logs):
    """Record what was accepted, and plan what comes of it."""
    before = life[c.C_STATE]
    if logs:
        log(law, life, saying, day, named, law[move + c.M_EDGE])
    change(law, life, saying, move, day, named)
    take(law, odds, life, seed, move, day, named)
    count_event(law, life, counts, saying, move, day)
    if law[move + c.M_CHANGES]:
        move_on(law, life, counts, before, day)
    if law[move + c.M_ENDS]:
        finish(law, life)
        return
    at = law[move + c.M_FOLLOW]
    for entry in range(at, at + law[move + c.M_FOLLOW_N]):
        follow(law, odds, life, seed, law[entry], day)
    effect = law[move + c.M_EFFECTS]
    for _ in range(law[move + c.M_EFFECTS_N]):
        act = law[law[effect + c.E_DUTY] + c.D_ACT]
        if act >= 0:
            replan(law, life, act)
        effect += c.E_WIDTH


@compiled
def move_on(law, life, counts, before, day):
    """Note that the plan is in another state."""
    stages = law[c.H_STAGES]
    stage, left = law[stages + life[c.C_STATE]], law[stages + before]
    count_state(law, life, counts, before, day)
    if life[c.C_STARTED] == 0:
        life[c.C_STARTED] = day
        life[c.C_SEEN] = day
    if stage == c.STAGE_ACTIVE and life[c.C_WITHOUT] == 0:
        life[c.C_WITHOUT] = day
    if stage == c.STAGE_ESCALATED and left != c.STAGE_REVIEW:
        life[c.C_ESCALATIONS] += 1
    if stage == c.STAGE_ENDED:
        life[c.C_ENDED] = day


@compiled
def finish(law, life):
    """Let go of all that was planned, but for duties that outlive the plan."""
    for act in range(law[c.H_ACTS], law[c.H_ACTS_END], c.A_WIDTH):
        cause = law[act + c.A_CAUSE]
        if cause == c.AT_RANDOM:
            continue
        life[law[act + c.A_PLAN] + c.P_ASKED] = c.NEVER
        life[law[act + c.A_DAY]] = c.NEVER
        if cause == c.DUTY:
            replan(law, life, act)


@compiled
def follow(law, odds, life, seed, act, day):
    """Plan an act that may follow something of a day; one that was planned is planned anew."""
    plan = law[act + c.A_PLAN]
    number = life[plan + c.P_SEEN]
    life[plan + c.P_SEEN] = number + 1
    chance, how_long, _, _ = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE], number)
    other = law[act + c.A_OTHERWISE]
    if other >= 0:
        happens = life[law[other + c.A_PLAN] + c.P_DID] == 0
    else:
        last = law[act + c.A_CHANCE_N] - 1
        happens = chance < odds[law[act + c.A_CHANCE] + min(number, last)]
    life[plan + c.P_DID] = 1 if happens else 0
    if happens:
        life[plan + c.P_ASKED] = delay(law, odds, act, day, how_long)
        life[plan + c.P_TRIES] = 0
        life[law[act + c.A_DAY]] = life[plan + c.P_ASKED]


@compiled
def next_time(law, odds, life, seed, act, day):
    """Draw when something that happens by itself happens next."""
    plan = law[act + c.A_PLAN]
    number = life[plan + c.P_SEEN]
    life[plan + c.P_SEEN] = number + 1
    chance = draw(seed, life[c.C_CASE], law[act + c.A_PURPOSE], number)[0]
    waited = wait(odds, law[act + c.A_WAIT], chance)
    later = c.NEVER if waited >= LONGEST_WAIT - 1 else working_day(law, day + 1 + waited)
    if life[c.C_ENDED] > 0 and later > life[c.C_ENDED] + AFTER_THE_END:
        later = c.NEVER
    life[law[act + c.A_DAY]] = later


@compiled
def ask(law, life, act, day):
    """Ask for an act by a day, unless it is to be done sooner."""
    asked, entry = law[act + c.A_PLAN] + c.P_ASKED, law[act + c.A_DAY]
    life[asked] = min(life[asked], day)
    life[entry] = min(life[entry], life[asked])


@compiled
def replan(law, life, act):
    """Work out the day of an act from what it is to meet and what was asked of it."""
    day = life[law[act + c.A_PLAN] + c.P_ASKED]
    at = law[act + c.A_DUTIES]
    for entry in range(at, at + law[act + c.A_DUTIES_N]):
        one = life[law[law[entry] + c.D_OWED] + c.W_HEAD]
        while one >= 0:
            day = min(day, life[one + c.O_PLANNED])
            one = life[one + c.O_NEXT]
    if law[act + c.A_CAUSE] == c.DUTY:
        life[law[act + c.A_DAY]] = max(day, life[c.C_LAST])
