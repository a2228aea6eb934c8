"""Calibrating: the free figures of a profile fitted to published tables, and held against others.

Only what the profile marks as fitted is free. What it takes from a table stands as it is, and what
it assumes is not touched: no table speaks of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from cpplan_sim.caseload.fitting import Fit, fit
from cpplan_sim.caseload.jobs import CaseloadJob, Setting
from cpplan_sim.caseload.profile_parts import Basis
from cpplan_sim.caseload.published import ENGLAND, Published, Target, Untold
from cpplan_sim.caseload.residuals import TOLERANCES, Residual, Residuals, compare
from cpplan_sim.caseload.summaries import Summary

CATEGORIES = {"several": "multiple"}
"""What a profile calls a category that the tables call otherwise."""

BANDS = ("to-3-months", "3-to-6-months", "6-to-12-months", "1-to-2-years", "2-years-on")

LEAST, MOST = 0.25, 4.0
"""How far a free figure may go from where it starts, as factors; a share stays below 0.99."""

MOST_LIKELY = 0.99

YEARS_BACK = (2023, 2022)
"""Years whose figures have no part in the fit."""


def measured(summary: Summary, categories: tuple[str, ...]) -> dict[str, float]:
    """Return what a run comes to in its last year, by the names of the published figures."""
    counts = {name: found for name, found in summary.counts.items() if len(found)}
    started, ended, opened = (int(counts[n][-1]) for n in ("started", "ended", "open"))
    found = {
        "ended": ended / started,
        "open": opened / started,
        "second-or-later": int(counts["second"][-1]) / started,
        "reviewed-in-time": int(counts["reviewed"][1]) / max(1, int(counts["reviewed"][0])),
    }
    for kind, total in (("ended", ended), ("open", opened)):
        for name, number in zip(BANDS, counts[f"{kind}_bands"][-1], strict=True):
            found[f"{kind}-{name}"] = int(number) / max(1, total)
    row = dict(zip(categories, counts["categories"][-1], strict=True))
    for name in ("neglect", "physical", "sexual", "emotional", "several"):
        found[f"category-{name}"] = int(row[CATEGORIES.get(name, name)]) / started
    return found


@attrs.frozen
class Calibration:
    """A calibration.

    Attributes:
        setting: what was fitted, with the figures as they are at the end.
        fit: how they were found; ``None`` if they were only compared.
        residuals: what they come to beside the published figures.
    """

    setting: Setting
    fit: Fit | None
    residuals: Residuals


@attrs.frozen
class Calibrator:
    """Fits and compares.

    Attributes:
        setting: the procedure and profile.
        seed: of all runs, so that they differ by their figures alone.
        cases: how many cases each run has.
        published: the tables.
        year: the year that is fitted.
        told: is told of each run done.
    """

    setting: Setting
    seed: int
    cases: int
    published: Published
    year: int
    told: Callable[[int], None]

    def calibrate(self, *, fitting: bool) -> Calibration:
        """Fit, or only compare, and predict what was held back."""
        targets = self.published.targets(self.year, ENGLAND)
        found = self._fit(targets) if fitting else None
        setting = self._with(found.figures) if found else self.setting
        simulated = self.simulate(setting)
        return Calibration(setting, found, self._residuals(targets, simulated))

    def free(self) -> dict[str, tuple[float, float, float]]:
        """Return each free figure: where it starts, and the least and the most it can be."""
        ranges = {}
        for path, figure in self.setting.behaviour().figures().items():
            if figure.origin is Basis.FITTED:
                most = min(MOST_LIKELY, figure.value * MOST)
                most = max(most, figure.value)
                ranges[path] = (figure.value, figure.value * LEAST, most)
        return ranges

    def simulate(self, setting: Setting) -> dict[str, float]:
        """Return what a run under a setting comes to."""
        categories = tuple(setting.behaviour().child.categories)
        return measured(CaseloadJob(setting, self.seed).summarise(0, self.cases), categories)

    def _with(self, figures: Mapping[str, float]) -> Setting:
        known = dict(self.setting.figures) | dict(figures)
        return attrs.evolve(self.setting, figures=tuple(sorted(known.items())))

    def _fit(self, targets: tuple[Target, ...]) -> Fit:
        runs = 0

        def simulate(figures: Mapping[str, float]) -> dict[str, float]:
            nonlocal runs
            runs += 1
            self.told(runs)
            return self.simulate(self._with(figures))

        weights = {target.id: 1 / TOLERANCES[target.id] for target in targets}
        return fit(self.free(), simulate, targets, weights)

    def _residuals(self, targets: tuple[Target, ...], simulated: Mapping[str, float]) -> Residuals:
        held: list[Residual] = []
        untold: list[Untold] = list(self.published.untold(self.year, ENGLAND))
        for year, place in self._held_back():
            there = self.published.targets(year, place)
            held += compare(there, simulated, held_back=True)
            untold += self.published.untold(year, place)
        return Residuals(compare(targets, simulated), tuple(held), tuple(untold))

    def _held_back(self) -> list[tuple[int, str]]:
        known = self.published.known
        back = [year for year in YEARS_BACK if year != self.year]
        years = [(year, ENGLAND) for year in back if (year, ENGLAND) in known]
        return [*years, *((y, p) for y, p in known if y == self.year and p != ENGLAND)]


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Return fitted figures with as many digits as a fit can tell."""
    return {path: float(f"{value:.3g}") for path, value in figures.items()}
