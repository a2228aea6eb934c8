"""The timeline of a told case: every moment told in words, nothing covered, nothing cut."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_docs.pictures.days import days, written
from cpplan_docs.pictures.lettering import width
from cpplan_docs.pictures.moments import Band, Kind, Mark
from cpplan_docs.pictures.timeline import timeline

CSS = Path(__file__).parents[3] / "docs/assets/pictures.css"
SVG = "{http://www.w3.org/2000/svg}"
FIRST = dt.date(2025, 1, 6)
LONG = "a label that is so long that it takes more than one line on any page, wide or narrow"

dates = st.dates(FIRST, dt.date(2026, 1, 6))
marks = st.builds(
    Mark,
    dates,
    st.sampled_from(["core group", "visit to the child", LONG]),
    st.sampled_from(Kind),
    st.sampled_from(["", "x.html"]),
    st.sampled_from(["", "within 10 working days", LONG]),
)
bands = st.tuples(dates, dates, st.sampled_from(["outline", "detailed"])).map(
    lambda drawn: Band(min(drawn[:2]), max(drawn[:2]), drawn[2])
)


def _day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def _drawn(*moments: Mark | Band) -> list[ET.Element]:
    return [*ET.fromstring(timeline(moments, "A case", "It happens.")).iter(f"{SVG}svg")]


def _text(svg: ET.Element) -> str:
    return " ".join(" ".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text")).split())


@given(st.lists(marks | bands, min_size=1, max_size=12))
def test_everything_lies_within_the_picture(moments: list[Mark | Band]) -> None:
    for svg in _drawn(*moments):
        _, _, wide, high = map(float, svg.attrib["viewBox"].split())
        for text in svg.iter(f"{SVG}text"):
            size = float(text.attrib["font-size"])
            for line in (part for part in text if part.tag == f"{SVG}tspan"):
                end = float(line.attrib["x"]) + width("".join(line.itertext()), size)
                assert end <= wide
                assert size <= float(line.attrib["y"]) <= high
        for rect in svg.iter(f"{SVG}rect"):
            assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= high


@given(st.lists(marks | bands, min_size=1, max_size=12))
def test_no_line_of_words_is_drawn_over_another(moments: list[Mark | Band]) -> None:
    for svg in _drawn(*moments):
        lines = [float(t.attrib["y"]) for text in svg.iter(f"{SVG}text") for t in text]
        assert all(below - above >= 15 for above, below in itertools.pairwise(lines))


@given(st.lists(bands, min_size=2, max_size=8))
def test_no_band_covers_another(moments: list[Band]) -> None:
    for svg in _drawn(*moments):
        places = [
            tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            for rect in svg.iter(f"{SVG}rect")
        ]
        for (x, y, wide, high), (u, v, _, tall) in itertools.combinations(set(places), 2):
            assert x + wide <= u or u < x or y + high <= v or v + tall <= y


@given(st.lists(marks | bands, min_size=1, max_size=12))
def test_days_come_in_order_and_keep_what_they_are_given(moments: list[Mark | Band]) -> None:
    told = list(days(moments, 250))
    assert [day.date for day in told] == sorted({day.date for day in told})
    kept = [entry.moment for day in told for entry in day.entries if entry.moment]
    assert len(kept) == len(moments)
    for day in told:
        mine = [m for m in moments if (m.first if isinstance(m, Band) else m.date) == day.date]
        assert [entry.moment for entry in day.entries[1:]] == mine


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.value])
def test_what_a_sign_means_stands_beside_it_in_words(kind: Kind) -> None:
    for svg in _drawn(Mark(FIRST, "core group", kind)):
        assert f"{kind.value}: core group" in _text(svg)


def test_dates_and_the_time_between_them_are_told() -> None:
    for svg in _drawn(Mark(FIRST, "visit"), Mark(_day(1), "visit"), Mark(_day(15), "visit")):
        assert _text(svg) == (
            "Mon 6 Jan 2025 visit Tue 7 Jan 2025, 1 day later visit "
            "Tue 21 Jan 2025, 14 days later visit"
        )


def test_a_band_is_told_with_its_last_day() -> None:
    for svg in _drawn(Band(FIRST, _day(2), "outline"), Band(_day(2), _day(2), "detailed")):
        assert "outline, to Wed 8 Jan 2025" in _text(svg)
        assert _text(svg).endswith("detailed")


def test_words_lead_where_they_are_asked_to() -> None:
    for svg in _drawn(Mark(FIRST, "visit", Kind.MET, "duties.html#duty-visit", "a note")):
        (link,) = svg.iter(f"{SVG}a")
        assert link.attrib["href"] == "duties.html#duty-visit"
        assert "".join(link.itertext()) == "met: visit"


def test_what_is_written_is_shown_as_it_is() -> None:
    for svg in _drawn(Mark(FIRST, "<b>&amp;", Kind.MISSED, '"x&y'), Band(FIRST, FIRST, "a < b")):
        assert "missed: <b>&amp;" in _text(svg)
        assert "a < b" in _text(svg)


def test_two_timelines_on_one_page_have_ids_of_their_own() -> None:
    visit = Mark(FIRST, "visit")
    one = timeline([visit], "A case", "It happens.")
    other = timeline([attrs.evolve(visit, label="core group")], "A case", "It happens.")
    ids = re.findall(r' id="([^"]*)"', one + other)
    assert len(set(ids)) == len(ids) == 8


def test_the_same_moments_give_the_same_bytes() -> None:
    moments: list[Mark | Band] = [
        Band(FIRST, _day(9), "outline"),
        Mark(_day(3), LONG, Kind.REFUSED),
    ]
    assert timeline(moments, "A", "B") == timeline(iter(moments), "A", "B")


def test_a_timeline_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="'A case' has no moments"):
        timeline([], "A case", "It happens.")


def test_there_is_no_blank_line_that_would_end_it() -> None:
    assert "\n\n" not in timeline([Mark(FIRST, "visit")], "A", "B")


def test_the_style_sheet_knows_every_class_that_is_drawn() -> None:
    css = CSS.read_text(encoding="utf-8")
    moments = [Mark(FIRST, "x", kind, note="y") for kind in Kind]
    svgs = _drawn(*moments, Band(FIRST, FIRST, "z"))
    named = {n for svg in svgs for one in svg.iter() for n in one.attrib.get("class", "").split()}
    assert {"sign", "axis", "band", "bad"} <= named
    assert [name for name in sorted(named) if f".{name}" not in css] == []


def test_a_date_is_written_with_its_weekday() -> None:
    assert written(dt.date(2026, 11, 22)) == "Sun 22 Nov 2026"
