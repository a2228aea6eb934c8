"""What both programs written by hand simulate: the main process of the composite, in figures.

The figures are those of ``england-2024`` and of the composite, written down again as whoever writes
one process by hand would. What is in it, and how far it keeps to the engine, is told in
``benchmarks/README.md``.
"""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
import numpy.typing as npt

from cpplan import Procedure
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.day_tables import Span, calendar_table

NEVER = 2**30
SPAN = Span(dt.date(2019, 4, 1), dt.date(2024, 3, 31))
LAST = SPAN.number(SPAN.closes) + 1
"""What is later than that is as good as never."""
PLAN_MADE = 0.85965
ENDS = (0.15, 0.52, 0.58, 0.6)
"""Chance that the first, second, third, and any later review ends the plan."""

EVENTS = (
    "enquiry-visit-made",
    "initial-conference-arranged",
    "conference-report-shared",
    "initial-conference-opened",
    "core-group-held",
    "core-group-recorded",
    "notes-circulated",
    "agreement-signed",
    "signatories-given-copies",
    "detailed-plan-agreed",
    "plan-put-into-effect",
    "visit-made",
    "supervision-held",
    "review-conference-arranged",
    "review-conference-opened",
    "invitation-list-updated",
    "parents-told",
    "child-given-copy",
    "parents-given-plan",
    "assessment-started",
    "assessment-completed",
    "family-files-read",
    "absence-notified",
    "escalation-resolved",
    "receiving-conference-held",
    "plan-ended-by-looked-after-letter",
    "plan-ended-by-move",
    "initial-conference-decided",
    "review-conference-decided",
    "visit-failed",
    # From here on in the order of HAZARDS.
    "escalation-raised",
    "difficulty-reported",
    "seeing-alone-refused",
    "incident-occurred",
    "circumstances-changed",
    "commitment-undeliverable",
    "core-group-rescheduled",
    "plan-changed",
    "lead-worker-absent",
    "dispute-raised",
    "review-conference-called",
    "move-notified",
    "child-became-looked-after",
    "child-left-jurisdiction",
)
(
    ENQUIRY,
    ARRANGED,
    REPORT,
    OPENED,
    GROUP,
    RECORD,
    NOTES,
    SIGN,
    COPIES,
    DETAIL,
    EFFECT,
    VISIT,
    SUPERVISION,
    REVIEW_SET,
    REVIEW,
    INVITED,
    TOLD,
    CHILD_COPY,
    PARENT_COPY,
    STARTED,
    ASSESSED,
    FILES,
    TELL,
    RESOLVE,
    RECEIVE,
    LETTER,
    MOVED,
    DECIDED,
    REVIEWED,
    FAILED,
    RAISED,
    REPORTED,
    REFUSED,
    INCIDENT,
    CHANGED,
    UNDELIVERABLE,
    RESCHEDULED,
    REPLANNED,
    ABSENT,
    DISPUTED,
    CALLED,
    MOVES,
    LOOKED_AFTER,
    LEFT,
) = range(len(EVENTS))

HAZARDS = (0.051, 0.05, 0.01, 0.03, 0.06, 0.03, 0.08, 0.05, 0.2, 0.018, 0.02, 0.007, 0.014, 0.0008)
"""A month, from RAISED on."""

URGENT = 0.033 / 0.051
"""Share of escalations that ask for a review: obstacles, non-compliance, changed risk."""

VISITS_FAIL, TRIED_AGAIN = 0.07, 0.9
NOT_HOME, NOT_ALONE, NO_BEDROOM = 0.13, 0.07, 0.12
"""Shares of visits; they exclude one another."""

AGREED = 8
"""Days between visits once a plan is detailed; set so that as many visits are made."""
INCLUDED, ALL_SIGNED = 0.88, 0.85
LETTER_AGREED = 0.8

DUTIES = (
    "enquiry-visit",
    "report-before-initial-conference",
    "report-before-review",
    "first-core-group",
    "later-core-group",
    "record-core-group",
    "circulate-notes",
    "return-signed-agreement",
    "copies-for-signatories",
    "detailed-plan",
    "put-into-effect",
    "visit",
    "alone",
    "bedroom",
    "first-review",
    "later-review",
    "early-review",
    "invitation-list",
    "parents-told",
    "copy-for-child",
    "plan-for-parents",
    "assessment",
    "family-files",
    "tell-of-absence",
    "receiving-conference",
    "looked-after-letter",
)
(
    D_ENQUIRY,
    D_REPORT,
    D_REVIEW_REPORT,
    D_FIRST_GROUP,
    D_GROUP,
    D_RECORD,
    D_NOTES,
    D_SIGN,
    D_COPIES,
    D_DETAIL,
    D_EFFECT,
    D_VISIT,
    D_ALONE,
    D_BEDROOM,
    D_FIRST_REVIEW,
    D_REVIEW,
    D_EARLY_REVIEW,
    D_INVITED,
    D_TOLD,
    D_CHILD_COPY,
    D_PARENT_COPY,
    D_ASSESSED,
    D_FILES,
    D_TELL,
    D_RECEIVE,
    D_LETTER,
) = range(len(DUTIES))

_OTHERS, _GROUP = (0.82, 0.75, 6, 0.04, 10), (0.85, 0.93, 9, 0.01, 10)
_MINUTES, _SIGNED = (0.65, 0.75, 8, 0.04, 10), (0.6, 0.75, 12, 0.12, 10)
_REVIEW = (0.95, 0.92, 14, 0.002, 10)
KEPT = np.array(
    [
        (0.9, 0.75, 6, 0.04, 10),
        _OTHERS,
        _OTHERS,
        _GROUP,
        _GROUP,
        _MINUTES,
        _MINUTES,
        _SIGNED,
        _SIGNED,
        (0.85, 0.95, 6, 0.01, 10),
        (0.9, 0.75, 3, 0.01, 10),
        (0.85, 0.9, 4, 0.01, 10),
        (0.82, 0.75, 6, 0.02, 10),
        _OTHERS,
        (0.95, 0.95, 14, 0.002, 10),
        _REVIEW,
        _OTHERS,
        _REVIEW,
        _OTHERS,
        _OTHERS,
        _OTHERS,
        (0.83, 0.75, 6, 0.02, 40),
        (0.83, 0.75, 6, 0.02, 40),
        _OTHERS,
        (0.7, 0.75, 14, 0.04, 10),
        (0.7, 0.75, 6, 0.04, 10),
    ]
)
"""By duty: share on time, share of the time used, days late, share never done, days if unstated."""

_AGAIN = (D_ENQUIRY, D_GROUP, D_VISIT, D_ALONE, D_BEDROOM, D_REVIEW)
RECURS = np.array([duty in _AGAIN for duty in range(len(DUTIES))])
"""By duty, whether what is met is owed again."""

DOES = np.array(
    [
        *(ENQUIRY, REPORT, REPORT, GROUP, GROUP, RECORD, NOTES, SIGN, COPIES, DETAIL, EFFECT),
        *(VISIT, VISIT, VISIT, REVIEW, REVIEW, REVIEW, INVITED, TOLD, CHILD_COPY, PARENT_COPY),
        *(ASSESSED, FILES, TELL, RECEIVE, LETTER),
    ]
)
"""By duty, the event that meets it."""

MET, LATE, MISSED, LAPSED, OPEN = range(5)
BY_REVIEW, BY_LETTER, BY_MOVE, BY_LEAVING, NO_PLAN, STILL_OPEN = range(6)
ENDINGS = ("ended.rcpc", "ended.looked-after", "ended.move", "ended.left-jurisdiction")


@attrs.frozen
class Days:
    """The calendar as rows by the number of a day; periods in working days by how many."""

    opens: int
    closes: int
    after: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    months_3: npt.NDArray[np.int64]
    months_6: npt.NDArray[np.int64]
    working: npt.NDArray[np.int64]
    """The days that are worked."""
    rank: npt.NDArray[np.int64]
    """By day, how many days are worked up to it."""


def days_of(procedure: Procedure) -> Days:
    """Return the calendar of a procedure for the days of a run."""
    rows = np.array(calendar_table(SPAN, procedure.calendar), dtype=np.int64)
    rows = rows.reshape(-1, c.Y_WIDTH)
    return Days(
        SPAN.number(SPAN.opens),
        SPAN.number(SPAN.closes),
        rows[:, c.Y_NEXT].copy(),
        rows[:, c.Y_BEFORE].copy(),
        rows[:, c.Y_PLUS_3].copy(),
        rows[:, c.Y_PLUS_6].copy(),
        np.flatnonzero(rows[:, c.Y_WORKING] == 1),
        np.cumsum(rows[:, c.Y_WORKING] == 1),
    )
