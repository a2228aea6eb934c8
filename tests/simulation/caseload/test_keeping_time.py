# mypy: disable-error-code="no-untyped-call"
"""When things are done: as often in time, and as long after, as the profile says."""

from __future__ import annotations

from typing import Any

import pytest

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.drawing import draw
from cpplan_sim.caseload.keeping_time import LONGEST_WAIT, plan_for, wait, working_day
from tests.simulation.caseload.engines import duty, figured, tables

DRAWS = 4000

DAYS = (("punctuality.others.on-time", 0.6), ("punctuality.others.never", 0.1))


def chances(daily: float) -> list[float]:
    """Return the chances to wait so many days, where each day has the same chance of another."""
    return [daily**days for days in range(LONGEST_WAIT)]


@pytest.mark.parametrize("mean", [0.0, 0.5, 3.0, 20.0, 75.0])
def test_a_wait_is_geometric_with_the_mean_asked_for(mean: float) -> None:
    """The standard deviation of such a wait is the root of its mean times its mean and one."""
    table = chances(mean / (1 + mean))
    waited = [wait(table, 0, draw(1, number, 2, 3)[0]) for number in range(DRAWS)]
    error = (mean * (1 + mean) / DRAWS) ** 0.5
    assert abs(sum(waited) / DRAWS - mean) <= 4.5 * error
    at_once = sum(days == 0 for days in waited) / DRAWS
    assert abs(at_once - 1 / (1 + mean)) < 4.5 * 0.5 / DRAWS**0.5


def test_a_wait_is_the_most_days_for_which_the_chance_is_above_the_draw() -> None:
    table = chances(0.5)
    for chance, days in ((0.99, 0), (0.5, 0), (0.49, 1), (0.25, 1), (0.24, 2), (0.001, 9)):
        assert wait(table, 0, chance) == days
    assert wait([1.0] * LONGEST_WAIT, 0, 0.5) == LONGEST_WAIT - 1


def test_a_table_of_waits_may_stand_anywhere() -> None:
    assert wait([9.0, 9.0, *chances(0.5)], 2, 0.3) == wait(chances(0.5), 0, 0.3)


def rows() -> tuple[Any, Any, Any, int, int]:
    """Return law, odds, a life, where a duty stands that is done for itself, and a day."""
    made = figured("standards", "trial", DAYS)
    law, odds, life, _ = made.rows()
    found = next(
        duty(made, name)
        for name, one in made.procedure.duties.items()
        if made.law[duty(made, name) + c.D_ACT] >= 0
        and not one.recurs
        and odds[law[duty(made, name) + c.D_KEEPING] + c.K_NEVER] == 0.1
    )
    return law, odds, life, found, made.span.number(made.span.opens) + 100


def planned(least: int) -> list[int]:
    """Return the days, counted from its last, on which a duty is planned that has so many days."""
    law, odds, life, one, day = rows()
    found = []
    for case in range(DRAWS):
        life[c.C_CASE] = case
        life[law[one + c.D_OWED] + c.W_OPENED] = 0
        found.append(int(plan_for(law, odds, life, 5, one, day, day + least)) - day - least)
    return found


def near(found: int, share: float) -> bool:
    return bool(abs(found / DRAWS - share) < 4.5 * (share * (1 - share) / DRAWS) ** 0.5)


def test_a_duty_is_done_in_time_late_and_never_as_often_as_the_profile_says() -> None:
    """Whether it is ever done is drawn first, so the share in time is of what is done."""
    days = planned(least=40)
    never = sum(day > c.NEVER / 2 for day in days)
    in_time = sum(day <= 0 for day in days)
    late = sum(0 < day < c.NEVER / 2 for day in days)
    assert never + in_time + late == DRAWS
    assert near(never, 0.1)
    assert near(in_time, 0.9 * 0.6)
    assert near(late, 0.9 * 0.4)


def test_what_is_in_time_is_done_on_a_working_day_within_the_time_there_is() -> None:
    made = figured("standards", "trial", DAYS)
    _, _, _, _, day = rows()
    calendar = made.procedure.calendar
    for after in {one for one in planned(least=40) if one <= 0}:
        assert after >= -40
        assert calendar.is_working_day(made.span.day(day + 40 + after))


def test_a_working_day_is_the_day_itself_or_the_next() -> None:
    made = tables()
    calendar, first = made.procedure.calendar, made.span.number(made.span.opens)
    for day in range(first, first + 400):
        found = int(working_day(made.law, day))
        assert day <= found <= day + 5
        assert calendar.is_working_day(made.span.day(found))
        between = (made.span.day(one) for one in range(day, found))
        assert not any(calendar.is_working_day(one) for one in between)


def test_what_lies_past_the_last_day_that_is_known_never_comes() -> None:
    assert working_day(tables().law, tables().span.days) == c.NEVER
    assert working_day(tables().law, c.NEVER) == c.NEVER
