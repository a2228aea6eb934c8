"""Requirements: what no path may skip, by the standard DECLARE templates; what must be possible.

They are written from the clauses, apart from the rules, and name events and states only. Nothing
here knows what a rule is; the automata that judge them are in the simulation.

No history can show that something is impossible, so what must stay possible is not judged on one
history, and is a kind of its own.

Source of the templates: Pesic, Schonenberg and van der Aalst, "DECLARE: Full support for
loosely-structured processes" (EDOC 2007); of ``not-until``: the absence pattern with the scope
"after Q until R" of Dwyer, Avrunin and Corbett, "Patterns in property specifications for
finite-state verification" (ICSE 1999).
"""

from __future__ import annotations

import enum
from typing import Any

import attrs

from cpplan.events import Event
from cpplan.fields import Read
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
    NOT_UNTIL = "not-until"


ONE_SIDED = (Template.EXISTENCE, Template.ABSENCE)
UNTIMED = (*ONE_SIDED, Template.NOT_CO_EXISTENCE, Template.NOT_UNTIL)
"""Templates between whose sides no time is counted."""


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


@attrs.frozen
class Covering:
    """What the later side of a requirement has to hold in full: a list of the latest first side.

    Attributes:
        field: the list in the later event.
        of: the list in the earlier one.
        read, read_earlier: read the two.
    """

    field: str
    of: str
    read: Read = attrs.field(repr=False, eq=False)
    read_earlier: Read = attrs.field(repr=False, eq=False)

    def wanted(self, earlier: Event) -> frozenset[Any]:
        """Return what has to be held."""
        return frozenset(self.read_earlier(earlier) or ())

    def holds(self, wanted: frozenset[Any], later: Event) -> bool:
        """Return whether an event holds all that is wanted."""
        return wanted <= frozenset(self.read(later) or ())


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
        until: what lifts a ban on the later side, where the template has it.
        after: a period that must have run out between the two, its last day included.
        not_before: a period between the two, on whose last day the later side may come.
        within: the longest time between the two.
        covers: the list that the later side has to hold in full, if it has to.
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
    until: Atom | None = None
    after: Value | None = None
    not_before: Value | None = None
    within: Value | None = None
    covers: Covering | None = None
    cites: tuple[str, ...] = ()
    origin: Origin = Origin.OWN
    why: str = ""

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Every alternative of every side."""
        sides = (self.first, self.then, self.until)
        return tuple(atom for side in sides if side is not None for atom in side.alternatives)


POSSIBLE = "possible"
"""In the place of a template: what some history must be able to do, instead of what none may."""


@attrs.frozen(kw_only=True)
class Possibility:
    """What must stay possible: in each of some states, each of some events can be recorded.

    It holds if for every one of the states and every one of the events there is a history that
    comes to the state and has the event recorded there. It says nothing of every history.

    Attributes:
        id: its name.
        says: what must be possible, in a sentence.
        topic: what it is about.
        each: the events; one that has alternatives is possible if one of them is.
        states: the states.
        cites: the clauses it is worded from.
        origin: the source's own, inherited or the modeller's choice.
        why: the reason for a choice.
    """

    id: str
    says: str
    topic: str
    each: tuple[Atom, ...]
    states: tuple[str, ...]
    cites: tuple[str, ...] = ()
    origin: Origin = Origin.OWN
    why: str = ""

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Every alternative of every event."""
        return tuple(atom for one in self.each for atom in one.alternatives)
