"""Fitting: the free figures of a profile, moved until what is simulated is near what is published.

Holds the arithmetic of calibration. It must not know a profile, a procedure or a table: it is given
figures by path, targets by id, and a function from the one to the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from cpplan.reading import nearest
from cpplan_sim.caseload.published import Target

Simulate = Callable[[Mapping[str, float]], Mapping[str, float]]
"""From the free figures, by path, to what is simulated for each target, by id."""

Free = Mapping[str, tuple[float, float, float]]
"""The free figures by path: where each starts, and the least and the most that it can be."""

Vector = npt.NDArray[np.float64]

STEPS = (0.08, 0.02)
"""How far a figure is moved to either side to see what follows, as shares of its range."""

DECADES = 1.0
"""A range over more powers of ten than this is walked by its logarithm."""

CONDITION = 30.0
"""Above this condition index figures count as tied (Belsley, Kuh and Welsch 1980, chapter 3)."""

LEAD = 0.3
"""A figure belongs to a tie if it has at least this part in the direction that changes nothing."""


class FittingError(ValueError):
    """What was given can't be fitted, or the simulation gave no figure to compare."""


@attrs.frozen
class Doubt:
    """Figures whose fitted values the targets don't settle, and why."""

    paths: tuple[str, ...]
    why: str


@attrs.frozen
class Fit:
    """The outcome of a fit.

    Attributes:
        figures: the fitted figures, by path.
        left: figures that no target depends on, with the value where they started: not fitted.
        doubts: which figures are not settled by the targets, those of ``left`` first.
        simulated: what the fitted figures give for each target, by id.
        residuals: simulated less published, by id.
        evaluations: how many times the simulation was run.
        before: the loss where the figures started.
        after: the loss of the fitted figures, never more than ``before``.
    """

    figures: Mapping[str, float]
    left: Mapping[str, float]
    doubts: tuple[Doubt, ...]
    simulated: Mapping[str, float]
    residuals: Mapping[str, float]
    evaluations: int
    before: float
    after: float


def fit(
    free: Free,
    simulate: Simulate,
    targets: Sequence[Target],
    weights: Mapping[str, float],
    *,
    noise: float = 0.0,
) -> Fit:
    """Find the figures within their ranges that bring what is simulated nearest to the targets.

    The loss is half the sum of squares of (simulated less published) times the weight: one over a
    target's tolerance makes a loss of 0.5 for each target that is just at its edge.

    Gauss-Newton steps in a trust region within bounds (``scipy.optimize.least_squares``; Branch,
    Coleman and Li 1999), each figure walked by its place in its range, or by that of its logarithm
    where the range spans powers of ten. A simulation under common random numbers is a step
    function, so slopes are taken over a wide step to both sides (:data:`STEPS`), then a narrower.

    Tried on a toy of 20,000 plans, four figures and twelve targets. Near start: 87 runs to a loss
    of 0.06; Nelder-Mead 192 to 242 runs to 0.13 and 0.04. Far start: 168 runs to 0.001, while
    Nelder-Mead stayed at 234 after 194 and 566 runs. It doesn't say what the targets settle,
    either: rejected. Steps of a hundred-thousandth of the range never left the start. Rejected
    unseen: logits of the range, which can't reach a bound that is the best value.

    Deterministic if ``simulate`` is. It finds a minimum, which need not be the only one: start
    elsewhere to see. Where figures trade off against each other (:attr:`Fit.doubts`), different
    starts give different figures with nearly the same loss; the border of that is a matter of
    degree (:data:`CONDITION`). Runs: ``2 f + 1`` for each step, to begin and to end, with ``f``
    figures.

    Args:
        free: for each figure, by path, where it starts, and the least and the most it can be.
        simulate: gives a value for every target; others are passed over. It should use the same
            random numbers at every call.
        targets: of one year and place, so that no two have the same id.
        weights: for each target by id, how much a difference matters; 0 leaves it out.
        noise: how far a simulated value moves by chance alone; 0 under common random numbers.

    Raises:
        FittingError: a range or a weight makes no sense, or a simulated value is missing.
    """
    _check(free, targets, weights)
    walk = _Walk(free, simulate, targets, weights)
    start = walk.places({path: given[0] for path, given in free.items()})
    best, live = start, _live(walk, start, noise)
    while True:
        for step in STEPS if live.any() else ():
            best = min(best, _descend(walk, best, live, step), key=walk.loss)
        # What later reviews decide can't be seen while every plan ends at its first.
        more = live | _live(walk, best, noise)
        if (more == live).all():
            break
        live = more
    return _outcome(walk, start, best, live)


def _check(free: Free, targets: Sequence[Target], weights: Mapping[str, float]) -> None:
    ids = [target.id for target in targets]
    wrong = [
        f"target {one!r} stands there twice" for one in sorted({i for i in ids if ids.count(i) > 1})
    ]
    wrong += [f"target {one!r} has no weight" for one in ids if one not in weights]
    wrong += [
        f"weight of unknown target {w!r} ({nearest(w, ids)})" for w in weights if w not in ids
    ]
    wrong += [
        f"weight of {name!r} is {weight}, not 0 or more"
        for name, weight in weights.items()
        if not 0 <= weight < math.inf
    ]
    wrong += [
        f"{path}: {start} is not between {low} and {high}, or these are no range"
        for path, (start, low, high) in free.items()
        if not (-math.inf < low <= start <= high < math.inf and low < high)
    ]
    if not free or not any(weights.values()):
        wrong.append("there is nothing to fit: at least one figure and one target with a weight")
    if wrong:
        raise FittingError("; ".join(wrong))


@attrs.frozen
class _Range:
    """The values that a figure can have, walked from 0 to 1."""

    low: float
    high: float

    @property
    def by_logarithm(self) -> bool:
        return self.low > 0 and math.log10(self.high / self.low) > DECADES

    def place(self, value: float) -> float:
        if self.by_logarithm:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        if self.by_logarithm:
            found = self.low * math.exp(place * math.log(self.high / self.low))
        else:
            found = self.low + (self.high - self.low) * place
        return min(max(found, self.low), self.high)


class _Walk:
    """The simulation as a function of places in the ranges. No place is simulated twice."""

    def __init__(
        self,
        free: Free,
        simulate: Simulate,
        targets: Sequence[Target],
        weights: Mapping[str, float],
    ) -> None:
        self.paths = tuple(free)
        self.ranges = [_Range(low, high) for _, low, high in free.values()]
        self.simulate = simulate
        self.targets = tuple(targets)
        self.published: Vector = np.array([target.value for target in targets])
        self.weights: Vector = np.array([weights[target.id] for target in targets])
        self.known: dict[tuple[float, ...], Vector] = {}

    def places(self, figures: Mapping[str, float]) -> Vector:
        """Return where figures stand in their ranges."""
        each = zip(self.paths, self.ranges, strict=True)
        return np.array([reach.place(figures[path]) for path, reach in each])

    def figures(self, places: Vector) -> dict[str, float]:
        """Return the figures that stand at these places of their ranges."""
        each = zip(self.paths, self.ranges, places.tolist(), strict=True)
        return {path: reach.value(place) for path, reach, place in each}

    def simulated(self, places: Vector) -> Vector:
        """Return what is simulated for each target.

        Raises:
            FittingError: a value is missing or is no number.
        """
        key = tuple(places.tolist())
        if key not in self.known:
            figures = self.figures(places)
            answer = self.simulate(figures)
            values = [answer.get(target.id, math.nan) for target in self.targets]
            for target, value in zip(self.targets, values, strict=True):
                if not math.isfinite(value):
                    what = "no value" if target.id not in answer else f"{value}"
                    raise FittingError(f"{what} simulated for {target.id!r} with {figures}")
            self.known[key] = np.array(values)
        return self.known[key]

    def residuals(self, places: Vector) -> Vector:
        """Return the weighted differences."""
        return self.weights * (self.simulated(places) - self.published)

    def loss(self, places: Vector) -> float:
        """Return half the sum of squares of the weighted differences."""
        return math.fsum(one * one for one in self.residuals(places).tolist()) / 2

    def slopes(self, places: Vector, live: npt.NDArray[np.bool_], step: float) -> Vector:
        """Return how the weighted differences move with each live figure, as columns."""
        columns: list[Vector] = []
        for number in np.flatnonzero(live):
            up, down = places.copy(), places.copy()
            up[number] = min(1.0, places[number] + step)
            down[number] = max(0.0, places[number] - step)
            rise = self.residuals(up) - self.residuals(down)
            columns.append(rise / (up[number] - down[number]))
        return np.stack(columns, axis=1)


def _live(walk: _Walk, at: Vector, noise: float) -> npt.NDArray[np.bool_]:
    """Tell which figures, moved over their range, move a weighted target so that it can be seen."""
    rounding = np.array([target.rounding for target in walk.targets])
    unseen = np.maximum(rounding, noise)
    moves = np.zeros(len(at), dtype=np.bool_)
    for number in range(len(at)):
        low, high = at.copy(), at.copy()
        low[number], high[number] = 0.0, 1.0
        three = np.stack([walk.simulated(places) for places in (low, at, high)])
        moves[number] = bool(np.any((np.ptp(three, axis=0) > unseen) & (walk.weights > 0)))
    return moves


def _descend(walk: _Walk, start: Vector, live: npt.NDArray[np.bool_], step: float) -> Vector:
    """Return where steps along the slopes of one width lead; other figures stay as they are."""

    def whole(part: Vector) -> Vector:
        places = start.copy()
        places[live] = part
        return places

    found = least_squares(
        lambda part: walk.residuals(whole(part)),
        start[live],
        jac=lambda part: walk.slopes(whole(part), live, step),
        bounds=(0.0, 1.0),
        # Finer than the steps of the simulation nothing can be found.
        xtol=step / 100,
        ftol=1e-6,
        gtol=None,
        max_nfev=40,
    )
    return whole(np.asarray(found.x, dtype=np.float64))


def _outcome(walk: _Walk, start: Vector, best: Vector, live: npt.NDArray[np.bool_]) -> Fit:
    values = walk.figures(best)
    left = {path: values[path] for path, moves in zip(walk.paths, live, strict=True) if not moves}
    doubts = [
        Doubt((path,), "no target depends on it, at its start or at the fit") for path in left
    ]
    if live.any():
        fitted = [path for path in walk.paths if path not in left]
        doubts += _ties(fitted, walk.slopes(best, live, STEPS[0]))
        doubts += _at_bounds(fitted, best[live].tolist())
    simulated = walk.simulated(best)
    ids = [target.id for target in walk.targets]
    return Fit(
        figures={path: value for path, value in values.items() if path not in left},
        left=left,
        doubts=tuple(doubts),
        simulated=dict(zip(ids, simulated.tolist(), strict=True)),
        residuals=dict(zip(ids, (simulated - walk.published).tolist(), strict=True)),
        evaluations=len(walk.known),
        before=walk.loss(start),
        after=walk.loss(best),
    )


def _ties(paths: Sequence[str], slopes: Vector) -> Iterable[Doubt]:
    """Tell which figures can be moved, alone or against each other, while no target moves."""
    lengths = np.linalg.norm(slopes, axis=0)
    flat = lengths == 0
    yield from (
        Doubt((path,), "no target moves near its fitted value")
        for path, one in zip(paths, flat, strict=True)
        if one
    )
    names = [path for path, one in zip(paths, flat, strict=True) if not one]
    if names:
        scaled = slopes[:, ~flat] / lengths[~flat]
        _, sizes, directions = np.linalg.svd(scaled, full_matrices=True)
        sizes = np.append(sizes, np.zeros(len(names) - len(sizes)))
        for size, direction in zip(sizes, directions, strict=True):
            if size * CONDITION < sizes[0]:
                tied = [n for n, part in zip(names, direction, strict=True) if abs(part) >= LEAD]
                yield Doubt(tuple(tied), "only what they do together is settled by the targets")


def _at_bounds(paths: Sequence[str], places: Sequence[float]) -> Iterable[Doubt]:
    for path, place in zip(paths, places, strict=True):
        if min(place, 1 - place) < STEPS[1] / 100:
            end = "least" if place < 0.5 else "most"
            yield Doubt((path,), f"it ends at the {end} that it can be")
