"""Histories as lists: what was recorded, day by day, and the state that each event led to.

They can be folded away below a line that opens them, as other long lists are.
"""

from __future__ import annotations

from collections.abc import Iterable

from cpplan_docs import addresses
from cpplan_docs.words.markdown import folded, link, plain
from cpplan_docs.words.wording import day, spaced
from cpplan_sim.monitors import Moment


def numbered(history: Iterable[Moment], path: str) -> str:
    """Return a history as a numbered list for the page at ``path``."""
    lines = (f"{number}. {_moment(one, path)}" for number, one in enumerate(history, start=1))
    return "\n".join(lines)


def _moment(one: Moment, path: str) -> str:
    told = link(plain(spaced(one.event.kind)), addresses.event(one.event.kind), path)
    state = f", to {plain(one.after)}" if one.after != one.before else ""
    return f"{told} on {day(one.event.on)}{state}"


def unfolding(summary: str, history: Iterable[Moment], path: str) -> str:
    """Return a history that a reader can open, below a line that says what it is."""
    return folded(summary, numbered(history, path))
