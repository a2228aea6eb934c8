"""Moments: what a timeline shows, each with its words; the drawing adds nothing to them."""

from __future__ import annotations

import datetime as dt
import enum

import attrs


class Kind(enum.Enum):
    """What sort of thing happens on a day. The value is the word that the picture says it with.

    So that no sign is told by its colour alone; an empty one needs no word.
    """

    RECORDED = ""
    REFUSED = "refused"
    STATE = "state"
    OPENED = "opened"
    DUE = "due"
    MET = "met"
    MET_LATE = "met late"
    OVERDUE = "overdue"
    MISSED = "missed"
    LAPSED = "lapsed"
    UNDECIDABLE = "undecidable"
    HOLIDAY = "no working day"


@attrs.frozen
class Mark:
    """Something on one day.

    Attributes:
        date: the day.
        label: what it is, in plain words; wrapped where it is long.
        kind: what sort of thing it is, which gives it its shape and word.
        link: where its label leads to; empty for nowhere. As the site sees it (``.html``).
        note: a second, smaller line, as what a duty waits for; empty for none.
    """

    date: dt.date
    label: str
    kind: Kind = Kind.RECORDED
    link: str = ""
    note: str = ""


@attrs.frozen
class Band:
    """Something that lasts, as a state of the plan: drawn beside the axis, told where it begins.

    Attributes:
        first: the day on which it begins.
        last: the day on which it ends.
        label: what it is.
        link: where its label leads to; empty for nowhere. As the site sees it (``.html``).
    """

    first: dt.date
    last: dt.date
    label: str
    link: str = ""
