"""From a pack's layers to a procedure: every statement built, every mistake told.

Builds the parts one by one and collects problems instead of stopping at the first. What only shows
once the parts are together (a rule that can't fire, two that overlap, a state without a way out)
is judged in :mod:`cpplan.checking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from cpplan.clauses import Strength
from cpplan.compiling import Compiler
from cpplan.compiling_needs import compile_need
from cpplan.drafts import UNSTATED, SetDraft
from cpplan.duties import Agreed, Duty, Limit
from cpplan.events import KINDS
from cpplan.procedures import Record, field_says, states_named
from cpplan.requirements import ONE_SIDED, Requirement, Template
from cpplan.roles import Role
from cpplan.rules import Rule, StepSet, Tally
from cpplan.states import GROUPS, ORIGIN, SAME, STATES
from cpplan.structuring import enum_values, key_of
from cpplan.values import UNITS, Origin, Value

if TYPE_CHECKING:
    from cpplan.drafts import DutyDraft, RecordDraft, RequirementDraft, ValueDraft
    from cpplan.packs import Pack, Part, RulePart, Where
    from cpplan.reading import Problem

LIMITS = ("within", "every", "before")


class Builder:
    """Builds the statements of one pack and collects what is wrong with them."""

    def __init__(self, pack: Pack, compiler: Compiler) -> None:
        """Build from the pack's layers with the compiler's names."""
        self.pack = pack
        self.compile = compiler
        self.topics = pack.lifecycle.draft.topics

    def rules(self) -> dict[str, Rule]:
        """Return the rules that could be built; one that stays while steps stand becomes two."""
        return {
            rule.id: rule
            for name, part in self.pack.rules.items()
            for rule in self._rule(name, part)
        }

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
                id=f"{name}-others-open",
                target=SAME,
                given_any=staying,
                given_none=given_none,
            )

    def _check_rule(self, name: str, part: RulePart) -> None:
        where, note = part.where, self.compile.note
        states = part.last("from_")
        self.compile.named(part.last("event"), KINDS, where.at("event"), "event")
        self.compile.named(part.last("topic"), self.topics, where.at("topic"), "topic")
        self.compile.named(part.last("to"), (*STATES, SAME, ORIGIN), where.at("to"), "state")
        for index, state in enumerate(states):
            self.compile.named(state, (*STATES, *GROUPS), where.at("from", index), "state")
        if not states:
            note(where, f"the rule {name!r} names no state that it applies in", "give from")
        if not part.last("says"):
            note(where, f"the rule {name!r} says nothing", "give says: one sentence")
        for clause, at in part.all("cites"):
            self.compile.named(clause, self.compile.clauses, at, "clause")
        self._check_origin(part.last("origin"), list(part.all("cites")), part.last("why"), where)
        for draft, at in part.all("needs"):
            if not draft.cites and not draft.why and not draft.any_:
                note(at, "a need without a source", "give cites, or why if it is your choice")

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
        self.compile.read(event, item.on_field, where.at("on-field"))
        return StepSet(self.compile.step(item.step, where.at("step")), item.on_field)

    def _check_origin(self, origin: str, cites: list[Any], why: str, where: Where) -> None:
        """Note a statement without a source: it cites clauses, or says why we chose it."""
        if origin and not self.compile.named(
            origin, enum_values(Origin), where.at("origin"), "origin"
        ):
            return
        if origin == Origin.CHOICE and not why:
            self.compile.note(where, "a choice without a reason", "give why")
        if origin != Origin.CHOICE and not cites and not why:
            hint = "give cites, or origin: choice with why"
            self.compile.note(where, "stands on no clause", hint)

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
            self._check_origin(draft.origin, draft.cites, draft.why, where)

    def duties(self) -> dict[str, Duty]:
        """Return the duties that could be built."""
        found = {name: self._duty(name, part) for name, part in self.pack.duties.items()}
        return {name: duty for name, duty in found.items() if duty is not None}

    def _duty(self, name: str, part: Part[DutyDraft]) -> Duty | None:
        draft, where, compiler = part.draft, part.where, self.compile
        compiler.named(draft.topic, self.topics, where.at("topic"), "topic")
        strong = compiler.named(
            draft.strength, enum_values(Strength), where.at("strength"), "strength"
        )
        self._check_origin(draft.origin, draft.cites, draft.why, where)
        limit, value = self._limit(name, draft, where)
        if not draft.opens or not draft.met_by:
            compiler.note(
                where, f"the duty {name!r} can't be opened or met", "give opens and met-by"
            )
        matches = {
            key: tuple(
                compiler.match(one, where.at(key_of(key), i))
                for i, one in enumerate(getattr(draft, key))
            )
            for key in ("opens", "expected", "due_at", "met_by", "until")
        }
        for index, agreed in enumerate(draft.agreed):
            compiler.read(agreed.event, agreed.field, where.at("agreed", index, "field"))
        if draft.for_field:
            for index, met in enumerate(draft.met_by):
                compiler.read(met.event, draft.for_field, where.at("met-by", index))
        if limit is None or not strong:
            return None
        return Duty(
            id=name,
            says=draft.says,
            topic=draft.topic,
            strength=Strength(draft.strength),
            owed_by=self._roles(draft.owed_by, where.at("owed-by")),
            limit=limit,
            value=value,
            **matches,
            agreed=tuple(Agreed(one.event, one.field) for one in draft.agreed),
            for_field=draft.for_field,
            outlives_plan=draft.outlives_plan,
            cites=compiler.cites(draft.cites, where),
            origin=Origin.INHERITED if part.filled_from else _origin(draft.origin),
            why=draft.why,
        )

    def _limit(
        self, name: str, draft: DutyDraft, where: Where
    ) -> tuple[Limit | None, Value | None]:
        said = [key for key in LIMITS if getattr(draft, key)]
        if len(said) > 1 or not (said or draft.due_at):
            self.compile.note(
                where, f"the duty {name!r} needs one limit", "one of: within, every, before, due-at"
            )
            return None, None
        if not said:
            return Limit.BEFORE_EVENT, None
        figure = getattr(draft, said[0])
        if figure == UNSTATED:
            return Limit.UNSTATED, None
        value = self.compile.value(figure, where.at(said[0]))
        if value is not None and value.unit == "visits":
            return Limit.EVERY_EVENTS, value
        return Limit(said[0]), value

    def _roles(self, names: list[str], where: Where) -> tuple[Role, ...]:
        valid = [str(role) for role in Role]
        known = [
            r for i, r in enumerate(names) if self.compile.named(r, valid, where.at(i), "role")
        ]
        return tuple(Role(name) for name in known)

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

    def requirements(self) -> dict[str, Requirement]:
        """Return the requirements that could be built."""
        found = {n: self._requirement(n, part) for n, part in self.pack.requirements.items()}
        return {name: one for name, one in found.items() if one is not None}

    def _requirement(self, name: str, part: Part[RequirementDraft]) -> Requirement | None:
        draft, where, compiler = part.draft, part.where, self.compile
        compiler.named(draft.topic, self.topics, where.at("topic"), "topic")
        self._check_origin(draft.origin, draft.cites, draft.why, where)
        if not compiler.named(
            draft.template, enum_values(Template), where.at("template"), "template"
        ):
            return None
        template = Template(draft.template)
        two_sided = template not in ONE_SIDED
        if draft.first is None or (draft.then is None) == two_sided:
            sides = "first and then" if two_sided else "first, and no then"
            compiler.note(where, f"the requirement {name!r} has the wrong sides", f"give {sides}")
            return None
        then = None if draft.then is None else compiler.atom(draft.then, where.at("then"))
        times = {
            key: compiler.value(getattr(draft, key), where.at(key_of(key)))
            for key in ("after", "not_before", "within")
            if getattr(draft, key)
        }
        return Requirement(
            id=name,
            says=draft.says,
            topic=draft.topic,
            template=template,
            first=compiler.atom(draft.first, where.at("first")),
            then=then,
            **times,
            cites=compiler.cites(draft.cites, where),
            origin=Origin.INHERITED if part.filled_from else _origin(draft.origin),
            why=draft.why,
        )

    def tallies(self) -> tuple[Tally, ...]:
        """Return the tallies of the shared lifecycle."""
        where = self.pack.lifecycle.where.at("tallies")
        found = []
        for name, draft in self.pack.lifecycle.draft.tallies.items():
            made = Tally(
                id=name,
                says=draft.says,
                counts=self.compile.match(draft.counts, where.at(name, "counts")),
                per=draft.per,
                resets=self.compile.match(draft.resets, where.at(name, "resets")),
                resets_per=draft.resets_per,
                reaches=self.compile.step(draft.reaches, where.at(name, "reaches")),
                at=draft.at,
                cites=tuple(draft.cites),
            )
            found.append(made)
        return tuple(found)


def value_of(name: str, part: Part[ValueDraft]) -> Value:
    """Return a figure as its pack gives it."""
    draft = part.draft
    return Value(
        id=name,
        amount=draft.is_,
        unit=draft.unit,
        read_as=draft.read_as,
        says=draft.says,
        origin=Origin.INHERITED if part.filled_from else _origin(draft.origin),
        cites=tuple(draft.cites),
        why=draft.why,
    )


def _origin(named: str) -> Origin:
    return Origin(named) if named in enum_values(Origin) else Origin.OWN


def problems_in(builder: Builder) -> list[Problem]:
    """Return the problems noted so far."""
    return builder.compile.problems


def silent_topics(pack: Pack, topics: Mapping[str, str]) -> list[str]:
    """Return the topics that the pack says it is silent on, in the lifecycle's order."""
    return [topic for topic in topics if topic in pack.head.draft.silent]
