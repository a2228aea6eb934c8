"""Draws the JSON Schema of each file of a pack from the classes that the loader fills.

Usage: ``python tools/pack_schemas.py [folder]``. An editor that is given them completes keys and
marks mistakes while a pack is written. They are weaker than the loader: they know shapes and closed
vocabularies, and not whether a step, a clause or a figure exists.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import msgspec

from cpplan import drafts
from cpplan.clauses import SOURCES, Strength
from cpplan.events import KINDS
from cpplan.packs import PROCEDURES
from cpplan.requirements import POSSIBLE, Template
from cpplan.roles import Role
from cpplan.states import GROUPS, ORIGIN, SAME, STATES
from cpplan.structuring import enum_values, key_of
from cpplan.values import UNITS, Origin

FOLDER = Path(__file__).parents[1] / "kernel" / "cpplan" / "schemas"
FILES = {
    "pack": drafts.PackDraft,
    "rules": drafts.RulesDraft,
    "duties": drafts.DutiesDraft,
    "records": drafts.RecordsDraft,
    "requirements": drafts.RequirementsDraft,
    "lifecycle": drafts.LifecycleDraft,
}
PLACES = (*STATES, *GROUPS)
CLOSED: dict[tuple[str, str], Iterable[str]] = {
    ("ValueDraft", "unit"): UNITS,
    ("ValueDraft", "read-as"): UNITS,
    ("ValueDraft", "origin"): enum_values(Origin),
    ("NeedDraft", "by"): enum_values(Role),
    ("CoversDraft", "event"): KINDS,
    ("RuleDraft", "event"): KINDS,
    ("RuleDraft", "from"): PLACES,
    ("RuleDraft", "to"): (*STATES, SAME, ORIGIN),
    ("RuleDraft", "origin"): enum_values(Origin),
    ("MatchDraft", "event"): KINDS,
    ("AgreedDraft", "event"): KINDS,
    ("DutyDraft", "strength"): enum_values(Strength),
    ("DutyDraft", "owed-by"): enum_values(Role),
    ("DutyDraft", "origin"): enum_values(Origin),
    ("AtomDraft", "event"): KINDS,
    ("AtomDraft", "enters"): PLACES,
    ("AtomDraft", "leaves"): PLACES,
    ("RequirementDraft", "template"): (*enum_values(Template), POSSIBLE),
    ("RequirementDraft", "in"): PLACES,
    ("RequirementDraft", "origin"): enum_values(Origin),
    ("PackDraft", "sources"): SOURCES,
    ("PackDraft", "based-on"): PROCEDURES,
    ("LifecycleDraft", "noted"): KINDS,
}
"""The keys whose values are one of a closed list, or lists of such values."""

KEYS = {("RecordsDraft", "records"): tuple(KINDS), ("LifecycleDraft", "noted"): PLACES}
"""The mappings whose own keys are closed lists."""


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each shape of file, by the name of the file it is written to."""
    return {f"{name}.schema.json": _schema(name, cls) for name, cls in FILES.items()}


def _schema(name: str, cls: type) -> dict[str, Any]:
    (top,), parts = msgspec.json.schema_components([cls], ref_template="#/$defs/{name}")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{name}.yaml of a cpplan procedure",
    }
    return head | top | {"$defs": {part: _strict(part, parts[part]) for part in sorted(parts)}}


def _strict(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return a class's schema with its keys as files write them, and no others allowed."""
    cls = getattr(drafts, name)
    properties = {
        key_of(field): _closed(name, key_of(field), shape)
        for field, shape in part["properties"].items()
    }
    return {
        "type": "object",
        "description": str(cls.__doc__),
        "properties": properties,
        "required": [key_of(f.name) for f in attrs.fields(cls) if f.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _closed(name: str, key: str, shape: dict[str, Any]) -> dict[str, Any]:
    """Return a key's schema with its closed vocabulary, if it has one."""
    shape = {word: value for word, value in shape.items() if word != "default"}
    if (name, key) in KEYS:
        shape["propertyNames"] = {"enum": list(KEYS[name, key])}
    if (name, key) in CLOSED:
        return _among(shape, list(CLOSED[name, key]))
    return shape


def _among(shape: dict[str, Any], valid: list[str]) -> dict[str, Any]:
    for inside in ("items", "additionalProperties"):
        if inside in shape:
            return shape | {inside: _among(shape[inside], valid)}
    return shape | {"enum": valid}


def main(folder: Path) -> None:
    """Write the schemas to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
