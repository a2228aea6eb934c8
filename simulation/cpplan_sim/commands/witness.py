"""``cpplan witness``: a shortest history for each rule and state, and what no history reaches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cpplan import load
from cpplan.reading import InvalidFileError
from cpplan.states import is_ended
from cpplan_sim.commands.output import FORMAT, as_json, refuse, table
from cpplan_sim.reaching import Fate, Reach, Reached, reach
from cpplan_sim.traps import Leave, Leaving, leave
from cpplan_sim.witnessing import Suite, as_data, suite_of, write_suite
from cpplan_sim.writing import Source

ENDED = "ended"
"""One column for all endings."""


@click.command("witness")
@click.argument("procedure")
@click.option("--out", type=click.Path(path_type=Path), help="Write scenario files to this folder.")
@click.option(
    "--fill", default="", help="A procedure that speaks where this one is silent, as composite."
)
@FORMAT
def command(procedure: str, *, out: Path | None, fill: str, form: str) -> None:
    """Find the shortest history to each rule and state of PROCEDURE, or that there is none.

    The files written to a folder take every rule from every state in which a history can. Whether
    every plan can still be ended by a review is shown, or the trap is.

    Exits with 1 if a rule or a state that rules lead to is dead, if there is a trap, or if
    something could not be decided; with 2 if a file can't be used.
    """
    try:
        loaded = load(procedure, fill=fill)
    except InvalidFileError as error:
        refuse(error)
    reached = reach(loaded)
    left = leave(reached)
    made = None
    others: tuple[Path, ...] = ()
    if out is not None:
        made = suite_of(reached, left, Source(procedure=procedure, fill=fill), out)
        others = write_suite(made, out)
    if form == "json":
        as_json(as_data(reached, left, made))
    else:
        _print_table(reached, made)
        _told(reached, left)
        if made is not None:
            click.echo(f"{len(made.texts)} files in {out}. Run them: cpplan run {out}")
        if others:
            click.echo(f"Not of this suite, and left: {', '.join(path.name for path in others)}")
    if not reached.whole or left.leaving in (Leaving.TRAPPED, Leaving.UNDECIDED):
        raise SystemExit(1)


def _print_table(reached: Reach, made: Suite | None) -> None:
    """Print a row for each rule, with the length of its shortest witness from each state."""
    sources = [*(s for s in reached.states if not is_ended(s))]
    ended = [ENDED] if any(map(is_ended, reached.states)) else []
    headings = ["rule", *sources, *ended, *(["file"] if made else [])]
    by_rule: dict[str, list[Reached]] = {}
    for one in reached.edges:
        by_rule.setdefault(one.edge.rule.id, []).append(one)
    rows = [
        [
            rule,
            *(_cell([e for e in edges if _column(e) == state]) for state in (*sources, *ended)),
            *([_file(edges, made)] if made else []),
        ]
        for rule, edges in by_rule.items()
    ]
    table(headings, rows)


def _column(one: Reached) -> str:
    return ENDED if is_ended(one.edge.source) else one.edge.source


def _cell(edges: list[Reached]) -> str:
    """Return how many events the shortest witness has; what is not shown to be shortest as <=."""
    live = [one for one in edges if one.fate is Fate.LIVE]
    if live:
        best = min(live, key=lambda one: len(one.witness))
        return f"{'' if best.shortest else '<='}{len(best.witness)}"
    return edges[0].fate.value if edges else "-"


def _file(edges: list[Reached], made: Suite) -> str:
    files = [made.first[one.edge.number] for one in edges if one.witness]
    return files[0] if files else "-"


def _told(reached: Reach, left: Leave) -> None:
    for line, colour in _lines(reached):
        click.secho(line, fg=colour)
    for state, one in left.continuations.items():
        most = "" if one.shortest else "at most "
        click.echo(f"from {state}: {most}{one.further} more events to an ending by review")
    line, colour = _verdict(reached.procedure.name, left)
    click.secho(line, fg=colour)
    for moment in left.trap:
        moved = f"  -> {moment.after}" if moment.after != moment.before else ""
        click.echo(f"    {moment.event.on}  {moment.event.kind.replace('-', ' ')}{moved}")


def _lines(reached: Reach) -> Iterator[tuple[str, str | None]]:
    """Yield what to say of states and of what is dead or undecided, each with its colour."""
    name = reached.procedure.name
    for state in reached.states:
        found = reached.of_state(state)
        if found is not None:
            most = "" if found.shortest else "at most "
            yield f"state {state}: {most}{len(found.witness)} events", None
    for state in reached.unused:
        yield f"state {state}: not in use, no rule leads there", None
    for edge in reached.dead_edges:
        yield (
            f"{name}: no history takes {edge.rule.id} from {edge.source} to {edge.target}:"
            " there it can only refuse",
            "yellow",
        )
    for state in reached.dead_states:
        yield f"{name}: dead: no history enters {state}", "red"
    for rule in reached.dead_rules:
        cited = ", ".join(reached.procedure.rules[rule].cites)
        yield f"{name}: dead: no history takes {rule} [{cited}]", "red"
    for one in reached.undecided:
        told = f"{one.edge.rule.id} from {one.edge.source}: {one.found.why}"
        yield f"{name}: undecided: {told} ({one.found.states:,} states)", "red"


def _verdict(name: str, left: Leave) -> tuple[str, str | None]:
    """Return whether every plan can still be ended by a review, in words and with a colour."""
    figures = f"{left.spots:,} spots, {len(left.tracked)} steps tracked"
    if left.leaving is Leaving.SHOWN:
        told = f"every plan can be ended by a review, by {left.furthest} events at most"
        return f"{name}: shown: whatever its history, {told} ({figures})", "green"
    if left.leaving is Leaving.SILENT:
        return f"{name}: silent on ending by review: {left.why}", None
    if left.leaving is Leaving.TRAPPED:
        return f"{name}: a trap, shown in the kernel: {left.why} after ({figures})", "red"
    told = f"whether every plan can still be ended by a review: {left.why}"
    return f"{name}: undecided: {told} ({figures})", "red"
