"""Packs: the tiny one loads; each pack of ``bad`` has one mistake, and is told exactly that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cpplan import PROCEDURES, InvalidFileError, load
from cpplan.packs import folder_of, lifecycle, read_pack
from cpplan.reading import SIZE_LIMIT, read_yaml

DATA = Path(__file__).parents[1] / "data" / "packs"
TINY = DATA / "tiny"
BAD = sorted((DATA / "bad").glob("*.yaml"))


def spoilt(case: dict[str, str], folder: Path) -> Path:
    """Copy the tiny pack to a folder and make the one change of a case."""
    shutil.copytree(TINY, folder)
    file = folder / case["file"]
    text = file.read_text(encoding="utf-8")
    if "whole" in case:
        text = case["whole"]
    elif "append" in case:
        text += case["append"]
    else:
        assert case["find"] in text
        text = text.replace(case["find"], case["put"], 1)
    file.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a pack, one line a problem."""
    with pytest.raises(InvalidFileError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_tiny_pack_loads() -> None:
    tiny = load(TINY)
    assert tiny.name == "tiny"
    assert set(tiny.duties) == {"visit"}
    assert tiny.requirements.keys() - lifecycle().draft.requirements == {"core-group-first"}
    assert [record.path for record in tiny.records["visit-made"]] == ["bedroom_seen"]


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_mistake_is_told_with_its_place_and_the_way_out(file: Path, tmp_path: Path) -> None:
    case = read_yaml(file).data
    assert problems(spoilt(case, tmp_path / file.stem)) == case["problems"]


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    shutil.copytree(TINY, folder)
    for name in ("pack.yaml", "rules.yaml", "duties.yaml"):
        (folder / name).write_text("x: 1\n", encoding="utf-8")
    assert {line.split(":")[0] for line in problems(folder)} == {
        "both/pack.yaml",
        "both/rules.yaml",
        "both/duties.yaml",
    }


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "large"
    shutil.copytree(TINY, folder)
    with (folder / "duties.yaml").open("a", encoding="utf-8") as file:
        file.write("#" * SIZE_LIMIT)
    size = (folder / "duties.yaml").stat().st_size
    assert problems(folder) == [
        f"large/duties.yaml: file has {size:,} bytes, more than {SIZE_LIMIT:,} (split it)"
    ]


def test_all_files_but_the_first_may_be_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    shutil.copy(TINY / "pack.yaml", folder)
    pack = read_pack(folder)
    assert not pack.duties
    assert not pack.records
    assert not pack.requirements
    assert all(part.own is None for part in pack.rules.values())
    (folder / "pack.yaml").unlink()
    assert problems(folder) == ["bare/pack.yaml: can't be read: No such file or directory"]


def test_an_unknown_procedure_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidFileError, match=r"no procedure 'jersy'.*did you mean jersey\?"):
        load("jersy")


@pytest.mark.parametrize("name", PROCEDURES)
def test_each_shipped_procedure_has_a_folder_and_loads(name: str) -> None:
    assert folder_of(name).is_dir()
    assert load(name).name == name


def test_a_rule_that_is_like_another_asks_for_the_same() -> None:
    rules = load(TINY).rules
    assert (
        rules["detailed-plan-agreed-while-escalated"].needs == rules["detailed-plan-agreed"].needs
    )


def test_a_shared_rule_that_the_pack_does_not_name_is_not_there() -> None:
    assert "plan-ended-by-letter" not in load(TINY).rules
    assert "core-group-held" in load(TINY).rules


def test_a_silence_is_filled_from_another_pack_and_marked_so() -> None:
    tiny, filled = load(TINY), load(TINY, fill="standards")
    assert "first-core-group" not in tiny.duties
    assert filled.duties["first-core-group"].origin == "inherited"
    assert filled.rules["plan-ended-by-letter"].origin == "inherited"
    assert filled.values["letter-notice"].origin == "inherited"
    assert filled.values["visit-gap"].origin == "choice"
    assert filled.filled["core-group"] == "standards"
    assert "bedroom" not in filled.filled
    assert "visit" in filled.duties
    assert filled.duties["visit"].origin == "own"
    assert filled.digest != tiny.digest
