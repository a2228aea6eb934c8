"""DECLARE: what no path may skip, as the constraints that process-mining tools read (``.decl``).

Source of the templates: Pesic, Schonenberg and van der Aalst (EDOC 2007); of conditions and times
on them: Burattin, Maggi and Sperduti, "Conformance checking based on multi-perspective declarative
process models" (Expert Systems with Applications, 2016). Rules are not in it: they are another
statement of the same procedure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from cpplan import Procedure
from cpplan.calendars import Unit
from cpplan.requirements import Requirement, Template
from cpplan.states import STATES
from cpplan.values import Value
from cpplan_sim.exporting.conditions import Condition, Conditions
from cpplan_sim.exporting.declare_sides import (
    ENTERS,
    LEAVES,
    InexpressibleError,
    Side,
    Sides,
)
from cpplan_sim.exporting.saying import cited, head, plain

FOREVER = 36_525
"""Days without a limit, as far as a plan is concerned: a century."""

LOG = (
    "A trace is the history of one plan that has ended. An activity is a kind of event. Around an",
    "event that moves the plan stand, on its day: leaves and enters with their states before it,",
    "left and entered after it. Its own attributes enters and leaves hold those states. The other",
    "attributes are yes or no: what each means is below. A constraint stands for all of its",
    "requirement or for a part of it; the requirement is held if every part is.",
)


@attrs.frozen
class Constraint:
    """One constraint.

    Attributes:
        requirement: what it stands for, or for a part of.
        template: its name in DECLARE.
        sides: the activities that it speaks of, the earlier one first.
        activates: which of them makes it count, by its place; the other is its target.
        days: the least and the most days between the two, if they are limited.
    """

    requirement: Requirement
    template: str
    sides: tuple[Side, ...]
    activates: int = 0
    days: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The constraint as a model has it."""
        activities = ", ".join(side.activity for side in self.sides)
        asked = [self.sides[self.activates].text("A")]
        if len(self.sides) > 1:
            asked.append(self.sides[1 - self.activates].text("T"))
        timed = "" if self.days is None else f"{self.days[0]},{self.days[1]},d"
        return f"{self.template}[{activities}]" + "".join(f" |{one}" for one in (*asked, timed))


@attrs.frozen
class Model:
    """A procedure's requirements in DECLARE.

    Attributes:
        procedure: whose they are.
        constraints: what can be said.
        attributes: the tests on fields that the constraints read.
        unsaid: what can't be said, with the reason.
    """

    procedure: Procedure
    constraints: tuple[Constraint, ...]
    attributes: tuple[Condition, ...]
    unsaid: tuple[tuple[Requirement, str], ...]

    @property
    def text(self) -> str:
        """The model as a file."""
        return "\n".join(_lines(self)) + "\n"


def declared(procedure: Procedure, chosen: Iterable[Requirement]) -> Model:
    """Return requirements of a procedure in DECLARE."""
    conditions = Conditions()
    sides = Sides(conditions)
    said: list[Constraint] = []
    unsaid: list[tuple[Requirement, str]] = []
    for required in chosen:
        try:
            said += constraints_of(required, sides)
        except InexpressibleError as error:
            unsaid.append((required, str(error)))
    read = {name for one in said for side in one.sides for name in side.attributes}
    attributes = tuple(one for one in conditions.all if one.name in read)
    return Model(procedure, tuple(said), attributes, tuple(unsaid))


def constraints_of(required: Requirement, sides: Sides) -> tuple[Constraint, ...]:
    """Return the constraints that together say what a requirement says.

    Raises:
        InexpressibleError: none do.
    """
    write = _WRITERS.get(required.template)
    if write is None:
        raise InexpressibleError(f"DECLARE has no template for {required.template}")
    if required.covers is not None:
        raise InexpressibleError("DECLARE can't hold one list against another")
    return tuple(write(required, sides))


def _absence(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    for side in sides.first(required.first):
        yield Constraint(required, "Absence", (side,))


def _existence(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    yield Constraint(required, "Existence", (_one(sides.first(required.first)),))


def _precedence(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    first = _one(sides.first(required.first))
    for then in _later(required, sides):
        yield _two(required, "Precedence", first, then, activates=1)


def _alternate(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    first, then = _one(sides.first(required.first)), _one(_later(required, sides))
    yield _two(required, "Alternate Precedence", first, then, activates=1)


def _response(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    then = _one(_later(required, sides))
    for first in sides.first(required.first):
        yield _two(required, "Response", first, then)


def _succession(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    yield from _precedence(required, sides)
    yield from _response(required, sides)


def _not_succession(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    """Yield a ban on each later side after each first one; on a second, where they are the same."""
    timed = _days(required) is not None
    for first in sides.first(required.first):
        for then in _later(required, sides):
            if first == then and not timed:
                yield Constraint(required, "Absence2", (first,))
            else:
                yield _two(required, "Not Response", first, then)


def _not_co_existence(required: Requirement, sides: Sides) -> Iterator[Constraint]:
    """Yield a ban on each two sides in one trace; readers know it by its one-sided form."""
    assert required.then is not None, "the template has two sides"
    for first in sides.first(required.first):
        for then in sides.first(required.then):
            yield _two(required, "Not Responded Existence", first, then)


_WRITERS: dict[Template, Callable[[Requirement, Sides], Iterator[Constraint]]] = {
    Template.ABSENCE: _absence,
    Template.EXISTENCE: _existence,
    Template.PRECEDENCE: _precedence,
    Template.ALTERNATE_PRECEDENCE: _alternate,
    Template.RESPONSE: _response,
    Template.SUCCESSION: _succession,
    Template.NOT_SUCCESSION: _not_succession,
    Template.NOT_CO_EXISTENCE: _not_co_existence,
}
"""What writes a template; ``not-until`` is not one of DECLARE's."""


def _later(required: Requirement, sides: Sides) -> tuple[Side, ...]:
    assert required.then is not None, "the template has two sides"
    return sides.later(required.then)


def _one(found: Sequence[Side]) -> Side:
    """Return the only alternative of a side that can't be parted into several constraints."""
    if len(found) > 1:
        named = ", ".join(side.activity for side in found)
        raise InexpressibleError(f"one of several activities is enough: {named}")
    return found[0]


def _two(
    required: Requirement, template: str, first: Side, then: Side, *, activates: int = 0
) -> Constraint:
    if first.activity == then.activity:
        raise InexpressibleError("an event could be its own other side, as tools read it")
    return Constraint(required, template, (first, then), activates, _days(required))


def _days(required: Requirement) -> tuple[int, int] | None:
    """Return the least and the most days between the sides."""
    if not (required.after or required.not_before or required.within):
        return None
    atoms = (required.first, required.then)
    if any(one.match and one.match.on_field for a in atoms if a for one in a.alternatives):
        raise InexpressibleError("its time is counted from a date in the event")
    after = 0 if required.after is None else _counted(required.after) + 1
    not_before = 0 if required.not_before is None else _counted(required.not_before)
    within = FOREVER if required.within is None else _counted(required.within)
    return max(after, not_before), within


def _counted(value: Value) -> int:
    """Return a period in days, if it is always as many."""
    length = _FIXED.get(value.in_force)
    if length is None or value.amount is None:
        raise InexpressibleError(f"{value.amount} {value.in_force} are no fixed number of days")
    return value.amount * length


_FIXED = {Unit.CALENDAR_DAYS.value: 1, Unit.CALENDAR_WEEKS.value: 7}
"""The units that are always as many days, with how many."""


def _lines(model: Model) -> Iterator[str]:
    remarks = [*head(model.procedure), *LOG]
    remarks += [f"Attribute {one.name}: {one.says}" for one in model.attributes]
    if model.unsaid:
        remarks.append("Not in it, since it can't be said in DECLARE:")
    remarks += [f"{one.id}: {why}{cited(one.cites)}" for one, why in model.unsaid]
    yield from map(_remark, remarks)
    yield from _bound(model)
    said = None
    for constraint in model.constraints:
        one = constraint.requirement
        if one is not said:
            yield _remark(f"{one.id}: {one.says}{cited(one.cites)}")
            said = one
        yield constraint.text


def _bound(model: Model) -> Iterator[str]:
    """Yield the activities, the attributes of each, and the values of each attribute."""
    bound: dict[str, dict[str, None]] = {}
    for constraint in model.constraints:
        for side in constraint.sides:
            bound.setdefault(side.activity, {}).update(dict.fromkeys(side.attributes))
    yield from (f"activity {activity}" for activity in bound)
    yield from (f"bind {one}: {', '.join(read)}" for one, read in bound.items() if read)
    read = dict.fromkeys(name for names in bound.values() for name in names)
    moving = ", ".join(STATES)
    for name in read:
        yield f"{name}: {moving if name in (ENTERS, LEAVES) else 'yes, no'}"


def _remark(text: str) -> str:
    return f"# {plain(text)}"
