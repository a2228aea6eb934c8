"""``cpplan export``: a procedure with its requirements in the language of another tool."""

from __future__ import annotations

from pathlib import Path

import click

from cpplan import Procedure, load
from cpplan.reading import InvalidFileError, nearest
from cpplan.requirements import Requirement
from cpplan_sim.commands.output import refuse
from cpplan_sim.second_opinion.promela import promela
from cpplan_sim.second_opinion.sayings import InexpressibleError
from cpplan_sim.second_opinion.watched import halves, watched


@click.command("export")
@click.argument("language", type=click.Choice(["promela"]))
@click.argument("procedure")
@click.option(
    "--requirement", "named", multiple=True, help="Only this requirement; can be given again."
)
@click.option("--fill", default="", help="A procedure that speaks where PROCEDURE is silent.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write to a file instead of the screen.",
)
def command(
    language: str, procedure: str, *, named: tuple[str, ...], fill: str, output: Path | None
) -> None:
    """Write PROCEDURE (a shipped name, or a folder) in a LANGUAGE: promela, which SPIN reads.

    The head of the model says how to search it. Exits with 1 if it can't be written in that
    language, with 2 if a file can't be used or there is no such requirement.
    """
    assert language == "promela", "click lets nothing else through"
    try:
        found = load(procedure, fill=fill)
    except InvalidFileError as error:
        refuse(error)
    chosen = [(half, None) for one in _chosen(found, named) for half in halves(one)]
    try:
        text = promela(found, watched(chosen))
    except InexpressibleError as error:
        click.secho(f"{found.name} can't be written in Promela: {error}", fg="red", err=True)
        raise SystemExit(1) from None
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"Written: {output}, with {len(chosen)} requirements to watch.")


def _chosen(procedure: Procedure, named: tuple[str, ...]) -> list[Requirement]:
    known = procedure.requirements
    for name in named:
        if name not in known:
            raise click.BadParameter(
                f"{procedure.name} has no requirement {name!r}: {nearest(name, known)}",
                param_hint="--requirement",
            )
    return [known[name] for name in named or known]
