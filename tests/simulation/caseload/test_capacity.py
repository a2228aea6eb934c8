# mypy: disable-error-code="no-untyped-call, call-arg"
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

from cpplan import PROCEDURES
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import team_columns as t
from cpplan_sim.caseload import teams
from cpplan_sim.caseload.beginning import begin
from cpplan_sim.caseload.blocks import Job
from cpplan_sim.caseload.capacity import RULES, CapacityError, TeamJob, curve, point
from cpplan_sim.caseload.caserun import CaseError, Runner
from cpplan_sim.caseload.jobs import Setting
from cpplan_sim.caseload.living import do, next_act
from cpplan_sim.caseload.preparing import ask_again
from cpplan_sim.caseload.profile_parts import First
from cpplan_sim.caseload.summaries import Summary

SEED = 20
COMPOSITE = "composite"
OPENS, CLOSES = dt.date(2022, 4, 1), dt.date(2023, 9, 30)
NOT_AT_RANDOM = {"attempts.at-random": 0.0}


def setting(procedure: str = COMPOSITE, **figures: float) -> Setting:
    """What is run; figures of a worker by name, with ``_`` for ``-``."""
    paths = {f"team.{name.replace('_', '-')}": figure for name, figure in figures.items()}
    figured = tuple(sorted(paths.items()))
    return Setting(procedure=procedure, figures=figured, opens=OPENS, closes=CLOSES)


USUAL = setting()


def job(staff: int | None, under: Setting = USUAL, **changed: Any) -> TeamJob:
    usual: dict[str, Any] = {"opened_per_month": 0.7, "warm_up": 120}
    return TeamJob(setting=under, seed=SEED, staff=staff, **{**usual, **changed})


@cache
def ran(staff: int | None, teams: int = 2) -> Summary:
    return job(staff).summarise(0, teams)


def same_as_alone(found: Summary, one: TeamJob, teams: int) -> bool:
    alone = one.setting.runner(SEED).run(0, teams * one.cases)
    return alone == Summary({name: found.counts[name] for name in alone.counts})


# ---------------------------------------------------------------------- slots without end


@pytest.mark.parametrize(
    "procedure",
    [COMPOSITE, *(pytest.param(p, marks=pytest.mark.slow) for p in PROCEDURES if p != COMPOSITE)],
)
def test_without_limits_every_case_lives_as_it_does_alone(procedure: str) -> None:
    one = job(None, setting(procedure))
    found = one.summarise(0, 2)
    assert found.counts["events"].sum() > 0
    assert same_as_alone(found, one, 2)


def test_so_it_does_with_more_slots_than_anybody_asks_for() -> None:
    one = job(t.MOST_STAFF, setting(visits_per_day=9, meetings_per_day=9))
    found = one.summarise(0, 2)
    used, waits = found.counts["team_slots"][1], found.counts["team_waits"]
    assert used[c.VISIT] > used[c.MEETING] > 0
    assert waits[:, 1:].sum() == 0
    assert waits[:, 0].tolist() == used.tolist()
    assert same_as_alone(found, one, 2)


def test_what_fell_due_in_the_days_measured_is_counted_and_nothing_else() -> None:
    one = job(None)
    runner, span = one.setting.runner(SEED), one.setting.span
    measured = range(span.number(span.opens) + one.warm_up, span.number(span.closes))
    lives = [runner.run_one(number).copy() for number in range(one.cases)]
    at = int(runner.tables.law[c.H_OBLIGATIONS])
    owed = [
        life[place : place + c.O_WIDTH]
        for life in lives
        for place in range(at, at + life[c.C_OBLIGATIONS] * c.O_WIDTH, c.O_WIDTH)
    ]
    fell = [row for row in owed if row[c.O_DUE] in measured and row[c.O_OUTCOME] <= c.MISSED]
    late = [row for row in fell if row[c.O_OUTCOME] == c.MET_LATE]
    found = one.summarise(0, 1).counts["teams"]
    assert found[t.T_DECIDED] == len(fell) > len(late) > 0
    assert found[t.T_KEPT] == sum(row[c.O_OUTCOME] == c.MET for row in fell)
    assert found[t.T_LATE] == len(late)
    assert found[t.T_DAYS_LATE] == sum(row[c.O_CLOSED_ON] - row[c.O_DUE] for row in late)
    assert found[t.T_OVERDUE] == sum(row[c.O_OUTCOME] == c.OPEN for row in fell)
    assert found[t.T_KEPT_2] == found[t.T_KEPT] ** 2


# ---------------------------------------------------------------------------- slots enough


def test_no_team_uses_more_slots_than_it_has() -> None:
    for staff in (0, 1, 2):
        offered, used, _, backlog = ran(staff).counts["team_slots"]
        assert (used <= offered).all()
        assert backlog.sum() > 0
    assert ran(1).counts["team_slots"][1].sum() > 0
    assert ran(0).counts["team_slots"][:2].sum() == 0


def test_no_month_has_more_visits_than_slots_but_for_those_out_of_hours() -> None:
    under = setting(visits_per_day=1, absent=0)
    under = attrs.evolve(under, figures=(*under.figures, *NOT_AT_RANDOM.items()))
    one = job(1, under, opened_per_month=2, warm_up=0)
    law, span = under.runner(SEED).tables.law, under.span
    days = range(span.number(span.opens), span.number(span.closes) + 1)
    found = one.summarise(0, 1)
    months = [span.month(span.day(day)) for day in days]
    working = [teams.is_working(law, day) for day in days]
    slots = np.bincount(months, weights=working, minlength=len(found.counts["monthly"]))
    beyond = np.maximum(found.counts["monthly"][:, 1] - slots, 0).sum()
    assert beyond <= found.counts["teams"][t.T_OUT_OF_HOURS]
    assert found.counts["monthly"][:, 1].max() > 15
    assert found.counts["team_slots"][2, c.VISIT] == found.counts["monthly"][:, 1].sum()


def test_a_slot_and_a_half_a_day_is_three_in_two_days() -> None:
    under = setting(visits_per_day=1.5, meetings_per_day=0.333, absent=0)
    found = job(1, under, warm_up=0).summarise(0, 1).counts
    days = int(found["teams"][t.T_DAYS])
    assert found["team_slots"][0].tolist() == [0, days * 1_500 // 1_000, days * 333 // 1_000]


def test_whoever_is_served_has_waited_some_number_of_days() -> None:
    found = ran(1).counts
    assert found["team_waits"].sum(axis=1).tolist() == found["team_slots"][1].tolist()
    assert found["team_waits"][:, 1:].sum() > 0


def test_with_more_staff_less_waits_and_more_is_on_time() -> None:
    few, more, many = curve(job(None), [1, 2, 6], teams=2)
    assert few.share and more.share and many.share  # noqa: PT018  # there is no share of nothing
    assert few.share.value < more.share.value < many.share.value
    assert few.backlog > more.backlog > many.backlog
    assert few.visits < more.visits < many.visits


def test_the_rule_decides_who_waits() -> None:
    found = {rule: job(1, first=rule).summarise(0, 1) for rule in First}
    waits = [tuple(one.counts["team_waits"][c.VISIT].tolist()) for one in found.values()]
    assert len(set(waits)) == len(First)


# ----------------------------------------------------------------------------- against SimPy


class Office:
    """One team as processes: each case asks, and the team answers; SimPy keeps the clock.

    Attributes:
        counts: what the cases come to.
        used, backlog: by class, requests served, and those put off.
    """

    def __init__(self, one: TeamJob, number: int, rule: int) -> None:
        tables = one.setting.runner(SEED).tables
        self.law, self.odds, _, self.counts = tables.rows()
        self.team, self.number, self.rule, self.worker = one, number, rule, tables.profile.team
        self.opens, self.closes = map(tables.span.number, (tables.span.opens, tables.span.closes))
        self.used, self.backlog = [0, 0, 0], [0, 0, 0]
        self.env = simpy.Environment(initial_time=self.opens)
        self.queue = simpy.PriorityStore(self.env)
        for case in range(one.cases):
            self.env.process(self.case(case, tables.rows()[2]))
        self.env.process(self.serving())

    def case(self, place: int, life: Any) -> Generator[simpy.Event, Any, None]:
        """Live: sleep until the next act, ask where it needs a slot, do it."""
        first, span = self.number * self.team.cases, self.closes - self.opens
        begin(self.law, self.odds, life, SEED, first + place, self.opens, span)
        since: dict[int, tuple[int, int]] = {}
        while True:
            act, day = next_act(self.law, life)
            if day > self.closes:
                return
            if day > self.env.now:
                yield self.env.timeout(day - self.env.now)
            if self.needs_slot(life, act, day):
                asked, until = since.get(act, (day, day))
                asked = asked if until == day else day
                ticket = self.env.event()
                rank = teams.rank(self.law, life, act, asked, self.rule)
                yield self.queue.put(simpy.PriorityItem((rank, place), (ticket, self.kind(act))))
                if not (yield ticket):
                    since[act] = (asked, self.next_working_day())
                    self.put_off(life, act, since[act][1])
                    continue
                self.used[self.kind(act)] += self.recorded(life, act, day)
            else:
                self.recorded(life, act, day)

    def needs_slot(self, life: Any, act: int, day: int) -> bool:
        working = teams.is_working(self.law, int(self.env.now))
        return bool(working and teams.may_take_slot(self.law, self.odds, life, SEED, act, day))

    def kind(self, act: int) -> int:
        return int(self.law[act + c.A_CLASS])

    def recorded(self, life: Any, act: int, day: int) -> bool:
        before = life[c.C_SET_OUT] + life[c.C_MEETINGS]
        do(self.law, self.odds, life, self.counts, SEED, act, day, False)
        return bool(life[c.C_SET_OUT] + life[c.C_MEETINGS] > before)

    def put_off(self, life: Any, act: int, later: int) -> None:
        for place in (self.law[act + c.A_DAY], self.law[act + c.A_PLAN] + c.P_ASKED):
            life[place] = c.NEVER
        ask_again(self.law, life, act, int(self.env.now), later)
        self.backlog[self.kind(act)] += 1

    def next_working_day(self) -> int:
        day = int(self.env.now) + 1
        while not teams.is_working(self.law, day):
            day += 1
        return day

    def serving(self) -> Generator[simpy.Event, Any, None]:
        """Answer at noon: the foremost first, and whatever comes of it before the next."""
        made = (0.0, self.worker.visits_per_day, self.worker.meetings_per_day)
        yield self.env.timeout(0.5)
        while self.env.now < self.closes + 1:
            day = int(self.env.now)
            there = teams.present(SEED, self.number, self.team.staff, day, self.worker.absent)
            left = [int(there * slots) + used for slots, used in zip(made, self.used, strict=True)]
            while self.queue.items:
                item = yield self.queue.get()
                ticket, kind = item.item
                ticket.succeed(self.used[kind] < left[kind])
                yield self.env.timeout(2**-20)
            yield self.env.timeout(day + 1.5 - self.env.now)


@pytest.mark.slow
@pytest.mark.parametrize("first", list(First))
def test_a_team_lives_day_by_day_as_in_simpy(first: First) -> None:
    under = setting(visits_per_day=1, meetings_per_day=1)
    one = job(2, under, first=first, warm_up=0)
    found = one.summarise(1, 2)
    office = Office(one, 1, RULES[first])
    office.env.run(until=office.closes + 2)
    assert found.counts["team_slots"][1].tolist() == office.used
    assert found.counts["team_slots"][3].tolist() == office.backlog
    assert office.backlog[c.VISIT] > 0
    events = under.runner(SEED).tables.summary(office.counts).counts
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
    changes: list[dict[str, Any]] = [
        {"setting": setting("london")},
        {"setting": setting(absent=0.5)},
        {"setting": setting(visits_per_day=1)},
        {"setting": attrs.evolve(USUAL, closes=dt.date(2023, 10, 31))},
        {"seed": 1},
        {"staff": None},
        {"staff": 3},
        {"opened_per_month": 1.0},
        {"first": First.NEWEST},
        {"warm_up": 1},
    ]
    digests = {attrs.evolve(one, **change).digest for change in changes}
    assert len(digests | {one.digest, job(2).digest}) == len(changes) + 1


def test_what_is_as_the_profile_has_it_may_be_left_unsaid() -> None:
    assert job(2, first=First.MOST_OVERDUE).digest == job(2).digest
    assert job(2, opened_per_month=None).cases == job(2, opened_per_month=6_020.833 / 2_000).cases


def test_a_case_for_which_there_is_no_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = USUAL.runner(SEED).tables
    law = tables.law.copy()
    law[c.H_OBLIGATIONS_END] = law[c.H_OBLIGATIONS] + 2 * c.O_WIDTH
    small = Runner(attrs.evolve(tables, law=law), SEED)
    monkeypatch.setattr(Setting, "runner", lambda _self, _seed: small)
    with pytest.raises(CaseError, match=r"^case (1\d|2[0-5]) could not be run: more happened"):
        job(2).summarise(1, 2)


@pytest.mark.parametrize(
    ("staff", "change", "told"),
    [
        (-1, {}, "-1 workers; give 0 to 64"),
        (65, {}, "65 workers; give 0 to 64"),
        (7, {"warm_up": 547}, "of 547 days 547 can't be left unmeasured"),
        (7, {"warm_up": -1}, "-1 can't"),
    ],
)
def test_a_team_that_can_not_be_is_an_error(staff: int, change: dict[str, Any], told: str) -> None:
    with pytest.raises(CapacityError, match=told):
        job(staff, **change)


def test_a_team_that_no_case_comes_to_is_an_error() -> None:
    with pytest.raises(CapacityError, match=r"with 0\.01 cases a month none comes"):
        job(2, opened_per_month=0.01).summarise(0, 1)


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
