"""Teams of any size run the same children; with enough of them, nobody waits."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Generator
from functools import cache
from typing import Any

import attrs
import numpy as np
import pytest
import simpy

from cpplan import PROCEDURES, load
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import teams as t
from cpplan_sim.caseload.beginning import begin
from cpplan_sim.caseload.blocks import Job
from cpplan_sim.caseload.capacity import CapacityError, TeamJob, curve, point
from cpplan_sim.caseload.caserun import CaseError, Runner
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.living import do, next_act
from cpplan_sim.caseload.preparing import ask_again
from cpplan_sim.caseload.profile_parts import First
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.tables import Tables

SPAN = Span(dt.date(2022, 4, 1), dt.date(2023, 9, 30))
SEED = 20
COMPOSITE = "composite"


@cache
def tables(procedure: str = COMPOSITE, *, at_random: bool = True) -> Tables:
    profile = load_profile("england-2024")
    if not at_random:
        profile = profile.with_figures({"attempts.at-random": 0.0})
    return compile_tables(load(procedure), profile, SPAN)


def job(staff: int | None, procedure: str = COMPOSITE, **changed: Any) -> TeamJob:
    made = TeamJob.of(tables(procedure), SEED, staff=staff, opened_per_month=0.7, warm_up=120)
    return attrs.evolve(made, **changed)


@cache
def ran(staff: int | None, teams: int = 2) -> Summary:
    return job(staff).summarise(0, teams)


def same_as_alone(found: Summary, one: TeamJob, procedure: str, teams: int) -> bool:
    alone = Runner(tables(procedure), SEED).run(0, teams * one.cases)
    return alone == Summary({name: found.counts[name] for name in alone.counts})


# ---------------------------------------------------------------------- slots without end


@pytest.mark.parametrize(
    "procedure",
    [COMPOSITE, *(pytest.param(p, marks=pytest.mark.slow) for p in PROCEDURES if p != COMPOSITE)],
)
def test_without_limits_every_case_lives_as_it_does_alone(procedure: str) -> None:
    one = job(None, procedure)
    found = one.summarise(0, 2)
    assert found.counts["events"].sum() > 0
    assert same_as_alone(found, one, procedure, 2)


def test_so_it_does_with_more_slots_than_anybody_asks_for() -> None:
    one = job(t.MOST_STAFF, visits=9_000, meetings=9_000)
    found = one.summarise(0, 2)
    used, waits = found.counts["team_slots"][1], found.counts["team_waits"]
    assert used[c.VISIT] > used[c.MEETING] > 0
    assert waits[:, 1:].sum() == 0
    assert waits[:, 0].tolist() == used.tolist()
    assert same_as_alone(found, one, COMPOSITE, 2)


# ---------------------------------------------------------------------------- slots enough


def test_no_team_uses_more_slots_than_it_has() -> None:
    for staff in (0, 1, 2):
        offered, used, _, backlog = ran(staff).counts["team_slots"]
        assert (used <= offered).all()
        assert backlog.sum() > 0
    assert ran(1).counts["team_slots"][1].sum() > 0
    assert ran(0).counts["team_slots"][:2].sum() == 0


def test_no_month_has_more_visits_than_slots_but_for_those_out_of_hours() -> None:
    one = attrs.evolve(
        TeamJob.of(tables(at_random=False), SEED, staff=1, opened_per_month=2, warm_up=0),
        visits=1_000,
        absent=0.0,
    )
    found = one.summarise(0, 1)
    months = [SPAN.month(day) for day in map(SPAN.day, range(one.opens, one.closes + 1))]
    working = [t.is_working(one.law, day) for day in range(one.opens, one.closes + 1)]  # type: ignore[no-untyped-call]
    slots = np.bincount(months, weights=working, minlength=len(found.counts["monthly"]))
    beyond = np.maximum(found.counts["monthly"][:, 1] - slots, 0).sum()
    assert beyond <= found.counts["teams"][t.T_OUT_OF_HOURS]
    assert found.counts["monthly"][:, 1].max() > 15
    assert found.counts["team_slots"][2, c.VISIT] == found.counts["monthly"][:, 1].sum()


def test_a_slot_and_a_half_a_day_is_three_in_two_days() -> None:
    found = job(1, visits=1_500, meetings=333, absent=0.0, warm_up=0).summarise(0, 1).counts
    days = int(found["teams"][t.T_DAYS])
    assert found["team_slots"][0].tolist() == [0, days * 1_500 // 1_000, days * 333 // 1_000]


def test_whoever_is_served_has_waited_some_number_of_days() -> None:
    found = ran(1).counts
    assert found["team_waits"].sum(axis=1).tolist() == found["team_slots"][1].tolist()
    assert found["team_waits"][:, 1:].sum() > 0


def test_with_more_staff_less_waits_and_more_is_on_time() -> None:
    few, more, many = curve(job(None), [0, 1, 6], teams=2)
    assert few.share and more.share and many.share  # noqa: PT018  # there is no share of nothing
    assert few.share.value < more.share.value < many.share.value
    assert few.backlog > more.backlog > many.backlog
    assert few.visits < more.visits < many.visits


def test_the_rule_decides_who_waits() -> None:
    found = {rule: job(1, rule=rule).summarise(0, 1) for rule in First}
    waits = [tuple(one.counts["team_waits"][c.VISIT].tolist()) for one in found.values()]
    assert len(set(waits)) == len(First)


# ----------------------------------------------------------------------------- against SimPy


def by_simpy(one: TeamJob, number: int) -> tuple[Any, list[int], list[int]]:
    """One team as processes: each case asks, and a team answers; SimPy keeps the clock.

    Returns:
        What is counted, the visits and meetings served, and those that wait at each day's end.
    """
    made = tables()
    law, odds, _, counts = made.rows()
    lives = [made.rows()[2] for _ in range(one.cases)]
    env = simpy.Environment(initial_time=one.opens)
    queue = simpy.PriorityStore(env)
    used, backlog = [0, 0, 0], [0, 0, 0]
    rule = {First.NEWEST: t.NEWEST, First.MOST_OVERDUE: t.MOST_OVERDUE}[one.rule]

    def case(place: int) -> Generator[simpy.Event, Any, None]:
        life, since = lives[place], dict[int, tuple[int, int]]()
        first = number * one.cases
        begin(law, odds, life, SEED, first + place, one.opens, one.closes - one.opens)  # type: ignore[no-untyped-call]
        while True:
            act, day = next_act(law, life)  # type: ignore[no-untyped-call]
            if day > one.closes:
                return
            if day > env.now:
                yield env.timeout(day - env.now)
            today = int(env.now)
            asks = t.is_working(law, today) and t.may_take_slot(law, odds, life, SEED, act, day)  # type: ignore[no-untyped-call]
            if asks:
                asked, until = since.get(act, (day, day))
                asked = asked if until == day else day
                ticket = env.event()
                rank = t.rank(law, life, act, asked, rule)  # type: ignore[no-untyped-call]
                kind = law[act + c.A_CLASS]
                yield queue.put(simpy.PriorityItem((rank, place), (ticket, kind)))
                if not (yield ticket):
                    later = law[law[c.H_DAYS] + (today + 1) * c.Y_WIDTH + c.Y_NEXT]
                    since[act] = (asked, later)
                    life[law[act + c.A_DAY]] = life[law[act + c.A_PLAN] + c.P_ASKED] = c.NEVER
                    ask_again(law, life, act, today, later)  # type: ignore[no-untyped-call]
                    backlog[kind] += 1
                    continue
            before = life[c.C_VISITS] + life[c.C_MEETINGS]
            do(law, odds, life, counts, SEED, act, day, False)  # type: ignore[no-untyped-call]
            if asks and life[c.C_VISITS] + life[c.C_MEETINGS] > before:
                used[kind] += 1

    def team() -> Generator[simpy.Event, Any, None]:
        yield env.timeout(0.5)
        slots = {c.VISIT: 0, c.MEETING: 0}
        while env.now < one.closes + 1:
            day = int(env.now)
            if t.is_working(law, day):  # type: ignore[no-untyped-call]
                there = t.present(SEED, number, one.staff, day, one.absent)  # type: ignore[no-untyped-call]
                slots = {
                    c.VISIT: there * one.visits // 1_000,
                    c.MEETING: there * one.meetings // 1_000,
                }
            while queue.items:
                item = yield queue.get()
                ticket, kind = item.item
                served = list(used)
                ticket.succeed(slots[kind] > 0)
                yield env.timeout(2**-20)
                slots[kind] -= used[kind] - served[kind]
            yield env.timeout(day + 1.5 - env.now)

    for place in range(one.cases):
        env.process(case(place))
    env.process(team())
    env.run(until=one.closes + 2)
    return counts, used, backlog


@pytest.mark.slow
@pytest.mark.parametrize("rule", [First.NEWEST, First.MOST_OVERDUE])
def test_a_team_lives_day_by_day_as_in_simpy(rule: First) -> None:
    one = job(2, rule=rule, visits=1_000, meetings=1_000, warm_up=0)
    found = one.summarise(1, 2)
    counts, used, backlog = by_simpy(one, 1)
    assert found.counts["team_slots"][1].tolist() == used
    assert found.counts["team_slots"][3].tolist() == backlog
    assert backlog[c.VISIT] > 0
    events = tables().summary(counts).counts
    for name in ("events", "edges", "refused"):
        assert found.counts[name].tolist() == events[name].tolist()


# -------------------------------------------------------------------------------------- jobs


def test_teams_come_to_the_same_however_they_are_cut_into_blocks() -> None:
    one: Job = job(1)
    parts = [one.summarise(first, first + 1) for first in range(3)]
    assert Summary.total(parts) == Summary.total(reversed(parts)) == one.summarise(0, 3)
    assert parts[0] != parts[1]


def test_a_job_travels_and_comes_to_the_same_elsewhere() -> None:
    one = job(2)
    other = pickle.loads(pickle.dumps(one))
    assert other.digest == one.digest
    assert other.summarise(0, 1) == one.summarise(0, 1)


def test_whatever_decides_the_figures_decides_the_digest() -> None:
    one = job(2)
    law, odds = one.law.copy(), one.odds.copy()
    law[-1] += 1
    odds[-1] /= 2
    changes: list[dict[str, Any]] = [
        {"law": law},
        {"odds": odds},
        {"seed": 1},
        {"staff": None},
        {"staff": 3},
        {"cases": 11},
        {"rule": First.NEWEST},
        {"visits": 1},
        {"meetings": 1},
        {"absent": 0.5},
        {"warm_up": 1},
        {"closes": one.closes - 1},
    ]
    digests = {attrs.evolve(one, **change).digest for change in changes}
    assert len(digests | {one.digest, job(2).digest}) == len(changes) + 1


def test_a_team_has_its_share_of_what_the_profile_opens() -> None:
    one = TeamJob.of(tables(), SEED, staff=7)
    assert one.cases == round(tables().profile.opened_per_month / 2_000 * 547 / (365.25 / 12)) == 54
    assert (one.visits, one.meetings, one.absent) == (2_000, 1_000, 0.16)


def test_a_case_for_which_there_is_no_room_is_told() -> None:
    law = tables().law.copy()
    law[c.H_OBLIGATIONS_END] = law[c.H_OBLIGATIONS] + 2 * c.O_WIDTH
    with pytest.raises(CaseError, match=r"^case 1\d could not be run: more happened"):
        job(2, law=law).summarise(1, 2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"staff": -1}, "-1 workers; give 0 to 64"),
        ({"staff": 65}, "65 workers; give 0 to 64"),
        ({"cases": 0}, "no case comes to"),
        ({"warm_up": 547}, "of 547 days 547 can't be left unmeasured"),
        ({"warm_up": -1}, "-1 can't"),
    ],
)
def test_a_team_that_can_not_be_is_an_error(change: dict[str, Any], told: str) -> None:
    with pytest.raises(CapacityError, match=told):
        job(2, **change)


def test_a_curve_over_no_teams_is_an_error() -> None:
    with pytest.raises(CapacityError, match="0 teams"):
        curve(job(2), [1], teams=0)


# ------------------------------------------------------------------------------------- curve


def test_a_curve_has_each_size_once_in_the_order_in_which_it_was_asked_for() -> None:
    sizes: list[int | None] = []

    def summarise(one: TeamJob, teams: int) -> Summary:
        sizes.append(one.staff)
        assert teams == 5
        return ran(1)

    assert [
        one.staff for one in curve(job(None), (3, 1, 3, 2), teams=5, summarise=summarise)
    ] == sizes
    assert sizes == [3, 1, 2]


def test_a_point_divides_what_was_counted() -> None:
    teams = np.zeros(t.T_OFFERED, dtype=np.int64)
    slots, waits = np.zeros((4, 3), dtype=np.int64), np.zeros((3, 91), dtype=np.int64)
    for column, count in {
        t.T_TEAMS: 4, t.T_KEPT: 75, t.T_DECIDED: 100, t.T_LATE: 10, t.T_DAYS_LATE: 35,
        t.T_OVERDUE: 6, t.T_DAYS: 50, t.T_KEPT_2: 1_500, t.T_DECIDED_2: 2_500, t.T_BOTH: 1_900,
    }.items():  # fmt: skip
        teams[column] = count
    slots[:, 1:] = [[60, 40], [30, 20], [33, 22], [70, 5]]
    waits[c.VISIT, 3] = 9
    found = point(7, Summary({"teams": teams, "team_slots": slots, "team_waits": waits}))
    assert found.share
    assert (found.staff, found.teams, found.share.value, found.used) == (7, 4, 0.75, 0.5)
    assert (found.days_late, found.overdue, found.backlog) == (3.5, 1.5, 1.5)
    assert (found.visits, found.meetings, found.visit_waits[3]) == (33, 22, 9)
    assert 0.5 < found.share.low < 0.75 < found.share.high < 0.9
