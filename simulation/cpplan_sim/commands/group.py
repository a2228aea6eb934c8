"""The group of commands: names and help are known at once, each command is loaded on demand."""

from __future__ import annotations

import importlib
from typing import Any

import click

from cpplan_sim.cli import COMMANDS


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the commands in the order of their list."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cpplan_sim.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cpplan")
def cpplan(**_: Any) -> None:
    """Child protection plan procedures, executable: check them, and run cases under them.

    Not legal advice. The procedures are paraphrased from published sources, each with its date.
    """
