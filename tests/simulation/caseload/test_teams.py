# mypy: disable-error-code="no-untyped-call"
"""A team's day: who is there, who is served first, and how long the rest waits."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import team_columns as t
from cpplan_sim.caseload import teams
from cpplan_sim.caseload.compiled import is_compiled

Longs = npt.NDArray[np.int64]

DAYS = 10_000
BATCHES = 20
ERRORS = 4
"""Standard errors that a mean may lie away: by chance it is further once in 16,000 times."""


def taken(*rows: Any) -> tuple[Any, ...]:
    """Rows as the functions take them: without the compiler, as lists."""
    longs = tuple(np.array(row, dtype=np.int64) for row in rows)
    return longs if is_compiled() else tuple(row.tolist() for row in longs)


def scripted(asked: Any, kinds: Any, ranks: Any, slots: Any) -> tuple[Longs, Longs]:
    """The day on which each request is served, and how many wait at the end of each day."""
    desks = [[c.NONE, 0, rank] for rank in ranks]
    rows = taken(desks, asked, kinds, slots, [c.NONE] * len(asked), [0] * len(slots))
    teams.serve_script(*rows)
    return np.array(rows[4]), np.array(rows[5])


# ------------------------------------------------------------------------- against M/D/c


def poisson_days(load: float, servers: int) -> tuple[Longs, Longs]:
    """First come, first served: how many wait at each day's end, and how long each has waited."""
    made = np.random.Generator(np.random.Philox(11)).poisson(load * servers, DAYS)
    asked = np.repeat(np.arange(DAYS), made)
    slots = np.tile([0, servers, 0], (DAYS, 1))
    served, backlog = scripted(asked, [c.VISIT] * len(asked), asked, slots)
    return backlog, np.where(served >= 0, served, DAYS) - asked


def embedded_chain(load: float, servers: int) -> float:
    """The mean queue just after a service of M/D/c (Crommelin, 1932), from the chain itself."""
    rate, size = load * servers, 400
    chances = [math.exp(-rate)]
    for number in range(1, size):
        chances.append(chances[-1] * rate / number)
    queue = np.zeros(size)
    queue[0] = 1.0
    for _ in range(4_000):
        there = np.convolve(queue, chances)[:size]
        queue = np.append(there[servers:], np.zeros(servers))
        queue[0] += there[:servers].sum()
    return float(queue @ np.arange(size))


def near(backlog: Longs, mean: float) -> bool:
    batches = backlog.reshape(BATCHES, -1).mean(axis=1)
    error = batches.std(ddof=1) / math.sqrt(BATCHES)
    return bool(abs(batches.mean() - mean) < ERRORS * error and error < mean / 5)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_one_slot_a_day_makes_the_queue_of_m_d_1(load: float) -> None:
    known = load**2 / (2 * (1 - load))
    assert embedded_chain(load, 1) == pytest.approx(known, abs=1e-9)
    assert near(poisson_days(load, 1)[0], known)


@pytest.mark.parametrize(("load", "servers"), [(0.8, 3), (0.85, 7)])
def test_several_slots_a_day_make_the_queue_of_m_d_c(load: float, servers: int) -> None:
    backlog, _ = poisson_days(load, servers)
    assert near(backlog, embedded_chain(load, servers))
    assert not near(backlog, embedded_chain(load - 0.1, servers))


def test_a_day_waited_is_a_day_in_the_backlog() -> None:
    backlog, waited = poisson_days(0.8, 3)
    assert backlog.sum() == waited.sum() > 0


# --------------------------------------------------------------------------- against SimPy


def by_simpy(asked: Any, kinds: Any, ranks: Any, slots: Any) -> tuple[list[int], list[int]]:
    """The same by processes: requests that come in the morning, a team that serves at noon."""
    env = simpy.Environment()
    queues = {kind: simpy.PriorityStore(env) for kind in (c.VISIT, c.MEETING)}
    served, backlog = [c.NONE] * len(asked), [0] * len(slots)

    def case(number: int) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(asked[number])
        yield queues[kinds[number]].put(simpy.PriorityItem((ranks[number], number), number))

    def team(kind: int) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(0.5)
        for day, made in enumerate(slots):
            for _ in range(min(made[kind], len(queues[kind].items))):
                item = yield queues[kind].get()
                served[item.item] = day
            backlog[day] += len(queues[kind].items)
            yield env.timeout(1)

    for number in range(len(asked)):
        env.process(case(number))
    for kind in queues:
        env.process(team(kind))
    env.run()
    return served, backlog


REQUESTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([c.VISIT, c.MEETING]), st.integers(0, 4)),
    min_size=1,
    max_size=40,
).map(sorted)
SLOTS = st.lists(
    st.tuples(st.just(0), st.integers(0, 3), st.integers(0, 3)), min_size=12, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(REQUESTS, SLOTS)
def test_scripted_requests_are_served_on_the_days_on_which_simpy_serves_them(
    requests: list[tuple[int, int, int]], slots: list[tuple[int, int, int]]
) -> None:
    asked, kinds, ranks = zip(*requests, strict=True)
    served, backlog = scripted(asked, kinds, ranks, slots)
    assert (served.tolist(), backlog.tolist()) == by_simpy(asked, kinds, ranks, slots)


# ----------------------------------------------------------------------------- who is first


def test_the_lowest_rank_is_foremost_and_of_equals_the_first() -> None:
    desks = taken([[4, 0, 7], [c.NONE, 0, 1], [4, 0, 3], [4, 0, 3]])[0]
    assert teams.foremost(desks, 0, 4) == 2
    assert teams.foremost(desks, 3, 4) == 3
    assert teams.foremost(desks, 1, 2) == c.NONE


ACT, DUTIES, STAGES, OWED, FIRST, SECOND = 70, 100, 110, 60, 70, 90


def ranked(rule: int, *, due: tuple[int, int], stage: int = c.STAGE_ACTIVE, opened: int = 5) -> int:
    """The rank of an act that has waited since day 40, for two obligations of one duty."""
    law, life = np.zeros(140, dtype=np.int32), np.zeros(120, dtype=np.int64)
    law[ACT + c.A_DUTIES], law[ACT + c.A_DUTIES_N], law[DUTIES] = DUTIES, 1, 120
    law[120 + c.D_OWED], law[c.H_STAGES], law[STAGES] = OWED, STAGES, stage
    life[OWED + c.W_HEAD], life[c.C_OPENED] = FIRST, opened
    for one, after, day in ((FIRST, SECOND, due[0]), (SECOND, c.NONE, due[1])):
        life[one + c.O_DUE], life[one + c.O_NEXT] = day, after
    return int(teams.rank(law, life, ACT, 40, rule))


def test_the_most_overdue_is_what_was_due_first() -> None:
    assert ranked(t.MOST_OVERDUE, due=(33, 30)) < ranked(t.MOST_OVERDUE, due=(31, 36))


def test_what_has_no_last_day_is_overdue_from_the_day_that_it_asks() -> None:
    nothing = (c.NONE, c.NONE)
    assert ranked(t.MOST_OVERDUE, due=nothing) == ranked(t.MOST_OVERDUE, due=(40, 44))
    assert ranked(t.MOST_OVERDUE, due=(c.NONE, 44)) == ranked(t.MOST_OVERDUE, due=(44, 44))


def test_highest_risk_is_an_escalated_plan_then_one_in_review_then_the_most_overdue() -> None:
    stages = (c.STAGE_ESCALATED, c.STAGE_REVIEW, c.STAGE_ACTIVE)
    found = [
        ranked(t.HIGHEST_RISK, due=(due, due), stage=stage)
        for stage in stages
        for due in (10, 20_000)
    ]
    assert found == sorted(set(found))


def test_the_newest_is_the_case_that_opened_last_however_overdue() -> None:
    late, early = ranked(t.NEWEST, due=(90, 90), opened=9), ranked(t.NEWEST, due=(1, 1), opened=8)
    assert late < early


# ----------------------------------------------------------------------------- who is there


def test_a_larger_team_has_the_same_workers_and_more() -> None:
    there = np.array(
        [[teams.present(3, 1, size, day, 0.3) for size in range(9)] for day in range(200)]
    )
    assert set(np.diff(there, axis=1).ravel().tolist()) == {0, 1}


def test_workers_are_away_for_the_share_of_days_that_the_profile_says() -> None:
    days, staff, absent = 500, 20, 0.16
    there = sum(
        teams.present(3, team, staff, day, absent) for team in (0, 1) for day in range(days)
    )
    number = 2 * days * staff
    error = math.sqrt(absent * (1 - absent) / number)
    assert abs(there / number - (1 - absent)) < ERRORS * error


def test_nobody_is_away_from_a_team_that_is_never_absent_and_teams_differ() -> None:
    assert teams.present(3, 1, 12, 5, 0.0) == 12
    rows = [
        [teams.present(seed, team, 12, day, 0.3) for day in range(50)]
        for seed, team in ((3, 1), (3, 2), (4, 1))
    ]
    assert rows[0] != rows[1] != rows[2] != rows[0]
