"""A tally of migrations: what a change of edition is for many plans, added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs

from cpplan.consequences import DutyChange
from cpplan_sim.migrations import Change, Left, Looked

SOME = 5
"""Plans that are named of those that something is true of."""
PARTS = ("steps_lost", "steps_gained", "rules_gone", "rules_new")


@attrs.define
class Plans:
    """Plans of which something is true.

    Attributes:
        count: how many.
        some: the names of the first.
    """

    count: int = 0
    some: list[str] = attrs.field(factory=list)

    def add(self, plan: str) -> None:
        """Count a plan."""
        self.count += 1
        if len(self.some) < SOME:
            self.some.append(plan)


@attrs.define
class DutyTally:
    """How often a duty is owed otherwise.

    Attributes:
        redated: obligations that are due on another day.
        sooner: of these, those that are due earlier.
        begun: obligations newly owed.
        ended: obligations that were open and end with the former edition.
        otherwise: other obligations that stand otherwise, where events came after the change.
        plans: the plans concerned.
    """

    redated: int = 0
    sooner: int = 0
    begun: int = 0
    ended: int = 0
    otherwise: int = 0
    plans: Plans = attrs.field(factory=Plans)

    def add(self, change: DutyChange) -> None:
        """Count one obligation."""
        before, after = change.before, change.after
        if before is None:
            self.begun += 1
        elif after is None or (after.outcome and not before.outcome):
            self.ended += 1
        elif change.redated:
            self.redated += 1
            days = before.due_on, after.due_on
            self.sooner += days[1] is not None and (days[0] is None or days[1] < days[0])
        else:
            self.otherwise += 1


@attrs.define
class Migrations:
    """What a change of edition is for the plans that were added.

    Attributes:
        change: the change.
        plans: plans added.
        already: plans that are under the edition already.
        possible: plans that can be put under it.
        unchanged: of these, those of which nothing else changes.
        decided_otherwise: of these, those with later events that are decided otherwise.
        impossible: plans that can't be put under it.
        left: plans that it does not touch, by the name and the digest of their edition.
        against: plans that it is impossible for, by the code of the reason and their state.
        says: what the reason says, of the first of them.
        duties: what is owed otherwise, by duty.
        parts: plans by step or rule, for each of ``steps_needed`` and of :data:`PARTS`.
    """

    change: Change
    plans: int = 0
    already: Plans = attrs.field(factory=Plans)
    possible: Plans = attrs.field(factory=Plans)
    unchanged: Plans = attrs.field(factory=Plans)
    decided_otherwise: Plans = attrs.field(factory=Plans)
    impossible: Plans = attrs.field(factory=Plans)
    left: dict[tuple[str, str], Plans] = attrs.field(factory=partial(defaultdict, Plans))
    against: dict[tuple[str, str], Plans] = attrs.field(factory=partial(defaultdict, Plans))
    says: dict[tuple[str, str], str] = attrs.field(factory=dict)
    duties: dict[str, DutyTally] = attrs.field(factory=partial(defaultdict, DutyTally))
    parts: dict[str, dict[str, Plans]] = attrs.field(init=False)

    @parts.default
    def _none(self) -> dict[str, dict[str, Plans]]:
        return {name: defaultdict(Plans) for name in ("steps_needed", *PARTS)}

    def add(self, found: Looked | Left) -> None:
        """Count what was found of one plan."""
        self.plans += 1
        if isinstance(found, Left):
            self._leave(found)
        elif found.reasons:
            self._refuse(found)
        else:
            self._move(found)

    def _leave(self, found: Left) -> None:
        if found.edition.digest == self.change.to.digest:
            self.already.add(found.plan)
        else:
            self.left[found.edition.name, found.edition.digest].add(found.plan)

    def _refuse(self, found: Looked) -> None:
        self.impossible.add(found.plan)
        for reason in found.reasons:
            key = (reason.code, found.migration.state)
            self.says.setdefault(key, str(reason))
            self.against[key].add(found.plan)

    def _move(self, found: Looked) -> None:
        plan, migration = found.plan, found.migration
        self.possible.add(plan)
        if not migration.consequences.needs_accepting:
            self.unchanged.add(plan)
        if migration.consequences.decisions:
            self.decided_otherwise.add(plan)
        for change in migration.consequences.duties:
            self.duties[change.duty].add(change)
        for duty in {one.duty for one in migration.consequences.duties}:
            self.duties[duty].plans.add(plan)
        for step in {one.step for one in migration.steps_needed}:
            self.parts["steps_needed"][step].add(plan)
        for part in PARTS:
            for name in getattr(migration, part):
                self.parts[part][name].add(plan)

    def as_data(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        counted = ("already", "possible", "unchanged", "decided_otherwise", "impossible")
        return {
            "to": self.change.to.name,
            "digest": self.change.to.digest,
            "on": str(self.change.on),
            "plans": self.plans,
            **{name: attrs.asdict(getattr(self, name)) for name in counted},
            "left": [
                {"procedure": name, "digest": digest, **attrs.asdict(plans)}
                for (name, digest), plans in sorted(self.left.items())
            ],
            "against": [
                {
                    "code": code,
                    "state": state,
                    "says": self.says[code, state],
                    **attrs.asdict(plans),
                }
                for (code, state), plans in sorted(self.against.items())
            ],
            "duties": _plain(self.duties),
            **{part: _plain(plans) for part, plans in self.parts.items()},
        }


def _plain(tallies: Mapping[str, Any]) -> dict[str, Any]:
    return {name: attrs.asdict(tally) for name, tally in sorted(tallies.items())}
