"""The main process as a compiled loop, written by hand for speed: no tables of rules, no replay.

One case after another; what is next is the least of a row of days; what is owed stands in a few
places for each duty. Draws are taken in turn (xorshift), so a case can't be run alone.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from benchmarks import caseload_main as m

PLACES = 16
"""Obligations of one duty that can be open at a time."""

jit = numba.njit(nogil=True, error_model="numpy", inline="never")


@jit
def chance(dice):
    """Return a draw between 0 and 1."""
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return np.float64(x >> np.uint64(11)) * 2.0**-53


@jit
def wait(dice, mean):
    """Return a geometric number of days."""
    if mean <= 0:
        return 0
    return int(math.log(1 - chance(dice)) / math.log(mean / (1 + mean)))


@jit
def next_hazard(dice, day, monthly, after):
    """Return the day on which something happens that has a rate."""
    waited = int(math.log(1 - chance(dice)) / math.log(1 - monthly / 30))
    return after[min(day + 1 + waited, len(after) - 1)]


@jit
def working_after(day, number, working, rank):
    """Return the last day of so many working days from a day."""
    return working[rank[day] + number - 1] if number else day


@jit
def plan(dice, duty, day, due, after, before):
    """Return the day on which an obligation will be done."""
    on_time, share, late = m.KEPT[duty, 0], m.KEPT[duty, 1], m.KEPT[duty, 2]
    if chance(dice) < m.KEPT[duty, 3]:
        if due < 0 or not m.RECURS[duty]:
            return m.NEVER
        return due + max(1, due - day)
    if due < 0:
        return after[min(day + wait(dice, m.KEPT[duty, 4]), len(after) - 1)]
    if chance(dice) >= on_time:
        later = max(day, due) + 1 + wait(dice, max(0.0, late - 1))
        return after[min(later, len(after) - 1)]
    low, high = (2 * share - 1, 1.0) if share > 0.5 else (0.0, 2 * share)
    planned = day + int((low + (high - low) * chance(dice)) * max(0, due - day))
    return before[planned] if before[planned] > day else planned


@jit
def owe(dice, duty, day, due, owed, dues, plans, diary, after, before, made):
    """Open an obligation."""
    made[duty, 5] += 1
    place = owed[duty]
    if place == PLACES:
        return
    dues[duty, place] = due
    plans[duty, place] = plan(dice, duty, day, due, after, before)
    owed[duty] = place + 1
    act = m.DOES[duty]
    diary[act] = min(diary[act], plans[duty, place])


@jit
def meet(duty, day, owed, dues, plans, made):
    """Close the oldest obligation of a duty; tell whether there was one."""
    number = owed[duty]
    if number == 0:
        return False
    due = dues[duty, 0]
    made[duty, m.LATE if 0 <= due < day else m.MET] += 1
    for place in range(1, number):
        dues[duty, place - 1] = dues[duty, place]
        plans[duty, place - 1] = plans[duty, place]
    owed[duty] = number - 1
    return True


@jit
def replan(dice, duty, day, owed, plans, diary, after):
    """Plan again what was to be met by now and was not, and find the day of the act."""
    act = m.DOES[duty]
    for place in range(owed[duty]):
        if plans[duty, place] <= day:
            later = day + 1 + wait(dice, m.KEPT[duty, 4])
            plans[duty, place] = after[min(later, len(after) - 1)]
        diary[act] = min(diary[act], plans[duty, place])


@jit
def let_go(day, owed, dues, made, outcome):
    """Close what is owed no more."""
    for duty in range(len(owed)):
        for place in range(owed[duty]):
            late = 0 <= dues[duty, place] < day
            made[duty, m.MISSED if late and outcome == m.LAPSED else outcome] += 1
        owed[duty] = 0


@jit
def run_cases(seed, first, last, days, counts, made, endings):
    """Run cases; count events by kind, duties by what became of them, endings."""
    opens, closes, after, before, months_3, months_6, working, rank = days
    dice = np.full(1, seed * 2654435761 + 88172645463325252, dtype=np.uint64)
    diary = np.empty(len(counts), dtype=np.int64)
    owed = np.zeros(len(made), dtype=np.int64)
    dues = np.zeros((len(made), PLACES), dtype=np.int64)
    plans = np.zeros((len(made), PLACES), dtype=np.int64)
    for _ in range(first, last):
        diary[:] = m.NEVER
        owed[:] = 0
        opened = after[opens + int(chance(dice) * (closes - opens))]
        diary[m.ENQUIRY] = after[opened + int(chance(dice) * 3)]
        diary[m.ARRANGED] = after[opened + 1 + int(chance(dice) * 5)]
        state, reviews, escalated, bare_visits, ending = 0, 0, False, 0, m.STILL_OPEN
        while True:
            act, day = 0, diary[0]
            for entry in range(1, len(diary)):
                if diary[entry] < day:
                    act, day = entry, diary[entry]
            if day > closes:
                let_go(day, owed, dues, made, m.OPEN)
                break
            diary[act] = m.NEVER
            if act == m.VISIT:
                if chance(dice) < m.VISITS_FAIL:
                    counts[m.FAILED] += 1
                    later = after[day + 1 + int(chance(dice) * 4)]
                    for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                        for place in range(owed[duty]):
                            plans[duty, place] = max(plans[duty, place], later)
                    if chance(dice) < m.TRIED_AGAIN:
                        diary[m.VISIT] = later
                    for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                        replan(dice, duty, day, owed, plans, diary, after)
                    continue
                counts[m.VISIT] += 1
                found = chance(dice)
                if found >= m.NOT_HOME:
                    if meet(m.D_VISIT, day, owed, dues, plans, made):
                        owe(dice, m.D_VISIT, day, day + 14, owed, dues, plans, diary, after, before, made)
                    if found < m.NOT_HOME + m.NOT_ALONE:
                        made[m.D_ALONE, m.MISSED] += 1
                        owed[m.D_ALONE] = 0
                    else:
                        meet(m.D_ALONE, day, owed, dues, plans, made)
                    owe(dice, m.D_ALONE, day, -1, owed, dues, plans, diary, after, before, made)
                    bare_visits += 1
                    if found > 1 - m.NO_BEDROOM:
                        if bare_visits >= 2:
                            made[m.D_BEDROOM, m.MISSED] += 1
                            owed[m.D_BEDROOM] = 0
                            bare_visits = 0
                            owe(dice, m.D_BEDROOM, day, -1, owed, dues, plans, diary, after, before, made)
                    else:
                        meet(m.D_BEDROOM, day, owed, dues, plans, made)
                        owe(dice, m.D_BEDROOM, day, -1, owed, dues, plans, diary, after, before, made)
                        bare_visits = 0
                for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                    replan(dice, duty, day, owed, plans, diary, after)
                continue
            if act == m.DETAIL and state < 1 or act == m.EFFECT and state != 2:
                continue
            if act == m.DETAIL and owed[m.D_FIRST_GROUP] > 0:
                later = after[max(day, min(diary[m.GROUP], closes + 1)) + 1]
                for place in range(owed[m.D_DETAIL]):
                    plans[m.D_DETAIL, place] = max(plans[m.D_DETAIL, place], later)
                diary[m.DETAIL] = later
                continue
            counts[act] += 1
            if act == m.ENQUIRY:
                if chance(dice) < 0.94:
                    meet(m.D_ENQUIRY, day, owed, dues, plans, made)
                if owed[m.D_ENQUIRY] == 0:
                    owe(dice, m.D_ENQUIRY, day, day + 7, owed, dues, plans, diary, after, before, made)
                replan(dice, m.D_ENQUIRY, day, owed, plans, diary, after)
            elif act == m.ARRANGED:
                diary[m.OPENED] = after[day + 10 + int(chance(dice) * 8)]
                owe(dice, m.D_REPORT, day, day + 12, owed, dues, plans, diary, after, before, made)
            elif act == m.REPORT:
                if chance(dice) < 0.9:
                    if not meet(m.D_REPORT, day, owed, dues, plans, made):
                        meet(m.D_REVIEW_REPORT, day, owed, dues, plans, made)
                for duty in (m.D_REPORT, m.D_REVIEW_REPORT):
                    replan(dice, duty, day, owed, plans, diary, after)
            elif act == m.OPENED:
                counts[m.DECIDED] += 1
                let_go(day, owed, dues, made, m.LAPSED)
                diary[:] = m.NEVER
                if chance(dice) >= m.PLAN_MADE:
                    ending = m.NO_PLAN
                    break
                state = 1
                ten = working_after(day, 10, working, rank)
                owe(dice, m.D_FIRST_GROUP, day, ten, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_DETAIL, day, ten, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_VISIT, day, day + 14, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_ALONE, day, -1, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_BEDROOM, day, -1, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_FIRST_REVIEW, day, months_3[day], owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_TOLD, day, -1, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_FILES, day, -1, owed, dues, plans, diary, after, before, made)
                if chance(dice) < 0.9:
                    diary[m.STARTED] = after[day + int(chance(dice) * 8)]
                diary[m.SUPERVISION] = after[day + 14 + int(chance(dice) * 22)]
                diary[m.REVIEW_SET] = after[day + int(chance(dice) * 31)]
                for hazard in range(len(m.HAZARDS)):
                    diary[m.RAISED + hazard] = next_hazard(dice, day, m.HAZARDS[hazard], after)
            elif act == m.GROUP:
                if not meet(m.D_FIRST_GROUP, day, owed, dues, plans, made):
                    meet(m.D_GROUP, day, owed, dues, plans, made)
                if owed[m.D_GROUP] == 0:
                    owe(dice, m.D_GROUP, day, day + 28, owed, dues, plans, diary, after, before, made)
                five = working_after(day, 5, working, rank)
                owe(dice, m.D_RECORD, day, five, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_NOTES, day, five, owed, dues, plans, diary, after, before, made)
                replan(dice, m.D_GROUP, day, owed, plans, diary, after)
            elif act == m.RECORD:
                meet(m.D_RECORD, day, owed, dues, plans, made)
                replan(dice, m.D_RECORD, day, owed, plans, diary, after)
            elif act == m.NOTES:
                meet(m.D_NOTES, day, owed, dues, plans, made)
                if chance(dice) < m.INCLUDED:
                    five = working_after(day, 5, working, rank)
                    owe(dice, m.D_SIGN, day, five, owed, dues, plans, diary, after, before, made)
                replan(dice, m.D_NOTES, day, owed, plans, diary, after)
            elif act == m.SIGN:
                if chance(dice) < m.ALL_SIGNED:
                    meet(m.D_SIGN, day, owed, dues, plans, made)
                    owe(dice, m.D_COPIES, day, -1, owed, dues, plans, diary, after, before, made)
                replan(dice, m.D_SIGN, day, owed, plans, diary, after)
            elif act == m.COPIES:
                meet(m.D_COPIES, day, owed, dues, plans, made)
                replan(dice, m.D_COPIES, day, owed, plans, diary, after)
            elif act == m.SUPERVISION:
                diary[m.SUPERVISION] = after[day + 28 + int(chance(dice) * 15)]
            elif act == m.DETAIL:
                meet(m.D_DETAIL, day, owed, dues, plans, made)
                state = 2
                owe(dice, m.D_EFFECT, day, day, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_CHILD_COPY, day, -1, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_PARENT_COPY, day, -1, owed, dues, plans, diary, after, before, made)
            elif act == m.EFFECT:
                meet(m.D_EFFECT, day, owed, dues, plans, made)
                state = 3
            elif act == m.REVIEW_SET:
                for duty in (m.D_REVIEW_REPORT, m.D_INVITED):
                    for place in range(owed[duty]):
                        made[duty, m.MISSED if 0 <= dues[duty, place] < day else m.LAPSED] += 1
                    owed[duty] = 0
                due = before[day + 7]
                owe(dice, m.D_REVIEW_REPORT, day, due, owed, dues, plans, diary, after, before, made)
                owe(dice, m.D_INVITED, day, -1, owed, dues, plans, diary, after, before, made)
            elif act == m.REVIEW:
                counts[m.REVIEWED] += 1
                meet(m.D_FIRST_REVIEW, day, owed, dues, plans, made)
                meet(m.D_REVIEW, day, owed, dues, plans, made)
                meet(m.D_EARLY_REVIEW, day, owed, dues, plans, made)
                if owed[m.D_REVIEW] == 0:
                    owe(dice, m.D_REVIEW, day, months_6[day], owed, dues, plans, diary, after, before, made)
                reviews += 1
                if chance(dice) < m.ENDS[min(reviews, 4) - 1]:
                    ending = m.BY_REVIEW
                    let_go(day, owed, dues, made, m.LAPSED)
                    break
                diary[m.REVIEW_SET] = after[day + int(chance(dice) * 31)]
                for duty in (m.D_FIRST_REVIEW, m.D_REVIEW, m.D_EARLY_REVIEW):
                    replan(dice, duty, day, owed, plans, diary, after)
            elif act == m.STARTED:
                due = working_after(day, 35, working, rank)
                owe(dice, m.D_ASSESSED, day, due, owed, dues, plans, diary, after, before, made)
            elif act == m.TELL:
                if chance(dice) < 0.8:
                    meet(m.D_TELL, day, owed, dues, plans, made)
                replan(dice, m.D_TELL, day, owed, plans, diary, after)
            elif act == m.TOLD:
                if chance(dice) < 0.9:
                    meet(m.D_TOLD, day, owed, dues, plans, made)
                replan(dice, m.D_TOLD, day, owed, plans, diary, after)
            elif act == m.FILES:
                if chance(dice) < 0.85:
                    meet(m.D_FILES, day, owed, dues, plans, made)
                replan(dice, m.D_FILES, day, owed, plans, diary, after)
            elif act == m.ASSESSED:
                meet(m.D_ASSESSED, day, owed, dues, plans, made)
            elif act == m.INVITED:
                meet(m.D_INVITED, day, owed, dues, plans, made)
            elif act == m.CHILD_COPY:
                meet(m.D_CHILD_COPY, day, owed, dues, plans, made)
            elif act == m.PARENT_COPY:
                meet(m.D_PARENT_COPY, day, owed, dues, plans, made)
            elif act == m.RESOLVE:
                escalated = False
            elif act == m.RECEIVE:
                meet(m.D_RECEIVE, day, owed, dues, plans, made)
                diary[m.MOVED] = after[day + int(chance(dice) * 8)]
            elif act == m.LETTER or act == m.MOVED or act == m.LEFT:
                meet(m.D_LETTER, day, owed, dues, plans, made)
                let_go(day, owed, dues, made, m.LAPSED)
                ending = m.BY_LEAVING
                if act == m.LETTER:
                    ending = m.BY_LETTER
                elif act == m.MOVED:
                    ending = m.BY_MOVE
                break
            if act >= m.RAISED:
                diary[act] = next_hazard(dice, day, m.HAZARDS[act - m.RAISED], after)
                if act == m.RAISED and not escalated:
                    escalated = True
                    diary[m.RESOLVE] = after[day + 14 + int(chance(dice) * 40)]
                    if chance(dice) < m.URGENT:
                        owe(dice, m.D_EARLY_REVIEW, day, -1, owed, dues, plans, diary, after, before, made)
                elif act == m.ABSENT:
                    due = working_after(day, 1, working, rank)
                    owe(dice, m.D_TELL, day, due, owed, dues, plans, diary, after, before, made)
                elif act == m.CALLED:
                    called = after[day + 10 + int(chance(dice) * 16)]
                    diary[m.REVIEW] = min(diary[m.REVIEW], called)
                elif act == m.MOVES and owed[m.D_RECEIVE] == 0:
                    due = working_after(day, 15, working, rank)
                    owe(dice, m.D_RECEIVE, day, due, owed, dues, plans, diary, after, before, made)
                elif act == m.LOOKED_AFTER and owed[m.D_LETTER] == 0:
                    if chance(dice) < m.LETTER_AGREED:
                        agreed = after[day + 1 + int(chance(dice) * 20)]
                        due = working_after(agreed, 10, working, rank)
                        owe(dice, m.D_LETTER, agreed, due, owed, dues, plans, diary, after, before, made)
        endings[ending] += 1


def rows(days: m.Days) -> tuple[Any, ...]:
    """Return the calendar as the loop takes it."""
    return (
        days.opens,
        days.closes,
        days.after,
        days.before,
        days.months_3,
        days.months_6,
        days.working,
        days.rank,
    )


def nothing() -> tuple[Any, Any, Any]:
    """Return counts of nothing: events, duties, endings."""
    return (
        np.zeros(len(m.EVENTS), dtype=np.int64),
        np.zeros((len(m.DUTIES), 6), dtype=np.int64),
        np.zeros(6, dtype=np.int64),
    )
