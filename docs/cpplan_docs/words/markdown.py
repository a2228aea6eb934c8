"""Markdown: text made safe, links, tables, headings with anchors.

Knows nothing of procedures.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from cpplan_docs.addresses import Address

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|])")


def plain(text: str) -> str:
    """Return text so that it is shown as it is, and on one line."""
    safe = html.escape(" ".join(text.split()), quote=False)
    return _SPECIAL.sub(r"\\\1", safe)


def code(text: str) -> str:
    """Return text in the letters of code."""
    return f"`{text}`"


def link(text: str, to: Address, path: str) -> str:
    """Return a link from the page at ``path``; ``text`` is Markdown."""
    return f"[{text}]({to.seen_from(path)})"


def heading(level: int, text: str, anchor: str = "") -> str:
    """Return a heading; ``text`` is Markdown."""
    return f"{'#' * level} {text}" + (f" {{#{anchor}}}" if anchor else "")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown without line breaks."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Return a list; its items are Markdown without line breaks."""
    return "\n".join(f"- {item}" for item in items)


def folded(summary: str, text: str) -> str:
    """Return Markdown that a reader can open, below a line that says what it is."""
    return f'<details markdown="1">\n<summary>{summary}</summary>\n\n{text}\n\n</details>'


def page(*parts: str) -> str:
    """Return the parts that there are, with a blank line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
