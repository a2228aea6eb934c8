"""Figures that are agreed: from when on they hold, and what they move."""

from __future__ import annotations

import attrs

from cpplan.duties import Agreed, Duty, Limit
from cpplan.events import (
    ChildBorn,
    ReviewConferenceDecided,
    VisitIntervalChanged,
)
from cpplan.events.parts import DecidingBody
from cpplan.matching import Match
from cpplan.obligations import Status
from tests.kernel.histories import day
from tests.kernel.owing import (
    BORN,
    HELD,
    duty,
    held,
    outcomes,
    read,
    value,
    visited,
)


def agreed(figure: int | None = 2) -> Duty:
    """Return a visiting duty whose interval can be agreed."""
    return duty(
        Limit.EVERY,
        value(figure, "calendar-weeks"),
        met_by=(Match("visit-made"),),
        agreed=(
            Agreed("visit-interval-changed", "visit_interval"),
            Agreed(HELD, "visit_interval"),
            Agreed("review-conference-decided", "visit_interval"),
        ),
    )


def change(number: int, weeks: int) -> VisitIntervalChanged:
    """Return an interval changed."""
    return VisitIntervalChanged(
        on=day(number), visit_interval=weeks, decided_by=DecidingBody.CORE_GROUP
    )


def test_an_agreed_figure_moves_what_is_open_and_stays_in_force() -> None:
    found = read(agreed(), held(0), change(3, 3), visited(20))
    assert [one.due_on for one in found] == [day(21), day(20 + 21)]


def test_a_figure_agreed_with_the_opening_is_in_force_at_once() -> None:
    assert read(agreed(), held(0, visit_interval=1))[0].due_on == day(7)


def test_a_shorter_interval_is_never_due_before_it_was_agreed() -> None:
    assert read(agreed(), held(0), change(10, 1))[0].due_on == day(10)


def test_an_agreement_does_not_excuse_what_is_overdue() -> None:
    (one,) = read(agreed(), held(0), change(15, 6))
    assert one.due_on == day(14)
    assert one.status(day(15)) is Status.OVERDUE


def test_a_figure_agreed_by_what_meets_the_duty_counts_from_then_on() -> None:
    itself = attrs.evolve(agreed(), met_by=(Match(HELD),))
    found = read(itself, held(0), held(14, visit_interval=4), held(40, visit_interval=1))
    assert [one.due_on for one in found] == [day(14), day(14 + 28), day(40 + 7)]
    assert outcomes(found) == ["met", "met", None]
    late = read(itself, held(0), held(15, visit_interval=4))
    assert outcomes(late) == ["met-late", None]


def test_an_event_that_agrees_nothing_changes_nothing() -> None:
    decided = ReviewConferenceDecided(on=day(2), plan_continues=True)
    assert read(agreed(), held(0), decided)[0].due_on == day(14)


def test_an_agreed_figure_decides_a_setting_that_was_not_chosen() -> None:
    (one,) = read(agreed(None), held(0), change(3, 3))
    assert (one.due_on, one.undecidable) == (day(21), False)


def test_a_figure_agreed_before_the_anchor_is_known_waits_for_it() -> None:
    waiting = attrs.evolve(agreed(), opens=BORN, expected=(Match(HELD),))
    (one,) = read(waiting, held(0, visit_interval=5), change(1, 1))
    assert one.due_on is None
    born = ChildBorn(on=day(2), date_of_birth=day(2))
    assert read(waiting, held(0), change(1, 1), born)[0].due_on == day(9)
