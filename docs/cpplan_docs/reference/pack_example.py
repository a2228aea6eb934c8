"""The worked example of a pack: run for the page, so that it shows what a reader would see.

The pack, its faults and the words about them are data, in ``docs/examples/``.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs
from click.testing import CliRunner
from ruamel.yaml import YAML

from cpplan_docs.addresses import Address
from cpplan_docs.pages import Page
from cpplan_docs.words.markdown import code, heading, page
from cpplan_sim.commands.group import cpplan

ADDRESS = Address("reference/changing-a-rule.md")
FILE = Path(__file__).parents[2] / "examples" / "changing-a-rule.yaml"

COMMAND = "The command:"
FIGURES = "It prints the figures of the check:"
SENTENCES = "Below them it says:"


class ExampleError(RuntimeError):
    """The example no longer shows what its words say."""


@attrs.frozen
class Step:
    """One state of the pack.

    Attributes:
        title: what is done.
        says: why.
        files: the files that are new or changed, by name.
        exits: the code with which the command has to end.
        tells: what has to be among what it prints.
        then: what is to be seen in that.
    """

    title: str
    says: str
    files: Mapping[str, str]
    exits: int
    tells: tuple[str, ...]
    then: str


@attrs.frozen
class Example:
    """A pack that changes step by step.

    Attributes:
        title: the heading of its page.
        says: what it is about.
        folder: the name of the pack's folder.
        command: the arguments of ``cpplan``.
        steps: the states of the pack.
    """

    title: str
    says: str
    folder: str
    command: tuple[str, ...]
    steps: tuple[Step, ...]


def pages() -> Iterator[Page]:
    """Yield the page of the example.

    Raises:
        ExampleError: a step does not end as it should, or does not print what it should.
    """
    example = read()
    printed = told(example)
    steps = (_step(example, *one) for one in zip(example.steps, printed, strict=True))
    text = page(heading(1, example.title), example.says, *steps)
    yield Page(ADDRESS.path, example.title, text)


def read(file: Path = FILE) -> Example:
    """Return the example that a file tells."""
    data = YAML(typ="safe").load(file)
    steps = tuple(Step(**{**one, "tells": tuple(one["tells"])}) for one in data.pop("steps"))
    return Example(**{**data, "command": tuple(data["command"])}, steps=steps)


def told(example: Example) -> tuple[str, ...]:
    """Return what the command prints at each step, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        return tuple(_run(example, step) for step in example.steps)


def _run(example: Example, step: Step) -> str:
    folder = Path(example.folder)
    folder.mkdir(exist_ok=True)
    for name, text in step.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cpplan, example.command)
    missing = [text for text in step.tells if text not in result.stdout]
    if result.exit_code != step.exits or missing:
        wrong = f"ended with {result.exit_code}, not {step.exits}; missing: {missing}"
        raise ExampleError(f"{step.title}: {wrong}\n{result.output}")
    return result.stdout


def _step(example: Example, step: Step, printed: str) -> str:
    """Return a step: the files that it changes, the command and its output, what to see there."""
    figures, sentences = parted(printed, example.folder)
    return page(
        heading(2, step.title),
        step.says,
        *(part for name, text in step.files.items() for part in _file(example.folder, name, text)),
        COMMAND,
        _block("bash", " ".join(["cpplan", *example.command])),
        FIGURES,
        _block("text", figures),
        SENTENCES,
        _block("{.text .wrapped}", sentences),
        step.then,
    )


def parted(printed: str, pack: str) -> tuple[str, str]:
    """Return the table that a check prints, and what it says below that of a pack by its name."""
    lines = printed.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(f"{pack}: ")), len(lines))
    return "\n".join(lines[:first]), "\n".join(lines[first:])


def _file(folder: str, name: str, text: str) -> Iterable[str]:
    return (f"{code(f'{folder}/{name}')}:", _block("yaml", text))


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
