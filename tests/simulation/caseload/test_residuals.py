"""Residuals: what is inside and what is a miss, fitted and held back apart, and the tables."""

import itertools
from pathlib import Path

import pytest

from cpplan_sim.caseload.published import FIGURES, Target, Untold
from cpplan_sim.caseload.published_reading import read_published
from cpplan_sim.caseload.residuals import (
    BEGIN,
    END,
    TOLERANCES,
    Residuals,
    ResidualsError,
    as_markdown,
    compare,
    placed,
)

PAGE = Path(__file__).parents[3] / "docs" / "caseloads" / "calibration.md"
PUBLISHED = read_published()


def target(value: float, name: str = "open", place: str = "England", year: int = 2024) -> Target:
    return Target(name, f"share of {name}", "D5", year, place, value, 1e-4, "a file:2")


def inside(published: float, simulated: float, tolerance: float) -> bool:
    (one,) = compare([target(published)], {"open": simulated}, {"open": tolerance})
    return one.inside


@pytest.mark.parametrize(
    ("simulated", "is_inside"),
    [(0.25, True), (0.26, True), (0.24, True), (0.2601, False), (0.2399, False)],
)
def test_a_difference_up_to_the_tolerance_is_inside(simulated: float, is_inside: bool) -> None:
    assert inside(0.25, simulated, 0.01) is is_inside


def test_the_difference_is_simulated_less_published() -> None:
    (one,) = compare([target(0.25)], {"open": 0.20, "more": 1.0}, {"open": 0.01})
    assert one.difference == pytest.approx(-0.05)


def test_a_target_without_figure_or_tolerance_is_told() -> None:
    with pytest.raises(ResidualsError, match=r"no simulated figure for 'open'.*did you mean ope"):
        compare([target(0.25)], {"ope": 0.2})
    with pytest.raises(ResidualsError, match="no tolerance for 'new'"):
        compare([target(0.25, "new")], {"new": 0.2})


def test_every_target_has_a_tolerance_that_rounding_can_not_use_up() -> None:
    assert set(TOLERANCES) == {figure.id for figure in FIGURES}
    for key in PUBLISHED.known:
        for one in PUBLISHED.targets(*key):
            assert 0 < one.rounding < TOLERANCES[one.id]


def test_the_ratios_have_moved_from_year_to_year_as_their_tolerance_says() -> None:
    years = [{one.id: one.value for one in PUBLISHED.targets(year)} for year in range(2019, 2025)]
    moves = [
        abs(after[name] - before[name])
        for before, after in itertools.pairwise(years)
        for name in ("ended", "open")
    ]
    assert round(max(moves), 2) == 0.04


def told() -> Residuals:
    fitted = compare(
        [target(0.25, "open"), target(0.5, "ended")],
        {"open": 0.251, "ended": 0.53},
        {"open": 0.01, "ended": 0.02},
    )
    london = [target(0.20, "open", "London"), target(0.5, "ended", "London")]
    before = [target(0.24, "open", year=2023)]
    held_back = [
        *compare(london, {"open": 0.251, "ended": 0.49}, held_back=True),
        *compare(before, {"open": 0.251}, held_back=True),
    ]
    untold = Untold("open", "share of open", "D5", 2024, "North East", "c: suppressed", "a file:3")
    return Residuals(fitted, tuple(held_back), (untold,))


def test_misses_of_what_was_fitted_and_of_what_was_held_back_stay_apart() -> None:
    found = told()
    assert [(one.target.id, one.target.place, one.held_back) for one in found.misses] == [
        ("ended", "England", False),
        ("open", "London", True),
    ]


def test_the_table_tells_fitted_figures_all_and_of_those_held_back_the_misses() -> None:
    assert (
        as_markdown(told())
        == """\
### Fitted

2 figures: 1 inside, 1 miss.

| Figure | Table | Of | Published | Simulated | Difference | Tolerance | Verdict |
| --- | --- | --- | ---: | ---: | ---: | ---: | --- |
| share of open | D5 | England 2024 | 0.250 | 0.251 | +0.001 | 0.010 | inside |
| share of ended | D5 | England 2024 | 0.500 | 0.530 | +0.030 | 0.020 | **a miss** |

### Held back

3 figures: 2 inside, 1 miss.

| Of | Figures | Inside | Misses | Furthest off |
| --- | ---: | ---: | ---: | --- |
| London 2024 | 2 | 1 | 1 | share of open: +0.051 |
| England 2023 | 1 | 1 | 0 | share of open: +0.011 |

| Figure | Table | Of | Published | Simulated | Difference | Tolerance | Verdict |
| --- | --- | --- | ---: | ---: | ---: | ---: | --- |
| share of open | D5 | London 2024 | 0.200 | 0.251 | +0.051 | 0.020 | **a miss** |

Not published, so compared with nothing:

- share of open (D5, North East 2024): c: suppressed.
"""
    )


def test_nothing_held_back_is_said() -> None:
    found = as_markdown(Residuals(told().fitted))
    assert found.endswith("### Held back\n\nNone.\n")


def test_a_table_takes_the_place_between_the_markers_and_touches_nothing_else() -> None:
    page = f"# Before\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter\n"
    once = placed(page, "| new |\n")
    assert once == f"# Before\n\n{BEGIN}\n\n| new |\n\n{END}\n\nAfter\n"
    assert placed(once, "| new |\n") == once


@pytest.mark.parametrize(
    "page", ["", BEGIN, END, f"{END} {BEGIN}", f"{BEGIN} {BEGIN} {END}", f"{BEGIN} {END} {END}"]
)
def test_a_page_without_both_markers_in_order_is_refused(page: str) -> None:
    with pytest.raises(ResidualsError, match="once each, in order"):
        placed(page, "")


def test_the_page_on_calibration_has_a_place_for_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    drawn = placed(page, as_markdown(told()))
    assert "| share of open | D5 | England 2024 |" in drawn
    assert drawn.startswith(page[: page.index(BEGIN)])
