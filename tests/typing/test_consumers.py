"""Whoever misspells an event or a field is told so by mypy and by pyright, before anything runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.typing.checkers import CHECKERS, Findings, installed, mypy

# One process for all of them: they share the wheel, and what the checkers find.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("typing")]

DATA = Path(__file__).parent / "data"
EXAMPLES = Path(__file__).parents[2] / "examples"
FAULTLESS = (DATA / "right.py", EXAMPLES / "sqlite_host.py", EXAMPLES / "litestar_host.py")
MARK = "# wrong: "
WRONG = (DATA / "wrong.txt").read_text(encoding="utf-8").splitlines()
MISTAKES = {
    number: line.partition(MARK)[2] for number, line in enumerate(WRONG, start=1) if MARK in line
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module", params=CHECKERS)
def everything(
    request: pytest.FixtureRequest, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Findings:
    """What a checker finds in the consumers, and in the examples as somebody would copy them."""
    folder = tmp_path_factory.mktemp("consumers")
    shutil.copyfile(DATA / "wrong.txt", folder / "wrong.py")
    for file in FAULTLESS:
        shutil.copyfile(file, folder / file.name)
    return CHECKERS[request.param](environment, folder)


@pytest.fixture
def found(everything: Findings) -> dict[int, list[str]]:
    """What a checker finds in the consumer that gets much wrong, by line."""
    return everything["wrong.py"]


@pytest.mark.parametrize("line", MISTAKES, ids=MISTAKES.get)
def test_a_mistake_is_found_on_its_line(found: dict[int, list[str]], line: int) -> None:
    assert found.get(line), WRONG[line - 1]


def test_nothing_else_is_found(found: dict[int, list[str]]) -> None:
    assert {line: said for line, said in found.items() if line not in MISTAKES} == {}


def test_a_misspelt_field_is_named(found: dict[int, list[str]]) -> None:
    (line,) = (number for number, what in MISTAKES.items() if what == "a misspelt field")
    assert any("pre_brith" in message for message in found[line])


@pytest.mark.parametrize("file", FAULTLESS, ids=lambda file: file.name)
def test_who_makes_no_mistake_is_told_of_none(everything: Findings, file: Path) -> None:
    assert everything.get(file.name, {}) == {}


def test_the_consumer_that_makes_no_mistake_runs_on_the_wheel(
    environment: Path, tmp_path: Path
) -> None:
    command = [f"{environment}/bin/python", str(DATA / "right.py"), "plans.db"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "did you mean visit-made?" in done.stdout


def test_without_the_mark_that_the_wheel_bears_its_types_would_not_be_seen(
    environment: Path, tmp_path: Path
) -> None:
    unmarked = Path(shutil.copytree(environment, tmp_path / "unmarked", symlinks=True))
    (mark,) = unmarked.glob("lib/python*/site-packages/cpplan/py.typed")
    mark.unlink()
    folder = tmp_path / "consumer"
    folder.mkdir()
    (folder / "consumer.py").write_text("import cpplan\n", encoding="utf-8")
    ((_, said),) = mypy(unmarked, folder)["consumer.py"].items()
    assert any("py.typed" in message for message in said)
