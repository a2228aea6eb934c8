"""Charts: text that stands in any page, the same each time, and tells what the figures are."""

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache

import attrs
import matplotlib as mpl
import pytest

from cpplan.clauses import Strength
from cpplan_sim.caseload.bar_charts import duties_chart, endings_chart
from cpplan_sim.caseload.charts import capacity_chart, survival_chart, workload_chart
from cpplan_sim.caseload.difference_charts import differences_chart, duty_differences_chart
from cpplan_sim.caseload.intervals import wilson
from cpplan_sim.caseload.staffing import StaffFinding
from cpplan_sim.caseload.svg import COLOURS, Chart, ChartsMissingError
from tests.simulation.caseload.made_counts import procedure, results, whole
from tests.simulation.caseload.test_comparison import against, compared, runs


def teams() -> list[StaffFinding]:
    shares = {6: 0.4, 10: 0.85, 14: 0.9}
    found = {staff: wilson(round(1000 * share), 1000) for staff, share in shares.items()}
    return [
        StaffFinding(staff=staff, share=share, days_late=2.0, backlog=1.0)
        for staff, share in found.items()
        if share
    ]


CHARTS: dict[str, Callable[[], Chart | None]] = {
    "duties": lambda: duties_chart(whole().duties),
    "survival": lambda: survival_chart(whole()),
    "endings": lambda: endings_chart(whole().endings),
    "workload": lambda: workload_chart(whole().months),
    "capacity": lambda: capacity_chart(teams()),
    "differences": lambda: differences_chart(compared()),
    "duty-differences": lambda: duty_differences_chart(compared().duties),
}


@cache
def drawn(name: str) -> Chart:
    found = CHARTS[name]()
    assert found is not None
    return found


def text(chart: Chart) -> list[str]:
    """Return what can be read in a chart, from its first word on."""
    root = ET.fromstring(chart.svg)  # our own
    return ["".join(each.itertext()) for each in root.iter() if each.tag == "text"]


def marks(chart: Chart) -> int:
    """Return how many dots and arrows lie within the width of a chart, ticks left out."""
    root = ET.fromstring(chart.svg)
    width = float((root.get("viewBox") or "").split()[2])
    places = [use.get("x", "") for use in root.findall(".//g[@clip-path]/use")]
    return sum(0 <= float(place) <= width for place in places)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_one_element_with_a_title_and_a_description(name: str) -> None:
    chart = drawn(name)
    root = ET.fromstring(chart.svg)  # our own
    title, says = root[0], root[1]
    assert (root.tag, root.get("role")) == ("svg", "img")
    assert (title.tag, title.text) == ("title", chart.title)
    assert says.tag == "desc"
    assert len(says.text or "") > len(chart.title)
    assert root.get("aria-labelledby") == f"{title.get('id')} {says.get('id')}"
    assert root.get("width") is None
    assert root.get("viewBox")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_for_nothing_and_points_only_into_itself(name: str) -> None:
    svg = drawn(name).svg
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert all(one.startswith(f"{name}-") for one in ids)
    assert len(ids) == len(set(ids))
    wanted = re.findall(r'href="([^"]*)"|url\(([^)]*)\)', svg)
    assert {(one or other).removeprefix("#") for one, other in wanted} <= set(ids)
    assert "<image" not in svg
    assert "<metadata" not in svg
    without = svg.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    assert "http" not in without


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_colours_that_a_page_can_set_and_no_others(name: str) -> None:
    svg = drawn(name).svg
    assert set(re.findall(r"var\(--([a-z-]*)\)", svg)) <= set(COLOURS)
    assert "var(--ink)" in svg
    assert re.findall(r"#[0-9a-f]{6}\b", svg) == []


@pytest.mark.parametrize("name", ["duties", "workload"])
def test_the_same_figures_give_the_same_bytes_whatever_the_user_has_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.grid": True}):
        again = CHARTS[name]()
        assert mpl.rcParams["font.size"] == 30
    assert again == drawn(name)


def test_every_duty_is_named_with_its_strength_and_share_must_first() -> None:
    told = [one for one in text(drawn("duties")) if ": " in one]
    assert [one.partition(":")[0] for one in told] == ["must"] * 5 + ["should"] * 9
    for duty in whole().duties:
        assert duty.share is not None
        what = "on time" if duty.timed else "done (no time stated)"
        label = f"{duty.strength.value}: {duty.id}, {duty.share.value:.1%} {what}"
        assert label in told
    shares = [float(one.partition(", ")[2].partition("%")[0]) for one in told[:5]]
    assert shares == sorted(shares)


def test_parts_of_a_bar_are_told_apart_without_colour() -> None:
    """Stripes lie over what is late and missed; bars of what is all on time have none."""
    striped = drawn("duties").svg.count("L ")
    punctual = tuple(
        attrs.evolve(duty, on_time=duty.decided, late=0, missed=0) for duty in whole().duties
    )
    plain = duties_chart(punctual)
    assert plain is not None
    assert striped > plain.svg.count("L ") + 100
    assert text(plain)[-3:] == ["on time", "late", "missed"]


def test_a_duty_that_nothing_was_decided_of_is_not_drawn() -> None:
    first, *rest = whole().duties
    chart = duties_chart([attrs.evolve(first, share=None), *rest])
    assert chart is not None
    assert not any(f" {first.id}," in one for one in text(chart))


def test_every_route_out_is_named_with_its_share() -> None:
    told = text(drawn("endings"))
    for one in whole().endings:
        assert one.share is not None
        assert f"{one.state}: {one.share.value:.1%}, {one.plans:,} plans" in told


def test_the_workload_has_months_for_marks_six_at_most() -> None:
    told = text(drawn("workload"))
    assert "Apr 2021" in told
    assert sum(bool(re.fullmatch(r"[A-Z][a-z]{2} 20\d\d", one)) for one in told) == 2 * 6
    assert {"visits", "meetings"} <= set(told)


def test_the_knee_is_named_if_there_is_one() -> None:
    straight = [
        attrs.evolve(team, share=share)
        for team, of in zip(teams(), (300, 400, 500), strict=True)
        if (share := wilson(of, 1000))
    ]
    assert "knee: 10" in text(drawn("capacity"))
    chart = capacity_chart(straight)
    assert chart is not None
    assert not any("knee" in one for one in text(chart))


def test_differences_are_named_with_their_size() -> None:
    visits = compared().means[1]
    assert f"visits: {visits.by.value / visits.one:+.1%}" in text(drawn("differences"))
    assert "must: visit, 0.0 points" in " ".join(text(drawn("duty-differences")))


def test_a_difference_beyond_the_edge_is_an_arrow() -> None:
    first, *rest = compared().means
    huge = attrs.evolve(first, by=attrs.evolve(first.by, value=50.0, low=49.0, high=51.0), one=2.0)
    chart = differences_chart(attrs.evolve(compared(), means=(huge, *rest)))
    assert chart is not None
    assert f"{huge.name}: +2500.0%" in text(chart)
    # Were the edge not kept to, an axis to 2,500 would hide all the rest.
    assert "100" in text(chart)
    assert "2000" not in text(chart)
    # As many marks are to be seen as where it is near: none was cut off.
    near = attrs.evolve(huge, by=attrs.evolve(first.by, value=1.8, low=1.7, high=1.9))
    seen = differences_chart(attrs.evolve(compared(), means=(near, *rest)))
    assert seen is not None
    assert marks(chart) == marks(seen) == len(compared().means)


def test_a_metric_that_the_first_run_has_none_of_is_left_to_the_table() -> None:
    first, *rest = compared().means
    chart = differences_chart(attrs.evolve(compared(), means=(attrs.evolve(first, one=0), *rest)))
    assert chart is not None
    assert not any(one.startswith(first.name) for one in text(chart))


def test_what_has_nothing_to_draw_is_not_drawn() -> None:
    silent = whole("lead-social-worker")
    assert duties_chart([attrs.evolve(d, share=None) for d in silent.duties]) is None
    assert survival_chart(silent) is None
    assert endings_chart(silent.endings) is None
    assert workload_chart(silent.months[:1]) is None
    assert capacity_chart(teams()[:1]) is None
    assert duty_differences_chart([]) is None


def test_a_label_is_told_as_it_is_written() -> None:
    one, other = runs()
    found = against(one, other)
    label = '<script>alert("&")</script>'
    chart = differences_chart(
        attrs.evolve(found, other=attrs.evolve(results(other, procedure()), label=label))
    )
    assert chart is not None
    assert "<script" not in chart.svg
    title = ET.fromstring(chart.svg)[0].text  # our own
    assert title == chart.title
    assert label in chart.title


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ChartsMissingError, match=r"pip install 'cpplan\[caseload\]'"):
        endings_chart(whole().endings)


def test_a_may_is_drawn_last() -> None:
    first, *rest = whole().duties
    chart = duties_chart([attrs.evolve(first, strength=Strength.MAY), *rest])
    assert chart is not None
    assert [one for one in text(chart) if ": " in one][-1].startswith(f"may: {first.id}")
