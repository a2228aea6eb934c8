"""``cpplan store migrate``: what another edition would be for every plan of a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

import click

from cpplan.packs import PROCEDURES
from cpplan.store import Store
from cpplan.store.owing import Unread
from cpplan_sim.commands.output import FORMAT, as_json, progress, table, writing
from cpplan_sim.commands.stores import EDITIONS, STORE, editions, told
from cpplan_sim.migration_tally import Migrations
from cpplan_sim.migrations import Change, Looked, looked_at

DAY = click.DateTime(["%Y-%m-%d"])
PARTS = {
    "steps_needed": "step needed",
    "steps_lost": "step lost",
    "steps_gained": "step gained",
    "rules_gone": "rule gone",
    "rules_new": "rule new",
}


@click.command("migrate")
@STORE
@EDITIONS
@click.option(
    "--from",
    "leaving",
    multiple=True,
    required=True,
    metavar="NAME|FOLDER",
    help="An edition that plans leave; again for more. Plans under any other are left as they are.",
)
@click.option("--to", "to", required=True, metavar="NAME|FOLDER", help="The edition they come to.")
@click.option("--on", "day", required=True, type=DAY, metavar="DATE", help="Its first day.")
@click.option(
    "--lines",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, for each plan that can change, the line that records it.",
)
@click.option("--recorded-on", "recorded", type=DAY, metavar="DATE", help="The day of recording.")
@click.option("--id", "name", help="What the entries are called, if not after what they do.")
@FORMAT
def migrate(where: str, out: Path | None, form: str, **given: Any) -> None:
    """Tell what another edition would be for every plan of a store. Nothing is recorded.

    How many plans can be put under it, how many can't and why, which duties would be re-dated,
    begin or end, which steps would be newly needed and which rules are gone.

    With --lines and --recorded-on it writes what `cpplan store append --each` records: a line for
    each plan that can be put under it, good only while the plan and what changes for it are as
    they are now. Lines may be taken out of it, and it may be given again.

    Exits with 1 if some plan can't be put under it or can't be read, with 2 if it can't be done.
    """
    if (out is None) != (given["recorded"] is None):
        raise click.UsageError("--lines and --recorded-on go together: one needs the other")
    named = (*(given["names"] or PROCEDURES), *given["leaving"])
    change = _change(given)
    found, unread = Migrations(change), 0
    with told(), _lines(out) as lines, progress("looking at plans", "plans") as tell:
        for one in looked_at(Store.open(where), change, editions(named), tell):
            if isinstance(one, Unread):
                unread += 1
                click.secho(f"plan {one.plan!r}: {one.says}", fg="red", err=True)
                continue
            found.add(one)
            if lines is not None and isinstance(one, Looked) and one.line:
                lines.write(one.line + "\n")
    if form == "json":
        as_json({**found.as_data(), "unread": unread})
    else:
        _tell(found, unread)
    if unread or found.impossible.count:
        raise SystemExit(1)


def _change(given: Mapping[str, Any]) -> Change:
    leaving = frozenset(one.digest for one in editions(given["leaving"]))
    day: dt.datetime = given["day"]
    recorded: dt.datetime | None = given["recorded"]
    to, called = editions((given["to"],))[0], {"id": given["name"]} if given["name"] else {}
    return Change(leaving, to, day.date(), recorded and recorded.date(), **called)


def _lines(out: Path | None) -> AbstractContextManager[IO[str] | None]:
    return nullcontext() if out is None else writing(out)


def _tell(found: Migrations, unread: int) -> None:
    _reasons(found)
    _duties(found)
    for part, heading in PARTS.items():
        tallied = sorted(found.parts[part].items())
        _table((heading, "plans"), [(name, str(plans.count)) for name, plans in tallied])
    for (name, digest), plans in sorted(found.left.items()):
        click.echo(f"left as they are: {plans.count}, under {name} ({digest:.12})")
    change = found.change
    click.echo(
        f"{found.plans} plans, {change.to.name} ({change.to.digest:.12}) from {change.on}:"
        f" {found.possible.count} can be put under it, of which nothing else changes for"
        f" {found.unchanged.count} and later events are decided otherwise for"
        f" {found.decided_otherwise.count}; {found.impossible.count} can't;"
        f" {found.already.count} are already" + (f"; {unread} could not be read" if unread else "")
    )


def _reasons(found: Migrations) -> None:
    rows = [
        (code, state, str(plans.count), " ".join(plans.some))
        for (code, state), plans in sorted(found.against.items())
    ]
    _table(("why not", "state", "plans", "such as"), rows)


def _duties(found: Migrations) -> None:
    rows = [
        (duty, *map(str, (t.redated, t.sooner, t.begun, t.ended, t.otherwise, t.plans.count)))
        for duty, t in sorted(found.duties.items())
    ]
    headings = ("duty", "re-dated", "of these sooner", "newly owed", "ended", "otherwise", "plans")
    _table(headings, rows)


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    if rows:
        table(headings, rows)
        click.echo()
