"""Days: the words of a timeline, day by day, before they have a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from cpplan_docs.pictures.lettering import Words, wrapped
from cpplan_docs.pictures.moments import Band, Mark
from cpplan_docs.pictures.signs import LOOKS

_SIZE, _SMALL = 13.5, 12.5
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@attrs.frozen
class Entry:
    """What is told in one place.

    Attributes:
        words: its words.
        moment: what they tell of; none for the words that open a day.
    """

    words: tuple[Words, ...]
    moment: Mark | Band | None = None


@attrs.frozen
class Day:
    """A day with what is told of it.

    Attributes:
        date: the day.
        since: how many days after the one before; 0 for the first.
        entries: the date itself, and then everything else.
    """

    date: dt.date
    since: int
    entries: tuple[Entry, ...]


def days(moments: Sequence[Mark | Band], room: float) -> Iterator[Day]:
    """Yield the days of a timeline in order, with words no wider than ``room``."""
    found: dict[dt.date, list[Mark | Band]] = {}
    for moment in moments:
        found.setdefault(_begins(moment), []).append(moment)
    before = min(found, default=dt.date.min)
    for date in sorted(found):
        since = (date - before).days
        entries = (_entry(moment, room) for moment in found[date])
        yield Day(date, since, (_opening(date, since, room), *entries))
        before = date


def written(date: dt.date) -> str:
    """Return a date in words."""
    return f"{_WEEKDAYS[date.weekday()]} {date.day} {_MONTHS[date.month - 1]} {date.year}"


def _begins(moment: Mark | Band) -> dt.date:
    return moment.first if isinstance(moment, Band) else moment.date


def _opening(date: dt.date, since: int, room: float) -> Entry:
    later = f", {since} day{'' if since == 1 else 's'} later" if since else ""
    return Entry((_led(written(date), later, room, kind="quiet", lead_kind="ink"),))


def _entry(moment: Mark | Band, room: float) -> Entry:
    if isinstance(moment, Band):
        end = "" if moment.last == moment.first else f", to {written(moment.last)}"
        return Entry((_led(moment.label, end, room, link=moment.link),), moment)
    lead = f"{moment.kind.value}: " if moment.kind.value else ""
    look = LOOKS.get(moment.kind, "")
    words = _led(lead.strip(), f" {moment.label}", room, link=moment.link, lead_kind=look)
    return Entry((words, *_note(moment, room)), moment)


def _note(mark: Mark, room: float) -> Iterator[Words]:
    if mark.note:
        yield Words(lines=wrapped(mark.note, _SMALL, room), size=_SMALL, kind="quiet")


def _led(
    lead: str, rest: str, room: float, *, link: str = "", kind: str = "", lead_kind: str = ""
) -> Words:
    lines = wrapped(lead + rest, _SIZE, room, bold=bool(lead))
    return Words(lines=lines, size=_SIZE, link=link, kind=kind, lead=lead, lead_kind=lead_kind)
