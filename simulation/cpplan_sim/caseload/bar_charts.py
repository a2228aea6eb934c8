"""Bar charts: what became of each duty, and by which routes plans ended.

Holds the drawings, and the bars and labels that others share. What they part by colour they part by
stripes too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cpplan.clauses import Strength
from cpplan_sim.caseload.findings import DutyFinding, EndingFinding
from cpplan_sim.caseload.intervals import Estimate
from cpplan_sim.caseload.numerals import percent
from cpplan_sim.caseload.svg import COLOURS, Chart, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAR = 0.31
"""Inches that one labelled bar takes."""

THICK = 0.4
"""Of a bar, where 1 is the way to the next."""

QUARTERS = ([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
"""Marks of an axis of shares, and how they are written."""

FATES = (("on time", "on-time"), ("late", "late"), ("missed", "missed"))
"""What becomes of a duty, in words, and its colour."""

STRIPE = 0.015
"""Of the width of a chart: from one slanted stripe to the next."""


def duties_chart(duties: Sequence[DutyFinding]) -> Chart | None:
    """Draw what became of each duty: must before should, the least punctual first.

    Returns:
        The chart; ``None`` if nothing was decided of any.
    """
    order = list(Strength)
    owed = [(duty, duty.share) for duty in duties if duty.share]
    owed.sort(key=lambda pair: (order.index(pair[0].strength), pair[1].value))
    if not owed:
        return None
    return drawn(
        "duties",
        "What was done on time, late and never, by duty",
        "A bar for each duty, must before should, the least punctual first, parted into done on"
        " time, late and missed. A line in it shows the interval of the share on time.",
        [BAR * len(owed) + 0.7],
        lambda axes: _duties(axes[0], owed),
    )


def _duties(axes: Axes, owed: Sequence[tuple[DutyFinding, Estimate]]) -> None:
    ends = [_ends(duty) for duty, _ in owed]
    for fate, (_, colour) in enumerate(FATES):
        left = [end[fate] for end in ends]
        widths = [end[fate + 1] - end[fate] for end in ends]
        axes.barh(range(len(owed)), widths, THICK, left, color=COLOURS[colour])
    _stripes(axes, [_slanted(at, end[1], end[2]) for at, end in enumerate(ends)])
    _stripes(axes, [_along(at, end[2], end[3]) for at, end in enumerate(ends)])
    for place, (duty, share) in enumerate(owed):
        axes.plot([share.low, share.high], [place, place], color=COLOURS["ink"], linewidth=1.5)
        what = "on time" if duty.timed else "done (no time stated)"
        told = f"{duty.strength.value}: {duty.id}, {percent(share.value)} {what}"
        label(axes, place, told, bold=duty.strength is Strength.MUST)
    from_above(axes, len(owed))
    axes.set_xlim(0, 1)
    axes.set_xticks(*QUARTERS)
    _fates(axes)


def _ends(duty: DutyFinding) -> tuple[float, ...]:
    """Return where a bar begins, and where each part of it ends."""
    counts = (0, duty.on_time, duty.on_time + duty.late, duty.decided)
    return tuple(count / duty.decided for count in counts)


# matplotlib hatches with patterns, of which a printed page grows to tens of megabytes.
Line = tuple[list[float], list[float]]


def _stripes(axes: Axes, lines: Sequence[Sequence[Line]]) -> None:
    """Draw lines over bars, all in one path."""
    across = [x for bar in lines for line in bar for x in (*line[0], math.nan)]
    down = [y for bar in lines for line in bar for y in (*line[1], math.nan)]
    axes.plot(across, down, color=COLOURS["paper"], linewidth=0.8, solid_capstyle="butt")


def _slanted(place: float, begin: float, end: float) -> list[Line]:
    up = [place + THICK / 2, place - THICK / 2]
    number = int((end - begin) / STRIPE)
    lefts = (begin + one * STRIPE for one in range(number))
    return [([left, left + STRIPE], up) for left in lefts]


def _along(place: float, begin: float, end: float) -> list[Line]:
    offsets = (-THICK / 6, THICK / 6) if end > begin else ()
    return [([begin, end], [place + offset] * 2) for offset in offsets]


def _fates(axes: Axes) -> None:
    """Tell the parts of the bars apart: none, slanted or level stripes."""
    bars = axes.containers
    slanted = axes.plot([], color=COLOURS["paper"], linestyle="none", marker=(2, 2, -40))
    level = axes.plot([], color=COLOURS["paper"], linewidth=0.8)
    handles = [bars[0], (bars[1], *slanted), (bars[2], *level)]
    legend(axes, handles, [name for name, _ in FATES])


def endings_chart(endings: Sequence[EndingFinding]) -> Chart | None:
    """Draw by which routes plans ended; ``None`` if none did."""
    taken = [(one, one.share) for one in endings if one.share]
    if not taken:
        return None
    return drawn(
        "endings",
        "How plans ended",
        "A bar for each route: its share of the plans that ended. A line in it shows the interval.",
        [BAR * len(taken) + 0.4],
        lambda axes: _endings(axes[0], taken),
    )


def _endings(axes: Axes, taken: Sequence[tuple[EndingFinding, Estimate]]) -> None:
    shares = [share.value for _, share in taken]
    axes.barh(range(len(taken)), shares, THICK, color=COLOURS["on-time"])
    for place, (one, share) in enumerate(taken):
        axes.plot([share.low, share.high], [place, place], color=COLOURS["ink"], linewidth=1.5)
        label(axes, place, f"{one.state}: {percent(share.value)}, {one.plans:,} plans")
    from_above(axes, len(taken))
    axes.set_xlim(0, 1)
    axes.set_xticks(*QUARTERS)


def label(axes: Axes, place: float, told: str, *, bold: bool = False) -> None:
    """Write what a bar is above it, from the left edge, so that the bar has the whole width."""
    axes.annotate(
        told,
        (0, place - THICK / 2),
        xycoords=("axes fraction", "data"),
        xytext=(0, 1.5),
        textcoords="offset points",
        fontsize=7.5,
        va="bottom",
        fontweight="bold" if bold else "normal",
        # So that an upright line behind it does not strike it out.
        bbox={"facecolor": COLOURS["paper"], "linewidth": 0, "pad": 0},
    )


def from_above(axes: Axes, number: int) -> None:
    """Order so many bars from above, without an axis: their labels stand above them."""
    axes.set_ylim(number - 0.5, -0.9)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def legend(axes: Axes, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Tell the parts of a chart apart, above it."""
    axes.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1),
        ncols=4,
        frameon=False,
        borderaxespad=0,
        numpoints=3,
    )
