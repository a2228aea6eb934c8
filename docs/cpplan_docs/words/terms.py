"""Terms: one word for each idea, read from ``docs/terms.yaml`` and from the code's closed lists.

What a list holds is read from the code; the file says what its members mean, and both must agree.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import attrs

from cpplan.clauses import SOURCES, Enforcement, Strength
from cpplan.obligations import Status
from cpplan.reading import Document, InvalidFileError, Problem, nearest, read_yaml
from cpplan.roles import Role
from cpplan.structuring import structure
from cpplan.values import Origin
from cpplan_docs import addresses
from cpplan_docs.words.markdown import link, plain
from cpplan_docs.words.wording import spaced
from cpplan_sim.account import Fate

FILE = Path(__file__).parents[2] / "terms.yaml"

LISTS: Mapping[str, type[enum.Enum]] = {
    "strength": Strength,
    "enforcement": Enforcement,
    "fate": Fate,
    "status": Status,
    "origin": Origin,
    "role": Role,
}
"""The closed lists whose members the file gives a meaning."""


@attrs.frozen(kw_only=True)
class Term:
    """A term, as the file has it.

    Attributes:
        term: the word.
        means: what it means, in a sentence or two.
        words: what each source calls it, where it does.
        also: other names of the same, as slugs.
        see: the page that tells more; empty for none.
    """

    term: str
    means: str
    words: dict[str, str] = attrs.field(factory=dict)
    also: list[str] = attrs.field(factory=list)
    see: str = ""


@attrs.frozen(kw_only=True)
class Terms:
    """All terms.

    Attributes:
        field: words of child protection, by slug.
        project: words of this project, by slug.
        meanings: what the members of the closed lists mean, by the list's name.
    """

    field: dict[str, Term]
    project: dict[str, Term]
    meanings: dict[str, dict[str, str]]

    def linked(self, slug: str, path: str) -> str:
        """Return a name that the code or a clause uses, as a link if there is a term for it."""
        found = next((key for key, one in self.field.items() if slug in (key, *one.also)), slug)
        words = self.field[found].term if found in self.field else spaced(slug)
        known = found in self.field or found in self.meanings["role"]
        return link(plain(words), addresses.term(found), path) if known else plain(words)


@cache
def load_terms(file: Path = FILE) -> Terms:
    """Return the terms of a file.

    Raises:
        InvalidFileError: with every mistake in it, as a member of a list that it gives no meaning.
    """
    document = read_yaml(file, name=file.name)
    terms = structure(document, Terms)
    problems = [*_wrong_sources(document, terms), *_wrong_meanings(document, terms)]
    if problems:
        raise InvalidFileError(problems)
    return terms


def _wrong_sources(document: Document, terms: Terms) -> Iterator[Problem]:
    for slug, term in terms.field.items():
        for name in term.words:
            if name not in SOURCES:
                place = ("field", slug, "words", name)
                yield document.problem(place, f"no source {name!r}", nearest(name, SOURCES))


def _wrong_meanings(document: Document, terms: Terms) -> Iterator[Problem]:
    for name, kind in LISTS.items():
        given = terms.meanings.get(name, {})
        known = [str(one.value) for one in kind]
        # A role that is a term is told there.
        wanted = [one for one in known if name != "role" or one not in terms.field]
        for member in wanted:
            if member not in given:
                yield document.problem(("meanings", name), f"{member!r} has no meaning")
        for member in given:
            if member not in wanted:
                place = ("meanings", name, member)
                yield document.problem(place, f"no {name} {member!r}", nearest(member, wanted))
