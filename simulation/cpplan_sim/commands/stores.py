"""What the commands on a store share: where it is, the editions, and how its errors are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cpplan import PROCEDURES, load
from cpplan.procedures import Procedure
from cpplan.reading import InvalidFileError
from cpplan.store import InvalidAddressError, InvalidRowError, StoreError
from cpplan.store.lines import InvalidLinesError
from cpplan_sim.commands.output import refuse

STORE = click.option(
    "--store",
    "where",
    required=True,
    envvar="CPPLAN_STORE",
    metavar="PATH|ADDRESS",
    help="A file of SQLite, or an address such as postgresql://host/name.",
)
EDITIONS = click.option(
    "--procedure",
    "names",
    multiple=True,
    metavar="NAME|FOLDER",
    help="An edition that plans are or were under; again for more. All shipped ones by default.",
)


def editions(names: tuple[str, ...]) -> list[Procedure]:
    """Return the editions that were named, or all that are shipped."""
    try:
        return [load(Path(name) if Path(name).is_dir() else name) for name in names or PROCEDURES]
    except InvalidFileError as error:
        refuse(error)


@contextmanager
def told() -> Iterator[None]:
    """Tell what is wrong with an address, with lines, or with a database, and stop with 2."""
    try:
        yield
    except (StoreError, InvalidAddressError, InvalidRowError) as error:
        click.secho(str(error), fg="red", err=True)
        raise SystemExit(2) from error
    except InvalidLinesError as error:
        for problem in error.problems:
            click.secho(problem, fg="red", err=True)
        click.echo("Nothing was stored.", err=True)
        raise SystemExit(2) from error
