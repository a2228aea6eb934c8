"""The README: its commands do what it says, and its links lead somewhere.

Its blocks of code are tried in ``docs/test_code_blocks.py``.
"""

import doctest
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpplan.packs import FOLDER
from cpplan_sim.commands.group import cpplan

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")


@pytest.fixture
def own_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the standards in the current folder, beside the scenarios."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    shutil.copytree(FOLDER / "standards", tmp_path / "my-standards")
    return tmp_path / "my-standards"


def invoke(command: str, *more: str) -> Result:
    return CliRunner().invoke(cpplan, [*command.split()[1:], *more])


COMMANDS = {
    "cpplan check london --fill composite": ("--cases", "5", "--no-prove"),
    "cpplan coverage": (),
    "cpplan endings standards": (),
    "cpplan witness standards --out told": (),
}
"""The commands within the README's sentences, with what makes them quick."""


def test_every_command_in_a_sentence_is_tested_here() -> None:
    named = set(re.findall(r"`(cpplan [^`]+)`", TEXT))
    assert {one for one in named if "FILE" not in one} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_shown_can_be_given(command: str, own_pack: Path) -> None:
    told = invoke(command, *COMMANDS[command])
    # So few cases exercise too little to pass; 2 would mean that something can't be used.
    assert told.exit_code in ((0, 1) if "--cases" in COMMANDS[command] else (0,)), told.output
    assert told.stdout


def test_dropping_unanimous_makes_the_check_fail_with_the_clause_and_the_case(
    own_pack: Path,
) -> None:
    rules = (own_pack / "rules.yaml").read_text(encoding="utf-8")
    kept = [line for line in rules.splitlines() if "field: unanimous" not in line]
    (own_pack / "rules.yaml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    told = invoke("cpplan check my-standards", "--cases", "60", "--no-prove")
    assert len(kept) == len(rules.splitlines()) - 1
    assert told.exit_code == 1
    assert "broken: The letter route is never opened without unanimous agreement." in told.stdout
    assert "[standards/12d]" in told.stdout
    assert re.search(r"case \d+, attempt \d+: letter-route-agreed on 20", told.stdout)


def test_from_the_installation_to_a_stored_plan_it_takes_ten_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, _, after = TEXT.partition("`pip install 'cpplan[store]'`")
    block = after.partition("```python\n")[2].partition("```")[0]
    lines = doctest.DocTestParser().get_doctest(block, {}, "README", None, 0)
    assert 0 < len(lines.examples) <= 10
    assert all(line.source.count("\n") == 1 for line in lines.examples)
    assert doctest.DocTestRunner().run(lines) == (0, len(lines.examples))
    with closing(sqlite3.connect("plans.db")) as kept:
        assert kept.execute("SELECT plan, version FROM cpplan_entries").fetchall() == [
            ("plan-1", 1)
        ]


def test_every_link_and_every_place_of_the_walk_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [one for one in links if "://" not in one and not (ROOT / one).exists()] == []
    places = re.findall(r"(?:kernel|simulation|scenarios)/[\w/.-]*", TEXT)
    assert len(places) > 4
    assert [one for one in places if not (ROOT / one.rstrip(".")).exists()] == []


def test_make_has_the_targets_that_it_names() -> None:
    named = re.findall(r"^make (\w+)", TEXT, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named == ["demo", "test"]
    for target in named:
        assert re.search(rf"^{target}\b.*:", makefile, re.MULTILINE)
