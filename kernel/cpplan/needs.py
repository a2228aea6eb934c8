"""What a rule asks for: each need can be judged alone, says what it wants, and cites its clauses.

A need reads the event and the plan and changes neither. It never asks whether a duty was met in
time: a missed date must not leave a child without a plan.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from cpplan.calendars import Calendar
from cpplan.decisions import Reason
from cpplan.events import Event
from cpplan.fields import Read, not_after
from cpplan.matching import FieldTest
from cpplan.roles import Role
from cpplan.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


ONE_DAY = dt.timedelta(days=1)


class Facts(Protocol):
    """What a need may know of a plan: its steps with their days, and the events before."""

    @property
    def steps(self) -> Mapping[str, dt.date]:
        """The steps that stand, with the day each was taken."""

    @property
    def events(self) -> Sequence[Event]:
        """The events recorded so far, oldest first."""


@attrs.frozen(kw_only=True)
class Need:
    """What must hold. The base of the kinds below.

    Attributes:
        code: a stable name for the refusal.
        says: the sentence of the refusal.
        cites: the clauses that ask for it.
        why: the reason, where the need is the modeller's choice and cites none.
        reason: what a refusal gives of it.
    """

    code: str
    says: str
    cites: tuple[str, ...]
    why: str = ""
    reason: Reason = attrs.field(init=False, repr=False, eq=False)

    @reason.default
    def _as_reason(self) -> Reason:
        return Reason(self.code, self.says, self.cites)

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the need is met when ``event`` is recorded."""
        raise TypeError(f"{type(self).__name__} has no test")  # pragma: no cover - abstract

    def unmet(self, event: Event, facts: Facts) -> Reason | None:
        """Return the reason against ``event``; ``None`` if the need is met."""
        return None if self.holds(event, facts) else self.reason


@attrs.frozen(kw_only=True)
class StepNeed(Need):
    """A step that must have been taken."""

    step: str

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the step stands."""
        return self.step in facts.steps


@attrs.frozen(kw_only=True)
class NoStepNeed(Need):
    """A step that must not stand."""

    step: str

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the step does not stand."""
        return self.step not in facts.steps


@attrs.frozen(kw_only=True)
class RoleNeed(Need):
    """Who alone may do this."""

    roles: tuple[Role, ...]

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the event was done by one of them."""
        return event.by in self.roles


@attrs.frozen(kw_only=True)
class FieldNeed(Need):
    """A field that must be recorded, or recorded as something."""

    test: FieldTest

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the field passes its test."""
        return self.test.holds(event)


@attrs.frozen(kw_only=True)
class EarliestNeed(Need):
    """A period that must have run before the event.

    Attributes:
        step: the step it is counted from.
        value: how long it is.
        day_after: whether the event must come after the last day, or may come on it.
    """

    step: str
    value: Value
    day_after: bool
    calendar: Calendar = attrs.field(repr=False, eq=False)

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the step stands and the period has run."""
        earliest = self.earliest(facts)
        return earliest is not None and event.on >= earliest

    def unmet(self, event: Event, facts: Facts) -> Reason | None:
        """Return the reason against ``event``, with the first possible day where there is one."""
        earliest = self.earliest(facts)
        if earliest is None:
            return self.reason
        if event.on >= earliest:
            return None
        says = f"{self.says.rstrip('.')}: not before {earliest.isoformat()}."
        return Reason(self.code, says, self.cites)

    def earliest(self, facts: Facts) -> dt.date | None:
        """Return the first day on which the event may come; ``None`` if the step does not stand."""
        anchor = facts.steps.get(self.step)
        if anchor is None:
            return None
        last = self.value.after(anchor, self.calendar)
        return last + ONE_DAY if self.day_after else last


@attrs.frozen(kw_only=True)
class LatestFieldNeed(Need):
    """A date in the event that must not lie beyond a period from a step."""

    path: str
    step: str
    value: Value
    read: Read = attrs.field(repr=False, eq=False)
    calendar: Calendar = attrs.field(repr=False, eq=False)

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether the step stands and the date is within the period."""
        anchor = facts.steps.get(self.step)
        if anchor is None:
            return False
        return not_after(self.read(event), self.value.after(anchor, self.calendar))


@attrs.frozen(kw_only=True)
class CoversNeed(Need):
    """A list that must hold every item of a list in the latest earlier event of a kind."""

    path: str
    event: str
    field: str
    read: Read = attrs.field(repr=False, eq=False)
    read_earlier: Read = attrs.field(repr=False, eq=False)

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether there was such an event and nothing of its list is left out."""
        wanted = self.wanted(facts)
        return bool(wanted) and wanted <= set(self.read(event) or ())

    def wanted(self, facts: Facts) -> set[Any]:
        """Return what has to be there: the list of the latest such event, if there was one."""
        for earlier in reversed(facts.events):
            if earlier.kind == self.event:
                return set(self.read_earlier(earlier) or ())
        return set()


@attrs.frozen(kw_only=True)
class AnyNeed(Need):
    """Several needs of which one is enough."""

    needs: tuple[Need, ...]

    def holds(self, event: Event, facts: Facts) -> bool:
        """Return whether one of them is met."""
        return any(need.holds(event, facts) for need in self.needs)
