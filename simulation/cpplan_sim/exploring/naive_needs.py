"""Whether needs are met, judged apart from the kernel: the steps, lists and days counted here.

A second answer to what a rule asks for. Periods are counted one day at a time
(:mod:`cpplan_sim.exploring.naive_dates`). Tests on single fields are the pack's own, and the
kernel's: whether "at most 15" is judged rightly is for the tests of :mod:`cpplan.fields`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

from cpplan.events import Event
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan_sim.exploring.naive_dates import ONE_DAY, NaiveDates


class Known(Protocol):
    """What is known of a plan when an event is judged."""

    @property
    def standing(self) -> Mapping[str, dt.date]:
        """The steps that stand, with their days."""

    @property
    def happened(self) -> Sequence[Event]:
        """The events recorded, oldest first."""


class UnknownNeedError(TypeError):
    """There is a kind of need that nothing here can judge."""


def is_met(need: Need, event: Event, known: Known, dates: NaiveDates) -> bool:
    """Return whether an event meets a need.

    Raises:
        UnknownNeedError: the need is of a kind not known here.
    """
    match need:
        case StepNeed():
            return need.step in known.standing
        case NoStepNeed():
            return need.step not in known.standing
        case RoleNeed():
            return any(role is event.by for role in need.roles)
        case FieldNeed():
            return need.test.holds(event)
        case EarliestNeed():
            return _has_run(need, event.on, known, dates)
        case LatestFieldNeed():
            return _in_time(need, event, known, dates)
        case CoversNeed():
            return _covers(need, event, known)
        case AnyNeed():
            return any(is_met(one, event, known, dates) for one in need.needs)
    raise UnknownNeedError(f"no second answer to a {type(need).__name__}: {need.code}")


def _has_run(need: EarliestNeed, on: dt.date, known: Known, dates: NaiveDates) -> bool:
    if need.step not in known.standing:
        return False
    last = dates.after(known.standing[need.step], need.value)
    return on - ONE_DAY >= last if need.day_after else on >= last


def _in_time(need: LatestFieldNeed, event: Event, known: Known, dates: NaiveDates) -> bool:
    told = need.read(event)
    if told is None or need.step not in known.standing:
        return False
    return bool(told <= dates.after(known.standing[need.step], need.value))


def _covers(need: CoversNeed, event: Event, known: Known) -> bool:
    """Return whether a list leaves out nothing that the last such event listed, and it did list."""
    earlier = [one for one in known.happened if one.kind == need.event]
    wanted = need.read_earlier(earlier[-1]) if earlier else None
    told = need.read(event) or ()
    return bool(wanted) and all(item in told for item in wanted or ())
