"""Which events count: a kind, values of fields, tests on fields.

Shared by rules, duties, records and requirements, which are written apart but name events alike.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import attrs

from cpplan.events import Event
from cpplan.fields import Read

Test = Callable[[Event], bool]


@attrs.frozen
class FieldTest:
    """A test on one field.

    Attributes:
        path: the field.
        says: the test in words, such as "is true".
        read: reads the field.
        holds_for: judges what was read.
        operator: the key of the test in a pack, such as ``is`` or ``at-most``.
        operand: what the field is held against, as the pack has it or resolved to a number.
    """

    path: str
    says: str
    read: Read = attrs.field(repr=False, eq=False)
    holds_for: Callable[[Any], bool] = attrs.field(repr=False, eq=False)
    operator: str = "given"
    operand: Any = None

    def holds(self, event: Event) -> bool:
        """Return whether the event passes."""
        return self.holds_for(self.read(event))


@attrs.frozen
class AnyTest:
    """Several tests of which one is enough."""

    tests: tuple[FieldTest | AnyTest, ...]

    def holds(self, event: Event) -> bool:
        """Return whether the event passes one of them."""
        return any(test.holds(event) for test in self.tests)


@attrs.frozen
class Match:
    """An event that counts.

    Attributes:
        event: the kind.
        when: field paths with the values allowed.
        where: tests that must all hold.
        on_field: the field that dates the match; the event's own day if empty.
        takes: for a duty, the step that a rule takes with the event; any if empty.
    """

    event: str
    when: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    where: tuple[FieldTest | AnyTest, ...] = ()
    on_field: str = ""
    takes: str = ""
    _tests: tuple[Test, ...] = attrs.field(repr=False, eq=False, default=())

    def holds(self, event: Event) -> bool:
        """Return whether ``event``, which is of this kind, counts."""
        for test in self._tests:  # noqa: SIM110  # all() with a generator costs as much again
            if not test(event):
                return False
        return True

    def matches(self, event: Event) -> bool:
        """Return whether ``event`` is of this kind and counts."""
        return event.kind == self.event and self.holds(event)

    def rules_out(self, event: Event) -> bool:
        """Return whether a field says something that this match is not for.

        A field that is not recorded rules nothing out: it may yet be.
        """
        said = ((attrgetter(path)(event), allowed) for path, allowed in self.when)
        return any(value is not None and value not in allowed for value, allowed in said)
