"""``cpplan explore``: long dated histories, in which the kernel is held against other answers."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from cpplan import PROCEDURES, load
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table
from cpplan_sim.exploring.explored import Explored
from cpplan_sim.exploring.shrinking import Shrunk
from cpplan_sim.exploring.telling import as_data, file_name, scenario
from cpplan_sim.exploring.things import Sort
from cpplan_sim.writing import Source

HEADINGS = (
    "procedure",
    "histories told",
    "events accepted",
    "events refused",
    "longest history",
    "rules exercised",
    "codes exercised",
    "statuses exercised",
    "can't be exercised",
    "never exercised",
    "differences found",
)

LEAST = 5
"""How many of the least exercised are told."""


@click.command("explore")
@click.argument("procedures", nargs=-1)
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=150,
    show_default=True,
    help="Histories for each procedure.",
)
@click.option("--seed", default=0, show_default=True, help="Which histories.")
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for the scenario files of differences.",
)
@click.option("--counts", is_flag=True, help="Tell how often each thing was exercised.")
@FORMAT
def command(
    procedures: tuple[str, ...],
    *,
    examples: int,
    seed: int,
    fill: str,
    out: Path | None,
    counts: bool,
    form: str,
) -> None:
    """Explore PROCEDURES: names of shipped ones, or folders of your own. All shipped by default.

    Exits with 1 if the kernel differs from what it is held against, or if a rule, a refusal code or
    a duty's status was never exercised though nothing shows that it can't be; with 2 if a file
    can't be used.
    """
    explore = _explorer()
    names = procedures or PROCEDURES
    try:
        loaded = [(load(name, fill=fill), Source(procedure=name, fill=fill)) for name in names]
    except InvalidFileError as error:
        refuse(error)
    found = []
    for procedure, _ in loaded:
        with progress(procedure.name, "histories") as told:
            found.append(explore(procedure, examples, seed=seed, progress=told))
    files = [_write(*each, out) for each in zip(found, [s for _, s in loaded], strict=True)]
    if form == "json":
        as_json(
            [
                {**as_data(one), "files": [str(file) for file in written]}
                for one, written in zip(found, files, strict=True)
            ]
        )
    else:
        table(HEADINGS, [_row(one) for one in found])
        for one, written in zip(found, files, strict=True):
            _details(one, written, counts=counts)
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _explorer() -> Callable[..., Explored]:
    """Return what explores; without its extra, say what to install and stop with exit code 2."""
    try:
        explorer = importlib.import_module("cpplan_sim.exploring.explorer")
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        click.echo("cpplan explore needs Hypothesis: pip install 'cpplan[explore]'", err=True)
        raise SystemExit(2) from error
    found: Callable[..., Explored] = explorer.explore
    return found


def _write(explored: Explored, source: Source, out: Path | None) -> list[Path]:
    """Write a scenario file for each difference, if a folder was given."""
    if out is None or not explored.differences:
        return []
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for one in explored.differences:
        file = out / file_name(explored.procedure, one.difference)
        file.write_text(scenario(explored.procedure, one, source, out), encoding="utf-8")
        files.append(file)
    return files


def _row(one: Explored) -> list[str]:
    seen = one.exercise
    name = one.procedure.name + ("+" if one.procedure.filled else "")
    figures = [
        seen.histories,
        seen.accepted,
        seen.refused,
        seen.longest,
        *(_share(one, sort) for sort in Sort),
        len(one.excused),
        len(one.unseen),
        len(one.differences),
    ]
    return [name, *map(str, figures)]


def _share(one: Explored, sort: Sort) -> str:
    times = [count for thing, count in one.counts.items() if thing.sort is sort]
    return f"{sum(map(bool, times))}/{len(times)}"


def _details(one: Explored, files: list[Path], *, counts: bool) -> None:
    """Tell each difference with its history, what was never exercised, and what was least."""
    name = one.procedure.name
    for found in one.differences:
        _difference(name, found)
    for file in files:
        click.echo(f"{name}: written: {file}")
    if one.stopped:
        click.echo(f"{name}: stopped at {len(one.differences)} differences; there may be more")
    for thing in one.unseen:
        click.secho(f"{name}: never exercised, and nothing shows why: {thing}", fg="red")
    for thing in one.wrongly_excused:
        click.secho(f"{name}: exercised, though a reason was found why not: {thing}", fg="red")
    for why, times in Counter(one.excused.values()).most_common():
        click.echo(f"{name}: {times} can't be exercised: {why}")
    seen = sorted((times, str(thing)) for thing, times in one.counts.items() if times)
    for times, what in seen if counts else seen[:LEAST]:
        click.echo(f"{name}: {times:>9,} times: {what}")


def _difference(name: str, found: Shrunk) -> None:
    difference = found.difference
    cited = f" [{', '.join(difference.cites)}]" if difference.cites else ""
    click.secho(
        f"{name}: {difference.oracle}: {difference.subject}: {difference.says}{cited}", fg="red"
    )
    for moment in found.moments:
        moved = f"  -> {moment.after}" if moment.after != moment.before else ""
        refused = "" if moment.recorded else "  (refused)"
        click.echo(f"    {moment.event.on}  {moment.event.kind.replace('-', ' ')}{moved}{refused}")
