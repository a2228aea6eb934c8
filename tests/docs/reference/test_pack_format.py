"""The page of the pack format: every key of every schema, and what it means."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from cpplan import compiling_needs
from cpplan.requirements import POSSIBLE, Template
from cpplan.states import GROUPS, STATES
from cpplan.structuring import key_of
from cpplan_docs import addresses
from cpplan_docs.reference import pack_format


def text() -> str:
    return pack_format.format_page().text


def entry(part: str) -> str:
    anchor = addresses.pack_part(part).anchor
    found = re.search(rf"^#+ [^\n]*{{#{anchor}}}$.*?(?=^##|\Z)", text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"{part} is not told"
    return found[0]


def parts() -> dict[str, list[str]]:
    return {
        name: [*part["properties"]]
        for file in pack_format.files()
        for name, part in file.parts.items()
    }


def test_every_part_tells_every_key_of_its_schema_in_order() -> None:
    assert len(parts()) > 15
    for part, keys in parts().items():
        assert re.findall(r"^- `([a-z-]+)`[,:]", entry(part), re.MULTILINE)[: len(keys)] == keys


def test_every_part_is_told_once() -> None:
    anchors = re.findall(r"\{#(pack-.+?)\}", text())
    assert len(anchors) == len(set(anchors))
    assert set(anchors) == {addresses.pack_part(part).anchor for part in [*parts(), "states"]}


def test_what_every_key_means_is_said() -> None:
    silent = [
        (part, key)
        for part in parts()
        for key in parts()[part]
        if not pack_format.meaning(part, key)
    ]
    assert silent == []


def test_nothing_is_said_of_a_key_that_is_not_there() -> None:
    everywhere = pack_format.meanings()[pack_format.EVERYWHERE]
    assert set(everywhere) <= {key for keys in parts().values() for key in keys}
    notes = pack_format.meanings()[pack_format.NOTES]
    assert set(notes) <= parts().keys()
    apart = {pack_format.EVERYWHERE, pack_format.NOTES}
    for part in pack_format.meanings().keys() - apart:
        assert set(pack_format.meanings()[part]) <= set(parts()[part]), part


def test_the_keys_that_make_a_need_are_those_of_the_loader() -> None:
    said = set(re.findall(r"`(.+?)`", pack_format.meanings()[pack_format.NOTES]["NeedDraft"]))
    assert said == {key_of(key) for key in compiling_needs._MAKERS}


def test_what_is_required_is_marked() -> None:
    assert "- `pack`, required: " in entry("PackDraft")
    assert "- `based-on`: " in entry("PackDraft")


def test_every_template_and_state_and_group_is_told() -> None:
    told = text()
    assert list(pack_format.templates()) == [*Template, POSSIBLE]
    for name, says in pack_format.templates().items():
        assert says
        assert f"- `{name}`: " in told
    assert all(f"- `{name}`: " in entry("states") for name in (*STATES, *GROUPS))


def test_every_link_within_the_page_has_its_anchor() -> None:
    wanted = set(re.findall(r"\]\(#(.+?)\)", text()))
    assert len(wanted) > 10
    assert wanted <= set(re.findall(r"\{#(.+?)\}", text()))


def test_a_new_key_and_a_new_file_are_told_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(pack_format.SCHEMAS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "rules.schema.json"
    schema = json.loads(path.read_text())
    schema["$defs"]["RuleDraft"]["properties"]["mood"] = {"type": "string", "enum": ["glad"]}
    path.write_text(json.dumps(schema))
    songs = {
        "$ref": "#/$defs/SongsDraft",
        "$defs": {
            "SongsDraft": {
                "description": "``songs.yaml``: what is sung.",
                "properties": {"songs": {"type": "array", "items": {"type": "string"}}},
                "required": ["songs"],
            }
        },
    }
    (tmp_path / "songs.schema.json").write_text(json.dumps(songs))
    monkeypatch.setattr(pack_format, "SCHEMAS", tmp_path)
    assert "- `mood`: One of `glad`." in entry("RuleDraft")
    told = entry("SongsDraft")
    assert told.startswith("## `songs.yaml`")
    assert "What is sung." in told
    assert "- `songs`, required: A list, each item text." in told
