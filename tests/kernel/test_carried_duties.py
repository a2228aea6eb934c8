"""What is owed when a plan is put under another edition."""

from __future__ import annotations

import attrs

from cpplan import Ledger, Role, Status, load
from cpplan.events import ChildDied, ReviewConferenceOpened
from tests.kernel.editing import LEDGER, OUTLINED, edited, every, owed, under, with_duty, without
from tests.kernel.histories import STANDARDS, day, visit
from tests.kernel.ledgering import MADE_UP, WELL, kept


def test_a_visit_that_would_be_late_at_once_is_due_on_the_first_day() -> None:
    assert owed(under(OUTLINED, MADE_UP, day(12)).plan)["visit"][-1] == (day(12), None)


def test_what_is_overdue_stays_so_under_the_edition_that_it_was_owed_by() -> None:
    later = load("jersey", values={"visit-interval": 8})
    assert owed(under(OUTLINED, later, day(15)).plan)["visit"][-1] == (day(57), None)
    assert owed(under(OUTLINED, later, day(16)).plan)["visit"][-1] == (day(15), None)


def test_what_was_met_in_time_is_not_late_by_a_later_edition() -> None:
    told = owed(under(LEDGER, every(7), day(20)).plan)["visit"]
    assert owed(LEDGER.plan)["visit"][0] == told[0] == (day(14), Status.MET)


def test_what_the_other_edition_does_not_ask_for_ends_on_its_first_day() -> None:
    fewer = without(STANDARDS, "duties", "visit", "first-review", "sign-plan")
    after = under(LEDGER, fewer, day(40))
    told = owed(after.plan)
    assert told["visit"][-1] == (day(28), Status.MISSED)
    assert told["first-review"] == [(day(90), Status.LAPSED)]
    assert told["sign-plan"] == [(None, Status.LAPSED)]
    ended = [one for one in after.plan.obligations if one.closed_on == day(40)]
    assert [one.closed_by for one in ended] == [None] * 3
    assert not [one for one, _ in after.plan.due(day(41)) if one.duty.id == "visit"]


def test_what_only_the_other_edition_asks_for_is_owed_from_its_first_day() -> None:
    fewer = without(STANDARDS, "duties", "visit", "first-review", "sign-plan", "first-core-group")
    began = kept(*WELL, ledger=Ledger.opened(fewer))
    told = owed(under(began, STANDARDS, day(40)).plan)
    assert told["visit"] == [(day(40), None)]
    assert told["first-review"] == [(day(90), None)]
    assert told["sign-plan"] == [(None, None)]
    assert "first-core-group" not in told
    assert "first-review" not in owed(under(began, STANDARDS, day(91)).plan)
    begun = [
        one for one in under(began, STANDARDS, day(40)).plan.obligations if one.duty.id == "visit"
    ]
    assert begun[0].opened_on == day(40)


def test_what_is_met_later_is_judged_by_its_new_day() -> None:
    shorter, longer = under(LEDGER, every(7), day(22)), under(LEDGER, every(60), day(16))
    visits = owed(kept(visit(day(24)), ledger=shorter).plan)["visit"]
    assert visits[-2:] == [(day(22), Status.MET_LATE), (day(31), None)]
    visits = owed(kept(visit(day(40)), ledger=longer).plan)["visit"]
    assert visits[-2:] == [(day(74), Status.MET), (day(100), None)]


def test_a_duty_that_is_overdue_stays_late_although_the_other_edition_gives_more_time() -> None:
    moved = under(LEDGER, every(60), day(29))
    visits = owed(kept(visit(day(40)), ledger=moved).plan)["visit"]
    assert visits[-2:] == [(day(28), Status.MET_LATE), (day(100), None)]


def test_what_ends_later_is_missed_or_lapsed_by_its_new_day() -> None:
    for amount, on, ended in (
        (7, 24, (day(21), Status.MISSED)),
        (60, 40, (day(74), Status.LAPSED)),
    ):
        moved = under(LEDGER, every(amount), day(16))
        died = kept(ChildDied(on=day(on), date_of_death=day(on)), ledger=moved)
        assert owed(died.plan)["visit"][-1] == ended


def test_what_recurs_goes_on_although_the_other_edition_counts_it_from_another_day() -> None:
    visits = STANDARDS.duties["visit"]
    otherwise = attrs.evolve(visits, met_by=STANDARDS.duties["first-core-group"].met_by)
    other = edited(STANDARDS, duties={**STANDARDS.duties, "visit": otherwise})
    told = owed(under(LEDGER, other, day(15)).plan)["visit"]
    assert told == [(day(14), Status.MET), (day(21), None)]


FIRST_REVIEW = STANDARDS.duties["first-review"]
NOT_KNOWN = without(STANDARDS, "duties", "first-review", "visit")
REVIEW = ReviewConferenceOpened(on=day(97), convened_by=Role.CONFERENCE_CHAIR)


def test_what_is_overdue_stays_so_under_an_edition_that_gives_it_no_figure() -> None:
    visits = STANDARDS.duties["visit"]
    assert visits.value is not None
    for value in (None, attrs.evolve(visits.value, amount=None)):
        moved = under(LEDGER, with_duty(attrs.evolve(visits, value=value)), day(35))
        overdue = next((one.due_on, status) for one, status in moved.plan.due(day(40)))
        assert overdue == (day(28), Status.OVERDUE)
        told = owed(kept(visit(day(60)), ledger=moved).plan)["visit"]
        assert told[-2:] == [(day(28), Status.MET_LATE), (None, None)]
        told = owed(under(LEDGER, with_duty(attrs.evolve(visits, value=value)), day(28)).plan)[
            "visit"
        ]
        assert told[-1] == (None, None)


def test_what_is_counted_from_another_day_is_due_on_the_first_day_at_the_earliest() -> None:
    from_the_conference = attrs.evolve(FIRST_REVIEW.opens[0], on_field="")
    other = with_duty(attrs.evolve(FIRST_REVIEW, opens=(from_the_conference,)))
    assert owed(under(LEDGER, other, day(50)).plan)["first-review"] == [(day(50), None)]
    assert owed(under(LEDGER, other, day(91)).plan)["first-review"] == [(day(90), None)]


def test_what_the_other_edition_would_not_have_opened_goes_on() -> None:
    other = with_duty(attrs.evolve(FIRST_REVIEW, opens=()))
    moved = under(LEDGER, other, day(50))
    assert owed(moved.plan)["first-review"] == [(day(90), None)]
    met = kept(attrs.evolve(REVIEW, on=day(80)), ledger=moved)
    assert owed(met.plan)["first-review"] == [(day(90), Status.MET)]


def test_what_lacks_a_day_by_the_other_edition_is_counted_from_the_former_one() -> None:
    unknown = attrs.evolve(
        FIRST_REVIEW,
        opens=(),
        expected=tuple(attrs.evolve(one, on_field="") for one in FIRST_REVIEW.opens),
    )
    assert owed(under(LEDGER, with_duty(unknown), day(50)).plan)["first-review"] == [
        (day(90), None)
    ]
    fresh = kept(*WELL, ledger=Ledger.opened(with_duty(unknown)))
    (one,) = [one for one in fresh.plan.obligations if one.duty.id == "first-review"]
    assert one.undecidable
    further = attrs.evolve(with_duty(unknown), digest="further")
    (one,) = [
        one
        for one in under(fresh, further, day(50)).plan.obligations
        if one.duty.id == "first-review"
    ]
    assert one.undecidable
    assert one.is_open(day(60))


def test_what_by_the_other_edition_was_done_already_ends_on_its_first_day() -> None:
    by_a_visit = with_duty(attrs.evolve(FIRST_REVIEW, met_by=STANDARDS.duties["visit"].met_by))
    assert owed(under(LEDGER, by_a_visit, day(50)).plan)["first-review"] == [
        (day(90), Status.LAPSED)
    ]
    assert owed(under(LEDGER, by_a_visit, day(91)).plan)["first-review"] == [
        (day(90), Status.MISSED)
    ]


def test_what_an_edition_in_between_did_not_know_is_owed_again_from_the_first_day_back() -> None:
    back = under(under(LEDGER, NOT_KNOWN, day(95)), STANDARDS, day(96))
    told = owed(back.plan)
    assert told["first-review"] == [(day(90), Status.MISSED), (day(96), None)]
    assert told["visit"][-2:] == [(day(28), Status.MISSED), (day(96), None)]
    assert {one.opened_on for one, _ in back.plan.due(day(100)) if one.due_on == day(96)} == {
        day(96)
    }
    twice = under(under(back, NOT_KNOWN, day(97)), STANDARDS, day(98))
    assert owed(twice.plan)["first-review"] == [
        (day(90), Status.MISSED),
        (day(96), Status.MISSED),
        (day(98), None),
    ]


def test_what_was_done_in_between_is_not_owed_again() -> None:
    left = under(LEDGER, NOT_KNOWN, day(95))
    back = under(kept(REVIEW, ledger=left), STANDARDS, day(98))
    assert owed(back.plan)["first-review"] == [(day(90), Status.MISSED)]
