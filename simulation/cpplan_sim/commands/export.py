"""``cpplan export``: a procedure in the language of another tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from cpplan import Procedure, load
from cpplan.reading import InvalidFileError, nearest
from cpplan.requirements import Requirement
from cpplan_sim.commands.output import refuse
from cpplan_sim.exporting.declare import declared
from cpplan_sim.exporting.dot import dot
from cpplan_sim.exporting.mermaid import mermaid
from cpplan_sim.exporting.scxml import scxml
from cpplan_sim.exporting.xstate import xstate
from cpplan_sim.second_opinion.promela import promela
from cpplan_sim.second_opinion.sayings import InexpressibleError
from cpplan_sim.second_opinion.watched import halves, watched


def _promela(procedure: Procedure, chosen: Sequence[Requirement]) -> str:
    return promela(procedure, watched((half, None) for one in chosen for half in halves(one)))


def _declare(procedure: Procedure, chosen: Sequence[Requirement]) -> str:
    return declared(procedure, chosen).text


MACHINES: Mapping[str, Callable[[Procedure], str]] = {
    "mermaid": mermaid,
    "dot": dot,
    "scxml": scxml,
    "xstate": xstate,
}
"""Languages that say how the lifecycle moves."""

REQUIREMENTS: Mapping[str, Callable[[Procedure, Sequence[Requirement]], str]] = {
    "promela": _promela,
    "declare": _declare,
}
"""Languages that say what no path may skip; Promela says the moves too."""


@click.command("export")
@click.argument("procedure")
@click.option(
    "--to",
    "language",
    required=True,
    type=click.Choice([*MACHINES, *REQUIREMENTS]),
    help="The language to write.",
)
@click.option(
    "--requirement",
    "named",
    multiple=True,
    help="Only this requirement, in promela or declare; can be given again.",
)
@click.option("--fill", default="", help="A procedure that speaks where PROCEDURE is silent.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write to a file instead of the screen.",
)
def command(
    procedure: str, *, language: str, named: tuple[str, ...], fill: str, out: Path | None
) -> None:
    """Write PROCEDURE (a shipped name, or a folder) in the language of another tool.

    mermaid and dot are pictures; scxml and xstate are machines that run; promela is what SPIN
    proves or refutes; declare is what process mining checks event logs with. The head of each file
    says what that language can't say.

    Exits with 1 if the procedure can't be written in the language, with 2 if a file can't be used
    or there is no such requirement.
    """
    if named and language not in REQUIREMENTS:
        told = f"{language} holds no requirements; they are in {' and '.join(REQUIREMENTS)}"
        raise click.BadParameter(told, param_hint="--requirement")
    try:
        found = load(procedure, fill=fill)
    except InvalidFileError as error:
        refuse(error)
    chosen = _chosen(found, named)
    try:
        text = _written(found, language, chosen)
    except InexpressibleError as error:
        click.secho(f"{found.name} can't be written in {language}: {error}", fg="red", err=True)
        raise SystemExit(1) from None
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"Written: {out}, {found.name} in {language}.")


def _written(procedure: Procedure, language: str, chosen: Sequence[Requirement]) -> str:
    if language in MACHINES:
        return MACHINES[language](procedure)
    return REQUIREMENTS[language](procedure, chosen)


def _chosen(procedure: Procedure, named: tuple[str, ...]) -> list[Requirement]:
    known = procedure.requirements
    for name in named:
        if name not in known:
            raise click.BadParameter(
                f"{procedure.name} has no requirement {name!r}: {nearest(name, known)}",
                param_hint="--requirement",
            )
    return [known[name] for name in named or known]
