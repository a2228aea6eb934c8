"""An empty folder to work in, where ``cpplan`` and ``python`` are those of this checkout."""

import os
import re
import shlex
import subprocess
import sys
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]
PROGRAM = "from cpplan_sim.cli import main; main()"


@attrs.frozen
class Command:
    """A command as a page shows it.

    Attributes:
        text: what is typed.
        shown: what the page says that it prints; empty where it shows nothing.
    """

    text: str
    shown: str = ""


@attrs.frozen
class Workplace:
    """A folder in which commands are given."""

    folder: Path
    tools: Path

    @classmethod
    def empty(cls, folder: Path) -> "Workplace":
        """Return an empty workplace somewhere below a folder, with its tools beside it."""
        place = cls(folder / "work", folder / "tools")
        place.folder.mkdir()
        place.tools.mkdir()
        place._tool("cpplan", f"{shlex.quote(sys.executable)} -c {shlex.quote(PROGRAM)}")
        place._tool("python", shlex.quote(sys.executable))
        return place

    @classmethod
    def checkout(cls, folder: Path) -> "Workplace":
        """Return a workplace that looks like the top of the checkout, as far as pages ask."""
        place = cls.empty(folder)
        for name in ("kernel", "scenarios"):
            (place.folder / name).symlink_to(ROOT / name)
        return place

    def write(self, name: str, text: str) -> Path:
        """Write a file below the folder, and return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def give(self, command: Command, exits: int = 0) -> str:
        """Give a command, and return what is wrong with what came of it; empty if all is well."""
        done = subprocess.run(
            ["bash", "-euc", command.text],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        told = f"$ {command.text}\n{done.stdout}{done.stderr}"
        if done.returncode != exits:
            return f"exited with {done.returncode}, not {exits}:\n{told}"
        if command.shown and not _alike(command.shown, done.stdout):
            return f"does not print what is shown:\n{told}"
        return ""

    def _tool(self, name: str, runs: str) -> None:
        path = self.tools / name
        path.write_text(f'#!/bin/sh\nexec {runs} "$@"\n', encoding="utf-8")
        path.chmod(0o755)

    def _environment(self) -> dict[str, str]:
        roots = (str(ROOT / name) for name in ("kernel", "simulation"))
        return {
            **os.environ,
            "PATH": os.pathsep.join((str(self.tools), os.environ["PATH"])),
            "PYTHONPATH": os.pathsep.join(roots),
            "COLUMNS": "80",
        }


def commands(block: str) -> list[Command]:
    """Return the commands of a block that has a ``$`` before each, with what they print."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    if parts[0].strip():
        raise ValueError(f"no command stands before {parts[0].splitlines()[0]!r}")
    return [_command(part) for part in parts[1:]]


def _command(part: str) -> Command:
    lines = part.splitlines()
    typed = [lines.pop(0)]
    while typed[-1].endswith("\\"):
        typed.append(lines.pop(0))
    return Command("\n".join(typed), "\n".join(lines).strip("\n"))


def script(block: str) -> list[Command]:
    """Return the commands of a block that holds nothing else, one to a line."""
    joined = block.replace("\\\n", " ")
    return [Command(line) for line in joined.splitlines() if line and not line.startswith("#")]


def _alike(shown: str, printed: str) -> bool:
    """Whether text is as shown; ``...`` stands for anything, spaces at the end for nothing."""
    wanted, got = (
        "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"
        for text in (shown, printed)
    )
    return OutputChecker().check_output(wanted, got, ELLIPSIS)
