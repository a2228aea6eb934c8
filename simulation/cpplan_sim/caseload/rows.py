"""Rows of cases and of events: columns of NumPy arrays, as an engine fills them chunk by chunk.

Holds what a row says, column by column, and what makes columns fit each other. It must not know
any form of file: writing is in :mod:`cpplan_sim.caseload.exporting`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Protocol, Self

import attrs
import numpy as np
import numpy.typing as npt

NO_NAME = -1
"""The code of a column of names where there is none: an empty cell."""

NO_VALUE = int(np.iinfo(np.int32).min)
"""What stands in a column of numbers or of days where there is none: an empty cell."""

KIND = "kind"
MAYBE = "maybe"
DTYPE = "dtype"


class RowsError(ValueError):
    """Columns that can't be rows: lengths, types, codes or the order of events don't fit."""


class Kind(enum.Enum):
    """What the cells of a column hold."""

    NUMBER = "whole number"
    DAY = "days since 1970-01-01"
    FLAG = "true or false"
    NAME = "a name, by its code"


@attrs.frozen
class Column:
    """A column of a file: its name, what its cells hold, and whether a cell can be empty."""

    name: str
    kind: Kind
    maybe: bool
    dtype: type[np.generic]


def _safely(values: Any, dtype: type[np.generic], name: str) -> npt.NDArray[Any]:
    """Return an array of a type, refusing one whose values might not fit into it."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise RowsError(f"{name} has {array.ndim} dimensions, not 1")
    try:
        return array.astype(dtype, casting="safe", copy=False)
    except TypeError:
        wanted = np.dtype(dtype).name
        raise RowsError(f"{name} is of {array.dtype}, which may not fit into {wanted}") from None


def _codes(values: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    return _safely(values, np.int32, "codes")


@attrs.frozen(eq=False)
class Coded:
    """A column of names, each by its code.

    Attributes:
        codes: for each row the place of its name in ``names``, or :data:`NO_NAME`.
        names: the names; none of them empty, since an empty cell means that there is none.
    """

    codes: npt.NDArray[np.int32] = attrs.field(converter=_codes)
    names: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse codes that name nothing, and names that no file can hold."""
        if len(self) and not NO_NAME <= self.codes.min() <= self.codes.max() < len(self.names):
            low, high = self.codes.min(), self.codes.max()
            raise RowsError(f"codes from {low} to {high} don't fit {len(self.names)} names")
        for name in self.names:
            if not name or re.search("[\ud800-\udfff]", name):
                raise RowsError(f"{name!r} can't be a name: it is empty, or not Unicode text")

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> Coded:
        """Return a column of names told one by one; ``None`` where there is none.

        Example:
            >>> Coded.of(["review", None, "review"]).codes.tolist()
            [0, -1, 0]
        """
        codes: dict[str, int] = {}
        found = [NO_NAME if text is None else codes.setdefault(text, len(codes)) for text in texts]
        return cls(np.array(found, np.int32), tuple(codes))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice) -> Coded:
        return Coded(self.codes[rows], self.names)


def _cells(kind: Kind, dtype: type[np.generic], *, maybe: bool = False) -> dict[str, Any]:
    """Return what a field says of its column."""
    return {KIND: kind, DTYPE: dtype, MAYBE: maybe}


CASE = _cells(Kind.NUMBER, np.int64)
NUMBER = _cells(Kind.NUMBER, np.int32)
MAYBE_NUMBER = _cells(Kind.NUMBER, np.int32, maybe=True)
DAY = _cells(Kind.DAY, np.int32)
MAYBE_DAY = _cells(Kind.DAY, np.int32, maybe=True)
FLAG = _cells(Kind.FLAG, np.bool_)
NAME = _cells(Kind.NAME, np.int32)
MAYBE_NAME = _cells(Kind.NAME, np.int32, maybe=True)


@attrs.frozen(eq=False, kw_only=True)
class Rows:
    """Rows held as columns of one length, in the order in which files have them."""

    THING: ClassVar[str] = "rows"

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """Return what each column holds, in order."""
        return tuple(
            Column(field.name, field.metadata[KIND], field.metadata[MAYBE], field.metadata[DTYPE])
            for field in attrs.fields(cls)
        )

    def __attrs_post_init__(self) -> None:
        """Refuse columns of other types, of different lengths, or empty where they can't be."""
        for column in self.columns():
            values = getattr(self, column.name)
            if column.kind is not Kind.NAME:
                values = _safely(values, column.dtype, column.name)
                object.__setattr__(self, column.name, values)
            elif not isinstance(values, Coded):
                raise RowsError(f"{column.name} is {type(values).__name__}, not Coded")
            if len(values) != len(self):
                first = self.columns()[0].name
                raise RowsError(
                    f"{column.name} has {len(values)} {self.THING}, {first} has {len(self)}"
                )
            if not column.maybe and missing(column, values).any():
                raise RowsError(f"{column.name} is empty for some of the {self.THING}")

    def __len__(self) -> int:
        return len(getattr(self, self.columns()[0].name))

    def parts(self, most: int) -> Iterator[Self]:
        """Yield the rows in order, at most so many at a time."""
        for start in range(0, len(self), most):
            part = slice(start, start + most)
            yield type(self)(**{one.name: getattr(self, one.name)[part] for one in self.columns()})


def missing(column: Column, values: Any) -> npt.NDArray[np.bool_]:
    """Return which cells of a column are empty."""
    if column.kind is Kind.NAME:
        return np.asarray(values.codes == NO_NAME)
    if column.kind is Kind.FLAG:
        return np.zeros(len(values), np.bool_)
    return np.asarray(values == NO_VALUE)


@attrs.frozen(eq=False, kw_only=True)
class CaseRows(Rows):
    """Cases, one a row.

    ================  =========  ========  =====================================================
    Column            Type       Unit      Meaning
    ================  =========  ========  =====================================================
    case              int64                the case's number in its run
    opened            date       day       the day the case opened
    ended             date       day       the day the plan ended; empty while it goes on
    ending            name                 the state it ended in; empty while it goes on
    category          name                 the category of harm first recorded
    siblings          int32      children  children of the household on a plan, this one counted
    second_plan       flag                 whether it is a second or later plan of the child
    age_years         int32      years     full years of age when opened; empty if unborn
    visits            int32      visits    visits at which the child was seen
    meetings          int32      meetings  conferences and core groups held
    longest_gap_days  int32      days      longest time between two of these; empty below two
    escalations       int32      times     times the plan was escalated
    refused           int32      attempts  attempts to record something that were refused
    duties_late       int32      duties    duties met after their last day
    duties_missed     int32      duties    duties that ended unmet
    ================  =========  ========  =====================================================
    """

    THING: ClassVar[str] = "cases"

    case: npt.NDArray[np.int64] = attrs.field(metadata=CASE)
    opened: npt.NDArray[np.int32] = attrs.field(metadata=DAY)
    ended: npt.NDArray[np.int32] = attrs.field(metadata=MAYBE_DAY)
    ending: Coded = attrs.field(metadata=MAYBE_NAME)
    category: Coded = attrs.field(metadata=NAME)
    siblings: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    second_plan: npt.NDArray[np.bool_] = attrs.field(metadata=FLAG)
    age_years: npt.NDArray[np.int32] = attrs.field(metadata=MAYBE_NUMBER)
    visits: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    meetings: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    longest_gap_days: npt.NDArray[np.int32] = attrs.field(metadata=MAYBE_NUMBER)
    escalations: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    refused: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    duties_late: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    duties_missed: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)

    def __attrs_post_init__(self) -> None:
        """Refuse also plans that ended on no day, or in no state, or before they began."""
        super().__attrs_post_init__()
        over = self.ended != NO_VALUE
        if np.any(over != (self.ending.codes != NO_NAME)):
            raise RowsError("ended and ending are not empty for the same cases")
        if np.any(self.ended[over] < self.opened[over]):
            raise RowsError("some cases ended before they opened")


@attrs.frozen(eq=False, kw_only=True)
class EventRows(Rows):
    """Events and refused attempts, one a row; those of a case stand together, in their order.

    A case may go on in the next chunk. That it doesn't come back later still is not checked.

    ============  =====  ====  ==================================================================
    Column        Type   Unit  Meaning
    ============  =====  ====  ==================================================================
    case          int64        the case's number in its run
    number        int32        the place among what was attempted in the case
    on            date   day   the day it happened
    event         name         the kind of event
    state_before  name         the state of the plan before it
    state_after   name         the state of the plan after it: the same if it was refused
    rule          name         the rule that let it through; empty if it was refused
    accepted      flag         whether it was recorded
    refusals      name         codes of all reasons against it, parted by ``;``; empty if accepted
    ============  =====  ====  ==================================================================
    """

    THING: ClassVar[str] = "events"

    case: npt.NDArray[np.int64] = attrs.field(metadata=CASE)
    number: npt.NDArray[np.int32] = attrs.field(metadata=NUMBER)
    on: npt.NDArray[np.int32] = attrs.field(metadata=DAY)
    event: Coded = attrs.field(metadata=NAME)
    state_before: Coded = attrs.field(metadata=NAME)
    state_after: Coded = attrs.field(metadata=NAME)
    rule: Coded = attrs.field(metadata=MAYBE_NAME)
    accepted: npt.NDArray[np.bool_] = attrs.field(metadata=FLAG)
    refusals: Coded = attrs.field(metadata=MAYBE_NAME)

    def __attrs_post_init__(self) -> None:
        """Refuse also events of a case that don't stand together, or not in their order."""
        super().__attrs_post_init__()
        if np.any(self.accepted != (self.refusals.codes == NO_NAME)):
            raise RowsError("refusals are not empty for exactly the events that were accepted")
        goes_on = self.case[1:] == self.case[:-1]
        if np.any(self.number[1:][goes_on] <= self.number[:-1][goes_on]):
            raise RowsError("the events of a case don't stand in the order of their numbers")
        first = self.case[1:][~goes_on]
        if len(np.unique(first)) < len(first) or (len(self) and self.case[0] in first):
            raise RowsError("the events of a case don't stand together")


class Chunk(Protocol):
    """What an engine hands over at a time: some cases, and all that was attempted in them."""

    @property
    def cases(self) -> CaseRows:
        """The cases."""

    @property
    def events(self) -> EventRows:
        """What was attempted in them."""
