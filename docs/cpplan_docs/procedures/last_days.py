"""The page of a procedure's last days: plans lived as late as lawful, by month, told day by day.

The plans are found by :mod:`cpplan_docs.last_days.living`; all that is said of a day is read from
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from cpplan import Plan, Procedure
from cpplan.duties import Duty
from cpplan.obligations import Obligation, Status
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.last_days.judging import at_last, has_last_moment
from cpplan_docs.last_days.living import Lived, lives
from cpplan_docs.last_days.months import month
from cpplan_docs.last_days.reckoning import reason
from cpplan_docs.pages import Page
from cpplan_docs.words.duties import place
from cpplan_docs.words.markdown import bullets, folded, heading, link, page, plain
from cpplan_docs.words.wording import MONTHS, counted, day, spaced, titled

OPENING = """\
An invented child, and a plan on which what is due is done on its last day and no sooner.
Difficulties happen so that the duties which they open can be shown. A program looked for what
happens; that it is lawful, and when each duty was due and met, is what the rules answered when it
was recorded. It is the latest that the duties allow and no advice to wait.
"""
MONTH = """\
In the calendar of a month a day on which something happens is a link to what happened. The word
"free" marks a public holiday.
"""

SOONER = "Met sooner, because what was done for another duty met them as well"
UNDATED = "These have no last moment, as no time is stated, or its figure is to be chosen first:"


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of each procedure's last days."""
    for procedure in book.procedures.values():
        yield _page(procedure, addresses.last_days(procedure.name).path)


def _page(procedure: Procedure, path: str) -> Page:
    found = tuple(lives(procedure))
    title = f"Last days of {titled(procedure.name)}"
    return Page(
        path,
        title,
        page(
            heading(1, title),
            OPENING,
            f"Working days are those of {plain(place(procedure.calendar.jurisdiction))}. {MONTH}",
            *_sums(procedure, found, path),
            *(part for n, one in enumerate(found, 1) for part in _lived(one, n, path)),
        ),
    )


def _sums(procedure: Procedure, found: Sequence[Lived], path: str) -> Iterator[str]:
    shown = {name for one in found for name in one.shown}
    duties = list(procedure.duties.values())
    missing = [d for d in duties if has_last_moment(d) and d.id not in shown]
    undated = [d for d in duties if not has_last_moment(d)]
    yield heading(2, "What is shown")
    yield (
        f"Of {len(duties)} duties {len(shown)} are met at the last moment, on"
        f" {counted(len(found), 'plan')} below."
    )
    if missing:
        yield "Of these no plan was found that meets them at the last moment:"
        yield bullets(_duty(procedure, duty, path) for duty in missing)
    if undated:
        yield UNDATED
        yield bullets(_duty(procedure, duty, path) for duty in undated)


def _duty(procedure: Procedure, duty: Duty, path: str) -> str:
    told = link(plain(duty.says.rstrip(".")), addresses.duty(procedure.name, duty.id), path)
    return f"{told} ({duty.strength.value})"


def _lived(one: Lived, number: int, path: str) -> Iterator[str]:
    plan = one.plan
    first, last = plan.events[0].on, plan.events[-1].on
    yield heading(2, f"Plan {number}: {day(first)} to {day(last)}")
    duties = [duty for name, duty in plan.procedure.duties.items() if name in one.shown]
    yield f"{counted(len(plan.history), 'event')}. What is met at the last moment, and what not:"
    yield _listed(plan.procedure, "Met at the last moment", duties, path)
    if soon := _too_soon(one):
        yield _listed(plan.procedure, SOONER, soon, path)
    for start in _months(first, last):
        yield from _month(plan, number, start, path)
    yield from _left(plan, last, path)


def _listed(procedure: Procedure, title: str, duties: Sequence[Duty], path: str) -> str:
    listed = bullets(_duty(procedure, duty, path) for duty in duties)
    return folded(f"{title}: {len(duties)}", listed)


def _too_soon(one: Lived) -> list[Duty]:
    met = {o.duty.id for o in one.plan.obligations if o.outcome is Status.MET}
    early = met - one.shown
    duties = one.plan.procedure.duties.values()
    return [duty for duty in duties if duty.id in early and has_last_moment(duty)]


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = (start + dt.timedelta(days=31)).replace(day=1)


def _month(plan: Plan, number: int, start: dt.date, path: str) -> Iterator[str]:
    days = dict.fromkeys(e.on for e in plan.events if e.on.replace(day=1) == start)
    yield heading(3, f"{MONTHS[start.month - 1]} {start.year}, plan {number}")
    links = {on: addresses.last_day(plan.procedure.name, number, str(on)) for on in days}
    yield month(plan.procedure.calendar, start, links, path)
    for on in days:
        yield heading(4, day(on), links[on].anchor)
        yield bullets(_told(plan, on, path))


def _told(plan: Plan, on: dt.date, path: str) -> Iterator[str]:
    free = {h.day: h.name for h in plan.procedure.calendar.holidays}.get(on, "")
    if free or on.weekday() >= 5:
        yield f"No working day: {plain(free) or 'a weekend'}"
    for number, entry in enumerate(plan.history):
        if entry.event.on == on:
            yield "\n    - ".join([_event(plan, number, path), *_duties(plan, number, path)])


def _event(plan: Plan, number: int, path: str) -> str:
    entry = plan.history[number]
    told = link(plain(titled(entry.event.kind)), addresses.event(entry.event.kind), path)
    if entry.edge.source == entry.edge.target:
        return told
    state = addresses.state(plan.procedure.name, entry.edge.target)
    return f"{told}: the plan is now in {link(plain(entry.edge.target), state, path)}"


def _duties(plan: Plan, number: int, path: str) -> Iterator[str]:
    for one in plan.obligations:
        if one.closed_by == number and not _too_near(one):
            yield _closed(plan, one, path)
    for one in plan.obligations:
        if one.opened_by == number and one.due_on is not None and one.due_on > one.opened_on:
            name = _short(plan, one, path)
            yield f"Owed from now: {name}, by {day(one.due_on)}"


def _too_near(one: Obligation) -> bool:
    """Return whether an obligation has no last moment, so that nothing is shown by it."""
    return not has_last_moment(one.duty) and one.outcome is not Status.MET


def _closed(plan: Plan, one: Obligation, path: str) -> str:
    name = _short(plan, one, path)
    if at_last(plan, one):
        return f"**Met at the last moment**: {name} ({plain(reason(plan, one))})"
    if one.outcome is Status.MET and one.due_on is not None:
        return f"Met before its last day, {day(one.due_on)}: {name}"
    assert one.outcome is not None, "it is closed"
    return f"{_OUTCOMES[one.outcome]}: {name}"


_OUTCOMES = {
    Status.MET: "Met",
    Status.LAPSED: "Owed no more",
    Status.UNDECIDABLE: "Done, and nobody can tell whether in time",
    Status.MISSED: "Missed",
    Status.MET_LATE: "Met late",
}


def _short(plan: Plan, one: Obligation, path: str) -> str:
    to = addresses.duty(plan.procedure.name, one.duty.id)
    return link(plain(spaced(one.duty.id)), to, path)


def _left(plan: Plan, last: dt.date, path: str) -> Iterator[str]:
    """Tell what is still owed when the telling stops."""
    owed: Iterable[tuple[Obligation, Status]] = plan.due(last)
    told = [
        f"{_short(plan, one, path)}"
        + (f", by {day(one.due_on)}" if one.due_on else "")
        + (": overdue" if status is Status.OVERDUE else "")
        for one, status in owed
    ]
    if told:
        yield f"Here the telling stops. Still owed at the end of {day(last)}:"
        yield bullets(told)
