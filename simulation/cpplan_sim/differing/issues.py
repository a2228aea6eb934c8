"""Issues: where one procedure may refuse what another allows, as far as their rules show.

Leaves out what both ask alike, so that nothing is searched for there. What it leaves in need not
make a difference: that is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import attrs

from cpplan import Procedure
from cpplan.events import KINDS
from cpplan.fields import field_type
from cpplan.needs import (
    AnyNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    StepNeed,
)
from cpplan.rules import Rule
from cpplan_sim.differing.substance import Substance, implied, substance


# Compared by identity, so that what it finds can be kept.
@attrs.frozen(eq=False)
class Issues:
    """Where the one that refuses may refuse what the other allows.

    Attributes:
        allowing: the procedure that allows.
        refusing: the one that may refuse.
    """

    allowing: Procedure
    refusing: Procedure

    def at_issue(self, ours: Rule, theirs: Rule, need: Need) -> bool:
        """Return whether a need of theirs may be unmet by an event that our rule lets through."""
        if _always_met(need, theirs.match.event):
            return False
        alike = self._alike_in(need)
        return alike is None or not any(implied(alike, one) for one in ours.needs)

    def _alike_in(self, need: Need) -> Need | None:
        """Return as much of a need as both procedures would answer alike, if there is any."""
        if isinstance(need, AnyNeed):
            found = tuple(one for one in map(self._alike_in, need.needs) if one is not None)
            return attrs.evolve(need, needs=found) if found else None
        if isinstance(need, EarliestNeed | LatestFieldNeed) and not self._counted_alike:
            return None
        return need if all(self._alike(step) for step in _steps(need)) else None

    def kinds(self) -> frozenset[str]:
        """Return the kinds of event for which another rule may apply in one than in the other."""
        kinds = {rule.match.event for rule in self.allowing.rules.values()}
        return frozenset(kind for kind in kinds if not self._ruled_alike(kind))

    def _ruled_alike(self, kind: str) -> bool:
        ours, theirs = _ruling(self.allowing, kind), _ruling(self.refusing, kind)
        rules = [rule for rule in self.allowing.rules.values() if rule.match.event == kind]
        steps = {s for rule in rules for s in rule.given | rule.given_any | rule.given_none}
        return ours == theirs and all(self._alike(step) for step in steps)

    @property
    def _counted_alike(self) -> bool:
        return self.allowing.calendar == self.refusing.calendar

    @cache  # noqa: B019  # one of these lives as long as one comparison
    def _alike(self, step: str) -> bool:
        """Return whether every event that both know takes and undoes a step in both alike."""
        both = _kinds(self.allowing) & _kinds(self.refusing)
        return _moving(self.allowing, step, both) == _moving(self.refusing, step, both)


def _kinds(procedure: Procedure) -> set[str]:
    return {rule.match.event for rule in procedure.rules.values()}


def _ruling(procedure: Procedure, kind: str) -> set[Substance]:
    """Return by what the rules for a kind of event are chosen."""
    return {_chosen(rule) for rule in procedure.rules.values() if rule.match.event == kind}


def _chosen(rule: Rule) -> Substance:
    return (
        substance(rule.match),
        frozenset(rule.sources),
        rule.given,
        rule.given_any,
        rule.given_none,
    )


def _moving(procedure: Procedure, step: str, kinds: set[str]) -> set[Substance]:
    """Return what takes and undoes a step, of the events that both know."""
    return {
        (_chosen(rule), tuple(s for s in rule.sets if s.step == step), step in rule.clears)
        for rule in procedure.rules.values()
        if rule.match.event in kinds
        and (step in rule.clears or any(one.step == step for one in rule.sets))
    }


def _steps(need: Need) -> Iterator[str]:
    """Yield the step that a need reads, if it reads one."""
    if isinstance(need, StepNeed | NoStepNeed | EarliestNeed | LatestFieldNeed):
        yield need.step


def _always_met(need: Need, kind: str) -> bool:
    """Return whether an event can't be made without what a need asks for."""
    if not isinstance(need, FieldNeed) or (need.test.operator, need.test.operand) != (
        "given",
        True,
    ):
        return False
    field = attrs.fields_dict(KINDS[kind]).get(need.test.path)
    if field is None or field.default is not attrs.NOTHING:
        return False
    return attrs.has(field_type(KINDS[kind], need.test.path))
