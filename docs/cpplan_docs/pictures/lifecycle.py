"""The picture of a lifecycle, once for wide pages and once for narrow ones."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from cpplan import Procedure
from cpplan.states import is_ended
from cpplan_docs.pictures import svg
from cpplan_docs.pictures.chart import Chart, chart_of
from cpplan_docs.pictures.drawing import parts
from cpplan_docs.pictures.elk import Graph, Layout, lay_out
from cpplan_docs.pictures.placing import graph_of
from cpplan_docs.pictures.transitions import transitions

__all__ = ["picture", "prepare", "transitions"]

_KEY = (
    "A frame stands for every state within it. An arrow out of a frame can be taken from each of "
    "them; an arrow into a frame leads back to the one that the plan came from. What is written on "
    "an arrow, or in an ending, is the rule that leads there."
)


@attrs.frozen
class _Form:
    """A form of the picture.

    Attributes:
        room: how wide words may become before they are broken.
        beside: how many boxes of endings stand beside one another.
    """

    room: float
    beside: int


_FORMS = (_Form(room=140, beside=7), _Form(room=96, beside=2))
"""For a wide page, and for one as narrow as a telephone."""


def prepare(procedures: Iterable[Procedure]) -> None:
    """Lay out the pictures of several procedures at once, which takes less time than one by one.

    Raises:
        NodeError: the layout can't be run.
    """
    lay_out([graph for procedure in procedures for _, graph in _charts(procedure, "")])


def picture(procedure: Procedure, path: str) -> str:
    """Return the lifecycle of a procedure as one block of markup, for the page at ``path``.

    Raises:
        NodeError: the layout can't be run.
    """
    charts = _charts(procedure, path)
    layouts = lay_out([graph for _, graph in charts])
    wide, narrow = (
        _drawn(procedure, chart, layout) for (chart, _), layout in zip(charts, layouts, strict=True)
    )
    return svg.either(wide, narrow, _KEY)


def _charts(procedure: Procedure, path: str) -> list[tuple[Chart, Graph]]:
    charts = [(chart_of(procedure, path, form.room), form.beside) for form in _FORMS]
    return [(chart, graph_of(chart, beside)) for chart, beside in charts]


def _drawn(procedure: Procedure, chart: Chart, layout: Layout) -> str:
    return svg.picture(
        tuple(parts(chart, layout)),
        (layout.width, layout.height),
        f"{procedure.title}: the lifecycle",
        _told(procedure, chart),
        "lifecycle",
    )


def _told(procedure: Procedure, chart: Chart) -> str:
    endings = sum(map(is_ended, procedure.states))
    ending = f", and {endings} endings at the foot" if endings else ", and no ending"
    return (
        f"{len(procedure.states) - endings} states from the top down{ending}, with "
        f"{len(chart.arrows)} arrows between them. The table below tells the same in words."
    )
