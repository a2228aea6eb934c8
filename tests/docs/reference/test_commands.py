"""The page of the command line: what every command says of itself."""

from __future__ import annotations

import re

import click
import pytest

from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.reference import commands
from cpplan_docs.words.markdown import plain
from cpplan_sim.cli import COMMANDS
from cpplan_sim.commands.group import cpplan


def text() -> str:
    (page,) = commands.pages(Book({}))
    return page.text


def entry(name: str) -> str:
    found = re.search(rf"^## `{name}` .*?(?=^## |\Z)", text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"{name} is not told"
    return found[0]


def command(name: str) -> click.Command:
    found = cpplan.get_command(click.Context(cpplan), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_tells_how_it_is_called_and_each_option(name: str) -> None:
    told = entry(name)
    assert f"cpplan {name} [OPTIONS]" in told
    found = command(name)
    inner = found.commands if isinstance(found, click.Group) else {}
    for below in inner:
        assert f"cpplan {name} {below} [OPTIONS]" in told
    params = [one for each in (found, *inner.values()) for one in each.params]
    options = [one for one in params if isinstance(one, click.Option)]
    assert options
    for option in options:
        assert re.search(rf"^- `[^`]*{option.opts[0]}\b", told, re.MULTILINE), option.opts


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_tells_what_its_help_says(name: str) -> None:
    says = (command(name).help or "").split("\n\n")
    assert all(plain(part) in entry(name) for part in says)


def test_defaults_and_ranges_stand_behind_what_an_option_says() -> None:
    told = entry("check")
    assert "Synthetic cases for each procedure. (default: `250`; `x>=1`)" in told
    assert "- `--report PATH`: Write a page to open in a browser.\n" in told


def test_nothing_of_the_machine_that_writes_the_page_stands_on_it() -> None:
    (line,) = re.findall(r"^- `--workers .*$", entry("simulate"), re.MULTILINE)
    assert line.endswith("by default one for each core. (`x>=1`)")


def test_the_list_of_commands_leads_to_each() -> None:
    for name in COMMANDS:
        assert f"- [`{name}`](#{addresses.command(name).anchor}): " in text()
        assert f"{{#{addresses.command(name).anchor}}}" in entry(name)


def test_help_can_be_asked_for_as_the_page_says() -> None:
    found = map(command, COMMANDS)
    inner = sum(len(one.commands) for one in found if isinstance(one, click.Group))
    assert text().count("- `-h, --help`: ") == len(COMMANDS) + inner + 1


def test_a_new_command_and_its_option_are_told_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @click.command()
    @click.option("--loudly", is_flag=True, help="Say it *loudly*.")
    def sing() -> None:
        """Sing a song."""

    monkeypatch.setitem(COMMANDS, "sing", "Sing.")
    others = type(cpplan).get_command
    monkeypatch.setattr(
        type(cpplan),
        "get_command",
        lambda self, ctx, name: sing if name == "sing" else others(self, ctx, name),
    )
    assert "Sing a song." in entry("sing")
    assert r"- `--loudly`: Say it \*loudly\*." in entry("sing")
