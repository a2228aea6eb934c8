"""Tables of a page: every figure that a chart draws, and those that no chart does, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from cpplan_sim.caseload.comparison import Comparison, DutyDifference
from cpplan_sim.caseload.findings import (
    QUANTILES,
    DutyFinding,
    EndingFinding,
    EscalationFinding,
    MeanFinding,
    MonthFinding,
    RefusalFinding,
    StateFinding,
    YearFinding,
)
from cpplan_sim.caseload.intervals import Survival
from cpplan_sim.caseload.numerals import day, number, numbers, percent, percents, points
from cpplan_sim.caseload.published import BANDS
from cpplan_sim.caseload.staffing import StaffFinding
from cpplan_sim.caseload.wording import verdict


def _rows(given: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(given)


@attrs.frozen
class Table:
    """A table in words and figures.

    Attributes:
        title: what it holds.
        heads: of its columns.
        rows: of its cells.
        words: how many columns, from the left, hold words; the others hold figures.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)
    words: int = 1


def _count(count: int) -> str:
    return f"{count:,}"


def duties_table(duties: Iterable[DutyFinding]) -> Table:
    """Return what became of each duty, with its clauses."""
    parts = ", ".join(f"{part:.0%}" for part in QUANTILES)
    return Table(
        "Every duty",
        (
            "Duty",
            "Strength",
            "Clauses",
            "on time",
            "done on time",
            "done late",
            "missed",
            f"days late: {parts} within",
        ),
        (
            (
                f"{duty.id}: {duty.says}",
                duty.strength.value,
                ", ".join(duty.clauses) or "our choice",
                percents(duty.share) if duty.timed else f"no time stated: {percents(duty.share)}",
                *map(_count, (duty.on_time, duty.late, duty.missed)),
                ", ".join(duty.late_days_told) or "none late",
            )
            for duty in duties
        ),
        words=3,
    )


def owed_table(duties: Iterable[DutyFinding]) -> Table:
    """Return how often each duty was owed, and how often nothing was decided."""
    return Table(
        "How often each was owed",
        ("Duty", "owed", "decided", "lapsed", "no date known", "still open", "of these overdue"),
        (
            (
                duty.id,
                *map(_count, (duty.opened, duty.decided, duty.lapsed, duty.undecidable)),
                *map(_count, (duty.open + duty.overdue, duty.overdue)),
            )
            for duty in duties
        ),
    )


def endings_table(endings: Iterable[EndingFinding]) -> Table:
    """Return by which routes plans ended."""
    return Table(
        "Every ending",
        ("Ending", "plans", "of those that ended"),
        ((f"{one.state}: {one.says}", _count(one.plans), percents(one.share)) for one in endings),
    )


def survival_table(points_: Sequence[Survival], every: int, until: int) -> Table:
    """Return what part of plans lasts so many weeks.

    Args:
        points_: one for each week.
        every: of how many weeks one is told.
        until: the last week told.
    """
    return Table(
        "Every week" if every == 1 else f"Every {every} weeks",
        ("Weeks", "plans that last as long", "plans seen to"),
        (
            (str(one.week), percents(one.share), _count(one.at_risk))
            for one in points_
            if one.week % every == 0 and one.week <= until
        ),
    )


def years_table(years: Iterable[YearFinding]) -> Table:
    """Return plans begun, ended and open, by year."""
    return Table(
        "Plans by year",
        ("Year to", "begun", "of these second or later", "ended", "open at its end"),
        (
            (day(year.until), *map(_count, (year.started, year.second, year.ended, year.open)))
            for year in years
        ),
    )


def bands_table(years: Iterable[YearFinding]) -> Table:
    """Return how long plans had lasted when they ended, and those that were open, by year."""
    return Table(
        "How long plans had lasted, in the published bands",
        ("Year to", "Plans", *BANDS),
        (
            (day(year.until), name, *map(_count, bands))
            for year in years
            for name, bands in (("ended", year.ended_bands), ("open", year.open_bands))
        ),
        words=2,
    )


def states_table(states: Iterable[StateFinding]) -> Table:
    """Return the time in each state."""
    return Table(
        "Time in each state",
        ("State", "days a case", "stays", "days a stay"),
        (
            (
                f"{one.state}: {one.says}",
                number(one.per_case),
                _count(one.stays),
                number(one.per_stay),
            )
            for one in states
        ),
    )


def escalations_table(escalations: Iterable[EscalationFinding]) -> Table:
    """Return how plans came to be escalated, and ceased to be."""
    return Table(
        "Into escalation and out of it",
        ("Rule", "Way", "Clauses", "times"),
        (
            (
                f"{one.rule}: {one.says}",
                f"from {one.other}" if one.into else f"to {one.other}",
                ", ".join(one.clauses) or "our choice",
                _count(one.times),
            )
            for one in escalations
        ),
        words=3,
    )


def months_table(months: Iterable[MonthFinding]) -> Table:
    """Return the workload by month."""
    return Table(
        "Every month",
        ("Month", "plans open at its end", "visits", "meetings"),
        (
            (f"{one.month:%B %Y}", *map(_count, (one.open, one.visits, one.meetings)))
            for one in months
        ),
    )


def means_table(means: Iterable[MeanFinding]) -> Table:
    """Return what cases and plans have on average."""
    return Table(
        "On average",
        ("What", "Of each", "mean", "in all"),
        ((one.name, one.per, numbers(one.mean), _count(one.total)) for one in means),
        words=2,
    )


def refusals_table(refusals: Iterable[RefusalFinding]) -> Table:
    """Return for what reasons attempts were refused."""
    return Table(
        "Every reason for a refusal",
        ("Code", "What it says", "Clauses", "times"),
        (
            (one.code, " Or: ".join(one.says), ", ".join(one.clauses) or "none", _count(one.times))
            for one in refusals
        ),
        words=3,
    )


def capacity_table(curve: Iterable[StaffFinding]) -> Table:
    """Return what teams of each size keep up with."""
    return Table(
        "Every size of team",
        ("Social workers", "on time", "days late, mean", "overdue on the last day"),
        (
            (
                str(team.staff),
                percents(team.share),
                number(team.days_late),
                number(team.backlog),
            )
            for team in sorted(curve, key=lambda team: team.staff)
        ),
    )


def differences_table(compared: Comparison) -> Table:
    """Return what a case has under both procedures, compared case by case."""
    return _differences(
        "Every case against itself",
        compared,
        (
            (one.name, verdict(one), number(one.one), number(one.other), numbers(one.by))
            for one in compared.means
        ),
    )


def duty_differences_table(compared: Comparison) -> Table:
    """Return what is done on time under both procedures."""
    return _differences(
        "What is done on time, by duty",
        compared,
        (
            (_both(one), verdict(one), percent(one.one), percent(one.other), points(one.by))
            for one in compared.duties
        ),
    )


def _differences(title: str, compared: Comparison, rows: Iterable[tuple[str, ...]]) -> Table:
    heads = ("What", "What to make of it", compared.one.label, compared.other.label, "difference")
    return Table(title, heads, rows, words=2)


def _both(one: DutyDifference) -> str:
    """Return a duty with its strength, and the other procedure's where it is another."""
    told = f"{one.name} ({one.strength.value})"
    if (one.other_duty, one.other_strength) == (one.name, one.strength):
        return told
    return f"{told}; the other's {one.other_duty} ({one.other_strength.value})"
