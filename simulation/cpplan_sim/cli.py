"""The command line's door: knows the commands by name, and loads the one that is asked for.

So that help and errors come at once, nothing heavy is imported here.
"""

from __future__ import annotations

import importlib
import sys

COMMANDS = {
    "check": "Check procedures: account, scenarios, synthetic cases, requirements.",
    "run": "Tell the story of told cases, and hold them against what they expect.",
    "coverage": "Print what enforces, tracks, records or excuses each clause.",
}


def main() -> None:
    """Run the command line; without its extra, say what to install."""
    try:
        import click  # noqa: F401, PLC0415  # tried here so that its absence is told in a sentence
    except ModuleNotFoundError:
        sys.exit("The command line needs click, jinja2 and rich: pip install 'cpplan[cli]'")
    importlib.import_module("cpplan_sim.commands.group").cpplan()
