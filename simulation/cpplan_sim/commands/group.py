"""The group of commands: names and help are known at once, each command is loaded on demand."""

from __future__ import annotations

import importlib
from typing import Any

import click

from cpplan_sim.cli import COMMANDS, help_text

EXTRAS = {"litestar": "http", "psycopg": "store", "sqlalchemy": "store", "uvicorn": "http"}
"""What to install when a library is missing that a command begins with."""


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the commands in the order of their list."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = _module(cmd_name).command
        return command

    def get_help(self, _: click.Context) -> str:
        """Return the help that the door gives too, where it can be had without loading anything."""
        return help_text()


def _module(name: str) -> Any:
    try:
        return importlib.import_module(f"cpplan_sim.commands.{name.replace('-', '_')}")
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name or "")
        if extra is None:
            raise
        says = f"cpplan {name} needs {error.name}: pip install 'cpplan[cli,{extra}]'"
        raise click.ClickException(says) from error


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cpplan")
def cpplan(**_: Any) -> None:
    """Run the command that is named."""
