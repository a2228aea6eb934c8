"""The glossary: terms of the field and of the project, and the closed lists of the code.

The words stand in ``docs/terms.yaml``, the lists in the code; here they are laid out and linked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from cpplan import Procedure
from cpplan.clauses import SOURCES
from cpplan.needs import RoleNeed
from cpplan.roles import Role
from cpplan.rules import Rule
from cpplan.states import STATES
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_docs.words.terms import LISTS, Term, Terms, load_terms

PATH = addresses.GLOSSARY.path
TITLE = "Glossary"

OPENING = """\
One word for each idea, in the code, in the rules and on these pages. The meanings are ours. What a
source calls a thing is given in its own words.
"""
HEADINGS = {
    "strength": (
        "How far a clause binds",
        "As its source words it, with the source's own verb where that is another.",
    ),
    "enforcement": (
        "What a clause is for",
        "What the register proposes that a program does with it.",
    ),
    "fate": ("What becomes of a clause", "Worked out from a procedure."),
    "status": ("How a duty stands", "On a day, for one case of it."),
    "origin": (
        "Where a statement comes from",
        "Every figure and rule of a procedure says one of these of itself.",
    ),
}
"""The closed lists that are told as they are, with a heading and a remark."""


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of all terms."""
    terms = load_terms()
    text = page(
        heading(1, TITLE),
        OPENING,
        heading(2, "Words of child protection"),
        *(_term(slug, one, _of_role(slug, book)) for slug, one in _sorted(terms.field)),
        heading(2, "Words of this project"),
        *(_term(slug, one) for slug, one in _sorted(terms.project)),
        heading(2, "States of a plan"),
        "In the order of the lifecycle, with the procedures that have them.",
        _defined(_states(book.procedures)),
        *(_list(name, terms) for name in HEADINGS),
        heading(2, "Roles"),
        "Who acts, records, agrees and authorises. No other is known to the rules.",
        _defined(_roles(book.procedures, terms)),
    )
    yield Page(PATH, TITLE, text)


def _sorted(terms: Mapping[str, Term]) -> list[tuple[str, Term]]:
    return sorted(terms.items(), key=lambda pair: pair[1].term.lower())


def _of_role(slug: str, book: Book) -> str:
    role = next((one for one in Role if one.value == slug), None)
    return " ".join(parts_of(role, book.procedures)) if role else ""


def _term(slug: str, one: Term, does: str = "") -> str:
    called = [
        f"In {plain(name)}: {plain(one.words[name])}" for name in SOURCES if name in one.words
    ]
    more = link("More about it", Address(one.see), PATH) + "." if one.see else ""
    title = heading(3, plain(one.term), addresses.term(slug).anchor)
    return page(title, plain(one.means), bullets(called), does, more)


def _list(name: str, terms: Terms) -> str:
    title, remark = HEADINGS[name]
    meanings = terms.meanings[name]
    told = ((str(one.value), plain(meanings[one.value])) for one in LISTS[name])
    return page(heading(2, title), remark, _defined(told))


def _defined(pairs: Iterable[tuple[str, str]]) -> str:
    """Return words with their meanings, each word a place to link to."""
    return "\n\n".join(f"{_word(word)}\n:   {meaning}" for word, meaning in pairs)


def _word(word: str) -> str:
    return f'<span id="{addresses.term(word).anchor}"></span>{code(word)}'


def _states(procedures: Mapping[str, Procedure]) -> Iterator[tuple[str, str]]:
    for state, means in STATES.items():
        having = [
            link(name, addresses.state(name, state), PATH)
            for name, procedure in procedures.items()
            if state in procedure.states
        ]
        yield state, f"{plain(means)}. {_in(having)}"


def _in(procedures: list[str]) -> str:
    return f"In {', '.join(procedures)}." if procedures else "In no procedure here."


def _roles(procedures: Mapping[str, Procedure], terms: Terms) -> Iterator[tuple[str, str]]:
    for role in Role:
        if role.value not in terms.field:
            means = plain(terms.meanings["role"][role.value])
            yield role.value, " ".join([means, *parts_of(role, procedures)])


def parts_of(role: Role, procedures: Mapping[str, Procedure]) -> Iterator[str]:
    """Yield what a role owes, and what nobody else can do, in each procedure."""
    owes = [_owed(role, name, procedure) for name, procedure in procedures.items()]
    if any(owes):
        yield f"Owes duties in {', '.join(one for one in owes if one)}."
    alone = [_alone(role, name, procedure) for name, procedure in procedures.items()]
    if any(alone):
        yield f"Is asked for by rules: {'; '.join(one for one in alone if one)}."


def _owed(role: Role, name: str, procedure: Procedure) -> str:
    owed = [duty.id for duty in procedure.duties.values() if role in duty.owed_by]
    if not owed:
        return ""
    return (
        f"{link(name, attrs.evolve(addresses.duty(name, owed[0]), anchor=''), PATH)} ({len(owed)})"
    )


def _alone(role: Role, name: str, procedure: Procedure) -> str:
    """Return the rules that let somebody of the role, and of few others, do a thing."""
    found = [rule.id for rule in procedure.rules.values() if role in _asked(rule)]
    return f"in {name} {linking.rules(name, found, PATH)}" if found else ""


def _asked(rule: Rule) -> set[Role]:
    return {role for need in rule.needs if isinstance(need, RoleNeed) for role in need.roles}
