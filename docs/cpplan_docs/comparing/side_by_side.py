"""The comparison: every figure in all procedures side by side, and what a difference comes to.

Two procedures at a time are told by :mod:`cpplan_docs.comparing.two`, on pages of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from cpplan import Procedure
from cpplan.duties import Duty
from cpplan.needs import AnyNeed, Need
from cpplan.rules import Rule
from cpplan.values import Origin, Value
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.comparing import two
from cpplan_docs.comparing.two import title_of, when
from cpplan_docs.pages import Page
from cpplan_docs.words.linking import clauses
from cpplan_docs.words.markdown import bullets, code, folded, heading, link, page, plain
from cpplan_docs.words.wording import counted, day, spaced, titled
from cpplan_sim.differing.effects import Effects, effects
from cpplan_sim.differing.telling import by_procedure, limit

PATH = addresses.value("").path

INTRODUCTION = """\
Every figure of every procedure, as its source gives it, with the clause that it stands on. A unit
is kept as the source has it: ten working days are not two weeks. A procedure that does not have a
figure is listed with what it has in its place, or as silent.

What a difference comes to is shown by histories that were recorded under both procedures: see the
pages of two procedures at a time, and [how they are found](../choices/differences.md)."""

ORIGINS: Mapping[Origin, str] = {
    Origin.OWN: "",
    Origin.INHERITED: "inherited",
    Origin.CHOICE: "our choice",
}


def pages(book: Book) -> Iterator[Page]:
    """Yield the comparison of all, and a page for each two procedures."""
    found = [effects(*two) for two in combinations(book.procedures.values(), 2)]
    text = page(
        heading(1, "Side by side"),
        INTRODUCTION,
        heading(2, "Two at a time"),
        bullets(_of_two(one) for one in found),
        heading(2, "Figures"),
        *(_value(name, book.procedures, found) for name in _names(book.procedures.values())),
        heading(2, "What each says nothing of"),
        *_silences(book.procedures),
    )
    yield Page(PATH, "Side by side", text)
    yield from (two.page_of(one) for one in found)


def _of_two(one: Effects) -> str:
    told = link(
        title_of(one),
        addresses.side_by_side(one.one.name, one.other.name),
        PATH,
    )
    refused = len(one.one_allows.found) + len(one.other_allows.found)
    due = sum(owed.apart for owed in one.due)
    duties = "1 duty" if due == 1 else f"{due} duties"
    return f"{told}: {counted(refused, 'refusal')} by one alone; {duties} due otherwise"


def _names(procedures: Iterable[Procedure]) -> list[str]:
    return list(dict.fromkeys(name for procedure in procedures for name in procedure.values))


def _value(name: str, procedures: Mapping[str, Procedure], found: Sequence[Effects]) -> str:
    says = plain(next(p.values[name].says for p in procedures.values() if name in p.values))
    return page(
        heading(3, titled(name), addresses.value(name).anchor),
        f"{says[:1].upper()}{says[1:]} ({code(name)}). {_marked(name, procedures)}",
        bullets(_figure(name, key, procedures) for key in procedures),
        _effect(name, found),
    )


def _marked(name: str, procedures: Mapping[str, Procedure]) -> str:
    """Return in words whether the figure differs, or what fixes the same duties in its place."""
    told: dict[str, list[str]] = {}
    for key, procedure in procedures.items():
        if name in procedure.values:
            told.setdefault(plain(str(procedure.values[name])), []).append(titled(key))
        for duty in _others(name, procedure, procedures.values()):
            told.setdefault(plain(_by(procedure.duties[duty])), []).append(titled(key))
    if len(told) == 1:
        alone = len(set(next(iter(told.values())))) == 1
        return f"**{'One procedure alone has it' if alone else 'The same wherever it is given'}.**"
    groups = "; ".join(f"{n} in {', '.join(dict.fromkeys(who))}" for n, who in told.items())
    return f"**Differs:** {groups}."


def _figure(name: str, key: str, procedures: Mapping[str, Procedure]) -> str:
    told = link(titled(key), addresses.procedure(key), PATH)
    procedure, value = procedures[key], procedures[key].values.get(name)
    said = _given(value, procedure) if value else _instead(name, procedure, procedures.values())
    return f"{told}: {said}"


def _given(value: Value, procedure: Procedure) -> str:
    origin = ORIGINS[value.origin]
    read = f", read as {plain(spaced(value.read_as))}" if value.read_as else ""
    parts = [
        f"**{plain(str(value))}**{read}",
        clauses(value.cites, PATH),
        f"{origin}: {plain(value.why)}" if origin and value.why else origin or plain(value.why),
        _uses(value.id, procedure),
    ]
    return " — ".join(part for part in parts if part)


def _uses(name: str, procedure: Procedure) -> str:
    """Return what reads a figure, as links."""
    links = [
        link(code(one.id), told(procedure.name, one.id), PATH)
        for one in _readers(name, procedure)
        for told in (addresses.duty if isinstance(one, Duty) else addresses.rule,)
    ]
    return f"for {', '.join(links)}" if links else ""


def _read(needs: Iterable[Need]) -> set[str]:
    """Return the figures that needs count by."""
    found: set[str] = set()
    for need in needs:
        found |= _read(need.needs) if isinstance(need, AnyNeed) else set()
        value = getattr(need, "value", None)
        found |= {value.id} if isinstance(value, Value) else set()
    return found


def _instead(name: str, procedure: Procedure, procedures: Collection[Procedure]) -> str:
    """Return what stands in the place of a figure: a duty fixed otherwise, silence, nothing."""
    others = _others(name, procedure, procedures)
    if others:
        return "no such figure; " + ", ".join(_fixed(procedure, other) for other in others)
    topics = (one.topic for each in procedures for one in _readers(name, each))
    silent = dict.fromkeys(topic for topic in topics if topic in procedure.silent)
    if silent:
        return "silent: " + plain("; ".join(procedure.silent[topic] for topic in silent))
    return "no such figure"


def _others(name: str, procedure: Procedure, procedures: Collection[Procedure]) -> list[str]:
    """Return the duties that read a figure elsewhere and that a procedure has without it."""
    readers = (one for each in procedures for one in _readers(name, each))
    found = dict.fromkeys(one.id for one in readers if isinstance(one, Duty))
    here = [] if name in procedure.values else [one for one in found if one in procedure.duties]
    return [duty for duty in here if _named(procedure.duties[duty]) != name]


def _by(duty: Duty) -> str:
    """Return the figure of a duty, or how it is fixed without one."""
    return str(duty.value) if duty.value else limit(duty)


def _fixed(procedure: Procedure, duty: str) -> str:
    told = link(code(duty), addresses.duty(procedure.name, duty), PATH)
    return f"{told}: {plain(limit(procedure.duties[duty]))}"


def _readers(name: str, procedure: Procedure) -> list[Duty | Rule]:
    """Return the duties and rules that read a figure."""
    duties = [one for one in procedure.duties.values() if one.value and one.value.id == name]
    return [*duties, *(one for one in procedure.rules.values() if name in _read(one.needs))]


def _effect(name: str, found: Sequence[Effects]) -> str:
    """Return what a difference in a figure comes to, two procedures at a time."""
    told = [line for one in found for line in _effects_of(name, one)]
    if not told:
        return ""
    return folded(f"What the difference comes to, two at a time: {len(told)}", bullets(told))


def _effects_of(name: str, one: Effects) -> Iterator[str]:
    for due in one.due:
        if due.apart and name in (_named(due.one), _named(due.other)):
            days = "; ".join(
                f"{titled(procedure.name)}: {when(owed)}"
                for procedure, _, owed in by_procedure(one, due)
            )
            last = due.events[-1]
            names = one.one.name, one.other.name
            told = link(code(due.duty), addresses.due_under(*names, due.duty), PATH)
            yield f"{told} after {spaced(last.kind)} on {day(last.on)}: {days}"


def _named(duty: Duty) -> str:
    return duty.value.id if duty.value else ""


def _silences(procedures: Mapping[str, Procedure]) -> Iterator[str]:
    topics = {name: said for one in procedures.values() for name, said in one.topics.items()}
    for topic, said in topics.items():
        silent = [
            f"{link(titled(key), addresses.procedure(key), PATH)}: {plain(one.silent[topic])}"
            for key, one in procedures.items()
            if topic in one.silent
        ]
        if silent:
            yield heading(3, titled(topic.replace(".", " ")))
            yield f"{plain(said[:1].upper() + said[1:])}. Silent:"
            yield bullets(silent)
