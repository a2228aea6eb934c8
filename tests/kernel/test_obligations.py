"""What is owed: opened, due, met, moved, missed, lapsed, one duty at a time."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan.duties import Duty, Limit
from cpplan.events import (
    ChildBorn,
    ChildDied,
    ChildGivenCopy,
    CoreGroupHeld,
    ReviewConferenceArranged,
    ReviewConferenceDecided,
    ReviewConferenceOpened,
    SupervisionHeld,
)
from cpplan.matching import Match
from cpplan.obligations import Status
from cpplan.values import Origin, Value
from tests.kernel.histories import START, active, day
from tests.kernel.owing import (
    BORN,
    CALENDAR,
    FORTNIGHT,
    HELD,
    NOTES,
    WEEK,
    duty,
    held,
    notes,
    outcomes,
    read,
    value,
    visited,
)


def naive_due(anchor: dt.date, amount: int, unit: str) -> dt.date:
    """Find the last day by walking one day at a time, without the code under test."""
    holidays = {holiday.day for holiday in CALENDAR.holidays}
    if unit == "months":
        wanted = (anchor.year * 12 + anchor.month - 1) + amount
        on = anchor
        while on.year * 12 + on.month - 1 < wanted:
            on += dt.timedelta(days=1)
        while on.day < anchor.day and (on + dt.timedelta(days=1)).month == on.month:
            on += dt.timedelta(days=1)
        return on
    left = amount * (7 if unit == "calendar-weeks" else 1)
    on = anchor
    counts_all = unit != "working-days"
    while left or not (counts_all or amount or working(on, holidays)):
        on += dt.timedelta(days=1)
        left -= bool(left) and (counts_all or working(on, holidays))
    return on


def working(on: dt.date, holidays: set[dt.date]) -> bool:
    """Tell a working day."""
    return on.weekday() < 5 and on not in holidays


@given(
    st.dates(dt.date(2023, 1, 1), dt.date(2033, 1, 1)),
    st.integers(0, 30),
    st.sampled_from(["working-days", "calendar-days", "calendar-weeks", "months"]),
)
def test_a_duty_is_due_when_a_count_day_by_day_says_so(
    anchor: dt.date, amount: int, unit: str
) -> None:
    (one,) = read(duty(figure=value(amount, unit)), CoreGroupHeld(on=anchor))
    assert one.due_on == naive_due(anchor, amount, unit)


@pytest.mark.parametrize(
    ("anchor", "amount", "unit", "expected"),
    [
        ("2026-12-18", 10, "working-days", "2027-01-06"),  # over Christmas
        ("2026-01-10", 0, "working-days", "2026-01-12"),  # at once, on a Saturday
        ("2024-02-29", 12, "months", "2025-02-28"),
        ("2023-08-31", 6, "months", "2024-02-29"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2024-02-29", 18, "years-of-age", "2042-03-01"),
        ("2026-03-28", 4, "calendar-weeks", "2026-04-25"),  # the clocks change between
    ],
)
def test_a_duty_is_due_on_the_day_counted_by_hand(
    anchor: str, amount: int, unit: str, expected: str
) -> None:
    opening = CoreGroupHeld(on=dt.date.fromisoformat(anchor))
    (one,) = read(duty(figure=value(amount, unit)), opening)
    assert str(one.due_on) == expected


def test_days_with_a_bare_unit_are_read_as_the_pack_reads_them() -> None:
    bare = Value("notice", 10, "days-unspecified", "working-days", "", Origin.OWN, ())
    (one,) = read(duty(figure=bare), held(0))
    assert one.due_on == CALENDAR.working_days_after(START, 10)


def test_a_duty_before_a_day_counts_back_from_it() -> None:
    before = duty(
        Limit.BEFORE,
        value(5, "working-days"),
        opens=(Match("review-conference-arranged", on_field="scheduled_for"),),
    )
    arranged = ReviewConferenceArranged(on=START, scheduled_for=dt.date(2026, 4, 9))
    (one,) = read(before, arranged)
    assert one.due_on == dt.date(2026, 3, 31)  # 8, 7, 2, 1 April (Easter between), 31 March


def test_the_status_follows_the_calendar() -> None:
    (one,) = read(duty(figure=WEEK), held(1), notes(20))
    assert [one.status(day(n)) for n in (0, 1, 8, 9, 19, 20)] == [
        Status.NOT_STARTED,
        Status.DUE,
        Status.DUE,
        Status.OVERDUE,
        Status.OVERDUE,
        Status.MET_LATE,
    ]


def test_what_is_done_on_the_last_day_is_in_time() -> None:
    assert outcomes(read(duty(figure=WEEK), held(0), notes(7))) == ["met"]
    assert outcomes(read(duty(figure=WEEK), held(0), notes(8))) == ["met-late"]


def test_what_is_opened_and_done_on_one_day_is_met() -> None:
    assert outcomes(read(duty(figure=value(0, "calendar-days")), held(0), notes(0))) == ["met"]


def test_what_has_no_stated_time_is_never_late() -> None:
    (one,) = read(duty(Limit.UNSTATED), held(0))
    assert (one.due_on, one.status(day(4000))) == (None, Status.DUE)
    assert outcomes(read(duty(Limit.UNSTATED), held(0), notes(400))) == ["met"]
    died = ChildDied(on=day(9))
    assert outcomes(read(duty(Limit.UNSTATED), held(0), died, ended=True)) == ["lapsed"]


def test_meetings_are_written_up_in_the_order_they_were_held() -> None:
    found = read(duty(figure=WEEK), held(0), held(3), notes(5), notes(12))
    assert [(one.opened_on, one.closed_on) for one in found] == [
        (day(0), day(5)),
        (day(3), day(12)),
    ]
    assert outcomes(found) == ["met", "met-late"]


def test_notes_that_name_their_meeting_are_for_that_one() -> None:
    one = duty(figure=WEEK, for_field="meeting_on")
    found = read(one, held(0), held(3), notes(5, meeting=3), notes(6, meeting=2), notes(9))
    assert [each.closed_by for each in found] == [4, 2]


def test_notes_of_nothing_are_no_ones() -> None:
    assert read(duty(figure=WEEK), notes(5)) == ()


def test_two_meetings_on_one_day_are_two() -> None:
    found = read(duty(figure=WEEK), held(0), held(0), notes(0))
    assert outcomes(found) == ["met", None]


def test_what_was_done_before_counts_once_and_only_where_that_is_said() -> None:
    early = duty(figure=WEEK, earlier_counts=True)
    found = read(early, notes(0), notes(1), held(2), held(3))
    assert [(one.closed_by, one.closed_on) for one in found] == [(2, day(2)), (None, None)]
    assert outcomes(found) == ["met", None]
    assert outcomes(read(duty(figure=WEEK), notes(0), held(2))) == [None]


def test_a_recurring_duty_is_counted_from_the_last_time_it_was_met() -> None:
    every = duty(Limit.EVERY, FORTNIGHT)
    found = read(every, held(0), notes(3), notes(30))
    assert [(one.anchor, one.due_on) for one in found] == [
        (day(0), day(14)),
        (day(3), day(17)),
        (day(30), day(44)),
    ]
    assert outcomes(found) == ["met", "met-late", None]


def test_a_recurring_duty_that_waits_is_not_opened_again() -> None:
    assert len(read(duty(Limit.EVERY, FORTNIGHT), held(0), held(5))) == 1


def test_a_recurring_duty_met_for_the_last_time_is_not_opened_again() -> None:
    last = duty(Limit.EVERY, FORTNIGHT, until=(Match(NOTES),))
    assert outcomes(read(last, held(0), notes(3))) == ["met"]
    ending = duty(Limit.EVERY, FORTNIGHT, met_by=(Match("child-died"),))
    assert outcomes(read(ending, held(0), ChildDied(on=day(3)), ended=True)) == ["met"]


def test_a_duty_every_two_visits_is_missed_at_the_second_without_it() -> None:
    bedroom = duty(
        Limit.EVERY_EVENTS,
        value(2, "visits"),
        due_at=(Match("visit-made"),),
        met_by=(Match("child-given-copy"),),
    )
    copy = ChildGivenCopy(on=day(2))
    found = read(bedroom, held(0), visited(1), copy, visited(3), visited(4), visited(5))
    assert [(one.opened_by, one.closed_by) for one in found] == [(0, 2), (2, 4), (4, None)]
    assert outcomes(found) == ["met", "missed", None]
    assert {one.due_on for one in found} == {None}


def test_an_event_that_meets_a_duty_does_not_count_against_it() -> None:
    seen = duty(
        Limit.EVERY_EVENTS,
        value(1, "visits"),
        due_at=(Match("visit-made"),),
        met_by=(Match("visit-made"),),
    )
    assert outcomes(read(seen, held(0), visited(1), visited(2))) == ["met", "met", None]


def test_a_duty_before_an_event_is_missed_when_it_comes() -> None:
    report = duty(Limit.BEFORE_EVENT, due_at=(Match("review-conference-opened"),))
    opening = ReviewConferenceOpened(on=day(9))
    assert outcomes(read(report, held(0), opening, notes(10))) == ["missed"]
    assert outcomes(read(report, held(0), notes(8), opening)) == ["met"]


def test_what_is_owed_no_more_lapses_or_was_missed() -> None:
    until = duty(figure=WEEK, until=(Match("supervision-held"),))
    assert outcomes(read(until, held(0), SupervisionHeld(on=day(7)))) == ["lapsed"]
    assert outcomes(read(until, held(0), SupervisionHeld(on=day(8)))) == ["missed"]


def test_one_event_can_end_a_duty_and_open_it_anew() -> None:
    moved = duty(figure=WEEK, until=(Match(HELD),))
    found = read(moved, held(0), held(5))
    assert outcomes(found) == ["lapsed", None]
    assert found[1].due_on == day(12)


def test_the_end_of_the_plan_ends_what_does_not_outlive_it() -> None:
    died = ChildDied(on=day(3))
    assert outcomes(read(duty(figure=WEEK), held(0), died, ended=True)) == ["lapsed"]
    outlives = duty(figure=WEEK, outlives_plan=True)
    assert outcomes(read(outlives, held(0), died, ended=True)) == [None]


def unborn(limit: Limit = Limit.EVERY) -> Duty:
    """Return a duty that is expected before its anchor is known."""
    return duty(limit, FORTNIGHT, opens=BORN, expected=(Match(HELD),))


def test_a_duty_without_its_anchor_can_not_be_decided() -> None:
    (one,) = read(unborn(), held(0), held(1))
    assert (one.anchor, one.due_on, one.undecidable) == (None, None, True)
    assert one.status(day(99)) is Status.UNDECIDABLE


@pytest.mark.parametrize("limit", [Limit.EVERY, Limit.WITHIN])
def test_an_anchor_that_comes_later_decides_it(limit: Limit) -> None:
    born = ChildBorn(on=day(5), date_of_birth=day(4))
    (one,) = read(unborn(limit), held(0), born)
    assert (one.anchor, one.due_on, one.opened_by) == (day(5), day(19), 1)


def test_an_anchor_that_is_left_out_leaves_the_duty_expected() -> None:
    review = "review-conference-decided"
    next_review = duty(
        figure=WEEK,
        opens=(Match(review, on_field="next_review_date"),),
        expected=(Match(review),),
    )
    unknown = ReviewConferenceDecided(on=day(0), plan_continues=True)
    (one,) = read(next_review, unknown)
    assert one.undecidable
    (one,) = read(next_review, attrs.evolve(unknown, next_review_date=day(80)))
    assert one.due_on == day(87)
    assert read(attrs.evolve(next_review, expected=()), unknown) == ()


def test_nobody_can_tell_whether_what_had_no_day_came_in_time() -> None:
    assert outcomes(read(unborn(Limit.WITHIN), held(0), notes(3))) == ["undecidable"]
    died = ChildDied(on=day(3))
    assert outcomes(read(unborn(), held(0), died, ended=True)) == ["undecidable"]
    not_chosen = duty(figure=value(None, "working-days"))
    (one,) = read(not_chosen, held(0))
    assert one.status(day(1)) is Status.UNDECIDABLE
    assert outcomes(read(not_chosen, held(0), notes(3))) == ["undecidable"]
    assert outcomes(read(not_chosen, held(0), died, ended=True)) == ["undecidable"]


def test_a_plan_lists_what_is_due_soonest_first() -> None:
    due = active().due(day(15))
    assert [(one.duty.id, status.value) for one, status in due] == [
        ("visit", "overdue"),
        ("first-review", "due"),
        ("end-at-18", "due"),
        ("sign-plan", "due"),
    ]
    assert active().due(day(-1)) == ()
