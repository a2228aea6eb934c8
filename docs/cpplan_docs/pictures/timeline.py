"""The timeline of a told case: days down an axis, what happened on each, what lasted beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import attrs

from cpplan_docs.pictures import svg
from cpplan_docs.pictures.days import Day, Entry, days
from cpplan_docs.pictures.lettering import size
from cpplan_docs.pictures.moments import Band, Mark
from cpplan_docs.pictures.signs import sign

_WIDE, _NARROW = 620, 328
"""How wide it is on a wide page, and on one as narrow as a telephone."""
_LANE = 12
"""From the middle of one band to that of the next."""
_MARGIN = 10
"""Around everything, and between the bands, the axis and the words."""
_KEY = "The time between two days is told in words and not drawn to scale."
_BARS = " A bar at the left lasts from where it is named to the day that is told there."


def timeline(moments: Iterable[Mark | Band], title: str, description: str) -> str:
    """Return a timeline as one block of markup, to stand in a page between blank lines.

    Args:
        moments: what it shows. Days are sorted; on one day the order given is kept. The time
            between two days is told in words, not drawn to scale.
        title: what it is, for those who can't see it.
        description: what it shows, in a sentence or two.

    Raises:
        ValueError: there is nothing to show.
    """
    told = tuple(moments)
    if not told:
        raise ValueError(f"the timeline {title!r} has no moments: give it one, or leave it out")
    wide, narrow = (_drawn(told, width, title, description) for width in (_WIDE, _NARROW))
    bars = any(isinstance(moment, Band) for moment in told)
    return svg.either(wide, narrow, _KEY + (_BARS if bars else ""))


@attrs.frozen
class _Row:
    """An entry with its place: its top, and whether a day begins with it."""

    entry: Entry
    day: Day
    y: float


def _drawn(moments: Sequence[Mark | Band], width: float, title: str, description: str) -> str:
    lanes = _lanes(moments)
    axis = _MARGIN + _LANE * (max(lanes.values(), default=-1) + 1) + _MARGIN
    words = axis + 2 * _MARGIN
    rows = tuple(_rows(days(moments, width - words - _MARGIN)))
    foot = rows[-1].y + size(rows[-1].entry.words)[1]
    parts = (
        svg.path(((axis, rows[0].y + _MARGIN), (axis, foot)), "axis"),
        *_bands(rows, lanes, foot),
        *(part for row in rows for part in _row(row, axis, words)),
    )
    return svg.picture(parts, (width, foot + _MARGIN), title, description, "timeline")


def _rows(told: Iterable[Day]) -> Iterator[_Row]:
    y = 0.0
    for day in told:
        # A longer time takes a little more room, so that the eye meets it before the words do.
        y += _MARGIN + min(3 * math.sqrt(day.since), 3 * _MARGIN)
        for entry in day.entries:
            yield _Row(entry, day, y)
            y += size(entry.words)[1] + 2


def _row(row: _Row, axis: float, words: float) -> Iterator[str]:
    middle = row.y + row.entry.words[0].first
    if isinstance(row.entry.moment, Mark):
        yield sign(row.entry.moment.kind, axis, middle)
    elif row.entry.moment is None:
        yield svg.path(((axis - 5, middle), (axis + 5, middle)), "day")
    yield svg.words(row.entry.words, words, row.y, "start")


def _lanes(moments: Sequence[Mark | Band]) -> dict[Band, int]:
    """Return how far from the left each band stands, so that none covers another."""
    found: dict[Band, int] = {}
    for band in sorted((m for m in moments if isinstance(m, Band)), key=lambda b: b.first):
        taken = {lane for other, lane in found.items() if other.last > band.first}
        found[band] = next(lane for lane in range(len(found) + 1) if lane not in taken)
    return found


def _bands(rows: Sequence[_Row], lanes: dict[Band, int], foot: float) -> Iterator[str]:
    tops = {row.entry.moment: row.y for row in rows if isinstance(row.entry.moment, Band)}
    for number, (band, lane) in enumerate(lanes.items()):
        bottom = min(_ends(band, rows, lanes, foot))
        x, y = _MARGIN / 2 + _LANE * lane, tops[band]
        look = "band" if number % 2 else "band other"
        yield svg.rectangle((x, y, _LANE - 2, max(bottom - y - 2, 4)), look, 2)


def _ends(band: Band, rows: Sequence[_Row], lanes: dict[Band, int], foot: float) -> Iterator[float]:
    """Yield what a band can't reach beyond: the foot, a later day, the next band of its lane."""
    yield foot
    (top,) = {row.y for row in rows if row.entry.moment is band}
    for row in rows:
        next_one = isinstance(row.entry.moment, Band) and lanes[row.entry.moment] == lanes[band]
        if row.day.date > band.last or (next_one and row.y > top):
            yield row.y
