"""The picture of a lifecycle: nothing covers anything else, nothing is cut, every link is meant."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan.states import is_ended
from cpplan_docs import addresses
from cpplan_docs.pictures import elk, lifecycle
from cpplan_docs.pictures.chart import Chart, chart_of
from cpplan_docs.pictures.elk import Layout, Place
from cpplan_docs.pictures.placing import graph_of

pytestmark = pytest.mark.slow  # node takes a second to start

CSS = Path(__file__).parents[3] / "docs/assets/pictures.css"
FORMS = ((140, 7), (96, 2))
SVG = "{http://www.w3.org/2000/svg}"


def _page(name: str) -> str:
    return f"procedures/{name}/index.md"


@pytest.fixture(scope="module")
def loaded() -> dict[str, Procedure]:
    procedures = {name: load(name) for name in PROCEDURES}
    lifecycle.prepare(procedures.values())
    return procedures


@pytest.fixture(params=PROCEDURES)
def procedure(request: pytest.FixtureRequest, loaded: dict[str, Procedure]) -> Procedure:
    return loaded[str(request.param)]


@pytest.fixture
def forms(procedure: Procedure) -> list[tuple[Chart, Layout]]:
    charts = [(chart_of(procedure, "index.md", room), beside) for room, beside in FORMS]
    layouts = elk.lay_out([graph_of(chart, beside) for chart, beside in charts])
    return [(chart, layout) for (chart, _), layout in zip(charts, layouts, strict=True)]


@pytest.fixture
def drawn(procedure: Procedure) -> ET.Element:
    return ET.fromstring(lifecycle.picture(procedure, _page(procedure.name)))


def _apart(one: Place, other: Place) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def _pieces(layout: Layout, arrow: str) -> Iterator[Place]:
    for (x, y), (u, v) in itertools.pairwise(layout.lines[arrow]):
        yield Place(min(x, u), min(y, v), abs(x - u), abs(y - v))


def _inner(place: Place) -> Place:
    """Return a box without its border, where lines may arrive."""
    return Place(place.x + 1, place.y + 1, place.width - 2, place.height - 2)


def test_no_words_on_an_arrow_touch_a_box_or_other_words(
    forms: list[tuple[Chart, Layout]],
) -> None:
    for chart, layout in forms:
        boxes = [layout.boxes[box.id] for box in chart.boxes if box.kind != "group"]
        for number, words in enumerate(layout.labels.values()):
            others = [*layout.labels.values()][:number]
            assert all(_apart(words, other) for other in (*boxes, *others))


def test_no_line_runs_through_a_box_or_the_words_of_another(
    forms: list[tuple[Chart, Layout]],
) -> None:
    for chart, layout in forms:
        boxes = [_inner(layout.boxes[box.id]) for box in chart.boxes if box.kind != "group"]
        for arrow in chart.arrows:
            words = [place for other, place in layout.labels.items() if other != arrow.id]
            for piece in _pieces(layout, arrow.id):
                assert all(_apart(piece, place) for place in (*boxes, *words))


def test_boxes_stand_apart_and_groups_hold_just_their_states(
    procedure: Procedure, forms: list[tuple[Chart, Layout]]
) -> None:
    for chart, layout in forms:
        kinds = {box.id: box.kind for box in chart.boxes}
        inside = {box.id: box.inside for box in chart.boxes}
        for one, other in itertools.combinations(kinds, 2):
            within = one in _around(other, inside) or other in _around(one, inside)
            assert _apart(layout.boxes[one], layout.boxes[other]) is not within
        assert {b for b in kinds if kinds[b] == "state"} == {
            state for state in procedure.states if not is_ended(state)
        }


def _around(box: str, inside: dict[str, str]) -> list[str]:
    return [inside[box], *_around(inside[box], inside)] if inside.get(box) else []


def test_states_go_down_in_lifecycle_order_and_endings_stand_at_the_foot(
    forms: list[tuple[Chart, Layout]],
) -> None:
    for chart, layout in forms:
        tops = [layout.boxes[b.id].y for b in chart.boxes if b.kind == "state"]
        foot = [layout.boxes[b.id].y for b in chart.boxes if b.kind == "endings"]
        assert tops[0] == min(tops)
        assert all(end > max(tops) for end in foot)
        for arrow in chart.arrows:
            above, below = layout.boxes[arrow.source].y, layout.boxes[arrow.target].y
            assert (above > below) is arrow.back


def test_on_a_wide_page_the_endings_stand_in_one_row(forms: list[tuple[Chart, Layout]]) -> None:
    chart, layout = forms[0]
    assert len({layout.boxes[b.id].y for b in chart.boxes if b.kind == "endings"}) <= 1


def test_the_two_forms_fit_a_page_and_a_telephone(forms: list[tuple[Chart, Layout]]) -> None:
    (_, wide), (_, narrow) = forms
    assert wide.width <= 700
    assert narrow.width <= 345


def test_everything_lies_within_the_picture(drawn: ET.Element) -> None:
    for svg in drawn.iter(f"{SVG}svg"):
        _, _, width, height = map(float, svg.attrib["viewBox"].split())
        for rect in svg.iter(f"{SVG}rect"):
            x, y, wide, high = (float(rect.attrib[n]) for n in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + wide <= width
            assert y + high <= height
        points = re.findall(r"[ML](\S+) (\S+?)(?=[ML]|$)", " ".join(_paths(svg)))
        assert points
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)


def _paths(svg: ET.Element) -> Iterator[str]:
    return (path.attrib["d"] for path in svg.iter(f"{SVG}path"))


def test_it_leads_to_every_state_and_every_rule_that_it_tells(
    procedure: Procedure, drawn: ET.Element
) -> None:
    page = _page(procedure.name)
    for svg in drawn.iter(f"{SVG}svg"):
        links = {
            a.attrib["href"]: " ".join("".join(a.itertext()).split()) for a in svg.iter(f"{SVG}a")
        }
        for state in procedure.states:
            where = addresses.state(procedure.name, state).seen_from_site(page)
            assert links.pop(where) == state.removeprefix("ended.").replace("-", " ")
        for rule in procedure.rules:
            where = addresses.rule(procedure.name, rule).seen_from_site(page)
            if where in links:
                assert links.pop(where).replace(" ", "-") == rule
        assert all(text.endswith((" more", " stay", " stays")) for text in links.values())


def test_the_table_holds_every_place_that_the_picture_leads_to(procedure: Procedure) -> None:
    page = _page(procedure.name)
    table = lifecycle.transitions(procedure, page)
    asked = re.findall(r'href="#((?:move|stays)-[^"]*)"', lifecycle.picture(procedure, page))
    given = re.findall(r'id="([^"]*)"', table)
    assert asked
    assert set(asked) <= set(given)
    assert len(given) == len(set(given))


def test_the_table_tells_every_rule_with_its_clauses(procedure: Procedure) -> None:
    page = _page(procedure.name)
    table = lifecycle.transitions(procedure, page)
    for edge in procedure.edges:
        assert f"({addresses.rule(procedure.name, edge.rule.id).seen_from(page)})" in table
        if edge.source != edge.target:
            for clause in edge.rule.cites:
                assert f"({addresses.clause(clause).seen_from(page)})" in table


def test_those_who_cannot_see_it_are_told_what_it_is(drawn: ET.Element) -> None:
    ids = [one.attrib["id"] for one in drawn.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids)) == 4
    for svg in drawn.iter(f"{SVG}svg"):
        assert svg.attrib["role"] == "group"
        for part in ("aria-labelledby", "aria-describedby"):
            (told,) = (one for one in svg if one.attrib.get("id") == svg.attrib[part])
            assert told.text


def test_two_procedures_on_one_page_have_ids_of_their_own(loaded: dict[str, Procedure]) -> None:
    whole = "".join(lifecycle.picture(procedure, "x.md") for procedure in loaded.values())
    ids = re.findall(r' id="([^"]*)"', whole)
    assert len(ids) == len(set(ids)) == 4 * len(loaded)


def test_it_is_the_same_when_it_is_laid_out_again(
    loaded: dict[str, Procedure], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lifecycle.picture(loaded["composite"], "x.md")
    monkeypatch.setattr(elk, "_PLACED", {})
    assert lifecycle.picture(loaded["composite"], "x.md") == before


def test_a_rule_that_leads_elsewhere_changes_the_picture(loaded: dict[str, Procedure]) -> None:
    procedure = loaded["standards"]
    rule = next(r for r in procedure.rules.values() if r.target == "active")
    moved = {**procedure.rules, rule.id: attrs.evolve(rule, target="review")}
    changed = attrs.evolve(procedure, rules=moved)
    assert lifecycle.picture(changed, "x.md") != lifecycle.picture(procedure, "x.md")


def test_the_style_sheet_knows_every_class_that_is_drawn(drawn: ET.Element) -> None:
    css = CSS.read_text(encoding="utf-8")
    named = {name for one in drawn.iter() for name in one.attrib.get("class", "").split()}
    assert {"state", "edge", "words"} <= named
    assert [name for name in sorted(named) if f".{name}" not in css] == []
