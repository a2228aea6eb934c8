"""Behaviour profiles: how people act, apart from any procedure.

A profile says how punctual duties are kept, what happens on its own, what events then say, how
often somebody tries what the rules refuse, and who the children are. Every figure says where it
comes from. The parts stand in :mod:`cpplan_sim.caseload.profile_parts`.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property

import attrs

from cpplan.reading import Document, KeyPath, nearest
from cpplan_sim.caseload.profile_building import Parts, built, punctual
from cpplan_sim.caseload.profile_checks import Known
from cpplan_sim.caseload.profile_parts import (
    Attempts,
    Basis,
    Child,
    Content,
    Days,
    Figure,
    Happening,
    Punctual,
    Source,
    Team,
)


class UnknownFigureError(LookupError):
    """A profile has no figure under that path; the message names the nearest."""


# Without slots: with them, a cached property slows every other attribute to a third of its speed.
@attrs.frozen(slots=False, eq=False)
class Profile:
    """A behaviour profile, checked. Two are equal if what they say is.

    Attributes:
        document: the file, with the place of each value.
        parts: what it comes to.
    """

    document: Document = attrs.field(repr=lambda document: document.file)
    parts: Parts = attrs.field(repr=False)
    _known: Known = attrs.field(repr=False)
    _set: frozenset[str] = attrs.field(repr=False, default=frozenset())

    @classmethod
    def of(cls, document: Document, known: Known | None = None) -> Profile:
        """Return the profile that a document holds.

        Args:
            document: the profile's file.
            known: names that may stand in it beside those of the shipped packs.

        Raises:
            InvalidFileError: with every mistake in it, each with its file, line and column.
        """
        known = known or Known()
        return cls(document, built(document, known), known)

    @property
    def name(self) -> str:
        """Its name."""
        return self.parts.draft.profile

    @property
    def says(self) -> str:
        """What it is, in a sentence or two."""
        return self.parts.draft.says

    @property
    def year(self) -> int:
        """The year whose figures it is shaped after."""
        return self.parts.draft.year

    @property
    def sources(self) -> Mapping[str, Source]:
        """The published tables that figures cite, by name."""
        return self.parts.sources

    @property
    def opened_per_month(self) -> float:
        """Cases that begin in a month: children whose initial conference is coming."""
        return self.parts.opened_per_month

    @property
    def child(self) -> Child:
        """Who the children are."""
        return self.parts.child

    @property
    def happenings(self) -> Mapping[str, Happening]:
        """What happens although no duty asks for it, by name, in the order of one day."""
        return self.parts.happenings

    @property
    def contents(self) -> Mapping[str, tuple[Content, ...]]:
        """What events say that are not at their best, by kind; the rest are."""
        return self.parts.contents

    @property
    def attempts(self) -> Attempts:
        """How often somebody tries what the rules refuse."""
        return self.parts.attempts

    @property
    def preparation(self) -> Days:
        """How long it takes to make good what a step lacks."""
        return self.parts.preparation

    @property
    def team(self) -> Team:
        """What one social worker can do, and whom first."""
        return self.parts.team

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content (not of the file: comments don't count, the order does)."""
        return hashlib.sha256(json.dumps(self.document.data).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Profile) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def punctual(self, duty: str, topic: str) -> Punctual:
        """Return how a duty is kept.

        Each figure is the one for the duty, else the one for its topic, else the one for others.
        """
        parts = self.parts
        return punctual(parts.topics.get(topic, {}), parts.duties.get(duty, {}), parts)

    def figures(self) -> Mapping[str, Figure]:
        """Return every figure by its path, such as ``happenings.review-ends-plan.chance.0``."""
        found = dict(self.parts.found)
        for path in self._set:
            found[path] = attrs.evolve(found[path], origin=Basis.SET)
        return found

    def with_figures(self, values: Mapping[str, float]) -> Profile:
        """Return the profile with other figures, checked again.

        A figure that is fitted to something stays so; any other is then ``set for this run``.

        Args:
            values: new numbers by the paths of :meth:`figures`. Shares of one whole have to be
                given together, so that they still add up.

        Raises:
            UnknownFigureError: there is no figure under a path.
            InvalidFileError: a number can't be, with the place of the one that it replaces.
        """
        data = copy.deepcopy(self.document.data)
        changed = set(self._set)
        for path, value in values.items():
            figure = self.parts.found.get(path)
            if figure is None:
                hint = nearest(path, self.parts.found)
                raise UnknownFigureError(f"the profile {self.name} has no figure {path!r}: {hint}")
            if value == figure.value:
                continue
            _put(data, self.parts.places[path], value)
            if figure.origin is not Basis.FITTED:
                changed.add(path)
        document = attrs.evolve(self.document, data=data)
        parts = built(document, self._known)
        return Profile(document, parts, self._known, frozenset(changed))


def _put(data: object, path: KeyPath, value: float) -> None:
    """Write a number where another stands."""
    inner, last = data, path[-1]
    for key in path[:-1]:
        inner = inner[key]  # type: ignore[index]  # plain data, and the path was read from it
    # A figure in whole days is written as one, so that it is read as it was.
    whole = last in ("least", "most") and float(value).is_integer()
    inner[last] = int(value) if whole else float(value)  # type: ignore[index]  # as above
