"""``cpplan simulate``: a synthetic caseload under a procedure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from cpplan_sim.caseload.chunks import chunks
from cpplan_sim.caseload.exporting import Exports
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.jobs import (
    SAMPLE,
    CaseloadJob,
    Setting,
    replay_endings,
    replay_one,
)
from cpplan_sim.caseload.numerals import percents
from cpplan_sim.caseload.page import write_page
from cpplan_sim.caseload.replaying import simulated_case
from cpplan_sim.caseload.results import results_of
from cpplan_sim.caseload.running import Ran
from cpplan_sim.caseload.wording import summary_of
from cpplan_sim.commands import staff
from cpplan_sim.commands.caseloads import (
    MOST,
    errors_told,
    pairs,
    plain,
    ran,
    run_options,
    setting_of,
)
from cpplan_sim.commands.output import FORMAT, as_json, progress, table, tell
from cpplan_sim.commands.staff import staff_options
from cpplan_sim.telling_cases import timeline

LOOKED_THROUGH = 20_000
"""Cases looked through for one of each ending to replay."""


@click.command("simulate")
@click.argument("procedure", default="composite")
@run_options
@staff_options
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="VALUE=NUMBER",
    help="Set a figure of the procedure; again for more.",
)
@click.option(
    "--case",
    "number",
    type=click.IntRange(0, MOST),
    help="Tell this one case of the run as a timeline, and run no other.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the results as an HTML page.",
)
@click.option(
    "--cases-to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the cases: .csv or .parquet.",
)
@click.option(
    "--events-to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the events: .csv, .parquet or .xes.",
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@FORMAT
def command(procedure: str, number: int | None, form: str, **given: Any) -> None:
    """Run a synthetic caseload under PROCEDURE (composite by default), and tell what came of it.

    No child in it is real. The same seed gives the same figures, on however many processes or
    machines. A sample of the cases is replayed through the kernel: if anything differs, the run
    fails.

    Exits with 1 if a case differs or can't be run, or none was finished; with 2 if something that
    was given is wrong.
    """
    with errors_told():
        setting = setting_of(procedure, given, pairs(given["values"], int))
        if number is not None:
            _tell_case(setting, given["seed"], number)
            return
        with Exports(
            given["cases_to"], given["events_to"], overwrite=given["overwrite"]
        ) as exports:
            done = ran(CaseloadJob(setting, given["seed"]), given, procedure)
            if given["cases_to"] or given["events_to"]:
                _export(exports, setting, given)
        results = _results(done, setting, given)
        replayed = _replay(setting, given["seed"], results)
        teams = staff.capacity(setting, given)
        if given["report"]:
            write_page(given["report"], results, capacity=staff.findings(teams))
    if form == "json":
        data = attrs.asdict(results, value_serializer=plain)
        capacity = [attrs.asdict(one, value_serializer=plain) for one in teams]
        as_json({**data, "teams": capacity} if teams else data)
    else:
        _tell(results, setting, replayed)
        staff.tell(teams)
        if given["report"]:
            click.echo(f"The report is in {given['report']}.")


def _tell_case(setting: Setting, seed: int, number: int) -> None:
    runner = setting.runner(seed)
    plan = replay_one(runner, number)
    tell(timeline(simulated_case(runner, number), plan, setting.closes))


def _export(exports: Exports, setting: Setting, given: dict[str, Any]) -> None:
    with progress("files", "cases") as told:
        written = 0
        for chunk in chunks(setting.runner(given["seed"]), given["cases"]):
            exports.add(chunk)
            written += len(chunk.cases)
            told(written, given["cases"])


def _results(done: Ran, setting: Setting, given: dict[str, Any]) -> Results:
    if done.summary is None:
        click.echo("No block of cases was finished, so there is nothing to tell.", err=True)
        raise SystemExit(1)
    tables = setting.runner(given["seed"]).tables
    results = results_of(
        done.summary,
        tables,
        tables.procedure,
        tables.profile,
        setting.span,
        given["seed"],
        given["cases"],
    )
    return attrs.evolve(results, label=setting.label)


def _replay(setting: Setting, seed: int, results: Results) -> str:
    """Replay one case of each ending, and say what was replayed."""
    counts = {one.state: one.plans for one in results.endings}
    runner, most = setting.runner(seed), min(results.cases, LOOKED_THROUGH)
    found = dict(replay_endings(runner, counts, most))
    missing = [state for state, count in counts.items() if count and state not in found]
    sampled = -(-results.cases // SAMPLE)
    cases = "1 case" if sampled == 1 else f"{sampled:,} cases"
    told = f"Replayed through the kernel without a difference: {cases}, one in {SAMPLE:,}"
    told += f", and one of each of {len(found)} endings"
    late = f" (none of {', '.join(missing)} came early enough)" if missing else ""
    return f"{told}{late}."


def _tell(results: Results, setting: Setting, replayed: str) -> None:
    click.secho(results.label, bold=True)
    if setting.fill:
        click.echo(f"{setting.procedure} is silent on some of this; {setting.fill} speaks there.")
    for sentence in summary_of(results):
        click.echo(sentence)
    click.echo(replayed)
    click.echo()
    table(
        ["duty", "strength", "opened", "on time", "late", "missed", "share on time"],
        [
            [
                duty.id,
                duty.strength.value,
                f"{duty.opened:,}",
                f"{duty.on_time:,}",
                f"{duty.late:,}",
                f"{duty.missed:,}",
                percents(duty.share),
            ]
            for duty in results.duties
            if duty.opened
        ],
    )
    click.echo()
    table(
        ["ending", "plans", "share"],
        [[one.state, f"{one.plans:,}", percents(one.share)] for one in results.endings],
    )
    click.echo()
    table(["refused for", "times"], [[one.code, f"{one.times:,}"] for one in results.refusals])
