"""Filling: the topics on which a pack is silent, taken from another pack.

Whatever is taken says from which pack it came. What the pack says itself is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from cpplan.layers import Part
from cpplan.packs import Pack, RulePart


def filled(pack: Pack, donor: Pack) -> Pack:
    """Return the pack with its silent topics taken from another, each part marked so.

    Of the donor's figures and sources come only those that the parts taken speak of. Where both
    have a figure of one name the pack's own stands.
    """
    silent, name = pack.head.draft.silent, donor.head.draft.pack
    spoken = {
        key: attrs.evolve(part.own, filled_from=name)
        for key, part in donor.rules.items()
        if part.own is not None and part.last("topic") in silent
    }
    rules = {key: RulePart(donor.rules[key].shared, own) for key, own in spoken.items()}
    duties = _taken(donor.duties, silent, name)
    requirements = _taken(donor.requirements, silent, name)
    parts = [*duties.values(), *requirements.values()]
    taken = [*parts, *spoken.values()]
    words = {word for part in taken for word in _words(part.draft)}
    values = {
        key: attrs.evolve(part, filled_from=name)
        for key, part in donor.values.items()
        if key in words
    }
    topics = {part.last("topic") for part in rules.values()} | {part.draft.topic for part in parts}
    cited = {word.partition("/")[0] for word in words if "/" in word}
    borrowed = [source for source in donor.head.draft.sources if source in cited]
    sources = list(dict.fromkeys([*pack.head.draft.sources, *borrowed]))
    return attrs.evolve(
        pack,
        head=attrs.evolve(pack.head, draft=attrs.evolve(pack.head.draft, sources=sources)),
        values={**values, **pack.values},
        rules={**pack.rules, **rules},
        duties={**duties, **pack.duties},
        requirements={**requirements, **pack.requirements},
        steps={**donor.steps, **pack.steps},
        filled={topic: name for topic in silent if topic in topics},
    )


def _words(value: Any) -> Iterator[str]:
    """Yield every text in a draft: the names of figures and clauses among them."""
    if isinstance(value, str):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _words(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _words([*value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _taken(
    parts: Mapping[str, Part[Any]], topics: Mapping[str, str], donor: str
) -> dict[str, Part[Any]]:
    return {
        name: attrs.evolve(part, filled_from=donor)
        for name, part in parts.items()
        if part.draft.topic in topics
    }
