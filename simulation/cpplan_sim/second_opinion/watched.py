"""What the model watches: a requirement with the steps that are kept for it, and how time enters.

Of dates only one thing is kept: whether the requirement's own period has certainly run. Between two
events any time may pass, so a rule that waits for a period is never in the way; but once it has
waited, all that began no later and is no longer has run too.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from cpplan.matching import Match
from cpplan.needs import AnyNeed, CoversNeed, EarliestNeed, LatestFieldNeed, Need
from cpplan.requirements import Atom, Requirement, Template
from cpplan.rules import Edge, Rule, StepSet
from cpplan.values import Value


@attrs.frozen(order=True)
class Clock:
    """A period that rules wait for, counted from a step.

    Attributes:
        step: the step.
        amount, unit: how long it is.
        strict: whether the event comes after its last day, or may come on it.
    """

    step: str
    amount: int
    unit: str
    strict: bool

    @classmethod
    def of(cls, need: EarliestNeed) -> Clock:
        """Return the period that a need waits for."""
        assert need.value.amount is not None, "a pack with an unchosen figure does not load"
        return cls(need.step, need.value.amount, need.value.in_force, need.day_after)

    def reaches(self, value: Value, *, strict: bool) -> bool:
        """Return whether whoever waits for it has waited for a figure begun no later."""
        if value.amount is None or value.in_force != self.unit:
            return False
        more = self.strict >= strict
        return self.amount > value.amount or (self.amount == value.amount and more)


@attrs.frozen(kw_only=True)
class Watched:
    """A requirement as the model watches it.

    Attributes:
        number: its number in the model, counted from 1.
        requirement: what is required; never a succession, which is watched as its two halves.
        kept: the steps that are kept, if not all that matter; one that is not kept is as it would
            have to be.
    """

    number: int
    requirement: Requirement
    kept: frozenset[str] | None = None

    @property
    def timed(self) -> bool:
        """Whether a period must have run between the two sides."""
        return self.requirement.after is not None or self.requirement.not_before is not None

    @property
    def limited(self) -> bool:
        """Whether the later side has to come in time."""
        return self.requirement.within is not None

    @property
    def covering(self) -> bool:
        """Whether the later side has to hold a whole list of the first one."""
        return self.requirement.covers is not None

    def covered_by(self, rule: Rule) -> bool:
        """Return whether a rule asks for the very list that the later side has to hold.

        The rule holds it against the latest event of a kind. That is the latest first side only if
        every event of the kind is one, and nothing else.
        """
        covers = self.requirement.covers
        if covers is None:
            return False
        return any(
            isinstance(need, CoversNeed)
            and (need.path, need.field) == (covers.field, covers.of)
            and all(atom == Atom(Match(need.event)) for atom in self.requirement.first.alternatives)
            for need in rule.needs
        )

    def hears(self, edge: Edge) -> bool:
        """Return whether an edge can show anything of it: by its events, its states or its time."""
        if self.timed or self.limited or self.covering:
            return True
        kind, moved = edge.rule.match.event, edge.source != edge.target
        return any(
            one.match.event == kind if one.match else moved for one in self.requirement.atoms
        )

    def runs_with(self, clock: Clock) -> bool:
        """Return whether its period has run with that of a clock that began no earlier."""
        one = self.requirement
        asked = [(one.after, True), (one.not_before, False)]
        return self.timed and all(
            value is None or clock.reaches(value, strict=strict) for value, strict in asked
        )

    def begins_no_later(self, taken: StepSet, shown: Iterable[Atom]) -> bool:
        """Return whether a first side that counts is surely of no later a day than a step.

        Args:
            taken: the step that an event takes.
            shown: the alternatives of the first side that this very event shows.
        """
        if not taken.on_field and not any(map(_dating, self.requirement.first.alternatives)):
            return True
        fields = set(map(_dating, shown))
        return fields == {taken.on_field}

    def keeping(self, rule: Rule) -> tuple[tuple[str, ...], ...]:
        """Return the steps from which a rule's own limits keep the later side in time.

        Each entry is one limit, with the step it counts from; one with alternatives counts from
        all of theirs, since any of them may be the one that is met.
        """
        one = self.requirement
        later = one.then.match if one.then else None
        if one.within is None or later is None or later.event != rule.match.event:
            return ()
        if not later.on_field or any(map(_dating, one.first.alternatives)):
            return ()
        found = []
        for need in rule.needs:
            several = need.needs if isinstance(need, AnyNeed) else (need,)
            if all(_keeps(each, later.on_field, one.within) for each in several):
                found.append(tuple(e.step for e in several if isinstance(e, LatestFieldNeed)))
        return tuple(found)


def watched(
    requirements: Iterable[tuple[Requirement, frozenset[str] | None]],
) -> tuple[Watched, ...]:
    """Return requirements that are no successions, each with its kept steps, numbered from 1."""
    return tuple(
        Watched(number=number, requirement=one, kept=kept)
        for number, (one, kept) in enumerate(requirements, start=1)
    )


def halves(one: Requirement) -> tuple[Requirement, ...]:
    """Return a requirement, or the precedence and the response that a succession is."""
    if one.template is not Template.SUCCESSION:
        return (one,)
    return tuple(
        attrs.evolve(one, id=f"{one.id} ({template})", template=template)
        for template in (Template.PRECEDENCE, Template.RESPONSE)
    )


def _dating(atom: Atom) -> str:
    return atom.match.on_field if atom.match else ""


def _keeps(need: Need, path: str, within: Value) -> bool:
    return (
        isinstance(need, LatestFieldNeed)
        and need.path == path
        and need.value.amount is not None
        and within.amount is not None
        and need.value.in_force == within.in_force
        and need.value.amount <= within.amount
    )
