"""``cpplan check``: the main job. Account, scenarios, synthetic cases and requirements."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from cpplan import PROCEDURES, Procedure, load
from cpplan.reading import InvalidFileError
from cpplan_sim.account import Fate
from cpplan_sim.caseload.compiled import SWITCH
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table, tell
from cpplan_sim.counterexamples import write_counterexample
from cpplan_sim.monitors import Verdict
from cpplan_sim.possibility import Shown
from cpplan_sim.proving.prover import Proof, Proven
from cpplan_sim.running import Run, run
from cpplan_sim.scenarios import Scenario, read_all, shipped
from cpplan_sim.story import story_of_breach
from cpplan_sim.writing import Source

# The check runs a few hundred cases, which take seconds as plain Python; to compile the engine
# takes longer than that. It asks when it is imported, so the switch is set before. The figures are
# the same either way.
os.environ.setdefault(SWITCH, "0")

from cpplan_sim.caseload.caserun import CaseError
from cpplan_sim.caseload.replaying import MismatchError
from cpplan_sim.checks import Checked, as_data, check
from cpplan_sim.report import write_report

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
    "codes not given",
    "proved",
    "possible",
)

OURS = "our choice"
"""In place of clauses, where a requirement cites none."""

Key = tuple[int, str]
"""Which of the procedures checked, and which of its requirements."""


@click.command("check")
@click.argument("procedures", nargs=-1)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    default=250,
    show_default=True,
    help="Synthetic cases for each procedure.",
)
@click.option(
    "--prove/--no-prove", "proving", default=True, help="Prove requirements for every history."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the cases.")
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write a page to open in a browser."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write each counterexample to this folder, as a scenario file.",
)
@FORMAT
def command(  # noqa: PLR0913  # one for each option
    procedures: tuple[str, ...],
    *,
    cases: int,
    proving: bool,
    seed: int,
    fill: str,
    report: Path | None,
    out: Path | None,
    form: str,
) -> None:
    """Check PROCEDURES: names of shipped ones, or folders of your own. All shipped by default.

    Exits with 1 if a clause is missing, a scenario fails, or a requirement is broken, was never
    exercised or can't be proved; with 2 if a file can't be used.
    """
    names = procedures or PROCEDURES
    try:
        found = [_checked(name, fill, cases=cases, seed=seed, proving=proving) for name in names]
    except InvalidFileError as error:
        refuse(error)
    except (CaseError, MismatchError) as error:
        click.secho(f"A fault of the simulation, not of the procedure: {error}", fg="red", err=True)
        raise SystemExit(1) from error
    sources = [Source(procedure=name, fill=fill) for name in names]
    files = _files(found, sources, out) if out is not None else {}
    if report is not None:
        write_report(report, found)
    if form == "json":
        as_json([as_data(one) for one in found])
    else:
        table(HEADINGS, [_row(one) for one in found])
        for number, one in enumerate(found):
            told = {name: path for (other, name), path in files.items() if other == number}
            _details(one, told)
        if report is not None:
            click.echo(f"Report: {report}")
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _files(found: list[Checked], sources: list[Source], folder: Path) -> dict[Key, Path]:
    """Write a scenario file for each counterexample; procedures of one name are kept apart."""
    names = [one.procedure.name for one in found]
    files = {}
    for number, (one, source) in enumerate(zip(found, sources, strict=True)):
        place = folder if names.count(one.procedure.name) == 1 else folder / str(number + 1)
        for broken in one.counterexamples:
            key = (number, broken.requirement.id)
            files[key] = write_counterexample(broken, source, place)
    return files


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
        len(one.ungiven),
        sum(each.proof is Proof.PROVED for each in one.proofs) if one.proofs else "-",
        _of(sum(each.proof is Proof.PROVED for each in one.shown), len(one.shown)),
    ]
    return [one.procedure.name + ("+" if one.procedure.filled else ""), *map(str, figures)]


def _of(number: int, whole: int) -> str:
    return f"{number}/{whole}" if whole else "-"


def _details(one: Checked, files: Mapping[str, Path]) -> None:
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
        cited = ", ".join(required.cites) or OURS
        click.secho(
            f"{name}: {tested.verdict}: {required.says} [{cited}] ({required.id})", fg="red"
        )
        if tested.example is not None:
            breach = tested.example
            click.echo(
                f"    case {breach.case}, attempt {breach.number}: {breach.moment.event.kind} on"
                f" {breach.moment.event.on}, let through by the rule {breach.rule}"
            )
    if one.ungiven:
        click.echo(f"{name}: codes that no synthetic case was given: {', '.join(one.ungiven)}")
    for proven in one.proofs:
        _proof(name, proven)
        broken = one.counterexample_to(proven.requirement)
        if broken is not None and proven.requirement.id in files:
            click.echo(f"    Told in {files[proven.requirement.id]}")
        elif broken is not None:
            tell(story_of_breach(broken))
    for shown in one.shown:
        _lacking(name, shown)


def _lacking(name: str, shown: Shown) -> None:
    """Tell of what must be possible what no history was found to do."""
    one = shown.possibility
    for way in shown.lacking:
        told = "not possible" if way.proof is Proof.BROKEN else f"undecided, {way.why}"
        cited = ", ".join(one.cites) or OURS
        click.secho(f"{name}: {told}: {way}: {one.says} [{cited}] ({one.id})", fg="red")


def _proof(name: str, proven: Proven) -> None:
    """Tell of a requirement that is not proved, or that nothing can put to the test."""
    required = proven.requirement
    cited = ", ".join(required.cites) or OURS
    if proven.proof is not Proof.PROVED:
        told = f"{name}: {proven.proof}: {required.says} [{cited}] ({required.id})"
        click.secho(f"{told} {proven.why}".rstrip(), fg="red")
    elif not proven.exercise:
        click.secho(f"{name}: no history can exercise: {required.says} ({required.id})", fg="red")
