"""Needs as sentences: what has to be so for a rule to let its event through.

One sentence for each kind of need, filled in from the need itself, so that it says what the kernel
asks. The sentence of the refusal is told on the page of refusals.
"""

from __future__ import annotations

from functools import singledispatchmethod

import attrs

from cpplan import Procedure
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.rules import Rule
from cpplan_docs import addresses
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import code, link, plain
from cpplan_docs.words.matches import field, step, tested
from cpplan_docs.words.terms import load_terms
from cpplan_docs.words.wording import spaced


@attrs.frozen
class Sentences:
    """Tells the needs of one rule.

    Attributes:
        procedure: whose rule.
        rule: the rule.
        path: the page on which they stand.
    """

    procedure: Procedure
    rule: Rule
    path: str

    def told(self, need: Need) -> str:
        """Return a need as a sentence, with the code of its refusal and what it stands on."""
        refused = link(code(need.code), addresses.code(need.code), self.path)
        cited = linking.clauses(need.cites, self.path)
        source = f" ({cited})." if cited else f". Our choice: {plain(need.why)}"
        return f"{self.sentence(need)}. Else refused: {refused}{source}"

    def sentence(self, need: Need) -> str:
        """Return what has to be so, without a full stop."""
        words = self.words(need)
        return words[:1].upper() + words[1:]

    @singledispatchmethod
    def words(self, need: Need) -> str:
        """Return what has to be so, as the beginning of a sentence or a part of one."""
        raise TypeError(f"no sentence tells a {type(need).__name__}: write one")

    @words.register
    def _(self, need: StepNeed) -> str:
        return f"it stands that {step(self.procedure, need.step, self.path)}"

    @words.register
    def _(self, need: NoStepNeed) -> str:
        return f"it does not stand that {step(self.procedure, need.step, self.path)}"

    @words.register
    def _(self, need: RoleNeed) -> str:
        roles = [load_terms().linked(role.value, self.path) for role in need.roles]
        return f"it is recorded by {' or '.join(roles)}"

    @words.register
    def _(self, need: FieldNeed) -> str:
        return tested(self.rule.match.event, need.test)

    @words.register
    def _(self, need: EarliestNeed) -> str:
        since = step(self.procedure, need.step, self.path)
        when = "it comes after the last of" if need.day_after else "it comes no sooner than"
        return f"{when} {figure(need.value.id, str(need.value), self.path)} since {since}"

    @words.register
    def _(self, need: LatestFieldNeed) -> str:
        told = field(self.rule.match.event, need.path)
        within = figure(need.value.id, str(need.value), self.path)
        since = step(self.procedure, need.step, self.path)
        return f"{told}: no later than {within} after the day since which {since}"

    @words.register
    def _(self, need: CoversNeed) -> str:
        told = field(self.rule.match.event, need.path)
        earlier = link(plain(spaced(need.event)), addresses.event(need.event), self.path)
        return f"{told}: all of {field(need.event, need.field)} in the latest {earlier}"

    @words.register
    def _(self, need: AnyNeed) -> str:
        return "; or ".join(self.words(one) for one in need.needs)


def figure(name: str, told: str, path: str) -> str:
    """Return a figure in words, as a link to where it is told for all procedures."""
    return link(plain(told), addresses.value(name), path)
