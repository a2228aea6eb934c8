"""Published figures: the tables shipped, what becomes of a damaged one, and the edges of bands."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.reading import InvalidFileError
from cpplan_sim.caseload.published import (
    BANDS,
    FIGURES,
    NotPublishedError,
    Published,
    RefusedTableError,
    Target,
    band_of,
    require_table,
)
from cpplan_sim.caseload.published_reading import published_root, read_published

SHIPPED = read_published()
REGIONS = sorted(place for year, place in SHIPPED.known if place != "England")
D7 = "d7_cpps_ending_by_duration.csv"
D6 = "d6_cpps_reviewed_within_timescales.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(published_root(), tmp_path / "england"))


def changed(file: Path, change: Callable[[str], str]) -> None:
    before = file.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        read_published(folder)
    return [str(problem) for problem in caught.value.problems]


def values(year: int, place: str = "England", of: Published = SHIPPED) -> dict[str, float]:
    return {target.id: target.value for target in of.targets(year, place)}


def test_the_shipped_tables_hold_six_years_and_every_region_of_the_last() -> None:
    assert [key for key in SHIPPED.known if key[1] == "England"] == [
        (year, "England") for year in range(2019, 2025)
    ]
    assert len(REGIONS) == 11
    assert {year for year, place in SHIPPED.known if place in REGIONS} == {2024}


def test_england_2024_has_every_target_as_published() -> None:
    found = values(2024)
    assert list(found) == [figure.id for figure in FIGURES]
    assert len(found) == 19
    # The percentages that the department itself prints, to one decimal place.
    assert {
        name: round(100 * found[name], 1) for name in found if name not in ("ended", "open")
    } == {
        "ended-to-3-months": 16.3,
        "ended-3-to-6-months": 11.7,
        "ended-6-to-12-months": 43.3,
        "ended-1-to-2-years": 24.9,
        "ended-2-years-on": 3.8,
        "open-to-3-months": 29.7,
        "open-3-to-6-months": 24.7,
        "open-6-to-12-months": 27.1,
        "open-1-to-2-years": 16.0,
        "open-2-years-on": 2.5,
        "second-or-later": 24.7,
        "category-neglect": 49.8,
        "category-physical": 7.7,
        "category-sexual": 3.5,
        "category-emotional": 37.3,
        "category-several": 1.7,
        "reviewed-in-time": 89.8,
    }
    assert found["ended"] == 62870 / 62110
    assert found["open"] == 49900 / 62110


def test_a_target_says_where_it_stands() -> None:
    target = next(one for one in SHIPPED.targets(2024) if one.id == "ended-3-to-6-months")
    assert (target.table, target.year, target.place) == ("D7", 2024, "England")
    assert target.origin == f"{D7}:2, more_than_3_months_6_months / CPP_End"
    assert target.says == "ended plans: more than 3 months, up to 6"


@pytest.mark.parametrize("key", SHIPPED.known)
@pytest.mark.parametrize("kind", ["ended", "open", "category"])
def test_the_parts_of_a_whole_add_up_to_it_within_their_rounding(
    key: tuple[int, str], kind: str
) -> None:
    parts = [one for one in SHIPPED.targets(*key) if one.id.startswith(f"{kind}-")]
    assert sum(one.value for one in parts) == pytest.approx(1, abs=sum(p.rounding for p in parts))


def test_inner_and_outer_london_make_up_london() -> None:
    rows = SHIPPED.rows["D1"]
    inner, outer, all_of_it = (
        rows[2024, place].counts["CPP_start"]
        for place in ("Inner London", "Outer London", "London")
    )
    assert abs(inner + outer - all_of_it) <= 10


def test_rounding_is_as_far_as_counts_rounded_to_ten_can_move_a_share() -> None:
    target = next(one for one in SHIPPED.targets(2024) if one.id == "reviewed-in-time")
    # 31,505 of 35,085 would be printed as 31,500 of 35,090.
    assert target.value + target.rounding == pytest.approx(31505 / 35085)
    regional = next(
        one for one in SHIPPED.targets(2024, "Inner London") if one.id == "reviewed-in-time"
    )
    assert regional.rounding > 10 * target.rounding


def test_a_suppressed_figure_is_told_and_is_no_target() -> None:
    (untold,) = SHIPPED.untold(2024, "North East")
    assert untold.id == "category-several"
    assert untold.why == "c: suppressed: 1 to 5, or it would give away another figure"
    assert untold.origin.startswith("d2_cpps_starting_by_category_of_abuse.csv:3,")
    assert "category-several" not in values(2024, "North East")
    assert [key for key in SHIPPED.known if SHIPPED.untold(*key)] == [(2024, "North East")]


@pytest.mark.parametrize("symbol", ["c", "z", ":", "x", "u"])
def test_every_symbol_hides_what_is_counted_with_it(folder: Path, symbol: str) -> None:
    changed(folder / D7, lambda text: text.replace(",62870,", f",{symbol},", 1))
    read = read_published(folder)
    hidden = read.untold(2024)
    assert len(hidden) == len(BANDS)
    assert {one.why[0] for one in hidden} == {symbol}
    assert len(read.targets(2024)) == 19 - len(BANDS)


def test_a_whole_of_nothing_is_no_target(folder: Path) -> None:
    changed(folder / D6, lambda text: text.replace(",35090,31500", ",0,0", 1))
    (untold,) = read_published(folder).untold(2024)
    assert (untold.id, untold.why) == ("reviewed-in-time", "there is nothing to divide by")


def test_a_year_that_one_table_lacks_is_told(folder: Path) -> None:
    changed(folder / D6, lambda text: text[: text.index("2019,National")])
    (untold,) = read_published(folder).untold(2019)
    assert (untold.id, untold.why) == ("reviewed-in-time", "the table has no row of it")


@pytest.mark.parametrize(
    ("year", "place", "hint"),
    [
        (2018, "England", "there are: 2019, 2020, 2021, 2022, 2023, 2024"),
        (2023, "London", "there are: 2024"),
        (2024, "Inner Londn", "did you mean Inner London?"),
    ],
)
def test_a_year_or_place_without_figures_is_refused_with_a_hint(
    year: int, place: str, hint: str
) -> None:
    for ask in (SHIPPED.targets, SHIPPED.untold):
        with pytest.raises(NotPublishedError, match=f"{place} {year}") as caught:
            ask(year, place)
        assert hint in str(caught.value)


def test_d8_is_refused_by_name() -> None:
    for ask in (lambda: require_table("D8"), lambda: read_published(tables=["D7", "D8"])):
        with pytest.raises(RefusedTableError, match=r"D8 must not be calibrated on.*no duration"):
            ask()
    with pytest.raises(RefusedTableError, match=r"unknown table 'D9' \(.*D7"):
        require_table("D9")
    require_table("D7")


def test_d8_is_refused_under_the_name_of_another_table(folder: Path) -> None:
    d8 = "Child Protection Plans ending during the first six months of the year"
    changed(
        folder / D7,
        lambda text: text.replace("Child Protection Plans ending by length of time", d8),
    )
    found = mistakes(folder)
    assert len(found) == 17
    assert f"{D7}:2:17: category: is D8's: " in found[0]


def test_only_the_tables_asked_for_are_read(folder: Path) -> None:
    (folder / D7).unlink()
    read = read_published(folder, tables=["D3", "D6"])
    assert list(values(2024, of=read)) == ["second-or-later", "reviewed-in-time"]


def test_local_authorities_more_columns_and_a_byte_order_mark_are_passed_over(folder: Path) -> None:
    lines = (folder / D6).read_text(encoding="utf-8").splitlines()
    local = "2024,Local authority,E12000001,North East,any,167,c"
    text = "\n".join(f"{line},more" for line in [*lines, local])
    (folder / D6).write_text(f"\ufeff{text}", encoding="utf-8")
    read = read_published(folder)
    assert read.known == SHIPPED.known
    assert values(2024, "North East", read) == values(2024, "North East")


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (("35090,31500", "35090,many"), ":2:73", "Reviewed_within_timescales: 'many' is no count"),
        (("35090,31500", "35090,-5"), ":2:73", "'-5' is no count"),
        (("35090,31500", "3509,31500"), ":2:72", "31500 is more than CPP_At31_3Months, 3509"),
        (("2023,National", "2024,National"), ":14:1", "England 2024 stands here twice"),
        (("2023,National", "last,National"), ":14:1", "time_period: 'last' is no count"),
        (("35090,31500", "35090"), ":2:1", "6 values under 7 headings"),
        (("CPP_At31_3Months", "CPP_At31_3Month"), "", "needs the column 'CPP_At31_3Months'"),
        (("2024,National,,,Child", "2024,National,,,Other"), ":2:17", "is another table's, 'Other"),
    ],
)
def test_a_damaged_table_is_told_with_its_place(
    folder: Path, change: tuple[str, str], place: str, says: str
) -> None:
    changed(folder / D6, lambda text: text.replace(*change, 1))
    (found,) = mistakes(folder)
    assert found.startswith(f"{folder / D6}{place}: ")
    assert says in found
    assert found.endswith(")")  # the way out


def test_the_mistakes_of_all_tables_are_told_together(folder: Path) -> None:
    changed(folder / D6, lambda text: text.replace("31500", "?"))
    changed(folder / D7, lambda text: text.replace("10240", "?").replace("7350", "?"))
    assert len(mistakes(folder)) == 3


def test_a_missing_an_empty_and_an_unreadable_file_are_told(folder: Path) -> None:
    (folder / D6).unlink()
    assert "holds 0 files of table D6, not one" in mistakes(folder)[0]
    (folder / D6).write_bytes(b"time_period\xff")
    assert "can't be read as a table" in mistakes(folder)[0]
    (folder / D6).write_text("time_period,category\n", encoding="utf-8")
    assert "holds no row" in mistakes(folder)[0]
    (folder / "d6_again.csv").write_text("", encoding="utf-8")
    assert "holds 2 files of table D6, not one" in mistakes(folder)[0]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("started", "ended", "band"),
    [
        ("2024-01-10", "2024-01-10", 0),
        ("2024-01-10", "2024-04-10", 0),
        ("2024-01-10", "2024-04-11", 1),
        ("2024-01-10", "2024-07-10", 1),
        ("2024-01-10", "2024-07-11", 2),
        ("2024-01-10", "2025-01-09", 2),
        ("2024-01-10", "2025-01-10", 3),
        ("2024-01-10", "2026-01-09", 3),
        ("2024-01-10", "2026-01-10", 4),
        # 30 November and 3 months: there is no 30 February.
        ("2023-11-30", "2024-02-29", 0),
        ("2023-11-30", "2024-03-01", 1),
        ("2022-11-30", "2023-02-28", 0),
        ("2022-11-30", "2023-03-01", 1),
        # A year from 29 February is reached on 28 February.
        ("2024-02-29", "2025-02-27", 2),
        ("2024-02-29", "2025-02-28", 3),
    ],
)
def test_the_edges_of_the_bands(started: str, ended: str, band: int) -> None:
    assert band_of(day(started), day(ended)) == band


@given(started=st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), length=st.integers(0, 900))
def test_a_longer_plan_is_never_in_a_shorter_band(started: dt.date, length: int) -> None:
    ended = started + dt.timedelta(days=length)
    later = ended + dt.timedelta(days=1)
    assert 0 <= band_of(started, ended) <= band_of(started, later) < len(BANDS)


def test_a_plan_can_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="can't end on 2024-01-09, before it starts on 2024-01-10"):
        band_of(day("2024-01-10"), day("2024-01-09"))


def test_targets_are_told_apart_by_name_in_each_year_and_place() -> None:
    for key in SHIPPED.known:
        told: list[Target] = list(SHIPPED.targets(*key))
        names = [one.id for one in told] + [one.id for one in SHIPPED.untold(*key)]
        assert sorted(names) == sorted(figure.id for figure in FIGURES)
