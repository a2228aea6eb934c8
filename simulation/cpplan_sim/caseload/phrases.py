"""Phrases: what each act says in each state: at its best, otherwise, with something left out."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from cpplan.events import KINDS, Event
from cpplan.fields import field_type, item_type
from cpplan.needs import Need
from cpplan.requirements import Template
from cpplan_sim.caseload.acts import Act, Acts
from cpplan_sim.caseload.sayings import BIRTH
from cpplan_sim.fabricating import ABSENT

CONFERENCE = "initial-conference-decided"
"""The one event that may leave out when the child was born."""

UNBORN: Mapping[str, Any] = {"child_unborn": True}
"""What a conference says of a child who is not born; the date of birth is then left out."""


@attrs.define(eq=False)
class Phrases:
    """The sayings of each act, gathered before the law is compiled for them.

    Attributes:
        events: every saying once, in order.
        said: by act, variant and state, the number of the saying.
        spoilt: by act and state, the sayings that leave something out.
        birth: by act, the variant of a child whose birth is not recorded; unborn comes after.
    """

    acts: Acts
    events: dict[Event, int] = attrs.field(factory=dict)
    said: dict[tuple[int, int, str], int] = attrs.field(factory=dict)
    spoilt: dict[tuple[int, str], list[int]] = attrs.field(factory=dict)
    birth: dict[int, int] = attrs.field(factory=dict)

    @classmethod
    def of(cls, acts: Acts) -> Phrases:
        """Gather the sayings of all acts."""
        made = cls(acts)
        for number, act in enumerate(acts.all):
            made.gather(number, act)
        made.gather_rest()
        return made

    def gather_rest(self) -> None:
        """Gather what no act says, for what is tried at random.

        Of each rule one saying, others that leave unmet what it needs, and one that leaves out what
        tells it from other rules; what requirements forbid, since a rule that lacks a need tells
        nobody what to leave out; then something that the procedure says nothing of.
        """
        speaker = self.acts.speaker
        for rule in self.acts.procedure.rules.values():
            said = {path: values[0] for path, values in rule.match.when}
            saying = speaker.proper(rule.match.event, said, (rule,))
            if saying is None:
                continue
            unsaid = (speaker.proper(rule.match.event, {**said, path: ABSENT}, ()) for path in said)
            spoilt = (one for need in rule.needs for one in speaker.spoilings(saying, need))
            for one in (saying, *unsaid, *spoilt):
                if one is not None:
                    self.number(one)
        for one in self._forbidden():
            self.number(one)
        unheard = next(self._unheard(), None)
        if unheard is not None:
            self.number(unheard)

    def _forbidden(self) -> Iterator[Event]:
        """Yield what must never be recorded, at its best but for what forbids it."""
        for required in self.acts.procedure.requirements.values():
            if required.template is not Template.ABSENCE:
                continue
            for match in (one.match for one in required.first.alternatives if one.match):
                said = self.acts.wording_of(match)
                rules = self.acts.rules_for(match.event, said)
                saying = self.acts.speaker.proper(match.event, said, rules)
                if saying is not None:
                    yield saying

    def _unheard(self) -> Iterator[Event]:
        """Yield what the procedure says nothing of: a kind of event, else what one may say."""
        for kind, said in (*self._other_kinds(), *self._other_values()):
            saying = self.acts.speaker.proper(kind, said, ())
            if saying is not None and not self.acts.procedure.engine.knows(saying):
                yield saying

    def _other_kinds(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from ((kind, {}) for kind in KINDS if kind not in self.acts.rules)

    def _other_values(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for kind, rules in self.acts.rules.items():
            for path in dict.fromkeys(path for rule in rules for path, _ in rule.match.when):
                known = item_type(field_type(KINDS[kind], path))
                if isinstance(known, type) and issubclass(known, enum.Enum):
                    yield from ((kind, {path: value}) for value in known)

    def gather(self, number: int, act: Act) -> None:
        """Gather what one act says, in each state and variant."""
        for variant, said in enumerate(self.variants(number, act)):
            for state in self.acts.procedure.states:
                self._say(number, variant, act.event, said, state)
        for state in self.acts.procedure.states:
            self._spoil(number, act, state)

    def variants(self, number: int, act: Act) -> Iterator[Mapping[str, Any]]:
        """Yield what an act says: at its best, otherwise, and of a child without a birthday."""
        contents = self.acts.profile.contents.get(act.event, ())
        yield act.said
        for content in contents:
            fixed = act.said if act.happening else {}
            yield {**act.said, **content.with_, **fixed}
        if act.event == CONFERENCE:
            self.birth[number] = 1 + len(contents)
            yield {**act.said, BIRTH: ABSENT}
            yield {**act.said, BIRTH: ABSENT, **UNBORN}

    def _say(
        self, number: int, variant: int, event: str, said: Mapping[str, Any], state: str
    ) -> None:
        if not self.acts.rules_for(event, said, state):
            return
        saying = self.acts.saying(event, said, state)
        if saying is not None:
            self.said[number, variant, state] = self.number(saying)

    def _spoil(self, number: int, act: Act, state: str) -> None:
        saying = self.acts.saying(act.event, act.said, state)
        rules = self.acts.rules_for(act.event, act.said, state)
        if saying is None:
            return
        needs = [need for rule in rules for need in rule.needs]
        self.spoilt[number, state] = self._spoil_for(saying, needs)

    def _spoil_for(self, saying: Event, needs: Iterable[Need]) -> list[int]:
        spoilt = (self.acts.speaker.spoilt(saying, need) for need in needs)
        return [self.number(one) for one in spoilt if one is not None]

    def number(self, saying: Event) -> int:
        """Return the number of a saying."""
        return self.events.setdefault(saying, len(self.events))
