"""Two procedures side by side: the shortest histories on which they part, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cpplan import Plan, Procedure
from cpplan.events import Event
from cpplan.obligations import Obligation
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.pages import Page
from cpplan_docs.words.linking import clauses
from cpplan_docs.words.markdown import bullets, code, folded, heading, link, page, plain
from cpplan_docs.words.wording import counted, day, spaced, titled
from cpplan_sim.differing.dueness import Due
from cpplan_sim.differing.effects import Effects
from cpplan_sim.differing.parting import Fate, NotFound, Parting, Partings
from cpplan_sim.differing.statements import Difference, Sort
from cpplan_sim.differing.telling import PLURAL, by_procedure, limit, moments, shown
from cpplan_sim.taking import retold

INTRODUCTION = """\
Every history here was recorded under both procedures, but for a last event that one of them
refuses. It is the shortest that shows what it is told for, but where the page says otherwise. Days
are examples. [How they are found, and what that does not show](../../choices/differences.md)."""


def page_of(found: Effects) -> Page:
    """Return the page of two procedures."""
    one, other = found.one, found.other
    path = addresses.side_by_side(one.name, other.name).path
    title = title_of(found)
    told = _Telling(found, path)
    text = page(
        heading(1, title),
        INTRODUCTION,
        *told.calendars(),
        *told.dues(),
        *told.partings(found.one_allows, one, other),
        *told.partings(found.other_allows, other, one),
        heading(2, "What they say otherwise"),
        *(part for sort in Sort for part in told.statements(sort)),
    )
    return Page(path, title, text)


def title_of(found: Effects) -> str:
    """Return what the page of two procedures is called."""
    return f"{titled(found.one.name)} and {titled(found.other.name)}"


def when(owed: Obligation | None) -> str:
    """Return when an obligation is due, in words."""
    if owed is None:
        return "not owed"
    if owed.due_on is not None:
        return f"due on {day(owed.due_on)}"
    return "owed, and its day can't be known" if owed.undecidable else "owed, with no day"


class _Telling:
    def __init__(self, found: Effects, path: str) -> None:
        self.found = found
        self.path = path

    def calendars(self) -> Iterator[str]:
        one, other = self.found.one, self.found.other
        if one.calendar != other.calendar:
            days = f"{spaced(one.calendar.jurisdiction)}; {spaced(other.calendar.jurisdiction)}"
            yield f"Working days are counted by the holidays of different places: {days}."

    def dues(self) -> Iterator[str]:
        yield heading(2, "What falls due otherwise")
        if not self.found.due:
            yield "Every duty that both have is fixed alike."
        for one in self.found.due:
            yield from self.due(one)

    def due(self, one: Due) -> Iterator[str]:
        yield heading(3, titled(one.duty), self.due_anchor(one))
        if one.events:
            yield "After this history:"
            yield history(one.events, self.found.one)
            yield f"Then {code(one.duty)} is owed so:"
        yield bullets(
            f"{self.of(procedure)}: **{when(owed)}** "
            f"({link(plain(limit(duty)), addresses.duty(procedure.name, one.duty), self.path)})"
            f"{self.cited(duty.cites)}"
            for procedure, duty, owed in by_procedure(self.found, one)
        )
        if one.why:
            yield f"{one.why[:1].upper()}{plain(one.why[1:])}."

    def due_anchor(self, one: Due) -> str:
        names = self.found.one.name, self.found.other.name
        return addresses.due_under(*names, one.duty).anchor

    def partings(self, found: Partings, one: Procedure, other: Procedure) -> Iterator[str]:
        yield heading(2, f"What {titled(one.name)} allows and {titled(other.name)} refuses")
        if not found.found:
            yield "No history was found."
        for parting in found.found:
            yield from self.parting(parting)
        yield from self.missed(found.missed)

    def parting(self, one: Parting) -> Iterator[str]:
        kind = one.events[-1].kind
        yield heading(3, f"{titled(kind)}: {_lacking(one)}")
        rule = self.rule(one.allowing, one.allowed_by.id)
        by = f" by {self.rule(one.refusing, one.refused_by.id)}" if one.refused_by else ""
        yield (
            f"{titled(one.allowing.name)} records it by {rule}{self.cited(one.allowed_by.cites)}. "
            f"{titled(one.refusing.name)} refuses it{by}:"
        )
        yield bullets(
            f"{link(code(r.code), addresses.code(r.code), self.path)}: {plain(r.says)}"
            f"{self.cited(r.cites)}"
            for r in one.refused.reasons
        )
        if not one.shortest:
            yield "A shorter history may be possible."
        title = f"The history: {counted(len(one.events), 'event')}"
        yield folded(title, history(one.events, one.allowing))

    def missed(self, missed: Sequence[NotFound]) -> Iterator[str]:
        never = self.targets(missed, Fate.NEVER)
        if never:
            title = f"Looked for, and shown by no history: {len(never)}"
            said = "They part before, or what else is needed comes to the same."
            yield folded(title, f"{said}\n\n{bullets(never)}")
        open_ = self.targets(missed, Fate.UNDECIDED)
        if open_:
            said = "A path was found that the two would not take. So nothing is claimed of these."
            yield folded(
                f"Looked for, and not decided: {len(open_)}", f"{said}\n\n{bullets(open_)}"
            )

    def targets(self, missed: Sequence[NotFound], fate: Fate) -> list[str]:
        return [*dict.fromkeys(self.target(one) for one in missed if one.fate is fate)]

    def target(self, missed: NotFound) -> str:
        one = missed.target
        what = (
            f"{code(one.rule.id)} refuses for {code(one.code)}" if one.rule else "no rule is for it"
        )
        return f"{titled(one.kind)}: {what} ({counted(missed.states, 'state')} searched)"

    def statements(self, sort: Sort) -> Iterator[str]:
        every = [one for one in self.found.differences if one.sort is sort]
        yield heading(3, PLURAL[sort].capitalize())
        if not every:
            yield "The same in both."
        acting = [one for one in every if one.shared and one.acts]
        if acting:
            yield bullets(self.differing(one) for one in acting)
        for procedure in (self.found.one, self.found.other):
            only = [one for one in every if self.statement(one, procedure) and not one.shared]
            if only:
                lines = bullets(self.named(one, procedure) for one in only)
                yield folded(f"Only in {titled(procedure.name)}: {len(only)}", lines)
        told = sum(one.shared and not one.acts for one in every)
        if told:
            yield f"{told} more differ in words, clauses or origin alone."

    def differing(self, one: Difference) -> str:
        what = ", ".join(one.in_what)
        sides = "; ".join(self.named(one, p) for p in (self.found.one, self.found.other))
        return f"{plain(one.id)} differs in {what}: {sides}"

    def named(self, one: Difference, procedure: Procedure) -> str:
        statement = self.statement(one, procedure)
        figure = shown(one.sort, statement) or ", ".join(one.codes(statement))
        name = titled(procedure.name) if one.shared else plain(one.id)
        told = link(name, self.address(one, procedure), self.path)
        said = f": **{plain(figure)}**" if figure else ""
        return told + said + self.cited(one.clauses(statement))

    def statement(self, one: Difference, procedure: Procedure) -> Any:
        return one.one if procedure is self.found.one else one.other

    def address(self, one: Difference, procedure: Procedure) -> Address:
        if one.sort is Sort.VALUE:
            return addresses.value(one.id)
        if one.sort is Sort.RULE:
            return addresses.rule(procedure.name, one.id)
        if one.sort is Sort.DUTY:
            return addresses.duty(procedure.name, one.id)
        if one.sort is Sort.RECORD:
            return addresses.event(one.id.partition(":")[0])
        return addresses.requirement(procedure.name, one.id)

    def of(self, procedure: Procedure) -> str:
        return link(titled(procedure.name), addresses.procedure(procedure.name), self.path)

    def rule(self, procedure: Procedure, name: str) -> str:
        return link(code(name), addresses.rule(procedure.name, name), self.path)

    def cited(self, cites: Iterable[str]) -> str:
        found = clauses(cites, self.path)
        return f" ({found})" if found else ""


def _lacking(one: Parting) -> str:
    """Return why an event is refused, in the words of the first reason."""
    codes = one.refused.codes
    return spaced(codes[0]) + (f", and {len(codes) - 1} more" if len(codes) > 1 else "")


def history(events: Sequence[Event], procedure: Procedure) -> str:
    """Return a history as a list, with the states that a procedure goes through."""
    lines, plan = [], Plan(procedure)
    for number, event in enumerate(events, start=1):
        after = retold(procedure, moments(events[:number]))
        moved = after.state if after.state == plan.state else f"{plan.state} to {after.state}"
        lines.append(f"{number}. {day(event.on)}: {spaced(event.kind)} ({moved})")
        plan = after
    return "\n".join(lines)
