"""``cpplan compare``: two procedures, or one with figures changed, on the same cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from cpplan_sim.caseload.comparison import Comparison, comparison_of
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.jobs import (
    ONE,
    OTHER,
    SQUARES,
    SUMS,
    PairJob,
    Setting,
    part,
)
from cpplan_sim.caseload.numerals import number as shown
from cpplan_sim.caseload.numerals import numbers
from cpplan_sim.caseload.page import write_page
from cpplan_sim.caseload.results import results_of
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.wording import comparison_in_words, verdict
from cpplan_sim.commands.caseloads import errors_told, pairs, plain, ran, run_options, setting_of
from cpplan_sim.commands.output import FORMAT, as_json, table


@click.command("compare")
@click.argument("one")
@click.argument("other", default="")
@run_options
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="VALUE=NUMBER",
    help="Set a figure of the second; again for more.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the comparison as an HTML page.",
)
@FORMAT
def command(one: str, other: str, form: str, **given: Any) -> None:
    """Compare ONE and OTHER, or ONE and what --set makes of it, on the same synthetic cases.

    Both are given the same children, with the same draws for whatever both ask for. So a
    difference is told with the error of a difference within cases, and as noise where it is none.

    Exits with 1 if a case can't be run, or none was finished; with 2 if something that was given is
    wrong.
    """
    values = pairs(given["values"], int)
    if not other and not values:
        raise click.UsageError("Name a second procedure, or change a figure with --set.")
    with errors_told():
        settings = (setting_of(one, given, {}), setting_of(other or one, given, values))
        done = ran(PairJob(*settings, given["seed"]), given, f"{one} and {other or 'changed'}")
        if done.summary is None:
            click.echo("No block of cases was finished, so there is nothing to tell.", err=True)
            raise SystemExit(1)
        compared = _compared(done.summary, settings, given)
        if given["report"]:
            write_page(given["report"], compared.one, compared=compared)
    if form == "json":
        as_json(attrs.asdict(compared, value_serializer=plain))
    else:
        _tell(compared, settings, given["report"])


def _compared(
    summary: Summary, settings: tuple[Setting, Setting], given: dict[str, Any]
) -> Comparison:
    one = _results(part(summary, ONE), settings[0], given)
    other = _results(part(summary, OTHER), settings[1], given)
    return comparison_of(one, other, summary.counts[SUMS], summary.counts[SQUARES])


def _results(summary: Summary, setting: Setting, given: dict[str, Any]) -> Results:
    tables = setting.runner(given["seed"]).tables
    names = (tables, tables.procedure, tables.profile, setting.span)
    results = results_of(summary, *names, given["seed"], given["cases"])
    return attrs.evolve(results, label=setting.label)


def _tell(compared: Comparison, settings: tuple[Setting, Setting], report: Path | None) -> None:
    click.secho(f"{compared.one.label}  against  {compared.other.label}", bold=True)
    for setting in settings:
        if setting.fill:
            told = f"{setting.procedure} is silent on some of this; {setting.fill} speaks there."
            click.echo(told)
    for sentence in comparison_in_words(compared):
        click.echo(sentence)
    click.echo()
    table(
        ["per case", settings[0].procedure, settings[1].procedure, "difference", ""],
        [
            [one.name, shown(one.one), shown(one.other), numbers(one.by), verdict(one)]
            for one in compared.differences
        ],
    )
    if report:
        click.echo(f"The report is in {report}.")
