"""Telling what differs between two procedures: lines for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cpplan import Plan, Procedure
from cpplan.duties import Duty, Limit
from cpplan.events import Event
from cpplan.obligations import Obligation
from cpplan_sim.differing.dueness import Due
from cpplan_sim.differing.effects import Effects
from cpplan_sim.differing.naming import called, told_of
from cpplan_sim.differing.parting import Fate, NotFound, Parting, Partings
from cpplan_sim.differing.statements import Difference, Sort
from cpplan_sim.monitors import Moment
from cpplan_sim.story import Line, Tone
from cpplan_sim.taking import retold

PLURAL = {
    Sort.VALUE: "figures",
    Sort.RULE: "rules",
    Sort.DUTY: "duties",
    Sort.RECORD: "fields wanted",
    Sort.REQUIREMENT: "requirements",
    Sort.POSSIBILITY: "things that must stay possible",
}
"""What each sort of statement is called."""

LIMITS = {
    Limit.WITHIN: "within {}",
    Limit.EVERY: "every {}",
    Limit.BEFORE: "{} before",
    Limit.EVERY_EVENTS: "once in {}",
    Limit.BEFORE_EVENT: "before an event",
    Limit.UNSTATED: "no time stated",
}
"""How a duty says by when, with its figure."""

_INDENT = " " * 12


def lines(found: Effects) -> Iterator[Line]:
    """Tell all of it: words first, then the histories."""
    one, other = _names(found)
    yield Line(Tone.TITLE, f"{one}  against  {other}")
    yield from _head(found)
    yield from _calendars(found)
    for sort in Sort:
        yield from _of_sort(found, sort, [one for one in found.differences if one.sort is sort])
    yield from _partings(found.one_allows, found.one, found.other)
    yield from _partings(found.other_allows, found.other, found.one)
    yield from _dues(found)


def _names(found: Effects) -> tuple[str, str]:
    return called(found.one, found.other), called(found.other, found.one)


def _head(found: Effects) -> Iterator[Line]:
    """Tell in what the two differ as a whole."""
    one, other = told_of(found.one), told_of(found.other)
    for what in one:
        if one[what] != other[what]:
            told = f"{words(what)}: {one[what] or 'not given'}; {other[what] or 'not given'}"
            yield Line(Tone.QUIET, f"{_INDENT}{told}")


def _calendars(found: Effects) -> Iterator[Line]:
    one, other = found.one.calendar.jurisdiction, found.other.calendar.jurisdiction
    if one != other:
        yield Line(Tone.PLAIN, f"Working days are those of {one}, and of {other}.")


def _of_sort(found: Effects, sort: Sort, differences: Sequence[Difference]) -> Iterator[Line]:
    yield Line(Tone.PLAIN, "")
    if not differences:
        yield Line(Tone.TITLE, f"The {PLURAL[sort]} are the same.")
        return
    acting = [one for one in differences if one.shared and one.acts]
    told = sum(one.shared and not one.acts for one in differences)
    yield Line(Tone.TITLE, f"{PLURAL[sort].capitalize()}: {len(differences)} differ")
    for one in acting:
        yield Line(Tone.PLAIN, f"{_INDENT}{one.id}: {in_what(one)}")
        for name, statement in zip(_names(found), (one.one, one.other), strict=True):
            yield Line(Tone.QUIET, f"{_INDENT}    {name}{_shown(one, statement)}")
    for name, only in _only(found, differences):
        if only:
            yield Line(Tone.PLAIN, f"{_INDENT}only {name} ({len(only)}):")
            yield from (Line(Tone.QUIET, f"{_INDENT}    {said}") for said in only)
    if told:
        yield Line(Tone.QUIET, f"{_INDENT}{told} more in words, clauses or origin alone")


def _only(found: Effects, differences: Sequence[Difference]) -> Iterator[tuple[str, list[str]]]:
    name, other = _names(found)
    ours = [one for one in differences if one.other is None]
    theirs = [one for one in differences if one.one is None]
    yield name, [f"{one.id}{_shown(one, one.one)}" for one in ours]
    yield other, [f"{one.id}{_shown(one, one.other)}" for one in theirs]


def in_what(one: Difference) -> str:
    """Return in what two statements differ, in words."""
    return "differs in " + ", ".join(one.in_what)


def _shown(one: Difference, statement: Any) -> str:
    """Return the figure of a value or a duty or the codes of a rule, and the clauses."""
    said = shown(one.sort, statement) or ", ".join(one.codes(statement))
    return (f": {said}" if said else "") + cited(one.clauses(statement))


def shown(sort: Sort, statement: Any) -> str:
    """Return the figure that a statement gives, in words; empty if it gives none."""
    if sort is Sort.VALUE:
        return str(statement)
    if sort is Sort.DUTY:
        return limit(statement)
    return ""


def limit(duty: Duty) -> str:
    """Return how a duty says by when, in words."""
    return LIMITS[duty.limit].format(duty.value)


def _partings(found: Partings, one: Procedure, other: Procedure) -> Iterator[Line]:
    ours, theirs = called(one, other), called(other, one)
    yield Line(Tone.PLAIN, "")
    if not found.found:
        yield Line(Tone.TITLE, f"No history was found that {ours} allows and {theirs} not.")
    else:
        title = f"What {ours} allows and {theirs} refuses ({len(found.found)})"
        yield Line(Tone.TITLE, title)
    for parting in found.found:
        yield Line(Tone.PLAIN, "")
        yield from parting_lines(parting)
    for missed in found.missed:
        if missed.fate is Fate.UNDECIDED:
            yield Line(Tone.WARNING, f"{_INDENT}not decided: {target(missed)}: {missed.why}")


def target(missed: NotFound) -> str:
    """Return what was looked for, in words."""
    one = missed.target
    if one.rule is None:
        return f"{words(one.kind)}, for which no rule is"
    return f"{words(one.kind)}, refused by {one.rule.id} for {one.code}"


def parting_lines(one: Parting) -> Iterator[Line]:
    """Tell a history on which two procedures part."""
    plan = Plan(one.allowing)
    ours, theirs = called(one.allowing, one.refusing), called(one.refusing, one.allowing)
    for event in one.events:
        after = retold(one.allowing, moments([*plan.events, event]))
        last = len(after.events) == len(one.events)
        yield Line(Tone.PLAIN, _happened(event, plan.state, after.state))
        if last:
            yield Line(Tone.GOOD, f"{_INDENT}{ours} allows it: {_rule(one)}")
        plan = after
    yield Line(Tone.BAD, f"{_INDENT}{theirs} refuses it:")
    for reason in one.refused.reasons:
        yield Line(Tone.BAD, f"{_INDENT}    {reason.code}: {reason}")
    if not one.shortest:
        yield Line(Tone.QUIET, f"{_INDENT}a shorter history may be possible")


def _rule(one: Parting) -> str:
    return f"{one.allowed_by.id}: {one.allowed_by.says}{cited(one.allowed_by.cites)}"


def _happened(event: Event, before: str, after: str) -> str:
    moved = after if before == after else f"{before} -> {after}"
    return f"{event.on}  {words(event.kind)}  ({moved})"


def words(name: str) -> str:
    """Return a name with spaces between its words."""
    return name.replace("-", " ")


def moments(events: Iterable[Event]) -> list[Moment]:
    """Return events as what was recorded, to be told again."""
    return [Moment(event, True, "", "") for event in events]


def _dues(found: Effects) -> Iterator[Line]:
    yield Line(Tone.PLAIN, "")
    if not found.due:
        yield Line(Tone.TITLE, "Every duty that both have is fixed alike.")
        return
    yield Line(Tone.TITLE, f"Duties that both have and fix otherwise ({len(found.due)})")
    for one in found.due:
        yield Line(Tone.PLAIN, "")
        yield Line(Tone.PLAIN, f"{one.duty}: {one.one.says}")
        for event in one.events:
            yield Line(Tone.PLAIN, f"{event.on}  {words(event.kind)}")
        for name, (_, duty, owed) in zip(_names(found), by_procedure(found, one), strict=True):
            said = f"{name}: {when(owed)} ({limit(duty)}){cited(duty.cites)}"
            yield Line(Tone.PLAIN, f"{_INDENT}{said}")
        if one.why:
            yield Line(Tone.WARNING, f"{_INDENT}{one.why}")


def by_procedure(found: Effects, one: Due) -> tuple[tuple[Procedure, Duty, Obligation | None], ...]:
    """Return what each procedure makes of a duty."""
    return (found.one, one.one, one.owed_one), (found.other, one.other, one.owed_other)


def when(owed: Obligation | None) -> str:
    """Return when an obligation is due, in words."""
    if owed is None:
        return "not owed"
    if owed.due_on is not None:
        return f"due {owed.due_on}"
    return "owed, its date can't be known" if owed.undecidable else "owed, with no date"


def cited(clauses: Iterable[str]) -> str:
    """Return clauses in brackets; nothing if there are none."""
    listed = ", ".join(clauses)
    return f" [{listed}]" if listed else ""
