"""The main process as a compiled loop, written by hand for speed: no tables of rules, no replay.

One case after another; what is next is the least of a row of days; what is owed stands in a few
places for each duty. Draws are taken in turn (xorshift), so a case can't be run alone.
"""

# Compiled functions have no annotations, and this one loop is as long as it is for speed.
# ruff: noqa: ANN001, ANN201, PLR0912, PLR0915
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg"

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic

from benchmarks import caseload_main as m

PLACES = 16
"""Obligations of one duty that can be open at a time."""

OPENED, COLUMNS = 5, 6
"""What is counted of a duty: what became of it, and how often it was opened."""

KINDS, ACTS = len(m.DUTIES), len(m.EVENTS)
SHIFT = 64
"""More than the kinds of event; a power of two."""

jit = numba.njit(nogil=True, error_model="numpy")


@intrinsic
def bare(_context: Any, row: Any) -> Any:
    """Return where a row begins: compiled functions pass that on quicker than an array."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, given[0]).data

    return types.CPointer(row.dtype)(row), code


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
    return after[min(day + 1 + waited, m.LAST)]


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
        return after[min(day + wait(dice, m.KEPT[duty, 4]), m.LAST)]
    if chance(dice) >= on_time:
        later = max(day, due) + 1 + wait(dice, max(0.0, late - 1))
        return after[min(later, m.LAST)]
    low, high = (2 * share - 1, 1.0) if share > 0.5 else (0.0, 2 * share)
    planned = day + int((low + (high - low) * chance(dice)) * max(0, due - day))
    return before[planned] if before[planned] > day else planned


@jit
def owe(book, duty, day, due):
    """Open an obligation."""
    dice, owed, dues, plans, diary, made, after, before = book
    made[duty * COLUMNS + OPENED] += 1
    place = owed[duty]
    if place == PLACES:
        return
    dues[duty * PLACES + place] = due
    plans[duty * PLACES + place] = plan(dice, duty, day, due, after, before)
    owed[duty] = place + 1
    act = m.DOES[duty]
    # What opens again what it has just met is planned when it is done with the rest.
    if act != diary[ACTS]:
        diary[act] = min(diary[act], plans[duty * PLACES + place])


@jit
def meet(book, duty, day):
    """Close the oldest obligation of a duty; tell whether there was one."""
    _, owed, dues, plans, _, made, _, _ = book
    number = owed[duty]
    if number == 0:
        return False
    due = dues[duty * PLACES]
    made[duty * COLUMNS + (m.LATE if 0 <= due < day else m.MET)] += 1
    for place in range(1, number):
        dues[duty * PLACES + place - 1] = dues[duty * PLACES + place]
        plans[duty * PLACES + place - 1] = plans[duty * PLACES + place]
    owed[duty] = number - 1
    return True


@jit
def replan(book, duty, day):
    """Plan again what was to be met by now and was not, and find the day of the act."""
    dice, owed, _, plans, diary, _, after, _ = book
    act = m.DOES[duty]
    for place in range(owed[duty]):
        if plans[duty * PLACES + place] <= day:
            later = day + 1 + wait(dice, m.KEPT[duty, 4])
            plans[duty * PLACES + place] = after[min(later, m.LAST)]
        diary[act] = min(diary[act], plans[duty * PLACES + place])


@jit
def let_go(day, owed, dues, made, outcome):
    """Close what is owed no more."""
    for duty in range(KINDS):
        for place in range(owed[duty]):
            late = 0 <= dues[duty * PLACES + place] < day
            made[duty * COLUMNS + (m.MISSED if late and outcome == m.LAPSED else outcome)] += 1
        owed[duty] = 0


@jit
def run_cases(seed, first, last, days, counts, made, endings):
    """Run cases; count events by kind, duties by what became of them, endings."""
    opens, closes, after, before, months_3, months_6, working, rank = days
    dice = np.full(1, seed * 2654435761 + 88172645463325252, dtype=np.uint64)
    diary = np.empty(ACTS + 1, dtype=np.int64)
    owed = np.zeros(KINDS, dtype=np.int64)
    dues = np.zeros(KINDS * PLACES, dtype=np.int64)
    plans = np.zeros(KINDS * PLACES, dtype=np.int64)
    calendar = bare(after), bare(before), bare(months_3), bare(months_6), bare(working), bare(rank)
    held = bare(dice), bare(diary), bare(owed), bare(dues), bare(plans)
    found = bare(counts), bare(made), bare(endings)
    run_bare(first, last, opens, closes, calendar, held, found)
    # The rows are held until here.
    return len(dice) + len(diary) + len(owed) + len(dues) + len(plans)


@jit
def run_bare(first, last, opens, closes, calendar, held, found):
    """Run cases on rows that are held elsewhere."""
    after, before, months_3, months_6, working, rank = calendar
    dice, diary, owed, dues, plans = held
    counts, made, endings = found
    book = dice, owed, dues, plans, diary, made, after, before
    for _ in range(first, last):
        for entry in range(ACTS):
            diary[entry] = m.NEVER
        for entry in range(KINDS):
            owed[entry] = 0
        opened = after[opens + int(chance(dice) * (closes - opens))]
        diary[m.ENQUIRY] = after[opened + int(chance(dice) * 3)]
        diary[m.ARRANGED] = after[opened + 1 + int(chance(dice) * 5)]
        state, reviews, escalated, bare_visits, ending = 0, 0, False, 0, m.STILL_OPEN
        while True:
            least = m.NEVER * SHIFT
            for entry in range(ACTS):
                least = min(least, diary[entry] * SHIFT + entry)
            act, day = least % SHIFT, least // SHIFT
            if day > closes:
                let_go(day, owed, dues, made, m.OPEN)
                break
            diary[act] = m.NEVER
            diary[ACTS] = act
            if act == m.VISIT:
                if chance(dice) < m.VISITS_FAIL:
                    counts[m.FAILED] += 1
                    later = after[day + 1 + int(chance(dice) * 4)]
                    for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                        for place in range(owed[duty]):
                            plans[duty * PLACES + place] = max(plans[duty * PLACES + place], later)
                    if chance(dice) < m.TRIED_AGAIN:
                        diary[m.VISIT] = later
                    for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                        replan(book, duty, day)
                    continue
                counts[m.VISIT] += 1
                found = chance(dice)
                if found >= m.NOT_HOME:
                    if meet(book, m.D_VISIT, day):
                        owe(book, m.D_VISIT, day, day + (m.AGREED if state > 1 else 14))
                    if found < m.NOT_HOME + m.NOT_ALONE:
                        made[m.D_ALONE * COLUMNS + m.MISSED] += 1
                        owed[m.D_ALONE] = 0
                    else:
                        meet(book, m.D_ALONE, day)
                    owe(book, m.D_ALONE, day, -1)
                    bare_visits += 1
                    if found > 1 - m.NO_BEDROOM:
                        if bare_visits >= 2:
                            made[m.D_BEDROOM * COLUMNS + m.MISSED] += 1
                            owed[m.D_BEDROOM] = 0
                            bare_visits = 0
                            owe(book, m.D_BEDROOM, day, -1)
                    else:
                        meet(book, m.D_BEDROOM, day)
                        owe(book, m.D_BEDROOM, day, -1)
                        bare_visits = 0
                for duty in (m.D_VISIT, m.D_ALONE, m.D_BEDROOM):
                    replan(book, duty, day)
                continue
            if (act == m.DETAIL and state < 1) or (act == m.EFFECT and state != 2):
                continue
            if act == m.DETAIL and owed[m.D_FIRST_GROUP] > 0:
                later = after[max(day, min(diary[m.GROUP], closes + 1)) + 1]
                for place in range(owed[m.D_DETAIL]):
                    plans[m.D_DETAIL * PLACES + place] = max(
                        plans[m.D_DETAIL * PLACES + place], later
                    )
                diary[m.DETAIL] = later
                continue
            counts[act] += 1
            if act == m.ENQUIRY:
                if chance(dice) < 0.94:
                    meet(book, m.D_ENQUIRY, day)
                if owed[m.D_ENQUIRY] == 0:
                    owe(book, m.D_ENQUIRY, day, day + 7)
                replan(book, m.D_ENQUIRY, day)
            elif act == m.ARRANGED:
                diary[m.OPENED] = after[day + 10 + int(chance(dice) * 8)]
                owe(book, m.D_REPORT, day, day + 12)
            elif act == m.REPORT:
                if chance(dice) < 0.9 and not meet(book, m.D_REPORT, day):
                    meet(book, m.D_REVIEW_REPORT, day)
                for duty in (m.D_REPORT, m.D_REVIEW_REPORT):
                    replan(book, duty, day)
            elif act == m.OPENED:
                counts[m.DECIDED] += 1
                let_go(day, owed, dues, made, m.LAPSED)
                for entry in range(ACTS):
                    diary[entry] = m.NEVER
                if chance(dice) >= m.PLAN_MADE:
                    ending = m.NO_PLAN
                    break
                state = 1
                ten = working_after(day, 10, working, rank)
                owe(book, m.D_FIRST_GROUP, day, ten)
                owe(book, m.D_DETAIL, day, ten)
                owe(book, m.D_VISIT, day, day + 14)
                owe(book, m.D_ALONE, day, -1)
                owe(book, m.D_BEDROOM, day, -1)
                owe(book, m.D_FIRST_REVIEW, day, months_3[day])
                owe(book, m.D_TOLD, day, -1)
                owe(book, m.D_FILES, day, -1)
                if chance(dice) < 0.9:
                    diary[m.STARTED] = after[day + int(chance(dice) * 8)]
                diary[m.SUPERVISION] = after[day + 14 + int(chance(dice) * 22)]
                diary[m.REVIEW_SET] = after[day + int(chance(dice) * 31)]
                for hazard in range(len(m.HAZARDS)):
                    diary[m.RAISED + hazard] = next_hazard(dice, day, m.HAZARDS[hazard], after)
            elif act == m.GROUP:
                if not meet(book, m.D_FIRST_GROUP, day):
                    meet(book, m.D_GROUP, day)
                if owed[m.D_GROUP] == 0:
                    owe(book, m.D_GROUP, day, day + 28)
                five = working_after(day, 5, working, rank)
                owe(book, m.D_RECORD, day, five)
                owe(book, m.D_NOTES, day, five)
                replan(book, m.D_GROUP, day)
            elif act == m.RECORD:
                meet(book, m.D_RECORD, day)
                replan(book, m.D_RECORD, day)
            elif act == m.NOTES:
                meet(book, m.D_NOTES, day)
                if chance(dice) < m.INCLUDED:
                    five = working_after(day, 5, working, rank)
                    owe(book, m.D_SIGN, day, five)
                replan(book, m.D_NOTES, day)
            elif act == m.SIGN:
                if chance(dice) < m.ALL_SIGNED:
                    meet(book, m.D_SIGN, day)
                    owe(book, m.D_COPIES, day, -1)
                replan(book, m.D_SIGN, day)
            elif act == m.COPIES:
                meet(book, m.D_COPIES, day)
                replan(book, m.D_COPIES, day)
            elif act == m.SUPERVISION:
                diary[m.SUPERVISION] = after[day + 28 + int(chance(dice) * 15)]
            elif act == m.DETAIL:
                meet(book, m.D_DETAIL, day)
                state = 2
                owe(book, m.D_EFFECT, day, day)
                owe(book, m.D_CHILD_COPY, day, -1)
                owe(book, m.D_PARENT_COPY, day, -1)
            elif act == m.EFFECT:
                meet(book, m.D_EFFECT, day)
                state = 3
            elif act == m.REVIEW_SET:
                for duty in (m.D_REVIEW_REPORT, m.D_INVITED):
                    for place in range(owed[duty]):
                        late = 0 <= dues[duty * PLACES + place] < day
                        made[duty * COLUMNS + (m.MISSED if late else m.LAPSED)] += 1
                    owed[duty] = 0
                due = before[day + 7]
                owe(book, m.D_REVIEW_REPORT, day, due)
                owe(book, m.D_INVITED, day, -1)
            elif act == m.REVIEW:
                counts[m.REVIEWED] += 1
                meet(book, m.D_FIRST_REVIEW, day)
                meet(book, m.D_REVIEW, day)
                meet(book, m.D_EARLY_REVIEW, day)
                if owed[m.D_REVIEW] == 0:
                    owe(book, m.D_REVIEW, day, months_6[day])
                reviews += 1
                if chance(dice) < m.ENDS[min(reviews, 4) - 1]:
                    ending = m.BY_REVIEW
                    let_go(day, owed, dues, made, m.LAPSED)
                    break
                diary[m.REVIEW_SET] = after[day + int(chance(dice) * 31)]
                for duty in (m.D_FIRST_REVIEW, m.D_REVIEW, m.D_EARLY_REVIEW):
                    replan(book, duty, day)
            elif act == m.STARTED:
                due = working_after(day, 35, working, rank)
                owe(book, m.D_ASSESSED, day, due)
            elif act == m.TELL:
                if chance(dice) < 0.8:
                    meet(book, m.D_TELL, day)
                replan(book, m.D_TELL, day)
            elif act == m.TOLD:
                if chance(dice) < 0.9:
                    meet(book, m.D_TOLD, day)
                replan(book, m.D_TOLD, day)
            elif act == m.FILES:
                if chance(dice) < 0.85:
                    meet(book, m.D_FILES, day)
                replan(book, m.D_FILES, day)
            elif act == m.ASSESSED:
                meet(book, m.D_ASSESSED, day)
            elif act == m.INVITED:
                meet(book, m.D_INVITED, day)
            elif act == m.CHILD_COPY:
                meet(book, m.D_CHILD_COPY, day)
            elif act == m.PARENT_COPY:
                meet(book, m.D_PARENT_COPY, day)
            elif act == m.RESOLVE:
                escalated = False
            elif act == m.RECEIVE:
                meet(book, m.D_RECEIVE, day)
                diary[m.MOVED] = after[day + int(chance(dice) * 8)]
            elif act in (m.LETTER, m.MOVED, m.LEFT):
                meet(book, m.D_LETTER, day)
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
                        owe(book, m.D_EARLY_REVIEW, day, -1)
                elif act == m.ABSENT:
                    due = working_after(day, 1, working, rank)
                    owe(book, m.D_TELL, day, due)
                elif act == m.CALLED:
                    called = after[day + 10 + int(chance(dice) * 16)]
                    diary[m.REVIEW] = min(diary[m.REVIEW], called)
                elif act == m.MOVES and owed[m.D_RECEIVE] == 0:
                    due = working_after(day, 15, working, rank)
                    owe(book, m.D_RECEIVE, day, due)
                elif (
                    act == m.LOOKED_AFTER
                    and owed[m.D_LETTER] == 0
                    and chance(dice) < m.LETTER_AGREED
                ):
                    agreed = after[day + 1 + int(chance(dice) * 20)]
                    due = working_after(agreed, 10, working, rank)
                    owe(book, m.D_LETTER, agreed, due)
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
        np.zeros(ACTS, dtype=np.int64),
        np.zeros(KINDS * COLUMNS, dtype=np.int64),
        np.zeros(6, dtype=np.int64),
    )
