# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Teams: cases that share the visits and the meetings of a team's day.

Without a team each case lives by itself (:mod:`cpplan_sim.caseload.living`). Here the cases of a
team live day by day. What takes no slot is done as ever. What may record a visit or a meeting asks
for a slot first: of all that ask on a day, the foremost by the team's rule is served, then what
follows of it on that day, until the slots are used up. The rest asks again on the next working day,
and so do the obligations that it was to meet. A case asks for one thing at a time, in the order of
its day. With slots for all, every case lives exactly as it does alone.

What falls on a day that nobody works, as what is due within 24 hours, is done by those on duty then
and takes no slot of the team's.
"""

# ruff: noqa: D417

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import team_columns as t
from cpplan_sim.caseload.beginning import begin
from cpplan_sim.caseload.compiled import bare, compiled
from cpplan_sim.caseload.counting import count_case
from cpplan_sim.caseload.drawing import draw
from cpplan_sim.caseload.judging import attempt
from cpplan_sim.caseload.keeping_time import working_day
from cpplan_sim.caseload.living import MOST_ACTS, do, named_by, next_act, what_is_said
from cpplan_sim.caseload.preparing import ask_again

PRESENCE = 2
"""The purpose of the draws about who is away; a team's number stands for that of a case."""


@compiled
def run_teams(law, odds, lives, desks, team, counts, row, tally, seed, first, last, absent):
    """Run the teams from ``first`` up to, and without, ``last``.

    Team ``t`` has the cases from ``t * len(lives)`` on, as many as there are lives.

    Args:
        law, odds, counts: see :class:`cpplan_sim.caseload.tables.Tables`.
        lives: a life for each case of a team; they need no room for a log.
        desks: for each case, ``D_ACTS`` numbers and two for each act.
        team: what a team is; columns ``G_``.
        row: room for the sums of one case.
        tally: what is counted of teams; columns ``T_``.
        seed: of the run.
        absent: the share of days that a worker is away.

    Returns:
        The first case that could not be run to its end; ``NONE`` if all could.
    """
    return _run(
        bare(law),
        bare(odds),
        bare(lives),
        bare(desks),
        bare(team),
        bare(counts),
        bare(row),
        bare(tally),
        seed,
        first,
        last,
        absent,
    )


@compiled
def _run(law, odds, lives, desks, team, counts, row, tally, seed, first, last, absent):
    for number in range(first, last):
        team[t.G_NUMBER] = number
        gather(law, odds, lives, desks, team, seed)
        for day in range(team[t.G_OPENS], team[t.G_CLOSES] + 1):
            open_day(law, team, tally, seed, day, absent)
            work(law, odds, lives, desks, team, counts, tally, seed, day)
        for life in lives:
            if life[c.C_FAULT] != c.NO_FAULT:
                return life[c.C_CASE]
            count_case(law, life, counts, team[t.G_CLOSES], row, 0)
        count_team(law, lives, team, tally)
    return c.NONE


@compiled
def gather(law, odds, lives, desks, team, seed):
    """Begin all cases of a team; each sleeps until the day of its first act."""
    opens = team[t.G_OPENS]
    first = team[t.G_NUMBER] * len(lives)
    for number in range(len(lives)):
        life, desk = lives[number], desks[number]
        begin(law, odds, life, seed, first + number, opens, team[t.G_CLOSES] - opens)
        for column in range(len(desk)):
            desk[column] = c.NONE
        desk[t.D_WAKES] = life[c.C_OPENED]
        desk[t.D_GIVEN] = 0
        desk[t.D_DONE] = 0
    for kind in range(c.VISIT, c.MEETING + 1):
        team[t.G_LEFT + kind] = 0


@compiled
def is_working(law, day):
    """Return whether a day is a working day."""
    return law[law[c.H_DAYS] + day * c.Y_WIDTH + c.Y_WORKING] == 1


@compiled
def open_day(law, team, tally, seed, day, absent):
    """Find who is there, and how many slots that makes."""
    if not is_working(law, day) or not team[t.G_LIMITED]:
        return
    there = present(seed, team[t.G_NUMBER], team[t.G_STAFF], day, absent)
    for kind in range(c.VISIT, c.MEETING + 1):
        # A slot that nobody needs is lost; a part of one is made whole on another day.
        left = team[t.G_LEFT + kind] + there * team[t.G_MADE + kind]
        team[t.G_SLOTS + kind] = left // t.WHOLE
        team[t.G_LEFT + kind] = left % t.WHOLE
        if day >= team[t.G_FROM]:
            tally[t.T_OFFERED + kind] += left // t.WHOLE


@compiled
def present(seed, number, staff, day, absent):
    """Return how many of a team are there on a day; a larger team has the same ones and more."""
    there = 0
    for worker in range(staff):
        if draw(seed, number, PRESENCE, day * t.MOST_STAFF + worker)[0] >= absent:
            there += 1
    return there


@compiled
def work(law, odds, lives, desks, team, counts, tally, seed, day):
    """Do the work of a day."""
    team[t.G_AWAKE] = 0
    if day >= team[t.G_FROM] and is_working(law, day):
        tally[t.T_DAYS] += 1
    number = next_case(law, lives, desks, team, tally, day)
    while number >= 0:
        go_on(law, odds, lives[number], desks[number], team, counts, tally, seed, day)
        number = next_case(law, lives, desks, team, tally, day)


@compiled
def next_case(law, lives, desks, team, tally, day):
    """Return the case to go on with: each that has something to do, then the foremost that asks.

    Whoever asks is given a slot, or put off to another day. ``NONE`` if the day is over.
    """
    for number in range(team[t.G_AWAKE], len(desks)):
        if desks[number][t.D_WAKES] <= day:
            team[t.G_AWAKE] = number + 1
            return number
    team[t.G_AWAKE] = len(desks)
    number = foremost(desks, 0, len(desks))
    if number >= 0:
        desk = desks[number]
        if team[t.G_SLOTS + law[desk[t.D_ASKS] + c.A_CLASS]] > 0:
            desk[t.D_GIVEN] = 1
        else:
            put_off_by_team(law, lives[number], desk, team, tally, day)
    return number


@compiled
def foremost(desks, first, last):
    """Return who of those that ask has the lowest rank, the first of several; ``NONE`` if none."""
    found = c.NONE
    for number in range(first, last):
        if desks[number][t.D_ASKS] < 0:
            continue
        if found < 0 or desks[number][t.D_RANK] < desks[found][t.D_RANK]:
            found = number
    return found


@compiled
def go_on(law, odds, life, desk, team, counts, tally, seed, day):
    """Do what a case has for a day, up to what has to ask for a slot."""
    desk[t.D_ASKS] = c.NONE
    free = not team[t.G_LIMITED] or not is_working(law, day)
    while life[c.C_FAULT] == c.NO_FAULT:
        act, on = next_act(law, life)
        desk[t.D_WAKES] = on
        if on > day:
            return
        given = desk[t.D_GIVEN] == 1
        if not (free or given) and may_take_slot(law, odds, life, seed, act, on):
            ask_for(law, life, desk, team, act, on)
            return
        recorded = do_now(law, odds, life, desk, team, counts, tally, seed, act, on)
        if given and recorded:
            take_slot(law, desk, team, tally, act, day)
        desk[t.D_GIVEN] = 0
    desk[t.D_WAKES] = c.NEVER


@compiled
def may_take_slot(law, odds, life, seed, act, day):
    """Return whether an act may record a visit or a meeting now. What is not ready takes none."""
    if law[act + c.A_CLASS] == c.OTHER:
        return False
    saying = what_is_said(law, odds, life, seed, act)
    if saying < 0 or not law[act + c.A_STATES] >> life[c.C_STATE] & 1:
        return False
    if law[saying + c.S_NEEDS_BIRTH] and life[c.C_BORN] > day:
        return False
    if life[law[act + c.A_PLAN] + c.P_TRIES] == 0 and law[act + c.A_INSTEAD_N] > 0:
        return True
    return attempt(law, life, saying, day, named_by(law, life, act, day)) >= 0


@compiled
def ask_for(law, life, desk, team, act, on):
    """Ask for a slot; what was put off to this day has asked before."""
    place = waiting(law, act)
    if desk[place + 1] != on:
        desk[place] = on
    desk[t.D_ASKS] = act
    desk[t.D_RANK] = rank(law, life, act, desk[place], team[t.G_RULE])


@compiled
def waiting(law, act):
    """Return where a desk has since when an act waits."""
    return t.D_ACTS + 2 * ((act - law[c.H_ACTS]) // c.A_WIDTH)


@compiled
def rank(law, life, act, since, rule):
    """Return the rank of what asks for a slot: the lowest is served first."""
    if rule == t.NEWEST:
        return -life[c.C_OPENED]
    due = first_due(law, life, act)
    if due == c.NEVER:
        # What has no last day would wait for ever: it is overdue from the day that it asks.
        due = since
    if rule == t.MOST_OVERDUE:
        return due
    stage = law[law[c.H_STAGES] + life[c.C_STATE]]
    if stage == c.STAGE_ESCALATED:
        return due
    return due + (c.NEVER if stage == c.STAGE_REVIEW else 2 * c.NEVER)


@compiled
def first_due(law, life, act):
    """Return the earliest last day of what an act is to meet; ``NEVER`` if none is known."""
    due = c.NEVER
    at = law[act + c.A_DUTIES]
    for entry in range(at, at + law[act + c.A_DUTIES_N]):
        one = life[law[law[entry] + c.D_OWED] + c.W_HEAD]
        while one >= 0:
            if life[one + c.O_DUE] >= 0:
                due = min(due, life[one + c.O_DUE])
            one = life[one + c.O_NEXT]
    return due


@compiled
def take_slot(law, desk, team, tally, act, day):
    """Take a slot for what was recorded; if nothing is, the slot is still there for others."""
    kind = law[act + c.A_CLASS]
    team[t.G_SLOTS + kind] -= 1
    if day < team[t.G_FROM]:
        return
    tally[t.T_USED + kind] += 1
    waited = 0
    for one in range(desk[waiting(law, act)] + 1, day + 1):
        waited += 1 if is_working(law, one) else 0
    tally[t.T_WAITS + kind * (t.WAITS + 1) + min(waited, t.WAITS)] += 1


@compiled
def do_now(law, odds, life, desk, team, counts, tally, seed, act, on):
    """Do an act; return whether a visit or a meeting was recorded with it."""
    visits, meetings = life[c.C_SET_OUT], life[c.C_MEETINGS]
    do(law, odds, life, counts, seed, act, on, False)
    desk[t.D_DONE] += 1
    if desk[t.D_DONE] >= MOST_ACTS:
        life[c.C_FAULT] = c.TOO_LONG
    visits, meetings = life[c.C_SET_OUT] - visits, life[c.C_MEETINGS] - meetings
    if on >= team[t.G_FROM]:
        tally[t.T_DONE + c.VISIT] += visits
        tally[t.T_DONE + c.MEETING] += meetings
        if not is_working(law, on):
            tally[t.T_OUT_OF_HOURS] += visits + meetings
    return visits + meetings > 0


@compiled
def put_off_by_team(law, life, desk, team, tally, day):
    """Let what got no slot ask again on the next working day."""
    act = desk[t.D_ASKS]
    later = working_day(law, day + 1)
    desk[waiting(law, act) + 1] = later
    # As if it were done: else it would still be asked for by today.
    life[law[act + c.A_DAY]] = c.NEVER
    life[law[act + c.A_PLAN] + c.P_ASKED] = c.NEVER
    ask_again(law, life, act, day, later)
    if day >= team[t.G_FROM]:
        tally[t.T_BACKLOG + law[act + c.A_CLASS]] += 1


@compiled
def count_team(law, lives, team, tally):
    """Count what was due in the days that are measured: each is in time or not by its last day."""
    before_kept, before_decided = tally[t.T_KEPT], tally[t.T_DECIDED]
    for life in lives:
        at = law[c.H_OBLIGATIONS]
        for one in range(at, at + life[c.C_OBLIGATIONS] * c.O_WIDTH, c.O_WIDTH):
            if team[t.G_FROM] <= life[one + c.O_DUE] < team[t.G_CLOSES]:
                count_due(life, one, tally)
    kept, decided = tally[t.T_KEPT] - before_kept, tally[t.T_DECIDED] - before_decided
    tally[t.T_TEAMS] += 1
    tally[t.T_KEPT_2] += kept * kept
    tally[t.T_DECIDED_2] += decided * decided
    tally[t.T_BOTH] += kept * decided


@compiled
def count_due(life, one, tally):
    """Count one obligation whose last day is past."""
    outcome = life[one + c.O_OUTCOME]
    if outcome > c.MISSED:
        return
    tally[t.T_DECIDED] += 1
    if outcome == c.MET:
        tally[t.T_KEPT] += 1
    elif outcome == c.MET_LATE:
        tally[t.T_LATE] += 1
        tally[t.T_DAYS_LATE] += life[one + c.O_CLOSED_ON] - life[one + c.O_DUE]
    elif outcome == c.OPEN:
        tally[t.T_OVERDUE] += 1


@compiled
def serve_script(desks, asked, kinds, slots, served, backlog):
    """Serve requests that are told beforehand: the order and the slots of a day, no case behind.

    For checks against known results. Slots that are not used in a day are lost, as a team's are.

    Args:
        desks: for each request, as far as ``D_RANK``; its rank stands there.
        asked: by request, the day that it first asks; in order.
        kinds: by request, its class.
        slots: by day and class, how many can be served; what is served is taken off.
        served: is given the day of each request, if there is one.
        backlog: is given how many still wait at the end of each day.
    """
    first, last = 0, 0
    for day in range(len(backlog)):
        while last < len(asked) and asked[last] <= day:
            last += 1
        while first < last and served[first] >= 0:
            first += 1
        for number in range(first, last):
            desks[number][t.D_ASKS] = kinds[number] if served[number] < 0 else c.NONE
        left = slots[day]
        number = foremost(desks, first, last)
        while number >= 0:
            kind = desks[number][t.D_ASKS]
            desks[number][t.D_ASKS] = c.NONE
            if left[kind] > 0:
                left[kind] -= 1
                served[number] = day
            else:
                backlog[day] += 1
            number = foremost(desks, first, last)
