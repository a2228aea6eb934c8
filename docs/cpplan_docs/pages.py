"""Pages and pictures as values: what is to be written, and where in the tree.

Holds no text of its own and writes nothing; :mod:`cpplan_docs.writing` does.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Page:
    """A page in Markdown.

    Attributes:
        path: where it stands below the root of the tree, with ``/`` between folders and ``.md``.
        title: what the navigation calls it.
        text: the page, from its first heading on.
    """

    path: str
    title: str
    text: str


@attrs.frozen
class Asset:
    """A file that pages show or load.

    Attributes:
        path: where it stands below the root of the tree.
        content: its bytes.
    """

    path: str
    content: bytes
