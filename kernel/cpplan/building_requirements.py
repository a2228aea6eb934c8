"""From a pack's layers to requirements and to what must stay possible, with every mistake told.

Builds them one by one, as :mod:`cpplan.building` does with the rules. What the shared lifecycle
asks of every procedure holds for those that have its events and states: that is looked up in the
finished rules, once, when a procedure is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from cpplan.checking import usable_edges
from cpplan.compiling import Compiler, origin_of
from cpplan.layers import parts_of
from cpplan.requirements import (
    ONE_SIDED,
    POSSIBLE,
    UNTIMED,
    Atom,
    Covering,
    Possibility,
    Requirement,
    Template,
)
from cpplan.states import BEFORE_PLAN
from cpplan.structuring import enum_values, key_of

if TYPE_CHECKING:
    from cpplan.drafts import AtomDraft, CoveringDraft, RequirementDraft
    from cpplan.layers import Part, Where
    from cpplan.packs import Pack
    from cpplan.procedures import Procedure
    from cpplan.rules import Edge
    from cpplan.values import Value

TIMES = ("after", "not_before", "within")


@attrs.frozen
class Stated:
    """Requirements and what must stay possible, by name."""

    requirements: Mapping[str, Requirement]
    possible: Mapping[str, Possibility]


class RequirementBuilder:
    """Builds the requirements of a pack and of the shared lifecycle, and collects what is wrong."""

    def __init__(self, pack: Pack, compiler: Compiler) -> None:
        """Build from the pack's layers with the compiler's names."""
        self.pack = pack
        self.compile = compiler
        self.topics = pack.lifecycle.draft.topics

    def own(self) -> Stated:
        """Return what the pack states and could be built."""
        return self._stated(self.pack.requirements)

    def shared(self) -> Stated:
        """Return what the shared lifecycle states and the pack does not state otherwise."""
        parts = parts_of(self.pack.lifecycle, "requirements")
        own = self.pack.requirements
        return self._stated({name: part for name, part in parts.items() if name not in own})

    def _stated(self, parts: Mapping[str, Part[RequirementDraft]]) -> Stated:
        requirements, possible = dict[str, Requirement](), dict[str, Possibility]()
        for name, part in parts.items():
            made = self._made(name, part)
            if isinstance(made, Requirement):
                requirements[name] = made
            elif made is not None:
                possible[name] = made
        return Stated(requirements, possible)

    def _made(self, name: str, part: Part[RequirementDraft]) -> Requirement | Possibility | None:
        draft, where = part.draft, part.where
        self.compile.named(draft.topic, self.topics, where.at("topic"), "topic")
        self.compile.check_source(draft.origin, draft.cites, draft.why, where)
        valid = (*enum_values(Template), POSSIBLE)
        if not self.compile.named(draft.template, valid, where.at("template"), "template"):
            return None
        if draft.template == POSSIBLE:
            return self._possibility(name, part)
        return self._requirement(name, part)

    def _requirement(self, name: str, part: Part[RequirementDraft]) -> Requirement | None:
        draft, where, compiler = part.draft, part.where, self.compile
        template = Template(draft.template)
        two_sided = template not in ONE_SIDED
        if draft.in_ or draft.each:
            hint = f"take out in and each, or write template: {POSSIBLE}"
            compiler.note(where, f"the template {template} has neither in nor each", hint)
        lifted = template is Template.NOT_UNTIL
        if (
            draft.first is None
            or (draft.then is None) == two_sided
            or (draft.until is None) == lifted
        ):
            sides = "first and then" if two_sided else "first, and no then"
            sides += ", and until" if lifted else ""
            compiler.note(where, f"the requirement {name!r} has the wrong sides", f"give {sides}")
            return None
        times = self._times(draft, where)
        if times and template in UNTIMED:
            compiler.note(where, f"the template {template} can have no times", "take them out")
        if "after" in times and "not_before" in times:
            compiler.note(where, "after and not-before stand together", "give one of them")
        return Requirement(
            id=name,
            says=draft.says,
            topic=draft.topic,
            template=template,
            first=compiler.atom(draft.first, where.at("first")),
            then=self._side(draft.then, where.at("then")),
            until=self._side(draft.until, where.at("until")),
            **times,
            covers=self._covering(draft.covers, draft, where.at("covers")),
            cites=compiler.cites(draft.cites, where),
            origin=origin_of(draft.origin, part.filled_from),
            why=draft.why,
        )

    def _side(self, draft: AtomDraft | None, where: Where) -> Atom | None:
        return None if draft is None else self.compile.atom(draft, where)

    def _covering(
        self, asked: CoveringDraft | None, draft: RequirementDraft, where: Where
    ) -> Covering | None:
        """Return the list that a later event has to hold, where each side is one event."""
        if asked is None:
            return None
        events = [one.event for one in (draft.first, draft.then) if one is not None and one.event]
        if draft.template != Template.PRECEDENCE or len(events) < 2 or draft.within:
            hint = "give template: precedence, an event on each side, and no within"
            self.compile.note(where, "covers holds one event against an earlier one", hint)
            return None
        earlier, later = events
        read = self.compile.read(later, asked.field, where.at("field"))
        read_earlier = self.compile.read(earlier, asked.of, where.at("of"))
        if read is None or read_earlier is None:
            return None
        self.compile.several(later, asked.field, where.at("field"))
        self.compile.several(earlier, asked.of, where.at("of"))
        return Covering(asked.field, asked.of, read, read_earlier)

    def _times(self, draft: RequirementDraft, where: Where) -> dict[str, Value | None]:
        return {
            key: self.compile.period(getattr(draft, key), where.at(key_of(key)))
            for key in TIMES
            if getattr(draft, key)
        }

    def _possibility(self, name: str, part: Part[RequirementDraft]) -> Possibility | None:
        draft, where, compiler = part.draft, part.where, self.compile
        if any(getattr(draft, key) for key in ("then", "until", "covers", *TIMES)):
            message = "what must be possible has one side and no times"
            compiler.note(where, message, "take out then, until, covers and times")
        if (draft.first is None) == (not draft.each) or not draft.in_:
            hint = "give in, and first for one event or each for several"
            compiler.note(where, f"it is not said where or what {name!r} lets be recorded", hint)
            return None
        states = compiler.states(draft.in_, where.at("in"))
        told = [(one, where.at("each", index)) for index, one in enumerate(draft.each)]
        if draft.first is not None:
            told.append((draft.first, where.at("first")))
        each = tuple(compiler.atom(one, at) for one, at in told)
        for atom, (_, at) in zip(each, told, strict=True):
            if any(one.match is None or one.leaves for one in atom.alternatives):
                compiler.note(at, "what must be possible is an event", "give event, not leaves")
        return Possibility(
            id=name,
            says=draft.says,
            topic=draft.topic,
            each=each,
            states=states,
            cites=compiler.cites(draft.cites, where),
            origin=origin_of(draft.origin, part.filled_from),
            why=draft.why,
        )


def held_to(procedure: Procedure, own: Stated, shared: Stated) -> Procedure:
    """Return a procedure with what it is held to: its own statements, and the shared ones.

    A shared requirement is asked as far as the procedure has what it speaks of, and not at all if
    one of its sides can't be seen. What must be possible in a group of states must be so in those
    that the procedure enters. Clauses are cited of the procedure's own sources only.
    """
    usable = usable_edges(procedure)
    entered = {BEFORE_PLAN, *(edge.target for edge in usable)}
    requirements = {
        name: found
        for name, one in shared.requirements.items()
        if (found := _asked(one, procedure, usable)) is not None
    }
    possible = {
        name: asked
        for name, one in shared.possible.items()
        if (asked := _asked_possible(one, procedure, usable)) is not None
    }
    placed = {
        name: attrs.evolve(one, states=tuple(s for s in one.states if s in entered))
        for name, one in {**possible, **own.possible}.items()
    }
    return attrs.evolve(
        procedure,
        requirements=MappingProxyType({**requirements, **own.requirements}),
        possible=MappingProxyType({name: one for name, one in placed.items() if one.states}),
    )


def _asked(one: Requirement, procedure: Procedure, usable: Iterable[Edge]) -> Requirement | None:
    """Return a shared requirement without what the procedure can't show; ``None`` if a side goes.

    An alternative that nothing shows makes no difference to any history.
    """
    sides: dict[str, Any] = {}
    for name in ("first", "then", "until"):
        side: Atom | None = getattr(one, name)
        sides[name] = None if side is None else _shown(side, usable)
        if side is not None and sides[name] is None:
            return None
    return attrs.evolve(one, cites=_cited(one.cites, procedure), **sides)


def _asked_possible(
    one: Possibility, procedure: Procedure, usable: Iterable[Edge]
) -> Possibility | None:
    each = tuple(atom for atom in one.each if _shown(atom, usable) is not None)
    return attrs.evolve(one, each=each, cites=_cited(one.cites, procedure)) if each else None


def _shown(side: Atom, usable: Iterable[Edge]) -> Atom | None:
    """Return the alternatives of a side that some edge may show."""
    found = tuple(one for one in side.alternatives if any(_may_show(e, one) for e in usable))
    if found == side.alternatives:
        return side
    return Atom(any_of=found) if found else None


def _cited(clauses: Iterable[str], procedure: Procedure) -> tuple[str, ...]:
    """Return those of the clauses that are of the procedure's own sources."""
    return tuple(one for one in clauses if one in procedure.clauses)


def _may_show(edge: Edge, atom: Atom) -> bool:
    """Return whether an edge may show an atom, as far as event, routing fields and states go."""
    moved = edge.source != edge.target
    if atom.enters and not (moved and edge.target in atom.enters):
        return False
    if atom.leaves and not (moved and edge.source in atom.leaves):
        return False
    match, own = atom.match, edge.rule.match
    if match is None:
        return True
    one, other = dict(match.when), dict(own.when)
    both = one.keys() & other.keys()
    return match.event == own.event and all(set(one[path]) & set(other[path]) for path in both)
