"""``cpplan check``: the main job. Account, scenarios, synthetic cases and requirements."""

from __future__ import annotations

from pathlib import Path

import click

from cpplan import PROCEDURES, Procedure, load
from cpplan.reading import InvalidFileError
from cpplan_sim.account import Fate
from cpplan_sim.checks import Checked, as_data, check
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table
from cpplan_sim.monitors import Verdict
from cpplan_sim.proving.prover import Proof, Proven
from cpplan_sim.report import write_report
from cpplan_sim.running import Run, run
from cpplan_sim.scenarios import Scenario, read_all, shipped

HEADINGS = (
    "procedure",
    "clauses enforced",
    "clauses tracked",
    "clauses recorded",
    "documented only",
    "rules",
    "requirements",
    "scenarios passed",
    "cases run",
    "events accepted",
    "events refused",
    "held",
    "broken",
    "never exercised",
    "proved",
)


@click.command("check")
@click.argument("procedures", nargs=-1)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    default=400,
    show_default=True,
    help="Synthetic cases for each procedure.",
)
@click.option(
    "--prove/--no-prove", "proving", default=True, help="Prove requirements for every history."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the first case.")
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write a page to open in a browser."
)
@FORMAT
def command(
    procedures: tuple[str, ...],
    *,
    cases: int,
    proving: bool,
    seed: int,
    fill: str,
    report: Path | None,
    form: str,
) -> None:
    """Check PROCEDURES: names of shipped ones, or folders of your own. All shipped by default.

    Exits with 1 if a clause is missing, a scenario fails, or a requirement is broken, was never
    exercised or can't be proved; with 2 if a file can't be used.
    """
    try:
        found = [
            _checked(name, fill, cases=cases, seed=seed, proving=proving)
            for name in procedures or PROCEDURES
        ]
    except InvalidFileError as error:
        refuse(error)
    if report is not None:
        write_report(report, found)
    if form == "json":
        as_json([as_data(one) for one in found])
    else:
        table(HEADINGS, [_row(one) for one in found])
        for one in found:
            _details(one)
        if report is not None:
            click.echo(f"Report: {report}")
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _checked(name: str, fill: str, *, cases: int, seed: int, proving: bool) -> Checked:
    procedure = load(name, fill=fill)
    runs = _runs(name, procedure, fill)
    with progress(procedure.name) as told:
        return check(procedure, runs, cases=cases, seed=seed, proving=proving, progress=told)


def _runs(name: str, procedure: Procedure, fill: str) -> tuple[Run, ...]:
    """Run a procedure's told cases: the shipped ones of its name, and those in its folder."""
    own = sorted(Path(name).glob("scenarios/*.yaml")) if name not in PROCEDURES else []
    told = read_all([*shipped(procedure.name), *own])
    known: dict[tuple[str, tuple[tuple[str, int], ...]], Procedure] = {(fill, ()): procedure}

    def under(scenario: Scenario) -> Procedure:
        key = (scenario.fill, tuple(scenario.values.items()))
        if key not in known:
            known[key] = load(name, fill=scenario.fill, values=dict(scenario.values))
        return known[key]

    return tuple(run(scenario, under(scenario)) for scenario in told)


def _row(one: Checked) -> list[str]:
    counts, verdicts = one.account.counts, one.verdicts()
    passed = sum(each.passed for each in one.runs)
    figures = [
        counts[Fate.ENFORCED],
        counts[Fate.TRACKED],
        counts[Fate.RECORDED],
        counts[Fate.DOCUMENTED],
        len(one.procedure.rules),
        len(one.tested),
        f"{passed}/{len(one.runs)}",
        one.cases,
        one.accepted,
        one.refused,
        verdicts[Verdict.HELD],
        verdicts[Verdict.BROKEN],
        verdicts[Verdict.NOT_EXERCISED],
        sum(each.proof is Proof.PROVED for each in one.proofs) if one.proofs else "-",
    ]
    return [one.procedure.name + ("+" if one.procedure.filled else ""), *map(str, figures)]


def _details(one: Checked) -> None:
    """Say where a procedure is silent, and of each failure what failed, with its clauses."""
    name, procedure = one.procedure.name, one.procedure
    silent = [topic for topic in procedure.silent if topic not in procedure.filled]
    if silent:
        click.echo(f"{name}: silent on {', '.join(silent)}")
    for standing in one.account.of(Fate.MISSING):
        click.secho(
            f"{name}: nothing stands on {standing.clause.id}: {standing.clause.rule}", fg="red"
        )
    for each in one.runs:
        failures = [*each.failures, *(f for outcome in each.outcomes for f in outcome.failures)]
        for failure in failures:
            click.secho(f"{name}: {each.scenario.file}: {failure}", fg="red")
    for tested in one.tested:
        if tested.verdict is Verdict.HELD:
            continue
        required = tested.requirement
        cited = ", ".join(required.cites)
        click.secho(
            f"{name}: {tested.verdict}: {required.says} [{cited}] ({required.id})", fg="red"
        )
        if tested.example is not None:
            breach = tested.example
            click.echo(
                f"    case {breach.seed}, attempt {breach.number}: {breach.moment.event.kind} on"
                f" {breach.moment.event.on}, let through by the rule {breach.rule}"
            )
    for proven in one.proofs:
        _proof(name, proven)


def _proof(name: str, proven: Proven) -> None:
    """Tell of a requirement that is not proved the shortest history that breaks it."""
    required = proven.requirement
    cited = ", ".join(required.cites)
    if proven.proof is not Proof.PROVED:
        told = f"{name}: {proven.proof}: {required.says} [{cited}] ({required.id})"
        click.secho(f"{told} {proven.why}".rstrip(), fg="red")
        for moment in proven.history:
            moved = f"  -> {moment.after}" if moment.after != moment.before else ""
            click.echo(f"    {moment.event.on}  {moment.event.kind.replace('-', ' ')}{moved}")
    elif not proven.exercise:
        click.secho(f"{name}: no history can exercise: {required.says} ({required.id})", fg="red")
