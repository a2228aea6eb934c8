"""``cpplan coverage``: what becomes of every clause."""

from __future__ import annotations

import click

from cpplan import PROCEDURES, load
from cpplan.reading import InvalidFileError
from cpplan_sim.account import Account, Fate, account_of
from cpplan_sim.commands.output import FORMAT, as_json, refuse, table


@click.command("coverage")
@click.argument("procedures", nargs=-1)
@click.option("--clauses", is_flag=True, help="List every clause, not only what is excused.")
@FORMAT
def command(procedures: tuple[str, ...], clauses: bool, form: str) -> None:
    """Print what becomes of every clause of PROCEDURES (all shipped ones by default).

    Exits with 1 if a clause is neither enforced, tracked, recorded nor excused.
    """
    try:
        accounts = [account_of(load(name)) for name in procedures or PROCEDURES]
    except InvalidFileError as error:
        refuse(error)
    if form == "json":
        as_json([_as_data(account) for account in accounts])
    else:
        _print(accounts, clauses)
    if any(account.of(Fate.MISSING) for account in accounts):
        raise SystemExit(1)


def _print(accounts: list[Account], clauses: bool) -> None:
    headings = ["procedure", "clauses", *(fate.value for fate in Fate)]
    rows = [
        [one.procedure, str(len(one.standings)), *(str(one.counts[fate]) for fate in Fate)]
        for one in accounts
    ]
    table(headings, rows)
    for account in accounts:
        for standing in account.standings:
            if standing.fate in (Fate.EXCUSED, Fate.MISSING) or clauses:
                told = ", ".join(standing.by) or standing.why
                click.echo(f"{standing.clause.id}  {standing.fate}: {told or standing.clause.rule}")


def _as_data(account: Account) -> dict[str, object]:
    return {
        "procedure": account.procedure,
        "counts": {fate.value: account.counts[fate] for fate in Fate},
        "clauses": [
            {
                "clause": one.clause.id,
                "register": one.clause.enforcement.value,
                "fate": one.fate.value,
                "by": list(one.by),
                "why": one.why,
            }
            for one in account.standings
        ],
    }
