"""Clauses: every rule of the five source procedures, paraphrased, with its strength.

Holds what the sources say, one clause to a rule. It must not hold what a pack makes of them: rules,
duties and requirements are stated in packs, which cite clauses by their ids. The files are read in
:mod:`cpplan.clause_register`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from cpplan.clause_checks import SOURCES, Enforcement, Strength

__all__ = ["SOURCES", "Clause", "Enforcement", "Parameter", "Source", "Strength"]

Scalar = str | int | bool
Parameter = Scalar | tuple[Scalar, ...]


def _frozen_items(
    parameters: Mapping[str, Any] | Iterable[tuple[str, Any]],
) -> tuple[tuple[str, Parameter], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in dict(parameters).items()
    )


@attrs.frozen
class Clause:
    """One rule of a source, paraphrased in one sentence with its figures kept exact.

    Attributes:
        id: the source's name and the clause's number, as in ``luton/1.2.4a``. Never reused.
        source: the source's name.
        number: the paragraph in the source; a letter is added where one holds several rules.
        strength: how far it binds.
        wording: the source's own verb, where it is not literally the strength; else empty.
        kind: what sort of rule it is, one of :data:`cpplan.clause_checks.KINDS`.
        topic: what it is about, in a word shared by all sources (``visit.interval``).
        applies_in: the states it concerns.
        rule: the paraphrase.
        enforcement: what a program does with it.
        why: for ``docs-only``, the reason.
        notes: ambiguities and the modellers' decisions, which are not the source's.
        lines: lines of the source text, counted from 1.
        locator: at most five words that find the passage.
        actor: who acts, where the source says.
        authorised_by: who has to agree, where the source says.
    """

    id: str
    source: str
    number: str
    strength: Strength
    wording: str
    kind: str
    topic: str
    applies_in: tuple[str, ...]
    rule: str
    _parameters: tuple[tuple[str, Parameter], ...] = attrs.field(converter=_frozen_items)
    enforcement: Enforcement
    why: str
    notes: str
    lines: tuple[int, ...]
    locator: str
    actor: tuple[str, ...]
    authorised_by: tuple[str, ...]

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The exact values: figures with their own ``unit``, anchors, fields, guarded steps."""
        return MappingProxyType(dict(self._parameters))


def _frozen(clauses: Mapping[str, Clause]) -> Mapping[str, Clause]:
    return MappingProxyType(dict(clauses))


@attrs.frozen
class Source:
    """One published procedure and its clauses.

    Attributes:
        name: what users call it.
        title: as published.
        edition: which text this is.
        published: its date, as far as known: ``2024-11-01``, ``2020-03`` or ``None``.
        publisher: who issued it, or ``None`` if the text does not say.
        jurisdiction: whose law and public holidays it is under.
        note: what a reader has to know before relying on the paraphrase.
        clauses: its clauses by id, in the order of the text.
    """

    name: str
    title: str
    edition: str
    published: str | None
    publisher: str | None
    jurisdiction: str
    note: str
    clauses: Mapping[str, Clause] = attrs.field(converter=_frozen, hash=False, repr=False)
