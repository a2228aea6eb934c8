"""Rules: how the lifecycle moves when an event is recorded.

A rule says which events it is for, in which states, what it needs, and what it changes. Which of
the rules for an event applies is decided by state, fields and steps alone; what the rule needs
then decides between yes and no. So a refusal can list everything that is missing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import attrs

from cpplan.decisions import Reason
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import Facts, Need
from cpplan.states import ORIGIN, RETURNING, SAME, origin_step
from cpplan.values import Origin

Test = Callable[[Event, Facts], bool]

OTHERS_OPEN = "-others-open"
"""Ends the id of the half of a rule that stays in its state while other steps stand."""


@attrs.frozen
class StepSet:
    """A step that a rule sets, and the field that dates it (the event's own day if empty)."""

    step: str
    on_field: str = ""


@attrs.frozen(kw_only=True)
class Rule:
    """One rule of a procedure, as its pack states it.

    Attributes:
        id: its name.
        says: what it does, in a sentence.
        topic: what it is about; a topic can be silent in a source.
        match: the events it is for.
        sources: the states it applies in.
        target: the state it leads to, or ``same`` or ``origin``.
        given: steps that must all stand for the rule to be the one that applies.
        given_any: steps of which one must stand, if there are any.
        given_none: steps of which none may stand.
        needs: what must hold, or the event is refused.
        sets: the steps it takes.
        clears: the steps it undoes.
        cites: the clauses it stands on.
        origin: the source's own, inherited or the modeller's choice.
        why: the reason for a choice.
    """

    id: str
    says: str
    topic: str
    match: Match
    sources: tuple[str, ...]
    target: str
    given: frozenset[str] = frozenset()
    given_any: frozenset[str] = frozenset()
    given_none: frozenset[str] = frozenset()
    needs: tuple[Need, ...] = ()
    sets: tuple[StepSet, ...] = ()
    clears: frozenset[str] = frozenset()
    cites: tuple[str, ...] = ()
    origin: Origin = Origin.OWN
    why: str = ""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """One for each state that it leaves, and for each origin that it can return to.

        Not numbered. Worked out once, since many procedures are made that differ in one rule.
        """
        return tuple(edge for source in self.sources for edge in self._edges_from(source))

    def _edges_from(self, source: str) -> list[Edge]:
        if self.target == ORIGIN:
            return [self._return(source, origin) for origin in RETURNING.get(source, ())]
        target = source if self.target == SAME else self.target
        if target in RETURNING and source != target:
            remembers = StepSet(origin_step(target, source))
            return [self._edge(source, target, sets=(*self.sets, remembers))]
        return [self._edge(source, target)]

    def _return(self, source: str, origin: str) -> Edge:
        remembered = frozenset({origin_step(source, origin)})
        given, clears = self.given | remembered, self.clears | remembered
        return self._edge(source, origin, given=given, clears=clears)

    def _edge(self, source: str, target: str, **changed: Any) -> Edge:
        same = ("given", "given_any", "given_none", "sets", "clears")
        plain = {name: getattr(self, name) for name in same}
        return Edge(rule=self, source=source, target=target, **{**plain, **changed})


@attrs.frozen(kw_only=True)
class Edge:
    """A rule from one state: the unit that the engine enforces.

    Attributes:
        rule: the rule it comes from.
        source: the one state it leaves.
        target: the state it enters.
        given, given_any, given_none: as in the rule, with the origin of escalated and review added.
        sets, clears: as in the rule, with the origin added.
        number: its place among the edges of its procedure, counted from 0.
    """

    rule: Rule
    source: str
    target: str
    given: frozenset[str]
    given_any: frozenset[str]
    given_none: frozenset[str]
    sets: tuple[StepSet, ...]
    clears: frozenset[str]
    number: int = 0
    _routed: bool = attrs.field(init=False, repr=False, eq=False)
    _tests: tuple[Test, ...] = attrs.field(init=False, repr=False, eq=False)
    _plain: tuple[str, ...] = attrs.field(init=False, repr=False, eq=False)
    _dated: tuple[StepSet, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Work out once what every event would otherwise have to."""
        routed = bool(self.given or self.given_any or self.given_none or self.rule.match.when)
        object.__setattr__(self, "_routed", routed)
        object.__setattr__(self, "_tests", tuple(need.holds for need in self.rule.needs))
        object.__setattr__(self, "_plain", tuple(s.step for s in self.sets if not s.on_field))
        object.__setattr__(self, "_dated", tuple(s for s in self.sets if s.on_field))

    def numbered(self, number: int) -> Edge:
        """Return the same with another number, without working anything out again."""
        same = copy.copy(self)
        object.__setattr__(same, "number", number)
        return same

    def applies(self, event: Event, steps: Mapping[str, Any]) -> bool:
        """Return whether this is the rule for ``event`` in its source state with these steps."""
        if not self._routed:
            return True
        standing = steps.keys()
        return (
            self.given <= standing
            and self.given_none.isdisjoint(standing)
            and (not self.given_any or not self.given_any.isdisjoint(standing))
            and self.rule.match.holds(event)
        )

    def permits(self, event: Event, facts: Facts) -> bool:
        """Return whether this is the rule for ``event`` and all that it needs holds."""
        if not self.applies(event, facts.steps):
            return False
        for holds in self._tests:  # noqa: SIM110  # all() with a generator costs half as much again
            if not holds(event, facts):
                return False
        return True

    def unmet(self, event: Event, facts: Facts) -> list[Reason]:
        """Return the reason that each unmet need gives, if this is the rule for ``event``."""
        found = []
        for need in self.rule.needs:
            reason = need.unmet(event, facts)
            if reason is not None:
                found.append(reason)
        return found

    def step_days(self, event: Event, steps: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the steps that stand once this rule has been applied."""
        if not self.sets and not self.clears:
            return steps
        after = dict(steps)
        for step in self.clears:
            after.pop(step, None)
        for step in self._plain:
            after[step] = event.on
        for dated in self._dated:
            day = getattr(event, dated.on_field)
            if day is not None:
                after[dated.step] = day
        return after


@attrs.frozen(kw_only=True)
class Tally:
    """Events counted one after another until another resets them.

    Attributes:
        id: its name.
        says: what is counted.
        counts: the events counted.
        per: the field of theirs that keeps the counts apart.
        resets: the events that set a count back to nothing.
        resets_per: the field of theirs that says whose count.
        reaches: the step that stands, for the event being judged, once the count is reached.
        at: the count.
        cites: the clauses it stands on.
    """

    id: str
    says: str
    counts: Match
    per: str
    resets: Match
    resets_per: str
    reaches: str
    at: int
    cites: tuple[str, ...] = ()

    def after(self, event: Event, counts: Mapping[tuple[str, str], int]) -> int | None:
        """Return the count once ``event`` has happened; ``None`` if it is nothing to this tally."""
        if self.counts.matches(event):
            return counts.get((self.id, str(getattr(event, self.per))), 0) + 1
        if self.resets.matches(event):
            return 0
        return None

    def key(self, event: Event) -> tuple[str, str]:
        """Return whose count ``event`` changes."""
        field = self.per if event.kind == self.counts.event else self.resets_per
        return (self.id, str(getattr(event, field)))
