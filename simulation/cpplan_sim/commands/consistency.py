"""``cpplan consistency``: whether the dated duties can be met together, on every start date."""

from __future__ import annotations

import click

from cpplan import PROCEDURES, load
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, refuse, table, tell
from cpplan_sim.consistency.examining import examine
from cpplan_sim.consistency.findings import Consistency, as_data
from cpplan_sim.telling_deadlines import lines_of

HEADINGS = (
    "procedure",
    "calendar",
    "duties",
    "dated",
    "openings",
    "due dates examined",
    "periods examined",
    "pairs examined",
    "start dates",
    "contradic- tions",
    "never in time",
    "unde- cided",
)


@click.command("consistency")
@click.argument("procedures", nargs=-1)
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@click.option(
    "--calendar", default="", help="Another calendar, by name or file: jersey, scotland, ..."
)
@click.option(
    "--set",
    "figures",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Another figure, or one that has to be chosen first.",
)
@click.option("--duties", "every", is_flag=True, help="Tell the margin of every dated duty.")
@FORMAT
def command(
    procedures: tuple[str, ...],
    *,
    fill: str,
    calendar: str,
    figures: tuple[str, ...],
    every: bool,
    form: str,
) -> None:
    """Tell whether the dated duties of PROCEDURES can be met in time, alone and together.

    Names of shipped procedures, or folders of your own; all shipped ones by default. Each start
    date of the calendar counts. Exits with 1 if duties contradict each other from some start date,
    something is undecided, or nothing was examined; with 2 if a file can't be used.
    """
    chosen = _chosen(figures)
    try:
        found = [
            examine(load(name, fill=fill, values=chosen, calendar=calendar))
            for name in procedures or PROCEDURES
        ]
    except InvalidFileError as error:
        refuse(error)
    if form == "json":
        as_json([as_data(one) for one in found])
    else:
        table(HEADINGS, [_row(one) for one in found])
        for one in found:
            tell(lines_of(one, every=every))
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _chosen(figures: tuple[str, ...]) -> dict[str, int]:
    chosen = {}
    for one in figures:
        name, _, number = one.partition("=")
        if not number.isdecimal():
            raise click.BadParameter(f"{one!r} is not NAME=NUMBER", param_hint="--set")
        chosen[name] = int(number)
    return chosen


def _row(one: Consistency) -> list[str]:
    counts, alone = one.counts, len(one.never_in_time)
    procedure = one.procedure
    figures = [
        counts.duties,
        counts.dated,
        counts.openings,
        counts.limits,
        counts.waits,
        counts.pairs,
        counts.dates,
        len(one.contradictions) - alone,
        alone,
        len(one.undecided),
    ]
    name = procedure.name + ("+" if procedure.filled else "")
    return [name, procedure.calendar.jurisdiction, *map(str, figures)]
