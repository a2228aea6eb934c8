"""The shim by which a page opened from a folder can search: browsers start no worker there.

Taken as it is from the package ``iframe-worker`` (MIT), with its licence beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cpplan_docs.book import Book
from cpplan_docs.pages import Asset
from cpplan_docs.pictures.node import modules

FOLDER = "assets/js"
"""The settings name the script there; the theme looks for its name."""


def pages(_: Book) -> Iterator[Asset]:
    """Yield the script and its licence."""
    package = modules() / "node_modules" / "iframe-worker"
    yield Asset(f"{FOLDER}/iframe-worker-shim.js", (package / "shim" / "index.js").read_bytes())
    yield Asset(f"{FOLDER}/iframe-worker-LICENSE.txt", (package / "LICENSE").read_bytes())
