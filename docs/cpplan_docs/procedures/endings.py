"""The page of a procedure's endings: what no history to each does without, and ways round the rest.

What stands here was found when the page was made, by :func:`cpplan_sim.endings.ways_to`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpplan import Procedure
from cpplan.states import STATES, is_ended
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking, matches
from cpplan_docs.words.histories import unfolding
from cpplan_docs.words.markdown import bullets, heading, link, page, plain
from cpplan_docs.words.wording import counted, spaced, titled
from cpplan_sim.endings import Bypass, Must, Ways, ways_to
from cpplan_sim.forgoing import Sort, Thing
from cpplan_sim.plainly import plainly

OPENING = """\
What every history to a state has in it, whatever its length. Each thing was shown by the rules at
once, or by a search in which it never comes about and which then comes to the state no more. Of
what the shortest history has and another can do without, the length of the shortest such is told.
"""
NONE = "No rule ends a plan."


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of each procedure's endings."""
    for procedure in book.procedures.values():
        yield _page(procedure, addresses.ending(procedure.name, "").path)


def _page(procedure: Procedure, path: str) -> Page:
    ways = ways_to(procedure)
    endings = [one for one in ways if is_ended(one.state)]
    others = [one for one in ways if not is_ended(one.state)]
    title = f"Endings of {titled(procedure.name)}"
    return Page(
        path,
        title,
        page(
            heading(1, title),
            OPENING,
            heading(2, "Endings"),
            *([part for one in endings for part in _state(procedure, one, path)] or [NONE]),
            *_silent(procedure),
            heading(2, "The states before"),
            *(part for one in others for part in _state(procedure, one, path)),
        ),
    )


def _silent(procedure: Procedure) -> Iterator[str]:
    named = [topic for topic in procedure.silent if topic.startswith("ending.")]
    if left := [topic for topic in named if topic not in procedure.filled]:
        yield "On these the source is silent:"
        yield bullets(linking.capital(plain(procedure.topics.get(one, one))) for one in left)


def _state(procedure: Procedure, one: Ways, path: str) -> Iterator[str]:
    anchor = addresses.ending(procedure.name, one.state).anchor
    yield heading(3, f"{plain(one.state)}: {plain(STATES[one.state])}", anchor)
    if not one.shortest:
        yield "Undecided: no history was found." if one.reachable else "No history comes here."
        return
    states = (link(plain(s), addresses.state(procedure.name, s), path) for s in one.passes)
    yield f"Every history passes {', '.join(states)}."
    for words, sort in (("steps", Sort.STEP), ("events", Sort.EVENT)):
        if musts := one.needs(sort):
            yield f"Every history has these {words}:"
            yield bullets(_must(procedure, must, path) for must in musts)
    yield from _round(procedure, one, path)
    most = "" if one.shown else "at most "
    summary = f"The shortest history: {most}{counted(len(one.shortest), 'event')}"
    yield unfolding(summary, plainly(procedure, one.shortest), path)


def _must(procedure: Procedure, must: Must, path: str) -> str:
    cited = linking.clauses(must.cites, path)
    return _thing(procedure, must.thing, path) + (f" ({cited})" if cited else "")


def _thing(procedure: Procedure, thing: Thing, path: str) -> str:
    if thing.sort is Sort.STEP:
        return linking.capital(matches.step(procedure, thing.name, path))
    if thing.sort is Sort.EVENT:
        return link(plain(spaced(thing.name)), addresses.event(thing.name), path)
    if thing.sort is Sort.STATE:
        return link(plain(thing.name), addresses.state(procedure.name, thing.name), path)
    return linking.rules(procedure.name, [thing.name], path)


def _round(procedure: Procedure, one: Ways, path: str) -> Iterator[str]:
    """Yield what the shortest history has and a longer can do without."""
    longer = [b for b in one.bypasses if b.longer and b.thing.sort is not Sort.RULE]
    if longer:
        yield "It can do without each of these, by a longer way:"
        yield bullets(_bypasses(procedure, longer, path))
    if one.undecided:
        yield "It is undecided whether it can do without these:"
        yield bullets(f"{_thing(procedure, t, path)}: {plain(why)}" for t, why in one.undecided)


def _bypasses(procedure: Procedure, longer: Iterable[Bypass], path: str) -> Iterator[str]:
    for one in longer:
        most = "" if one.shown else "at most "
        told = _thing(procedure, one.thing, path)
        yield f"{told}: {most}{counted(len(one.history), 'event')}"
