"""``cpplan tolerance``: how many guards have to fail before a plan can end unlawfully."""

from __future__ import annotations

from typing import Any

import click

from cpplan import PROCEDURES, Procedure, load
from cpplan.codec import event_to_dict
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, progress, refuse, table
from cpplan_sim.tolerance import Cut, Guard, Held, Tolerance, tolerances


@click.command("tolerance")
@click.argument("procedures", nargs=-1)
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@FORMAT
def command(procedures: tuple[str, ...], fill: str, form: str) -> None:
    """Tell how much has to fail in PROCEDURES (all shipped ones by default) for an unlawful ending.

    A guard is one need of one rule. For each ending and each requirement that it could break: the
    fewest guards that must fail together, and which. One is a single point of failure.

    Exits with 1 if anything could not be decided.
    """
    try:
        loaded = [load(name, fill=fill) for name in procedures or PROCEDURES]
    except InvalidFileError as error:
        refuse(error)
    found = []
    for procedure in loaded:
        with progress(procedure.name, "guards tried") as told:
            found.append((procedure, tolerances(procedure, told)))
    if form == "json":
        as_json([_as_data(procedure, endings) for procedure, endings in found])
    else:
        for procedure, endings in found:
            _print(procedure, endings)
    if any(held.undecided for _, endings in found for one in endings for held in one.held):
        raise SystemExit(1)


def _print(procedure: Procedure, endings: tuple[Tolerance, ...]) -> None:
    if not endings:
        click.echo(f"{procedure.name}: silent on endings; try --fill composite")
        return
    rows = [
        [one.ending, held.requirement.id, _number(held)] for one in endings for held in one.held
    ]
    table([procedure.name, "requirement", "guards that must fail"], rows)
    for one in endings:
        if not one.held:
            click.echo(f"{one.ending}: no requirement is about it, so no guard can be missed")
        for held in one.held:
            _print_held(procedure, one.ending, held)


def _number(held: Held) -> str:
    return f"{held.at_least}" if held.exact else f"at least {held.at_least}"


def _print_held(procedure: Procedure, ending: str, held: Held) -> None:
    for cut in held.cuts:
        alone = "alone" if len(cut.guards) == 1 else "together"
        clauses = ", ".join(_clauses(procedure, cut))
        click.echo(f"{ending}, {held.requirement.id}: {alone} enough [{clauses}]")
        for guard in cut.guards:
            click.echo(f"    {guard.rule}: {guard.need.says} ({guard.code})")
    for why in held.undecided:
        click.secho(f"{ending}, {held.requirement.id}: undecided: {why}", fg="red")


def _clauses(procedure: Procedure, cut: Cut) -> list[str]:
    """Return the clauses that the guards stand on, or their rules if a need cites none."""
    cited = [
        clause
        for guard in cut.guards
        for clause in guard.need.cites or procedure.rules[guard.rule].cites
    ]
    return list(dict.fromkeys(cited))


def _as_data(procedure: Procedure, endings: tuple[Tolerance, ...]) -> dict[str, Any]:
    return {
        "procedure": procedure.name,
        "endings": [
            {
                "ending": one.ending,
                "requirements": [_held_data(procedure, held) for held in one.held],
            }
            for one in endings
        ],
    }


def _held_data(procedure: Procedure, held: Held) -> dict[str, Any]:
    return {
        "requirement": held.requirement.id,
        "says": held.requirement.says,
        "at-least": held.at_least,
        "exact": held.exact,
        "cuts": [
            {
                "guards": [_guard_data(guard) for guard in cut.guards],
                "clauses": _clauses(procedure, cut),
                "history": [event_to_dict(moment.event) for moment in cut.history],
            }
            for cut in held.cuts
        ],
        "undecided": list(held.undecided),
    }


def _guard_data(guard: Guard) -> dict[str, Any]:
    return {"rule": guard.rule, "code": guard.code, "says": guard.need.says}
