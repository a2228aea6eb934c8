"""Requirements: what no path may skip, by the standard DECLARE templates.

They are written from the clauses, apart from the rules, and name events and states only. Nothing
here knows what a rule is; the automata that judge them are in the simulation.

Source of the templates: Pesic, Schonenberg and van der Aalst, "DECLARE: Full support for
loosely-structured processes" (EDOC 2007).
"""

from __future__ import annotations

import enum

import attrs

from cpplan.matching import Match
from cpplan.values import Origin, Value


class Template(enum.StrEnum):
    """The shape of a requirement over a whole history."""

    EXISTENCE = "existence"
    ABSENCE = "absence"
    PRECEDENCE = "precedence"
    ALTERNATE_PRECEDENCE = "alternate-precedence"
    RESPONSE = "response"
    SUCCESSION = "succession"
    NOT_SUCCESSION = "not-succession"
    NOT_CO_EXISTENCE = "not-co-existence"


ONE_SIDED = (Template.EXISTENCE, Template.ABSENCE)
UNTIMED = (*ONE_SIDED, Template.NOT_CO_EXISTENCE)
"""Templates whose sides come in no order, so that no time lies between them."""


@attrs.frozen
class Atom:
    """Something that a history shows at one point.

    Attributes:
        match: the event, if it matters.
        enters: the states of which one is entered from another, if it matters.
        leaves: the states of which one is left, if it matters.
        any_of: alternatives, of which one is enough; then nothing else is given.
    """

    match: Match | None = None
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    any_of: tuple[Atom, ...] = ()

    @property
    def alternatives(self) -> tuple[Atom, ...]:
        """The atom itself, or those of which one is enough."""
        return self.any_of or (self,)


@attrs.frozen(kw_only=True)
class Requirement:
    """What no path may skip.

    Attributes:
        id: its name.
        says: what must hold, in a sentence.
        topic: what it is about.
        template: the shape.
        first: the earlier or only side.
        then: the later side, where the template has two.
        after: a period that must have run out between the two, its last day included.
        not_before: a period between the two, on whose last day the later side may come.
        within: the longest time between the two.
        cites: the clauses it is worded from.
        origin: the source's own, inherited or the modeller's choice.
        why: the reason for a choice.
    """

    id: str
    says: str
    topic: str
    template: Template
    first: Atom
    then: Atom | None = None
    after: Value | None = None
    not_before: Value | None = None
    within: Value | None = None
    cites: tuple[str, ...] = ()
    origin: Origin = Origin.OWN
    why: str = ""
