"""One thing recorded for a household by many callers at once: one answer, and all plans or none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cpplan import Ledger, load
from cpplan.events import InitialConferenceOpened
from cpplan.service.asking import EntryFor, Said
from cpplan.service.desk import Desk
from cpplan.service.problems import ProblemError
from cpplan.service.recording import record
from cpplan.store import RetryableError, Store

CALLERS = 12
TURNS = 15
DAY = dt.date(2026, 1, 5)
PROCEDURE = load("lead-social-worker")


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    """A service's desk over an empty store."""
    store = Store.open(address)
    yield Desk(store, (PROCEDURE,), lambda: DAY)
    store.close()


def household(turn: int, name: str) -> list[EntryFor]:
    """Return the opening of three plans by one entry, the last first."""
    ledger = Ledger.opened(PROCEDURE)
    opening = ledger.happened(InitialConferenceOpened(on=DAY), id=name, recorded_on=DAY)
    return [
        EntryFor(
            entry=Said(opening),
            expected=0,
            procedure=PROCEDURE.name,
            plan=f"{turn}-{child}",
        )
        for child in "cab"
    ]


def answer(desk: Desk, asked: list[EntryFor]) -> tuple[object, ...]:
    """Return what was answered: the versions and hashes, or why not."""
    while True:
        try:
            recorded = record(desk, asked)
        except RetryableError:  # as a caller does who is told 503
            continue
        except ProblemError as error:
            return (error.problem.status, error.problem.code)
        return (201, *((one.plan, one.version, one.hash) for one in recorded))


def test_the_same_request_by_many_at_once_gets_one_answer(desk: Desk) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        for turn in range(TURNS):
            same = household(turn, "conference")
            answers = Counter(pool.map(lambda asked: answer(desk, asked), [same] * CALLERS))
            (one,) = answers
            assert one[0] == 201
            assert [desk.store.head(asked.plan).version for asked in same] == [1, 1, 1]


def test_of_different_requests_at_once_one_is_recorded_for_all_plans(desk: Desk) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        for turn in range(TURNS):
            asked = [household(turn, f"conference-{caller}") for caller in range(CALLERS)]
            answers = Counter(one[:1] for one in pool.map(lambda a: answer(desk, a), asked))
            assert answers == {(201,): 1, (409,): CALLERS - 1}
            rows = [desk.store.history(one.plan) for one in asked[0]]
            assert len({row.entry_id for (row,) in rows}) == 1
