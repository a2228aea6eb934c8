"""From a pack's layers to figures, rules, tallies and records, with every mistake told.

Builds the parts one by one and collects problems instead of stopping at the first. Duties and
requirements are built in :mod:`cpplan.building_duties`. What only shows once the parts are together
(a rule that can't fire, two that overlap, a state without a way out) is judged in
:mod:`cpplan.checking`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from cpplan.compiling import Compiler, origin_of
from cpplan.compiling_needs import compile_need
from cpplan.drafts import NeedDraft, SetDraft
from cpplan.events import KINDS
from cpplan.procedures import Record, field_says, states_named
from cpplan.rules import OTHERS_OPEN, Rule, StepSet, Tally
from cpplan.states import GROUPS, ORIGIN, RETURNING, SAME, STATES
from cpplan.structuring import enum_values
from cpplan.values import UNITS, Origin, Value

if TYPE_CHECKING:
    from cpplan.drafts import RecordDraft, ValueDraft
    from cpplan.layers import Part, Where
    from cpplan.packs import Pack, RulePart


class Builder:
    """Builds the figures, rules, tallies and records of one pack, and collects what is wrong."""

    def __init__(self, pack: Pack, compiler: Compiler) -> None:
        """Build from the pack's layers with the compiler's names."""
        self.pack = pack
        self.compile = compiler
        self.topics = pack.lifecycle.draft.topics

    def rules(self) -> dict[str, Rule]:
        """Return the rules that could be built; one that stays while steps stand becomes two."""
        built = {
            rule.id: rule
            for name, part in self.pack.rules.items()
            for rule in self._rule(name, part)
        }
        while True:
            edges = [edge for rule in built.values() for edge in rule.edges]
            settable = {step.step for edge in edges for step in edge.sets}
            kept = {n: rule for n, rule in built.items() if not self._is_spare(rule, settable)}
            if len(kept) == len(built):
                return kept
            built = kept

    def _is_spare(self, rule: Rule, settable: set[str]) -> bool:
        """Return whether a rule only came along with another, and is for steps unknown here."""
        part = self.pack.rules.get(rule.id)
        came_along = part is None or bool(part.last("like"))
        known = rule.given <= settable and (not rule.given_any or rule.given_any & settable)
        return came_along and not known

    def _rule(self, name: str, part: RulePart) -> Iterator[Rule]:
        where, compiler = part.where, self.compile
        event, target = part.last("event"), part.last("to")
        self._check_rule(name, part)
        if event not in KINDS:
            return
        given_none = frozenset(self._steps(part, "given_none"))
        staying = frozenset(self._steps(part, "stays_while"))
        needs = [compile_need(compiler, draft, event, at) for draft, at in part.all("needs")]
        rule = Rule(
            id=name,
            says=part.last("says"),
            topic=part.last("topic"),
            match=compiler.when(event, part.last("when"), where),
            sources=states_named(tuple(part.last("from_"))),
            target=target,
            given=frozenset(self._steps(part, "given")),
            given_any=frozenset(self._steps(part, "given_any")),
            given_none=given_none | staying,
            needs=tuple(need for need in needs if need is not None),
            sets=tuple(self._set_step(item, event, at) for item, at in part.all("sets")),
            clears=frozenset(self._steps(part, "clears")),
            cites=tuple(dict.fromkeys(clause for clause, _ in part.all("cites"))),
            origin=self._origin_of(part),
            why=part.last("why"),
        )
        yield rule
        if staying:
            yield attrs.evolve(
                rule,
                id=name + OTHERS_OPEN,
                target=SAME,
                given_any=staying,
                given_none=given_none,
            )

    def _check_rule(self, name: str, part: RulePart) -> None:
        where, note = part.where, self.compile.note
        self.compile.named(part.last("event"), KINDS, where.at("event"), "event")
        self.compile.named(part.last("topic"), self.topics, where.at("topic"), "topic")
        self._check_states(name, part)
        if not part.last("says"):
            note(where, f"the rule {name!r} says nothing", "give says: one sentence")
        cites = list(part.all("cites"))
        for clause, at in cites:
            self.compile.named(clause, self.compile.clauses, at, "clause")
        self.compile.check_source(part.last("origin"), cites, part.last("why"), where)
        for draft, at in part.all("needs"):
            if not _sourced(draft):
                note(at, "a need without a source", "give cites, or why if it is your choice")

    def _check_states(self, name: str, part: RulePart) -> None:
        where, named = part.where, part.last("from_")
        target = part.last("to")
        self.compile.named(target, (*STATES, SAME, ORIGIN), where.at("to"), "state")
        for index, state in enumerate(named):
            self.compile.named(state, (*STATES, *GROUPS), where.at("from", index), "state")
        if not named:
            message = f"the rule {name!r} names no state that it applies in"
            self.compile.note(where, message, "give from")
        for state in states_named(tuple(named)):
            if target == ORIGIN and state not in RETURNING:
                message = f"{state!r} has no origin to return to"
                self.compile.note(where.at("to"), message, "name the state to go to")

    def _origin_of(self, part: RulePart) -> Origin:
        if part.filled_from:
            return Origin.INHERITED
        named = part.last("origin")
        if named in enum_values(Origin):
            return Origin(named)
        return Origin.OWN if any(True for _ in part.all("cites")) else Origin.CHOICE

    def _steps(self, part: RulePart, key: str) -> list[str]:
        return [self.compile.step(step, at) for step, at in part.all(key)]

    def _set_step(self, item: str | SetDraft, event: str, where: Where) -> StepSet:
        if isinstance(item, str):
            return StepSet(self.compile.step(item, where))
        self.compile.typed(event, item.on_field, dt.date, where.at("on-field"))
        return StepSet(self.compile.step(item.step, where.at("step")), item.on_field)

    def values(self) -> None:
        """Note what is wrong with the figures."""
        for name, part in self.pack.values.items():
            draft, where = part.draft, part.where
            self.compile.named(draft.unit, UNITS, where.at("unit"), "unit")
            if draft.read_as:
                self.compile.named(draft.read_as, UNITS, where.at("read-as"), "unit")
            elif draft.unit == "days-unspecified":
                self.compile.note(where, f"{name!r} has no unit to count in", "give read-as")
            self.compile.cites(draft.cites, where)
            self.compile.check_source(draft.origin, draft.cites, draft.why, where)

    def records(self) -> dict[str, tuple[Record, ...]]:
        """Return the fields wanted, by kind of event."""
        found = {}
        for kind, parts in self.pack.records.items():
            built = [self._record(kind, part) for part in parts]
            found[kind] = tuple(one for one in built if one is not None)
        return found

    def _record(self, kind: str, part: Part[RecordDraft]) -> Record | None:
        draft, where, compiler = part.draft, part.where, self.compile
        if not compiler.named(kind, KINDS, where, "event"):
            return None
        read = compiler.read(kind, draft.field, where.at("field"))
        cites = compiler.cites(draft.cites, where)
        if not cites:
            compiler.note(where, "a record without a clause", "give cites")
        given = frozenset(compiler.step(step, where.at("given")) for step in draft.given)
        given_none = frozenset(compiler.step(s, where.at("given-none")) for s in draft.given_none)
        if read is None:
            return None
        return Record(
            match=compiler.when(kind, draft.when, where),
            path=draft.field,
            read=read,
            says=field_says(KINDS[kind], draft.field),
            given=given,
            given_none=given_none,
            optional=draft.optional,
            cites=cites,
        )

    def tallies(self) -> tuple[Tally, ...]:
        """Return the tallies of the shared lifecycle."""
        where = self.pack.lifecycle.where.at("tallies")
        found = []
        for name, draft in self.pack.lifecycle.draft.tallies.items():
            for key, counted, per in (
                ("per", draft.counts.event, draft.per),
                ("resets-per", draft.resets.event, draft.resets_per),
            ):
                self.compile.read(counted, per, where.at(name, key))
            made = Tally(
                id=name,
                says=draft.says,
                counts=self.compile.match(draft.counts, where.at(name, "counts")),
                per=draft.per,
                resets=self.compile.match(draft.resets, where.at(name, "resets")),
                resets_per=draft.resets_per,
                reaches=self.compile.step(draft.reaches, where.at(name, "reaches")),
                at=self.compile.count(name, draft.at),
                cites=tuple(draft.cites),
            )
            found.append(made)
        return tuple(found)


def _sourced(draft: NeedDraft) -> bool:
    return bool(draft.cites or draft.why or (draft.any_ and all(map(_sourced, draft.any_))))


def value_of(name: str, part: Part[ValueDraft]) -> Value:
    """Return a figure as its pack gives it."""
    draft = part.draft
    return Value(
        id=name,
        amount=draft.is_,
        unit=draft.unit,
        read_as=draft.read_as,
        says=draft.says,
        origin=origin_of(draft.origin, part.filled_from),
        cites=tuple(draft.cites),
        why=draft.why,
    )
