"""Consequences: what an entry would change of what was already decided, owed and reached.

Plain values, so that they can be shown to whoever decides, sent, and named by a digest. How they
are worked out is in :mod:`cpplan.comparing`.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

import attrs

from cpplan.codec import json_converter
from cpplan.decisions import Reason
from cpplan.states import BEFORE_PLAN

if TYPE_CHECKING:
    import cattrs


@attrs.frozen(kw_only=True)
class DecisionChange:
    """An event, or a change of edition, that is now decided otherwise. It stays in the ledger.

    Attributes:
        entry: the entry that first said it.
        on: the day that it is about.
        what: the kind of event, or ``migrated``.
        rule_before, rule_after: the rule that it took and takes; empty where it stands aside, and
            before where it is only brought back.
        reasons_before, reasons_after: what was and is to be said against it; none: it is lawful.
        led_to_before, led_to_after: the state that it led to and leads to; empty where it leads
            nowhere else than it did.
    """

    entry: str
    on: dt.date
    what: str
    rule_before: str
    rule_after: str
    reasons_before: tuple[Reason, ...]
    reasons_after: tuple[Reason, ...]
    led_to_before: str = ""
    led_to_after: str = ""


@attrs.frozen(kw_only=True)
class Owed:
    """How an obligation stands.

    Attributes:
        due_on: the last day on which it is met in time; ``None`` where there is no such day.
        closed_on: the day on which it was met or ended; ``None`` while it is open.
        closed_by: the entry that first told of the event which met or ended it; empty while it is
            open, or where it ended with the edition that it was owed under.
        outcome: how, as :class:`cpplan.obligations.Status` names it; empty while it is open.
    """

    due_on: dt.date | None
    closed_on: dt.date | None = None
    closed_by: str = ""
    outcome: str = ""


@attrs.frozen(kw_only=True)
class DutyChange:
    """An obligation that stands otherwise, was not there before, or is no more.

    Attributes:
        duty: the duty, by its id.
        says: what it asks for.
        cites: its clauses.
        entry: the entry that first told of the event which opened it.
        opened_on: the day on which it was opened.
        before, after: how it stood and stands; ``None`` if it is not there.
        opened_before: the day on which it was opened before, if that was another.
    """

    duty: str
    says: str
    cites: tuple[str, ...]
    entry: str
    opened_on: dt.date
    before: Owed | None
    after: Owed | None
    opened_before: dt.date | None = None

    @property
    def redated(self) -> bool:
        """Whether it is due on another day."""
        if self.before is None or self.after is None:
            return False
        return self.before.due_on != self.after.due_on

    def plainly_by(self, place: str) -> bool:
        """Whether an event does no more here than any new one: opens a duty, or closes an open one.

        Args:
            place: the entry that first told of the event.
        """
        if self.before is None:
            return self.entry == place
        if self.after is None or self.before.outcome or self.redated:
            return False
        return self.after.closed_by == place


@attrs.frozen(kw_only=True)
class Taken:
    """How a step was taken that stands.

    Attributes:
        on: its day.
        by: the entry that first told of the event which took it; empty where it was a change of
            edition, by which what happened before takes it.
    """

    on: dt.date
    by: str = ""


@attrs.frozen(kw_only=True)
class StepChange:
    """A step that stands from another day, did not stand before, or stands no more.

    Attributes:
        step: the step, by its id.
        before, after: how it was taken; ``None`` if it does not stand.
    """

    step: str
    before: Taken | None
    after: Taken | None

    def plainly_by(self, place: str) -> bool:
        """Whether an event does no more here than any new one: takes the step, now or again.

        Args:
            place: the entry that first told of the event.
        """
        was = None if self.before is None else self.before.by
        return self.after is not None and self.after.by == place != was


@attrs.frozen(kw_only=True)
class Consequences:
    """What an entry changes of the rest of its ledger.

    Attributes:
        place: the entry that first told of what is recorded, withdrawn or replaced.
        correcting: whether what is recorded is about an entry that was there: then nothing goes
            without saying.
        state_before, state_after: the state of the plan.
        decisions: what is decided otherwise, and what is brought back though something is to be
            said against it; but not what the entry itself says.
        duties: what is owed otherwise.
        steps: the steps that stand otherwise, of those that the edition now in force knows.
    """

    place: str
    correcting: bool = False
    state_before: str = BEFORE_PLAN
    state_after: str = BEFORE_PLAN
    decisions: tuple[DecisionChange, ...] = ()
    duties: tuple[DutyChange, ...] = ()
    steps: tuple[StepChange, ...] = ()

    @property
    def refused(self) -> tuple[DecisionChange, ...]:
        """What was lawful and would be refused now."""
        return tuple(one for one in self.decisions if one.reasons_after and not one.reasons_before)

    @property
    def accepted(self) -> tuple[DecisionChange, ...]:
        """What was against the procedure and would be accepted now."""
        return tuple(one for one in self.decisions if one.reasons_before and not one.reasons_after)

    @property
    def redated(self) -> tuple[DutyChange, ...]:
        """What is due on another day."""
        return tuple(one for one in self.duties if one.redated)

    @property
    def opened(self) -> tuple[DutyChange, ...]:
        """What was not owed before."""
        return tuple(one for one in self.duties if one.before is None)

    @property
    def no_longer_owed(self) -> tuple[DutyChange, ...]:
        """What was never owed, as the ledger is now."""
        return tuple(one for one in self.duties if one.after is None)

    @property
    def judged_otherwise(self) -> tuple[DutyChange, ...]:
        """What was open, met, late or missed, and is something else of these now."""
        both = (one for one in self.duties if one.before is not None and one.after is not None)
        return tuple(one for one in both if _outcome(one.before) != _outcome(one.after))

    @property
    def steps_lost(self) -> tuple[str, ...]:
        """What no longer stands."""
        return tuple(one.step for one in self.steps if one.after is None)

    @property
    def steps_gained(self) -> tuple[str, ...]:
        """What did not stand."""
        return tuple(one.step for one in self.steps if one.before is None)

    @property
    def needs_accepting(self) -> bool:
        """Whether anything changes but what a new event plainly opens, closes and takes."""
        if self.decisions or self.state_before != self.state_after:
            return True
        changes: tuple[DutyChange | StepChange, ...] = (*self.duties, *self.steps)
        return any(self.correcting or not one.plainly_by(self.place) for one in changes)

    @property
    def digest(self) -> str:
        """A hash over all of it: names these consequences when they are accepted."""
        text = json.dumps(consequences_to_dict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _outcome(owed: Owed | None) -> str:
    return "" if owed is None else owed.outcome


def consequences_to_dict(consequences: Consequences) -> dict[str, Any]:
    """Return consequences as plain data, ready for JSON; what is empty is left out."""
    data: dict[str, Any] = _converter().unstructure(consequences)
    return data


@functools.cache
def _converter() -> cattrs.Converter:
    return json_converter()
