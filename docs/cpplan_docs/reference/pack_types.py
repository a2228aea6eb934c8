"""What a key of a pack may hold, in words, from its JSON Schema.

A closed list that another page tells is a link to there; any other is told where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cpplan import Role
from cpplan.events import KINDS, kind_of
from cpplan.states import STATES
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.words.markdown import code, link

PLAIN_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "date": "a date",
}
SCALAR = ("`true` or `false`", "a whole number", "text")
A_SCALAR = "a plain value"
TOLD_ELSEWHERE = {
    tuple(KINDS): ("a kind of event", Address("reference/events.md")),
    tuple(role.value for role in Role): ("a role", addresses.choice(kind_of(Role))),
}
"""The closed lists that other pages tell."""
PLACES = addresses.pack_part("states")
"""Where the states and groups of states are told."""


def title_of(part: str) -> str:
    """Return the name of a part in words: ``CoversDraft`` is ``Covers``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part.removesuffix("Draft"))
    return words[:1].upper() + words[1:].lower()


def shape_says(shape: Mapping[str, Any], path: str) -> str:
    """Return what may stand somewhere, in words, as seen from the page at ``path``."""
    if "$ref" in shape:
        part = str(shape["$ref"]).rpartition("/")[2]
        return f"as {link(title_of(part), addresses.pack_part(part), path)}"
    if "anyOf" in shape:
        return _any_of(shape["anyOf"], path)
    if "enum" in shape:
        return _closed(tuple(shape["enum"]), path)
    if shape["type"] == "array":
        return f"a list, each item {shape_says(shape['items'], path)}"
    if shape["type"] == "object":
        return f"{_names(shape, path)}, each {shape_says(shape['additionalProperties'], path)}"
    return PLAIN_TYPES[shape.get("format", shape["type"])]


def _any_of(shapes: Iterable[Mapping[str, Any]], path: str) -> str:
    """Return alternatives in words.

    What may be left out may be ``null`` as well, which is not told; the three types of a plain
    value go by that name.
    """
    told = [shape_says(one, path) for one in shapes if one != {"type": "null"}]
    if all(word in told for word in SCALAR):
        told = [A_SCALAR, *(one for one in told if one not in SCALAR)]
    return " or ".join(told)


def _closed(valid: tuple[str, ...], path: str) -> str:
    """Return a closed list: by a link if another place tells it, else value by value."""
    if valid in TOLD_ELSEWHERE:
        words, to = TOLD_ELSEWHERE[valid]
        return link(words, to, path)
    if set(STATES) <= set(valid):
        others = [one for one in valid if one not in STATES]
        return " or ".join([link("a state", PLACES, path), *map(code, others)])
    return f"one of {', '.join(map(code, valid))}"


def _names(shape: Mapping[str, Any], path: str) -> str:
    """Return what the keys of a mapping are, if its schema closes them."""
    valid = shape.get("propertyNames", {}).get("enum")
    return f"by {_closed(tuple(valid), path)}" if valid else "by name"
