"""``cpplan adequacy``: whether a requirement notices when one thing is taken out of a rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cpplan import PROCEDURES, Procedure, load
from cpplan.codec import event_to_dict
from cpplan.reading import InvalidFileError
from cpplan_sim.adequacy.killing import How
from cpplan_sim.adequacy.scoring import Adequacy, Fate, Judged, Row, adequacy_of
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table
from cpplan_sim.scenarios import Scenario, read_all, shipped

HEADINGS = (
    "mutants",
    "killed",
    "by requirement",
    "by possibility",
    "by no exercise",
    "by told case",
    "equivalent",
    "survivors",
    "undecided",
    "score",
)


@click.command("adequacy")
@click.argument("procedures", nargs=-1)
@FORMAT
def command(procedures: tuple[str, ...], form: str) -> None:
    """Take one thing at a time out of the rules of PROCEDURES (all shipped ones by default).

    Each such mutant has to be noticed by a requirement, or be proved to decide just as before. What
    is left is a gap in the requirements, told with the clauses that the rule cites.

    Exits with 1 if a mutant survives, if there was none, or if the procedure itself breaks one of
    its requirements; with 2 if a file can't be used.
    """
    try:
        loaded = [(load(name), _told(name)) for name in procedures or PROCEDURES]
    except InvalidFileError as error:
        refuse(error)
    found = [_judged(procedure, told) for procedure, told in loaded]
    if form == "json":
        as_json([_as_data(one) for one in found])
    else:
        for one in found:
            _print(one)
    if not all(one.passed for one in found):
        raise SystemExit(1)


def _told(name: str) -> tuple[Scenario, ...]:
    """Return the told cases that say what is possible: the good ones, shipped or in the folder."""
    if name in PROCEDURES:
        return tuple(read_all(path for path in shipped(name) if path.parent.parent.name == "good"))
    return tuple(read_all(sorted(Path(name).glob("scenarios/*.yaml"))))


def _judged(procedure: Procedure, told: Sequence[Scenario]) -> Adequacy:
    with progress(procedure.name, "mutants") as tell:
        return adequacy_of(procedure, told, progress=tell)


def _print(one: Adequacy) -> None:
    table([one.procedure.name, *HEADINGS], [_row(row) for row in one.rows])
    for name in one.failing:
        click.secho(f"{one.procedure.name}: {name} does not hold of the whole procedure", fg="red")
    if not one.judged:
        click.secho(f"{one.procedure.name}: there was no mutant", fg="red")
    for judged in one.survivors:
        _print_survivor(one.procedure.name, judged)
    click.echo()


def _row(row: Row) -> list[str]:
    score = "-" if row.score is None else f"{row.score:.0%}"
    figures = [
        len(row.judged),
        row.count(Fate.KILLED),
        *(row.killed_by(how) for how in How),
        row.count(Fate.EQUIVALENT),
        row.count(Fate.SURVIVES),
        row.count(Fate.UNDECIDED),
    ]
    return [row.operator or "all", *map(str, figures), score]


def _print_survivor(name: str, judged: Judged) -> None:
    mutant, compared = judged.mutant, judged.compared
    clauses = ", ".join(mutant.cites) or mutant.why or "no clause"
    click.secho(f"{name}: {judged.fate}: {mutant.rule.id}, {mutant.what} [{clauses}]", fg="red")
    if compared is not None and compared.why:
        click.echo(f"    {compared.why}")
    if compared is not None and compared.history:
        told = ", ".join(event.kind.replace("-", " ") for event in compared.history)
        click.echo(f"    they part on: {told}")


def _as_data(one: Adequacy) -> dict[str, Any]:
    return {
        "procedure": one.procedure.name,
        "edition": one.procedure.edition,
        "passed": one.passed,
        "failing": list(one.failing),
        "operators": [_row_data(row) for row in one.rows],
        "mutants": [_mutant_data(judged) for judged in one.judged],
    }


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "operator": row.operator or "all",
        "mutants": len(row.judged),
        **{fate.value: row.count(fate) for fate in Fate},
        "killed-by": {how.value: row.killed_by(how) for how in How},
        "score": row.score,
    }


def _mutant_data(judged: Judged) -> dict[str, Any]:
    mutant, kill, compared = judged.mutant, judged.kill, judged.compared
    return {
        "operator": mutant.operator.value,
        "rules": list(mutant.rules),
        "what": mutant.what,
        "cites": list(mutant.cites),
        "why": mutant.why,
        "fate": judged.fate.value,
        "killed-by": None
        if kill is None
        else {
            "how": kill.how.value,
            "name": kill.by,
            "told": kill.told,
            "history": [event_to_dict(moment.event) for moment in kill.history],
        },
        "parts-on": [event_to_dict(event) for event in compared.history] if compared else [],
        "undecided-for": compared.why if compared else "",
    }
