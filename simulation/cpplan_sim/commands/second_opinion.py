"""``cpplan second-opinion``: the prover's verdicts held against those of SPIN."""

from __future__ import annotations

from typing import Any, NoReturn

import click

from cpplan import PROCEDURES, load
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table
from cpplan_sim.second_opinion.opinion import JOBS, Compared, Opinion, Standing, compare
from cpplan_sim.second_opinion.spin import LONGEST, SpinError, ToolsMissingError, check_tools

HEADINGS = (
    "requirement",
    "ours",
    "SPIN's",
    "our breach",
    "SPIN's breach",
    "our test",
    "SPIN's test",
    "states",
    "verdicts",
)


@click.command("second-opinion")
@click.argument("procedures", nargs=-1)
@click.option("--fill", default="", help="A procedure that speaks where one is silent.")
@click.option(
    "--all-steps",
    "everything",
    is_flag=True,
    help="Keep every step that can matter, not those that the prover chose. Far larger.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=JOBS, show_default=True, help="Searches at once."
)
@click.option(
    "--longest",
    type=click.FloatRange(min=0, min_open=True),
    default=LONGEST,
    show_default=True,
    help="Seconds after which a search is given up.",
)
@FORMAT
def command(
    procedures: tuple[str, ...],
    *,
    fill: str,
    everything: bool,
    jobs: int,
    longest: float,
    form: str,
) -> None:
    """Have each requirement of PROCEDURES (all shipped by default) judged by SPIN too.

    Lengths are in events: of the shortest breach, and of the shortest history that puts the
    requirement to the test. Exits with 1 if a verdict differs, can't be compared, or if nothing
    was compared, as where SPIN or a compiler is not installed; with 2 if a file can't be used.
    """
    try:
        loaded = [load(name, fill=fill) for name in procedures or PROCEDURES]
    except InvalidFileError as error:
        refuse(error)
    found = []
    try:
        check_tools()
        for procedure in loaded:
            with progress(procedure.name, "requirements") as told:
                one = compare(
                    procedure, everything=everything, jobs=jobs, longest=longest, progress=told
                )
            found.append(one)
    except ToolsMissingError as error:
        _skipped(error, form)
    except SpinError as error:
        click.secho(f"No second opinion: {error}", fg="red", err=True)
        raise SystemExit(1) from None
    if form == "json":
        as_json({"skipped": "", "procedures": [_as_data(one) for one in found]})
    else:
        for one in found:
            _tell(one)
        _summary(found)
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _skipped(error: ToolsMissingError, form: str) -> NoReturn:
    """Say that nothing was compared: that is no agreement."""
    if form == "json":
        as_json({"skipped": str(error), "procedures": []})
    told = f"SKIPPED: no requirement had a second opinion. {error}"
    click.secho(told, fg="red", bold=True, err=True)
    raise SystemExit(1)


def _tell(one: Compared) -> None:
    click.secho(one.procedure.name, bold=True)
    if one.why:
        click.secho(f"can't be written in Promela: {one.why}", fg="red")
    if one.opinions:
        table(HEADINGS, [_row(opinion) for opinion in one.opinions])
    for opinion in one.opinions:
        if opinion.standing is not Standing.AGREED:
            _difference(one, opinion)
    click.echo()


def _row(one: Opinion) -> list[str]:
    return [
        one.requirement.id,
        one.ours.proof,
        one.theirs,
        _range(one.lengths),
        _length(one.breach.events),
        _range(one.tested),
        _length(one.exercise.events),
        str(one.breach.states),
        one.standing,
    ]


def _range(lengths: tuple[int, int] | None) -> str:
    if lengths is None:
        return "-"
    fewest, most = lengths
    return str(most) if fewest == most else f"{fewest} to {most}"


def _length(events: int) -> str:
    return str(events) if events else "-"


def _difference(compared: Compared, one: Opinion) -> None:
    """Say in what the verdicts differ, and tell the history that SPIN found."""
    told = f"{compared.procedure.name}: {one.standing}: {one.requirement.says}"
    cited = ", ".join(one.requirement.cites)
    click.secho(f"{told} [{cited}] ({one.requirement.id}) {one.why}", fg="red")
    for event, rule in _events(compared, one.breach.edges):
        click.echo(f"    {event.replace('-', ' ')}  by the rule {rule}")


def _events(compared: Compared, edges: tuple[int, ...]) -> list[tuple[str, str]]:
    taken = [compared.procedure.edges[number] for number in edges]
    return [(edge.rule.match.event, f"{edge.rule.id}, in {edge.source}") for edge in taken]


def _summary(found: list[Compared]) -> None:
    headings = ("procedure", *Standing, "proving s", "SPIN s", "of it compiling")
    rows = [
        [
            one.procedure.name,
            *(str(one.count(standing)) for standing in Standing),
            f"{one.seconds.proving:.2f}",
            f"{one.seconds.theirs:.2f}",
            f"{one.seconds.compiling:.2f}",
        ]
        for one in found
    ]
    table(headings, rows)
    possible = sum(len(one.procedure.possible) for one in found)
    if possible:
        click.echo(f"Not asked of SPIN: {possible} requirements of what must stay possible.")
    if not any(one.opinions for one in found):
        click.secho("Nothing was compared, so nothing is agreed.", fg="red")


def _as_data(one: Compared) -> dict[str, Any]:
    seconds = one.seconds
    return {
        "procedure": one.procedure.name,
        "digest": one.procedure.digest,
        "passed": one.passed,
        "why": one.why,
        "counts": {standing.value: one.count(standing) for standing in Standing},
        "seconds": {
            "proving": seconds.proving,
            "generating": seconds.generating,
            "translating": seconds.translating,
            "compiling": seconds.compiling,
            "searching": seconds.searching,
        },
        "not-asked": list(one.procedure.possible),
        "requirements": [_opinion_data(one, opinion) for opinion in one.opinions],
    }


def _opinion_data(compared: Compared, one: Opinion) -> dict[str, Any]:
    return {
        "requirement": one.requirement.id,
        "ours": one.ours.proof.value,
        "theirs": one.theirs,
        "standing": one.standing.value,
        "why": one.why,
        "steps": "all that matter" if one.everything else "as tracked by the prover",
        "our-breach": one.lengths,
        "their-breach": [list(each) for each in _events(compared, one.breach.edges)],
        "our-test": one.tested,
        "their-test": one.exercise.events or None,
        "states": one.breach.states,
    }
