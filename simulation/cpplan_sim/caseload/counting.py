"""What a run counts: whole numbers alone, so that blocks add up to the same in any order.

All counts of a run stand in one row, ``counts``; where each begins is in the law's head, in the
order of ``COUNTED``.

==================  ================================================================================
``cases``           cases; plans begun
``events``          by kind, how often recorded
``edges``           by edge, how often taken
``refused``         by code, how often given
``duties``          by duty; columns ``U_``
``lateness``        by duty and days late, how many were met late
``clusters``        by duty; columns ``Q_``
``endings``         by state, plans that ended there; the last is for those still open
``lengths``         by ending (the last for open plans) and week of length
``state_days``      by state, days in it
``started``         by year to 31 March, plans begun
``ended``           by year, plans ended
``open``            by year, plans open at its end
``ended_bands``     by year and band of length
``open_bands``      by year and band of length
``reviewed``        at the last day, plans open for three months; those of them reviewed in time
``second``          plans begun, by year, that are a second or later one
``categories``      plans begun, by year and category
``monthly``         by month: plans open at its end, visits, meetings
``sums``            over cases; columns as in ``SUMS``
``squares``         the same of their squares
==================  ================================================================================
"""

from __future__ import annotations

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.compiled import compiled

LATEST = 91
"""Days late that are told apart; more is counted with the last."""

WEEKS = 262
"""Weeks of a plan's length that are told apart: five years."""

BANDS = 5
"""The published bands of length: to 3 months, to 6, under 1 year, under 2, and longer."""

# What is summed over cases, each with its square, for the error of its mean.
(
    PLAN_DAYS,
    VISITS,
    MEETINGS,
    LONGEST_GAP,
    DAYS_TO_EFFECT,
    LATE,
    MISSED,
    ESCALATIONS,
    REFUSED,
    RECORDED,
    SUMMED,
) = range(11)

SUMS = (
    "days on the plan",
    "visits",
    "meetings",
    "longest gap between visits, days",
    "days until the plan was in effect",
    "duties met late",
    "duties missed",
    "escalations",
    "refused attempts",
    "events recorded",
)

# Columns of `duties`.
U_OPENED, U_MET, U_LATE, U_MISSED, U_LAPSED, U_UNDECIDABLE, U_OPEN, U_OVERDUE, U_WIDTH = range(9)

# Columns of `clusters`: sums of products over cases, for the error of a share of obligations.
Q_KEPT_2, Q_DECIDED_2, Q_BOTH, Q_KEPT, Q_DECIDED, Q_WIDTH = range(6)

COUNTED = (
    "cases",
    "events",
    "edges",
    "refused",
    "duties",
    "lateness",
    "clusters",
    "endings",
    "lengths",
    "state_days",
    "started",
    "ended",
    "open",
    "ended_bands",
    "open_bands",
    "reviewed",
    "second",
    "categories",
    "monthly",
    "sums",
    "squares",
)
(
    K_CASES,
    K_EVENTS,
    K_EDGES,
    K_REFUSED,
    K_DUTIES,
    K_LATENESS,
    K_CLUSTERS,
    K_ENDINGS,
    K_LENGTHS,
    K_STATE_DAYS,
    K_STARTED,
    K_ENDED,
    K_OPEN,
    K_ENDED_BANDS,
    K_OPEN_BANDS,
    K_REVIEWED,
    K_SECOND,
    K_CATEGORIES,
    K_MONTHLY,
    K_SUMS,
    K_SQUARES,
) = range(c.H_COUNTS, c.H_COUNTS + len(COUNTED))

MONTHLY = 3
"""Columns of ``monthly``."""


@compiled
def log(law, life, saying, day, named, edge):
    """Keep what was recorded; an edge of ``NONE`` is a refusal."""
    row = law[c.H_LOG] + life[c.C_LOGGED] * c.L_WIDTH
    if row >= law[c.H_LOG_END]:
        life[c.C_FAULT] = c.TOO_MUCH
        return
    life[c.C_LOGGED] += 1
    life[row + c.L_SAYING] = law[saying + c.S_NUMBER]
    life[row + c.L_DAY] = day
    life[row + c.L_NAMED] = named
    life[row + c.L_EDGE] = edge
    life[row + c.L_STATE] = life[c.C_STATE]
    number = min(life[c.C_CODES], c.L_WIDTH - c.L_CODES) if edge < 0 else 0
    life[row + c.L_CODES_N] = number
    for entry in range(number):
        life[row + c.L_CODES + entry] = life[law[c.H_CODES] + entry]


@compiled
def count_event(law, life, counts, saying, move, day):
    """Count what is recorded."""
    counts[law[K_EVENTS] + law[saying + c.S_KIND]] += 1
    counts[law[K_EDGES] + law[move + c.M_EDGE]] += 1
    kind = law[saying + c.S_CLASS]
    if kind == c.OTHER:
        return
    month = law[K_MONTHLY] + MONTHLY * law[law[c.H_DAYS] + day * c.Y_WIDTH + c.Y_MONTH]
    counts[month + kind] += 1
    if kind == c.MEETING:
        life[c.C_MEETINGS] += 1
        return
    # A visit at which nobody was seen takes as much of a worker's day.
    life[c.C_SET_OUT] += 1
    if not law[saying + c.S_SEEN]:
        return
    life[c.C_VISITS] += 1
    if life[c.C_STARTED] > 0:
        life[c.C_GAP] = max(life[c.C_GAP], day - life[c.C_SEEN])
        life[c.C_SEEN] = day


@compiled
def count_state(law, life, counts, state, day):
    """Count the days in a state that is left."""
    counts[law[K_STATE_DAYS] + state] += day - life[c.C_SINCE]
    life[c.C_SINCE] = day


@compiled
def count_refusal(law, life, counts, saying, day, named, logs):
    """Count an attempt that was refused, under each code that it was given."""
    life[c.C_REFUSED] += 1
    at = law[c.H_CODES]
    for entry in range(at, at + life[c.C_CODES]):
        counts[law[K_REFUSED] + life[entry]] += 1
    if logs:
        log(law, life, saying, day, named, c.NONE)


@compiled
def count_obligations(law, life, counts, closes):
    """Count what became of everything that was owed in a case."""
    at = law[c.H_OBLIGATIONS]
    for one in range(at, at + life[c.C_OBLIGATIONS] * c.O_WIDTH, c.O_WIDTH):
        if life[one + c.O_OUTCOME] != c.DROPPED:
            count_obligation(law, life, counts, one, closes)
    for duty in range(law[c.H_DUTIES], law[c.H_DUTIES_END], c.D_WIDTH):
        owed = law[duty + c.D_OWED]
        kept, decided = life[owed + c.W_KEPT], life[owed + c.W_DECIDED]
        if decided:
            row = law[K_CLUSTERS] + law[duty + c.D_NUMBER] * Q_WIDTH
            counts[row + Q_KEPT_2] += kept * kept
            counts[row + Q_DECIDED_2] += decided * decided
            counts[row + Q_BOTH] += kept * decided
            counts[row + Q_KEPT] += kept
            counts[row + Q_DECIDED] += decided


@compiled
def count_obligation(law, life, counts, one, closes):
    """Count what became of one obligation."""
    outcome, due = life[one + c.O_OUTCOME], life[one + c.O_DUE]
    duty = life[one + c.O_DUTY]
    owed, number = law[duty + c.D_OWED], law[duty + c.D_NUMBER]
    row = law[K_DUTIES] + number * U_WIDTH
    counts[row + U_OPENED] += 1
    if outcome == c.OPEN:
        unchosen = due < 0 and law[duty + c.D_UNCHOSEN]
        if life[one + c.O_ANCHOR] < 0 or unchosen:
            counts[row + U_UNDECIDABLE] += 1
        else:
            counts[row + (U_OVERDUE if 0 <= due < closes else U_OPEN)] += 1
        return
    counts[row + U_MET + outcome - c.MET] += 1
    if outcome == c.MET_LATE:
        late = min(life[one + c.O_CLOSED_ON] - due, LATEST)
        counts[law[K_LATENESS] + number * (LATEST + 1) + late] += 1
        life[c.C_LATE] += 1
    elif outcome == c.MISSED:
        life[c.C_MISSED] += 1
    if outcome <= c.MISSED:
        life[owed + c.W_DECIDED] += 1
        life[owed + c.W_KEPT] += 1 if outcome == c.MET else 0


@compiled
def band(law, started, day):
    """Return the published band of a plan's length on a day."""
    row = law[c.H_DAYS] + started * c.Y_WIDTH
    if day <= law[row + c.Y_PLUS_3]:
        return 0
    if day <= law[row + c.Y_PLUS_6]:
        return 1
    if day < law[row + c.Y_PLUS_12]:
        return 2
    return 3 if day < law[row + c.Y_PLUS_24] else 4


@compiled
def count_case(law, life, counts, closes, rows, row):
    """Count one case that has run to its end or to the last day.

    ``closes`` is the last day that is looked at. The sums of the case are put in ``rows`` from
    ``row`` on.
    """
    counts[law[K_CASES]] += 1
    count_obligations(law, life, counts, closes)
    last = life[c.C_ENDED] if life[c.C_ENDED] > 0 else closes
    if life[c.C_ENDED] == 0:
        count_state(law, life, counts, life[c.C_STATE], max(last, life[c.C_SINCE]))
    for column in range(SUMMED):
        rows[row + column] = 0
    if life[c.C_STARTED] > 0:
        counts[law[K_CASES] + 1] += 1
        count_plan(law, life, counts, last, closes)
        effect = life[c.C_WITHOUT] if life[c.C_WITHOUT] > 0 else last
        rows[row + PLAN_DAYS] = last - life[c.C_STARTED]
        rows[row + LONGEST_GAP] = max(life[c.C_GAP], last - life[c.C_SEEN])
        rows[row + DAYS_TO_EFFECT] = effect - life[c.C_STARTED]
    rows[row + VISITS] = life[c.C_VISITS]
    rows[row + MEETINGS] = life[c.C_MEETINGS]
    rows[row + LATE] = life[c.C_LATE]
    rows[row + MISSED] = life[c.C_MISSED]
    rows[row + ESCALATIONS] = life[c.C_ESCALATIONS]
    rows[row + REFUSED] = life[c.C_REFUSED]
    rows[row + RECORDED] = life[c.C_EVENTS]
    for column in range(SUMMED):
        value = rows[row + column]
        counts[law[K_SUMS] + column] += value
        counts[law[K_SQUARES] + column] += value * value


@compiled
def count_plan(law, life, counts, last, closes):
    """Count a plan in the years in which it began, ran and ended."""
    started, ended = life[c.C_STARTED], life[c.C_ENDED]
    ending = life[c.C_STATE] if ended > 0 else law[c.H_STATES]
    counts[law[K_ENDINGS] + ending] += 1
    week = min((last - started) // 7, WEEKS - 1)
    counts[law[K_LENGTHS] + ending * WEEKS + week] += 1
    before = 0
    for year in range(law[c.H_YEARS_N]):
        until = law[law[c.H_YEARS] + year]
        count_year(law, life, counts, year, before, until)
        before = until
    count_months(law, counts, started, ended, closes)
    if ended == 0 and law[law[c.H_DAYS] + started * c.Y_WIDTH + c.Y_PLUS_3] <= closes:
        counts[law[K_REVIEWED]] += 1
        counts[law[K_REVIEWED] + 1] += reviewed_in_time(law, life, closes)


@compiled
def count_year(law, life, counts, year, before, until):
    """Count a plan in one year to 31 March."""
    started, ended = life[c.C_STARTED], life[c.C_ENDED]
    if before < started <= until:
        counts[law[K_STARTED] + year] += 1
        counts[law[K_SECOND] + year] += life[c.C_SECOND]
        category = year * law[c.H_CATEGORIES_N] + life[c.C_CATEGORY]
        counts[law[K_CATEGORIES] + category] += 1
    if ended > 0 and before < ended <= until:
        counts[law[K_ENDED] + year] += 1
        counts[law[K_ENDED_BANDS] + year * BANDS + band(law, started, ended)] += 1
    if started <= until and (ended == 0 or ended > until):
        counts[law[K_OPEN] + year] += 1
        counts[law[K_OPEN_BANDS] + year * BANDS + band(law, started, until)] += 1


@compiled
def count_months(law, counts, started, ended, closes):
    """Count a plan in each month at whose end it was open."""
    days = law[c.H_DAYS]
    after = law[days + closes * c.Y_WIDTH + c.Y_MONTH] + 1
    if ended > 0:
        after = law[days + ended * c.Y_WIDTH + c.Y_MONTH]
    for month in range(law[days + started * c.Y_WIDTH + c.Y_MONTH], after):
        counts[law[K_MONTHLY] + MONTHLY * month] += 1


@compiled
def reviewed_in_time(law, life, closes):
    """Return 1 if no review of a plan was late, missed or overdue by a day, else 0."""
    at = law[c.H_OBLIGATIONS]
    for one in range(at, at + life[c.C_OBLIGATIONS] * c.O_WIDTH, c.O_WIDTH):
        if law[life[one + c.O_DUTY] + c.D_REVIEW]:
            outcome, due = life[one + c.O_OUTCOME], life[one + c.O_DUE]
            if outcome == c.MET_LATE or outcome == c.MISSED:
                return 0
            if outcome == c.OPEN and 0 <= due < closes:
                return 0
    return 1
