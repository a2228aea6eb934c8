"""What the commands on caseloads share: their options, the run with its progress, their errors."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from cpplan.reading import InvalidFileError
from cpplan_sim.caseload.blocks import Job
from cpplan_sim.caseload.capacity import CapacityError
from cpplan_sim.caseload.caserun import CaseError
from cpplan_sim.caseload.executors import ClusterError, executor
from cpplan_sim.caseload.exporting import ExportError
from cpplan_sim.caseload.jobs import Setting, filled
from cpplan_sim.caseload.keeping import Keep, KeepError
from cpplan_sim.caseload.profiles import UnknownFigureError
from cpplan_sim.caseload.replaying import MismatchError
from cpplan_sim.caseload.running import BlockError, Ran, run
from cpplan_sim.commands.output import progress, refuse

F = TypeVar("F", bound=Callable[..., Any])

BLOCK = 5_000
"""Cases in a block: less than a second of work, and the most that is lost with a worker."""

MOST = 2**63 - 1
"""The largest seed, and number of a case."""

DAY = click.DateTime(formats=["%Y-%m-%d"])


OPTIONS = (
    click.option(
        "--cases", default=100_000, show_default=True, type=click.IntRange(1), help="How many."
    ),
    click.option(
        "--seed", default=1, show_default=True, type=click.IntRange(0, MOST), help="Which run."
    ),
    click.option(
        "--profile",
        default="england-2024",
        show_default=True,
        help="How people behave: a shipped profile, or a file.",
    ),
    click.option(
        "--figure",
        "figures",
        multiple=True,
        metavar="PATH=NUMBER",
        help="Set a figure of the profile; again for more.",
    ),
    click.option(
        "--from",
        "opens",
        type=DAY,
        default="2019-04-01",
        show_default=True,
        help="The first day on which a case opens.",
    ),
    click.option(
        "--to",
        "closes",
        type=DAY,
        default="2024-03-31",
        show_default=True,
        help="The last day that is looked at.",
    ),
    click.option(
        "--fill",
        default=None,
        help="Who speaks where a procedure is silent. Where no rule ends a plan, endings are taken"
        " from standards unless this says otherwise; --fill '' takes nothing.",
    ),
    click.option(
        "--workers",
        default=os.cpu_count() or 1,
        type=click.IntRange(1),
        help="Processes on this machine; by default one for each core.",
    ),
    click.option(
        "--cluster",
        default="",
        metavar="ADDRESS",
        help="A Dask scheduler, as tcp://host:8786, or local:N for N processes.",
    ),
    click.option(
        "--keep",
        default="",
        metavar="FOLDER",
        help="Keep finished blocks here (or in an object store), and go on from them.",
    ),
    click.option(
        "--block",
        default=BLOCK,
        show_default=True,
        type=click.IntRange(1),
        help="Cases in a block. No figure depends on it.",
    ),
)


def run_options(function: F) -> F:
    """Add the options on how many cases are run, which, and where."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


def setting_of(procedure: str, given: dict[str, Any], values: dict[str, int]) -> Setting:
    """Return what a procedure's cases are run under."""
    if given["closes"] <= given["opens"]:
        raise click.UsageError("--to has to be after --from")
    return Setting(
        procedure=procedure,
        fill=filled(procedure, given["fill"]),
        values=tuple(sorted(values.items())),
        profile=given["profile"],
        figures=tuple(sorted(pairs(given["figures"], float).items())),
        opens=_day(given["opens"]),
        closes=_day(given["closes"]),
    )


def _day(day: dt.datetime) -> dt.date:
    return day.date()


def pairs(given: tuple[str, ...], kind: Callable[[str], Any]) -> dict[str, Any]:
    """Return ``name=number`` options as a mapping."""
    found = {}
    for text in given:
        name, equals, number = text.partition("=")
        try:
            found[name] = kind(number)
        except ValueError:
            equals = ""
        if not equals or not name:
            raise click.UsageError(f"{text!r} is not a name and a number, as some-limit=6")
    return found


def ran(job: Job, given: dict[str, Any], title: str) -> Ran:
    """Run a job, with its progress, the rate and the time left; Ctrl-C leaves what is done."""
    cases = given["cases"]
    keep = Keep(given["keep"]) if given["keep"] else None
    pool = functools.partial(executor, given["workers"], given["cluster"])
    with progress(title, "cases") as told:
        done = run(
            job,
            cases,
            size=given["block"],
            executor=pool,
            keep=keep,
            told=lambda number: told(number, cases),
        )
    if done.left:
        _tell_how_to_go_on(done, given)
    return done


def _tell_how_to_go_on(done: Ran, given: dict[str, Any]) -> None:
    left = sum(block.cases for block in done.left)
    click.secho(
        f"Stopped with {left} cases left; what follows is of the others.", fg="yellow", err=True
    )
    how = "Run the same command again" if given["keep"] else "With --keep FOLDER, run again"
    click.echo(f"{how}, and it goes on from the blocks that are done.", err=True)


FAILURES = (BlockError, CaseError, MismatchError)
"""What goes wrong with a run: a case that can't be run, or differs from the kernel."""

MISTAKES = (CapacityError, ClusterError, ExportError, KeepError, UnknownFigureError)
"""What is wrong with what was asked, or where it was to be done."""


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn what can go wrong into a message; exit with 1 for a failed run, 2 for a mistake."""
    try:
        yield
    except InvalidFileError as error:
        refuse(error)
    except FAILURES as error:
        click.secho(str(error), fg="red", err=True)
        raise SystemExit(1) from error
    except MISTAKES as error:
        click.secho(str(error), fg="red", err=True)
        raise SystemExit(2) from error


def plain(_instance: object, _field: object, value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value
