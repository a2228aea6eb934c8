"""Stories: a case as a readable timeline, told from what the kernel answered.

Makes lines with a tone each; how a tone looks is the terminal's business.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator

import attrs

from cpplan import Accepted, Decision, Plan, Refused
from cpplan.events import Event
from cpplan.obligations import Obligation, Status
from cpplan_sim.counterexamples import Counterexample
from cpplan_sim.running import Run


class Tone(enum.StrEnum):
    """What sort of news a line is."""

    TITLE = "title"
    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    QUIET = "quiet"


@attrs.frozen
class Line:
    """One line of a story."""

    tone: Tone
    text: str


_INDENT = " " * 12
_CLOSED = {
    Status.MET: (Tone.GOOD, "met"),
    Status.MET_LATE: (Tone.WARNING, "met late"),
    Status.MISSED: (Tone.BAD, "missed"),
    Status.LAPSED: (Tone.QUIET, "no longer owed"),
    Status.UNDECIDABLE: (Tone.WARNING, "can't be decided"),
}


def story_of(run: Run) -> Iterator[Line]:
    """Tell a scenario: each date, event, decision, state, and the duties opened, met and missed."""
    scenario = run.scenario
    yield Line(Tone.TITLE, scenario.title)
    filled = f", filled from {scenario.fill}" if scenario.fill else ""
    yield Line(Tone.QUIET, f"{scenario.file}: {run.plan.procedure.title}{filled}")
    yield Line(Tone.PLAIN, scenario.says)
    yield Line(Tone.PLAIN, "")
    told: dt.date | None = None
    before = Plan(run.plan.procedure)
    for outcome in run.outcomes:
        event = outcome.step.event
        yield from _happened(event, outcome.decision, before, told)
        yield from (Line(Tone.BAD, f"{_INDENT}NOT AS EXPECTED: {one}") for one in outcome.failures)
        told, before = event.on, outcome.plan
    yield from _end(run)


def story_of_breach(one: Counterexample) -> Iterator[Line]:
    """Tell a counterexample: what happened, the clause it offends, and the rule that let it."""
    required = one.requirement
    yield Line(Tone.TITLE, f"Counterexample to {required.id}")
    yield Line(Tone.PLAIN, f"{required.says}{_cited(required.cites)}")
    yield Line(Tone.PLAIN, "")
    plan = Plan(one.procedure)
    for number, moment in enumerate(one.history):
        decision = plan.record(moment.event)
        yield from _happened(moment.event, decision, plan, plan.last_day)
        plan = decision.plan if isinstance(decision, Accepted) else plan
        if number == one.at:
            yield Line(Tone.BAD, f"{_INDENT}BREAKS {required.id}{_cited(required.cites)}")
            let = f"{one.rule.id}: {one.rule.says}{_cited(one.rule.cites)}"
            yield Line(Tone.BAD, f"{_INDENT}let through by the rule {let}")


def _happened(
    event: Event, decision: Decision, before: Plan, told: dt.date | None
) -> Iterator[Line]:
    yield from _overdue_by(before, told, event.on)
    yield from _event(decision, before, event.kind, event.on)


def _event(decision: Decision, before: Plan, kind: str, on: dt.date) -> Iterator[Line]:
    words = kind.replace("-", " ")
    if isinstance(decision, Refused):
        yield Line(Tone.BAD, f"{on}  {words}: REFUSED, still {before.state}")
        for reason in decision.reasons:
            yield Line(Tone.BAD, f"{_INDENT}{reason.code}: {reason}")
        return
    after = decision.plan.state
    moved = f"{before.state} -> {after}" if after != before.state else after
    yield Line(Tone.PLAIN, f"{on}  {words}  ({moved}){_cited(decision.rule.cites)}")
    yield from _duties(decision)
    for omission in decision.omissions:
        yield Line(Tone.QUIET, f"{_INDENT}not recorded: {omission.field}{_cited(omission.cites)}")


def _duties(decision: Accepted) -> Iterator[Line]:
    for one in decision.closed:
        assert one.outcome is not None, "a closed obligation has an outcome"
        tone, words = _CLOSED[one.outcome]
        yield Line(tone, f"{_INDENT}{words}: {_duty(one)}")
    for one in decision.opened:
        if one.closed_by != one.opened_by:
            yield Line(Tone.PLAIN, f"{_INDENT}now owed: {_duty(one)}")


def _overdue_by(plan: Plan, told: dt.date | None, on: dt.date) -> Iterator[Line]:
    """Tell what fell overdue since the last event, on the day after it was due."""
    if told is None:
        return
    fell = [
        one
        for one in plan.obligations
        if one.outcome is None and one.due_on is not None and told <= one.due_on < on
    ]
    for one in sorted(fell, key=lambda one: (str(one.due_on), one.duty.id)):
        assert one.due_on is not None, "chosen for having one"
        day = one.due_on + dt.timedelta(days=1)
        yield Line(Tone.WARNING, f"{day}  overdue: {_duty(one)}")


def _end(run: Run) -> Iterator[Line]:
    yield Line(Tone.PLAIN, "")
    if run.outcomes:
        for one, status in run.plan.due(run.outcomes[-1].step.event.on):
            yield Line(Tone.QUIET, f"{_INDENT}{status} at the end: {_duty(one)}")
    for failure in run.failures:
        yield Line(Tone.BAD, f"NOT AS EXPECTED: {failure}")
    if run.passed:
        yield Line(Tone.GOOD, f"As expected. The plan is in {run.plan.state}.")
    else:
        yield Line(Tone.BAD, "Not as expected.")


def _duty(one: Obligation) -> str:
    duty = one.duty
    date = f", due {one.due_on}" if one.due_on else ", no date stated"
    if one.undecidable:
        date = ", its date can't be known"
    return f"{duty.id} ({duty.strength.value}){date}{_cited(duty.cites)}"


def _cited(clauses: Iterable[str]) -> str:
    listed = ", ".join(clauses)
    return f" [{listed}]" if listed else ""
