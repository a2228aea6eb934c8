"""``cpplan store``: plans' histories in a database: add, show, verify, take along."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import click

from cpplan.decisions import Reason
from cpplan.store import Head, Row, Store, Verifier, ddl
from cpplan.store.head_lines import heads_in, lines_of_heads
from cpplan.store.lines import (
    InvalidLinesError,
    exported,
    line_of,
    take_in,
)
from cpplan_sim.commands.output import FORMAT, as_json, progress, table, writing
from cpplan_sim.commands.store_migrate import migrate
from cpplan_sim.commands.stores import EDITIONS, STORE, editions, told
from cpplan_sim.recording import Recorded, Recorder, record_each

LINES = click.argument(
    "file",
    # What is not UTF-8 is told by whoever reads the line, with its number.
    type=click.File(encoding="utf-8", errors="surrogateescape"),
    default="-",
)


@click.group("store")
def command() -> None:
    """Keep plans' histories in SQLite or PostgreSQL, only ever added to.

    Each command exits with 1 if what was asked is answered with no, with 2 if it can't be done.
    """


command.add_command(migrate)


@command.command("init")
@STORE
def init(where: str) -> None:
    """Make the tables and triggers of a store, where they are not there yet."""
    with told():
        Store.create(where).close()


@command.command("statements")
@click.argument("database", type=click.Choice(["sqlite", "postgresql"]))
def statements(database: str) -> None:
    """Print the statements that make a store, for migrations of your own."""
    click.echo(ddl(database), nl=False)


@command.command("append")
@STORE
@EDITIONS
@click.option("--keep-refused", is_flag=True, help="Keep what is refused, apart from the history.")
@click.option("--each", is_flag=True, help="Add each line by itself, whatever becomes of others.")
@LINES
@FORMAT
def append(
    where: str, names: tuple[str, ...], *, keep_refused: bool, each: bool, file: Any, form: str
) -> None:
    """Judge the entries in FILE, JSON lines, and add them: all of them, or none.

    With --each, what can be added is, and the rest is told: with the format json an object for
    each line, with its number. If it is interrupted, give the same lines again.

    A line is an object: "plan" names it; "entry" is what was recorded, as the kernel writes it,
    with the edition filled in where it is left out; "team" says who answers for the plan;
    "expected" is the version that the entry was decided on, with the lines before it, where that
    matters; "accepting" is the digest of the consequences that are accepted. A new plan is under
    the procedure that its first entry names, or the only one given.
    """
    if each:
        _append_each(where, names, file, keep_refused=keep_refused, form=form)
        return
    with told():
        recorder = Recorder(Store.open(where), editions(names))
        found = recorder.record(file, keep_refused=keep_refused)
    if form == "json":
        as_json(_recorded(found))
    else:
        for line in _lines(found):
            click.echo(line, err=not found.accepted)
    if not found.accepted:
        raise SystemExit(1)


def _append_each(
    where: str, names: tuple[str, ...], file: Any, *, keep_refused: bool, form: str
) -> None:
    added, there, left, wrong = 0, 0, 0, 0
    with told():
        store = Store.open(where)
        for number, found in record_each(store, editions(names), file, keep_refused=keep_refused):
            if isinstance(found, InvalidLinesError):
                wrong += 1
            else:
                again = found.accepted and found.repeated
                added, there = added + (found.accepted and not again), there + again
                left += not found.accepted
            if form == "json":
                click.echo(json.dumps({"line": number, **_came_of(found)}, ensure_ascii=False))
            else:
                _tell(found)
    lines = "line" if added == 1 else "lines"
    told_ = f"{added} {lines} added, {there} were there, {left} left out, {wrong} can't be read"
    click.echo(told_, err=form == "json")
    if left or wrong:
        raise SystemExit(2 if wrong else 1)


def _came_of(found: Recorded | InvalidLinesError) -> dict[str, Any]:
    if isinstance(found, InvalidLinesError):
        return {"accepted": False, "problems": list(found.problems)}
    return _recorded(found)


def _tell(found: Recorded | InvalidLinesError) -> None:
    if isinstance(found, InvalidLinesError):
        click.secho(str(found), fg="red", err=True)
    else:
        for one in found.reasons:
            click.echo(_against(*one), err=True)


@command.command("show")
@STORE
@click.option("--refused", is_flag=True, help="Show what was refused and kept, not the history.")
@click.argument("plan")
@FORMAT
def show(where: str, plan: str, *, refused: bool, form: str) -> None:
    """Show the stored history of PLAN, as rows. Exits with 1 if nothing is stored of it."""
    with told():
        store = Store.open(where)
        rows = store.history(plan)
        attempts = store.refused(plan) if refused else []
    if refused:
        as_json([_attempt(one) for one in attempts])
    elif form == "json":
        for row in rows:
            click.echo(line_of(row))
    elif rows:
        table(("version", "about", "recorded", "entry", "id", "hash"), [_row(row) for row in rows])
    if not rows and not attempts:
        click.echo(f"nothing is stored of {plan!r}", err=True)
        raise SystemExit(1)


@command.command("verify")
@STORE
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads that were kept elsewhere, as `cpplan store export --heads` wrote them.",
)
@FORMAT
def verify(where: str, heads: Path | None, form: str) -> None:
    """Work every chain out again; name the first broken link of each plan, and exit with 1."""
    with told(), progress("verifying", "plans") as tell:
        store = Store.open(where)
        kept = None if heads is None else _heads(heads)
        verifier = Verifier.against(kept or ())
        broken = list(store.verified_by(verifier, told=tell))
    if form == "json":
        found = [{"plan": one.plan, "version": one.version, "says": one.says} for one in broken]
        held = {} if kept is None else {"heads": len(kept)}
        as_json({"plans": verifier.plans, "rows": verifier.rows, **held, "broken": found})
    else:
        for one in broken:
            click.secho(str(one), fg="red")
        whole = "every chain holds" if not broken else f"{len(broken)} broken"
        against = "" if kept is None else f", held against {len(kept)} heads"
        click.echo(f"{verifier.plans} plans, {verifier.rows} rows{against}: {whole}")
    if broken:
        raise SystemExit(1)


@command.command("export")
@STORE
@click.option("--heads", is_flag=True, help="Only the head of each plan, to be kept elsewhere.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    help="Where to; to standard output if nothing is said.",
)
def export(where: str, *, heads: bool, out: Path) -> None:
    """Write the whole store as JSON lines: every row, each plan's team, what was refused.

    A file that is there stays as it is until all of it is written.
    """
    with told(), writing(out) as lines:
        store = Store.open(where)
        for line in lines_of_heads(store.heads()) if heads else exported(store):
            lines.write(line + "\n")


@command.command("import")
@STORE
@LINES
@FORMAT
def import_(where: str, file: Any, form: str) -> None:
    """Add what FILE holds, as export wrote it, or nothing. What is there already stays as it is.

    The team of a plan is taken in if nothing was there of the plan; otherwise, if it is another
    here, or none, that is told and left.
    """
    with told():
        found = take_in(Store.open(where), file)
    if form == "json":
        as_json(attrs.asdict(found))
    else:
        click.echo(
            f"{found.rows} rows of {found.plans} plans added; {found.there} were there;"
            f" {found.refused} refused attempts added"
        )
        for plan in found.teams_left:
            click.echo(f"plan {plan!r}: another team is named here, and was left", err=True)


def _heads(path: Path) -> list[Head]:
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        return list(heads_in(lines))


def _recorded(found: Recorded) -> dict[str, Any]:
    heads = () if found.answer is None else found.answer.heads
    return {
        "accepted": found.accepted,
        "heads": [{"plan": h.plan, "version": h.version, "hash": h.hash} for h in heads],
        "reasons": [
            {"line": number, "plan": plan, "code": one.code, "says": one.says, "cites": one.cites}
            for number, plan, one in found.reasons
        ],
    }


def _lines(found: Recorded) -> Iterable[str]:
    for one in found.reasons:
        yield _against(*one)
    if not found.accepted:
        yield "Nothing was stored."
    elif found.answer is not None:
        for head in found.answer.heads:
            yield f"plan {head.plan!r} stands at version {head.version}, {head.hash}"


def _against(number: int | None, plan: str, reason: Reason) -> str:
    return f"line {number}: plan {plan!r}: {reason}" if number else str(reason)


def _row(row: Row) -> tuple[str, ...]:
    return (
        str(row.version),
        row.effective,
        row.recorded_on,
        row.kind,
        row.entry_id,
        row.hash[:12],
    )


def _attempt(one: Any) -> dict[str, Any]:
    return {
        "entry": one.draft.entry_id,
        "recorded_on": one.draft.recorded_on,
        "body": one.draft.body,
        "reasons": [str(reason) for reason in one.reasons],
    }
