"""Navigation: how a reader finds the pages, from the pages that there are.

The order of the parts is written here; what stands in a part is what was written into its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]
"""A title, and the path of its page or the entries below it."""

PARTS: Mapping[str, Sequence[str]] = {
    "Start": ("start", "plain-language.md"),
    "Procedures": ("procedures",),
    "Clauses": ("clauses",),
    "Told cases": ("scenarios/index.md",),
    "Reference": ("reference",),
    "Explained": ("explained", "caseloads", "choices"),
}
"""The tabs, each with the folders and pages that it is made of."""

FIRST = (
    "README.md",
    "index.md",
    "practitioner.md",
    "rules.md",
    "duties.md",
    "last-days.md",
    "proofs.md",
    "endings.md",
)
"""Pages that come before others of their folder, which stand by their title."""

UNLISTED = ("assets", "scenarios")


class UnreachablePagesError(ValueError):
    """Pages that no part of the navigation leads to."""


def navigation(root: Path) -> list[Entry]:
    """Return the navigation of a tree.

    Raises:
        UnreachablePagesError: a page stands in no part, with its path.
    """
    _check(root)
    parts = ({title: _part(root, places)} for title, places in PARTS.items())
    return [{"Home": "index.md"}, *(part for part in parts if any(part.values()))]


def _part(root: Path, places: Sequence[str]) -> list[Any]:
    there = [root / place for place in places if (root / place).exists()]
    if not there or not there[0].is_dir():
        return [_entry(root, place) for place in there]
    # The first folder is the part itself: a second heading of its name would be one too many.
    return [*_folder(root, there[0]), *(_entry(root, place) for place in there[1:])]


def _folder(root: Path, folder: Path) -> list[Any]:
    return [_entry(root, one) for one in sorted(_listed(folder), key=_place)]


def _listed(folder: Path) -> Iterable[Path]:
    return (one for one in folder.iterdir() if one.suffix == ".md" or _has_pages(one))


def _has_pages(one: Path) -> bool:
    return one.is_dir() and any(one.rglob("*.md"))


def _place(one: Path) -> tuple[int, int, str]:
    first = FIRST.index(one.name) if one.name in FIRST else len(FIRST)
    return (first, one.is_dir(), title_of(one).lower())


def _entry(root: Path, one: Path) -> Any:
    if one.is_dir():
        return {title_of(one): _folder(root, one)}
    path = one.relative_to(root).as_posix()
    return path if one.name in ("index.md", "README.md") else {title_of(one): path}


def title_of(one: Path) -> str:
    """Return what a page or a folder is called: its first heading, or its index's."""
    page = one
    if one.is_dir():
        page = next((p for p in (one / "index.md", one / "README.md") if p.exists()), one)
    if page.is_dir():
        return one.name.replace("-", " ").capitalize()
    found = re.search(r"^# +(.+?)(?: *\{#.*\})?$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).replace("`", "").replace("\\", "") if found else one.stem


def _check(root: Path) -> None:
    known = {place for places in PARTS.values() for place in places} | {"index.md", *UNLISTED}
    lost = sorted(one.name for one in _listed(root) if one.name not in known)
    if lost:
        raise UnreachablePagesError(f"no part of the navigation leads to {', '.join(lost)}")
