"""Comparing: what differs between a ledger replayed with an entry and without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cpplan.calendars import CalendarRangeError
from cpplan.consequences import (
    Consequences,
    DecisionChange,
    DutyChange,
    Owed,
    StepChange,
    Taken,
)
from cpplan.entries import Migrated
from cpplan.states import BEFORE_PLAN

if TYPE_CHECKING:
    import datetime as dt

    from cpplan.decisions import Reason
    from cpplan.obligations import Obligation
    from cpplan.replaying import Turn


def compared(
    place: str, before: Sequence[Turn], after: Sequence[Turn], *, by: str = ""
) -> Consequences:
    """Return what differs between two replays of one ledger.

    Args:
        place: the entry that first told of what makes the difference.
        before: the turns without it.
        after: the turns with it.
        by: the entry that makes the difference; what it says itself is judged elsewhere. Empty if
            there is none.
    """
    return Consequences(
        place=place,
        correcting=by not in ("", place),
        state_before=_state(before),
        state_after=_state(after),
        decisions=tuple(_decisions(place, before, after, by)),
        duties=tuple(_duties(before, after)),
        steps=tuple(_steps(before, after)),
    )


def _state(turns: Sequence[Turn]) -> str:
    return turns[-1].after.state if turns else BEFORE_PLAN


def _decisions(
    place: str, before: Sequence[Turn], after: Sequence[Turn], by: str
) -> Iterator[DecisionChange]:
    formerly = {turn.standing.place: turn for turn in before}
    said = {turn.standing.entry.id for turn in before} | {by}
    for turn in after:
        if turn.standing.place == place:
            if turn.reasons and turn.standing.entry.id not in said:
                yield _decision(None, turn)
            continue
        was = formerly.get(turn.standing.place)
        if was is not None and _decided(was) != _decided(turn):
            yield _decision(was, turn)


def _decided(turn: Turn) -> tuple[tuple[Reason, ...], str, str]:
    return turn.reasons, turn.rule, _led_to(turn)


def _led_to(turn: Turn) -> str:
    """Return the state that it led to; empty if it left the plan in the one it was in."""
    return "" if turn.after.state == turn.before.state else turn.after.state


def _decision(was: Turn | None, turn: Turn) -> DecisionChange:
    entry = turn.standing.entry
    led = ("" if was is None else _led_to(was)), _led_to(turn)
    elsewhere = was is not None and led[0] != led[1]
    return DecisionChange(
        entry=turn.standing.place,
        on=turn.on,
        what=entry.kind if isinstance(entry, Migrated) else entry.event.kind,
        rule_before="" if was is None else was.rule,
        rule_after=turn.rule,
        reasons_before=() if was is None else was.reasons,
        reasons_after=turn.reasons,
        led_to_before=led[0] if elsewhere else "",
        led_to_after=led[1] if elsewhere else "",
    )


def _steps(before: Sequence[Turn], after: Sequence[Turn]) -> Iterator[StepChange]:
    formerly, now = _taken(before), _taken(after)
    known = after[-1].after.procedure.steps if after else formerly
    for step in sorted(formerly.keys() | now.keys()):
        was, is_ = formerly.get(step), now.get(step)
        if _day(was) != _day(is_) and (step in now or step in known):
            yield StepChange(step=step, before=was, after=is_)


def _day(taken: Taken | None) -> dt.date | None:
    return None if taken is None else taken.on


def _taken(turns: Sequence[Turn]) -> Mapping[str, Taken]:
    """Return the steps that stand in the end, each with what took it."""
    by: dict[str, str] = {}
    for turn in turns:
        moved = isinstance(turn.standing.entry, Migrated)
        for step, on in turn.after.steps.items():
            if turn.before.steps.get(step) != on:
                by[step] = "" if moved else turn.standing.place
    stand = turns[-1].after.steps if turns else {}
    return {step: Taken(on=on, by=by[step]) for step, on in stand.items()}


Case = tuple[str, str, int]
"""An obligation: its duty, the place of the event that opened it, and which of several it is."""


def _duties(before: Sequence[Turn], after: Sequence[Turn]) -> Iterator[DutyChange]:
    formerly, now = _formerly(before), _cases(after)
    for case in (*formerly, *(case for case in now if case not in formerly)):
        was, is_ = formerly.get(case), now.get(case)
        one, _ = is_ or was  # type: ignore[misc]  # one of them is there
        again = was is not None and was[0].opened_on != one.opened_on
        if again or _owed(was) != _owed(is_):
            yield DutyChange(
                duty=one.duty.id,
                says=one.duty.says,
                cites=one.duty.cites,
                entry=case[1],
                opened_on=one.opened_on,
                opened_before=was[0].opened_on if was is not None and again else None,
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
