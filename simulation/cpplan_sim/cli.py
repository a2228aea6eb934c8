"""The command line's door: knows the commands by name, and loads the one that is asked for.

So that help and errors come at once, nothing heavy is imported here.
"""

from __future__ import annotations

import importlib
import sys

COMMANDS = {
    "check": "Check procedures: account, scenarios, synthetic cases, requirements.",
    "explore": "Tell long random histories, and hold the kernel against other answers.",
    "run": "Tell the story of told cases, and hold them against what they expect.",
    "witness": "Find a shortest history to each rule and state, or that there is none.",
    "endings": "Tell what each ending can't do without, and the ways round the rest.",
    "coverage": "Print what enforces, tracks, records or excuses each clause.",
    "consistency": "Tell which deadlines can't be met together, or at all.",
    "second-opinion": "Have each requirement judged by SPIN too, and compare the verdicts.",
    "export": "Write a procedure for other tools: Mermaid, DOT, SCXML, XState, Promela, DECLARE.",
    "diff": "Tell what differs between two procedures, by the shortest histories.",
    "simulate": "Run a synthetic caseload, and tell what is late, lasts and is refused.",
    "compare": "Compare two procedures, or one with figures changed, on the same cases.",
    "calibrate": "Fit a behaviour profile to published tables, and tell the misses.",
    "adequacy": "Take out one thing at a time, and see whether a requirement notices.",
    "store": "Keep plans' histories in a database: make it, add, verify, take along.",
    "serve": "Serve a store's plans over HTTP, to whoever bears a token.",
    "due": "Tell what is overdue on a day over a whole store, by duty and by team.",
    "tolerance": "Tell how many guards must fail before a plan can end unlawfully.",
}


HELP = """\
Usage: cpplan [OPTIONS] COMMAND [ARGS]...

  Child protection plan procedures, executable: check them, and run cases
  under them.

  Not legal advice. The procedures are paraphrased from published sources,
  each with its date.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
{commands}"""


def help_text() -> str:
    """Return the help on the whole command line."""
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{width}}  {says}" for name, says in COMMANDS.items())
    return HELP.format(commands=listed)


def main() -> None:
    """Run the command line; without its extra, say what to install.

    Help on the whole is given without the extra, which alone takes four times as long to import as
    Python takes to start.
    """
    if sys.argv[1:] in ([], ["-h"], ["--help"]):
        sys.stdout.write(help_text() + "\n")
        return
    try:
        import click  # noqa: F401, PLC0415  # tried here so that its absence is told in a sentence
    except ModuleNotFoundError:
        sys.exit("The command line needs click, jinja2 and rich: pip install 'cpplan[cli]'")
    importlib.import_module("cpplan_sim.commands.group").cpplan()
