"""``cpplan due``: what is overdue on a day, over every plan of a store, by duty and by team."""

from __future__ import annotations

import datetime as dt
import json

import click

from cpplan.obligations import Status
from cpplan.store import Store
from cpplan.store.owing import PlanOwed, Unread, owed_on
from cpplan_sim.commands.output import FORMAT, as_json, progress, table
from cpplan_sim.commands.stores import EDITIONS, STORE, editions, told
from cpplan_sim.overdue import Overdue, Tally, most_overdue

HEADINGS = ("overdue", "plans", "oldest", "owed", "day unknown")


@click.command("due")
@STORE
@EDITIONS
@click.option(
    "--on",
    "day",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="At the end of which day, as 2026-01-31.",
)
@click.option("--list", "listing", is_flag=True, help="Print each that is overdue as it is found.")
@click.option("--afresh", is_flag=True, help="Work all of it out anew; use nothing that was kept.")
@FORMAT
def command(
    where: str,
    names: tuple[str, ...],
    *,
    day: dt.datetime,
    listing: bool,
    afresh: bool,
    form: str,
) -> None:
    """Tell what is overdue on a day, over every plan of a store, by duty and by team.

    What is known now counts. With --list and the format json, each that is overdue is a line, and
    the last line is the whole. Exits with 1 if the rows of some plan amount to none, with 2 if the
    store can't be used.
    """
    overdue, unread = Overdue(day.date()), 0
    with told(), progress("working out what is due", "plans") as tell:
        found = owed_on(Store.open(where), overdue.on, editions(names), afresh=afresh, told=tell)
        for one in found:
            if isinstance(one, Unread):
                unread += 1
                click.secho(f"plan {one.plan!r}: {one.says}", fg="red", err=True)
                continue
            overdue.add(one)
            if listing:
                _list(one, form)
    _tell(overdue, unread, form=form, listing=listing)
    if unread:
        raise SystemExit(1)


def _list(one: PlanOwed, form: str) -> None:
    for obligation, status in one.owed:
        if status is not Status.OVERDUE:
            continue
        said = {
            "plan": one.plan,
            "team": one.team,
            "procedure": one.procedure.name,
            "duty": obligation.duty.id,
            "due_on": str(obligation.due_on),
        }
        click.echo(
            json.dumps(said, ensure_ascii=False) if form == "json" else "  ".join(said.values())
        )


def _tell(overdue: Overdue, unread: int, *, form: str, listing: bool) -> None:
    data = {**overdue.as_data(), "unread": unread}
    if form == "json" and listing:
        click.echo(json.dumps(data, ensure_ascii=False))
    elif form == "json":
        as_json(data)
    else:
        _tables(overdue)
        tail = f"; {unread} plans could not be read" if unread else ""
        whole = overdue.whole
        click.echo(
            f"{overdue.plans} plans on {overdue.on}: {whole.overdue} overdue on {whole.plans}{tail}"
        )


def _tables(overdue: Overdue) -> None:
    by_duty = [
        (duty, name, *_cells(tally))
        for (name, duty), tally in most_overdue(overdue.by_duty)
        if tally.overdue or tally.undecidable
    ]
    by_team = [(team or "-", *_cells(tally)) for team, tally in most_overdue(overdue.by_team)]
    for headings, rows in (("duty", "procedure"), by_duty), (("team",), by_team):
        if rows:
            table((*headings, *HEADINGS), rows)
            click.echo()


def _cells(tally: Tally) -> tuple[str, ...]:
    return (
        str(tally.overdue),
        str(tally.plans),
        str(tally.oldest or ""),
        str(tally.owed),
        str(tally.undecidable),
    )
