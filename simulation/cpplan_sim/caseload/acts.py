"""Acts: what people do in a case, and what makes them do it.

An act is an event with what it says and a reason to do it: a duty that asks for it, something that
happens by itself, or a step that another act lacks. Acts come from the profile and from the
procedure's own duties and rules; no act knows a procedure by name.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from cpplan import Plan, Procedure
from cpplan.duties import Duty
from cpplan.events import Event
from cpplan.matching import Match
from cpplan.needs import AnyNeed, FieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import Edge, Rule
from cpplan_sim.caseload.profile_gaps import happenings_for
from cpplan_sim.caseload.profile_parts import Happening
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.sayings import REFERENCE, Speaker
from cpplan_sim.wanting import Wanting

Said = Mapping[str, Any]


class Cause(enum.IntEnum):
    """What makes an act happen."""

    DUTY = 0
    """A duty asks for it."""
    MONTHLY = 1
    """It happens at a rate, while the plan is in certain states."""
    FOLLOWS = 2
    """Something else happened."""
    AGE = 3
    """The child reaches an age."""
    LACK = 4
    """Another act can't be done without it."""
    AT_RANDOM = 5
    """Somebody tries anything at all."""


@attrs.frozen(kw_only=True)
class Act:
    """Something that people do.

    Attributes:
        name: what the random draws are addressed by: the same act has the same in any procedure.
        event: the kind of event that it records.
        said: what the event says beyond the usual.
        cause: what makes it happen.
        happening: the profile's entry, where it comes from one.
        duties: the duties that it is done for.
    """

    name: str
    event: str
    said: Said = attrs.field(factory=dict)
    cause: Cause
    happening: Happening | None = None
    duties: tuple[str, ...] = ()


SPEAKERS = 8
"""Procedures whose sayings are remembered."""

_SPEAKERS: dict[str, Speaker] = {}


def _speaker(procedure: Procedure) -> Speaker:
    """Return the speaker of a procedure: the one that has spoken under it before, if any has.

    A procedure with rules changed in memory may keep its digest; then nothing said before counts.
    """
    known = _SPEAKERS.get(procedure.digest)
    if known is None or known.procedure.rules != procedure.rules:
        if len(_SPEAKERS) >= SPEAKERS:
            _SPEAKERS.clear()
        known = _SPEAKERS[procedure.digest] = Speaker(procedure)
    return known


class Acts:
    """Finds the acts of a procedure under a profile."""

    def __init__(self, procedure: Procedure, profile: Profile) -> None:
        """Take a procedure and a profile."""
        self.procedure = procedure
        self.profile = profile
        self.speaker = _speaker(procedure)
        self.rules: dict[str, list[Rule]] = {}
        for edge in procedure.edges:
            rules = self.rules.setdefault(edge.rule.match.event, [])
            if edge.rule not in rules:
                rules.append(edge.rule)

    @cached_property
    def all(self) -> tuple[Act, ...]:
        """Every act: what follows at once before the rest, so that a day's work ends in order."""
        happenings = list(self._happenings())
        duties = list(self._for_duties())
        known = [*happenings, *duties]
        return (*known, *self._for_lacks(known))

    def rules_for(self, event: str, said: Said, state: str = "") -> list[Rule]:
        """Return the rules, from a state or from any, for an event that says what is said."""
        plain = self.speaker.proper(event, said, ())
        if plain is None:
            return []
        found = [rule for rule in self.rules.get(event, ()) if rule.match.holds(plain)]
        return [r for r in found if state in r.sources] if state else found

    def saying(self, event: str, said: Said, state: str) -> Event | None:
        """Return what is recorded in a state: all that its rules there ask of the event."""
        return self.speaker.proper(event, said, self.rules_for(event, said, state))

    def wording_of(self, match: Match) -> dict[str, Any]:
        """Return what an event has to say beyond the usual to be one that is meant."""
        said = {path: values[0] for path, values in match.when}
        plain = self.speaker.proper(match.event, said, ())
        wanting = Wanting(Plan(self.procedure), REFERENCE, random.Random(1))
        for test in match.where:
            if plain is None or not test.holds(plain):
                need = FieldNeed(code="", says="", cites=(), test=test)  # type: ignore[arg-type]  # a need takes either kind of test
                said.update(wanting.satisfying(need))
        return said

    # ------------------------------------------------------------------------ happenings

    def _happenings(self) -> Iterator[Act]:
        for name, one in happenings_for(self.profile, self.procedure).items():
            if not self.rules_for(one.event, one.when):
                continue
            if one.each_month is not None:
                cause = Cause.MONTHLY
            elif one.at_age is not None:
                cause = Cause.AGE
            else:
                cause = Cause.FOLLOWS
            yield Act(name=name, event=one.event, said=one.when, cause=cause, happening=one)

    # ---------------------------------------------------------------------------- duties

    def _for_duties(self) -> Iterator[Act]:
        """Yield an act for each group of duties that one event meets."""
        groups: list[tuple[str, dict[str, Any], list[str]]] = []
        for duty in self.procedure.duties.values():
            if not any(self._joined(group, duty) for group in groups):
                groups += self._begun(duty)
        for event, said, duties in groups:
            name = event + _worded(said)
            yield Act(name=name, event=event, said=said, cause=Cause.DUTY, duties=tuple(duties))

    def _begun(self, duty: Duty) -> list[tuple[str, dict[str, Any], list[str]]]:
        for match in duty.met_by:
            said = self.wording_of(match)
            if self.rules_for(match.event, said) and self._meets(match.event, said, duty):
                return [(match.event, said, [duty.id])]
        return []

    def _joined(self, group: tuple[str, dict[str, Any], list[str]], duty: Duty) -> bool:
        """Join a duty to a group if one event can do for all of them."""
        event, said, duties = group
        for match in duty.met_by:
            if match.event != event:
                continue
            both = _joined(said, self.wording_of(match))
            if both is None or not self.rules_for(event, both):
                continue
            if self._says_more(event, said, both):
                continue
            others = (self.procedure.duties[one] for one in duties)
            if all(self._meets(event, both, one) for one in (duty, *others)):
                said.update(both)
                duties.append(duty.id)
                return True
        return False

    def _says_more(self, event: str, said: Said, both: Said) -> bool:
        """Return whether both say what is not usual, as that a review is the birthday's."""
        plain = self.speaker.proper(event, said, ())
        more = {path: value for path, value in both.items() if path not in said}
        return any(getattr(plain, path, value) != value for path, value in more.items())

    def _meets(self, event: str, said: Said, duty: Duty) -> bool:
        if not any(match.event == event for match in duty.met_by):
            return False
        states = {source for rule in self.rules_for(event, said) for source in rule.sources}
        says = [self.saying(event, said, state) for state in sorted(states)]
        return any(m.matches(one) for one in says if one is not None for m in duty.met_by)

    # ----------------------------------------------------------------------------- lacks

    def _for_lacks(self, known: list[Act]) -> Iterator[Act]:
        """Yield an act for each step that a rule asks for or bars and no act takes or undoes."""
        for sets, steps in ((True, self._asked(StepNeed)), (False, self._asked(NoStepNeed))):
            for step in steps:
                edges = [edge for edge in self.procedure.edges if _does(edge, step, sets=sets)]
                if not edges or any(self._takes(act, edges) for act in known):
                    continue
                rule = edges[0].rule
                said = {path: values[0] for path, values in rule.match.when}
                name = rule.match.event + _worded(said)
                act = Act(name=name, event=rule.match.event, said=said, cause=Cause.LACK)
                known.append(act)
                yield act

    def _asked(self, kind: type[StepNeed | NoStepNeed]) -> tuple[str, ...]:
        needs = (need for rule in self.procedure.rules.values() for need in rule.needs)
        return tuple(
            dict.fromkeys(n.step for need in needs for n in _flat(need) if type(n) is kind)
        )

    def _takes(self, act: Act, edges: Iterable[Edge]) -> bool:
        rules = self.rules_for(act.event, act.said)
        return any(edge.rule in rules for edge in edges)


def _does(edge: Edge, step: str, *, sets: bool) -> bool:
    return any(one.step == step for one in edge.sets) if sets else step in edge.clears


def _flat(need: Need) -> Iterator[Need]:
    if isinstance(need, AnyNeed):
        for one in need.needs:
            yield from _flat(one)
    else:
        yield need


def _joined(one: Said, other: Said) -> dict[str, Any] | None:
    """Return what says both; ``None`` if they differ on a field."""
    both = dict(one)
    for path, value in other.items():
        known = both.get(path, value)
        if isinstance(known, (list, tuple)) and isinstance(value, (list, tuple)):
            both[path] = tuple(dict.fromkeys((*known, *value)))
        elif known != value:
            return None
        else:
            both[path] = value
    return both


def _worded(said: Said) -> str:
    """Return what is said as a part of a name, in one order, without what is merely given."""
    words = [f"{path}={value}" for path, value in sorted(said.items()) if type(value) is not object]
    return f"[{','.join(words)}]" if words else ""
