"""The reference of the command line: every command with its arguments and options.

All of it is what the commands say of themselves, so that the page and ``--help`` are one.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_sim.cli import COMMANDS, HELP
from cpplan_sim.commands.group import cpplan

PATH = "reference/command-line.md"
NAME = "cpplan"


def pages(_: Book) -> Iterator[Page]:
    """Yield the page of all commands."""
    context = click.Context(cpplan, info_name=NAME, **cpplan.context_settings)
    names = cpplan.list_commands(context)
    yield Page(
        PATH,
        "Command line",
        page(
            heading(1, "Command line"),
            _usage(context),
            *map(plain, _of_the_whole()),
            _told(cpplan, context),
            "Commands:",
            bullets(_listed(name) for name in names),
            *(_command(name, context) for name in names),
        ),
    )


def _of_the_whole() -> Iterator[str]:
    """Yield what the help on the whole says in sentences: its indented paragraphs."""
    yield from (part for part in HELP.split("\n\n") if part.startswith("  "))


def _listed(name: str) -> str:
    return f"{link(code(name), addresses.command(name), PATH)}: {plain(COMMANDS[name])}"


def _command(name: str, above: click.Context) -> str:
    """Return one command: how it is called, what it does, what it can be given."""
    command = cpplan.get_command(above, name)
    assert command is not None, "the group knows each command that it lists"
    context = click.Context(command, info_name=name, parent=above)
    inner = command.commands.items() if isinstance(command, click.Group) else ()
    return page(
        heading(2, code(name), addresses.command(name).anchor),
        _body(command, context),
        *(_inner(name, one, below, context) for one, below in inner),
    )


def _inner(outer: str, name: str, command: click.Command, above: click.Context) -> str:
    """Return a command of a command."""
    full = f"{outer} {name}"
    context = click.Context(command, info_name=name, parent=above)
    return page(heading(3, code(full), addresses.command(full).anchor), _body(command, context))


def _body(command: click.Command, context: click.Context) -> str:
    told = map(plain, (command.help or "").split("\n\n"))
    return page(_usage(context), *told, _told(command, context))


def _usage(context: click.Context) -> str:
    """Return the line by which a command is called."""
    pieces = context.command.collect_usage_pieces(context)
    return f"```text\n{' '.join([context.command_path, *pieces])}\n```"


def _told(command: click.Command, context: click.Context) -> str:
    """Return the options of a command as its help tells them; arguments are told in sentences."""
    found = (one.get_help_record(context) for one in command.get_params(context))
    told = (record for record in found if record is not None and record[1])
    return bullets(f"{code(name)}: {_says(says)}" for name, says in told)


def _says(says: str) -> str:
    """Return the help of an option, with what click adds in brackets as code."""
    text, bracket, extra = says.partition("  [")
    if not bracket and text.startswith("["):
        text, extra = "", text[1:]
    return " ".join(filter(None, [plain(text), f"({_extra(extra)})" if extra else ""]))


def _extra(extra: str) -> str:
    """Return defaults and ranges in the letters of code: ``default: 250; x>=1``."""
    parts = (part.partition(": ") for part in extra.removesuffix("]").split("; "))
    return "; ".join(f"{key}: {code(value)}" if colon else code(key) for key, colon, value in parts)
