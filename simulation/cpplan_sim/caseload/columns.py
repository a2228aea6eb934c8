"""The places of things in the tables that the compiled functions run, and the small numbers there.

Everything that a procedure and a profile come to stands in one row of whole numbers, ``law``; the
case that is running in another, ``life``. A move, a need, a duty, an act is known by where it
begins: ``law[move + M_TARGET]`` is the state that the move leads to. A step, a count and what is
owed are known by where they stand in ``life``. Holds the names of the offsets, nothing else.
"""

from __future__ import annotations

NONE = -1
"""No such thing: no day, no move, no table."""

NEVER = 2**30
"""A day that does not come."""

# What a day that an event gives is counted from.
ON, BIRTH, NAMED, ABSENT = range(4)

# Kinds of need. TRUE and FALSE are settled by what the event says.
FALSE, TRUE, STEP, NO_STEP, EARLIEST, LATEST, COVERS, ANY = range(8)

# The head of the law: where its parts stand, and how many there are. K_: where counts stand.
(
    H_STATES,
    H_STEPS,
    H_SAYINGS,
    H_DUTIES,
    H_DUTIES_END,
    H_ACTS,
    H_ACTS_END,
    H_SAYS,
    H_SAYS_WIDTH,
    H_TALLIES,
    H_DAYS,
    H_LAST_DAY,
    H_STAGES,
    H_SETTER,
    H_CLEARER,
    H_BEGINS,
    H_BEGINS_N,
    H_YEARS,
    H_YEARS_N,
    H_SAID,
    H_CODES,
    H_DIARY,
    H_DIARY_END,
    H_OBLIGATIONS,
    H_OBLIGATIONS_END,
    H_LOG,
    H_LOG_END,
    H_AGES,
    H_AGES_N,
    H_CATEGORIES,
    H_CATEGORIES_N,
    H_SIBLINGS,
    H_SIBLINGS_N,
    H_HERE,
    H_COUNTS,
) = range(35)
H_WIDTH = 64
"""Counts are numbered from ``H_COUNTS``, in the order of :mod:`cpplan_sim.caseload.counting`."""

# A need: its kind, what it asks for, and the code of the refusal.
N_KIND, N_A, N_B, N_C, N_CODE, N_WIDTH = range(6)

# A move: one edge for one saying. Two places in turn: where a list begins, and how long it is.
(
    M_EDGE,
    M_TARGET,
    M_GIVEN,
    M_GIVEN_N,
    M_ANY,
    M_ANY_N,
    M_NONE,
    M_NONE_N,
    M_NEEDS,
    M_NEEDS_N,
    M_SETS,
    M_SETS_N,
    M_CLEARS,
    M_CLEARS_N,
    M_EFFECTS,
    M_EFFECTS_N,
    M_FOLLOW,
    M_FOLLOW_N,
    M_ENDS,
    M_IN_EFFECT,
    M_CHANGES,
    M_WIDTH,
) = range(22)

# A saying. From S_PLACE on, for each state: its first move, how many, the code if none applies.
S_NUMBER, S_KIND, S_SAID, S_TALLIES, S_TALLIES_N, S_SEEN, S_CLASS, S_NEEDS_BIRTH, S_PLACE = range(9)
S_PER_STATE = 3

# Classes of event for a team's day.
OTHER, VISIT, MEETING = range(3)

# An effect: what an event does to one duty.
(
    E_DUTY,
    E_MEETS,
    E_DUE_AT,
    E_UNTIL,
    E_AGREES,
    E_OPENS,
    E_OPENS_BY,
    E_EXPECTED,
    E_NAMES,
    E_WIDTH,
) = range(10)

# A duty.
(
    D_NUMBER,
    D_TABLE,
    D_UNCHOSEN,
    D_RECURS,
    D_OUTLIVES,
    D_EARLIER,
    D_ALLOWED,
    D_REVIEW,
    D_ACT,
    D_OWED,
    D_KEEPING,
    D_WIDTH,
) = range(12)

# How a duty is kept, in ``odds``: shares, the part of its time that is used; two tables of waits.
K_ON_TIME, K_FROM, K_TO, K_NEVER, K_LATE, K_UNSTATED, K_WIDTH = range(7)

# An act.
(
    A_CAUSE,
    A_PURPOSE,
    A_STATES,
    A_CHANCE,
    A_CHANCE_N,
    A_OTHERWISE,
    A_LEAST,
    A_MOST,
    A_WAIT,
    A_AGE,
    A_DUTIES,
    A_DUTIES_N,
    A_INSTEAD,
    A_INSTEAD_N,
    A_VARIANTS,
    A_VARIANTS_N,
    A_BIRTH,
    A_SAYS,
    A_SPOILT,
    A_PLAN,
    A_DAY,
    A_CLASS,
    A_WIDTH,
) = range(23)

# What makes an act happen, as in :class:`cpplan_sim.caseload.acts.Cause`.
DUTY, MONTHLY, FOLLOWS, AGE, LACK, AT_RANDOM = range(6)

# A period: the first day that it is worked out for, the day after the last, then a day for each.
T_FIRST, T_END, T_DAYS = range(3)

# What the calendar says of a day.
Y_WORKING, Y_NEXT, Y_BEFORE, Y_MONTH, Y_PLUS_3, Y_PLUS_6, Y_PLUS_12, Y_PLUS_24, Y_WIDTH = range(9)

# Stages that are told apart.
STAGE_OTHER, STAGE_ACTIVE, STAGE_ESCALATED, STAGE_REVIEW, STAGE_ENDED = range(5)

# An obligation: one case of a duty.
(
    O_DUTY,
    O_ANCHOR,
    O_DUE,
    O_OPENED_BY,
    O_OPENED_ON,
    O_CLOSED_BY,
    O_CLOSED_ON,
    O_OUTCOME,
    O_COUNT,
    O_NEXT,
    O_PLANNED,
    O_WIDTH,
) = range(12)

# Outcomes of an obligation. DROPPED was never owed: what replaced it is.
OPEN, MET, MET_LATE, MISSED, LAPSED, UNDECIDABLE, DROPPED = range(7)

# What a case keeps for each duty.
W_HEAD, W_TAIL, W_TABLE, W_EARLY, W_OPENED, W_KEPT, W_DECIDED, W_WIDTH = range(8)

# What a case keeps for each act, beside the day in the diary.
P_ASKED, P_DONE, P_TRIES, P_DID, P_SEEN, P_WIDTH = range(6)

# What a case keeps of itself. The steps follow.
(
    C_CASE,
    C_STATE,
    C_LAST,
    C_EVENTS,
    C_OPENED,
    C_STARTED,
    C_ENDED,
    C_BORN,
    C_OBLIGATIONS,
    C_REFUSED,
    C_VISITS,
    C_MEETINGS,
    C_SEEN,
    C_GAP,
    C_LATE,
    C_MISSED,
    C_ESCALATIONS,
    C_SINCE,
    C_WITHOUT,
    C_CODES,
    C_FAULT,
    C_LOGGED,
    C_CATEGORY,
    C_SIBLINGS,
    C_SECOND,
    C_UNBORN,
    C_SET_OUT,
    C_WIDTH,
) = range(28)

# Faults: a case could not be run to its end.
NO_FAULT, OUTSIDE, TOO_MUCH, TOO_LONG = range(4)

# An entry of the log. The codes of a refusal stand last, as many as there is room for.
L_SAYING, L_DAY, L_NAMED, L_EDGE, L_STATE, L_CODES_N, L_CODES = range(7)
L_WIDTH = 39

# Figures of a profile as a whole, first in ``odds``.
(
    F_TOO_EARLY,
    F_LEFT_OUT,
    F_PREPARE_LEAST,
    F_PREPARE_MOST,
    F_BIRTH_RECORDED,
    F_UNBORN,
    F_EARLIER_PLAN,
    F_ENDING,
    F_WIDTH,
) = range(9)
