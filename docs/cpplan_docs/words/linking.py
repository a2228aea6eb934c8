"""Links and sentences that several kinds of page show alike: clauses, rules, reasons.

Holds no address of its own: :mod:`cpplan_docs.addresses` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cpplan_docs import addresses
from cpplan_docs.words.markdown import code, link, plain


def clauses(cites: Iterable[str], path: str) -> str:
    """Return clauses as links from the page at ``path``."""
    return ", ".join(link(plain(one), addresses.clause(one), path) for one in cites)


def source(cites: Iterable[str], why: str, path: str) -> str:
    """Return what a statement stands on: its clauses, or that it is ours, and why."""
    found = clauses(cites, path)
    return found or f"our choice: {plain(why)}".rstrip(": ")


def rules(procedure: str, names: Iterable[str], path: str) -> str:
    """Return rules of a procedure as links."""
    return ", ".join(link(code(one), addresses.rule(procedure, one), path) for one in names)


def procedures(names: Iterable[str], path: str) -> str:
    """Return procedures as links."""
    return ", ".join(link(plain(one), addresses.procedure(one), path) for one in names)


def capital(text: str) -> str:
    """Return Markdown with its first letter a capital, in a link as well, but not in code."""
    return re.sub(r"^\[?[a-z]", lambda found: found.group().upper(), text)
