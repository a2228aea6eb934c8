"""Writing the tree: the written pages as they are, the generated ones beside them.

The tree is made anew each time, so that no page outlives what it was generated from.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from cpplan_docs.pages import Asset, Page

WRITTEN = ("*.md", "assets/*")
"""What a reader sees of the folder of written pages; the rest makes pages, or is run by them."""


Fill = Callable[[str, str], str]
"""Fills in what a written page leaves open; takes its text and its path below the root."""


def write_tree(root: Path, written: Path, fill: Fill, made: Iterable[Page | Asset]) -> None:
    """Write a tree of pages.

    Args:
        root: where to; what stands there is removed first.
        written: the folder of written pages.
        fill: fills in each of them.
        made: the generated ones.

    Raises:
        FileExistsError: two pages would stand in one place.
    """
    shutil.rmtree(root, ignore_errors=True)
    for pattern in WRITTEN:
        for page in sorted(written.rglob(pattern)):
            path = page.relative_to(written).as_posix()
            _put(root / path, _filled(page, path, fill))
    for one in made:
        _put(root / one.path, one.text.encode() if isinstance(one, Page) else one.content)


def _filled(one: Path, path: str, fill: Fill) -> bytes:
    content = one.read_bytes()
    return fill(content.decode(), path).encode() if one.suffix == ".md" else content


def _put(place: Path, content: bytes) -> None:
    if place.exists():
        raise FileExistsError(f"{place} would be written twice: rename one of the two")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
