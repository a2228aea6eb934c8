"""What every event has, and how a field says what it holds.

An event is something recorded as having happened. Here stand the base class and the makers of
fields that may be left out; the kinds stand in the files beside this one, one for each part of the
lifecycle. A field that must be given is made by ``attrs.field`` itself, with its label: type
checkers know that one alone, and take the answer of any other function for a default.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

import attrs

from cpplan.roles import Role

LABEL = "label"
"""Under this name a field says in words what it holds."""
PAST = "past"
"""Marks a date that lies on or before the day of its event."""
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


@attrs.frozen
class Count:
    """A validator of numbers that count something.

    Attributes:
        bound: the least.
        largest: the most, so that whoever reads the number has the same one.
    """

    bound: int = 1
    largest: int = LARGEST

    def __call__(self, _: Any, attribute: Any, value: Any) -> None:
        """Raise ``ValueError`` unless a number is whole and within the bounds."""
        if type(value) is not int or not self.bound <= value <= self.largest:
            whole = f"a whole number from {self.bound} to {self.largest}"
            raise ValueError(f"{attribute.name} is {value!r:.60}, not {whole}")


A_COUNT = Count()


def text(label: str) -> Any:
    """Return a text field; empty means not recorded."""
    return attrs.field(default="", metadata={LABEL: label})


def maybe(label: str) -> Any:
    """Return a field whose ``None`` means not recorded: a flag, a date, a number, a choice."""
    return attrs.field(default=None, metadata={LABEL: label})


def some(label: str) -> Any:
    """Return a field for a number of at least 1; ``None`` means not recorded."""
    counts = attrs.validators.optional(A_COUNT)
    return attrs.field(default=None, validator=counts, metadata={LABEL: label})


def past(label: str) -> Any:
    """Return a date that can't lie after the event that tells of it; ``None``: not recorded."""
    return attrs.field(
        default=None, validator=not_after_the_event, metadata={LABEL: label, PAST: True}
    )


def not_after_the_event(event: Any, attribute: Any, value: Any) -> None:
    """Raise ``ValueError`` if a date lies after the event that tells of it."""
    if value is not None and value > event.on:
        raise ValueError(f"{attribute.name} is {value}, after the event of {event.on}")


def _a_day(_: Any, attribute: Any, value: Any) -> None:
    if type(value) is not dt.date:
        raise ValueError(f"{attribute.name} is {value!r}, not a date such as date(2026, 1, 31)")


def several(label: str) -> Any:
    """Return a field of many values; empty means not recorded."""
    return attrs.field(default=(), converter=tuple, metadata={LABEL: label})


def kind_of(cls: type) -> str:
    """Return the name that packs use: ``CoreGroupHeld`` is ``core-group-held``."""
    return re.sub(r"(?<!^)(?=[A-Z])|(?<=[a-z])(?=[0-9])", "-", cls.__name__).lower()


class Discreet:
    """Its repr says what it is and of which day, and nothing else that was recorded in it.

    A repr ends in logs and in reports of errors that nobody has asked for.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the name of the class, and the day of an event."""
        on = getattr(self, "on", None)
        return f"{type(self).__name__}({f'on={on}, ' if isinstance(on, dt.date) else ''}...)"

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Put this repr in the place of the one that was made."""
        cls.__repr__ = Discreet.__repr__  # type: ignore[method-assign]  # of a class being made


@attrs.frozen(kw_only=True)
class Event(Discreet):
    """Something recorded as having happened.

    Attributes:
        on: the day it happened.
        by: who did it or decided it, where that matters to a rule.
        id: the integrator's own identifier; not interpreted.
    """

    kind: ClassVar[str] = "event"

    on: dt.date = attrs.field(validator=_a_day, metadata={LABEL: "the day it happened"})
    by: Role | None = maybe("who did it")
    id: str = text("the record's own identifier")

    @property
    def in_effect_on(self) -> dt.date:
        """The day from which it takes effect: the day it happened, unless the kind knows better."""
        return self.on

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Name the kind after its class."""
        super().__attrs_init_subclass__()
        cls.kind = kind_of(cls)
