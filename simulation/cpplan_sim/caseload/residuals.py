"""Residuals: what is simulated beside what is published, and whether it is near enough.

Holds the comparison, the tolerances and the table of both. It must not fit anything: what was
fitted and what was held back is told to it, and kept apart in all that it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import attrs

from cpplan.reading import nearest
from cpplan_sim.caseload.published import FIGURES, Target, Untold

SHARE = 0.01
"""One point of a hundred: for the share of plans that are such and such."""

RATIO = 0.02
"""For plans ended, or open, per plan started: these moved by up to 0.04 from year to year in 2019
to 2024, and a caseload in balance ends as many plans as it starts, whatever the year did."""

TOLERANCES: Mapping[str, float] = {
    figure.id: SHARE if figure.share else RATIO for figure in FIGURES
}
"""How far a simulated figure may be from the published one, by id of the target."""

BEGIN = "<!-- drawn by cpplan calibrate, begin -->"
END = "<!-- drawn by cpplan calibrate, end -->"
"""Between these lines of a page stands what is drawn; the rest is written by hand."""


class ResidualsError(ValueError):
    """What was given can't be compared, or a page has no place for the table."""


@attrs.frozen
class Residual:
    """One published figure beside the simulated one.

    Attributes:
        target: the published figure.
        simulated: the same of the simulated caseload.
        tolerance: how far apart they may be.
        held_back: whether it had no part in the fit, so that it was predicted.
    """

    target: Target
    simulated: float
    tolerance: float
    held_back: bool

    @property
    def difference(self) -> float:
        """Simulated less published."""
        return self.simulated - self.target.value

    @property
    def inside(self) -> bool:
        """Whether the difference is within the tolerance; if not, it is a miss."""
        # A hair more: 0.26 less 0.25 is more than 0.01 in binary.
        return abs(self.difference) <= self.tolerance + 1e-12


@attrs.frozen
class Residuals:
    """All that was compared: what was fitted, what was held back, and what is not published."""

    fitted: tuple[Residual, ...]
    held_back: tuple[Residual, ...] = ()
    untold: tuple[Untold, ...] = ()

    @property
    def misses(self) -> tuple[Residual, ...]:
        """What is not within its tolerance, of the fitted figures first."""
        return tuple(one for one in (*self.fitted, *self.held_back) if not one.inside)


def compare(
    targets: Sequence[Target],
    simulated: Mapping[str, float],
    tolerances: Mapping[str, float] = TOLERANCES,
    *,
    held_back: bool = False,
) -> tuple[Residual, ...]:
    """Put what is simulated beside what is published.

    Args:
        targets: published figures of one year and place.
        simulated: the same figures of a simulated caseload, by id.
        tolerances: how far apart they may be, by id.
        held_back: whether these targets had no part in the fit.

    Raises:
        ResidualsError: a target has no simulated figure or no tolerance.
    """
    for what, given in (("simulated figure", simulated), ("tolerance", tolerances)):
        lacking = [target.id for target in targets if target.id not in given]
        if lacking:
            hint = nearest(lacking[0], given)
            raise ResidualsError(f"no {what} for {', '.join(map(repr, lacking))} ({hint})")
    return tuple(
        Residual(target, simulated[target.id], tolerances[target.id], held_back)
        for target in targets
    )


def as_markdown(residuals: Residuals) -> str:
    """Return the tables: every fitted figure; how each place fared that was held back; its misses.

    What was held back is many figures, so those that are within their tolerance are counted.
    """
    parts = [
        "### Fitted",
        _told(residuals.fitted),
        _table(residuals.fitted),
        "### Held back",
        _told(residuals.held_back),
        _by_place(residuals.held_back),
        _table([one for one in residuals.held_back if not one.inside]),
        _untold(residuals.untold),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _told(residuals: Sequence[Residual]) -> str:
    if not residuals:
        return "None."
    misses = sum(not one.inside for one in residuals)
    return f"{len(residuals)} figures: {len(residuals) - misses} inside, {_misses(misses)}."


def _misses(number: int) -> str:
    return f"{number} miss" if number == 1 else f"{number} misses"


def _table(residuals: Iterable[Residual]) -> str:
    rows = [
        (
            one.target.says,
            one.target.table,
            f"{one.target.place} {one.target.year}",
            f"{one.target.value:.3f}",
            f"{one.simulated:.3f}",
            f"{one.difference:+.3f}",
            f"{one.tolerance:.3f}",
            "inside" if one.inside else "**a miss**",
        )
        for one in residuals
    ]
    heading = (
        "Figure",
        "Table",
        "Of",
        "Published",
        "Simulated",
        "Difference",
        "Tolerance",
        "Verdict",
    )
    return _lines(heading, "lllrrrrl", rows)


def _by_place(residuals: Sequence[Residual]) -> str:
    rows = []
    for of, group in groupby(residuals, lambda one: f"{one.target.place} {one.target.year}"):
        each = list(group)
        worst = max(each, key=lambda one: abs(one.difference) / one.tolerance)
        inside = sum(one.inside for one in each)
        furthest = f"{worst.target.says}: {worst.difference:+.3f}"
        rows.append((of, str(len(each)), str(inside), str(len(each) - inside), furthest))
    return _lines(("Of", "Figures", "Inside", "Misses", "Furthest off"), "lrrrl", rows)


def _untold(untold: Sequence[Untold]) -> str:
    lines = [f"- {one.says} ({one.table}, {one.place} {one.year}): {one.why}." for one in untold]
    return "\n".join(["Not published, so compared with nothing:", "", *lines]) if lines else ""


def _lines(heading: Sequence[str], sides: str, rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heading, rule, *rows))


def placed(page: str, table: str) -> str:
    """Return a page with a table between its two marker lines, in place of what stood there.

    Args:
        page: the text of the page, with :data:`BEGIN` and :data:`END` once each, in this order.
        table: what goes between them, as from :func:`as_markdown`.

    Raises:
        ResidualsError: the page has not these two lines.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise ResidualsError(f"a page needs the lines {BEGIN!r} and {END!r}, once each, in order")
    return f"{before}{BEGIN}\n\n{table.strip()}\n\n{END}{after}"
