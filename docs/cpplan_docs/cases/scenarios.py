"""The pages of told cases: one for each, made by running it, and a list of all.

What a case shows is what the kernel answers while the page is made, and not what its file expects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cpplan import Refused
from cpplan.obligations import Obligation, Status
from cpplan.states import STATES
from cpplan_docs.addresses import Address
from cpplan_docs.book import Book
from cpplan_docs.cases.places import Places, path_of
from cpplan_docs.cases.steps import owed, status_link, steps
from cpplan_docs.cases.timeline import asked, description, moments
from cpplan_docs.pages import Page
from cpplan_docs.pictures.timeline import timeline
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import bullets, heading, link, page, plain
from cpplan_docs.words.wording import counted, day
from cpplan_sim.running import Run
from cpplan_sim.scenarios import DueDraft

PATH = "scenarios/index.md"
TITLE = "Told cases"

OPENING = """\
A told case is a short invented story of one child's plan: what was recorded on which day. Each was
run through the kernel while these pages were made, and its page tells what the kernel answered. No
case is a real one.
"""
SORTS = {
    "good": (
        "What can happen",
        "A good case: it shows what the procedure lets happen, and what is due when.",
    ),
    "bad": (
        "What is refused",
        "A bad case: it shows what the procedure refuses, with every reason.",
    ),
}
"""The two folders of cases, each with a heading for its list and what a case in it shows."""


def pages(book: Book) -> Iterator[Page]:
    """Yield the list of told cases and the page of each."""
    yield index(book.procedures, book.runs)
    for run in book.runs:
        yield case_page(run, book)


def _sort(run: Run) -> str:
    return run.scenario.file.partition("/")[0]


def index(procedures: Iterable[str], runs: Sequence[Run]) -> Page:
    """Return the list of told cases, procedure by procedure."""
    text = page(
        heading(1, TITLE),
        OPENING,
        f"There are {len(runs)}. Every one can be found by searching, too.",
        *(_procedure(name, runs) for name in procedures),
    )
    return Page(PATH, TITLE, text)


def _procedure(name: str, runs: Iterable[Run]) -> str:
    under = [run for run in runs if run.scenario.procedure == name]
    parts = [
        page(heading(3, f"{title}, under {plain(name)}"), bullets(map(_line, found)))
        for sort, (title, _) in SORTS.items()
        if (found := [run for run in under if _sort(run) == sort])
    ]
    return page(heading(2, plain(name)), *parts) if parts else ""


def _line(run: Run) -> str:
    case = link(plain(run.scenario.title), Address(path_of(run)), PATH)
    filled = f", filled from {plain(run.scenario.fill)}" if run.scenario.fill else ""
    return f"{case}: {_counts(run)}{filled}"


def _counts(run: Run) -> str:
    refused = sum(isinstance(outcome.decision, Refused) for outcome in run.outcomes)
    events = counted(len(run.outcomes), "event")
    return f"{events}, {refused} refused" if refused else f"{events}, all accepted"


def case_page(run: Run, book: Book) -> Page:
    """Return the page of one case."""
    places, case = Places.of(run, book), run.scenario
    title = f"{case.title} ({case.procedure})"
    picture = timeline(
        moments(run, places), f"Timeline of the case: {case.title}", description(run)
    )
    text = page(
        heading(1, plain(title)),
        plain(case.says),
        bullets(_facts(run, places)),
        heading(2, "Timeline"),
        _shown_duties(run),
        picture,
        heading(2, "Event by event"),
        steps(run, places),
        heading(2, "At the end"),
        _end(run, places),
    )
    return Page(places.path, title, text)


def _facts(run: Run, places: Places) -> Iterator[str]:
    case = run.scenario
    yield SORTS[_sort(run)][1]
    filled = f", its silences filled from {linking.procedures([case.fill], places.path)}"
    yield f"Under {linking.procedures([case.procedure], places.path)}{filled * bool(case.fill)}."
    for name, figure in case.values.items():
        yield f"With a figure of its own: `{name}` is {figure}."
    if case.cites:
        yield f"About {linking.clauses(case.cites, places.path)}."
    yield f"{_counts(run)}."


def _shown_duties(run: Run) -> str:
    if not asked(run):
        return "Of duties the picture shows none; the list below it tells all."
    return "Of duties the picture shows those that the case is about; the list below it tells all."


def _end(run: Run, places: Places) -> str:
    state, last = run.plan.state, run.outcomes[-1].step.event.on
    waiting = list(owed(run.plan.due(last), places))
    return page(
        f"The plan is in {places.state_link(state)}: {plain(STATES[state])}.",
        f"Owed at the end of {day(last)}:" if waiting else f"Nothing is owed on {day(last)}.",
        bullets(waiting),
        *(_asked_on(one, run, places) for one in run.scenario.due),
        bullets(f"**Not as the case expects**: {plain(one)}" for one in run.failures),
    )


def _asked_on(asked_on: DueDraft, run: Run, places: Places) -> str:
    """Return how the duties stand on a day that the case asks about, each by its latest turn."""
    lines: list[str] = []
    for duty in asked_on.duties:
        one = _latest(run, duty, asked_on)
        if one is not None:
            lines += owed([(one, one.status(asked_on.on))], places)
        else:
            lines.append(f"{status_link(Status.NOT_STARTED, places.path)}: `{duty}`")
    return page(f"On {day(asked_on.on)}:", bullets(lines))


def _latest(run: Run, duty: str, asked_on: DueDraft) -> Obligation | None:
    opened = [
        one
        for one in run.plan.obligations
        if one.duty.id == duty and one.status(asked_on.on) is not Status.NOT_STARTED
    ]
    return opened[-1] if opened else None
