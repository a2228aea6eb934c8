"""The pages of procedures: the list of them, and what each is, with its states, figures and gaps.

Rules, duties, proofs and endings have pages of their own, which this links to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cpplan import Procedure
from cpplan.states import STATES
from cpplan.values import Origin, Value
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.pictures import lifecycle
from cpplan_docs.words import linking
from cpplan_docs.words.duties import place
from cpplan_docs.words.markdown import bullets, code, folded, heading, link, page, plain
from cpplan_docs.words.needs import figure
from cpplan_docs.words.origins import WHOSE, Sourced, remark
from cpplan_docs.words.wording import counted, day, titled
from cpplan_sim.account import Account, Fate

INDEX = Address("procedures/index.md")

LIST = """\
Each procedure stands here as it is stated in its pack: the pages are made from that, and from what
the simulation finds. They are also told [side by side](comparison.md).
"""
PICTURE = "What leads from state to state, and the rules that do:"
SILENT = """\
On these the source says nothing. No rule of a source's is enforced there and no duty opened; what
happens can still be recorded where the shared lifecycle has a rule for it.
"""
CHOICES = """\
Sources leave things open. What follows was chosen by us and is no source's, with the reason. A
clause named with it is what the choice was made for.
"""


def pages(book: Book) -> Iterator[Page]:
    """Yield the list of procedures, and a page for each."""
    lifecycle.prepare(book.procedures.values())
    yield _index(book)
    for name, procedure in book.procedures.items():
        yield _page(procedure, book.accounts[name], told_cases(book, name))


def told_cases(book: Book, name: str) -> int:
    """Return how many told cases a procedure has."""
    return sum(run.scenario.procedure == name for run in book.runs)


def _index(book: Book) -> Page:
    listed = [part for one in book.procedures.values() for part in _listed(one)]
    text = page(heading(1, "Procedures"), LIST, *listed)
    return Page(INDEX.path, "Procedures", text)


def _listed(procedure: Procedure) -> Iterator[str]:
    told = link(plain(titled(procedure.name)), addresses.procedure(procedure.name), INDEX.path)
    yield heading(2, told)
    yield f"**{plain(procedure.title)}** ({plain(procedure.edition)})"
    yield plain(procedure.says)


def _page(procedure: Procedure, account: Account, cases: int) -> Page:
    path = addresses.procedure(procedure.name).path
    parts: tuple[tuple[str, str, Iterator[str]], ...] = (
        ("In numbers", "numbers", _numbers(procedure, account, cases)),
        ("Lifecycle", "lifecycle", _lifecycle(procedure, path)),
        ("States", "states", _states(procedure, path)),
        ("Figures", "figures", _figures(procedure, path)),
        ("What it is silent on", "silent", _silent(procedure)),
        ("What was filled in from another", "filled", _filled(procedure, path)),
        ("What is taken over from another source", "inherited", _inherited(procedure, path)),
        ("What we chose", "choices", _choices(procedure, path)),
        ("Clauses that nothing here enforces", "excused", _excused(procedure, path)),
    )
    told = [(title, anchor, list(lines)) for title, anchor, lines in parts]
    body = [p for title, at, lines in told if lines for p in (heading(2, title, at), *lines)]
    title = titled(procedure.name)
    return Page(path, title, page(heading(1, title), *_head(procedure, path), *body))


def _head(procedure: Procedure, path: str) -> Iterator[str]:
    yield f"**{plain(procedure.title)}**"
    yield plain(procedure.says)
    yield bullets(_facts(procedure, path))
    yield "It is told on these pages:"
    yield bullets(_elsewhere(procedure, path))


def _facts(procedure: Procedure, path: str) -> Iterator[str]:
    yield f"Edition: {plain(procedure.edition)}"
    if procedure.valid_from is not None:
        yield f"In force from {day(procedure.valid_from)}"
    if procedure.valid_to is not None:
        yield f"In force until {day(procedure.valid_to)}"
    yield f"Law and public holidays: {plain(place(procedure.jurisdiction))}"
    sources = dict.fromkeys(clause.source for clause in procedure.clauses.values())
    told = [link(plain(titled(one)), addresses.source(one), path) for one in sources]
    yield f"Clauses: {', '.join(told)}"


def _elsewhere(procedure: Procedure, path: str) -> Iterator[str]:
    name = procedure.name
    places = (
        ("Rules", "what each event needs and changes, and every step", addresses.rule(name, "")),
        ("Duties", "what falls due, by when and what meets it", addresses.duty(name, "")),
        ("Last days", "plans on which duties are met as late as lawful", addresses.last_days(name)),
        ("Proofs", "what no path may skip, and whether any does", addresses.requirement(name, "")),
        ("Endings", "what each can't be reached without", addresses.ending(name, "")),
    )
    for title, says, to in places:
        yield f"{link(title, Address(to.path), path)}: {says}"


def _numbers(procedure: Procedure, account: Account, cases: int) -> Iterator[str]:
    counts = account.counts
    needs = sum(len(rule.needs) for rule in procedure.rules.values())
    yield bullets(
        [
            f"{counted(len(procedure.rules), 'rule')} with {counted(needs, 'need')}, in"
            f" {counted(len(procedure.states), 'state')}",
            f"{len(procedure.duties)} duties",
            f"{counted(len(procedure.requirements), 'requirement')}, and"
            f" {counted(len(procedure.possible), 'statement')} of what must stay possible",
            f"{counted(cases, 'told case')}",
            f"{counted(len(account.standings), 'clause')}:"
            f" {', '.join(f'{counts[fate]} {fate.value}' for fate in Fate if counts[fate])}",
        ]
    )


def _lifecycle(procedure: Procedure, path: str) -> Iterator[str]:
    yield lifecycle.picture(procedure, path)
    yield PICTURE
    yield lifecycle.transitions(procedure, path)


def _states(procedure: Procedure, path: str) -> Iterator[str]:
    for state in procedure.states:
        anchor = addresses.state(procedure.name, state).anchor
        yield heading(3, linking.capital(plain(state)), anchor)
        ways = addresses.ending(procedure.name, state)
        told = f"{linking.capital(plain(STATES[state]))}."
        known = state != procedure.states[0]
        yield f"{told} {link('What no history comes here without', ways, path)}." if known else told


def _figures(procedure: Procedure, path: str) -> Iterator[str]:
    yield bullets(_figure(one, path) for one in procedure.values.values())


def _figure(one: Value, path: str) -> str:
    told = f"{linking.capital(plain(one.says))}: **{figure(one.id, str(one), path)}**"
    whose = "" if one.origin is Origin.OWN else f", {WHOSE[one.origin].lower()}"
    cited = linking.clauses(one.cites, path)
    why = f". {remark(one)}" if one.why else ""
    return f"{told}{whose}" + (f" ({cited})" if cited else "") + why


def _silent(procedure: Procedure) -> Iterator[str]:
    left = {t: says for t, says in procedure.silent.items() if t not in procedure.filled}
    if left:
        yield SILENT
        yield bullets(_topic(procedure, topic, says) for topic, says in left.items())


def _topic(procedure: Procedure, topic: str, says: str) -> str:
    words = linking.capital(plain(procedure.topics.get(topic, topic)))
    return f"**{words}**: {plain(says)}"


def _filled(procedure: Procedure, path: str) -> Iterator[str]:
    if procedure.filled:
        yield "On these the source is silent, and what stands here was taken from another pack:"
        yield bullets(
            f"{linking.capital(plain(procedure.topics.get(topic, topic)))}: from"
            f" {linking.procedures([name], path)}"
            for topic, name in procedure.filled.items()
        )


def _inherited(procedure: Procedure, path: str) -> Iterator[str]:
    yield from _of_origin(procedure, Origin.INHERITED, path, why=False)


def _choices(procedure: Procedure, path: str) -> Iterator[str]:
    told = list(_of_origin(procedure, Origin.CHOICE, path, why=True))
    if told:
        yield CHOICES
        yield from told


def _of_origin(procedure: Procedure, origin: Origin, path: str, *, why: bool) -> Iterator[str]:
    name = procedure.name
    kinds: Sequence[tuple[str, Mapping[str, Sourced], Mapping[str, Address]]] = (
        ("Figures", procedure.values, {v: addresses.value(v) for v in procedure.values}),
        ("Rules", procedure.rules, {r: addresses.rule(name, r) for r in procedure.rules}),
        ("Duties", procedure.duties, {d: addresses.duty(name, d) for d in procedure.duties}),
        (
            "Requirements",
            procedure.requirements,
            {r: addresses.requirement(name, r) for r in procedure.requirements},
        ),
    )
    for title, stated, told in kinds:
        found = {key: one for key, one in stated.items() if one.origin is origin}
        if found:
            items = [_one(found[key], key, told[key], path, why=why) for key in found]
            yield folded(f"{title}: {len(items)}", bullets(items))


def _one(one: Sourced, name: str, told: Address, path: str, *, why: bool) -> str:
    cited = linking.clauses(one.cites, path)
    reason = f": {remark(one)}" if why and one.why else ""
    return link(code(name), told, path) + (f" ({cited})" if cited else "") + reason


def _excused(procedure: Procedure, path: str) -> Iterator[str]:
    if procedure.excused:
        yield "The register wants these enforced, and here they are not, with the reason:"
        yield bullets(_excuses(procedure.excused.items(), path))


def _excuses(excused: Iterable[tuple[str, str]], path: str) -> Iterator[str]:
    for clause, why in excused:
        yield f"{linking.clauses([clause], path)}: {plain(why)}"
