"""ELK: where the boxes, lines and words of a graph go. Knows nothing of what they mean.

The layout is the Eclipse Layout Kernel's, layered, from the top down, in its form for JavaScript.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs

from cpplan_docs.pictures.node import run

Graph = dict[str, Any]

OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.hierarchyHandling": "INCLUDE_CHILDREN",
    "elk.json.shapeCoords": "ROOT",
    "elk.json.edgeCoords": "ROOT",
    "elk.edgeRouting": "ORTHOGONAL",
    # The order in which states are given is the order of the lifecycle: it says which way is down.
    "elk.layered.cycleBreaking.strategy": "MODEL_ORDER",
    "elk.layered.considerModelOrder.strategy": "PREFER_NODES",
    "elk.randomSeed": "1",
}


@attrs.frozen
class Place:
    """A rectangle.

    Attributes:
        x, y: its corner at the top left.
        width, height: its size.
    """

    x: float
    y: float
    width: float
    height: float


@attrs.frozen
class Layout:
    """Where everything of a graph goes, by the ids that it was given.

    Attributes:
        width, height: the size of the whole.
        boxes: each node, and each node that holds others before those.
        labels: the words of each edge that has some.
        lines: each edge as a line through points.
    """

    width: float
    height: float
    boxes: dict[str, Place]
    labels: dict[str, Place]
    lines: dict[str, tuple[tuple[float, float], ...]]


_PLACED: dict[str, Graph] = {}
"""What has been laid out, by what was asked: node takes longer to start than to lay a graph out."""


def lay_out(graphs: Sequence[Graph]) -> list[Layout]:
    """Return the layouts of graphs in ELK's own form, one for each.

    Those that have not been laid out before are laid out together.

    Raises:
        NodeError: the layout can't be run.
    """
    asked = [json.dumps(graph) for graph in graphs]
    new = [graph for graph in dict.fromkeys(asked) if graph not in _PLACED]
    if new:
        placed = json.loads(run("elk/layout.mjs", f"[{','.join(new)}]"))
        _PLACED.update(zip(new, placed, strict=True))
    return [_read(_PLACED[graph]) for graph in asked]


def _read(graph: Graph) -> Layout:
    found = Layout(graph["width"], graph["height"], {}, {}, {})
    _read_inside(graph, found)
    return found


def _read_inside(node: Graph, found: Layout) -> None:
    for edge in node.get("edges", ()):
        _read_edge(edge, found)
    for inner in node.get("children", ()):
        found.boxes[inner["id"]] = _place(inner)
        _read_inside(inner, found)


def _read_edge(edge: Graph, found: Layout) -> None:
    for label in edge.get("labels", ()):
        found.labels[edge["id"]] = _place(label)
    (section,) = edge["sections"]
    points = (section["startPoint"], *section.get("bendPoints", ()), section["endPoint"])
    found.lines[edge["id"]] = tuple((point["x"], point["y"]) for point in points)


def _place(of: Graph) -> Place:
    return Place(of["x"], of["y"], of["width"], of["height"])
