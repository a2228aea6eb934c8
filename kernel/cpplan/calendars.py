"""Working days of a jurisdiction, counted on a committed table of public holidays.

Holds the calendar, its arithmetic, and the reader of calendar files (``tables/*.yaml`` or a user's
own). It must not hold a deadline, nor guess a holiday that no table lists.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import attrs

from cpplan import reading
from cpplan.dates import add_months, add_years
from cpplan.reading import Document, InvalidFileError, KeyPath, Place, Problem, nearest

CALENDARS = ("england-and-wales", "scotland", "northern-ireland", "jersey")
"""Names of the calendars shipped."""

Status = Literal["proclaimed", "projected"]
"""Proclaimed: law or an official list names the date. Projected: the usual rules give it."""

STATUSES: tuple[Status, ...] = get_args(Status)
OWN_KEYS = ("jurisdiction", "first", "last", "holidays")

Data = Mapping[str, Any]
T = TypeVar("T", dict[str, Any], list[Any], str)


class Unit(enum.Enum):
    """What a period is counted in, as its source gives it: 10 working days is not 2 weeks."""

    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    CALENDAR_WEEKS = "calendar-weeks"
    MONTHS = "months"
    YEARS = "years"


class CalendarRangeError(LookupError):
    """A date lies outside the years that a calendar covers."""


@attrs.frozen
class Holiday:
    """One public holiday: its day, its name, how sure it is, and who says so."""

    day: dt.date
    name: str
    status: Status
    source: str


@attrs.frozen(cache_hash=True)
class Calendar:
    """Monday to Friday, less the public holidays of one jurisdiction (reading M8).

    The list of working days is built at the first question (a few milliseconds); then a
    working day is found in a dict, any other day by bisection.

    Attributes:
        jurisdiction: the name, as in :data:`CALENDARS` or in the user's file.
        holidays: the holidays covered, by date.
        first, last: the first and the last day covered.
    """

    jurisdiction: str
    holidays: tuple[Holiday, ...] = attrs.field(repr=False)
    first: dt.date
    last: dt.date

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the content (not of the file: comments and order don't count)."""
        rows = [[str(h.day), h.name, h.status, h.source] for h in self.holidays]
        content = [self.jurisdiction, str(self.first), str(self.last), rows]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @functools.cached_property
    def _days(self) -> list[dt.date]:
        closed = {holiday.day for holiday in self.holidays}
        span = range(self.first.toordinal(), self.last.toordinal() + 1)
        days = (dt.date.fromordinal(number) for number in span)
        return [day for day in days if day.weekday() < 5 and day not in closed]

    @functools.cached_property
    def _index(self) -> dict[dt.date, int]:
        return {day: index for index, day in enumerate(self._days)}

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether ``day`` is a working day.

        Raises:
            CalendarRangeError: the calendar doesn't cover ``day``.
        """
        self._require(day)
        return day in self._index

    def working_days_after(self, day: dt.date, n: int) -> dt.date:
        """Return the ``n``-th working day after ``day``, which is not counted itself.

        Args:
            day: the anchor; it need not be a working day.
            n: working days. 0 gives the day itself if it is a working day, else the next one;
                a negative number counts back.

        Raises:
            CalendarRangeError: the calendar doesn't cover ``day`` or the result.

        Example:
            >>> load_calendar("england-and-wales").working_days_after(dt.date(2026, 12, 18), 10)
            datetime.date(2027, 1, 6)
        """
        index = self._index.get(day)
        if index is None:
            self._require(day)
            index = bisect_left(self._days, day) - (n > 0)
        if not 0 <= index + n < len(self._days):
            raise self._out_of_range(f"{n} working days from {day}")
        return self._days[index + n]

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Count the working days after ``start``, up to and including ``end``.

        Negative when ``end`` is before ``start``; then ``end`` is counted and ``start`` is not.
        So the count from a day to its ``n``-th working day is ``n``.

        Raises:
            CalendarRangeError: the calendar doesn't cover one of the dates.
        """
        self._require(start)
        self._require(end)
        side = bisect_right if start <= end else bisect_left
        return side(self._days, end) - side(self._days, start)

    def add(self, day: dt.date, count: int, unit: Unit) -> dt.date:
        """Return ``day`` moved by ``count`` units. Only working days need the table.

        Raises:
            CalendarRangeError: working days run outside what the calendar covers.
        """
        match unit:
            case Unit.WORKING_DAYS:
                return self.working_days_after(day, count)
            case Unit.CALENDAR_DAYS:
                return day + dt.timedelta(days=count)
            case Unit.CALENDAR_WEEKS:
                return day + dt.timedelta(weeks=count)
            case Unit.MONTHS:
                return add_months(day, count)
            case Unit.YEARS:  # pragma: no branch
                return add_years(day, count)

    def _require(self, day: dt.date) -> None:
        if not self.first <= day <= self.last:
            raise self._out_of_range(str(day))

    def _out_of_range(self, what: str) -> CalendarRangeError:
        return CalendarRangeError(
            f"{what}: outside the calendar {self.jurisdiction}, which covers {self.first} to"
            f" {self.last}; to go further, load a calendar file of your own that covers more"
        )


def load_calendar(name: str | Path) -> Calendar:
    """Return a calendar: a shipped one by name, or a user's own file.

    A file gives ``jurisdiction``, ``first``, ``last`` and ``holidays``: groups with ``status``,
    ``source`` and ``dates`` (quoted date: name). Or it ``extends`` a shipped one by ``add``
    (groups) and ``remove`` (dates); then ``first`` and ``last`` may change the years covered.

    Args:
        name: one of :data:`CALENDARS`, or a path (a ``Path``, or text that ends in ``.yaml``).

    Raises:
        InvalidFileError: no such calendar, or mistakes in the file, all of them at once.
    """
    if isinstance(name, Path) or name.endswith(".yaml"):
        return _Reading(reading.read_yaml(Path(name))).calendar()
    if name in CALENDARS:
        return _shipped(name)
    message = "is neither a shipped calendar nor a .yaml file"
    raise InvalidFileError([Problem(Place(name), message, nearest(name, CALENDARS))])


@functools.cache
def _shipped(name: str) -> Calendar:
    text = (resources.files("cpplan") / "tables" / f"{name}.yaml").read_text(encoding="utf-8")
    return _Reading(reading.parse_yaml(text, name=f"cpplan/tables/{name}.yaml")).calendar()


@attrs.define
class _Reading:
    """One calendar file being checked: collects every problem before answering."""

    document: Document
    problems: list[Problem] = attrs.field(factory=list)

    def calendar(self) -> Calendar:
        """Return the calendar of the file, or raise all of its problems."""
        data = self._as(dict, self.document.data, ())
        base = self._base(data)
        optional = ("extends", "first", "last", "add", "remove") if "extends" in data else ()
        self._keys(data, (), ("jurisdiction",) if optional else OWN_KEYS, optional)
        first = self._date(data.get("first", base.first), ("first",)) or base.first
        last = self._date(data.get("last", base.last), ("last",)) or base.last
        if first > last:
            self._note(("last",), f"last ({last}) is before first ({first})", "swap them")
        table = self._kept(data, base)
        for path, holiday in self._added(data, "add" if optional else "holidays"):
            if not first <= holiday.day <= last:
                self._note(path, f"{holiday.day} is outside {first} to {last}", "widen or drop it")
            if holiday.day in table:
                self._note(path, f"{holiday.day} is a holiday already", "give it once")
            table[holiday.day] = holiday
        name = self._as(str, data.get("jurisdiction", "-"), ("jurisdiction",))
        if not self.problems:
            self._refuse_empty_year(table, first, last)
        if self.problems:
            raise InvalidFileError(self.problems)
        covered = tuple(table[day] for day in sorted(table) if first <= day <= last)
        return Calendar(name, covered, first, last)

    def _refuse_empty_year(self, days: Iterable[dt.date], first: dt.date, last: dt.date) -> None:
        """A whole year without a holiday is a table widened without its holidays."""
        start = first.year + (first > dt.date(first.year, 1, 1))
        end = last.year + (last == dt.date(last.year, 12, 31))
        if empty := set(range(start, end)) - {day.year for day in days}:
            self._note(("last",), f"no holiday is listed in {min(empty)}", "add the year's list")

    def _base(self, data: Data) -> Calendar:
        name = data.get("extends")
        if name in CALENDARS:
            return _shipped(str(name))
        if "extends" in data:
            self._note(("extends",), f"no calendar {name!r} to extend", nearest(name, CALENDARS))
        return Calendar("", (), dt.date.min, dt.date.max)

    def _kept(self, data: Data, base: Calendar) -> dict[dt.date, Holiday]:
        table = {holiday.day: holiday for holiday in base.holidays}
        known = [str(day) for day in table]
        for index, value in enumerate(self._as(list, data.get("remove", []), ("remove",))):
            day = self._date(value, ("remove", index))
            if day and known and not table.pop(day, None):
                self._note(("remove", index), f"{day} is no holiday to remove", nearest(day, known))
        return table

    def _added(self, data: Data, key: str) -> Iterator[tuple[KeyPath, Holiday]]:
        for index, value in enumerate(self._as(list, data.get(key, []), (key,))):
            path: KeyPath = (key, index)
            group = self._as(dict, value, path)
            self._keys(group, path, ("status", "source", "dates"))
            status = group.get("status", "proclaimed")
            if status not in STATUSES:
                self._note((*path, "status"), f"unknown {status!r}", nearest(status, STATUSES))
            source = self._as(str, group.get("source", "-"), (*path, "source"))
            dates = self._as(dict, group.get("dates", {}), (*path, "dates"))
            for text, name in dates.items():
                place = (*path, "dates", text)
                if day := self._date(text, place):
                    yield place, Holiday(day, self._as(str, name, place), status, source)

    def _keys(
        self, data: Data, path: KeyPath, needed: Iterable[str], more: Iterable[str] = ()
    ) -> None:
        valid = (*needed, *more)
        for key in data.keys() - set(valid):
            self._note((*path, key), f"unknown key {key!r}", nearest(key, valid))
        for key in needed:
            if key not in data:
                self._note(path, f"{key!r} is missing", "add it")

    def _date(self, value: object, path: KeyPath) -> dt.date | None:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self._note(path, f"{value!r} is not a date", "write it as 2026-12-25")
            return None

    def _as(self, kind: type[T], value: object, path: KeyPath) -> T:
        if isinstance(value, kind):
            return value
        wanted = {dict: "keys and values", list: "a list", str: "text"}[kind]
        self._note(
            path, f"expected {wanted}, found {value!r:.40}", "see load_calendar for the format"
        )
        return kind()

    def _note(self, path: KeyPath, message: str, hint: str) -> None:
        self.problems.append(self.document.problem(path, message, hint))
