"""SVG: elements as text, with short numbers and everything escaped. Knows nothing of lifecycles.

Colours stand in the style sheet; what is said here is what a picture looks like without it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from html import escape

from cpplan_docs.pictures.lettering import Words

Point = tuple[float, float]
_HEAD, _HALF = 8.0, 4.0
"""The length of an arrow's head, and half its width."""
_DOT = 2.5


def number(value: float) -> str:
    """Return a number with one decimal at most."""
    return f"{round(value, 1) + 0.0:g}"


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return an element; ``content`` is markup. In names of attributes, ``_`` stands for ``-``."""
    said = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def rectangle(place: tuple[float, float, float, float], kind: str, rounded: float) -> str:
    """Return a rectangle: where it begins, its width and height, its class, its corners."""
    x, y, width, height = place
    looks = {"class_": kind, "fill": "none", "stroke": "currentColor"}
    return element("rect", **looks, x=x, y=y, width=width, height=height, rx=rounded)


def words(blocks: Sequence[Words], x: float, y: float, anchor: str = "middle") -> str:
    """Return words below one another, the first one's top at ``y``."""
    drawn = []
    for block in blocks:
        drawn.append(_words(block, x, y, anchor))
        y += block.height
    return "\n".join(drawn)


def path(points: Sequence[Point], kind: str) -> str:
    """Return a line through points."""
    places = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return element("path", class_=kind, d=f"M{places}", fill="none", stroke="currentColor")


def dot(at: Point, kind: str) -> str:
    """Return a dot at a point."""
    return element("circle", class_=kind, cx=at[0], cy=at[1], r=_DOT, fill="currentColor")


def head(before: Point, at: Point, kind: str) -> str:
    """Return the head of an arrow that arrives at a point from another."""
    length = math.dist(before, at) or 1
    along = ((at[0] - before[0]) / length, (at[1] - before[1]) / length)
    back = (at[0] - along[0] * _HEAD, at[1] - along[1] * _HEAD)
    aside = (-along[1] * _HALF, along[0] * _HALF)
    corners = (
        at,
        (back[0] + aside[0], back[1] + aside[1]),
        (back[0] - aside[0], back[1] - aside[1]),
    )
    points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    return element("polygon", class_=kind, points=points, fill="currentColor")


def picture(
    parts: Sequence[str], size: tuple[float, float], title: str, description: str, kind: str
) -> str:
    """Return a picture with its title and description, which name it for those who can't see it.

    It is a group rather than an image, since an image hides the links within it. Its ids are drawn
    from what it shows, so that two pictures on one page have ids of their own.
    """
    wide, high = map(math.ceil, size)
    shown = "\n".join((title, description, f"{wide} {high}", *parts))
    own = hashlib.sha256(shown.encode()).hexdigest()[:12]
    inside = (
        element("title", escape(title), id=f"title-{own}"),
        element("desc", escape(description), id=f"description-{own}"),
        *parts,
    )
    return element(
        "svg",
        "\n".join(("", *inside, "")),
        xmlns="http://www.w3.org/2000/svg",
        class_=f"picture {kind}",
        viewBox=f"0 0 {wide} {high}",
        width=wide,
        height=high,
        role="group",
        aria_labelledby=f"title-{own}",
        aria_describedby=f"description-{own}",
    )


def either(wide: str, narrow: str, told: str) -> str:
    """Return two forms of a picture, with a caption, as one block of markup.

    Only a style sheet can tell which of the two fits: without one, the first is shown.
    """
    forms = (
        f'<div class="picture-wide">\n{wide}\n</div>',
        f'<div class="picture-narrow" hidden="">\n{narrow}\n</div>',
    )
    caption = element("figcaption", escape(told))
    shown = (wide,) if wide == narrow else forms
    return "\n".join(('<figure class="picture-box">', *shown, caption, "</figure>"))


def _words(block: Words, x: float, y: float, anchor: str) -> str:
    # Letters stand on their line at about three quarters of its height.
    first = y + (block.height - block.pitch * len(block.lines)) / 2 + block.pitch * 0.76
    lines = (
        element("tspan", _led(block, line, number), x=x, y=first + block.pitch * number)
        for number, line in enumerate(block.lines)
    )
    looks: dict[str, str | float] = {"font_size": block.size, "text_anchor": anchor}
    looks |= {"font_weight": "bold"} if block.bold else {}
    looks |= {"class_": block.kind} if block.kind else {}
    # The space keeps the words of two lines apart for those who hear them.
    drawn = element("text", " ".join(lines), **looks, fill="currentColor")
    return element("a", drawn, href=block.link) if block.link else drawn


def _led(block: Words, line: str, number: int) -> str:
    if number or not block.lead or not line.startswith(block.lead):
        return escape(line)
    looks = {"class_": block.lead_kind} if block.lead_kind else {}
    lead = element("tspan", escape(block.lead), **looks, font_weight="bold")
    return lead + escape(line.removeprefix(block.lead))


def _name(attribute: str) -> str:
    return attribute.removesuffix("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
