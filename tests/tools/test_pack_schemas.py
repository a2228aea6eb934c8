"""The schemas of pack files: as committed, true of every shipped pack, and not of a misspelling."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cpplan.packs import FOLDER as PROCEDURES
from cpplan.reading import read_yaml
from tools.pack_schemas import CLOSED, FILES, FOLDER, KEYS, main, schemas

SHIPPED = sorted(PROCEDURES.rglob("*.yaml"))


def validator(name: str) -> Draft202012Validator:
    """Return the committed schema of one shape of file."""
    text = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_json(value: Any) -> Any:
    """Return YAML data as JSON has it: dates as text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def errors(name: str, data: Any) -> list[str]:
    """Return what a schema says against data."""
    return [error.message for error in validator(name).iter_errors(as_json(data))]


def test_the_committed_schemas_are_what_the_tool_draws(tmp_path: Path) -> None:
    main(tmp_path)
    assert {file.name for file in FOLDER.iterdir()} == set(schemas())
    for file in tmp_path.iterdir():
        assert (FOLDER / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_each_shipped_file_is_as_its_schema_says(file: Path) -> None:
    assert errors(file.stem, read_yaml(file).data) == []


def test_every_shape_has_a_shipped_file() -> None:
    assert {file.stem for file in SHIPPED} == set(FILES)


DUTY: dict[str, Any] = {
    "says": "The child is visited.",
    "topic": "visits",
    "strength": "must",
    "opens": [{"event": "child-born"}],
    "every": "visit-gap",
    "met-by": [{"event": "visit-made", "when": {"child_seen": True}}],
}


def duties(**changed: Any) -> dict[str, Any]:
    """Return a file of one duty, changed."""
    renamed = {key.replace("_", "-"): value for key, value in changed.items()}
    return {"duties": {"visit": DUTY | renamed}}


def test_a_sound_file_is_accepted() -> None:
    assert errors("duties", duties()) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (duties(met_bye=[]), "'met-bye' was unexpected"),
        (duties(strength="shall"), "'shall' is not one of"),
        (duties(owed_by=["lead-social-wroker"]), "'lead-social-wroker' is not one of"),
        (duties(opens=[{"event": "child-bron"}]), "'child-bron' is not one of"),
        (duties(opens="child-born"), "is not of type 'array'"),
        (duties(says=3), "is not of type 'string'"),
        ({"duties": {"visit": {}}}, "'says' is a required property"),
        ({"duty": {}}, "'duty' was unexpected"),
    ],
)
def test_a_mistake_is_marked(data: Any, told: str) -> None:
    assert any(told in message for message in errors("duties", data))


def test_closed_lists_are_closed_in_every_file() -> None:
    rule = {"event": "visit-made", "from": ["outlined"], "to": "activ"}
    assert len(errors("rules", {"rules": {"x": rule}})) == 2
    assert errors("records", {"records": {"visits-made": []}})
    requirement = {"says": "x", "topic": "x", "template": "precedes"}
    assert errors("requirements", {"requirements": {"x": requirement}})
    head = {"pack": "x", "title": "x", "edition": "x", "jurisdiction": "x", "says": "x"}
    figure = {"is": 1, "unit": "fortnights", "says": "x"}
    assert errors("pack", head) == []
    assert errors("pack", head | {"values": {"x": figure}})
    assert errors("pack", head | {"values": {"x": figure | {"unit": "months"}}}) == []


def test_every_closed_key_is_a_key_of_its_class() -> None:
    parts = {name: part for schema in schemas().values() for name, part in schema["$defs"].items()}
    for name, key in (*CLOSED, *KEYS):
        assert key in parts[name]["properties"]
