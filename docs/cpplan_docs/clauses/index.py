"""The account of all clauses in numbers: how far they bind, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cpplan.clauses import Clause, Source, Strength
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import bullets, heading, link, page, plain
from cpplan_sim.account import Account, Fate

PATH = "clauses/index.md"
TITLE = "Clauses"

OPENING = """\
What a procedure is made to do here cites the clause that asks for it, or is marked as our choice.
The register holds every rule of every source, one clause to a rule: a paraphrase in one sentence,
with the figures kept exact, and how far it binds. It is not the text, not the law, and not legal
advice.
"""
READING = """\
A clause keeps its number for good. The number is that of its paragraph, with a letter added where
one paragraph holds several rules. How far it binds comes first, with the source's own verb where
that is another word. *Exactly* gives the figures, with the unit that the source uses and never
another. Notes are ours: where a source can be read in two ways, they say which reading was taken,
and why.

What becomes of a clause is worked out anew for each of these pages from the procedures, and not
written by hand: a rule that no longer cites a clause is gone from its account.
"""


def index(book: Book, sources: Sequence[Source]) -> Page:
    """Return the page of the account."""
    everything = [clause for source in sources for clause in source.clauses.values()]
    text = page(
        heading(1, TITLE),
        OPENING,
        heading(2, "How to read a clause"),
        READING,
        f"The words for how far a clause binds, and for what becomes of it, are in the"
        f" {link('glossary', addresses.GLOSSARY, PATH)}.",
        heading(2, "All sources together"),
        f"{len(everything)} clauses in {len(sources)} sources: {_strengths(everything)}.",
        *(_source(source, book.accounts) for source in sources),
    )
    return Page(PATH, TITLE, text)


def about(source: Source) -> str:
    """Return what a source is."""
    published = f", published {source.published}" if source.published else ""
    publisher = f" by {plain(source.publisher)}" if source.publisher else ""
    return page(
        f"*{plain(source.title)}*, {plain(source.edition)}{published}{publisher}.",
        plain(source.note),
        f"{len(source.clauses)} clauses: {_strengths(source.clauses.values())}.",
    )


def _source(source: Source, accounts: Mapping[str, Account]) -> str:
    told = link(f"All clauses of {plain(source.name)}", addresses.source(source.name), PATH)
    return page(
        heading(2, plain(source.name)),
        about(source),
        bullets(_fates(source, accounts.values())),
        f"{told}.",
    )


def _fates(source: Source, accounts: Iterable[Account]) -> Iterator[str]:
    """Yield what becomes of a source's clauses in each procedure that draws on it."""
    for account in sorted(accounts, key=lambda one: one.procedure != source.name):
        counts = Counter(one.fate for one in account.standings if one.clause.source == source.name)
        if counts:
            name = linking.procedures([account.procedure], PATH)
            yield f"Under {name}: {_listed((fate.value, counts[fate]) for fate in Fate)}."


def _strengths(clauses: Iterable[Clause]) -> str:
    counts = Counter(clause.strength for clause in clauses)
    return _listed((strength.value, counts[strength]) for strength in Strength)


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {plain(word)}" for word, number in counts if number)
