"""The pages of clauses: one for each source, every clause with what becomes of it.

Clauses stand by what they are about, in words that all sources share, and in the order of the text
below that. The account of all sources in numbers is in :mod:`cpplan_docs.clauses.index`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

import attrs

from cpplan.clause_checks import REFERENCE_PARAMETERS
from cpplan.clause_register import load_source
from cpplan.clauses import SOURCES, Clause, Parameter, Source
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.clauses.citing import Use, uses_of
from cpplan_docs.clauses.index import about, index
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_docs.words.mentions import with_links
from cpplan_docs.words.terms import Terms, load_terms
from cpplan_docs.words.wording import counted, spaced, titled
from cpplan_sim.account import Fate, Standing

OPENING = """\
The sentences are paraphrases, and the notes are ours. Below each clause stands what procedures
make of it, the source's own first.
"""


@attrs.frozen
class Fates:
    """What becomes of a clause in one procedure."""

    procedure: str
    standings: Mapping[str, Standing]
    uses: Mapping[str, tuple[Use, ...]]


def pages(book: Book) -> Iterator[Page]:
    """Yield the account of all sources, and the page of each."""
    sources = tuple(load_source(name) for name in SOURCES)
    yield index(book, sources)
    for source in sources:
        yield source_page(source, sources, book)


def source_page(source: Source, sources: Iterable[Source], book: Book) -> Page:
    """Return the page of one source; ``sources`` are all that speak of the same topics."""
    fates = sorted(_fates(book), key=lambda one: one.procedure != source.name)
    return _Telling(source, tuple(sources), tuple(fates), load_terms()).page()


def _fates(book: Book) -> Iterator[Fates]:
    for name, procedure in book.procedures.items():
        standings = {one.clause.id: one for one in book.accounts[name].standings}
        yield Fates(name, standings, uses_of(procedure))


def area(topic: str) -> str:
    """Return the first part of a topic, which many topics share."""
    return topic.partition(".")[0]


def gathered(clauses: Iterable[Clause], by: Callable[[Clause], str]) -> dict[str, list[Clause]]:
    """Return clauses brought together, in the order in which the text comes to each group."""
    found: dict[str, list[Clause]] = {}
    for clause in clauses:
        found.setdefault(by(clause), []).append(clause)
    return found


@attrs.frozen
class _Telling:
    """One source, with all that its page needs."""

    source: Source
    sources: tuple[Source, ...]
    fates: tuple[Fates, ...]
    terms: Terms

    @property
    def path(self) -> str:
        return addresses.source(self.source.name).path

    def page(self) -> Page:
        title = f"Clauses of {self.source.name}"
        areas = gathered(self.source.clauses.values(), lambda clause: area(clause.topic))
        text = page(
            heading(1, title),
            about(self.source),
            OPENING,
            self._contents(areas),
            self._by_number(),
            *(self._area(name, found) for name, found in areas.items()),
        )
        return Page(self.path, title, text)

    def _contents(self, areas: Mapping[str, list[Clause]]) -> str:
        return bullets(
            f"[{titled(name)}](#{addresses.anchor('area', name)}): {counted(len(found), 'clause')}"
            for name, found in areas.items()
        )

    def _by_number(self) -> str:
        """Return every number as a link, folded away."""
        numbers = (
            link(plain(clause.number), addresses.clause(clause.id), self.path)
            for clause in self.source.clauses.values()
        )
        opening = '<details markdown="1">\n<summary>All clauses by their number</summary>'
        return page(opening, ", ".join(numbers), "</details>")

    def _area(self, name: str, clauses: list[Clause]) -> str:
        topics = gathered(clauses, lambda clause: clause.topic)
        return page(
            heading(2, titled(name), addresses.anchor("area", name)),
            *(self._topic(topic, found) for topic, found in topics.items()),
        )

    def _topic(self, topic: str, clauses: list[Clause]) -> str:
        _, _, detail = topic.partition(".")
        words = f"{titled(area(topic))}: {spaced(detail or 'in general')}"
        told = addresses.clause_topic(self.source.name, topic)
        return page(
            heading(3, words, told.anchor),
            self._elsewhere(topic),
            *(self._clause(clause) for clause in clauses),
        )

    def _elsewhere(self, topic: str) -> str:
        """Return where other sources speak of the same."""
        found = [
            link(source.name, addresses.clause_topic(source.name, topic), self.path)
            for source in self.sources
            if source is not self.source
            if any(clause.topic == topic for clause in source.clauses.values())
        ]
        return f"Also in {', '.join(found)}." if found else "Of this no other source speaks."

    def _clause(self, clause: Clause) -> str:
        wording = f" (worded as: {plain(clause.wording)})" if clause.wording else ""
        return page(
            heading(4, plain(clause.number), addresses.clause(clause.id).anchor),
            f"**{clause.strength.value}**{wording}: {plain(clause.rule)}",
            bullets(
                [
                    *self._said(clause),
                    *(line for one in self.fates for line in self._of(clause, one)),
                ]
            ),
        )

    def _said(self, clause: Clause) -> Iterator[str]:
        """Yield what the register says of a clause, beside the sentence."""
        states = f", when the plan is {_listed(clause.applies_in)}" if clause.applies_in else ""
        yield f"{titled(clause.kind)}{states}."
        if clause.actor:
            yield f"Who acts: {self._people(clause.actor)}."
        if clause.authorised_by:
            yield f"Who has to agree: {self._people(clause.authorised_by)}."
        if clause.parameters:
            figures = (self._parameter(*one) for one in clause.parameters.items())
            yield f"Exactly: {'; '.join(figures)}."
        lines = "line" if len(clause.lines) == 1 else "lines"
        yield f"In the text: {lines} {_ranges(clause.lines)}, at “{plain(clause.locator)}”."
        if clause.why:
            yield f"Why no program checks it: {with_links(clause.why, clause.source, self.path)}"
        if clause.notes:
            yield f"Our note: {with_links(clause.notes, clause.source, self.path)}"

    def _people(self, slugs: Iterable[str]) -> str:
        return ", ".join(self.terms.linked(slug, self.path) for slug in slugs)

    def _parameter(self, key: str, value: Parameter) -> str:
        values = value if isinstance(value, tuple) else (value,)
        if key in REFERENCE_PARAMETERS:
            return f"{code(key)} {linking.clauses(map(str, values), self.path)}"
        return f"{code(key)} {', '.join(_shown(one) for one in values)}"

    def _of(self, clause: Clause, fates: Fates) -> Iterator[str]:
        """Yield what one procedure makes of a clause, if the clause is anything to it."""
        standing, uses = fates.standings.get(clause.id), fates.uses.get(clause.id, ())
        if standing is None and not uses:
            return
        fate = standing.fate.value if standing else "cited"
        name = linking.procedures([fates.procedure], self.path)
        yield f"Under {name}: **{fate}**.{self._excuse(standing)}{self._used(uses)}"

    def _excuse(self, standing: Standing | None) -> str:
        if standing is None or standing.fate is not Fate.EXCUSED:
            return ""
        return f" Our reason: {with_links(standing.why, self.source.name, self.path)}"

    def _used(self, uses: Iterable[Use]) -> str:
        """Return what stands on a clause, sort by sort; several sorts have a line each."""
        sorts: dict[str, list[str]] = {}
        for use in uses:
            sorts.setdefault(use.sort, []).append(link(code(use.name), use.told, self.path))
        lines = [f"{titled(sort)}: {', '.join(links)}." for sort, links in sorts.items()]
        between = "\n    - " if len(lines) > 1 else " "
        return "".join(f"{between}{line}" for line in lines)


def _shown(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(str(value))


def _listed(states: Iterable[str]) -> str:
    return ", ".join(map(spaced, states))


def _ranges(lines: Iterable[int]) -> str:
    """Return line numbers with those that follow one another drawn together."""
    told: list[str] = []
    for _, group in groupby(enumerate(sorted(lines)), lambda pair: pair[1] - pair[0]):
        run = [line for _, line in group]
        told.append(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}")
    return ", ".join(told)
