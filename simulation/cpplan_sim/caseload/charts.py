"""Line charts: how long plans last, the workload by month, and what teams keep up with.

Holds the drawings. They show nothing that their tables don't tell. What they part by colour they
part by dashes or marks too. How a drawing becomes text is in :mod:`cpplan_sim.caseload.svg`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cpplan_sim.caseload.bar_charts import QUARTERS, legend
from cpplan_sim.caseload.findings import MonthFinding, Results
from cpplan_sim.caseload.staffing import StaffFinding, knee
from cpplan_sim.caseload.svg import COLOURS, Chart, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WEEKS = 156
"""Weeks of survival that are drawn."""


def survival_chart(results: Results) -> Chart | None:
    """Draw what part of plans lasts so many weeks; ``None`` if none was seen to end."""
    if not results.ended or not results.ended.value:
        return None
    return drawn(
        "survival",
        "How long plans last",
        "A falling line: the part of plans that last at least so many weeks, those still open"
        " taken into account. The band about it is the interval at each week.",
        [2.5],
        lambda axes: _survival(axes[0], results),
    )


def _survival(axes: Axes, results: Results) -> None:
    shown = [one for one in results.survival if one.week <= WEEKS]
    weeks = [one.week for one in shown]
    low, high = [one.share.low for one in shown], [one.share.high for one in shown]
    axes.fill_between(weeks, low, high, step="post", color=COLOURS["band"], linewidth=0)
    axes.step(weeks, [one.share.value for one in shown], where="post", color=COLOURS["on-time"])
    axes.set_xlim(0, weeks[-1])
    axes.set_ylim(0, 1.02)
    axes.set_yticks(*QUARTERS)
    axes.set_xticks(range(0, weeks[-1] + 1, 26 if weeks[-1] >= 52 else 4))
    axes.set_xlabel("weeks since the plan began")
    axes.grid(color=COLOURS["line"], linewidth=0.5)


def workload_chart(months: Sequence[MonthFinding]) -> Chart | None:
    """Draw open plans, visits and meetings by month; ``None`` of less than two months."""
    if len(months) < 2:
        return None
    return drawn(
        "workload",
        "The workload, by month",
        "Above, a line for the plans open at the end of each month. Below, a line for the visits"
        " made in each month and a dashed one for the meetings held.",
        [1.6, 1.8],
        lambda axes: _workload(axes, months),
    )


def _workload(axes: Sequence[Axes], months: Sequence[MonthFinding]) -> None:
    places = range(len(months))
    above, below = axes
    above.plot(places, [one.open for one in months], color=COLOURS["on-time"])
    above.set_title("plans open at the end of the month")
    visits, meetings = [one.visits for one in months], [one.meetings for one in months]
    lines = [
        *below.plot(places, visits, color=COLOURS["on-time"]),
        *below.plot(places, meetings, color=COLOURS["missed"], linestyle="--"),
    ]
    legend(below, lines, ["visits", "meetings"])
    # Six labels at most, whatever the length of the run.
    marks = [*places][:: -(-len(months) // 6)]
    for each in axes:
        each.set_ylim(bottom=0)
        each.set_xlim(0, len(months) - 1)
        each.set_xticks(marks, [f"{months[at].month:%b %Y}" for at in marks])
        each.yaxis.set_major_formatter("{x:,.0f}")
        each.grid(color=COLOURS["line"], linewidth=0.5)


def capacity_chart(curve: Sequence[StaffFinding]) -> Chart | None:
    """Draw what teams of each size keep up with, with the knee; ``None`` of less than two sizes."""
    if len(curve) < 2:
        return None
    return drawn(
        "capacity",
        "What is done on time, by the size of the team",
        "A line with the share on time for each number of social workers, with its interval; the"
        " knee, if there is one, is ringed.",
        [2.5],
        lambda axes: _capacity(axes[0], sorted(curve, key=lambda team: team.staff)),
    )


def _capacity(axes: Axes, teams: Sequence[StaffFinding]) -> None:
    for team in teams:
        ends = [team.share.low, team.share.high]
        axes.plot([team.staff, team.staff], ends, color=COLOURS["ink"], linewidth=1.5)
    shares = [team.share.value for team in teams]
    axes.plot([team.staff for team in teams], shares, color=COLOURS["on-time"], marker=".")
    bend = knee(teams)
    if bend:
        at = (bend.staff, bend.share.value)
        axes.plot(*at, color=COLOURS["missed"], marker="o", markersize=11, fillstyle="none")
        axes.annotate(f"knee: {bend.staff}", at, xytext=(9, -13), textcoords="offset points")
    axes.set_ylim(0, 1.02)
    axes.set_yticks(*QUARTERS)
    axes.set_xlabel("social workers")
    axes.grid(color=COLOURS["line"], linewidth=0.5)
