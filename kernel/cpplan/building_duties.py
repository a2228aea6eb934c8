"""From a pack's layers to duties, with every mistake told.

Builds them one by one, as :mod:`cpplan.building` does with the rules, and knows nothing of rules.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cpplan.clauses import Strength
from cpplan.compiling import Compiler, origin_of
from cpplan.drafts import UNSTATED
from cpplan.duties import Agreed, Duty, Limit
from cpplan.events import KINDS
from cpplan.roles import Role
from cpplan.structuring import enum_values, key_of
from cpplan.values import Value

if TYPE_CHECKING:
    from cpplan.drafts import DutyDraft
    from cpplan.layers import Part, Where
    from cpplan.packs import Pack

LIMITS = ("within", "every", "before")


class DutyBuilder:
    """Builds the duties of one pack, and collects what is wrong with them."""

    def __init__(self, pack: Pack, compiler: Compiler) -> None:
        """Build from the pack's layers with the compiler's names."""
        self.pack = pack
        self.compile = compiler
        self.topics = pack.lifecycle.draft.topics

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
        compiler.check_source(draft.origin, draft.cites, draft.why, where)
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
            at = where.at("agreed", index)
            if compiler.named(agreed.event, KINDS, at.at("event"), "event"):
                compiler.typed(agreed.event, agreed.field, int, at.at("field"))
        if draft.for_field:
            for index, met in enumerate(draft.met_by):
                compiler.typed(met.event, draft.for_field, dt.date, where.at("met-by", index))
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
            earlier_counts=draft.earlier_counts,
            cites=compiler.cites(draft.cites, where),
            origin=origin_of(draft.origin, part.filled_from),
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
        at = where.at(said[0])
        counted = self.pack.values.get(figure)
        if counted is not None and counted.draft.unit == "visits" and said[0] == "every":
            return Limit.EVERY_EVENTS, self.compile.value(figure, at)
        return Limit(said[0]), self.compile.period(figure, at)

    def _roles(self, names: list[str], where: Where) -> tuple[Role, ...]:
        valid = [str(role) for role in Role]
        known = [
            r for i, r in enumerate(names) if self.compile.named(r, valid, where.at(i), "role")
        ]
        return tuple(Role(name) for name in known)
