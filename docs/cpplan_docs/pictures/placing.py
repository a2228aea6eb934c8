"""Placing: a chart handed to the layout, with the room that its words take."""

from __future__ import annotations

from collections.abc import Iterator

from cpplan_docs.pictures.chart import Arrow, Box, Chart
from cpplan_docs.pictures.elk import OPTIONS, Graph
from cpplan_docs.pictures.lettering import size

PAD = 8
"""Between words and the line around them."""
GAP = 6
"""Between boxes that stand together."""
_TOP = 26
"""For the name of a group."""

_INSIDE = {
    "elk.padding": f"[top={_TOP},left=12,bottom=12,right=12]",
    "elk.layered.spacing.nodeNodeBetweenLayers": "22",
    "elk.layered.spacing.edgeNodeBetweenLayers": "12",
    "elk.spacing.nodeNode": "14",
    "elk.spacing.edgeNode": "12",
    "elk.spacing.edgeEdge": "12",
    "elk.spacing.edgeLabel": "4",
}
_WHOLE = {**OPTIONS, **_INSIDE, "elk.padding": "[top=2,left=2,bottom=2,right=2]"}


def graph_of(chart: Chart, beside: int) -> Graph:
    """Return a chart in the layout's own form.

    Args:
        chart: the chart.
        beside: how many boxes of endings stand beside one another at its foot.
    """
    nodes: dict[str, Graph] = {"": {"id": "root", "layoutOptions": _WHOLE}}
    for box in chart.boxes:
        nodes[box.id] = _node(box)
        nodes[box.inside].setdefault("children", []).append(nodes[box.id])
    return {**nodes[""], "edges": [*map(_edge, chart.arrows), *_rows(chart, beside)]}


def _node(box: Box) -> Graph:
    if box.kind == "group":
        return {"id": box.id, "layoutOptions": _INSIDE}
    frame = 2 * GAP if len(box.parts) > 1 else 0
    sizes = [size(words) for words in box.parts]
    wide = max(wide for wide, _ in sizes) + 2 * PAD + frame
    high = sum(high + 2 * PAD for _, high in sizes) + GAP * (len(sizes) - 1) + frame
    return {"id": box.id, "width": wide, "height": high}


def _edge(arrow: Arrow) -> Graph:
    # What leads back is laid out as if it led on, or the layout might turn the lifecycle around.
    upper, lower = (arrow.target, arrow.source) if arrow.back else (arrow.source, arrow.target)
    edge: Graph = {"id": arrow.id, "sources": [upper], "targets": [lower]}
    if arrow.words:
        wide, high = size(arrow.words)
        inline = {"elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER"}
        # The words are measured here: the layout wants only their room.
        label = {"text": arrow.id, "width": wide + GAP, "height": high + GAP}
        edge["labels"] = [{**label, "layoutOptions": inline}]
    return edge


def _rows(chart: Chart, beside: int) -> Iterator[Graph]:
    """Yield what holds each row of endings below the one before; it is not drawn."""
    endings = [box.id for box in chart.boxes if box.kind == "endings"]
    for number, ending in enumerate(endings[beside:]):
        above = endings[number // beside * beside]
        yield {"id": f"row/{ending}", "sources": [above], "targets": [ending]}
