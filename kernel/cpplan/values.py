"""Figures: a number, its unit, and where it comes from.

Holds figures as the sources give them. A unit is never converted: ten working days are not two
weeks.
"""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from cpplan.calendars import Calendar, Unit
from cpplan.dates import birthday


class Origin(enum.StrEnum):
    """Where a statement of a pack comes from."""

    OWN = "own"
    INHERITED = "inherited"
    CHOICE = "choice"


UNITS = (*[unit.value for unit in Unit], "visits", "years-of-age", "days-unspecified", "count")
"""Units that a figure may have. ``days-unspecified`` says the source writes only "days"."""

_DATED = {unit.value: unit for unit in Unit}


@attrs.frozen
class Value:
    """One figure of a procedure.

    Attributes:
        id: its name in the pack.
        amount: the number; ``None`` for a setting that somebody has to choose first.
        unit: as the source gives it, one of :data:`UNITS`.
        read_as: the unit in force where the source leaves it open.
        says: what the figure limits, in words.
        origin: the source's own, inherited, or the modeller's choice.
        cites: the clauses it stands on.
        why: the reason for a choice.
    """

    id: str
    amount: int | None
    unit: str
    read_as: str
    says: str
    origin: Origin
    cites: tuple[str, ...]
    why: str = ""
    _counted_in: Unit | None = attrs.field(init=False, repr=False, eq=False)

    @_counted_in.default
    def _unit_of_dates(self) -> Unit | None:
        return _DATED.get(self.in_force)

    @property
    def in_force(self) -> str:
        """The unit that dates are counted in."""
        return self.read_as or self.unit

    def after(self, anchor: dt.date, calendar: Calendar, amount: int | None = None) -> dt.date:
        """Return the last day of this period counted from ``anchor``, which is not counted.

        Args:
            anchor: the day that the count starts from.
            calendar: decides what a working day is.
            amount: another number in the same unit, such as one agreed for a plan.

        Raises:
            CalendarRangeError: the calendar's table does not reach that far.
            OverflowError: it lies outside the years 1 to 9999.
            ValueError: the figure has no number, or counts no time.
        """
        number = self.amount if amount is None else amount
        if number is None:
            raise ValueError(f"the setting {self.id!r} has not been chosen")
        if self._counted_in is not None:
            return calendar.add(anchor, number, self._counted_in)
        if self.in_force == "years-of-age":
            return birthday(anchor, number)
        raise ValueError(f"no date can be counted in {self.in_force}: {self.id!r}")

    def __str__(self) -> str:
        """Return the figure in words, with the unit as the source has it."""
        if self.amount is None:
            return "not chosen"
        unit = {"count": "", "days-unspecified": "days"}.get(self.unit, self.unit).replace("-", " ")
        unit = unit.removesuffix("s") if self.amount == 1 and unit.endswith("s") else unit
        return f"{self.amount} {unit}".strip()
