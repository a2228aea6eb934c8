"""Difference charts: how far two runs lie apart, with what chance alone could do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cpplan_sim.caseload.bar_charts import BAR, from_above, label
from cpplan_sim.caseload.comparison import Comparison, Difference, DutyDifference
from cpplan_sim.caseload.intervals import Estimate
from cpplan_sim.caseload.numerals import points
from cpplan_sim.caseload.svg import COLOURS, Chart, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 1.0
"""A difference beyond which an arrow stands for it: one so large would hide all others."""


def differences_chart(compared: Comparison) -> Chart | None:
    """Draw what differs per case, in parts of the first run; ``None`` if there is no such thing."""
    shown = [
        (one, Estimate(*(end / one.one for end in (one.by.value, one.by.low, one.by.high))))
        for one in compared.means
        if one.one
    ]
    labels = [f"{one.name}: {by.value:+.1%}" for one, by in shown]
    return _dots(
        "differences",
        f"What a case has under {compared.other.label}, against {compared.one.label}",
        "more or less, in percent",
        [one for one, _ in shown],
        [by for _, by in shown],
        labels,
    )


def duty_differences_chart(duties: Sequence[DutyDifference]) -> Chart | None:
    """Draw how far shares on time differ; ``None`` if no duty was compared."""
    return _dots(
        "duty-differences",
        "What is done on time, by duty: the difference in points",
        "percentage points more or less on time",
        duties,
        [one.by for one in duties],
        [f"{one.strength.value}: {one.name}, {points(one.by)}" for one in duties],
    )


def _dots(
    name: str,
    title: str,
    axis: str,
    found: Sequence[Difference],
    by: Sequence[Estimate],
    labels: Sequence[str],
) -> Chart | None:
    if not found:
        return None
    return drawn(
        name,
        title,
        "A dot for each difference, with a line for its interval, about an upright line at none."
        " It is filled if the interval does not hold 0, hollow if chance could explain it, and an"
        " arrow if it lies beyond the edge.",
        [BAR * len(found) + 0.5],
        lambda axes: _differences(axes[0], axis, found, by, labels),
    )


def _differences(
    axes: Axes,
    axis: str,
    found: Sequence[Difference],
    by: Sequence[Estimate],
    labels: Sequence[str],
) -> None:
    axes.axvline(0, color=COLOURS["ink"], linewidth=0.8)
    for place, (one, size, told) in enumerate(zip(found, by, labels, strict=True)):
        colour = COLOURS["missed" if one.shown else "on-time"]
        axes.plot([100 * size.low, 100 * size.high], [place, place], color=colour, linewidth=1.5)
        at = max(-EDGE, min(EDGE, size.value))
        axes.plot(
            100 * at,
            place,
            color=colour,
            marker="o" if at == size.value else ">" if at > 0 else "<",
            markerfacecolor=colour if one.shown else "none",
        )
        label(axes, place, told)
    ends = [min(EDGE, abs(end)) for size in by for end in (size.low, size.high)]
    widest = 110 * max(ends) or 1
    axes.set_xlim(-widest, widest)
    from_above(axes, len(found))
    axes.set_xlabel(axis)
