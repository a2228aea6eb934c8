"""Teams of several sizes, for ``cpplan simulate --staff``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from cpplan_sim.caseload.capacity import CapacityPoint, TeamJob, curve
from cpplan_sim.caseload.executors import executor
from cpplan_sim.caseload.jobs import Setting
from cpplan_sim.caseload.numerals import percents
from cpplan_sim.caseload.profile_parts import First
from cpplan_sim.caseload.running import run
from cpplan_sim.caseload.staffing import StaffFinding
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.wording import capacity_in_words
from cpplan_sim.commands.output import progress, table

F = TypeVar("F", bound=Callable[..., Any])

BLOCK = 5
"""Teams in a block."""

OPTIONS = (
    click.option(
        "--staff",
        default="",
        metavar="SIZES",
        help="Run teams of social workers with so many visits and meetings a day: sizes as 4-10,"
        " or 3,7,14.",
    ),
    click.option(
        "--teams", default=20, show_default=True, type=click.IntRange(1), help="Of each size."
    ),
    click.option(
        "--first",
        type=click.Choice([one.value for one in First]),
        help="Who is seen first; by default as the profile has it.",
    ),
    click.option(
        "--opened-per-month",
        type=click.FloatRange(0, min_open=True),
        help="Cases that open in a month for one team; about 3 by default.",
    ),
)


def staff_options(function: F) -> F:
    """Add the options on teams."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


def sizes(text: str) -> tuple[int, ...]:
    """Return the sizes that an option names."""
    try:
        found: list[int] = []
        for part in filter(None, text.split(",")):
            low, dash, high = part.partition("-")
            found += range(int(low), int(high) + 1) if dash else [int(low)]
    except ValueError as error:
        raise click.UsageError(f"--staff {text!r}: give sizes as 4-10, or 3,7,14") from error
    if text and not found:
        raise click.UsageError(f"--staff {text!r} names no size: give them as 4-10, or 3,7,14")
    return tuple(sorted(set(found)))


def capacity(setting: Setting, given: dict[str, Any]) -> tuple[CapacityPoint, ...]:
    """Run teams of each size; nothing if no size was named."""
    wanted = sizes(given["staff"])
    if not wanted:
        return ()
    job = TeamJob(
        setting=setting,
        seed=given["seed"],
        staff=wanted[0],
        opened_per_month=given["opened_per_month"],
        first=First(given["first"]) if given["first"] else None,
    )
    return curve(job, wanted, teams=given["teams"], summarise=functools.partial(_run, given))


def _run(given: dict[str, Any], job: TeamJob, teams: int) -> Summary:
    pool = functools.partial(executor, given["workers"], given["cluster"])
    with progress(f"teams of {job.staff}", "teams") as told:
        done = run(job, teams, size=BLOCK, executor=pool, told=lambda number: told(number, teams))
    if done.summary is None or done.left:
        raise KeyboardInterrupt
    return done.summary


def findings(points: tuple[CapacityPoint, ...]) -> tuple[StaffFinding, ...]:
    """Return what the page draws of them."""
    return tuple(
        StaffFinding(staff=one.staff, share=one.share, days_late=one.days_late, backlog=one.overdue)
        for one in points
        if one.share is not None
    )


def tell(points: tuple[CapacityPoint, ...]) -> None:
    """Print what teams of each size keep up with."""
    if not points:
        return
    click.echo()
    for sentence in capacity_in_words(findings(points)):
        click.echo(sentence)
    table(
        ["social workers", "on time", "days late", "overdue at the end", "waiting", "slots used"],
        [
            [
                str(one.staff),
                percents(one.share),
                f"{one.days_late:.1f}",
                f"{one.overdue:.1f}",
                f"{one.backlog:.1f}",
                f"{one.used:.0%}",
            ]
            for one in points
        ],
    )
