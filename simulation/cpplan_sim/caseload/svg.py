"""SVG: a drawing of matplotlib's as text that can stand in a page beside others.

Holds what every chart shares: colours, fonts, size, and the making of the text. It must not know
what is drawn. The same drawing gives the same bytes: there is no date in it and no random name, and
no setting of the user's is looked at.

matplotlib is an extra, imported when something is drawn.
"""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Mapping[str, str] = {
    "ink": "#1a1b1c",
    "line": "#c8c9ca",
    "paper": "#fefeff",
    "on-time": "#2f6db3",
    "late": "#e08b1f",
    "missed": "#8a1c4a",
    "band": "#a9c7e8",
}
"""By name. In the text each stands as a variable of that name, so that a page can set it."""

WIDTH = 4.4
"""Inches: narrow, so that the text is not too small where a page is."""

SETTINGS: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.edgecolor": COLOURS["ink"],
    "axes.labelcolor": COLOURS["ink"],
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["ink"],
    "ytick.color": COLOURS["ink"],
    "axes.axisbelow": True,
}


class ChartsMissingError(RuntimeError):
    """What charts are drawn with is not installed."""


@attrs.frozen
class Chart:
    """A drawing.

    Attributes:
        title: what it shows.
        svg: an ``svg`` element with the title and a description.
    """

    title: str
    svg: str


def drawn(
    name: str,
    title: str,
    says: str,
    heights: Sequence[float],
    draw: Callable[[Sequence[Axes]], None],
) -> Chart:
    """Draw a chart.

    Args:
        name: begins each id in it, so that charts of different names can stand in one page.
        title: what it shows.
        says: what is to be seen, for somebody who can't.
        heights: of its panels, from above, in inches.
        draw: draws on one pair of axes for each panel.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    matplotlib, figures = _libraries()
    written = io.StringIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**SETTINGS, "svg.hashsalt": name})
        figure = figures.Figure(figsize=(WIDTH, sum(heights)), layout="constrained")
        axes = figure.subplots(len(heights), height_ratios=heights, squeeze=False)[:, 0]
        for each in axes:
            each.patch.set_visible(False)
        draw(tuple(axes))
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", metadata=nothing, transparent=True)
    return Chart(title, _placed(written.getvalue(), name, title, says))


def _libraries() -> tuple[Any, Any]:
    try:
        found = [importlib.import_module(name) for name in ("matplotlib", "matplotlib.figure")]
    except ImportError as error:
        raise ChartsMissingError(
            f"charts need matplotlib, which can't be imported ({error}):"
            " pip install 'cpplan[caseload]'"
        ) from error
    return found[0], found[1]


def _placed(text: str, name: str, title: str, says: str) -> str:
    """Return the element alone, with ids of its own, its colours by name, and told in words."""
    svg = text[text.index("<svg") :].strip()
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    for colour, value in COLOURS.items():
        svg = svg.replace(value, f"var(--{colour})")
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box is not None, "matplotlib writes the size of a drawing into its first element"
    head = (
        f'<svg {box[0]} xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">\n<title id="{name}-title">{escape(title)}'
        f'</title>\n<desc id="{name}-desc">{escape(says)}</desc>'
    )
    return re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)
