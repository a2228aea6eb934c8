"""What a behaviour profile is made of: figures and what they stand on, happenings, punctuality.

Holds finished values only, and nothing of any procedure. They are read and checked in the modules
beside this one; what they come to, day by day, is the engine's business.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import attrs


class Basis(enum.StrEnum):
    """What a figure stands on."""

    PUBLISHED = "published"
    ASSUMED = "assumed"
    FITTED = "fitted"
    SET = "set for this run"


@attrs.frozen
class Source:
    """A published table of one year, by the name that figures cite."""

    id: str
    table: str
    year: int
    says: str


@attrs.frozen
class Figure:
    """One figure of a profile.

    Attributes:
        value: the number.
        says: where it comes from, why it is plausible, or what it is fitted to.
        origin: which of these.
        source: the source, of a published one.
    """

    value: float
    says: str
    origin: Basis
    source: str = ""


@attrs.frozen
class Days:
    """A time in calendar days, drawn anew each time.

    Attributes:
        least, most: any whole number of days from one to the other is as likely as the next.
        mean: if there is one: the mean of a geometric distribution over 0, 1, 2 and so on, and
            ``least`` and ``most`` count for nothing.
    """

    least: int = 0
    most: int = 0
    mean: float | None = None


@attrs.frozen
class Band:
    """The share of children from one birthday up to, and without, another."""

    from_: int
    to: int
    share: float


@attrs.frozen(kw_only=True)
class Child:
    """The children of a caseload.

    Attributes:
        ages: at the initial conference, of those who are born.
        unborn: the share on a plan from before birth.
        categories: shares by the category of harm that a plan begins under; ``multiple`` is
            several at once.
        siblings: shares by the number of children of the household on a plan, the child included.
        earlier_plan: the share whose plan is a second or later one.
        birth_recorded: the share of conferences on a child who is born that record when.
    """

    ages: tuple[Band, ...]
    unborn: float
    categories: Mapping[str, float]
    siblings: Mapping[int, float]
    earlier_plan: float
    birth_recorded: float


@attrs.frozen(kw_only=True)
class Punctual:
    """How a duty is kept.

    Attributes:
        on_time: the share done by the last day.
        share_of_time: the mean share of the time there is that is used when on time.
        days_late: the mean of days late, of what is late.
        never: the share never done.
        unstated_days: the mean of days taken where the duty states no time.
    """

    on_time: float
    share_of_time: float
    days_late: float
    never: float
    unstated_days: float


@attrs.frozen(kw_only=True)
class Trigger:
    """What something follows.

    Attributes:
        event: a kind of event; empty where it is the entry into a state.
        when: fields of it with the values that count.
        without: fields of it that have to be missing.
        takes: a step that has to be taken with it; any or none if empty.
        enters: the states of which one has to be entered. A case begins by entering before-plan.
    """

    event: str = ""
    when: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)
    without: tuple[str, ...] = ()
    takes: str = ""
    enters: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Happening:
    """Something that happens, or is done, although no duty asks for it.

    What is due on one day happens in the order in which the profile has it. Exactly one of
    ``each_month``, ``follows``, ``at_age`` and ``instead_of`` is there. What is followed again
    before it has come about is counted anew: it comes once.

    Attributes:
        id: its name.
        says: what happens, in a sentence.
        event: the kind of event recorded.
        when: values that its fields then have, before any other content.
        states: the states in which it can happen; on a day in another it is left out.
        each_month: how often in a month of 30 days in those states.
        follows: what it follows.
        at_age: the birthday that it follows.
        instead_of: the kind of event that it takes the place of, each time that one is tried.
        chance: how likely, by how many times it has been followed; the last one repeats.
        otherwise: the happening, after the same, in whose place it comes: it has no chance of its
            own, and happens each time that the other does not.
        days: how long after.
        unless_duty: whether it is left out where the procedure has a duty that its event meets
            and that one of ``opened_by`` opens. What meets a recurring duty opens it anew.
        opened_by: kinds of event; if there are none, what it follows.
    """

    id: str
    says: str
    event: str
    when: Mapping[str, Any]
    states: tuple[str, ...]
    each_month: float | None = None
    follows: Trigger | None = None
    at_age: int | None = None
    instead_of: str = ""
    chance: tuple[float, ...] = (1.0,)
    otherwise: str = ""
    days: Days = attrs.field(factory=Days)
    unless_duty: bool = False
    opened_by: tuple[str, ...] = ()


@attrs.frozen
class Content:
    """A share of the events of a kind that say something else than at their best, and what."""

    share: float
    with_: Mapping[str, Any]
    says: str = ""


@attrs.frozen(kw_only=True)
class Attempts:
    """How often somebody tries what the rules refuse.

    Attributes:
        too_early: the share of occasions on which a step is not ready and is recorded all the same.
        left_out: the share of records that first leave out something required.
        at_random: attempts in a month at anything at all.
        ending: of those that the rules would let end the plan, the share that does.
    """

    too_early: float
    left_out: float
    at_random: float
    ending: float


class First(enum.StrEnum):
    """Who is seen first where not all can be."""

    MOST_OVERDUE = "most-overdue"
    HIGHEST_RISK = "highest-risk"
    NEWEST = "newest"


@attrs.frozen(kw_only=True)
class Team:
    """What one social worker can do.

    Attributes:
        visits_per_day: visits on a working day.
        meetings_per_day: meetings on a working day.
        absent: the share of working days away.
        first: who is seen first.
        takes_a_visit: kinds of event that take the time of a visit.
        takes_a_meeting: kinds of event that take the time of a meeting.
    """

    visits_per_day: float
    meetings_per_day: float
    absent: float
    first: First
    takes_a_visit: tuple[str, ...]
    takes_a_meeting: tuple[str, ...]
