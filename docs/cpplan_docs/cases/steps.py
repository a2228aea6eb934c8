"""A told case event by event: what was said, what the kernel answered, and what came due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from cpplan import Accepted, Decision, Plan, Refused
from cpplan.codec import KIND, event_to_dict
from cpplan.events import Event
from cpplan.obligations import Obligation, Status
from cpplan_docs import addresses
from cpplan_docs.cases.places import Places
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import code, link, plain
from cpplan_docs.words.wording import day, spaced, titled
from cpplan_sim.running import Run
from cpplan_sim.scenarios import iso, usual

_TOLD_APART = (KIND, "on", "by")


def steps(run: Run, places: Places) -> str:
    """Return the events of a case as a numbered list."""
    told, before = [], Plan(run.plan.procedure)
    for outcome in run.outcomes:
        event = outcome.step.event
        lines = [
            *_fallen_due(before, event.on, places),
            *_said(event),
            *_answer(outcome.decision, before, places),
            *(f"**Not as the case expects**: {plain(one)}" for one in outcome.failures),
        ]
        told.append(
            "\n".join([f"1. {_event(event, places)}", *(f"    - {line}" for line in lines)])
        )
        before = outcome.plan
    return "\n".join(told)


def owed(owing: Iterable[tuple[Obligation, Status]], places: Places) -> Iterator[str]:
    """Yield what is owed, one line each."""
    for one, status in owing:
        yield f"{status_link(status, places.path)}: {_duty(one, places)}"


def status_link(status: Status, path: str) -> str:
    """Return a status as a link to what it means."""
    return link(titled(status.value), addresses.term(status.value), path)


def _event(event: Event, places: Places) -> str:
    kind = link(code(event.kind), addresses.event(event.kind), places.path)
    by = ""
    if event.by is not None:
        by = f", by {link(plain(spaced(event.by)), addresses.term(event.by), places.path)}"
    return f"**{day(event.on)}**: {kind}{by}"


def _said(event: Event) -> Iterator[str]:
    """Yield how an event differs from the usual one of its kind."""
    expected: Mapping[str, Any] = iso(usual(event.kind))
    differs = dict(differences(expected, _given(event, expected)))
    said = [f"{code(path)} {_shown(value)}" for path, value in differs.items() if value is not None]
    if said:
        yield f"It says: {'; '.join(said)}."
    left_out = [code(path) for path, value in differs.items() if value is None]
    if left_out:
        yield f"It leaves out: {', '.join(left_out)}."


def _given(event: Event, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event says, without what its kind says of itself."""
    defaults = {field.name: field.default for field in attrs.fields(type(event))}
    return {
        key: value
        for key, value in event_to_dict(event).items()
        if key not in _TOLD_APART and (key in expected or value != defaults[key])
    }


def differences(
    expected: Mapping[str, Any], said: Mapping[str, Any], above: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield the paths at which plain data differs, with what it says there; ``None``: nothing."""
    for key in dict.fromkeys([*expected, *said]):
        was, now = expected.get(key), said.get(key)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from differences(was, now, f"{above}{key}.")
        elif was != now and not (key in _TOLD_APART and not above):
            yield f"{above}{key}", now


def _shown(value: Any) -> str:
    """Return a value as it is read: yes and no, lists and groups in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(key)} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list):
        between = " / " if any(isinstance(one, Mapping) for one in value) else ", "
        return between.join(_shown(one) for one in value)
    return plain(str(value))


def _answer(decision: Decision, before: Plan, places: Places) -> Iterator[str]:
    if isinstance(decision, Refused):
        yield f"**Refused**; the plan stays in {places.state_link(before.state)}."
        for reason in decision.reasons:
            told = link(code(reason.code), addresses.code(reason.code), places.path)
            yield f"{told}: {plain(reason.says)}{_cited(reason.cites, places)}"
        return
    rule, after = decision.rule, decision.plan.state
    says = f"{plain(rule.says)}{_cited(rule.cites, places)}"
    yield f"Accepted by the rule {places.rule(rule)}: {says}"
    if after != before.state:
        yield f"The plan goes from {places.state_link(before.state)} to {places.state_link(after)}."
    yield from _duties(decision, places)
    for omission in decision.omissions:
        words = f"Told as left out, {code(omission.field)}: {plain(omission.says)}"
        yield f"{words}{_cited(omission.cites, places)}"


def _duties(decision: Accepted, places: Places) -> Iterator[str]:
    for one in decision.closed:
        assert one.outcome is not None, "a closed obligation has an outcome"
        yield f"{status_link(one.outcome, places.path)}: {_duty(one, places)}"
    for one in decision.opened:
        if one.closed_by != one.opened_by:
            yield f"Now owed: {_duty(one, places)}"


def _fallen_due(before: Plan, on: dt.date, places: Places) -> Iterator[str]:
    """Yield what came to be overdue between the event before and this one."""
    if before.last_day is None:
        return
    for one, status in before.due(on - dt.timedelta(days=1)):
        if status is Status.OVERDUE and one.status(before.last_day) is not status:
            yield f"Before this, {status.value}: {_duty(one, places)}"


def _duty(one: Obligation, places: Places) -> str:
    if one.due_on:
        return f"{places.duty(one.duty)}, due {day(one.due_on)}"
    when = "by a day that is not known" if one.undecidable else "no date stated"
    return f"{places.duty(one.duty)}, {when}"


def _cited(cites: Iterable[str], places: Places) -> str:
    clauses = linking.clauses(cites, places.path)
    return f" ({clauses})" if clauses else ""
