"""``cpplan export`` writes each language to the screen or a file, and says what it can't do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpplan import PROCEDURES
from cpplan_sim.commands.export import MACHINES, REQUIREMENTS
from cpplan_sim.commands.group import cpplan

LANGUAGES = (*MACHINES, *REQUIREMENTS)
DATA = Path(__file__).parents[2] / "data" / "packs"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, ["export", *map(str, arguments)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_to_a_file_is_what_is_written_to_the_screen(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "exported"
    done = invoke("lead-social-worker", "--to", language, "--out", path)
    assert (done.exit_code, done.output) == (
        0,
        f"Written: {path}, lead-social-worker in {language}.\n",
    )
    shown = invoke("lead-social-worker", "--to", language)
    assert shown.output == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_in_a_folder_is_written_as_well(language: str) -> None:
    done = invoke(DATA / "tiny", "--to", language)
    assert done.exit_code == 0
    assert "tiny" in done.output


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_shipped_procedure_can_be_written_as_declare(name: str) -> None:
    assert invoke(name, "--to", "declare").exit_code == 0


def test_one_requirement_is_written_alone() -> None:
    done = invoke("luton", "--to", "declare", "--requirement", "review-date-with-chair")
    constraints = [line for line in done.output.splitlines() if "[review date changed]" in line]
    assert constraints == ["Absence[review date changed] |A.chair_agreed_is_not_yes is yes |"]
    assert done.output.count("\nactivity ") == 1


@pytest.mark.parametrize("language", MACHINES)
def test_a_requirement_is_refused_where_a_language_holds_none(language: str) -> None:
    done = invoke("luton", "--to", language, "--requirement", "review-date-with-chair")
    assert done.exit_code == 2
    assert "promela and declare" in done.output


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    done = invoke("luton", "--to", "bpmn")
    assert done.exit_code == 2
    for language in LANGUAGES:
        assert language in done.output


def test_a_pack_that_can_not_be_used_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: [", encoding="utf-8")
    done = invoke(tmp_path, "--to", "dot")
    assert done.exit_code == 2
    assert "pack.yaml:1" in done.output
