"""From a profile's figures, shares and times to numbers, each kept under its path.

A path is dotted and names the figure among all of a profile: ``child.unborn``,
``happenings.plan-made.chance.0``. By it a figure can be looked up, and another put in its place.
"""

from __future__ import annotations

from typing import Any

from cpplan.reading import KeyPath
from cpplan_sim.caseload.profile_checks import DAYS, SHARE, Checks, Limits
from cpplan_sim.caseload.profile_drafts import (
    BandsDraft,
    BasedDraft,
    DaysDraft,
    FigureDraft,
    SharesDraft,
)
from cpplan_sim.caseload.profile_parts import Band, Days, Figure

ROUNDING = 1e-6
"""How far shares of one whole may be from adding up to 1."""


class Figures:
    """Reads figures, and keeps each with the place in the file that holds its number.

    Attributes:
        found: every figure so far, by its path.
        places: the keys that lead to its number in the file.
    """

    def __init__(self, checks: Checks) -> None:
        """Read figures with the checks of one profile."""
        self.checks = checks
        self.found: dict[str, Figure] = {}
        self.places: dict[str, KeyPath] = {}

    def figure(self, draft: FigureDraft, path: KeyPath, limits: Limits = SHARE) -> float:
        """Return the number of a figure, which is called by the keys that lead to it."""
        based = self._based(draft, path)
        return self._keep(_dotted(path), draft.value, (*path, "value"), limits, based)

    def list_of(self, draft: FigureDraft, path: KeyPath) -> tuple[float, ...]:
        """Return the chances of a figure that may be a list of them, numbered from 0."""
        based = self._based(draft, path)
        name, at = _dotted(path), (*path, "value")
        if not isinstance(draft.value, list):
            return (self._keep(f"{name}.0", draft.value, at, SHARE, based),)
        if not draft.value:
            self.checks.note(at, "the list is empty", "write one chance at least")
            return (0.0,)
        return tuple(
            self._keep(f"{name}.{number}", value, (*at, number), SHARE, based)
            for number, value in enumerate(draft.value)
        )

    def shares(self, draft: SharesDraft, path: KeyPath) -> dict[str, float]:
        """Return the shares of one whole by their names."""
        based = self._based(draft, path)
        name, at = _dotted(path), (*path, "shares")
        found = {
            key: self._keep(f"{name}.{key}", value, (*at, key), SHARE, based)
            for key, value in draft.shares.items()
        }
        self.whole(list(found.values()), at)
        return found

    def bands(self, draft: BandsDraft, path: KeyPath) -> tuple[Band, ...]:
        """Return the bands of age with their shares, in order of age."""
        based = self._based(draft, path)
        name, at = _dotted(path), (*path, "bands")
        found = []
        for number, band in enumerate(draft.bands):
            where = (*at, number, "share")
            share = self._keep(f"{name}.{number}", band.share, where, SHARE, based)
            found.append(Band(band.from_, band.to, share))
        self.whole([band.share for band in found], at)
        return tuple(sorted(found, key=lambda band: band.from_))

    def whole(self, shares: list[float], path: KeyPath) -> None:
        """Note shares that don't add up to the whole."""
        if abs(sum(shares) - 1) > ROUNDING:
            self.checks.note(path, f"the shares add up to {sum(shares):.6g}, not to 1")

    def days(self, draft: DaysDraft, path: KeyPath) -> Days:
        """Return a time: from a least to a most, or around a mean."""
        based = self._based(draft, path)
        given = {
            key: getattr(draft, key)
            for key in ("least", "most", "mean")
            if getattr(draft, key) is not None
        }
        if given.keys() not in ({"least", "most"}, {"mean"}):
            told = "gives " + " and ".join(given) if given else "gives no time"
            self.checks.note(path, told, "give least and most, or mean alone")
            return Days()
        number = {
            key: self._keep(f"{_dotted(path)}.{key}", value, (*path, key), DAYS, based)
            for key, value in given.items()
        }
        if "mean" in number:
            return Days(mean=number["mean"])
        if number["least"] > number["most"]:
            message = f"least {draft.least} is more than most {draft.most}"
            self.checks.note((*path, "least"), message)
        return Days(int(number["least"]), int(number["most"]))

    def _based(self, draft: BasedDraft, path: KeyPath) -> Figure:
        """Return the figure without its number."""
        origin, says = self.checks.basis(draft, path)
        return Figure(0.0, says, origin, draft.source)

    def _keep(self, name: str, value: Any, path: KeyPath, limits: Limits, based: Figure) -> float:
        number = self.checks.number(value, path, limits)
        self.found[name] = Figure(number, based.says, based.origin, based.source)
        self.places[name] = path
        return number


def _dotted(path: KeyPath) -> str:
    return ".".join(str(key) for key in path)
