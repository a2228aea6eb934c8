"""Figures on written pages: filled in from the packs, so that a page has none of its own.

A written page says where figures go by a comment on a line of its own, with the names that packs
give the figure: ``<!-- figures: visit-interval visit-interval-max -->``. In its place comes a list
of the sources' procedures with what each says. A figure that is the modeller's choice is not a
source's, and counts as none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cpplan import Procedure
from cpplan.clauses import SOURCES
from cpplan.values import Origin
from cpplan_docs import addresses
from cpplan_docs.words.markdown import bullets, link, plain

MARKER = re.compile(r"^<!-- figures: *([^\n]*?) *-->$", re.MULTILINE)

NONE = "gives no number"


class UnknownFigureError(ValueError):
    """A page asks for a figure that no procedure has of its own."""


def filled(text: str, path: str, procedures: Mapping[str, Procedure]) -> str:
    """Return a written page with its figures filled in.

    Args:
        text: the page.
        path: where it stands, for its links.
        procedures: by name; those of a single source are told.

    Raises:
        UnknownFigureError: a figure that the page asks for is in none of them.
    """
    told = {name: procedures[name] for name in procedures if name in SOURCES}
    return MARKER.sub(lambda found: _list(found.group(1).split(), path, told), text)


def _list(names: Sequence[str], path: str, procedures: Mapping[str, Procedure]) -> str:
    figures = {name: _figure(one, names) for name, one in procedures.items()}
    if not any(figures.values()):
        asked = " or ".join(names) or "without a name"
        raise UnknownFigureError(f"{path}: no source gives a figure {asked}")
    return bullets(f"{_name(name, path)}: {said or NONE}" for name, said in figures.items())


def _figure(procedure: Procedure, names: Sequence[str]) -> str:
    """Return the first of the figures that the procedure has of its own, in words."""
    there = (procedure.values[name] for name in names if name in procedure.values)
    own = (one for one in there if one.origin is Origin.OWN and one.amount is not None)
    return plain(next((str(one) for one in own), ""))


def _name(name: str, path: str) -> str:
    shown = plain(name.replace("-", " ").capitalize())
    return link(shown, addresses.procedure(name), path)
