"""Drawing: a chart that has been placed, as elements."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from cpplan_docs.pictures import svg
from cpplan_docs.pictures.chart import Arrow, Box, Chart
from cpplan_docs.pictures.elk import Layout, Place
from cpplan_docs.pictures.lettering import size
from cpplan_docs.pictures.placing import GAP, PAD

_ROUND = {"group": 8, "state": 12, "endings": 0}


def parts(chart: Chart, layout: Layout) -> Iterator[str]:
    """Yield what is drawn, from the back to the front, and words in lifecycle order."""
    for box in chart.boxes:
        if box.kind == "group":
            yield _rectangle(layout.boxes[box.id], "group")
    for arrow in chart.arrows:
        yield from _line(arrow, layout)
    for box in chart.boxes:
        yield from _box(box, layout.boxes[box.id])
        for arrow in chart.arrows:
            if arrow.source == box.id and arrow.words:
                yield from _label(arrow, layout.labels[arrow.id])


def _line(arrow: Arrow, layout: Layout) -> Iterator[str]:
    points = layout.lines[arrow.id][:: -1 if arrow.back else 1]
    yield svg.path(points, "edge")
    yield svg.dot(points[0], "head")
    yield svg.head(points[-2], points[-1], "head")


def _label(arrow: Arrow, place: Place) -> Iterator[str]:
    yield _rectangle(place, "words")
    yield svg.words(arrow.words, place.x + place.width / 2, place.y + GAP / 2)


def _box(box: Box, place: Place) -> Iterator[str]:
    if box.kind == "group":
        yield svg.words(box.parts[0], place.x + PAD, place.y + GAP, "start")
    elif len(box.parts) > 1:
        yield _rectangle(place, "group")
        inner = Place(place.x + GAP, place.y + GAP, place.width - 2 * GAP, place.height)
        yield from _stacked(box, inner)
    else:
        yield from _stacked(box, place)


def _stacked(box: Box, place: Place) -> Iterator[str]:
    for words in box.parts:
        place = attrs.evolve(place, height=size(words)[1] + 2 * PAD)
        yield _rectangle(place, box.kind)
        yield svg.words(words, place.x + place.width / 2, place.y + PAD)
        place = attrs.evolve(place, y=place.y + place.height + GAP)


def _rectangle(place: Place, kind: str) -> str:
    return svg.rectangle(attrs.astuple(place), kind, _ROUND.get(kind, 0))
