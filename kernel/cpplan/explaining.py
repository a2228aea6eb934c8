"""Explanations: where a plan stands, how it got there, what is open, what can follow.

Plain text for people. Everything in it is read from the plan and its procedure; nothing is decided
here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cpplan.drafts import NOTING
from cpplan.states import STATES

if TYPE_CHECKING:
    from cpplan.obligations import Obligation, Status
    from cpplan.plans import Entry, Option, Plan

LAST = 5
"""How many of the latest events are told."""


def explain(plan: Plan) -> str:
    """Return where a plan stands, in sections of plain text.

    They tell the state, the latest events with their dates and clauses, what is owed at the end of
    the day of the latest event, what can be recorded from that day on, and the topics on which the
    procedure is silent. Nothing after that day is told: ask :meth:`cpplan.plans.Plan.due` for
    another one.

    Args:
        plan: the plan, as far as it has been recorded.
    """
    sections = (_standing(plan), _history(plan), _owed(plan), _next(plan), _silence(plan))
    return "\n\n".join(section for section in sections if section) + "\n"


def _standing(plan: Plan) -> str:
    where = f"The plan is in {plan.state}: {STATES[plan.state]}."
    since = next((e for e in reversed(plan.history) if e.state != e.edge.source), None)
    if since is not None:
        where += f" It has been since {since.event.on}."
    procedure = plan.procedure
    return f"{where}\nIt is under {procedure.title} ({procedure.name}, {procedure.edition})."


def _history(plan: Plan) -> str:
    if not plan.history:
        return "Nothing has been recorded."
    told = plan.history[-LAST:]
    left_out = len(plan.history) - len(told)
    title = f"How it got there (the last {len(told)} of {len(plan.history)} events):"
    return _section(title if left_out else "How it got there:", map(_entry, told))


def _entry(entry: Entry) -> str:
    source, target = entry.edge.source, entry.state
    move = f" From {source} to {target}." if source != target else ""
    return f"{entry.event.on}  {entry.rule.says}{move}{_clauses(entry.rule.cites)}"


def _owed(plan: Plan) -> str:
    if plan.last_day is None:
        return ""
    owed = plan.due(plan.last_day)
    if not owed:
        return f"Nothing was owed at the end of {plan.last_day}."
    title = f"What was owed at the end of {plan.last_day}:"
    return _section(title, (_obligation(one, status) for one, status in owed))


def _obligation(one: Obligation, status: Status) -> str:
    duty = one.duty
    if one.due_on is not None:
        when = f"by {one.due_on}"
    else:
        when = "by a day that is not known" if one.undecidable else "at no stated time"
    return f"{status}, {when}: {duty.says} ({duty.strength.value}){_clauses(duty.cites)}"


def _next(plan: Plan) -> str:
    options = plan.allowed(plan.last_day or dt.date.min)
    told = [option for option in options if option.rule.topic != NOTING]
    noted = {option.event for option in options if option.rule.topic == NOTING}
    lines = [_option(option, plan.state) for option in told]
    if noted:
        lines.append(f"{len(noted)} kinds of event that are only noted")
    return _section("What can follow:", lines) if lines else "Nothing can follow."


def _option(option: Option, state: str) -> str:
    move = f", to {option.target}" if option.target != state else ""
    asks = "".join(f"\n    not if: {reason}" for reason in option.asks)
    return f"{option.event}{move}: {option.rule.says}{asks}"


def _silence(plan: Plan) -> str:
    procedure = plan.procedure
    silent = [topic for topic in procedure.silent if topic not in procedure.filled]
    lines = (f"{procedure.topics[topic]}: {procedure.silent[topic]}" for topic in silent)
    return _section(f"What {procedure.name} says nothing of:", lines) if silent else ""


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *_indented(lines)])


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"  {line}"


def _clauses(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""
