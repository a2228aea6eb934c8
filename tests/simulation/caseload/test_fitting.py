"""Fitting, held against toys with a known answer, and against figures that nothing settles."""

import math
from collections.abc import Callable, Mapping

import attrs
import numpy as np
import pytest

from cpplan_sim.caseload import fitting
from cpplan_sim.caseload.fitting import Fit, FittingError, Free, fit
from cpplan_sim.caseload.published import Target

PLANS = 4_000
DRAWS = np.random.Generator(np.random.Philox(5)).random((4, PLANS))

TRUTH = {"hazard": 2e-3, "first": 0.2, "later": 0.5, "punctual": 0.9}
NEAR: Free = {
    "hazard": (1e-3, 1e-5, 1e-1),
    "first": (0.4, 0.0, 1.0),
    "later": (0.7, 0.05, 0.95),
    "punctual": (0.5, 0.0, 1.0),
}
FAR: Free = {
    "hazard": (5e-2, 1e-5, 1e-1),
    "first": (0.95, 0.0, 1.0),
    "later": (0.1, 0.05, 0.95),
    "punctual": (0.05, 0.0, 1.0),
}


def plans(figures: Mapping[str, float]) -> dict[str, float]:
    """A toy: plans end at a first review, at a later one, or by a hazard; as a step function."""
    early = -np.log(DRAWS[0]) / figures["hazard"]
    later = 1 + np.floor(np.log(DRAWS[1]) / math.log(1 - figures["later"]))
    reviewed = np.where(DRAWS[2] < figures["first"], 85.0, 85.0 + 170.0 * later)
    lasted = np.minimum(early, reviewed)
    bands = np.bincount(np.searchsorted([80, 90, 183, 365, 730], lasted), minlength=6) / PLANS
    return {
        **{f"band-{number}": float(share) for number, share in enumerate(bands)},
        "open": float(lasted.mean() / 365),
        "in-time": float(np.mean(DRAWS[3] < figures["punctual"])),
    }


def target(name: str, value: float, rounding: float = 1e-4) -> Target:
    return Target(name, name, "D7", 2024, "England", value, rounding, "a toy")


TARGETS = [target(name, value) for name, value in plans(TRUTH).items()]
WEIGHTS = {one.id: 100.0 for one in TARGETS}


def fitted(
    simulate: Callable[[Mapping[str, float]], Mapping[str, float]],
    free: Free,
    published: Mapping[str, float],
) -> Fit:
    targets = [target(name, value) for name, value in published.items()]
    return fit(free, simulate, targets, dict.fromkeys(published, 100.0))


@pytest.mark.parametrize("free", [NEAR, FAR], ids=["near", "far"])
def test_the_figures_behind_a_step_function_are_found(free: Free) -> None:
    found = fit(free, plans, TARGETS, WEIGHTS)
    assert found.figures["hazard"] == pytest.approx(TRUTH["hazard"], rel=0.1)
    for path in ("first", "later", "punctual"):
        assert found.figures[path] == pytest.approx(TRUTH[path], abs=0.01)
    assert found.doubts == ()
    assert found.left == {}
    # Every target within a tenth of its tolerance, from far outside.
    assert found.before > 1000
    assert found.after < 0.1
    assert max(map(abs, found.residuals.values())) < 0.002


def test_a_figure_hidden_at_the_start_by_another_is_fitted_once_it_shows() -> None:
    starts = {path: given[0] for path, given in FAR.items()}
    ends = [plans({**starts, "later": later}) for later in FAR["later"]]
    assert ends[0] == ends[1] == ends[2]
    assert "later" in fit(FAR, plans, TARGETS, WEIGHTS).figures


def test_steps_narrower_than_those_of_the_simulation_would_lead_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = fit(NEAR, plans, TARGETS, WEIGHTS)
    monkeypatch.setattr(fitting, "STEPS", (1e-7, 1e-8))
    narrow = fit(NEAR, plans, TARGETS, WEIGHTS)
    assert narrow.after > 1000 * wide.after
    assert ("punctual",) in [doubt.paths for doubt in narrow.doubts]  # and it is told


def test_other_random_numbers_than_the_published_ones_are_near_as_well() -> None:
    def noisy(figures: Mapping[str, float]) -> dict[str, float]:
        # Chance that depends on the figures, as if no random number were common.
        chance = np.random.default_rng(int(1e6 * sum(figures.values())))
        return {name: value + chance.normal(0, 1e-3) for name, value in plans(figures).items()}

    found = fit(NEAR, noisy, TARGETS, WEIGHTS, noise=5e-3)
    for path in ("first", "later", "punctual"):
        assert found.figures[path] == pytest.approx(TRUTH[path], abs=0.05)
    assert found.after < found.before / 1000


def test_a_fit_is_the_same_at_every_time() -> None:
    assert fit(NEAR, plans, TARGETS, WEIGHTS) == fit(NEAR, plans, TARGETS, WEIGHTS)


def test_a_fit_tells_what_its_figures_give_and_how_many_runs_it_took() -> None:
    runs = []

    def counted(figures: Mapping[str, float]) -> Mapping[str, float]:
        runs.append(dict(figures))
        return plans(figures)

    found = fit(NEAR, counted, TARGETS, WEIGHTS)
    assert found.evaluations == len(runs) < 150
    assert found.simulated == plans(found.figures)
    for one in TARGETS:
        assert found.residuals[one.id] == found.simulated[one.id] - one.value
    assert found.after == pytest.approx(sum((100 * r) ** 2 for r in found.residuals.values()) / 2)
    starts = {path: given[0] for path, given in NEAR.items()}
    assert found.before == pytest.approx(
        sum((100 * (plans(starts)[one.id] - one.value)) ** 2 for one in TARGETS) / 2
    )
    for path, (_, low, high) in NEAR.items():
        assert all(low <= one[path] <= high for one in runs)


def test_where_the_best_is_known_in_closed_form_it_is_found() -> None:
    # Two targets pull on one figure: the best is their mean, weighted by the squares.
    found = fit(
        {"share": (0.9, 0.0, 1.0)},
        lambda figures: {"one": figures["share"], "two": figures["share"]},
        [target("one", 0.2), target("two", 0.4)],
        {"one": 3.0, "two": 1.0},
    )
    assert found.figures["share"] == pytest.approx((9 * 0.2 + 0.4) / 10, abs=1e-4)


def test_a_target_of_weight_nothing_pulls_on_nothing() -> None:
    found = fit(
        {"share": (0.9, 0.0, 1.0)},
        lambda figures: {"one": figures["share"], "two": figures["share"]},
        [target("one", 0.2), target("two", 0.4)],
        {"one": 3.0, "two": 0.0},
    )
    assert found.figures["share"] == pytest.approx(0.2, abs=1e-4)
    assert found.residuals["two"] == pytest.approx(-0.2, abs=1e-4)


def test_a_figure_over_powers_of_ten_is_found_by_its_logarithm() -> None:
    found = fitted(
        lambda figures: {"ended": 1 - math.exp(-365 * figures["hazard"])},
        {"hazard": (1e-2, 1e-7, 1e-1)},
        {"ended": 1 - math.exp(-365 * 2e-5)},
    )
    assert found.figures["hazard"] == pytest.approx(2e-5, rel=0.01)


def test_a_figure_that_no_target_depends_on_is_told_and_left_where_it_was() -> None:
    found = fit({**NEAR, "deaths": (0.01, 0.0, 0.1)}, plans, TARGETS, WEIGHTS)
    assert found.left == {"deaths": 0.01}
    assert "deaths" not in found.figures
    (doubt,) = found.doubts
    assert doubt.paths == ("deaths",)
    assert doubt.why == "no target depends on it, at its start or at the fit"
    assert found.figures["first"] == pytest.approx(TRUTH["first"], abs=0.01)


def test_a_figure_that_only_targets_without_weight_depend_on_is_told() -> None:
    found = fit(NEAR, plans, TARGETS, {**WEIGHTS, "in-time": 0.0})
    assert list(found.left) == ["punctual"]


def test_an_effect_smaller_than_rounding_or_chance_is_no_effect() -> None:
    def simulate(figures: Mapping[str, float]) -> dict[str, float]:
        return {"one": figures["a"] + 0.003 * figures["b"]}

    free = {"a": (0.5, 0.0, 1.0), "b": (0.5, 0.0, 1.0)}

    def left(rounding: float, noise: float) -> set[str]:
        one = target("one", 0.3, rounding)
        return set(fit(free, simulate, [one], {"one": 1.0}, noise=noise).left)

    assert left(0.002, 0.0) == set()
    assert left(0.004, 0.0) == {"b"}
    assert left(0.002, 0.004) == {"b"}


def test_if_no_target_depends_on_anything_nothing_is_fitted() -> None:
    found = fitted(lambda _: {"one": 0.1}, {"a": (0.5, 0.0, 1.0)}, {"one": 0.3})
    assert (found.figures, found.left) == ({}, {"a": 0.5})
    assert found.before == found.after > 0


def test_figures_that_only_matter_together_are_told() -> None:
    free = dict.fromkeys(("a", "b", "c"), (0.5, 0.0, 1.0))
    found = fitted(
        lambda figures: {
            "sum": (figures["a"] + figures["b"]) / 2,
            "again": (figures["a"] + figures["b"]) / 3,
            "alone": figures["c"],
        },
        free,
        {"sum": 0.3, "again": 0.2, "alone": 0.8},
    )
    (doubt,) = found.doubts
    assert doubt.paths == ("a", "b")
    assert doubt.why == "only what they do together is settled by the targets"
    assert found.figures["a"] + found.figures["b"] == pytest.approx(0.6, abs=1e-3)
    assert found.figures["c"] == pytest.approx(0.8, abs=1e-3)


def test_more_figures_than_targets_are_tied() -> None:
    found = fitted(
        lambda figures: {"one": figures["a"] + figures["b"]},
        {"a": (0.5, 0.0, 1.0), "b": (0.5, 0.0, 1.0)},
        {"one": 0.4},
    )
    assert [doubt.paths for doubt in found.doubts] == [("a", "b")]
    assert found.after < 1e-3


def test_a_figure_that_ends_at_the_edge_of_its_range_is_told() -> None:
    def simulate(figures: Mapping[str, float]) -> dict[str, float]:
        return {"one": figures["a"], "two": figures["b"]}

    free = {"a": (0.5, 0.2, 0.6), "b": (0.5, 0.2, 0.6)}
    found = fitted(simulate, free, {"one": 0.1, "two": 0.9})
    assert found.figures == pytest.approx({"a": 0.2, "b": 0.6}, abs=1e-3)
    assert {doubt.paths: doubt.why for doubt in found.doubts} == {
        ("a",): "it ends at the least that it can be",
        ("b",): "it ends at the most that it can be",
    }


def test_a_figure_flat_where_it_was_fitted_is_told() -> None:
    # Nothing to gain from leaving the start, where the target no longer moves.
    found = fitted(
        lambda figures: {"one": max(figures["a"], 0.5), "two": figures["b"]},
        {"a": (0.2, 0.0, 1.0), "b": (0.5, 0.0, 1.0)},
        {"one": 0.5, "two": 0.4},
    )
    assert found.figures["a"] == pytest.approx(0.2)
    assert [(d.paths, d.why) for d in found.doubts] == [
        (("a",), "no target moves near its fitted value")
    ]


@pytest.mark.parametrize(
    ("free", "weights", "says"),
    [
        ({"a": (2.0, 0.0, 1.0)}, {"one": 1.0}, "a: 2.0 is not between 0.0 and 1.0"),
        ({"a": (0.0, 0.0, 0.0)}, {"one": 1.0}, "a: 0.0 is not between 0.0 and 0.0"),
        ({"a": (0.0, 0.0, math.inf)}, {"one": 1.0}, "a: 0.0 is not between"),
        ({"a": (0.5, 0.0, 1.0)}, {}, "target 'one' has no weight"),
        ({"a": (0.5, 0.0, 1.0)}, {"one": -1.0}, "weight of 'one' is -1.0, not 0 or more"),
        ({"a": (0.5, 0.0, 1.0)}, {"one": math.nan}, "weight of 'one' is nan"),
        ({"a": (0.5, 0.0, 1.0)}, {"one": 1.0, "on": 1.0}, "unknown target 'on' (did you mean one"),
        ({"a": (0.5, 0.0, 1.0)}, {"one": 0.0}, "there is nothing to fit"),
        ({}, {"one": 1.0}, "there is nothing to fit"),
    ],
)
def test_what_makes_no_sense_is_refused(
    free: Free, weights: Mapping[str, float], says: str
) -> None:
    with pytest.raises(FittingError) as caught:
        fit(free, lambda figures: {"one": figures["a"]}, [target("one", 0.3)], weights)
    assert says in str(caught.value)


def test_targets_of_two_years_at_once_are_refused() -> None:
    again = attrs.evolve(TARGETS[0], year=2023)
    with pytest.raises(FittingError, match="target 'band-0' stands there twice"):
        fit(NEAR, plans, [*TARGETS, again], WEIGHTS)


@pytest.mark.parametrize(("answer", "says"), [({}, "no value"), ({"one": math.nan}, "nan")])
def test_a_simulation_that_gives_no_figure_is_told(answer: dict[str, float], says: str) -> None:
    with pytest.raises(FittingError, match=rf"{says} simulated for 'one' with \{{'a': 0\.0\}}"):
        fit({"a": (0.5, 0.0, 1.0)}, lambda _: answer, [target("one", 0.3)], {"one": 1.0})
