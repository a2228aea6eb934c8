"""``cpplan diff``: what differs between two procedures, and the shortest histories that show it."""

from __future__ import annotations

import click

from cpplan import load
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, refuse, tell
from cpplan_sim.differing.data import as_data
from cpplan_sim.differing.effects import effects
from cpplan_sim.differing.telling import lines


@click.command("diff")
@click.argument("one")
@click.argument("other")
@click.option(
    "--fill", default="", help="A procedure that speaks where one is silent, as composite."
)
@FORMAT
def command(one: str, other: str, fill: str, form: str) -> None:
    """Tell what differs between ONE and OTHER, and the shortest histories that show it.

    ONE and OTHER are shipped procedures, or folders of packs. First what they say otherwise:
    figures, rules, duties, requirements. Then for each need, and each event, that one refuses and
    the other allows: the shortest history that shows it. Then the duties that fall due on other
    days. Every history was recorded under both.

    Exits with 1 if anything could not be decided; with 2 if a procedure can't be loaded.
    """
    try:
        found = effects(load(one, fill=fill), load(other, fill=fill))
    except InvalidFileError as error:
        refuse(error)
    if form == "json":
        as_json(as_data(found))
    else:
        tell(lines(found))
    if found.undecided:
        raise SystemExit(1)
