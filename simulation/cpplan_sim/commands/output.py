"""Writing for a person or a machine: tables, tones, progress and errors.

Colours and live progress only on a terminal; elsewhere plain text that can be read and compared.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from cpplan.reading import InvalidFileError
from cpplan_sim.story import Line, Tone

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For a person or for a machine.",
)

_STYLES: dict[Tone, dict[str, Any]] = {
    Tone.TITLE: {"bold": True},
    Tone.PLAIN: {},
    Tone.GOOD: {"fg": "green"},
    Tone.WARNING: {"fg": "yellow"},
    Tone.BAD: {"fg": "red"},
    Tone.QUIET: {"dim": True},
}


def tell(lines: Iterable[Line]) -> None:
    """Print lines in their tones; click leaves the colours out where there is no terminal."""
    for line in lines:
        click.secho(line.text, **_STYLES[line.tone])


def as_json(data: Any) -> None:
    """Print data for a machine."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with rich on a terminal, else in plain columns."""
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415  # only on a terminal
        from rich.table import Table  # noqa: PLC0415  # only on a terminal

        made = Table(header_style="bold")
        for number, heading in enumerate(headings):
            made.add_column(heading, justify="right" if number else "left")
        for row in rows:
            made.add_row(*row)
        Console().print(made)
        return
    widths = [max(map(len, column)) for column in zip(*_words(headings), *rows, strict=True)]
    for row in (*_words(headings), *rows):
        cells = [
            cell.rjust(w) if n else cell.ljust(w)
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def _words(headings: Sequence[str]) -> list[list[str]]:
    """Return headings as lines of words, so that a long one makes no wide column."""
    split = [heading.split() for heading in headings]
    most = max(map(len, split))
    return [
        [words[n - most] if n - most >= -len(words) else "" for words in split] for n in range(most)
    ]


@contextmanager
def progress(title: str, things: str = "cases and proofs") -> Iterator[Callable[[int, int], None]]:
    """Show how far something is: a bar on a terminal, a line now and then elsewhere.

    Args:
        title: what is done.
        things: what is counted.

    Yields:
        a function to be told how many are done, of how many.
    """
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415  # only on a terminal
        from rich.progress import Progress, TextColumn  # noqa: PLC0415  # only on a terminal

        columns = (*Progress.get_default_columns(), TextColumn("{task.fields[rate]}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=None, rate="")

            def told(done: int, of: int) -> None:
                speed = bar.tasks[0].speed
                bar.update(task, completed=done, total=of, rate=f"{speed:,.0f}/s" if speed else "")

            yield told
        return

    quarters = 0

    def line(done: int, of: int) -> None:
        nonlocal quarters
        # Whoever tells may skip the very number at which a quarter is done.
        if (now := 4 * done // max(1, of)) > quarters:
            quarters = now
            click.echo(f"{title}: {done} of {of} {things}", err=True)

    yield line


@contextmanager
def writing(out: Path) -> Iterator[IO[str]]:
    """Open a file to be written that stays as it is until all of it is; ``-`` for standard output.

    What is no file, such as a pipe, is written as it comes. Stops with 2 if it can't be written.
    """
    standard = str(out) == "-" or _is_standard_output(out)
    try:
        with _standard_output() if standard else _opened(out) as lines:
            yield lines
    except BrokenPipeError:  # whoever reads it has enough, and click ends quietly
        raise
    except OSError as error:
        name = "standard output" if standard else out
        click.secho(f"{name} can't be written: {error.strerror or error}", fg="red", err=True)
        raise SystemExit(2) from error


def _is_standard_output(out: Path) -> bool:
    """Return whether a path, such as /dev/stdout, is what standard output goes to."""
    with suppress(OSError):
        return os.path.samestat(out.stat(), os.fstat(1))
    return False


@contextmanager
def _standard_output() -> Iterator[IO[str]]:
    with click.open_file("-", "w", encoding="utf-8") as lines:
        yield lines
        lines.flush()


def _opened(out: Path) -> AbstractContextManager[IO[str]]:
    if out.exists() and not out.is_file():
        return out.open("w", encoding="utf-8")
    return _replacing(out.resolve())


@contextmanager
def _replacing(whole: Path) -> Iterator[IO[str]]:
    """Write beside a file, under a name of its own, and put it in its place once it is whole."""
    half = whole.with_name(f".cpplan-{secrets.token_hex(8)}")
    try:
        with half.open("x", encoding="utf-8") as lines:
            yield lines
        if whole.exists():
            shutil.copymode(whole, half)
        half.replace(whole)
    finally:
        half.unlink(missing_ok=True)


def refuse(error: InvalidFileError) -> NoReturn:
    """Print every problem in a file and stop with exit code 2."""
    for problem in error.problems:
        click.secho(str(problem), fg="red", err=True)
    number = len(error.problems)
    click.echo(f"{number} problem{'' if number == 1 else 's'}. Nothing was run.", err=True)
    raise SystemExit(2)
