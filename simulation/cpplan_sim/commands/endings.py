"""``cpplan endings``: what each ending and each state can't do without, and ways round the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from cpplan import Procedure, load
from cpplan.reading import InvalidFileError, nearest
from cpplan.states import STATES
from cpplan_sim.commands.output import FORMAT, as_json, refuse
from cpplan_sim.endings import Must, Ways, ways_to
from cpplan_sim.forgoing import Sort, Thing


@click.command("endings")
@click.argument("procedure")
@click.option("--state", "states", multiple=True, help="Only this ending or state; repeatable.")
@click.option(
    "--fill", default="", help="A procedure that speaks where this one is silent, as composite."
)
@FORMAT
def command(procedure: str, *, states: tuple[str, ...], fill: str, form: str) -> None:
    """Tell what no history to each ending and state of PROCEDURE does without.

    Of what the shortest history takes and another can do without, the length of the shortest such
    is told.

    Exits with 1 if something could not be decided, with 2 if a file can't be used.
    """
    try:
        loaded = load(procedure, fill=fill)
    except InvalidFileError as error:
        refuse(error)
    for state in states:
        if state not in loaded.states:
            hint = nearest(state, loaded.states)
            raise click.BadParameter(f"{loaded.name} has no state {state!r} ({hint})")
    found = ways_to(loaded, states)
    if form == "json":
        as_json({"procedure": loaded.name, "states": [_as_data(loaded, one) for one in found]})
    else:
        for one in found:
            _tell(loaded, one)
        silent = [topic for topic in loaded.silent if topic.startswith("ending.")]
        left = [topic for topic in silent if topic not in loaded.filled]
        if left:
            click.echo(f"{loaded.name}: silent on {', '.join(left)}")
    if any(one.undecided or (one.reachable and not one.shortest) for one in found):
        raise SystemExit(1)


def _tell(procedure: Procedure, one: Ways) -> None:
    click.secho(f"{one.state}: {STATES[one.state]}", bold=True)
    if not one.shortest:
        click.secho(f"    {_unreached(one)}", fg="red" if one.reachable else None)
        click.echo()
        return
    most = "" if one.shown else "at most "
    click.echo(f"    shortest history: {most}{len(one.shortest)} events")
    click.echo(f"    always passes: {', '.join(one.passes)}")
    for heading, sort in (("steps", Sort.STEP), ("events", Sort.EVENT)):
        click.echo(f"    {heading} that every history has:")
        for must in one.needs(sort):
            click.echo(f"        {_said(procedure, must)}")
    for line in _round(procedure, one):
        click.echo(f"    {line}")
    for thing, why in one.undecided:
        click.secho(f"    undecided, whether it can do without {thing}: {why}", fg="red")
    click.echo()


def _unreached(one: Ways) -> str:
    return "undecided: no history was found" if one.reachable else "no history comes here"


def _said(procedure: Procedure, must: Must) -> str:
    cited = f" [{', '.join(must.cites)}]" if must.cites else ""
    return f"{_words(procedure, must.thing)}{cited}"


def _words(procedure: Procedure, thing: Thing) -> str:
    if thing.sort is Sort.STEP:
        return f"{procedure.steps.get(thing.name, thing.name)} ({thing.name})"
    return thing.name.replace("-", " ") if thing.sort is Sort.EVENT else str(thing)


def _round(procedure: Procedure, one: Ways) -> Iterator[str]:
    """Yield what the shortest history takes and a longer can do without, then what none needs."""
    shown = (Sort.STATE, Sort.STEP, Sort.EVENT)
    longer = [b for b in one.bypasses if b.longer and b.thing.sort in shown]
    if longer:
        yield "can do without, by a longer way:"
    for bypass in longer:
        told = _words(procedure, bypass.thing)
        most = "" if bypass.shown else "at most "
        yield f"    {told}: {most}{len(bypass.history)} events"
    others = sum(not b.longer and b.thing.sort is Sort.STEP for b in one.bypasses)
    yield f"needs no longer way without any one of {others} other steps"


def _as_data(procedure: Procedure, one: Ways) -> dict[str, Any]:
    return {
        "state": one.state,
        "says": STATES[one.state],
        "reachable": one.reachable,
        "shortest": len(one.shortest) or None,
        "shown-shortest": one.shown,
        "always-passes": list(one.passes),
        "cannot-do-without": [
            {
                "sort": must.thing.sort.value,
                "name": must.thing.name,
                "says": _words(procedure, must.thing),
                "cites": list(must.cites),
                "shown-by": must.shown.value,
            }
            for must in one.musts
        ],
        "can-do-without": [
            {
                "sort": b.thing.sort.value,
                "name": b.thing.name,
                "shortest": len(b.history),
                "shown-shortest": b.shown,
            }
            for b in one.bypasses
        ],
        "undecided": [
            {"sort": thing.sort.value, "name": thing.name, "why": why}
            for thing, why in one.undecided
        ],
    }
