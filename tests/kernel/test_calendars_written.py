"""Calendars that a user brings or changes, and every mistake in them with its place."""

import datetime as dt
import re
from pathlib import Path

import pytest

from cpplan.calendars import CALENDARS, Holiday, load_calendar
from cpplan.reading import InvalidFileError

ENGLAND = load_calendar("england-and-wales")

OWN = """\
jurisdiction: somewhere
first: 2026-01-01
last: 2026-12-31
holidays:
  - status: proclaimed
    source: us
    dates:
      "2026-05-01": Feast
"""
EXTENDED = """\
jurisdiction: our-office
extends: england-and-wales
last: 2036-12-31
add:
  - status: projected
    source: our intranet
    dates:
      "2026-12-24": Office closed
      "2036-12-25": Christmas Day
remove:
  - 2026-12-28
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return the path that `load` writes to."""
    return tmp_path / "own.yaml"


def problems(path: Path, text: str) -> list[str]:
    """Return the problems of a file as text, without the folder."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        load_calendar(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


@pytest.mark.parametrize("kind", [str, Path])
def test_a_user_may_bring_a_whole_calendar(written: Path, kind: type[str] | type[Path]) -> None:
    written.write_text(OWN, encoding="utf-8")
    calendar = load_calendar(kind(written))
    assert calendar.jurisdiction == "somewhere"
    assert calendar.holidays == (Holiday(dt.date(2026, 5, 1), "Feast", "proclaimed", "us"),)
    assert calendar.working_days_after(dt.date(2026, 4, 30), 1) == dt.date(2026, 5, 4)


def test_a_user_may_change_a_shipped_calendar(written: Path) -> None:
    written.write_text(EXTENDED, encoding="utf-8")
    calendar = load_calendar(written)
    assert (calendar.first, calendar.last) == (ENGLAND.first, dt.date(2036, 12, 31))
    assert not calendar.is_working_day(dt.date(2026, 12, 24))
    assert calendar.is_working_day(dt.date(2026, 12, 28))
    assert not calendar.is_working_day(dt.date(2026, 12, 25))
    assert len(calendar.holidays) == len(ENGLAND.holidays) + 1
    assert ENGLAND.is_working_day(dt.date(2026, 12, 24))


def test_a_user_may_cover_fewer_years(written: Path) -> None:
    written.write_text(
        "jurisdiction: brief\nextends: jersey\nfirst: 2026-02-01\nlast: 2026-04-30\n",
        encoding="utf-8",
    )
    assert [str(h.day) for h in load_calendar(written).holidays] == ["2026-04-03", "2026-04-06"]


def test_the_digest_depends_on_the_content_alone(written: Path) -> None:
    written.write_text(OWN, encoding="utf-8")
    before = load_calendar(written).digest
    assert re.fullmatch("[0-9a-f]{64}", before)
    written.write_text("# a remark\n" + OWN, encoding="utf-8")
    assert load_calendar(written).digest == before
    for old, new in [
        ("Feast", "Fast"),
        ("05-01", "05-04"),
        ("source: us", "source: them"),
        ("12-31", "12-30"),
    ]:
        written.write_text(OWN.replace(old, new), encoding="utf-8")
        assert load_calendar(written).digest != before


def test_the_digests_of_the_shipped_calendars_differ() -> None:
    assert len({load_calendar(name).digest for name in CALENDARS}) == len(CALENDARS)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidFileError, match=r"england-wales: .*did you mean england-and-wales"):
        load_calendar("england-wales")


def test_every_mistake_is_reported_at_once_with_its_place_and_the_nearest_name(
    written: Path,
) -> None:
    text = """\
jurisdiction: 7
extends: scotlnd
lst: 2036-12-31
first: soon
add:
  - status: proclaimd
    dates:
      "2026-13-01": Nowhere
      "2026-12-24": [closed]
  - 5
remove: tomorrow
"""
    assert problems(written, text) == [
        "own.yaml:1:1: expected text, found 7 (see load_calendar for the format)",
        "own.yaml:2:1: no calendar 'scotlnd' to extend (did you mean scotland?)",
        "own.yaml:3:1: unknown key 'lst' (did you mean last?)",
        "own.yaml:4:1: 'soon' is not a date (write it as 2026-12-25)",
        "own.yaml:6:5: 'source' is missing (add it)",
        "own.yaml:6:5: unknown 'proclaimd' (did you mean proclaimed?)",
        "own.yaml:8:7: '2026-13-01' is not a date (write it as 2026-12-25)",
        "own.yaml:9:7: expected text, found ['closed'] (see load_calendar for the format)",
        "own.yaml:10:5: 'dates' is missing (add it)",
        "own.yaml:10:5: 'source' is missing (add it)",
        "own.yaml:10:5: 'status' is missing (add it)",
        "own.yaml:10:5: expected keys and values, found 5 (see load_calendar for the format)",
        "own.yaml:11:1: expected a list, found 'tomorrow' (see load_calendar for the format)",
    ]


def test_a_file_without_a_base_must_say_everything_itself(written: Path) -> None:
    assert problems(written, "jurisdiction: here\nadd: []\n") == [
        "own.yaml:1:1: 'first' is missing (add it)",
        "own.yaml:1:1: 'holidays' is missing (add it)",
        "own.yaml:1:1: 'last' is missing (add it)",
        "own.yaml:2:1: unknown key 'add' (one of: first, holidays, jurisdiction, last)",
    ]


def test_a_day_is_added_once_and_within_the_years_covered(written: Path) -> None:
    text = EXTENDED.replace("2026-12-24", "2026-12-25").replace("2036-12-25", "2037-12-25")
    assert problems(written, text) == [
        "own.yaml:8:7: 2026-12-25 is a holiday already (give it once)",
        "own.yaml:9:7: 2037-12-25 is outside 2008-01-01 to 2036-12-31 (widen or drop it)",
    ]


def test_a_day_may_be_removed_to_be_named_anew(written: Path) -> None:
    written.write_text(EXTENDED.replace("2026-12-24", "2026-12-28"), encoding="utf-8")
    assert not load_calendar(written).is_working_day(dt.date(2026, 12, 28))


def test_only_a_holiday_can_be_removed(written: Path) -> None:
    text = EXTENDED.replace("- 2026-12-28", "- 2026-12-29\n  - never")
    assert problems(written, text) == [
        "own.yaml:11:5: 2026-12-29 is no holiday to remove (did you mean 2026-12-28?)",
        "own.yaml:12:5: 'never' is not a date (write it as 2026-12-25)",
    ]


def test_the_last_day_can_not_come_before_the_first(written: Path) -> None:
    assert problems(written, OWN.replace("last: 2026", "last: 2025"))[0] == (
        "own.yaml:3:1: last (2025-12-31) is before first (2026-01-01) (swap them)"
    )


@pytest.mark.parametrize(("last", "empty"), [("2037-12-31", 2036), ("2036-12-31", 2036)])
def test_a_table_is_not_widened_by_years_without_holidays(
    written: Path, last: str, empty: int
) -> None:
    text = f"jurisdiction: ours\nextends: england-and-wales\nlast: {last}\n"
    assert problems(written, text) == [
        f"own.yaml:3:1: no holiday is listed in {empty} (add the year's list)"
    ]


def test_a_time_is_not_a_date(written: Path) -> None:
    text = OWN.replace("first: 2026-01-01", "first: 2026-01-01 10:00:00")
    assert "is not a date" in problems(written, text)[0]


def test_the_whole_span_of_dates_is_refused_not_crashed_on(written: Path) -> None:
    text = OWN.replace("first: 2026", "first: 0001").replace("last: 2026", "last: 9999")
    assert "no holiday is listed in 1 " in problems(written, text)[0]
