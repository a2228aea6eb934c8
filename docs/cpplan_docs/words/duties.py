"""Duties in words: by when, by whom, and what begins, meets and ends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpplan import Procedure
from cpplan.calendars import Unit
from cpplan.duties import Duty, Limit
from cpplan.events import KINDS
from cpplan.fields import label
from cpplan.matching import Match
from cpplan_docs import addresses
from cpplan_docs.words.markdown import link, plain
from cpplan_docs.words.matches import field, matches
from cpplan_docs.words.needs import figure
from cpplan_docs.words.origins import stands_on
from cpplan_docs.words.terms import load_terms
from cpplan_docs.words.wording import spaced
from cpplan_sim.differing.telling import LIMITS


def limit(duty: Duty, path: str) -> str:
    """Return by when a duty is owed, its figure as the source gives it."""
    value = duty.value
    if value is None:
        return LIMITS[duty.limit].format("")
    if value.amount is None:
        settled = "is agreed for each plan" if duty.agreed else "has to be chosen first"
        return f"by {figure(value.id, 'a figure', path)} that {settled}"
    words = LIMITS[duty.limit].format(figure(value.id, str(value), path))
    return f"{words}, read as {plain(spaced(value.read_as))}" if value.read_as else words


def says(procedure: Procedure, duty: Duty, path: str) -> Iterator[str]:
    """Yield what there is to say of a duty, one line for each."""
    yield f"By when: {limit(duty, path)}{_reckoned(duty)}"
    yield f"How far it binds: {duty.strength.value}"
    if duty.owed_by:
        roles = [load_terms().linked(role.value, path) for role in duty.owed_by]
        yield f"Owed by {' or '.join(roles)}"
    yield from _lists(procedure, duty, path)
    yield from _remarks(duty, path)
    yield stands_on(duty, path)


def _reckoned(duty: Duty) -> str:
    value = duty.value
    if value is None or value.amount is None or value.in_force != Unit.WORKING_DAYS.value:
        return ""
    if value.amount == 0:
        return ": on the same day, or on the next working day if it is none"
    return ", weekends and public holidays not counted"


def _lists(procedure: Procedure, duty: Duty, path: str) -> Iterator[str]:
    parts: Iterable[tuple[str, tuple[Match, ...]]] = (
        ("Owed from", duty.opens),
        ("Owed, by a date not known yet, from", duty.expected),
        (_reach(duty), duty.due_at),
        ("Met by", duty.met_by),
        ("Owed no more after", duty.until),
    )
    for words, found in parts:
        if found:
            yield f"{words} {', or '.join(matches(procedure, found, path))}"


def _reach(duty: Duty) -> str:
    if duty.limit is Limit.EVERY_EVENTS:
        return "What is counted:"
    return "To be met at the latest by"


def _remarks(duty: Duty, path: str) -> Iterator[str]:
    for agreed in duty.agreed:
        event = link(plain(spaced(agreed.event)), addresses.event(agreed.event), path)
        told = field(agreed.event, agreed.field)
        yield f"Another figure can be agreed for a plan: {told}, in {event}"
    if duty.recurs:
        yield "Begins again each time that it is met"
    if duty.for_field:
        kinds = dict.fromkeys(match.event for match in duty.met_by)
        told = " or ".join(plain(label(KINDS[kind], duty.for_field)) for kind in kinds)
        yield f"Which one is met is told by: {told}"
    if duty.earlier_counts:
        yield "What was done before it was owed meets it"
    yield "Goes on after the plan has ended" if duty.outlives_plan else "Ends with the plan"


def place(jurisdiction: str) -> str:
    """Return the name of a jurisdiction as it is written."""
    words = spaced(jurisdiction).split()
    return " ".join(word if word == "and" else word.capitalize() for word in words)
