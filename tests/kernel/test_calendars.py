"""Working days: counted by hand, against a naive count, against another library; then files."""

import datetime as dt
import pickle

import holidays as outside
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.calendars import CALENDARS, Calendar, CalendarRangeError, Unit, load_calendar
from cpplan.dates import add_months, add_years

ENGLAND = load_calendar("england-and-wales")
ONE_DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2008, 1, 1), dt.date(2035, 12, 31)
DAYS = st.dates(dt.date(2009, 1, 1), dt.date(2034, 12, 31))
ANY_CALENDAR = st.sampled_from(CALENDARS).map(load_calendar)


def day(text: str) -> dt.date:
    """Return the date written as ISO text."""
    return dt.date.fromisoformat(text)


def test_ten_working_days_over_christmas_2026_end_on_6_january() -> None:
    # From Friday 18 December: Mon 21, Tue 22, Wed 23, Thu 24 (4); Fri 25 Christmas Day; Mon 28
    # for Boxing Day; Tue 29, Wed 30, Thu 31 (7); Fri 1 New Year's Day; Mon 4, Tue 5, Wed 6 (10).
    assert ENGLAND.working_days_after(day("2026-12-18"), 10) == day("2027-01-06")
    assert ENGLAND.working_days_between(day("2026-12-18"), day("2027-01-06")) == 10


def test_ten_working_days_over_christmas_2026_end_a_day_later_in_scotland() -> None:
    # 2 January 2027 is a Saturday, so that Monday 4 January is a holiday as well.
    scotland = load_calendar("scotland")
    assert scotland.working_days_after(day("2026-12-18"), 10) == day("2027-01-07")


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),  # a Monday
        ("2026-11-21", 0, "2026-11-23"),  # a Saturday
        ("2026-12-25", 0, "2026-12-29"),  # Christmas Day
        ("2026-11-21", 1, "2026-11-23"),  # the anchor need not be a working day
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-11-22", -1, "2026-11-20"),  # a Sunday
        ("2026-12-29", -5, "2026-12-18"),  # 24, 23, 22, 21 and 18
    ],
)
def test_zero_and_negative_counts_are_as_described(start: str, n: int, expected: str) -> None:
    assert ENGLAND.working_days_after(day(start), n) == day(expected)


def test_jersey_keeps_liberation_day_and_england_does_not() -> None:
    assert ENGLAND.is_working_day(day("2025-05-09"))
    assert not load_calendar("jersey").is_working_day(day("2025-05-09"))


def test_each_unit_is_added_in_its_own_way() -> None:
    start = day("2026-11-30")
    assert {unit: str(ENGLAND.add(start, 3, unit)) for unit in Unit} == {
        Unit.WORKING_DAYS: "2026-12-03",
        Unit.CALENDAR_DAYS: "2026-12-03",
        Unit.CALENDAR_WEEKS: "2026-12-21",
        Unit.MONTHS: "2027-02-28",
        Unit.YEARS: "2029-11-30",
    }


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.integers(-50, 50))
def test_only_working_days_need_the_table(start: dt.date, n: int) -> None:
    assert ENGLAND.add(start, n, Unit.MONTHS) == add_months(start, n)
    assert ENGLAND.add(start, n, Unit.YEARS) == add_years(start, n)
    assert ENGLAND.add(start, n, Unit.CALENDAR_WEEKS) == ENGLAND.add(
        start, 7 * n, Unit.CALENDAR_DAYS
    )


def naive_is_working(calendar: Calendar, on: dt.date) -> bool:
    """Tell from the list of holidays alone."""
    return on.weekday() < 5 and on not in [holiday.day for holiday in calendar.holidays]


def naive_after(calendar: Calendar, start: dt.date, n: int) -> dt.date:
    """Walk one day at a time."""
    if n == 0:
        return start if naive_is_working(calendar, start) else naive_after(calendar, start, 1)
    found, left = start, abs(n)
    while left:
        found += ONE_DAY if n > 0 else -ONE_DAY
        left -= naive_is_working(calendar, found)
    return found


@given(ANY_CALENDAR, DAYS)
def test_a_working_day_is_one_for_the_naive_count_too(calendar: Calendar, on: dt.date) -> None:
    assert calendar.is_working_day(on) == naive_is_working(calendar, on)


@given(ANY_CALENDAR, DAYS, st.integers(-60, 60))
def test_counting_agrees_with_the_naive_count(calendar: Calendar, start: dt.date, n: int) -> None:
    assert calendar.working_days_after(start, n) == naive_after(calendar, start, n)


@given(ANY_CALENDAR, DAYS, st.integers(-60, 60))
def test_the_count_between_undoes_the_count_after(
    calendar: Calendar, start: dt.date, n: int
) -> None:
    end = calendar.working_days_after(start, n)
    if n or calendar.is_working_day(start):
        assert calendar.working_days_between(start, end) == n


@given(ANY_CALENDAR, DAYS, st.integers(0, 90))
def test_the_count_between_agrees_with_the_naive_count(
    calendar: Calendar, start: dt.date, span: int
) -> None:
    days = [start + dt.timedelta(days=number) for number in range(span + 1)]
    working = [naive_is_working(calendar, on) for on in days]
    assert calendar.working_days_between(start, days[-1]) == sum(working[1:])
    assert calendar.working_days_between(days[-1], start) == -sum(working[:-1])


LEFT_OUT = {
    # No proclamation was made, as the Scottish Government answered: see the header of the table.
    "scotland": {day("2010-01-04"), day("2011-01-04")},
}
PART = {
    "england-and-wales": ("GB", "ENG"),
    "scotland": ("GB", "SCT"),
    "northern-ireland": ("GB", "NIR"),
    "jersey": ("JE", None),
}


@pytest.mark.parametrize("year", range(FIRST.year, LAST.year + 1))
@pytest.mark.parametrize("name", CALENDARS)
def test_a_table_agrees_with_the_holidays_library_but_for_days_named_here(
    name: str, year: int
) -> None:
    country, part = PART[name]
    theirs = {on for on in outside.country_holidays(country, part, years=year) if on.weekday() < 5}
    ours = {h.day for h in load_calendar(name).holidays if h.day.year == year}
    assert theirs - ours == {on for on in LEFT_OUT.get(name, set()) if on.year == year}
    assert ours - theirs == set()


def test_wales_has_the_same_days_as_england() -> None:
    years = range(FIRST.year, LAST.year + 1)
    wales = outside.country_holidays("GB", "WLS", years=years)
    assert set(wales) == set(outside.country_holidays("GB", "ENG", years=years))


@pytest.mark.parametrize("name", CALENDARS)
def test_a_table_covers_2008_to_2035_with_a_name_and_a_source_for_each_day(name: str) -> None:
    calendar = load_calendar(name)
    assert (calendar.jurisdiction, calendar.first, calendar.last) == (name, FIRST, LAST)
    assert all(h.name and h.source and h.day.weekday() < 5 for h in calendar.holidays)
    assert list(calendar.holidays) == sorted(calendar.holidays, key=lambda h: h.day)


@pytest.mark.parametrize(
    ("name", "last_proclaimed"),
    [("england-and-wales", 2027), ("scotland", 2027), ("northern-ireland", 2027), ("jersey", 2026)],
)
def test_later_years_are_projected_and_earlier_ones_proclaimed(
    name: str, last_proclaimed: int
) -> None:
    for holiday in load_calendar(name).holidays:
        expected = "proclaimed" if holiday.day.year <= last_proclaimed else "projected"
        assert holiday.status == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2011-04-29", CALENDARS),
        ("2012-06-04", CALENDARS),
        ("2012-06-05", CALENDARS),
        ("2020-05-08", CALENDARS),
        ("2022-06-02", CALENDARS),
        ("2022-06-03", CALENDARS),
        ("2022-09-19", CALENDARS),
        ("2023-05-08", CALENDARS),
        ("2020-05-04", ("jersey",)),
        ("2021-09-27", ("jersey",)),
        ("2024-07-15", ("jersey",)),
        ("2026-06-15", ("scotland",)),
        ("2026-11-30", ("scotland",)),
        ("2026-07-13", ("northern-ireland",)),
        ("2012-05-28", ()),
        ("2022-05-30", ()),
    ],
)
def test_a_day_that_was_added_or_moved_is_known_where_it_was(
    text: str, names: tuple[str, ...]
) -> None:
    closed = tuple(n for n in CALENDARS if not load_calendar(n).is_working_day(day(text)))
    assert closed == names


def test_a_shipped_calendar_is_read_once() -> None:
    assert load_calendar("jersey") is load_calendar("jersey")


def test_a_calendar_survives_a_copy_to_another_process() -> None:
    ENGLAND.is_working_day(FIRST)
    copy = pickle.loads(pickle.dumps(ENGLAND))
    assert copy == ENGLAND
    assert copy.digest == ENGLAND.digest
    assert copy.working_days_after(day("2026-12-18"), 10) == day("2027-01-06")


@pytest.mark.parametrize("text", ["2007-12-31", "2036-01-01"])
def test_a_date_outside_the_table_is_refused_by_every_question(text: str) -> None:
    on, inside = day(text), day("2026-11-23")
    with pytest.raises(CalendarRangeError):
        ENGLAND.is_working_day(on)
    with pytest.raises(CalendarRangeError):
        ENGLAND.working_days_after(on, 1)
    with pytest.raises(CalendarRangeError):
        ENGLAND.working_days_between(on, inside)
    with pytest.raises(CalendarRangeError):
        ENGLAND.working_days_between(inside, on)


@pytest.mark.parametrize(
    ("start", "n"),
    [("2035-12-31", 1), ("2008-01-02", -1), ("2008-01-01", -1), ("2035-12-25", 5)],
)
def test_a_count_that_leaves_the_table_is_refused(start: str, n: int) -> None:
    with pytest.raises(CalendarRangeError, match=f"{n} working days from {start}"):
        ENGLAND.working_days_after(day(start), n)


def test_a_count_may_end_on_the_first_and_last_working_day_of_the_table() -> None:
    assert ENGLAND.working_days_after(day("2035-12-28"), 1) == LAST
    assert ENGLAND.working_days_after(day("2008-01-03"), -1) == day("2008-01-02")
    assert ENGLAND.working_days_after(FIRST, 0) == day("2008-01-02")


def test_the_range_error_says_which_calendar_and_date_and_what_to_do() -> None:
    with pytest.raises(CalendarRangeError) as caught:
        ENGLAND.is_working_day(day("2036-01-02"))
    assert isinstance(caught.value, LookupError)
    assert str(caught.value) == (
        "2036-01-02: outside the calendar england-and-wales, which covers 2008-01-01 to"
        " 2035-12-31; to go further, load a calendar file of your own that covers more"
    )
