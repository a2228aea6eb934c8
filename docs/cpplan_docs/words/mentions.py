"""Mentions: the clauses that a remark speaks of, shown as links."""

from __future__ import annotations

import re

from cpplan.clause_register import load_register
from cpplan.clauses import SOURCES
from cpplan_docs import addresses
from cpplan_docs.words.markdown import link, plain

_MENTION = re.compile(
    rf"(?<![\w/.-])(?:(?P<source>{'|'.join(SOURCES)})/)?"
    r"(?P<number>(?:para-)?\d+(?:\.\d+)*[a-z]{0,2})(?![\w/]|[.-]\w)"
)
"""An id, or a number alone, which is of the remark's own source."""


def with_links(text: str, source: str, path: str) -> str:
    """Return a remark as Markdown, each clause that it names being a link.

    Args:
        text: the remark.
        source: the source that it is about: a number alone is of that.
        path: the page that it stands on.
    """
    parts, end = [], 0
    for found in _MENTION.finditer(text):
        clause = f"{found['source'] or source}/{found['number']}"
        if not _is_meant(found) or clause not in load_register():
            continue
        parts.append(_between(text[end : found.start()]))
        parts.append(link(plain(found[0]), addresses.clause(clause), path))
        end = found.end()
    return "".join([*parts, _between(text[end:])]).strip()


def _between(text: str) -> str:
    """Return a piece of text made safe, with the spaces that part it from its neighbours."""
    return f"{' ' * text[:1].isspace()}{plain(text)}{' ' * (len(text) > 1 and text[-1:].isspace())}"


def _is_meant(found: re.Match[str]) -> bool:
    """Return whether a number alone is a clause's: a plain one, as in 5 working days, is not."""
    return bool(found["source"]) or not found["number"].isdigit()
