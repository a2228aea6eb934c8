"""Consequences: what an entry would change of what was already decided, owed and reached.

Worked out by replaying a ledger with and without the entry and comparing the two. Plain values, so
that they can be shown to whoever decides, sent, and named by a digest.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from cpplan.calendars import CalendarRangeError
from cpplan.codec import json_converter
from cpplan.decisions import Reason
from cpplan.entries import Migrated
from cpplan.states import BEFORE_PLAN

if TYPE_CHECKING:
    import cattrs

    from cpplan.obligations import Obligation
    from cpplan.replaying import Turn


@attrs.frozen(kw_only=True)
class DecisionChange:
    """An event, or a change of edition, that is now decided otherwise. It stays in the ledger.

    Attributes:
        entry: the entry that first said it.
        on: the day that it is about.
        what: the kind of event, or ``migrated``.
        rule_before, rule_after: the rule that it took and takes; empty where it stands aside.
        reasons_before, reasons_after: what was and is to be said against it; none: it is lawful.
    """

    entry: str
    on: dt.date
    what: str
    rule_before: str
    rule_after: str
    reasons_before: tuple[Reason, ...]
    reasons_after: tuple[Reason, ...]


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
    """

    duty: str
    says: str
    cites: tuple[str, ...]
    entry: str
    opened_on: dt.date
    before: Owed | None
    after: Owed | None

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
class Consequences:
    """What an entry changes of the rest of its ledger.

    Attributes:
        place: the entry that first told of what is recorded, withdrawn or replaced.
        state_before, state_after: the state of the plan.
        decisions: what is decided otherwise, but for the place itself.
        duties: what is owed otherwise.
    """

    place: str
    state_before: str = BEFORE_PLAN
    state_after: str = BEFORE_PLAN
    decisions: tuple[DecisionChange, ...] = ()
    duties: tuple[DutyChange, ...] = ()

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
    def needs_accepting(self) -> bool:
        """Whether anything changes but what the event itself plainly opens and closes."""
        if self.decisions or self.state_before != self.state_after:
            return True
        return not all(one.plainly_by(self.place) for one in self.duties)

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


def compared(place: str, before: Sequence[Turn], after: Sequence[Turn]) -> Consequences:
    """Return what differs between two replays of one ledger.

    Args:
        place: the entry that first told of what makes the difference.
        before: the turns without it.
        after: the turns with it.
    """
    return Consequences(
        place=place,
        state_before=_state(before),
        state_after=_state(after),
        decisions=tuple(_decisions(place, before, after)),
        duties=tuple(_duties(before, after)),
    )


def _state(turns: Sequence[Turn]) -> str:
    return turns[-1].after.state if turns else BEFORE_PLAN


def _decisions(
    place: str, before: Sequence[Turn], after: Sequence[Turn]
) -> Iterator[DecisionChange]:
    formerly = {turn.standing.place: turn for turn in before}
    for turn in after:
        was = formerly.get(turn.standing.place)
        if was is None or turn.standing.place == place:
            continue
        if (was.reasons, was.rule) != (turn.reasons, turn.rule):
            yield _decision(was, turn)


def _decision(was: Turn, turn: Turn) -> DecisionChange:
    entry = turn.standing.entry
    return DecisionChange(
        entry=turn.standing.place,
        on=turn.on,
        what=entry.kind if isinstance(entry, Migrated) else entry.event.kind,
        rule_before=was.rule,
        rule_after=turn.rule,
        reasons_before=was.reasons,
        reasons_after=turn.reasons,
    )


Case = tuple[str, str, int]
"""An obligation: its duty, the place of the event that opened it, and which of several it is."""


def _duties(before: Sequence[Turn], after: Sequence[Turn]) -> Iterator[DutyChange]:
    formerly, now = _formerly(before), _cases(after)
    for case in (*formerly, *(case for case in now if case not in formerly)):
        was, is_ = formerly.get(case), now.get(case)
        one, _ = is_ or was  # type: ignore[misc]  # one of them is there
        if _owed(was) != _owed(is_):
            yield DutyChange(
                duty=one.duty.id,
                says=one.duty.says,
                cites=one.duty.cites,
                entry=case[1],
                opened_on=one.opened_on,
                before=_owed(was),
                after=_owed(is_),
            )


def _formerly(turns: Sequence[Turn]) -> Mapping[Case, tuple[Obligation, str]]:
    """Return every obligation; none if a day in the ledger kept all of them from being reckoned.

    Then what takes that day out opens them all, and is told so.
    """
    try:
        return _cases(turns)
    except (CalendarRangeError, OverflowError):
        return {}


def _cases(turns: Sequence[Turn]) -> Mapping[Case, tuple[Obligation, str]]:
    """Return every obligation, with the place of the event that closed it."""
    if not turns:
        return {}
    told = [turn for turn in turns if not turn.aside]
    places = [t.standing.place for t in told if not isinstance(t.standing.entry, Migrated)]
    counted: Counter[tuple[str, str]] = Counter()
    found = {}
    for one in turns[-1].after.obligations:
        opened = (one.duty.id, places[one.opened_by])
        closed = "" if one.closed_by is None else places[one.closed_by]
        found[*opened, counted[opened]] = one, closed
        counted[opened] += 1
    return found


def _owed(case: tuple[Obligation, str] | None) -> Owed | None:
    if case is None:
        return None
    one, closed_by = case
    return Owed(
        due_on=one.due_on,
        closed_on=one.closed_on,
        closed_by=closed_by,
        outcome="" if one.outcome is None else one.outcome.value,
    )
