"""``cpplan calibrate``: fit a profile to published tables, and print fit and residuals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cpplan_sim.caseload.calibrating import Calibration, Calibrator, rounded
from cpplan_sim.caseload.fitting import FittingError
from cpplan_sim.caseload.jobs import Setting, filled
from cpplan_sim.caseload.published import NotPublishedError, RefusedTableError
from cpplan_sim.caseload.published_reading import read_published
from cpplan_sim.caseload.residuals import Residual, ResidualsError, as_markdown, placed
from cpplan_sim.commands.caseloads import errors_told
from cpplan_sim.commands.output import FORMAT, as_json, table

FAILURES = (FittingError, NotPublishedError, RefusedTableError, ResidualsError)


@click.command("calibrate")
@click.argument("procedure", default="composite")
@click.option(
    "--profile",
    default="england-2024",
    show_default=True,
    help="The profile: a shipped one, or a file.",
)
@click.option(
    "--cases",
    default=30_000,
    show_default=True,
    type=click.IntRange(1_000),
    help="Cases in each run.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of all runs.")
@click.option(
    "--year", default=2024, show_default=True, help="The year to 31 March that is fitted."
)
@click.option(
    "--compare",
    "comparing",
    is_flag=True,
    help="Fit nothing: only hold the profile against the tables.",
)
@click.option(
    "--tables",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder with published tables, instead of those shipped.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Put the tables into this Markdown page, between its marks.",
)
@FORMAT
def command(procedure: str, page: Path | None, form: str, **given: Any) -> None:
    """Fit the free figures of a profile to England's published tables, under PROCEDURE.

    Prints the figures, what they come to beside what is published, and how far they predict other
    years and regions, which have no part in the fit. Misses are told.

    Exits with 1 if it can't be fitted or a year is not published; with 2 if a file is wrong.
    """
    with errors_told():
        try:
            done = _calibrated(procedure, given)
            if page:
                drawn = placed(page.read_text(encoding="utf-8"), as_markdown(done.residuals))
                page.write_text(drawn, encoding="utf-8")
        except FAILURES as error:
            raise click.ClickException(str(error)) from error
    if form == "json":
        as_json(_as_data(done))
    else:
        _tell(done)


def _calibrated(procedure: str, given: dict[str, Any]) -> Calibration:
    setting = Setting(procedure=procedure, fill=filled(procedure, None), profile=given["profile"])

    def told(runs: int) -> None:
        click.echo(f"{runs} runs of {given['cases']:,} cases", err=True)

    published = read_published(given["tables"])
    calibrator = Calibrator(setting, given["seed"], given["cases"], published, given["year"], told)
    return calibrator.calibrate(fitting=not given["comparing"])


def _tell(done: Calibration) -> None:
    if done.fit:
        rows = [[path, f"{value:g}"] for path, value in rounded(done.fit.figures).items()]
        table(["figure", "fitted"], rows)
        click.echo(
            f"{done.fit.evaluations} runs; the loss went from {done.fit.before:.2f}"
            f" to {done.fit.after:.2f}."
        )
        for doubt in done.fit.doubts:
            click.secho(f"Not settled: {', '.join(doubt.paths)}: {doubt.why}", fg="yellow")
    for title, residuals in (
        ("fitted", done.residuals.fitted),
        ("held back", done.residuals.held_back),
    ):
        click.echo()
        table(
            [title, "year", "place", "published", "simulated", "difference", ""], _rows(residuals)
        )
    misses = len(done.residuals.misses)
    click.echo(f"{misses} figure{'' if misses == 1 else 's'} outside the tolerance.")


def _rows(residuals: tuple[Residual, ...]) -> list[list[str]]:
    return [
        [
            one.target.says,
            str(one.target.year),
            one.target.place,
            f"{one.target.value:.3f}",
            f"{one.simulated:.3f}",
            f"{one.difference:+.3f}",
            "" if one.inside else "a miss",
        ]
        for one in residuals
    ]


def _as_data(done: Calibration) -> dict[str, Any]:
    return {
        "figures": rounded(done.fit.figures) if done.fit else {},
        "left": dict(done.fit.left) if done.fit else {},
        "residuals": [
            {
                "id": one.target.id,
                "year": one.target.year,
                "place": one.target.place,
                "published": one.target.value,
                "simulated": one.simulated,
                "tolerance": one.tolerance,
                "inside": one.inside,
                "held_back": one.held_back,
            }
            for one in (*done.residuals.fitted, *done.residuals.held_back)
        ],
    }
